"""The drums of the demo crate: kicks, snares, claps, hats and percussion."""

from functools import partial

from library.audio.synth.cymbals import Hat
from library.audio.synth.drums import Clap, Kick, Snare
from library.audio.synth.percussion import Cowbell, Shaker, Skin, Stick
from library.audio.synth.sound import DemoSound
from library.audio.synth.space import Room

_kick = partial(DemoSound, folder="Demo crate/Kicks", sample_class="kick")
_snare = partial(DemoSound, folder="Demo crate/Snares", sample_class="snare")
_clap = partial(DemoSound, folder="Demo crate/Claps", sample_class="clap")
_hat = partial(DemoSound, folder="Demo crate/Hats", sample_class="hat")
_perc = partial(DemoSound, folder="Demo crate/Percussion", sample_class="perc")

KICKS = (
    _kick(
        name="kick_dusty_01",
        genre="Boom bap",
        recipe=Kick(0.45, 56, 0.10, 3.4, 0.03, 0.35, 2.2, 4500, dust=0.25),
        tags=("dusty", "warm"),
    ),
    _kick(
        name="kick_deep_01",
        genre="Trap",
        recipe=Kick(1.4, 44, 0.32, 3.0, 0.035, 0.12, 1.8, 5000),
        tags=("deep", "long"),
        rate=48_000,
        bit_depth=16,
    ),
    _kick(
        name="kick_punch_01",
        genre="House",
        recipe=Kick(0.5, 51, 0.13, 6.5, 0.018, 0.5, 2.0, 12000),
        tags=("punchy", "club"),
    ),
    _kick(
        name="kick_tight_01",
        genre="Lo-fi",
        recipe=Kick(0.22, 68, 0.05, 2.6, 0.015, 0.25, 1.4, 7000),
        tags=("tight", "short"),
        peak_db=-2.0,
    ),
    _kick(
        name="kick_broken_01",
        genre="Techno",
        recipe=Kick(0.8, 47, 0.16, 7.0, 0.03, 0.8, 6.0, 8000),
        tags=("distorted", "hard"),
        fade_seconds=0.2,
        peak_db=-1.5,
    ),
    _kick(
        name="kick_room_01",
        genre="Soul",
        recipe=Kick(0.4, 61, 0.09, 2.2, 0.02, 0.9, 1.3, 8000, 0.1, Room(0.35, 0.16, 3500)),
        tags=("acoustic", "room"),
        peak_db=-1.8,
    ),
)

SNARES = (
    _snare(
        name="snare_dusty_01",
        genre="Boom bap",
        recipe=Snare(0.4, 182, 0.06, 0.075, 1.1, 900, 6000, 2.4, bits=7),
        tags=("dusty", "crunchy"),
        peak_db=-2.0,
    ),
    _snare(
        name="snare_tight_01",
        genre="Funk",
        recipe=Snare(0.25, 238, 0.035, 0.04, 0.9, 1800, 11000),
        tags=("tight", "dry"),
        peak_db=-3.0,
    ),
    _snare(
        name="snare_fat_01",
        genre="Hip-hop",
        recipe=Snare(0.5, 152, 0.10, 0.11, 1.0, 1000, 7500, 2.6),
        tags=("fat", "low"),
        peak_db=-2.5,
    ),
    _snare(
        name="snare_crisp_01",
        genre="Trap",
        recipe=Snare(0.4, 208, 0.06, 0.075, 1.0, 1800, 13000, 2.4),
        tags=("bright", "crisp"),
        rate=48_000,
        bit_depth=16,
    ),
    _snare(
        name="snare_soft_01",
        genre="Lo-fi",
        recipe=Snare(0.4, 168, 0.05, 0.09, 1.0, 700, 4200, 1.0),
        tags=("soft", "mellow"),
        peak_db=-4.0,
    ),
    _snare(
        name="snare_hall_01",
        genre="Breakbeat",
        recipe=Snare(0.4, 194, 0.07, 0.09, 1.1, 1300, 9500, 2.0, 16, Room(0.9, 0.5, 6500)),
        tags=("big", "room"),
    ),
)

CLAPS = (
    _clap(
        name="clap_machine_01",
        genre="House",
        recipe=Clap(0.5, 1150),
        tags=("classic", "machine"),
    ),
    _clap(
        name="clap_tight_01",
        genre="Trap",
        recipe=Clap(0.25, 1650, 3, 0.0095, 0.035, 0.45, 1.3),
        tags=("tight", "bright"),
        peak_db=-2.0,
    ),
    _clap(
        name="clap_crowd_01",
        genre="Soul",
        recipe=Clap(0.4, 1250, 6, 0.012, 0.05, 0.4, 1.3, 2.0, Room(0.3, 0.3, 5000)),
        tags=("crowd", "wide"),
    ),
    _clap(
        name="clap_dark_01",
        genre="Techno",
        recipe=Clap(0.5, 980, 4, 0.014, 0.09, 0.4, 1.8, 3.0, Room(0.5, 0.2, 3000)),
        tags=("dark", "long"),
    ),
)

HATS = (
    _hat(
        name="hat_closed_tight_01",
        genre="House",
        recipe=Hat(0.12, 0.014, 480, 6200, 15000, 0.4),
        tags=("closed", "tight"),
        peak_db=-3.0,
    ),
    _hat(
        name="hat_closed_dusty_01",
        genre="Boom bap",
        recipe=Hat(0.2, 0.03, 470, 5600, 11000, 0.3, bits=6),
        tags=("closed", "dusty"),
        peak_db=-4.0,
    ),
    _hat(
        name="hat_closed_trap_01",
        genre="Trap",
        recipe=Hat(0.15, 0.022, 820, 9500, 20000, 0.9),
        tags=("closed", "bright"),
        peak_db=-3.0,
    ),
    _hat(
        name="hat_pedal_01",
        genre="Jazz",
        recipe=Hat(0.25, 0.045, 390, 5800, 14000, 0.2, attack=0.012),
        tags=("pedal", "soft"),
        peak_db=-5.0,
    ),
    _hat(
        name="hat_open_01",
        genre="House",
        recipe=Hat(0.6, 0.14, 540, 7200),
        tags=("open", "bright"),
        peak_db=-2.5,
    ),
    _hat(
        name="hat_open_washy_01",
        genre="Lo-fi",
        recipe=Hat(1.0, 0.26, 440, 6000, 12000, 0.4, room=Room(0.4, 0.3, 12000)),
        tags=("open", "washy"),
        peak_db=-3.5,
    ),
)

PERCUSSION = (
    _perc(
        name="perc_tom_01",
        genre="Funk",
        recipe=Skin(0.9, 124, 0.22, 1.25, 0.3, 1800, room=Room(0.3, 0.15, 4000)),
        tags=("tom", "round"),
    ),
    _perc(
        name="perc_rim_01",
        genre="Hip-hop",
        recipe=Stick(0.15, ((510, 0.6), (1720, 1.0), (2460, 0.4)), 0.012, 0.8),
        tags=("rim", "short"),
        peak_db=-2.0,
    ),
    _perc(
        name="perc_conga_01",
        genre="Latin",
        recipe=Skin(0.45, 232, 0.1, 1.12, 0.35, 1400),
        tags=("conga", "hand drum"),
    ),
    _perc(
        name="perc_shaker_01",
        genre="Lo-fi",
        recipe=Shaker(0.3, 5200),
        tags=("shaker", "soft"),
        peak_db=-5.0,
    ),
    _perc(
        name="perc_cowbell_01",
        genre="Electro",
        recipe=Cowbell(0.5, 562, 0.11),
        tags=("cowbell", "metal"),
        peak_db=-2.5,
    ),
    _perc(
        name="perc_clave_01",
        genre="Latin",
        recipe=Stick(0.2, ((2510, 1.0),), 0.022, 0.15, Room(0.25, 0.1, 6000)),
        tags=("clave", "wood"),
        peak_db=-3.0,
        rate=48_000,
        bit_depth=16,
    ),
)
