"""The words of a prompt: as they are kept, and as the name of the sound that is made of them."""

import re
import unicodedata

LONGEST_NAME = 80  # characters of a prompt that become a name
NO_NAME = re.compile(r'[\\/:*?"<>|]+')  # what a file cannot have in its name


def clean(prompt: str) -> str:
    """Return the words with one space between them and without what nobody sees."""
    spaced = " ".join(prompt.split())
    kept = "".join(char for char in spaced if unicodedata.category(char)[0] != "C")
    return " ".join(unicodedata.normalize("NFC", kept).split())


def file_name(prompt: str) -> str:
    """Return the name of a file for these words: `808 kick 140 bpm.wav`."""
    words = " ".join(NO_NAME.sub(" ", prompt).split()).strip(" .")
    if len(words) > LONGEST_NAME:
        words = words[: LONGEST_NAME + 1].rpartition(" ")[0] or words[:LONGEST_NAME]
    return f"{words.strip(' .,') or 'Sound'}.wav"
