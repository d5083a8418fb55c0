"""The same pain on another day: noticed for somebody who is remembered, and said kindly, and not often."""

from __future__ import annotations

from typing import Any, Dict, Final, List, Text

from bot.memory.turn import Turn

__all__ = ["comes_again"]

_KEY: Final = "pains"
#: Themes that hurt; of others it would be odd to say that they come again.
_PAINS: Final = frozenset(
    "unseen lonely conflict only_logistics parallel_lives screens no_affection no_intimacy effort silence unheard "
    "unappreciated criticism withdrawal self_blame betrayal leaving grief invisible sad empty".split()
)
#: A new day of talk begins after so long, in seconds.
_DAY: Final = 12 * 3600.0
#: On how many earlier days a pain was told before it is said that it comes again.
_BEFORE: Final = 2
#: It is said once in so long, in seconds; what is older than half a year is let go.
_SELDOM: Final = 14 * 86400.0
_KEPT: Final = 182 * 86400.0


def comes_again(turn: Turn, themes: List[Text]) -> bool:
    """Notes what hurts today, and whether it is time to say that it has come before.

    Only names of themes and times are kept, encrypted like all else, and only of somebody who agreed to be remembered.
    """
    if not turn.consented or turn.locked or turn.shaken:
        return False
    kept: Dict[Text, Any] = turn.recall(_KEY) or {"days": {}, "said": 0.0}
    returns = False
    for theme in _PAINS.intersection(themes):
        days: List[float] = [at for at in kept["days"].get(theme, []) if turn.now - at < _KEPT]
        if not days or turn.now - days[-1] > _DAY:
            returns = returns or len(days) >= _BEFORE
            days.append(turn.now)
        kept["days"][theme] = days[-8:]
    returns = returns and turn.now - float(kept["said"]) > _SELDOM
    if returns:
        kept["said"] = turn.now
    if _PAINS.intersection(themes):
        turn.remember(_KEY, kept)
    return returns
