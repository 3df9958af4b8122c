"""The rest of the demo crate: effects and drum loops."""

from functools import partial

from library.audio.synth.cymbals import Hat
from library.audio.synth.drums import Clap, Kick, Snare
from library.audio.synth.fx import Impact, Riser, Swell, Vinyl
from library.audio.synth.loops import Break, Lane
from library.audio.synth.percussion import Shaker
from library.audio.synth.sound import DemoSound
from library.audio.synth.space import Room

_fx = partial(DemoSound, folder="Demo crate/FX", sample_class="fx")
_break = partial(DemoSound, folder="Demo crate/Breaks", sample_class="break", fade_seconds=0.001)

EFFECTS = (
    _fx(
        name="fx_riser_01",
        genre="House",
        recipe=Riser(4.0),
        tags=("riser", "build-up"),
        peak_db=-2.0,
        fade_seconds=0.03,
    ),
    _fx(
        name="fx_impact_01",
        genre="Cinematic",
        recipe=Impact(2.0, 38, Room(2.5, 0.9, 4500)),
        tags=("impact", "boom"),
        fade_seconds=0.5,
    ),
    _fx(
        name="fx_reverse_01",
        genre="Techno",
        recipe=Swell(2.6),
        tags=("reverse", "swell"),
        peak_db=-2.0,
    ),
    _fx(
        name="fx_vinyl_01",
        genre="Lo-fi",
        recipe=Vinyl(4.0),
        tags=("vinyl", "crackle", "texture"),
        peak_db=-6.0,
        fade_seconds=0.2,
    ),
)

BREAKS = (
    _break(
        name="break_dusty_90bpm_01",
        genre="Boom bap",
        bpm=90,
        recipe=Break(
            90,
            (
                Lane(
                    Kick(0.4, 57, 0.09, 3.4, 0.03, 0.35, 2.2, 4500, dust=0.2),
                    "X.....x...X..... X......x..X..x..",
                ),
                Lane(
                    Snare(0.35, 186, 0.06, 0.07, 1.1, 900, 6500, 2.4),
                    "....X..-....X... ....X..-....X..-",
                    0.8,
                ),
                Lane(
                    Hat(0.2, 0.03, 470, 5600, 11000, 0.3),
                    "x.o.x.o.x.oox.o. x.o.x.o.x.o.x.oo",
                    0.35,
                ),
            ),
            swing=0.2,
            drive=1.6,
            top_hz=9500,
            dust=0.008,
            room=Room(0.25, 0.12, 4000),
        ),
        tags=("loop", "dusty", "swing"),
    ),
    _break(
        name="break_club_120bpm_01",
        genre="House",
        bpm=120,
        recipe=Break(
            120,
            (
                Lane(
                    Kick(0.4, 51, 0.11, 6.5, 0.018, 0.5, 2.0, 12000),
                    "X...X...X...X... X...X...X...X.-.",
                ),
                Lane(Clap(0.4, 1150), "....X.......X... ....X.......X..-", 1.0),
                Lane(
                    Hat(0.3, 0.09, 540, 7200),
                    "..X...X...X...X. ..X...X...X...X.",
                    0.6,
                ),
                Lane(
                    Shaker(0.12, swing=0.03),
                    "o-.-o-.-o-.-o-.- o-.-o-.-o-.-o-.-",
                    0.35,
                ),
            ),
            room=Room(0.3, 0.08, 7000),
        ),
        tags=("loop", "four to the floor"),
        rate=48_000,
        bit_depth=16,
    ),
    _break(
        name="break_jungle_140bpm_01",
        genre="Breakbeat",
        bpm=140,
        recipe=Break(
            140,
            (
                Lane(
                    Kick(0.3, 62, 0.08, 2.6, 0.02, 0.8, 1.6, 8000),
                    "X.X.......XX.... X.X.......X.....",
                ),
                Lane(
                    Snare(0.3, 214, 0.05, 0.06, 1.1, 1400, 10000, 2.2),
                    "....X..-.-..X..- ....X..-.-..X.oo",
                    0.8,
                ),
                Lane(
                    Hat(0.35, 0.07, 410, 5800, 14000, 0.5),
                    "x.o.x.o.x.o.x.o. x.o.x.o.x.o.x.o.",
                    0.35,
                ),
            ),
            drive=2.2,
            top_hz=13000,
            room=Room(0.35, 0.2, 6000),
        ),
        tags=("loop", "fast", "chopped"),
        peak_db=-1.5,
    ),
)
