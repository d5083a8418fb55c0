"""What people do in Telegram."""

from __future__ import annotations

import time
from typing import Any

from tests.telegram_double.records import Json
from tests.telegram_double.state import State

__all__ = ["People"]

#: What each sort of message carries, as small as the Bot API's types allow.
_FILE: Json = {"file_id": "file", "file_unique_id": "unique"}
_PICTURE: Json = {**_FILE, "width": 1, "height": 1}
_CONTENTS: dict[str, Json] = {
    "sticker": {"sticker": {**_PICTURE, "type": "regular", "is_animated": False, "is_video": False, "emoji": "🙂"}},
    "photo": {"photo": [_PICTURE]},
    "voice": {"voice": {**_FILE, "duration": 3}},
    "video": {"video": {**_PICTURE, "duration": 3}},
    "video_note": {"video_note": {**_FILE, "length": 1, "duration": 3}},
    "animation": {"animation": {**_PICTURE, "duration": 3}, "document": _FILE},
    "audio": {"audio": {**_FILE, "duration": 3}},
    "document": {"document": _FILE},
    "location": {"location": {"latitude": 1.0, "longitude": 1.0}},
    "contact": {"contact": {"phone_number": "1", "first_name": "Ada"}},
    "dice": {"dice": {"emoji": "🎲", "value": 3}},
    "poll": {
        "poll": {
            "id": "1",
            "question": "Tea?",
            "options": [],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        }
    },
}


class People(State):
    """Persons and groups, who write, tap, block and come back."""

    def user_says(self, chat_id: int, text: str, **more: Any) -> int:
        """A person writes to the bot; `more` are further fields of the message. Returns the message's number."""
        with self._lock:
            return self._from_person(chat_id, {"text": text, "entities": self._entities(text), **more})

    def user_sends(self, chat_id: int, sort: str, caption: str | None = None, **more: Any) -> int:
        """A person sends a sticker, photo, voice, video, document, ... perhaps with a caption."""
        words = {} if caption is None else {"caption": caption, "caption_entities": self._entities(caption)}
        with self._lock:
            return self._from_person(chat_id, {**_CONTENTS[sort], **words, **more})

    def user_sends_sticker(self, chat_id: int) -> int:
        """A person sends a sticker."""
        return self.user_sends(chat_id, "sticker")

    def user_edits(self, chat_id: int, message_id: int, text: str, **more: Any) -> None:
        """A person changes what they wrote."""
        with self._lock:
            message = self._message(chat_id, {"text": text, "entities": self._entities(text), **more}, message_id)
            self._queue("edited_message", {**message, "edit_date": int(time.time())})

    def user_taps(self, chat_id: int, message_id: int, index: int, times: int = 1) -> list[str]:
        """A person taps a button of a bubble as it was sent, once or several times in a row.

        Returns:
            The callback queries' ids.
        """
        buttons = [data for row in self._sent[message_id].rows for _, data in row]
        return [self.user_taps_data(chat_id, message_id, buttons[index]) for _ in range(times)]

    def user_taps_data(self, chat_id: int, message_id: int, data: str, forgotten: bool = False) -> str:
        """A tap with any callback data, as a changed client may send; `forgotten`: Telegram has lost the message."""
        with self._lock:
            query = f"query-{len(self._queries) + 1}"
            self._queries[query] = False
            message: Json = {"chat": self._chat(chat_id), "message_id": message_id, "date": 0}
            if not forgotten:
                message = self._as_message(self._sent[message_id])
            person = self._person(chat_id)
            self._queue(
                "callback_query", {"id": query, "from": person, "message": message, "chat_instance": "1", "data": data}
            )
            return query

    def user_blocks(self, chat_id: int) -> None:
        """A person blocks the bot: nothing that it sends arrives from now on."""
        with self._lock:
            self._blocked.add(chat_id)
            self._queue("my_chat_member", self._membership(chat_id, "member", "kicked"))

    def user_returns(self, chat_id: int) -> None:
        """A person unblocks the bot."""
        with self._lock:
            self._blocked.discard(chat_id)
            self._queue("my_chat_member", self._membership(chat_id, "kicked", "member"))

    def group_says(self, group_id: int, user_id: int, text: str, **more: Any) -> int:
        """Someone writes in a group that the bot is in; ids of groups are negative."""
        with self._lock:
            self._people.add(group_id)
            message = self._message(group_id, {"text": text, "entities": self._entities(text), **more})
            self._queue("message", {**message, "from": self._person(user_id)})
            return int(message["message_id"])

    def knows(self, chat_id: int) -> None:
        """This person wrote to the bot some time ago, so the bot may write to them."""
        with self._lock:
            self._people.add(chat_id)
