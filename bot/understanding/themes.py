"""Themes and feelings that a message names, beside its intent: words of data/themes.yml, read with their negations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from bot.errors import ContentError

__all__ = ["Themes", "pattern_of"]

_NOT: Final = re.compile(
    r"\b(?:not|never|no longer|isn'?t|don'?t|doesn'?t|didn'?t|wasn'?t)\s+(?:\w+\s+){0,2}$", re.IGNORECASE
)
#: What an intent says by itself.
_OF_INTENT: Final = {
    "feel_unseen": "unseen",
    "feel_lonely": "lonely",
    "blame_or_conflict": "conflict",
    "infidelity_or_separation": "leaving",
    "self_blame": "self_blame",
    "hope": "hope",
    "good_news": "good_news",
    "partner_refuses": "withdrawal",
}


@dataclass(frozen=True)
class Themes:
    """Word lists by name; an entry is a phrase in which * stands for the rest of a word.

    Apostrophes may be left out or curly.
    """

    _themes: dict[str, re.Pattern[str]]
    _feelings: dict[str, re.Pattern[str]]
    _not_glad: re.Pattern[str]
    _glad: re.Pattern[str]
    _begins: re.Pattern[str]
    _holds: re.Pattern[str]

    @classmethod
    def load(cls, file: Path) -> Themes:
        """Read the file.

        Raises:
            ContentError: it can't be read or isn't of the form name -> list of phrases.
        """
        try:
            loaded = yaml.safe_load(file.read_text(encoding="utf-8"))
            themes, feelings = loaded["themes"], loaded["feelings"]
            return cls(
                {str(name): pattern_of(phrases) for name, phrases in themes.items()},
                {str(name): pattern_of(phrases) for name, phrases in feelings.items()},
                *(pattern_of(loaded[name]) for name in ("not_glad", "glad", "begins_a_wish", "holds_a_wish")),
            )
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            raise ContentError(
                f"{file}, line {line}: this is not YAML. Check the indentation and quotes there."
            ) from error
        except (OSError, KeyError, TypeError, AttributeError) as error:
            raise ContentError(
                f"{file}: it needs `themes:` and `feelings:`, each with names and lists of phrases, "
                f"and the lists `not_glad:`, `glad:`, `begins_a_wish:` and `holds_a_wish:` ({error})."
            ) from error

    @property
    def names(self) -> list[str]:
        """Every theme and feeling there is, as words and intents name it."""
        return sorted({*self._themes, *self._feelings, *_OF_INTENT.values()})

    def themes(self, text: str, intent: str) -> list[str]:
        """Names of the themes, the intent's own first."""
        found = [_OF_INTENT[intent]] if intent in _OF_INTENT else []
        return [*found, *(name for name, pattern in self._themes.items() if name not in found and pattern.search(text))]

    def feelings(self, text: str) -> list[str]:
        """Names of the feelings that are said, without those that are denied."""
        return [
            name
            for name, pattern in self._feelings.items()
            if any(not _NOT.search(text[: match.start()]) for match in pattern.finditer(text))
        ]

    def told(self, text: str, intent: str = "") -> set[str]:
        """Themes and feelings together."""
        return {*self.themes(text, intent), *self.feelings(text)}

    def is_glad(self, text: str) -> bool | None:
        """Whether the words are those of good news; None where they say neither, or both."""
        glad, sad = bool(self._glad.search(text)), bool(self._not_glad.search(text))
        return None if glad == sad else glad

    def is_wish(self, text: str) -> bool:
        """Whether the words are said to the coach: a question, or how people ask for something."""
        return "?" in text or bool(self._begins.match(text.lstrip(" .,")) or self._holds.search(text))


def pattern_of(phrases: list[str]) -> re.Pattern[str]:
    """What finds any of some phrases; * stands for the rest of a word, apostrophes may be left out."""
    parts = [
        re.escape(str(phrase)).replace(r"\*", r"\w*").replace(r"\ ", r"\s+").replace("'", "['’]?") for phrase in phrases
    ]
    return re.compile(rf"\b(?:{'|'.join(parts)})\b", re.IGNORECASE)
