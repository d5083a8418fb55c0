"""Who is spoken of: the partner, a child, other people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["PARTNER", "Who", "is_human", "who"]

Who = Literal["self", "partner", "both", "child", "other", "thing", "unsure"]

PARTNER: Final = frozenset({
    "husband", "wife", "partner", "boyfriend", "girlfriend", "fiancé", "fiancée", "fiance", "spouse", "bf", "gf",
    "hubby", "dh", "dw", "man", "ex",
})  # fmt: skip
_CHILD: Final = frozenset("kid child son daughter baby toddler newborn boy girl infant teen teenager twin".split())
_OTHER: Final = frozenset({
    "mother", "father", "mom", "mum", "dad", "sister", "brother", "friend", "boss", "colleague", "coworker",
    "co-worker", "therapist", "neighbour",
    "neighbor", "mil", "fil", "parent", "family", "aunt", "uncle", "cousin", "doctor", "counselor", "counsellor",
    "everyone", "everybody", "people",
    "someone", "somebody", "nobody", "woman", "person", "roommate", "manager", "teacher", "grandmother", "grandma",
    "mate", "stranger", "waiter",
})  # fmt: skip
_HE: Final = frozenset(
    "father dad brother son boss uncle man boy friend colleague coworker therapist doctor counselor fil "
    "boyfriend husband".split()
)
_SHE: Final = frozenset(
    "mother mom mum sister daughter boss aunt woman girl friend colleague coworker therapist doctor counselor "
    "mil girlfriend wife".split()
)


def is_human(noun: Token) -> bool:
    """Whether the noun is a word for people."""
    return noun.lemma_.lower() in PARTNER | _CHILD | _OTHER


def who(subject: Token, told: Doc) -> Who:
    """Whom the subject of a verb names; "unsure" where a "he" or "she" could be somebody else than the partner."""
    word = subject.lower_
    if word == "i":
        return "self"
    if word == "we":
        return "both"
    if word in ("he", "she", "they"):
        return "unsure" if _another(word, subject, told) else "partner"
    lemma = subject.lemma_.lower()
    joined = {child.lower_ for child in subject.children if child.dep_ == "conj"}
    if joined and (word in ("me", "i") or joined & {"i", "me"}):
        return (
            "both"
            if lemma in PARTNER or any(child.lemma_.lower() in PARTNER for child in subject.children)
            else "other"
        )
    if lemma in PARTNER:
        return "partner" if any(child.lower_ in ("my", "the") for child in subject.children) else "other"
    if lemma in _CHILD:
        return "child"
    return "other" if lemma in _OTHER or subject.pos_ == "PROPN" else "thing"


def _another(pronoun: str, subject: Token, told: Doc) -> bool:
    """Whether somebody else, whom the pronoun would fit, was named since the partner was."""
    fits = {"he": _HE, "she": _SHE}.get(pronoun, _CHILD | _OTHER)
    for token in reversed(told[: subject.i]):
        lemma = token.lemma_.lower()
        if lemma in PARTNER and lemma in fits | {"partner", "spouse", "dh", "dw", "hubby", "fiance", "fiancé"}:
            return False
        if lemma in fits and lemma not in PARTNER and token.dep_ != "compound":
            return True
    return False
