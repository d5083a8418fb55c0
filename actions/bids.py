"""Step two: turning toward. What a bid is, one of one's own, and practice in answering."""

from __future__ import annotations

import json
from typing import Any, Dict, Final, List, Text

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from actions.common import CoachAction, Say, asks, chance, note_offered, offered, shelf
from actions.forms import WordsForm, left_open
from actions.ideas import instead
from actions.listen import ByWish
from bot.library.filters import Filters
from bot.library.schema import Bid
from bot.memory.turn import Turn

_WAYS: Final = ("toward", "away", "against")


class BeginBids(ByWish):
    """Explains bids the first time; later only practices."""

    called = "action_begin_bids"
    leads_on = True

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        if turn.locked:
            return instead(say, turn)
        again = say.intent == "another_bid"
        if not again:
            say("say_bids_intro")
        noticed = say.slot("bid_noticed") if again else None
        picked = shelf().pick("bids", Filters(), offered(turn), n=1, rng=chance(turn))
        note_offered(turn, [bid.id for bid in picked])
        return [
            SlotSet("bid", picked[0].id),
            SlotSet("bid_noticed", noticed),
            SlotSet("bid_reply", None),
            SlotSet("listening", False),
            SlotSet("misses", 0.0),
            asks(None),
        ]


class AskBidReply(CoachAction):
    """Shows a bid with three answers, in an order that gives nothing away."""

    called = "action_ask_bid_reply"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        bid = _bid(say)
        ways = list(_WAYS)
        chance(turn).shuffle(ways)
        buttons = [
            {"title": str(getattr(bid, way)), "payload": f"/answer_bid{json.dumps({'reply': way})}"} for way in ways
        ]
        noticed = str(say.slot("quote") or "")
        response = "say_bid_practice" if noticed else "say_bid_practice_bare"
        if say.intent == "another_bid":
            response = "say_bid_practice_again"
        say(response, buttons=buttons, bid=bid.bid.replace("{partner}", say.partner), quote=noticed)
        return []


class BidFeedback(CoachAction):
    """Says what the answer does, without marking it right or wrong."""

    called = "action_bid_feedback"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        bid, reply = _bid(say), str(say.slot("bid_reply") or "")
        words: Dict[Text, Any] = {"toward": bid.toward, "why": bid.why}
        if reply == "toward":
            say("say_bid_toward", **words)
        elif reply in _WAYS:
            say("say_bid_away", **words)
        elif reply == left_open():
            say("say_bid_none", **words)
        else:
            say("say_bid_own", quote=say.quote, **words)
        say("say_bid_after")
        return [asks("plan"), SlotSet("idea", "turn-toward")]


class ValidateBids(WordsForm):
    """The first answer is in the person's own words, the second one may also be a button."""

    called = "validate_bids_form"
    undecided_leaves_open = True

    def from_button(self, tracker: Tracker, requested: Text) -> List[EventType]:
        """The three answers to practice with."""
        reply = next(tracker.get_latest_entity_values("reply"), None)
        return [SlotSet("bid_reply", reply)] if requested == "bid_reply" and reply in _WAYS else []


def _bid(say: Say) -> Bid:
    found = shelf().by_id(str(say.slot("bid")))
    return found if isinstance(found, Bid) else shelf().bids[0]
