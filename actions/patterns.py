"""The pattern without blame: six short questions, then the circle in the person's own words, both halves named."""

from __future__ import annotations

from typing import Any, Dict, Final, List, Mapping

from rasa_sdk.events import EventType, SlotSet

from actions.common import CoachAction, Say, asks
from actions.forms import WordsForm, left_open, words_of
from actions.ideas import instead, suggest
from actions.listen import ByWish
from bot.memory.turn import Turn
from bot.understanding.quotes import short

PARTS: Final = ("moment", "felt", "did", "partner_did", "partner_felt", "life")
#: The parts that go round; what life adds stands beside the circle.
_CIRCLE: Final = ("moment", "felt", "did", "partner_did", "partner_felt")
#: Words of each part that the circle shows, at most and at least, and of all parts together: it stays one bubble.
_WORDS: Final = 10
_FEW_WORDS: Final = 5
_ROOM: Final = 34


class OfferPattern(ByWish):
    """Ideas are wanted: the first offer is to look at the pattern, later ones go to the four ways."""

    called = "action_offer_pattern"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        if turn.state.get("pattern_offered") or turn.locked:
            return offer_steps(say, turn)
        turn.state["pattern_offered"] = True
        say("say_offer_pattern")
        return [asks("pattern"), SlotSet("listening", False), SlotSet("misses", 0.0)]


class OfferSteps(CoachAction):
    """The four ways to begin."""

    called = "action_offer_steps"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        return offer_steps(say, turn)


class BeginPattern(ByWish):
    """Explains, and starts the six questions afresh."""

    called = "action_begin_pattern"
    leads_on = True

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        if turn.locked:
            return instead(say, turn)
        turn.state["pattern_offered"] = True
        say("say_pattern_intro")
        cleared = [SlotSet(f"pattern_{part}", None) for part in PARTS]
        return [*cleared, SlotSet("listening", False), SlotSet("misses", 0.0), asks(None)]


class ShowPattern(CoachAction):
    """The circle, and the four ways out of it."""

    called = "action_show_pattern"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        told: Dict[str, Any] = {part: str(say.slot(f"pattern_{part}") or "") for part in PARTS}
        if turn.consented:
            turn.remember("pattern", told)
        shown = _shortened(told)
        if circle := circle_of(told, say.partner):
            say("say_pattern_shown", circle=circle)
        say("say_pattern_after" if "life" in shown else "say_pattern_after_open", life=shown.get("life", ""))
        return [asks("steps")]


class ValidatePattern(WordsForm):
    """Any words answer; see `WordsForm`."""

    called = "validate_pattern_form"
    undecided_leaves_open = True


def offer_steps(say: Say, turn: Turn) -> List[EventType]:
    """Show the four ways; someone who isn't safe with the partner is offered care for themselves instead."""
    if turn.locked:
        return suggest(say, turn, "kindness")
    say("say_offer_steps")
    return [asks("steps"), SlotSet("listening", False), SlotSet("misses", 0.0)]


def circle_of(told: Mapping[str, str], partner: str) -> str:
    """The circle in the person's own words, both halves named; empty where nothing was told of it.

    Args:
        told: words by part.
        partner: what the partner is called.
    """
    shown = _shortened(told)
    lines = [words_of(f"say_circle_{part}").replace("{words}", shown[part]) for part in _CIRCLE if part in shown]
    return " ".join(lines).replace("{partner}", partner)


def _shortened(told: Mapping[str, str]) -> Dict[str, str]:
    answered = {part: words for part, words in told.items() if words and words != left_open()}
    most = next(most for most in range(_WORDS, 0, -1) if _spoken(answered, most) <= _ROOM or most == _FEW_WORDS)
    return {part: short(words, most, clauses=False) for part, words in answered.items()}


def _spoken(answered: Dict[str, str], most: int) -> int:
    """Words of the circle when each part has `most` at most."""
    return sum(min(most, len(answered.get(part, "").split())) for part in _CIRCLE)
