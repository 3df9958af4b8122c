"""What can be wrong with a sound, said in words that a person can be shown.

Every message is a phrase in lower case without a full stop and without a path, so that callers can
put it after a colon: ``Failed to load audio: the file has no samples``.
"""


class AudioError(Exception):
    """A file that cannot become a sound; ``str()`` is the reason."""


class UnsupportedFormat(AudioError):  # noqa: N818 - reads as the reason it is
    """The content is in no container that `sniff` knows, or is not one sound."""


class OutOfBounds(AudioError, ValueError):  # noqa: N818
    """The rate, the number of channels or the length is outside what is accepted."""


class UnusableArray(AudioError, ValueError):  # noqa: N818
    """What a program hands over is no sound: its shape, its kind of numbers or the numbers."""


class UnreadableAudio(AudioError):  # noqa: N818
    """The container is known, but a decoder makes no sound of it."""


class ResamplingFailed(AudioError):  # noqa: N818
    """The resampler gave up."""


class DamagedAudio(UnreadableAudio):
    """A decoder began and then gave up; another one may skip what is broken."""


class EmptyRegion(AudioError):  # noqa: N818
    """What is to be cut out of a sound lies behind its end."""
