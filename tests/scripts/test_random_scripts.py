"""Whatever a counsellor writes is read, tidied, drawn and lived to its end, and no answer is lost on the way."""

from __future__ import annotations

import json
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.scripts.checker import Known, check_text
from bot.scripts.drawing import pictured
from bot.scripts.formatting import formatted, meaning
from bot.scripts.known import known_beside
from bot.scripts.reading import KEYWORDS, read
from bot.scripts.tree import Ask, Run, Script, steps_of
from tests.scripts.random_scripts import Family, families, seeded_family
from tests.scripts.walking import COMMANDS, Walk, answer_to

#: Turns with any answers; then the client tires and takes what leads on.
AWAKE = 40
MOST_TURNS = 600
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)


def modest(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, suppress_health_check=_SLOW)


def least(walk: Walk) -> int:
    """How many bubbles there are at least: none where the coach goes on by itself."""
    return 0 if any(what in ("plan", "lead on") for what, _ in walk.said.effects) else 1


def scripts_of(family: Family) -> dict[str, Script]:
    return {name: read(text).script for name, text in family.texts.items()}


def errors(family: Family) -> list[str]:
    scripts, shipped = scripts_of(family), known_beside()
    found = []
    for name, text in family.texts.items():
        others = {**shipped.scripts, **{other: script for other, script in scripts.items() if other != name}}
        _, problems = check_text(text, Known(shipped.themes, others, shipped.count))
        found += [f"{name}, line {problem.line}: {problem.text}" for problem in problems if not problem.warning]
    return found


def test_seeds_give_many_sorts_of_scripts_and_every_word_of_the_language() -> None:
    drawn = [seeded_family(seed) for seed in range(100)]
    assert [error for family in drawn for error in errors(family)] == []
    text = "\n".join(text for family in drawn for text in family.texts.values()).casefold()
    assert [word for word in KEYWORDS if word.casefold() not in text] == []
    scripts = [script for family in drawn for script in scripts_of(family).values()]
    assert {len(script.sections) for script in scripts} >= set(range(1, 13))
    steps = [step for script in scripts for section in script.sections for step in steps_of(section.steps)]
    asked = [step for step in steps if isinstance(step, Ask)]
    assert len({step.step for step in steps}) == 19 and len({ask.how for ask in asked}) == 8
    assert any(choice.go_to for ask in asked for choice in ask.choices)
    assert max(map(_depth, drawn)) == 3


@given(families())
@modest(30)
def test_every_random_script_is_well(family: Family) -> None:
    assert errors(family) == []


@given(families())
@modest(30)
def test_tidying_and_drawing_take_every_script(family: Family) -> None:
    for text in family.texts.values():
        tidy = formatted(text)
        assert meaning(tidy) == meaning(text)
        assert formatted(tidy) == tidy
        script = read(text).script
        assert Script.parse_raw(script.json()) == script
        assert pictured(script).svg().count('font-weight="bold"') == len(script.sections)


@given(families(), st.randoms(use_true_random=False), st.booleans(), st.booleans(), st.sampled_from(("code", "")))
@modest(60)
def test_every_script_comes_to_its_end_and_never_says_more_than_two_things_at_once(
    family: Family, chance: random.Random, locked: bool, abroad: bool, code: str
) -> None:
    walk = Walk(family, code=code, locked=locked, abroad=abroad)
    for turn in range(MOST_TURNS):
        said = walk.said.bubbles
        assert least(walk) <= len(said) <= 2, [bubble.text for bubble in said]
        assert all(bubble.text.strip() and "{name}" not in bubble.text for bubble in said)
        if walk.done:
            return
        if walk.state["waiting"] == "timer" and chance.random() < 0.5:
            walk.rings()
        else:
            walk.hear(answer_to(said, bool(walk.state.get("picked")), chance, tired=turn > AWAKE))
    raise AssertionError(f"no end after {MOST_TURNS} turns")


@given(families(), st.randoms(use_true_random=False))
@modest(60)
def test_back_pause_stop_skip_and_why_never_lose_an_answer(family: Family, chance: random.Random) -> None:
    walk = Walk(family)
    for _ in range(AWAKE):
        if walk.done:
            break
        before, place = json.loads(json.dumps(walk.state["answers"])), walk.place
        command = chance.choice(COMMANDS) if chance.random() < 0.4 else ""
        asked = walk.said.bubbles[-1]
        walk.hear(command or answer_to(walk.said.bubbles, bool(walk.state.get("picked")), chance))
        after = walk.state["answers"]
        assert set(before) <= set(after)
        assert least(walk) <= len(walk.said.bubbles) <= 2
        if command in ("stop", "pause"):
            assert after == before and walk.place == place
        if command == "stop":
            assert walk.done
        if command == "pause":
            again = walk.hear("continue")
            assert walk.place == place or place[-1] in ("on", "timer")
            assert again.bubbles[-1].buttons == asked.buttons or place[-1] in ("on", "timer")


def _depth(family: Family) -> int:
    scripts = scripts_of(family)

    def below(name: str) -> int:
        steps = [step for section in scripts[name].sections for step in steps_of(section.steps)]
        return max((1 + below(step.script) for step in steps if isinstance(step, Run)), default=0)

    return below(family.main)
