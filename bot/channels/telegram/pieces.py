"""A bubble as messages that Telegram takes: texts of a certain length, pictures and files with captions, buttons."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from telegram.constants import MessageLimit

from bot.conversation.messages import Attachment, Outgoing

__all__ = ["Piece", "in_words", "pieces_of", "split_text"]

#: Two buttons share a row when both titles are at most this long, so that neither is cut off on a narrow phone.
_SHORT_TITLE: Final = 15
#: Numbers stand side by side, so that a scale from 1 to 10 takes two rows; each is wide enough for a thumb.
_TINY_TITLE: Final = 3
_TINY_IN_A_ROW: Final = 5
#: Where a long text may be cut, best first: after a paragraph, a line, a sentence, a word.
_BREAKS: Final = tuple(
    re.compile(pattern) for pattern in (r"\n\s*\n", r"\n", r"[.!?\u2026][\"'\u201d\u2019)]*\s", r"\s")
)


@dataclass(frozen=True)
class Piece:
    """One message of Telegram's.

    Attributes:
        text: at most 4,096 UTF-16 units, or 1,024 under a file.
        entities: how parts of it are shown. Telegram reads no markup in what the coach says: a person's own asterisk or
            angle bracket stays one.
        keyboard: the buttons under it.
        attachment: the file above it.
    """

    text: str
    entities: tuple[MessageEntity, ...] = ()
    keyboard: InlineKeyboardMarkup | None = None
    attachment: Attachment | None = None


def pieces_of(bubble: Outgoing) -> list[Piece]:
    """A bubble in as many messages as it needs; buttons go with the last."""
    text, attachment = bubble.text.strip(), bubble.attachment
    if attachment is None:
        pieces = [Piece(part) for part in split_text(text)]
    else:
        first = _with_caption(text, attachment)
        pieces = [first] if first.text or not text else [first, *map(Piece, split_text(text))]
    return [*pieces[:-1], replace(pieces[-1], keyboard=_keyboard(bubble))] if pieces else []


def in_words(piece: Piece) -> Piece:
    """The same without its file: what that shows is told."""
    if piece.attachment is None:
        return piece
    told = "\n\n".join(part for part in (_own_words(piece), piece.attachment.alt.strip()) if part)
    return Piece(split_text(told)[0], keyboard=piece.keyboard)


def _with_caption(text: str, attachment: Attachment) -> Piece:
    """A file with the words under it. What a picture shows is folded away below, for whoever can't see it."""
    alt = attachment.alt.strip() if attachment.kind == "picture" else ""
    whole = f"{text}\n\n{alt}" if text and alt else text or alt
    if alt and _units(whole) <= MessageLimit.CAPTION_LENGTH:
        folded = MessageEntity(MessageEntity.EXPANDABLE_BLOCKQUOTE, _units(whole) - _units(alt), _units(alt))
        return Piece(whole, (folded,), attachment=attachment)
    return Piece(text if _units(text) <= MessageLimit.CAPTION_LENGTH else "", attachment=attachment)


def _own_words(piece: Piece) -> str:
    """A caption without what is folded away in it."""
    if not piece.entities:
        return piece.text
    return piece.text.encode("utf-16-le")[: 2 * piece.entities[0].offset].decode("utf-16-le").strip()


def _keyboard(bubble: Outgoing) -> InlineKeyboardMarkup | None:
    """The bubble's buttons under its text: two in a row where both are short, up to five where they are tiny."""
    rows: list[list[InlineKeyboardButton]] = []
    for index, title in enumerate(bubble.buttons):
        button = InlineKeyboardButton(title, callback_data=f"{bubble.id}:{index}")
        if rows and _fits(title, [other.text for other in rows[-1]]):
            rows[-1].append(button)
        else:
            rows.append([button])
    return InlineKeyboardMarkup(rows) if rows else None


def _fits(title: str, row: list[str]) -> bool:
    widest = max(map(len, [title, *row]))
    return len(row) < (_TINY_IN_A_ROW if widest <= _TINY_TITLE else 2 if widest <= _SHORT_TITLE else 1)


def split_text(text: str, limit: int = MessageLimit.MAX_TEXT_LENGTH) -> list[str]:
    """Cut a text into parts of at most `limit` UTF-16 units, after a paragraph, line, sentence or word if it can be."""
    parts = []
    rest = text.strip()
    while _units(rest) > limit:
        # A character outside of the basic plane may lie across the limit; half of one is no text.
        room = rest.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", errors="ignore")
        cut = _end_of_part(room)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest else parts


def _end_of_part(room: str) -> int:
    """Where to cut: after the last good break in the second half of the room, so that no part is a mere scrap."""
    for pattern in _BREAKS:
        ends = [found.end() for found in pattern.finditer(room) if found.end() > len(room) // 2]
        if ends:
            return ends[-1]
    return len(room)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
