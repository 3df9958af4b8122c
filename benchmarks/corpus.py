"""The sounds that conversion is timed on: 300 files, 1852 s, synthesised from one seed.

Half are one-shots of 0.1 to 1 s, most others loops of 4 to 16 s, fifteen are longer. Twelve
encodings, rates from 22.05 to 96 kHz, five of six in stereo; 17 % reach full scale, as loud records
do. One folder for each encoding, so that a converter can be given those that it reads. Kept in
`.cache` under the digest of this file: the second run starts at once. `python benchmarks/corpus.py`
prints what it is made of.
"""

import hashlib
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import soundfile

CACHE = Path(__file__).resolve().parent.parent / ".cache" / "benchmarks"
SEED = 404
FILES = 300
SECONDS = 1852.0
HOT = 51
"""Files that reach full scale."""

ENCODINGS = {
    "wav_16": 60,
    "wav_24": 60,
    "wav_float": 20,
    "wav_8": 8,
    "aiff_16": 25,
    "aiff_24": 20,
    "flac_16": 24,
    "flac_24": 16,
    "mp3": 20,
    "ogg": 14,
    "aac": 20,
    "alac": 13,
}
"""Folder and number of files; every other MP3 has 320 and 128 kbit/s."""

ENDS = {"aac": "m4a", "alac": "m4a"}
SUBTYPES = {"8": "PCM_U8", "16": "PCM_16", "24": "PCM_24", "float": "FLOAT"}
RATES = {44_100: 7, 96_000: 2, 48_000: 1, 88_200: 1, 22_050: 1, 32_000: 1}
"""In Hz, and how often each is drawn."""
STEREO = 5 / 6
FASTEST = {"mp3": 48_000}
"""The highest rate of an encoding, where there is one."""

Samples = np.ndarray


@dataclass(frozen=True)
class Plan:
    """One file: frames at rate (Hz), channels, whether it reaches full scale."""

    encoding: str
    number: int
    rate: int
    channels: int
    seconds: float
    hot: bool

    @property
    def path(self) -> Path:
        """Where it lies in the corpus."""
        kind = self.encoding.partition("_")[0]
        return Path(self.encoding) / f"{self.number:03d}.{ENDS.get(kind, kind)}"


def plans() -> list[Plan]:
    """Say what the corpus consists of; the same on every machine."""
    random = np.random.default_rng(SEED)
    encodings = [name for name, count in ENCODINGS.items() for _ in range(count)]
    shots = random.uniform(0.1, 1.0, FILES // 2)
    loops = random.uniform(4.0, 16.0, FILES // 2 - 15)
    long = random.uniform(20.0, 60.0, 15)
    long *= (SECONDS - shots.sum() - loops.sum()) / long.sum()
    seconds = random.permutation(np.concatenate((shots, loops, long)))
    hot = random.permutation(np.arange(FILES) < HOT)
    found = []
    for number, encoding in enumerate(encodings):
        drawn = random.choice(list(RATES), p=np.array(list(RATES.values())) / sum(RATES.values()))
        rate = min(int(drawn), FASTEST.get(encoding, 96_000))
        channels = 1 + int(random.random() < STEREO)
        length = float(seconds[number])
        found.append(Plan(encoding, number, rate, channels, length, bool(hot[number])))
    return found


# ── Sounds ──────────────────────────────────────────────────────────────────


def _struck(random: np.random.Generator, frames: int, rate: int) -> Samples:
    """A drum: a tone that falls in pitch, and noise, both dying away."""
    time = np.arange(frames, dtype=np.float32) / rate
    low, high = random.uniform(45, 220), random.uniform(200, 900)
    fall = random.uniform(0.02, 0.08)
    phase = 2 * np.pi * (low * time + (high - low) * fall * (1 - np.exp(-time / fall)))
    body = np.sin(phase) * np.exp(-time / random.uniform(0.05, 0.3))
    hiss = random.standard_normal(frames, np.float32) * np.exp(-time / random.uniform(0.01, 0.15))
    return (body + random.uniform(0.1, 1.0) * hiss).astype(np.float32)


def _held(random: np.random.Generator, frames: int, rate: int) -> Samples:
    """A note with its harmonics, slightly out of tune with itself."""
    time = np.arange(frames, dtype=np.float32) / rate
    hz = 55 * 2 ** (random.integers(0, 36) / 12)
    sound = np.zeros(frames, np.float32)
    for order in range(1, 7):
        detuned = order * hz * random.uniform(0.998, 1.002)
        sound += np.sin(2 * np.pi * detuned * time + random.uniform(0, 6)) / order
    return sound * np.exp(-time / random.uniform(0.2, 1.5))


def _line(random: np.random.Generator, frames: int, rate: int) -> Samples:
    """One channel: a single hit where there is room for no more, else hits and notes on a beat."""
    beat = int(rate * 60 / random.integers(80, 160) / 4)
    if frames < 5 * beat:
        return _struck(random, frames, rate) + 0.2 * _held(random, frames, rate)
    voices = [
        make(random, min(frames, 6 * beat), rate) for make in (_struck, _struck, _held, _held)
    ]
    line = 1e-4 * random.standard_normal(frames, np.float32)  # no recording is digitally black
    for start in range(0, frames, beat):
        voice = voices[random.integers(len(voices))][: frames - start]
        line[start : start + len(voice)] += random.uniform(0.3, 1) * voice
    return line


def sound(plan: Plan) -> Samples:
    """Synthesise float32, frames x channels: the sides share most, as in records."""
    random = np.random.default_rng((SEED, plan.number))
    frames = round(plan.seconds * plan.rate)
    middle = _line(random, frames, plan.rate)
    sides = [middle + 0.4 * _line(random, frames, plan.rate) for _ in range(plan.channels)]
    samples = np.stack(sides, axis=1)
    samples /= np.abs(samples).max()
    if plan.hot:  # pressed against full scale
        return np.clip(samples * 1.6, -1, 32_767 / 32_768).astype(np.float32)
    return (samples * 10 ** (random.uniform(-14, -1) / 20)).astype(np.float32)


# ── Files ───────────────────────────────────────────────────────────────────


def _write_mp4(path: Path, samples: Samples, plan: Plan) -> None:
    form, codec = {"aac": ("fltp", "aac"), "alac": ("s16p", "alac")}[plan.encoding]
    layout = ("mono", "stereo")[plan.channels - 1]
    if form == "s16p":
        samples = np.clip(np.rint(samples * 32_768), -32_768, 32_767).astype(np.int16)
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream(codec, rate=plan.rate, layout=layout, format=form)
        if codec == "aac":
            stream.bit_rate = 96_000 * plan.channels
        for start in range(0, len(samples), 4096):
            plane = np.ascontiguousarray(samples[start : start + 4096].T)
            frame = av.AudioFrame.from_ndarray(plane, format=form, layout=layout)
            frame.sample_rate, frame.pts = plan.rate, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def _options(plan: Plan) -> dict[str, object]:
    if plan.encoding == "mp3":  # libsndfile's level 0 is 320 kbit/s, 2/3 is 128
        return {"compression_level": (0.0, 2 / 3)[plan.number % 2], "bitrate_mode": "CONSTANT"}
    if plan.encoding == "ogg":
        return {}
    return {"subtype": SUBTYPES[plan.encoding.partition("_")[2]]}


def write(plan: Plan, folder: Path) -> None:
    """Synthesise and encode one file."""
    path = folder / plan.path
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = sound(plan)
    if path.suffix == ".m4a":
        _write_mp4(path, samples, plan)
        return
    with soundfile.SoundFile(path, "w", plan.rate, plan.channels, **_options(plan)) as file:
        for start in range(0, len(samples), 4096):  # libsndfile's Vorbis dies of long writes
            file.write(samples[start : start + 4096])


def _cached(name: str) -> Iterator[Path]:
    """Give the folder to fill, once; what older versions of this file made goes away."""
    digest = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]
    folder = CACHE / f"{name}-{digest}"
    if not folder.is_dir():
        for old in CACHE.glob(f"{name}-*"):
            shutil.rmtree(old)
        partial = folder.with_suffix(".partial")
        partial.mkdir(parents=True)
        yield partial
        partial.rename(folder)


def corpus() -> Path:
    """Return the folder of the 300 files."""
    for folder in _cached("corpus"):
        for plan in plans():
            write(plan, folder)
    return next(CACHE.glob("corpus-*"))


def long_file() -> Path:
    """Return ten minutes of 24-bit stereo at 96 kHz."""
    for folder in _cached("long"):
        plan = Plan("wav_24", 0, 96_000, 2, 10.0, hot=False)
        samples = sound(plan)
        with soundfile.SoundFile(folder / "long.wav", "w", 96_000, 2, "PCM_24") as file:
            for _ in range(60):
                file.write(samples)
    return next(CACHE.glob("long-*")) / "long.wav"


def description() -> str:
    """Say in one line what the corpus is made of."""
    rates = Counter(plan.rate for plan in plans())
    stereo = sum(plan.channels == 2 for plan in plans())  # noqa: PLR2004 - that is stereo
    listed = ", ".join(f"{rate / 1000:g}: {count}" for rate, count in sorted(rates.items()))
    seconds = sum(plan.seconds for plan in plans())
    kinds = ", ".join(f"{name} {count}" for name, count in ENCODINGS.items())
    return f"{FILES} files, {seconds:.0f} s, {stereo} stereo, {HOT} hot; kHz {listed}; {kinds}"


if __name__ == "__main__":
    print(description())
    print(corpus())
