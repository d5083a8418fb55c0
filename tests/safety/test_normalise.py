"""Spelling tricks fold away, ordinary words stay."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.safety.normalise import _SPELLINGS, fold


@pytest.mark.parametrize(
    "trick",
    [
        "k.ll myself", "k!ll myself", "k*ll myself", "k1ll mys3lf", "KILL MYSELF", "kill my self", "k i l l myself",
        "k i l l m y s e l f", "k-i-l-l myself", "kiiiill myself", "kms", "unalive myself", "kill myslef",
        "ki\u200bll my\u00adself", "ｋｉｌｌ myself",
        "kіll mуself", "#killmyself", "k\u0336i\u0336l\u0336l\u0336 myself",
        "kill\ud800 myself", "killl mysefl", "κill myself",
    ],
)  # fmt: skip
def test_every_way_to_disguise_the_words_comes_out_the_same(trick: str) -> None:
    assert fold(trick) == "kill myself"


@pytest.mark.parametrize("trick", ["su1cide", "s u i c i d e", "sewerslide", "s**cide", "$uicide", "su!c!de"])
def test_suicide_is_read_through_its_masks(trick: str) -> None:
    assert fold(trick) == "suicide"


def test_contractions_are_written_out() -> None:
    assert fold("I'm done, he'll go, don't, can’t, she's my husband's") == (
        "i am done he will go do not can not she is my husband"
    )


def test_sentences_end_in_a_dot_of_their_own() -> None:
    assert fold("Stop it!! Now.Please\nok?") == "stop it . now . please . ok"


@pytest.mark.parametrize(
    "text", ["i 16f", "willing drying hunting sitting skilled", "2nd b4 3am", "be at home", "he shot skeet", "so much"]
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert fold(text) == text


def test_what_a_spelling_means_is_itself_plain() -> None:
    for line in _SPELLINGS.strip().splitlines():
        meant = line.partition(":")[0].strip()
        assert fold(meant) == meant


PIECES = st.sampled_from(
    [
        "kill",
        "k.ll",
        "s u i",
        "cide",
        "i'm",
        "don't",
        "'",
        ".",
        "!",
        "a",
        "u",
        "n",
        "my",
        "self",
        "1",
        "0",
        "diiie",
        "\u200b",
        "ά",
        " ",
        "\n",
    ]
)


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80), st.lists(PIECES, max_size=14).map("".join), st.lists(PIECES, max_size=14).map(" ".join)
    )
)
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


@pytest.mark.parametrize("piece", ["a", "a ", "k.", "'", "iwanttodie", "i want to ", "\u200bk", "di", "!1"])
def test_a_hundred_thousand_signs_take_time_in_proportion(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        started = time.process_time()
        fold(text)
        return time.process_time() - started

    assert seconds(100_000) < 0.2 + 20 * max(seconds(25_000), 0.01)
