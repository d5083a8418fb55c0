"""Buttons, pictures and files in the shapes that Rasa's own channels give them, so that its widgets show them."""

from __future__ import annotations

import base64
from typing import Any

from bot.conversation.messages import Outgoing
from bot.memory.attachments import Attachment

__all__ = ["attached", "buttons", "utterances"]


def utterances(bubble: Outgoing) -> list[dict[str, Any]]:
    """A bubble as Rasa's Socket.IO channel sends it: a picture first, by itself, because widgets count keys.

    A file is left out: Rasa has no shape for one that its widgets could show.
    """
    words: dict[str, Any] = {"text": bubble.text}
    if bubble.buttons:
        words["quick_replies"] = [{"content_type": "text", **button} for button in buttons(bubble)]
    if bubble.attachment is not None and bubble.attachment.kind == "picture":
        return [{"attachment": attached(bubble.attachment)}, words]
    return [words]


def buttons(bubble: Outgoing) -> list[dict[str, str]]:
    """The buttons. The payload is the title: a typed title works like a tap, so whoever knows no more can answer."""
    return [{"title": title, "payload": title} for title in bubble.buttons]


def attached(attachment: Attachment) -> dict[str, Any]:
    """A picture or a file with its bytes as a data address.

    An address on the server would have to be signed, would end, and would stand in logs and histories; these bytes come
    over the person's own connection and are gone with the page.
    """
    content = base64.b64encode(attachment.content).decode("ascii")
    payload = {
        "src": f"data:{attachment.media_type};base64,{content}",
        "title": attachment.name,
        "alt": attachment.alt,
    }
    return {"type": "image" if attachment.kind == "picture" else "file", "payload": payload}
