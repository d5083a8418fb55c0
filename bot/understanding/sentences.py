"""Splitting what people write into sentences: they end in full stops, in line breaks, in "..." or not at all."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["split_sentences"]

_END: Final = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\s*\n+\s*")
#: A sentence of more words than this is cut at the next comma, dash or "and": nobody means it as one.
_LONG: Final = 45
_JOINT: Final = re.compile(r"\s*[,;–—]\s+|\s+(?=(?:and|but|so|because|then)\s)")
_SHORT: Final = 2


def split_sentences(text: str) -> list[str]:
    """The sentences of a text, in order, trimmed, none empty; a very short one joins the one before it."""
    found: list[str] = []
    for part in (piece.strip() for piece in _END.split(text)):
        if not part:
            continue
        pieces = _at_joints(part) if len(part.split()) > _LONG else [part]
        for piece in pieces:
            if found and len(piece.split()) <= _SHORT:
                found[-1] = f"{found[-1]} {piece}"
            else:
                found.append(piece)
    return found


def _at_joints(sentence: str) -> list[str]:
    pieces: list[str] = []
    for piece in _JOINT.split(sentence):
        if pieces and len(pieces[-1].split()) < _LONG // 3:
            pieces[-1] = f"{pieces[-1]}, {piece}"
        else:
            pieces.append(piece)
    return pieces
