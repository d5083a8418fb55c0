"""Themes and feelings that a message names, beside its intent: words of data/themes.yml, read with their negations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from bot.content import yaml_files
from bot.errors import ContentError

__all__ = ["Themes", "pattern_of"]

_NOT: Final = re.compile(
    r"\b(?:not|never|no longer|isn'?t|don'?t|doesn'?t|didn'?t|wasn'?t|(?:should|supposed to|used to|would|could|"
    r"want(?:ed)? to|wish i) (?:be|feel|been)|should have been|were)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
#: "She starts crying" is not the writer's sadness.
_OF_ANOTHER: Final = re.compile(
    r"\b(?:he|she|they|husband|wife|partner|boyfriend|girlfriend|mother|mom|mum|son|daughter)(?:'s|’s|'re)?\s+"
    r"(?:(?!i\b|i'|me\b|and\b|but\b|because\b)\w+\s+){0,3}$",
    re.IGNORECASE,
)
#: Lists of phrases that are neither themes nor feelings nor blame.
_SINGLE: Final = ("own_part", "not_glad", "glad", "begins_a_wish", "holds_a_wish")
#: What an intent says by itself.
_OF_INTENT: Final = {
    "feel_unseen": "unseen",
    "feel_lonely": "lonely",
    "blame_or_conflict": "conflict",
    "infidelity_or_separation": "leaving",
    "low_mood": "low_mood",
    "self_blame": "self_blame",
    "hope": "hope",
    "good_news": "good_news",
    "partner_refuses": "refuses",
}
_OF_MYSELF: Final = re.compile(
    r"\b(?:am i|i am|i feel|feel like|i'?m|was i|i was|being|make me|makes me|me)\b[^.,!?]{0,25}", re.IGNORECASE
)
_IN_QUOTES: Final = re.compile(r"[\"“][^\"”]*[\"”]")
_SAID_OF_ME: Final = re.compile(
    r"\b(?:call(?:s|ed|ing)? (?:me|us)|(?:say|said|says|tell|told|tells|think|thinks|thought)(?: (?:me|that|to "
    r"me))* (?:i|i'?m|i am|my))\b[^.,!?]*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Themes:
    """Word lists by name; an entry is a phrase in which * stands for the rest of a word.

    Apostrophes may be left out or curly.
    """

    _themes: dict[str, re.Pattern[str]]
    _feelings: dict[str, re.Pattern[str]]
    _strong: re.Pattern[str]
    _mild: re.Pattern[str]
    _blame: dict[str, re.Pattern[str]]
    _own_part: re.Pattern[str]
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
            loaded = yaml_files.load(file)
            themes, feelings = loaded["themes"], loaded["feelings"]
            return cls(
                {str(name): pattern_of(phrases) for name, phrases in themes.items()},
                {str(name): pattern_of(phrases) for name, phrases in feelings.items()},
                pattern_of(loaded["strong"]),
                pattern_of(loaded["mild"]),
                {str(name): pattern_of(phrases) for name, phrases in loaded["blame"].items()},
                *(
                    pattern_of(loaded[name])
                    for name in ("own_part", "not_glad", "glad", "begins_a_wish", "holds_a_wish")
                ),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ContentError(
                f"{file}: it needs `themes:` and `feelings:`, each with names and lists of phrases, "
                f"and the lists `strong:`, `mild:`, `blame:`, `own_part:`, `not_glad:`, `glad:`, "
                f"`begins_a_wish:` and `holds_a_wish:` ({error})."
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
            if any(_is_own(text[: match.start()]) for match in pattern.finditer(text))
        ]

    @property
    def listed(self) -> list[str]:
        """The themes that data/themes.yml lists, in its order."""
        return list(self._themes)

    @property
    def listed_feelings(self) -> list[str]:
        """The feelings that data/themes.yml lists, in its order."""
        return list(self._feelings)

    def of_intent(self, intent: str) -> str:
        """The theme that an intent says by itself, or ""."""
        return _OF_INTENT.get(intent, "")

    def phrases_in(self, text: str) -> list[bool]:
        """Whether each theme, then each feeling, is named by a phrase."""
        return [bool(pattern.search(text)) for pattern in (*self._themes.values(), *self._feelings.values())]

    def strength(self, text: str) -> Literal["mild", "plain", "strong"]:
        """How strongly a text tells what it feels, by its words."""
        loud = text.count("!") > 2 or sum(word.isupper() and len(word) > 3 for word in text.split()) > 1
        if loud or self._strong.search(text):
            return "strong"
        return "mild" if self._mild.search(text) else "plain"

    def blame(self, text: str) -> list[str]:
        """Kinds of blame of the partner that the words show: "always", "label", "mind".

        What somebody else said of the writer is not the writer's.
        """
        text = _SAID_OF_ME.sub(" ", _IN_QUOTES.sub(" ", text))
        theirs = _OF_MYSELF.sub(" ", text)
        return [name for name, pattern in self._blame.items() if pattern.search(theirs if name == "label" else text)]

    def is_own_part(self, text: str) -> bool:
        """Whether somebody tells of what they did themselves."""
        return bool(self._own_part.search(text))

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


def _is_own(before: str) -> bool:
    """Whether a feeling, by the words before it, is the writer's and not denied."""
    return not _NOT.search(before) and not _OF_ANOTHER.search(before)


def pattern_of(phrases: list[str]) -> re.Pattern[str]:
    """What finds any of some phrases; * stands for the rest of a word, apostrophes may be left out."""
    parts = [
        re.escape(str(phrase)).replace(r"\*", r"\w*").replace(r"\ ", r"\s+").replace("'", "['’]?") for phrase in phrases
    ]
    return re.compile(rf"\b(?:{'|'.join(parts)})\b", re.IGNORECASE)
