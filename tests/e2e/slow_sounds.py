"""An engine that takes its time, so that somebody can watch it, and knows what it cannot make."""

import time

import numpy as np

from library.engines import EngineError

SECONDS = 8


class Slow:
    """Takes SECONDS for a tone, but says at once that it cannot `fail`."""

    name = "Slow"
    version = "1"

    def generate(self, prompt: str, duration: float) -> tuple[np.ndarray, int]:
        """Return a tone."""
        if prompt == "fail":
            raise EngineError("Slow knows no such sound.")
        time.sleep(SECONDS)
        return 0.4 * np.sin(np.arange(int(duration * 48_000)) / 20), 48_000
