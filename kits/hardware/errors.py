"""What can be wrong with facts about the machine."""


class HardwareError(ValueError):
    """Something does not fit the machine; the message is a sentence for people."""
