"""The guided conversations that ship: each is well, comes to an end whatever is answered, and has its side roads."""

from __future__ import annotations

import random
import re

import pytest

from bot.safety.gate import Gate
from bot.safety.verdict import Level
from bot.scripts.checker import check_text
from bot.scripts.folder import SHIPPED, read_file, scripts_in
from bot.scripts.known import known_beside, library
from bot.scripts.running import Running
from bot.scripts.suggesting import LONGEST_TITLE
from bot.scripts.tree import Ask, is_side_roads, steps_of
from bot.settings import PROJECT
from bot.understanding.minilm import encode
from tests.scripts.random_scripts import Family
from tests.scripts.walking import COMMANDS, Walk, answer_to, words

OWN = {name: file for file in sorted(SHIPPED.glob("*.txt")) for name in [read_file(file).splitlines()[0][8:]]}
GUIDED = sorted(name for name, script in scripts_in(SHIPPED).items() if not is_side_roads(script))
FAMILY = {name: read_file(file) for name, file in OWN.items()}


def walk(name: str, *, locked: bool = False) -> Walk:
    return Walk(Family(name, FAMILY), code="", locked=locked)


def said(one: Walk) -> str:
    return " ".join(bubble.text for bubble in one.said.bubbles)


@pytest.mark.parametrize("name", OWN)
def test_it_is_well(name: str) -> None:
    assert check_text(FAMILY[name], known_beside())[1] == ()


@pytest.mark.parametrize("name", GUIDED)
def test_it_comes_to_an_end_whatever_is_answered(name: str) -> None:
    for seed in range(40):
        chance = random.Random(seed)
        one = walk(name)
        for turn in range(300):
            if one.done:
                break
            one.hear(answer_to(one.said.bubbles, bool(one.state.get("picked")), chance, tired=turn > 40))
            assert len(one.said.bubbles) <= 2
        assert one.done, f"no end with seed {seed}"


@pytest.mark.parametrize("name", GUIDED)
@pytest.mark.parametrize("command", COMMANDS)
def test_stop_pause_back_skip_and_why_work_at_every_first_question(name: str, command: str) -> None:
    one = walk(name)
    one.hear(command)
    assert one.said.bubbles, "something is said"
    assert one.done or command != "stop"
    assert not one.done or command in ("stop", "skip")


@pytest.mark.parametrize("name", ["The pattern", "Bids", "Say it gently", "Curiosity", "Good news"])
def test_what_aims_at_the_partner_is_left_out_for_somebody_who_is_afraid(name: str) -> None:
    one = walk(name, locked=True)
    assert one.done and one.said.bubbles[0].text in words().texts["not_now"]


def test_company_in_an_hour_that_hurts_is_there_for_everybody() -> None:
    assert not walk("Lonely now", locked=True).done


ROADS = {
    "sorry, i'm crying now": "no hurry|staying",
    "he's just like that": "leave that open|groove",
    "i've got chemo on monday": "worst day|rest counts",
    "there is a newborn in the house": "two minutes|half a sentence",
    "we live in different countries": "by phone|words have to do more",
    "i'm so angry i could scream": "anger belongs|no blame",
    "it only got worse": "the other way",
    "he won't talk about it": "can't make anyone|needs their yes",
    "he cheated on me in may": "deep cut",
    "my dad died in autumn": "your loss|great deal to carry",
    "i still love her": "hope in that|leans that way",
    "i want a divorce": "yours to decide|where this leads",
}


@pytest.mark.parametrize(("told", "sign"), ROADS.items())
def test_what_somebody_tells_in_the_middle_is_answered_with_their_own_words(told: str, sign: str) -> None:
    one = walk("The pattern")
    one.hear(f"at dinner, and {told}")
    assert told in said(one)
    assert re.search(sign, said(one))
    assert not one.done


def test_a_side_road_is_taken_once() -> None:
    one = walk("The pattern")
    one.hear("at dinner, i was crying")
    first = said(one)
    one.hear("still crying, and small")
    assert "no hurry" in first or "staying" in first
    assert "no hurry" not in said(one) and "I'm staying" not in said(one)


def test_no_button_of_ours_is_taken_for_danger() -> None:
    gate = Gate.load(PROJECT / "data", encode)
    titles = {
        choice.title
        for script in scripts_in(SHIPPED).values()
        for section in script.sections
        for step in steps_of(section.steps)
        if isinstance(step, Ask)
        for choice in step.choices
    }
    titles |= {idea.title for idea in library().suggestions if len(idea.title) <= LONGEST_TITLE}
    # What says that somebody isn't safe is heard, and asked about.
    heard = {title for title in titles if gate.listen(title, ours=True).verdict.level is not Level.clear}
    assert heard == {"Afraid of them", "I'm not safe"}


def test_after_it_got_worse_one_may_leave_it_for_today() -> None:
    one = walk("The pattern")
    one.hear("at dinner, it only got worse")
    one.hear("Leave it for today")
    assert one.done


def test_a_few_words_mean_the_example_below_a_free_text() -> None:
    one = walk("Bids")
    one.hear("none")
    assert "wear a coat" in said(one)


def test_words_that_say_more_than_the_example_are_kept_as_they_are() -> None:
    one = walk("Plan")
    one.hear("tomorrow morning")
    assert one.state["answers"]["when"] == "tomorrow morning"


def test_an_example_that_holds_the_word_stop_is_an_answer() -> None:
    one = walk("Lonely now")
    heard = Running(one.state, one.world, words()).hear("my head won't stop", meant="stop")
    assert not heard.done and one.state["answers"]["now"] == "My head won't stop"


def test_after_betrayal_one_may_choose_to_be_heard_only() -> None:
    one = walk("The pattern")
    one.hear("at dinner he hid his phone, he cheated on me last year")
    one.hear("Just listen")
    assert one.done and [what for what, _ in one.effects] == ["lead on"]


def test_who_tells_something_instead_of_choosing_is_answered_and_asked_again() -> None:
    one = walk("Bids")
    one.hear("she put her feet on mine")
    one.hear("we used to dance in the kitchen every friday night")
    assert "dance in the kitchen" in said(one)
    assert "It was met" in one.buttons


def test_the_circle_is_handed_on_with_all_its_pieces() -> None:
    one = walk("The pattern")
    for answer in ("he came home late", "small", "hid in the bath", "turned on the tv", "tired out", "two jobs"):
        one.hear(answer)
    (told,) = [values for what, values in one.effects if what == "circle"]
    assert [told[part] for part in ("moment", "felt", "did", "partner_did", "partner_felt", "life")] == [
        "he came home late", "small", "hid in the bath", "turned on the tv", "tired out", "two jobs",
    ]  # fmt: skip


def test_i_dont_know_leaves_a_piece_open_and_back_returns_to_it() -> None:
    one = walk("The pattern")
    one.hear("he came home late")
    one.hear("I don't know")
    assert "felt" not in one.state["answers"]
    asked = said(one)
    one.hear("back")
    assert "Hurt" in one.buttons and said(one) != asked


def test_a_wish_to_stop_in_other_words_stops() -> None:
    one = walk("The pattern")
    heard = Running(one.state, one.world, words()).hear("i don't want to do this any more", meant="stop")
    assert heard.done


def test_three_drafts_come_one_after_the_other_and_one_is_taken() -> None:
    one = walk("Say it gently")
    for answer in ("skip", "on monday he walked past me", "alone", "a hug"):
        one.hear(answer)
    seen = [said(one)]
    for _ in range(2):
        one.hear("Show me another")
        seen.append(said(one))
    assert len(set(seen)) == 3
    assert all("walked past me" in text and "alone" in text and "hug" in text for text in seen)
    one.hear("That's the one")
    assert "hug" in one.state["answers"]["my_words"]


def test_an_own_draft_with_never_in_it_is_offered_softer() -> None:
    one = walk("Say it gently")
    for answer in ("skip", "on monday he walked past me", "alone", "a hug"):
        one.hear(answer)
    one.hear("on monday you never even looked at me, give me a hug")
    assert '"never"' in said(one) and "hardly ever" in said(one)
    one.hear("That's the one")
    assert "hardly ever" in one.state["answers"]["my_words"]


@pytest.mark.parametrize(("reply", "way"), [("oh no, what happened?", "toward"), ("mm", "away"), ("skip", "open")])
def test_a_rehearsed_answer_is_heard_for_what_it_does(reply: str, way: str) -> None:
    one = walk("Bids")
    one.hear("None that I saw")
    one.hear(reply)
    assert one.state["answers"]["my_reply"] == way
