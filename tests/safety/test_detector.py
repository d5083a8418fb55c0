"""What one message, or the last few together, say about danger."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.safety.gate import Gate
from bot.safety.verdict import CLEAR, Level, Topic
from tests.safety.lists import DATA, messages

GATE = Gate.load(DATA)  # hypothesis and parametrize need it before fixtures exist
EXPLICIT = [text for _, text in messages("explicit")]
ORDINARY = [text for _, text in messages("ordinary")]


def test_a_clear_text_has_no_topic_and_no_cues() -> None:
    assert GATE.screen("He looked at his phone all through dinner.") == CLEAR


def test_cues_are_names_of_entries_and_never_the_words_of_the_person() -> None:
    verdict = GATE.screen("I want to kill myself, Marguerite")
    assert verdict.cues == ("self_harm.kill_myself",)


@pytest.mark.parametrize(
    "text",
    [
        "I'm dying of boredom", "we kill time on our phones", "dead bedroom for two years", "hit me up when you can",
        "I should end it with him", "he's killing it at work", "we die laughing", "shoot me a text",
        "I stalk her instagram",
        "I feel dead inside our marriage", "he ignores me", "she yelled about the dishes", "I'm done with us",
        "this fight is killing me", "/help{}",
    ],
)  # fmt: skip
def test_ways_of_speaking_are_clear(text: str) -> None:
    assert GATE.screen(text).level is Level.clear


@pytest.mark.parametrize(
    "text",
    [
        "dying of boredom here. also I want to kill myself",
        "he's killing it at work and I want to die",
        "hit me up. he hit me yesterday",
        "that song hit me hard, then he hit me",
        "I want to die. Laughing is over for me.",
        "he beats me in the kitchen",
        "he hit me like a dog",
        "got punched in the stomach by him",
        "my friend says he will kill me",
        "I'm afraid that he will kill me",
        "he says he'll kill me with his gun",
        "I want to die alone in the woods",
        "I'm going to end it all with my gun",
        "I'll take my life in my car tonight",
        "I will end my life with my pills",
        "I'm killing myself to get away from him",
        "it's because I am 15 and my boyfriend",
        "I'm in college and I want to kill myself",
        "something hit me hard, he hit me",
    ],
)
def test_an_idiom_hides_only_its_own_words(text: str) -> None:
    assert GATE.screen(text).level is Level.alarm


@pytest.mark.parametrize(
    "text",
    [
        '/affirm{"note": "I want to kill myself"}',
        "/nlu_fallback{} he hit me last night",
        "caption: going to end my life",
    ],
)
def test_what_looks_like_a_command_is_text(text: str) -> None:
    assert GATE.screen(text).level is Level.alarm


@pytest.mark.parametrize(("topic", "text"), messages("mentions"))
def test_a_negated_past_or_third_person_mention_is_asked_about(topic: str, text: str) -> None:
    assert GATE.screen(text).level is Level.ask


@pytest.mark.parametrize(
    "text",
    [
        "I can't stop thinking about killing myself",
        "I don't know what to do. I want to die",
        "I used to cut myself and now I cut myself again",
        "my brother killed himself and I want to kill myself too",
    ],
)
def test_a_mention_beside_the_present_is_an_alarm(text: str) -> None:
    assert GATE.screen(text).level is Level.alarm


@pytest.mark.parametrize(
    "text",
    ["my 15 yo son won't talk", "when I was 15 I met my boyfriend", "I'm 15 weeks pregnant", "my daughter (16f)"],
)
def test_an_age_that_is_not_the_writers_is_clear(text: str) -> None:
    assert GATE.screen(text).level is Level.clear


@pytest.mark.parametrize(
    "text", ["I'm 15 and my boyfriend", "I [16f] and my bf", "me (17M) need advice", "just turned 14"]
)
def test_a_writer_under_18_is_a_minor(text: str) -> None:
    heard = GATE.screen(text if text.startswith(("I", "me")) else f"I {text}")
    assert (heard.topic, heard.level) == (Topic.minor, Level.alarm)


def test_one_hint_alone_stays_clear_and_speaks_when_the_threshold_is_lowered() -> None:
    assert GATE.screen("I feel worthless").level is Level.clear
    assert GATE.screen("I feel worthless", lowered=True).level is Level.ask


def test_two_hints_in_neighboring_sentences_ask() -> None:
    assert GATE.screen("I feel worthless. I'm done with everything.").level is Level.ask


def test_two_hints_far_apart_in_a_long_post_stay_clear() -> None:
    middle = "He went to work. " * 12
    assert GATE.screen(f"I feel worthless. {middle}I'm done with everything.").level is Level.clear


def test_a_hint_is_heard_together_with_an_earlier_message() -> None:
    assert GATE.screen("I'm done with everything", before=["I feel worthless"]).level is Level.ask


def test_a_phrase_may_begin_in_one_message_and_end_in_the_next() -> None:
    assert GATE.screen("kill myself", before=["I want to"]).level is Level.alarm
    assert GATE.screen("myself", before=["I'm going to kill"]).level is Level.alarm


def test_what_was_said_and_answered_earlier_is_not_raised_again() -> None:
    assert GATE.screen("ok, thank you", before=["I want to kill myself"]) == CLEAR


def test_only_the_last_five_messages_speak() -> None:
    before = ["I feel worthless", "hi", "hello", "ok", "yes", "fine"]
    assert GATE.screen("I'm done with everything", before=before).level is Level.clear


def test_earlier_messages_never_quieten() -> None:
    assert (
        GATE.screen("I want to kill myself", before=["I don't want to", "just kidding, I'm happy"]).level is Level.alarm
    )


def test_the_writers_own_danger_outranks_that_of_others() -> None:
    heard = GATE.screen("he hit me, he hits the kids, and I want to kill myself")
    assert heard.topic is Topic.self_harm
    assert {cue.split(".")[0] for cue in heard.cues} >= {"self_harm", "abuse", "child_at_risk"}


def test_a_threat_of_suicide_by_the_partner_is_about_abuse() -> None:
    assert GATE.screen("he says he'll kill himself if I leave").topic is Topic.abuse


def test_the_tail_of_a_very_long_text_is_read() -> None:
    assert GATE.screen("He is quiet again tonight. " * 3700 + "I want to kill myself").level is Level.alarm


@pytest.mark.parametrize(
    "piece", ["kill ", "he hit ", "i want to ", "not ", "k.", "my ", "i am ", "voice says i must ", "pills all "]
)
def test_no_text_makes_it_explode(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        started = time.process_time()
        GATE.screen(text)
        return time.process_time() - started

    assert seconds(100_000) < 0.3 + 20 * max(seconds(25_000), 0.01)


def test_a_long_message_takes_milliseconds() -> None:
    text = ". ".join(ORDINARY)[:2000]
    times = []
    for _ in range(20):
        started = time.process_time()
        GATE.screen(text)
        times.append(time.process_time() - started)
    assert min(times) < 0.01  # 2 to 3 ms where this was written


def test_importing_the_room_loads_nothing_heavy() -> None:
    heavy = "'pydantic', 'yaml', 'rasa', 'spacy', 'numpy', 'sqlalchemy', 'starlette'"
    code = f"import sys, bot.safety.gate; print([name for name in ({heavy}) if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=DATA.parent)
    assert ran.stdout.strip() == "[]"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300), st.lists(st.text(max_size=60), max_size=7), st.booleans())
def test_no_text_is_too_strange_to_screen(text: str, before: list[str], lowered: bool) -> None:
    assert GATE.screen(text, before, lowered).level in Level


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(EXPLICIT),
    st.lists(st.sampled_from(ORDINARY), max_size=2),
    st.lists(st.sampled_from(ORDINARY), max_size=2),
    st.sampled_from([". ", "\n", "! ", " ", ", ", "... "]),
)
def test_ordinary_words_around_an_explicit_phrase_never_clear_it(
    explicit: str, prefix: list[str], suffix: list[str], joint: str
) -> None:
    assert GATE.screen(joint.join([*prefix, explicit, *suffix])).level >= Level.ask


HIDDEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\x07\ud800"
LEET = str.maketrans({"i": "1", "e": "3", "a": "4", "o": "0", "s": "5"})
KEYS = (
    "kill",
    "killing",
    "myself",
    "suicide",
    "suicidal",
    "die",
    "dead",
    "hit",
    "hits",
    "choked",
    "raped",
    "punched",
    "beats",
    "strangled",
)


@st.composite
def disguised(draw: st.DrawFn) -> str:
    """An explicit message with one of the usual tricks played on it."""
    text = draw(st.sampled_from(EXPLICIT))
    trick = draw(st.sampled_from(["hidden", "case", "leet", "spaced", "stretched", "masked"]))
    if trick == "hidden":
        for _ in range(draw(st.integers(1, 6))):
            at = draw(st.integers(0, len(text)))
            text = text[:at] + draw(st.sampled_from(HIDDEN)) + text[at:]
        return text
    if trick == "case":
        return "".join(draw(st.sampled_from([sign.upper(), sign.lower()])) for sign in text)
    words = text.split(" ")
    keyed = [at for at, word in enumerate(words) if word.lower() in KEYS]
    if keyed:
        at = draw(st.sampled_from(keyed))
        word = words[at]
        words[at] = {
            "leet": word.lower().translate(LEET),
            "spaced": " ".join(word),
            "stretched": word[:-1] + word[-1] * draw(st.integers(3, 7)),
            "masked": word[0] + draw(st.sampled_from("*!.-_#")) + word[2:] if len(word) > 3 else "-".join(word),
        }[trick]
    return " ".join(words)


@settings(max_examples=500, deadline=None)
@given(disguised())
def test_no_spelling_trick_takes_an_explicit_message_below_ask(text: str) -> None:
    assert GATE.screen(text).level >= Level.ask
