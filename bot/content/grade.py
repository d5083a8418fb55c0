"""How many years of school a text asks for: Flesch-Kincaid, with textstat's syllables.

grade = 0.39 * words per sentence + 11.8 * syllables per word - 15.59

Sentences are counted here, not by textstat, which leaves out those of one or two words and keeps their words: "No need.
It can wait." would count as one long sentence, and short sentences are what makes a text easy. Below `FEWEST_WORDS` one
long name moves the grade by several years, so shorter texts are not graded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

from bot.errors import TowardError

__all__ = ["FEWEST_WORDS", "Grade", "GradeError", "grade", "syllables_by_textstat"]

FEWEST_WORDS: Final = 12

#: The person's own words, which stand alone in quotes, are not ours to grade.
_QUOTED_PLACEHOLDER = re.compile(r'"\{\w+\}"')
_PLACEHOLDER = re.compile(r"\{\w+\}")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?]+[\"')]*(?=\s|$)")


class GradeError(TowardError):
    """textstat, or the dictionary of syllables it counts with, is not installed."""


@dataclass(frozen=True)
class Grade:
    """A text's reading grade, and what makes it.

    Attributes:
        years: of school.
        words_per_sentence: on average.
        long_words: those of three syllables and more, each once, in the order of the text.
    """

    years: float
    words_per_sentence: float
    long_words: tuple[str, ...]


def grade(text: str) -> Grade | None:
    """The grade of a text, None when it is too short to have one.

    Raises:
        GradeError: it can't be counted; says how to install what is missing.
    """
    plain = _PLACEHOLDER.sub("partner", _QUOTED_PLACEHOLDER.sub(" ", text))
    words: list[str] = _WORD.findall(plain)
    if len(words) < FEWEST_WORDS:
        return None
    count = syllables_by_textstat()
    sentences = max(1, len(_SENTENCE_END.findall(plain)))
    syllables = [count(word) for word in words]
    years = 0.39 * len(words) / sentences + 11.8 * sum(syllables) / len(words) - 15.59
    long_words = dict.fromkeys(word for word, several in zip(words, syllables, strict=True) if several >= 3)
    return Grade(years, len(words) / sentences, tuple(long_words))


@cache
def syllables_by_textstat() -> Callable[[str], int]:
    """Counts the syllables of one word.

    Raises:
        GradeError: textstat is missing, or it is a version that wants to download its dictionary.
    """
    try:
        import textstat
    except ImportError as error:
        raise GradeError(
            "textstat is not installed, so no reading grade can be told. Run: uv sync --group dev"
        ) from error

    @cache
    def count(word: str) -> int:
        # a word with a hyphen is in no dictionary; its parts are
        return max(1, sum(int(textstat.syllable_count(part)) for part in word.casefold().split("-")))

    try:
        count("toward")
    except LookupError as error:
        raise GradeError(
            f"textstat {'.'.join(map(str, textstat.__version__))} has no dictionary of syllables here; "
            "versions 0.7.4 to 0.7.8 bring it along. Run: uv sync --group dev"
        ) from error
    return count
