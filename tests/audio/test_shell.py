"""What the commands share that run without Django."""

import signal

import pytest

from library.audio import shell


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_import_is_not_interrupted_and_the_signal_is_answered_behind_it(number):
    told = []

    def work(_options):
        with shell.uninterrupted():
            signal.raise_signal(number)  # to this thread: whoever runs the tests may have more
            told.append("imported")
        told.append("went on")

    assert shell.run(work, None, "conversion") == 128 + number
    assert told == ["imported"]
    assert signal.getsignal(number) is not signal.SIG_IGN
