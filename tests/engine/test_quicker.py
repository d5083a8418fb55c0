"""What was made quicker gives just what Rasa gives."""

from __future__ import annotations

import copy
import random

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.agent import RasaEngine
from tests.engine.test_policies import _policy


def test_a_copied_slot_is_the_same_and_lives_its_own_life(engine: RasaEngine) -> None:
    for slot in engine.domain.slots:
        made = copy.copy(slot)
        assert type(made) is type(slot)
        assert made.__dict__ == slot.__dict__
        made._value = "changed"
        assert slot._value != "changed"


def test_events_are_found_by_their_names(engine: RasaEngine) -> None:
    assert Event.resolve_by_type("user") is UserUttered
    assert Event.resolve_by_type("slot") is SlotSet
    with pytest.raises(ValueError, match="Unknown event name"):
        Event.resolve_by_type("no such event")


def test_rules_find_the_same_action_as_rasas_own(engine: RasaEngine) -> None:
    policy, chance, compared = _policy(engine), random.Random(3), 0
    assert policy._never_by_words()
    intents = ["feel_unseen", "affirm", "deny", "stop", "ask_kindness", "good_news", "out_of_scope", "greet"]
    for _ in range(60):
        events: list[Event] = [ActionExecuted("action_listen")]
        for _ in range(chance.randint(1, 3)):
            events.append(UserUttered("some words", {"name": chance.choice(intents), "confidence": 0.9}))
            if chance.random() < 0.5:
                events += [ActionExecuted("action_reflect"), ActionExecuted("action_listen")]
        tracker = DialogueStateTracker.from_events("somebody", events, engine.domain.slots, domain=engine.domain)
        for by_words in (True, False):
            quick = policy._find_action_from_rules(tracker, engine.domain, by_words)
            slow = RulePolicy._find_action_from_rules(policy, tracker, engine.domain, by_words)
            assert quick[0] == slow[0]
            assert quick[2] == slow[2]
            compared += 1
    assert compared == 120
