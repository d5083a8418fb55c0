"""What somebody tells is heard, through the trained coach: not cheered, not taken for a wish, not lost."""

from __future__ import annotations

import pytest
import yaml

from actions.common import shelf
from actions.reflecting import reflections
from bot.settings import PROJECT
from tests.actions.conftest import Talk

RESPONSES = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))["responses"]
REFLECTIONS = reflections().all
SCRIPT_WORDS = yaml.safe_load((PROJECT / "data" / "scripts" / "words.yml").read_text(encoding="utf-8"))


def says(response: str, answers: list[str]) -> bool:
    """Whether the answers hold a wording of the response."""
    pieces = (str(wording["text"]).split("}")[-1].strip('" ') for wording in RESPONSES[response])
    return any(piece in answer for piece in pieces if piece for answer in answers)


def reflects(situations: set[str], answers: list[str]) -> bool:
    """Whether the answers hold a reflection for one of the situations."""
    lines = (line for line in REFLECTIONS if line.situation in situations)
    return any(line.text.split("{")[0] in answer for line in lines for answer in answers)


def cheers(answers: list[str]) -> bool:
    """Whether the answers hold a reply to good news."""
    replies = [reply.text.replace("{partner}", "your partner") for reply in shelf().good_news]
    return any(reply in answer for reply in replies for answer in answers)


STARTED = ("my husband hardly talks to me", "[No, only for now]", "[Skip this]")


@pytest.mark.parametrize(
    "sad",
    [
        "Last Sunday I was crying in the kitchen and he walked past me to get a beer",
        "friday. i said i was sad and he said 'again?'",
        "Today I wrote I love you and got back get milk",
        "my birthday, i think. when i opened the voucher",
        "last night i ate dinner alone again while he was in the study",
        "I wanted him to notice that I was there",
        "we had dinner together, that's all, and it was quiet again",
        "i had cooked, the good plates and everything",
    ],
)
def test_a_sad_scene_is_not_cheered(talk: Talk, sad: str) -> None:
    assert not cheers(talk(*STARTED, sad))


def test_real_good_news_is(talk: Talk) -> None:
    good = "guess what, he left me a note on the coffee machine this morning!"
    assert cheers(talk(*STARTED, good))


@pytest.mark.parametrize(
    "answer",
    [
        "somebody asking how i am",
        "someone to eat with",
        "a good night kiss",
        "that one of us had started",
        "i can't stop picturing it",
        "sundays are long",
        "that I had looked",
        "he said what do you want from me",
        "i wrote it but i didn't send it",
    ],
)
def test_the_answer_to_the_coachs_own_question_is_said_back(talk: Talk, answer: str) -> None:
    said = talk(*STARTED, answer)
    assert answer.split()[-1] in said[0]
    assert reflects({line.situation for line in REFLECTIONS}, said[:1])


@pytest.mark.parametrize(
    ("wish", "response"),
    [
        ("stop", "say_left_exercise"),
        ("delete everything", "say_ask_forget"),
        ("help", "say_help"),
        ("are you a bot", "utter_bot_challenge"),
    ],
)
def test_a_plain_wish_is_still_one_while_the_coach_waits_for_an_answer(talk: Talk, wish: str, response: str) -> None:
    assert says(response, talk(*STARTED, wish))


@pytest.mark.parametrize(
    "first",
    [
        "i feel invisible",
        "my husband and i have grown apart",
        "my wife and i are like ships passing in the night",
        "we are like roommates",
        "i'm the only one who tries",
    ],
)
def test_the_heart_of_it_is_understood_as_a_first_message(talk: Talk, first: str) -> None:
    assert reflects({"unseen", "lonely", "parallel_lives", "effort"}, talk(first))


@pytest.mark.parametrize(
    ("blame", "about"),
    [
        ("he is such a narcissist", {"partner_blame"}),
        ("she doesn't care about me at all", {"partner_blame"}),
        ("it's all my fault, i pushed him away", {"self_blame"}),
    ],
)
def test_blame_is_led_to_the_feeling_and_the_need_and_not_repeated_as_a_fact(
    talk: Talk, blame: str, about: set[str]
) -> None:
    said = talk(*STARTED, blame)
    assert reflects(about, said)
    assert blame.split(",")[0][1:] in said[0].split('"')[1], "in the person's own words, between quotation marks"


def test_a_long_post_is_summed_up_and_stays_one_bubble(talk: Talk) -> None:
    post = (
        "We've been together ten years. He used to write me little notes. Now he comes home, eats and plays games. "
        "I put the kids to bed alone. Last week I asked him to come for a walk and he said maybe tomorrow. "
        "I cried in the car. My mother says all men are like that. I don't want to leave him. "
        "I just want him to ask me something about my day."
    )
    said = talk(*STARTED, post)
    assert len(said[0].split()) <= 50
    assert said[0].count(".") >= 3


def test_nothing_of_what_was_understood_is_said_in_fear_and_after_an_alarm(talk: Talk) -> None:
    said = talk(*STARTED, "i want to kill myself", "yes", "he just sits there with his phone")
    assert says("say_reflect_safe", said)
    assert not reflects({line.situation for line in REFLECTIONS}, said)


@pytest.mark.parametrize(
    "wish",
    ["i don't want to talk about this any more", "can we talk about something else", "i don't want to plan this"],
)
def test_a_wish_to_stop_is_not_kept_as_an_answer(talk: Talk, wish: str) -> None:
    said = talk("/pattern", "he came home late", wish)
    assert any(word in line for word in SCRIPT_WORDS["stopped"] for line in said)


def test_a_thank_you_in_the_pattern_is_no_feeling(talk: Talk) -> None:
    said = talk("/pattern", "he came home late", "thank you")
    assert says("utter_thanks", said)
    assert "second" in said[1] or "went through you" in said[1], "the question waits"


def test_the_smaller_plan_is_the_one_that_is_planned(talk: Talk) -> None:
    offered = talk("/kindness")
    title = offered[-1].split("[")[1].split("]")[0]
    plan = (f"[{title}]", "yes", "tonight", "at home", "yes", "-- 25 hours later --", "[Open it]")
    talk(*plan)
    smaller = talk("[It didn't happen]")[0].split("? ")[-1].split(": ")[-1].rstrip(".")
    assert smaller in talk("[Yes, plan that]", "tomorrow", "at home")[0]


def test_not_knowing_when_leaves_the_plan_open(talk: Talk) -> None:
    said = talk("/kindness", "the first one", "yes", "i don't know", "i don't know")
    assert any("when the moment is there" in line for line in said)
    assert not any("left open" in line for line in said)


def test_no_to_turning_toward_brings_the_other_ways_and_no_kindness(talk: Talk) -> None:
    assert says("say_offer_steps", talk("/help", "[A regular check-in]", "no"))


def test_a_maybe_throws_no_idea_away(talk: Talk) -> None:
    assert says("say_can_wait", talk("/kindness", "the second one", "maybe"))
    assert any("hen could it be" in line or "be a good time" in line for line in talk("yes"))


def test_yes_to_three_ideas_asks_which(talk: Talk) -> None:
    assert says("say_ask_which", talk("/kindness", "yes"))
    assert says("say_ask_plan", talk("the last one"))


def test_a_skipped_piece_is_left_out_of_the_circle(talk: Talk) -> None:
    said = talk("/pattern", "he came home late", "skip", "i went to bed", "skip", "skip", "work")
    assert any('"He came home late."' in line and '"I went to bed."' in line for line in said)
    assert not any("left open" in line or "You feel" in line for line in said)


def test_a_message_in_another_script_is_told_so(talk: Talk) -> None:
    assert says("say_other_language", talk("אני מרגישה לבד ליד בעלי"))


def test_the_reply_of_the_library_stands_in_quotes_once(talk: Talk) -> None:
    said = talk("/help", "[Turn toward each other]", "he sighed when he sat down", "[I don't know]", "mm")
    assert "toward" in said[0] or "not now" in said[0] or "moment pass" in said[0]
    assert '""' not in " ".join(said)


def test_no_gets_no_push(talk: Talk) -> None:
    assert says("say_no_need", talk(*STARTED, "no"))
