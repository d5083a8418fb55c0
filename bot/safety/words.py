"""Reads and checks data/safety/words.yml: what is said when someone may not be safe."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, Extra, ValidationError, validator

from bot.errors import ContentError
from bot.safety.lexicon import read_yaml

__all__ = ["Button", "LineWords", "PlanWords", "Said", "Words", "read_words"]

REVIEWERS = ("clinical psychologist", "domestic-violence advocate", "child protection")
MOST_WORDS = 50


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        frozen = True


class Button(_Strict):
    """A button's title and the ways to type it."""

    title: str
    typed: tuple[str, ...]


class LineWords(_Strict):
    """How helplines are written out."""

    heading: tuple[str, ...]
    line: str
    who: str
    hours: str
    also: str
    emergency: str
    emergency_unknown: str


class PlanWords(_Strict):
    """How a safety plan is written out: a heading, and what stands before each step's words, in order."""

    heading: str
    steps: dict[str, str]


class Said(_Strict):
    """One block: variants of one or two bubbles, with the number of helplines and the buttons that follow."""

    review: str
    lines: int
    buttons: tuple[str, ...]
    say: tuple[tuple[str, ...], ...]

    @validator("review")
    def _reviewer_is_known(cls, review: str) -> str:
        if review not in REVIEWERS:
            raise ValueError(f'"{review}" is nobody who reviews; write one of: {", ".join(REVIEWERS)}')
        return review

    @validator("say")
    def _fits(cls, say: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        for variant in say:
            for bubble in variant:
                if len(bubble.split()) > MOST_WORDS:
                    raise ValueError(
                        f'this bubble has {len(bubble.split())} words; {MOST_WORDS} is the most: "{bubble[:40]}..."'
                    )
            if " ".join(variant).count("?") > 1:
                raise ValueError(f'this asks two questions at once: "{variant[0][:40]}..."')
        if not say:
            raise ValueError("add at least one variant under say")
        return say


class Words(_Strict):
    """The whole file."""

    buttons: dict[str, Button]
    answers: dict[str, tuple[str, ...]]
    plan: PlanWords
    helplines: LineWords
    words: dict[str, Said]

    @validator("answers", pre=True)
    def _split(cls, answers: object) -> object:
        return (
            {name: tuple(str(lines).split("\n")) for name, lines in answers.items()}
            if isinstance(answers, dict)
            else answers
        )

    @validator("words")
    def _buttons_exist(cls, words: dict[str, Said], values: dict[str, object]) -> dict[str, Said]:
        known = values.get("buttons")
        for key, said in words.items():
            for button in said.buttons:
                if isinstance(known, dict) and button not in known:
                    raise ValueError(f'"{key}" has a button "{button}" that is not under buttons')
        return words


def read_words(path: Path) -> Words:
    """The words, checked.

    Raises:
        ContentError: names the file, the block and the cure.
    """
    try:
        return Words.parse_obj(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        raise ContentError(f"{path}: {' > '.join(map(str, first['loc']))}: {first['msg']}. Mend this block.") from error
