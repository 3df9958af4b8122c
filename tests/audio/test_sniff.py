"""Containers by their first bytes."""

import pytest

from library.audio.sniff import EXTENSIONS, HEAD_BYTES, sniff

HEADS = {
    "52494646 24000000 57415645": "wav",  # RIFF .... WAVE
    "52463634 FFFFFFFF 57415645": "wav",  # RF64 .... WAVE
    "464F524D 00000036 41494646": "aiff",  # FORM .... AIFF
    "464F524D 00000036 41494643": "aiff",  # FORM .... AIFC
    "664C6143 00000022": "flac",  # fLaC
    "4F676753 00020000": "ogg",  # OggS
    "00000020 66747970 4D344120": "m4a",  # .... ftyp M4A
    "49443304 00000000": "mp3",  # ID3 version 2.4
    "FFFB9064": "mp3",  # MPEG-1 layer III, 128 kbit/s, 44.1 kHz
    "FFF34064": "mp3",  # MPEG-2 layer III
    "FFE34064": "mp3",  # MPEG-2.5 layer III
    "FFF15080": None,  # ADTS: layer bits 0
    "FFFD9064": "mp3",  # layer II
    "FFFB0064": "mp3",  # free bit rate
    "52494658 00000024 57415645": "wav",  # RIFX .... WAVE, big-endian
    "FFFF9064": None,  # layer I
    "FFFE480061": None,  # text in UTF-16
    "FFEB9064": None,  # reserved version
    "FFFBF064": None,  # bit rate 15
    "FFFB9C64": None,  # reserved sample rate
    "FFFB90": None,  # cut
    "FF1B9064": None,  # no sync
    "52494646 24000000 41564920": None,  # RIFF .... AVI
    "464F524D 00000036 38535658": None,  # FORM .... 8SVX
    "3C21444F 43545950 45206874": None,  # <!DOCTYPE ht
    "504B0304": None,  # ZIP
    "": None,
}


@pytest.mark.parametrize(("head", "container"), HEADS.items())
def test_content_decides(head, container):
    assert sniff(bytes.fromhex(head)) == container


def test_what_it_wants_to_see_is_enough():
    assert max(len(bytes.fromhex(head)) for head in HEADS) <= HEAD_BYTES


def test_extensions_are_those_of_the_promise():
    promised = ".wav .aiff .aif .aifc .mp3 .flac .m4a .ogg"
    assert promised.split() == list(EXTENSIONS)
