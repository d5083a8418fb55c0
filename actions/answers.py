"""A plain yes, no or maybe: it answers what the coach asked last, which the slot `open_question` names."""

from __future__ import annotations

from typing import Dict, Final, List, Text, Tuple, Type

from rasa_sdk.events import EventType

from actions.check_ins import FindATime
from actions.commitments import AgreeFollowUp, BeginPlan, DeclineFollowUp, NotNow, OpenNote
from actions.common import CoachAction, Say
from actions.country import AskCountry, LeaveCountry
from actions.cycles import ChooseCycle, ShowCycle
from actions.guided import BeginPattern
from actions.ideas import Another, AskWhich, LetWait
from actions.listen import GoOn, JustListen
from actions.patterns import OfferPattern, OfferSteps
from actions.privacy import Export, Forget, KeepMemory, LeaveExport
from actions.welcome import Decline, Remember
from actions.zone import AskZone, LeaveZone
from bot.memory.turn import Turn

#: For each open question what a yes does, and what a no or a maybe does.
_ANSWERS: Final[Dict[Text, Tuple[Type[CoachAction], Type[CoachAction]]]] = {
    "consent": (Remember, Decline),
    "ideas_or_listen": (OfferPattern, JustListen),
    "pattern": (BeginPattern, OfferSteps),
    "cycle": (ChooseCycle, ShowCycle),
    "steps": (OfferSteps, JustListen),
    "plan": (BeginPlan, Another),
    "check_in": (FindATime, OfferSteps),
    "which": (AskWhich, Another),
    "follow_up": (AgreeFollowUp, DeclineFollowUp),
    "forget": (Forget, KeepMemory),
    "export": (Export, LeaveExport),
    "note": (OpenNote, NotNow),
    "zone": (AskZone, LeaveZone),
    "country": (AskCountry, LeaveCountry),
}
#: Ideas that are ways to begin, and on no shelf.
_WAYS: Final = frozenset({"turn-toward", "check-in"})


class Answer(CoachAction):
    """Does what the yes or no means here; consent and erasing take a clear yes."""

    called = "action_answer"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        yes, no = _ANSWERS.get(str(say.slot("open_question") or ""), (GoOn, GoOn))
        chosen = yes if say.intent == "affirm" else no
        if chosen is Another:
            chosen = _other_than(say)
        return chosen().act(say, turn)


def _other_than(say: Say) -> Type[CoachAction]:
    """What follows when an idea is not taken: other ways where it was a way of its own, and no hurry after a maybe."""
    if str(say.slot("idea") or "") in _WAYS:
        return OfferSteps
    return LetWait if say.intent == "maybe" else Another
