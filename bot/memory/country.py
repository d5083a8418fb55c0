"""In which country a person lives, as they said it and for their helplines only; it is guessed from nothing."""

from __future__ import annotations

from bot.memory.turn import COUNTRY, Turn

__all__ = ["country_of", "keep_country", "may_ask_country", "note_country_asked", "was_asked_country"]

#: In the conversation's state: the question was asked, or is answered without it.
_ASKED = "country_asked"


def country_of(turn: Turn) -> str | None:
    """The code of two letters, where the person has said it."""
    known = turn.recall(COUNTRY) or turn.state.get(COUNTRY)
    return str(known) if known else None


def may_ask_country(turn: Turn) -> bool:
    """Whether the welcome asks for it: once, never where it is known, and not where nothing is to be asked."""
    asked = bool(turn.state.get(_ASKED)) or country_of(turn) is not None
    return not (asked or turn.buttons_only or turn.locked or turn.shaken)


def note_country_asked(turn: Turn) -> None:
    """It was asked; it isn't asked again, whatever is answered."""
    turn.state[_ASKED] = True


def was_asked_country(turn: Turn) -> bool:
    """Whether the person knows what the coach wants a country for."""
    return bool(turn.state.get(_ASKED))


def keep_country(turn: Turn, code: str) -> None:
    """Go by it from now on; for this conversation only, where the person doesn't want to be remembered."""
    note_country_asked(turn)
    if turn.consented:
        turn.remember(COUNTRY, code)
        turn.state.pop(COUNTRY, None)
    else:
        turn.state[COUNTRY] = code
