"""Patterns that many couples know, for somebody who can't see their own yet: "does this sound like you two?"."""

from __future__ import annotations

import json
from typing import Dict, Final, List, Text, Tuple

from rasa_sdk.events import EventType, SlotSet

from actions.common import CoachAction, Say, asks, chance, note_offered, offered, shelf
from actions.ideas import instead, listen_button
from actions.reflecting import themes
from actions.texts import buttons_of
from bot.library.schema import Cycle
from bot.library.shelf import next_of
from bot.memory.turn import Turn

__all__ = ["ChooseCycle", "ChooseHalf", "ShowCycle", "half_of"]

#: Parts the name of a pattern from a half of it.
_OF: Final = ":"
_HALVES: Final = ("one", "other")


class ShowCycle(CoachAction):
    """The next pattern that could be theirs, nearest first; when all were seen, the way to their own."""

    called = "action_show_cycle"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        if turn.locked:
            return instead(say, turn)
        found = _nearest(say, turn)
        if found is None:
            say("say_cycles_seen")
            return [asks("pattern")]
        note_offered(turn, [found.id])
        turn.state["cycle"] = found.id
        say("say_cycle", buttons=_buttons(found), moment=found.moment, goes_round=found.goes_round)
        return [asks("cycle"), SlotSet("listening", False), SlotSet("misses", 0.0)]


class ChooseCycle(CoachAction):
    """Both halves of the pattern from inside, and which one is nearer."""

    called = "action_choose_cycle"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        found = shelf().by_id(say.entity("choice") or str(turn.state.get("cycle")))
        if turn.locked or not isinstance(found, Cycle):
            return instead(say, turn)
        turn.state["cycle"] = found.id
        halves = [_button(str(getattr(found, half)), f"{found.id}{_OF}{half}", "/choose_half") for half in _HALVES]
        say("say_cycle_one_inside", inside=found.one_inside)
        say("say_cycle_other_inside", buttons=[*halves, listen_button(say)], inside=found.other_inside)
        return [asks("tell"), SlotSet("misses", 0.0)]


class ChooseHalf(CoachAction):
    """One small different move for one's own half; the other half is the partner's only as a guess."""

    called = "action_choose_half"

    def act(self, say: Say, turn: Turn) -> List[EventType]:
        name = say.entity("choice") or ""
        half = half_of(name)
        if turn.locked or half is None:
            return instead(say, turn)
        words, move = half
        say("say_cycle_move", half=words, move=move.replace("{partner}", say.partner))
        say("say_ask_plan")
        return [asks("plan"), SlotSet("idea", name), SlotSet("misses", 0.0)]


def half_of(name: Text) -> Tuple[Text, Text] | None:
    """What somebody in a half of a pattern says of themselves, and the move for it; None where there is no such half.

    Args:
        name: id and half, such as "cycle-two-screens:one".
    """
    cycle_id, _, half = name.partition(_OF)
    found = shelf().by_id(cycle_id)
    if not isinstance(found, Cycle) or half not in _HALVES:
        return None
    return str(getattr(found, half)), str(getattr(found, f"{half}_move"))


def _nearest(say: Say, turn: Turn) -> Cycle | None:
    """One that was not seen yet: first those that what was told points to, then those that anybody may know."""
    told = themes().told(f"{say.text} {say.slot('quote') or ''}", say.intent)
    left = [cycle for cycle in shelf().cycles if cycle.id not in offered(turn)]
    near = [cycle for cycle in left if told & set(cycle.themes)]
    open_to_all = [cycle for cycle in left if not cycle.when_told]
    pool = near or open_to_all
    return next_of(pool, offered(turn), chance(turn)) if pool else None


def _buttons(cycle: Cycle) -> List[Dict[Text, Text]]:
    """Those of domain.yml; the one that chooses says which pattern it means, however late it is tapped."""
    return [
        _button(button["title"], cycle.id, "/choose_cycle") if button["payload"] == "/choose_cycle" else button
        for button in buttons_of("say_cycle")
    ]


def _button(title: Text, choice: Text, command: Text) -> Dict[Text, Text]:
    return {"title": title, "payload": f"{command}{json.dumps({'choice': choice})}"}
