"""New names out of a pattern: `{class}_{nn}` makes `kick_01`, `kick_02`, …"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from library.keys import CAMELOT
from library.models import CLASS_WORDS

TOKENS = ("{name}", "{n}", "{nn}", "{nnn}", "{class}", "{bpm}", "{key}", "{folder}")
UNCHANGED = "{name}"  # the pattern that leaves names as they are
LONGEST_PATTERN = 200
JOINTS = " _-."  # what joins words in names; beside an empty value it goes

_TOKEN = re.compile(r"\{([^{}]*)\}")
_NUMBER = re.compile(r"n{1,6}")


class PatternError(ValueError):
    """The pattern cannot be used; the message is a sentence for people."""


class Facts(NamedTuple):
    """What a name can be made of. bpm: None and the others '' where not known."""

    title: str
    sample_class: str
    bpm: float | None
    key: str
    folder: str


@dataclass(frozen=True)
class Pattern:
    """Text with tokens in braces; in the present name `find` becomes `replace`, as it is written.

    is_camelot: `{key}` is `8A` instead of `Am`.
    """

    text: str = UNCHANGED
    find: str = ""
    replace: str = ""
    is_camelot: bool = False

    def check(self) -> None:
        """Raise PatternError unless it can change names."""
        if any(len(text) > LONGEST_PATTERN for text in (self.text, self.find, self.replace)):
            raise PatternError(f"At most {LONGEST_PATTERN} characters.")
        if not self.text.strip():
            raise PatternError("Write a pattern first.")
        for token in self._pieces[1::2]:
            if not _NUMBER.fullmatch(token) and f"{{{token}}}" not in TOKENS:
                raise PatternError(f"There is no {{{token}}}. There are {', '.join(TOKENS)}.")
        if self.find and "name" not in self._pieces[1::2]:
            raise PatternError("Find and replace change {name}, which the pattern lacks.")
        if self.text.strip() == UNCHANGED and not self.find:
            raise PatternError("Write another pattern, or what to find.")

    def name(self, facts: Facts, number: int) -> str:
        """Return the new name of a sound, the `number`th from 1; may be empty or too long."""
        present = facts.title.replace(self.find, self.replace) if self.find else facts.title
        if self.text.strip() == UNCHANGED and present == facts.title:
            return facts.title
        values = {
            "name": present,
            "class": CLASS_WORDS.get(facts.sample_class, "").lower(),
            "bpm": "" if facts.bpm is None else f"{round(facts.bpm, 1):g}",
            "key": CAMELOT.get(facts.key, "") if self.is_camelot else facts.key,
            "folder": facts.folder.rpartition("/")[2],
        }
        return " ".join(self._joined(values, number).replace("\0", "").split())

    @cached_property
    def _pieces(self) -> list[str]:
        """Return text and tokens in turn; text is first and last and may be empty."""
        pieces = _TOKEN.split(self.text)
        pieces[1::2] = [token.strip().lower() for token in pieces[1::2]]
        return pieces

    def _joined(self, values: dict[str, str], number: int) -> str:
        """Put the values in; one that is empty takes the joint before it along, or after it."""
        done, text = "", self._pieces[0]
        for token, following in zip(self._pieces[1::2], self._pieces[2::2], strict=True):
            value = str(number).zfill(len(token)) if token not in values else values[token]
            if value:
                done, text = f"{done}{text}{value}", following
            elif done or text.strip(JOINTS):
                text = text.rstrip(JOINTS) + following
            else:
                text = following.lstrip(JOINTS)
        return done + text
