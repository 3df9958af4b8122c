"""WAV of many channels: dwChannelMask says where they stand, or fails to."""

from tests.hostile.kinds import MONO, Sound, folded, kind, spread, tone
from tests.hostile.riff import data, extensible, fmt, wav

FRONT = ("FL", "FR")
FIVE_ONE = (*FRONT, "FC", "LFE", "BL", "BR")


def masked(channels: int, mask: int) -> bytes:
    """A WAV with a tone of its own in each channel, under a mask."""
    return wav(extensible(channels, mask), data(spread(channels)))


@kind(".wav", folded(*FRONT, "BL", "BR"))
def mask_of_quad():
    return masked(4, 0x33)


@kind(".wav", folded(*FRONT, "FC", "BC"))
def mask_of_4_0():
    return masked(4, 0x107)


@kind(".wav", folded(*FRONT, "LFE", "BC"))
def mask_of_front_lfe_and_back():
    return masked(4, 0x10B)


@kind(".wav", folded(*FRONT, "LFE"))
def mask_of_2_1():
    return masked(3, 0x0B)


@kind(".wav", folded(*FRONT, "FC", "SL", "SR"))
def mask_of_5_0_side():
    return masked(5, 0x607)


@kind(".wav", folded(*FRONT, "LFE", "BL", "BR"))
def mask_of_4_1():
    return masked(5, 0x3B)


@kind(".wav", folded(*FIVE_ONE))
def mask_of_5_1():
    return masked(6, 0x3F)


@kind(".wav", folded(*FRONT, "FC", "LFE", "SL", "SR"))
def mask_of_5_1_side():
    return masked(6, 0x60F)


@kind(".wav", folded(*FRONT, "FC", "BL", "BR", "BC"))
def mask_of_6_0():
    return masked(6, 0x137)


@kind(".wav", folded(*FIVE_ONE, "SL", "SR"))
def mask_of_7_1():
    return masked(8, 0x63F)


@kind(".wav", folded(*FIVE_ONE, "FLC", "FRC"))
def mask_of_7_1_wide():
    return masked(8, 0xFF)


@kind(".wav", folded(*FIVE_ONE, "TFL", "TFR"))
def mask_of_5_1_2():
    return masked(8, 0x503F)


@kind(".wav", folded(*FIVE_ONE))
def mask_of_nothing():
    """By its number: six are taken for 5.1."""
    return masked(6, 0)


@kind(".wav", folded(*FIVE_ONE))
def mask_of_too_few():
    return masked(6, 0x3)


@kind(".wav", folded(*FRONT, "FC", "LFE"))
def mask_of_too_many():
    """The lowest bits count, as Microsoft has it."""
    return masked(4, 0x3F)


@kind(".wav", folded(*FRONT, "FC"))
def mask_of_all_bits():
    return masked(3, 0xFFFF_FFFF)


@kind(".wav", folded(*FIVE_ONE))
def no_mask_at_all():
    return wav(fmt(channels=6), data(spread(6)))


@kind(".wav", Sound(channels=1, heard=MONO))
def mask_of_mono_at_the_right():
    return wav(extensible(1, 0x2), data(tone(channels=1)))


@kind(".wav", Sound())
def mask_of_stereo_at_the_back():
    """Two channels stay two, wherever they stand."""
    return wav(extensible(2, 0x30), data())
