"""The quick rule policy finds just the rules that Rasa's own finds."""

from __future__ import annotations

import random
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy

from bot.engine.agent import RasaEngine
from bot.engine.policies import QuickRulePolicy


def _policy(engine: RasaEngine) -> QuickRulePolicy:
    nodes = engine._processor.graph_runner.nodes
    return next(node._component for node in nodes.values() if isinstance(node._component, QuickRulePolicy))


def test_it_finds_what_rasas_own_finds(engine: RasaEngine) -> None:
    policy = _policy(engine)
    chance = random.Random(7)
    intents = [None, "feel_unseen", "affirm", "stop", "ask_kindness", "choose_idea", "no_such_intent"]
    actions = ["action_listen", "action_reflect", "action_begin_pattern", "action_begin_plan", None]
    compared = found = 0
    for lookup in (value for value in policy.lookup.values() if isinstance(value, dict) and value):
        if not all(isinstance(key, str) and key.startswith("[") for key in lookup):
            continue
        for _ in range(300):
            states: list[dict[str, Any]] = []
            for _ in range(chance.randint(1, 6)):
                state: dict[str, Any] = {}
                if (action := chance.choice(actions)) is not None:
                    state["prev_action"] = {"action_name": action}
                if (intent := chance.choice(intents)) is not None:
                    state["user"] = {"intent": intent}
                states.append(state)
            slow = RulePolicy._get_possible_keys(policy, lookup, states)
            assert policy._get_possible_keys(lookup, states) == slow
            compared += 1
            found += bool(slow)
    assert compared >= 300 and found >= 30
