"""What several readers of a parsed sentence ask: who is the subject of a verb, is it tensed, what stands in quotes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["SUBJECT", "TENSED", "is_tensed", "own_subject", "quoted", "unquoted"]

TENSED: Final = frozenset({"VBD", "VBP", "VBZ", "MD"})
SUBJECT: Final = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
_HELPS: Final = ("aux", "auxpass")


def is_tensed(verb: Token) -> bool:
    """Whether the verb, or a helper of it, has a tense."""
    return verb.tag_ in TENSED or any(child.tag_ in TENSED and child.dep_ in _HELPS for child in verb.children)


def own_subject(verb: Token) -> Token | None:
    """The subject that hangs on this very verb."""
    return next((child for child in verb.children if child.dep_ in SUBJECT), None)


def quoted(span: Sequence[Token]) -> frozenset[Token]:
    """The tokens between quotation marks, and the marks."""
    inside, found = False, set()
    for token in span:
        if token.text == '"':
            inside = not inside
            found.add(token)
        elif inside:
            found.add(token)
    return frozenset(found)


def unquoted(span: Sequence[Token]) -> list[Token]:
    """The tokens that are the writer's own."""
    others = quoted(span)
    return [token for token in span if token not in others]
