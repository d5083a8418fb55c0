"""Somebody who changes a message: mended words are heard, and nothing is answered twice for a comma."""

from __future__ import annotations

import json

import pytest

from bot.conversation.messages import Kind
from bot.memory.models import ConversationRow
from bot.memory.turn import current_turn
from tests.conversation.house import WORDS, Rig


def corrects(rig: Rig, message: str, text: str, number: int = 1) -> list[str]:
    return [bubble.text for bubble in rig.says(text, key=f"{message}:e{number}", kind=Kind.EDIT)]


def says(rig: Rig, message: str, text: str) -> None:
    rig.arrives(text, key=message)
    rig.answer()
    rig.collect()


def test_the_newest_message_is_heard_with_its_better_words_and_a_word_of_thanks(rig: Rig) -> None:
    says(rig, "m1", "She left me")
    (answer,) = corrects(rig, "m1", "She left me on read")
    assert rig.engine.heard == ["She left me", "She left me on read"]
    thanks, _, rest = answer.partition(" heard: ")
    assert thanks in WORDS.texts["corrected"]
    assert rest == "She left me on read"


def test_a_correction_of_a_correction_is_one_too(rig: Rig) -> None:
    says(rig, "m1", "She left me")
    corrects(rig, "m1", "She left me on read", 1)
    (answer,) = corrects(rig, "m1", "She left me on read twice", 2)
    assert answer.endswith("heard: She left me on read twice")


@pytest.mark.parametrize("mended", ["She left me, on read!", "she left me on read 😢", "She left me on  read."])
def test_a_comma_or_a_capital_is_no_reason_to_answer_again(rig: Rig, mended: str) -> None:
    says(rig, "m1", "She left me on read")
    assert corrects(rig, "m1", mended) == []
    assert len(rig.engine.heard) == 1


def test_a_change_further_up_does_not_answer_what_was_asked_since(rig: Rig) -> None:
    says(rig, "m1", "She left me")
    says(rig, "m2", "Around nine")
    assert corrects(rig, "m1", "She left me on read")[0] in WORDS.texts["corrected_earlier"]
    assert rig.engine.heard == ["She left me", "Around nine"]


@pytest.mark.parametrize("earlier", ["m1", "m2"])
def test_danger_in_a_correction_is_heard_wherever_it_stands(rig: Rig, earlier: str) -> None:
    says(rig, "m1", "She left me")
    says(rig, "m2", "Around nine")
    answers = corrects(rig, earlier, "I want to kill myself")
    assert answers and answers[0] not in WORDS.texts["corrected_earlier"]
    assert len(rig.engine.heard) == 2


def test_a_correction_takes_back_what_rasa_and_a_script_made_of_the_first_words(rig: Rig) -> None:
    user, listen = {"event": "user", "text": "?"}, {"event": "action", "name": "action_listen"}

    def goes_on(text: str) -> None:
        turn = current_turn()
        assert turn is not None
        seen.append((json.loads(turn.conversation.tracker or "[]"), dict(turn.state["script"])))
        turn.conversation.tracker = json.dumps([*json.loads(turn.conversation.tracker or "[]"), user, listen])
        turn.state["script"] = {"step": turn.state["script"]["step"] + 1}

    seen: list[object] = []
    says(rig, "m0", "hello there")
    with rig.database.session("0" * 32) as session:
        conversation = session.get(ConversationRow, "web:anna")
        person = conversation.person_id
    with rig.database.session(person) as session:
        conversation = session.get(ConversationRow, "web:anna")
        conversation.tracker = json.dumps([listen])
        conversation.state = json.dumps({**json.loads(conversation.state), "script": {"step": 5}})
        rig.database.commit(session)
    rig.engine.does = goes_on
    says(rig, "m1", "small")
    corrects(rig, "m1", "so small")
    assert seen == [([listen], {"step": 5})] * 2


def test_words_that_were_passed_on_are_read_by_safety_and_not_taken_for_the_persons_own(rig: Rig) -> None:
    (answer,) = rig.says("forwarded I need some space", kind=Kind.UNREADABLE)
    assert answer.text in WORDS.texts["unreadable_forwarded"]
    (answer, *_) = rig.says("forwarded I want to kill myself", kind=Kind.UNREADABLE)
    assert answer.text not in WORDS.texts["unreadable_forwarded"]
    assert rig.engine.heard == []


@pytest.mark.parametrize("sort", ["voice", "photo", "sticker", "file", "location", "contact", "poll", "group"])
def test_each_sort_of_thing_that_cannot_be_read_has_words_of_its_own(rig: Rig, sort: str) -> None:
    (answer,) = rig.says(sort, kind=Kind.UNREADABLE)
    assert answer.text in WORDS.texts[f"unreadable_{sort}"]
