"""A web session is proven by its token, and by nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.sessions import Sessions

SECRET = b"sixteen bytes or more of it"


def test_a_tab_that_comes_back_is_the_same_person() -> None:
    session = Sessions(SECRET).new()

    assert Sessions(SECRET).open(session.token) == session.id


def test_no_two_people_get_the_same_session() -> None:
    sessions = Sessions(SECRET)

    assert len({sessions.new().id for _ in range(1000)}) == 1000


def test_a_token_of_another_server_opens_nothing() -> None:
    foreign = Sessions(b"the secret of somebody else").new()

    assert Sessions(SECRET).open(foreign.token) is None


def test_a_signature_opens_only_the_session_it_was_made_for() -> None:
    sessions = Sessions(SECRET)
    mine, theirs = sessions.new(), sessions.new()

    assert sessions.open(f"{theirs.id}.{mine.token.split('.')[1]}") is None


@pytest.mark.parametrize("position", [0, 21, 23, 60, 65])
def test_a_token_with_one_letter_changed_opens_nothing(position: int) -> None:
    sessions = Sessions(SECRET)
    token = sessions.new().token
    other = "A" if token[position] != "A" else "B"

    assert sessions.open(token[:position] + other + token[position + 1 :]) is None


@pytest.mark.parametrize("ending", ["\n", "=", " ", ".", "A"])
def test_a_token_with_something_behind_it_opens_nothing(ending: str) -> None:
    sessions = Sessions(SECRET)

    assert sessions.open(sessions.new().token + ending) is None


@given(
    st.one_of(
        st.none(), st.integers(), st.text(), st.binary(), st.lists(st.text()), st.dictionaries(st.text(), st.text())
    )
)
def test_whatever_a_browser_sends_as_token_opens_nothing_and_breaks_nothing(token: object) -> None:
    assert Sessions(SECRET).open(token) is None


def test_a_secret_that_could_be_guessed_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Sessions(b"short")
