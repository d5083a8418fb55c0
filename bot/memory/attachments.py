"""A file that goes with a bubble: a picture to look at, or something to keep, such as a date for a calendar."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Literal

__all__ = ["Attachment"]


@dataclass(frozen=True)
class Attachment:
    """One file, on its way to a person together with the words of a bubble.

    Attributes:
        kind: "picture" is shown where the bubble stands; "file" is offered to be saved or opened.
        name: its file name, such as "note.ics". It shows in lists and notifications, so it must tell a bystander
            nothing.
        content: the bytes.
        media_type: such as "image/png" or "text/calendar".
        alt: what it shows, in words, for whoever can't see it; for a file, what it is.
    """

    kind: Literal["picture", "file"]
    name: str
    content: bytes
    media_type: str
    alt: str

    def as_json(self) -> str:
        """All of it as text, to be sealed like the words that it goes with."""
        content = base64.b64encode(self.content).decode("ascii")
        return json.dumps([self.kind, self.name, self.media_type, self.alt, content])

    @classmethod
    def from_json(cls, text: str) -> Attachment:
        """What `as_json` gave."""
        kind, name, media_type, alt, content = json.loads(text)
        return cls(kind, name, base64.b64decode(content), media_type, alt)
