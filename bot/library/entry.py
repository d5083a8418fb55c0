"""What everything on the shelf has in common: a name that never changes, and words that a person reads.

Each field's `description` doubles as the cure in an error: "Write minutes as <description>".
"""

from __future__ import annotations

import re
from typing import ClassVar

from pydantic import BaseModel, ConstrainedStr, Field, validator

__all__ = ["Entry", "Slug", "Title", "Words", "one_sentence", "with_words"]

_PLACEHOLDER = re.compile(r"\{[^}]*\}?|\}")
_SENTENCE_END = re.compile(r"[.!?]['\"”’)]*(?=\s|$)")


class Slug(ConstrainedStr):
    """A name for an entry that never changes, so that what was seen is still known after its words are edited."""

    strict = True
    regex = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
    max_length = 40


class Title(ConstrainedStr):
    """What stands on the button."""

    strict = True
    min_length = 3
    max_length = 28


class Words(ConstrainedStr):
    """Something a person reads."""

    strict = True
    strip_whitespace = True
    min_length = 1


class Entry(BaseModel):
    """Anything on the shelf; it cannot be changed once loaded, and knows no field that is not listed."""

    #: What may stand in braces; the coach fills it in.
    filled_in: ClassVar[tuple[str, ...]] = ("{partner}",)

    id: Slug = Field(..., description="small letters, digits and hyphens, at most 40 characters, such as warm-cup")

    class Config:
        """Nothing more, and nothing changed."""

        extra = "forbid"
        frozen = True

    @validator("*")
    def only_what_is_filled_in_stands_in_braces(cls, value: object) -> object:
        """Refuses every other placeholder, which would reach the person as it stands."""
        if isinstance(value, str):
            for found in _PLACEHOLDER.findall(value):
                if found not in cls.filled_in:
                    known = " and ".join(cls.filled_in)
                    raise ValueError(f"{found} is not known here; only {known} {'is' if ' ' not in known else 'are'}")
        return value


def with_words(value: str, least: int, most: int) -> str:
    """The text, if it has so many words.

    Raises:
        ValueError: it has fewer or more.
    """
    count = len(value.split())
    if not least <= count <= most:
        raise ValueError(f"it has {count} word{'' if count == 1 else 's'}, {least} to {most} fit")
    return value


def one_sentence(value: str) -> str:
    """The text, if it is a single sentence that has its mark at the end.

    Raises:
        ValueError: it is more or less than that.
    """
    if len(_SENTENCE_END.findall(value)) != 1 or not _SENTENCE_END.search(value[-2:]):
        raise ValueError("it is not one sentence")
    return value
