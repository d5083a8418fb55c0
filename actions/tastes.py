"""What became of ideas, and what is known of a person's days, kept in the conversation's sealed state.

Of an idea only its id, the outcome and the day are kept; of what was told, only that there was a fight or a loss, and
the day.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Dict, Final, List, Text

from actions.common import Say, offered, shelf
from bot.library.filters import Filters
from bot.library.liking import OUTCOMES, Happened, Liking, Outcome, giving_rests
from bot.library.schema import KindnessIdea
from bot.memory.turn import Turn
from bot.understanding.wishes import wishes_in

__all__ = ["happened", "liking", "minded", "note", "note_circumstances", "rests", "with_circumstances"]

_DAY: Final = 86400.0
#: How many outcomes are kept; far more than anybody reaches in a year.
_KEPT: Final = 200
#: For so many days what was told of a fight, or of a loss or an affair, still decides what may be offered.
_LASTS: Final[Dict[Text, int]] = {"tense": 1, "after_a_fight": 1, "grief": 60, "infidelity": 60}
#: Under this key the state says which kindness was done, while the coach waits to hear what came back.
_AWAITED: Final = "came_back"
#: Words are the answer to that question within so many turns.
_SOON: Final = 3
_NOTHING: Final = re.compile(
    r"\b(?:nothing|zero|nada|zilch|nope|ignored|not a (?:word|thing|peep)|no (?:reaction|response|answer|reply|thanks?)"
    r"|(?:did|does|has)n['’]?t (?:even )?(?:notice|react|respond|answer|say|look|reply|care|see)\w*"
    r"|never (?:noticed|reacted|answered|replied|said)|barely (?:noticed|looked)|shrug\w*|grunt\w*|the usual|as always"
    r"|no one|nobody|walked (?:past|away|off)|rolled (?:his|her|their) eyes)\b",
    re.IGNORECASE,
)
#: "nothing big, but she smiled": something did come back.
_SOMETHING: Final = re.compile(
    r"\b(?:but|though|smil\w+|laugh\w*|thank(?:ed|s)|hugg?\w*|kiss\w*|said (?:thanks|thank you))\b", re.IGNORECASE
)


def happened(turn: Turn) -> List[Happened]:
    """What became of ideas, oldest first."""
    return [Happened(idea, outcome, day) for idea, outcome, day in turn.state.get("tastes", []) if outcome in OUTCOMES]


def note(turn: Turn, name: object, outcome: Outcome) -> None:
    """Keep what became of an idea; ways to begin that are on no shelf are passed over."""
    idea = shelf().by_id(_plain(name))
    if idea is None:
        return
    turn.state["tastes"] = [*turn.state.get("tastes", []), [idea.id, outcome, _today(turn)]][-_KEPT:]
    if isinstance(idea, KindnessIdea) and not idea.for_self and outcome in ("done", "partly"):
        turn.state[_AWAITED] = [idea.id, turn.conversation.turns]


def minded(say: Say, turn: Turn) -> None:
    """The words after "what came back?": whether anything did. They are not kept."""
    name, asked = turn.state.get(_AWAITED, (None, 0))
    if name is not None and say.text:
        del turn.state[_AWAITED]
        if turn.conversation.turns - asked > _SOON:
            return
        nothing = _NOTHING.search(say.text) and not _SOMETHING.search(say.text)
        note(turn, name, "unanswered" if nothing else "answered")


def liking(turn: Turn) -> Liking:
    """What happened so far, to choose by."""
    told = happened(turn)
    taken = {each.idea for each in told}
    return Liking(tuple(told), frozenset(offered(turn)) - taken, _today(turn))


def rests(turn: Turn) -> bool:
    """Whether no more giving is asked of the person for a while (rule 11)."""
    kindness = [each for each in happened(turn) if isinstance(shelf().by_id(each.idea), KindnessIdea)]
    return giving_rests(kindness, _today(turn))


def note_circumstances(turn: Turn, text: Text) -> None:
    """Keep from what was told whether there was a fight or a loss, and when."""
    told = wishes_in(text)
    names = [*told.trouble, *([] if told.mood == "calm" else [told.mood])]
    if names:
        turn.state["days"] = {**turn.state.get("days", {}), **{name: _today(turn) for name in names}}


def with_circumstances(turn: Turn, wishes: Filters) -> Filters:
    """The wishes, together with what was told before and what follows from it."""
    days: Dict[Text, Any] = turn.state.get("days", {})
    lasting = {name for name, day in days.items() if _today(turn) - int(day) <= _LASTS.get(name, 0)}
    trouble = wishes.trouble | {name for name in ("grief", "infidelity") if name in lasting}
    mood = wishes.mood
    if mood == "calm":
        mood = "after_a_fight" if "after_a_fight" in lasting else "tense" if "tense" in lasting else "calm"
    return replace(wishes, mood=mood, trouble=frozenset(trouble))


def _plain(name: object) -> Text:
    """The id of an idea whose smaller version was the plan."""
    return str(name or "").rpartition(":")[2]


def _today(turn: Turn) -> int:
    return int(turn.now // _DAY)
