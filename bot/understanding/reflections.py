"""The authored half of a reflection: data/reflections/*.yml, read, checked, and chosen by what was understood."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Final, Literal, Tuple

from pydantic import BaseModel, Extra, Field, ValidationError

from bot.content.yaml_files import load, wordings
from bot.errors import ContentError
from bot.understanding.heard import Heard

__all__ = ["FACTS", "FRAMES", "Reflection", "Reflections"]

#: What a reflection may ask of the message (`facts:`); see bot/understanding/scenes.py and sayback.py.
FACTS: Final = (
    "often", "once", "gave", "reached", "waited", "wish", "partner", "two", "years", "mine", "theirs", "always",
    "label", "mind",
)  # fmt: skip
FRAMES: Final = ("retold", "quoted", "asked", "two_things", "three_things")
_FRAMES_FILE: Final = "frames.yml"
#: Where no theme is sure.
ANYTHING: Final = "anything"
#: Themes without reflections of their own.
_STANDS_IN: Final = {"silence": "parallel_lives"}
_MOST_WORDS: Final = 50


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        frozen = True


class _For(_Strict):
    feeling: str = "any"
    strength: Literal["any", "mild", "plain", "strong"] = "any"
    adds: Literal["feeling", "need", "nothing"]
    facts: Tuple[str, ...] = ()


class _Group(_Strict):
    when: _For = Field(..., alias="for")
    say: Tuple[str, ...]


@dataclass(frozen=True)
class Reflection:
    """One line that follows the person's own scene or words.

    Attributes:
        situation: the theme that it is for, the name of its file.
        feeling: the feeling that it takes up; "any" where none has to be heard.
        strength: how strongly that has to be told; "any" where it doesn't matter.
        adds: what it adds that was not said aloud.
        facts: what has to hold of the scene, all of them.
        text: the line; {partner} stands for what the partner is called.
    """

    situation: str
    feeling: str
    strength: str
    adds: Literal["feeling", "need", "nothing"]
    facts: frozenset[str]
    text: str

    @property
    def key(self) -> str:
        """By which it is remembered that it was said."""
        return f"reflection/{zlib.crc32(self.text.encode()):08x}"

    @property
    def beginning(self) -> str:
        """Its first two words, so that two in a row don't begin alike."""
        return " ".join(self.text.split()[:2]).casefold()


class Reflections:
    """All of them, and how the person's words open one.

    Args:
        all_of_them: in the order of the files.
        frames: wordings by name (FRAMES).
    """

    def __init__(self, all_of_them: Sequence[Reflection], frames: Mapping[str, Sequence[str]]) -> None:
        self.all = tuple(all_of_them)
        self.frames = dict(frames)
        self._by_situation: Dict[str, list[Reflection]] = {}
        for reflection in self.all:
            self._by_situation.setdefault(reflection.situation, []).append(reflection)

    @classmethod
    def load(cls, folder: Path, situations: Collection[str], feelings: Collection[str]) -> Reflections:
        """Read the folder.

        Args:
            folder: data/reflections.
            situations: names of themes, each of which may have a file.
            feelings: names that `feeling:` may take.

        Raises:
            ContentError: a file is broken; the text names file, group and cure.
        """
        found: list[Reflection] = []
        for file in sorted(folder.glob("*.yml")):
            if file.name == _FRAMES_FILE:
                continue
            if file.stem not in {*situations, ANYTHING, "wish"}:
                raise ContentError(
                    f"{file}: there is no theme {file.stem} in data/themes.yml. Add it there, or rename the file."
                )
            found.extend(_of_file(file, load(file), set(feelings)))
        if not any(reflection.situation == ANYTHING for reflection in found):
            raise ContentError(f"{folder / 'anything.yml'}: it is missing or empty. Put it back from the repository.")
        return cls(found, wordings(folder / _FRAMES_FILE, FRAMES))

    def choose(
        self,
        situations: Sequence[str],
        heard: Heard,
        facts: Collection[str],
        *,
        adding: bool,
        room: int,
        said: Mapping[str, int],
        before: Collection[str] = (),
        chance: int = 0,
    ) -> Reflection:
        """The line that fits best and was not said lately.

        Args:
            situations: themes, the surest first; where none has a line left, one that fits anything is taken.
            heard: feelings and strength.
            facts: what holds of the scene.
            adding: whether it should add a feeling or a need, or rather stay with what was said.
            room: how many words it may have.
            said: keys of what was said lately, with the number of turns since.
            before: beginnings of the last ones.
            chance: decides between equals.
        """
        wanted = [_STANDS_IN.get(name, name) for name in situations]
        for name in [*dict.fromkeys(wanted), ANYTHING]:
            fitting = [
                reflection
                for reflection in self._by_situation.get(name, ())
                if reflection.key not in said
                and len(reflection.text.split()) <= room
                and _fits(reflection, heard, facts)
            ]
            if fitting:
                return max(fitting, key=lambda one: (_worth(one, heard, adding, before), _lot(one, chance)))
        plain = [one for one in self._by_situation[ANYTHING] if one.feeling == one.strength == "any"]
        return max(plain, key=lambda one: (said.get(one.key, 1 << 30), _lot(one, chance)))


def _fits(reflection: Reflection, heard: Heard, facts: Collection[str]) -> bool:
    if not reflection.facts <= set(facts) or ("{partner}" in reflection.text and "partner" not in facts):
        return False
    if reflection.strength not in ("any", heard.strength):
        return False
    return reflection.feeling == "any" or reflection.feeling in {
        feeling.name for feeling in heard.feelings if feeling.said
    }


def _worth(reflection: Reflection, heard: Heard, adding: bool, before: Collection[str]) -> float:
    """How well a line fits that may be said."""
    worth = 3.0 if (reflection.adds != "nothing") == adding else 0.0
    if reflection.feeling != "any":
        worth += 1.5
    if reflection.adds == "feeling" and any(feeling.said for feeling in heard.feelings):
        worth -= 1.0  # the person has named one; what it is for comes next
    if reflection.strength != "any":
        worth += 1.2
    if reflection.beginning in before:
        worth -= 1.6
    return (
        worth
        + 0.8 * len(reflection.facts & {"gave", "reached", "mine", "theirs", "label", "mind", "always"})
        + 0.4 * len(reflection.facts & {"often", "years"})
    )


def _lot(reflection: Reflection, chance: int) -> int:
    return zlib.crc32(f"{chance}:{reflection.text}".encode())


def _of_file(file: Path, content: Any, feelings: set[str]) -> Iterable[Reflection]:
    if not isinstance(content, list):
        raise ContentError(
            f'{file}: it is not a list of groups. Begin each with "- for: {{adds: need}}" and "say:" under it.'
        )
    for number, fields in enumerate(content, 1):
        place = f"{file}, group {number}"
        try:
            group = _Group.parse_obj(fields)
        except ValidationError as error:
            slip = error.errors()[0]
            raise ContentError(
                f"{place}: {' / '.join(map(str, slip['loc']))}: {slip['msg']}. A group has for: (feeling, "
                f"strength, adds, facts) and say: (lines)."
            ) from error
        if group.when.feeling not in {*feelings, "any"}:
            raise ContentError(
                f"{place}: {group.when.feeling} is no feeling of data/themes.yml. Add it there, or correct it."
            )
        if unknown := set(group.when.facts) - set(FACTS):
            raise ContentError(f"{place}: {', '.join(sorted(unknown))} is no fact. The facts are {', '.join(FACTS)}.")
        for text in group.say:
            if "{" in text.replace("{partner}", "") or "?" in text:
                raise ContentError(
                    f'{place}: "{text}" may hold {{partner}} and nothing else in braces, and asks nothing.'
                )
            yield Reflection(
                file.stem, group.when.feeling, group.when.strength, group.when.adds, frozenset(group.when.facts), text
            )
