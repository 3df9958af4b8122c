"""Time finding what is like a sound, and comparing copies, on made-up libraries.

    python benchmarks/similar.py [SOUNDS ...]

Prints processor milliseconds on one core over 40 searches of each aspect (limit: 100 ms at 100 000
sounds), of the first reading of the rows into the file, of adding to it, and of comparing copies.
The numbers are random with clusters, as near to each other as sounds of one class are.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

CALLS = 40
BATCH = 2000
CLUSTERS, SPREAD = 400, 0.7
LOOPS = 8
"""Of so many sounds one is a loop."""

MOST_COMPARED = 20_000


def spent(act: Callable[[], object]) -> float:
    """Return the processor milliseconds of one call."""
    start = time.process_time()
    act()
    return (time.process_time() - start) * 1000


def show(label: str, times: list[float]) -> None:
    """Print the middle and the 95th percentile."""
    high = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    print(f"{label:34} p50 {statistics.median(times):8.1f}   p95 {high:8.1f} ms")


def hear(first: int) -> None:
    """Give every sample from a number on a hearing."""
    import numpy as np

    from library.audio.hearing.fingerprint import BYTES
    from library.models import Hearing, Sample

    dice = np.random.default_rng(first)
    middles = np.random.default_rng(404).standard_normal((CLUSTERS, 64))
    ids = Sample.objects.filter(pk__gt=first).order_by("pk").values_list("pk", flat=True)
    ids = list(ids)
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        near = middles[dice.integers(CLUSTERS, size=len(some))]
        numbers = (near + SPREAD * dice.standard_normal(near.shape)).astype(np.float16)
        rows = []
        for pk, vector in zip(some, numbers, strict=True):
            rhythm = b""
            if pk % LOOPS == 0:
                steps = np.append(dice.random(48), dice.uniform(70, 170))
                rhythm = steps.astype(np.float16).tobytes()
            head = bytes([1, 0]) + int(dice.integers(9000, 15000)).to_bytes(2, "little")
            wave = head + dice.bytes(BYTES - 4)
            rows.append(
                Hearing(sample_id=pk, descriptor=vector.tobytes(), rhythm=rhythm, fingerprint=wave)
            )
        Hearing.objects.bulk_create(rows)


def measure(count: int) -> None:
    """Seed up to `count` sounds and print the table."""
    from library import listing
    from library.access import local_user
    from library.copies import pairs
    from library.models import Hearing, Sample
    from library.seed import seed
    from library.similar.keeping import matrix_of, path_of
    from library.similar.nearest import Asked, Aspect, nearest

    user = local_user()
    last = Sample.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for _ in seed(user, count):
        pass
    hear(last)
    print(f"\n{count:,} sounds".replace(",", " "))
    path_of(user).unlink(missing_ok=True)
    show("first reading", [spent(lambda: matrix_of(user))])
    newest = Hearing.objects.order_by("-pk")[:1].get()
    again = {"descriptor": newest.descriptor, "fingerprint": newest.fingerprint}
    sample = newest.sample_id
    newest.delete()
    Hearing.objects.create(sample_id=sample, **again)
    show("one sound heard anew", [spent(lambda: matrix_of(user))])
    loops = Sample.objects.filter(owner=user, key="Am").order_by("pk")
    known = matrix_of(user)
    some = list(loops.filter(pk__in=known.ids[known.loops][:5000].tolist())[:CALLS])
    for aspect in Aspect:
        for same in (False, True):
            asked = [Asked(each, aspect, same) for each in some]
            times = [spent(lambda one=one: nearest(user, one, listing.drawn())) for one in asked]
            show(f"{aspect.label}{', same class' if same else ''}", times)
    if count <= MOST_COMPARED:
        pairs.path_of(user).unlink(missing_ok=True)
        show("comparing copies, all", [spent(lambda: pairs.compare(user, 600))])


def main() -> None:
    """Measure at each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sounds", nargs="*", type=int, default=[10_000, 100_000])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="padcrate-bench-") as folder:
        os.environ["PADCRATE_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "sp404site.settings"
        sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0, skip_checks=True)
        for count in sorted(options.sounds):
            measure(count)


if __name__ == "__main__":
    main()
