"""What the detector says about a text: how loud, about what, and by which entries of the lexicon."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum

__all__ = ["CLEAR", "Level", "Scope", "Topic", "Verdict"]


class Level(IntEnum):
    """How loud: `clear`, `ask` (one direct, kind question) or `alarm`. The names are the ones in JSON."""

    clear = 0
    ask = 1
    alarm = 2


class Topic(str, Enum):
    """What it is about. The names are the ones in JSON."""

    none = "none"
    self_harm = "self_harm"
    abuse = "abuse"
    harm_to_others = "harm_to_others"
    child_at_risk = "child_at_risk"
    psychosis = "psychosis"
    minor = "minor"


class Scope(str, Enum):
    """Whom an entry is about: the writer, the partner, a child, or somebody else."""

    self = "self"
    partner = "partner"
    child = "child"
    other = "other"


@dataclass(frozen=True)
class Verdict:
    """What was found in one text.

    Attributes:
        topic: the most urgent topic, `none` when clear.
        level: the loudest level.
        cues: ids of lexicon entries, the deciding one first; never the person's words.
    """

    topic: Topic
    level: Level
    cues: tuple[str, ...] = ()


CLEAR = Verdict(Topic.none, Level.clear)
