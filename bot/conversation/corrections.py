"""Messages that were changed after they were sent: the newest is taken back and heard anew, an earlier one is noted.

Somebody who mends a word answers the question of then, not the one that has been asked since. So the tracker, and a
script that runs, go back to where they stood before the message that was changed.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from bot.memory.turn import Turn

__all__ = ["is_the_same", "note_heard", "take_back", "what_it_corrects"]

#: Between the id of a message and what makes the id of its correction another one.
_MARK: Final = ":e"
_HEARD: Final = "heard"


def what_it_corrects(external_id: str) -> str | None:
    """The id of the message that the one of this id corrects; None where the channel doesn't say."""
    corrected, mark, _ = external_id.partition(_MARK)
    return corrected if mark else None


def is_the_same(turn: Turn, text: str) -> bool:
    """Whether one of the last messages had these words already, but for a comma, a capital or a smile."""
    recent: list[str] = turn.state.get("safety", {}).get("recent", [])
    return bool(_words(text)) and _words(text[:1000]) in [_words(earlier) for earlier in recent]


def note_heard(turn: Turn, external_id: str) -> None:
    """Remember which message is answered now, and where a script stands before it."""
    script = turn.state.get("script")
    turn.state[_HEARD] = {"id": what_it_corrects(external_id) or external_id, "script": json.dumps(script)}


def take_back(turn: Turn, external_id: str, heard: dict[str, Any] | None) -> bool:
    """Undo the newest message, if that is what this one corrects; False where it corrects an earlier one.

    Args:
        turn: the turn of the correction.
        external_id: of the correction.
        heard: what `note_heard` noted of the message before.
    """
    if heard is None or what_it_corrects(external_id) != heard["id"]:
        return False
    events: list[dict[str, Any]] = json.loads(turn.conversation.tracker or "[]")
    said = [index for index, event in enumerate(events) if event.get("event") == "user"]
    if said:
        turn.conversation.tracker = json.dumps(events[: said[-1]])
    script = json.loads(heard["script"])
    if script is None:
        turn.state.pop("script", None)
    else:
        turn.state["script"] = script
    return True


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())
