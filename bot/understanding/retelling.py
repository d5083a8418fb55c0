"""Saying a person's sentence back: "I made dinner and he just stayed on his phone" becomes "You made dinner and ...".

Only where grammar is plain. Whatever is doubtful (second-language grammar, a word nobody knows, "you", a question, a
verdict on somebody) is not retold: the caller quotes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.understanding.doubts import is_doubtful
from bot.understanding.grammar import SUBJECT, is_tensed, own_subject, quoted
from bot.understanding.verdicts import judges

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["Clause", "clauses", "retold"]

#: What a verb can't be parted from.
_CORE: Final = frozenset(
    {"dobj", "dative", "attr", "acomp", "xcomp", "ccomp", "prt", "neg", "oprd", "aux", "auxpass", "obj"}
)
#: Words that add heat and no meaning.
_FILLERS: Final = frozenset({
    "just", "even", "literally", "honestly", "actually", "basically", "totally", "obviously", "clearly", "simply",
    "apparently",
    "seriously", "frankly", "of course",
})  # fmt: skip
_KEEP_BEFORE: Final = frozenset(
    "like as about the one two three four five once so though if when now enough before after because a".split()
)
_OPENERS: Final = frozenset({
    "so", "and", "but", "or", "well", "anyway", "also", "plus", "like", "yes", "yeah", "no", "ok", "okay", "hi",
    "hello", "hey", "honestly",
    "then", "because", "though", "sorry", "whatever", "oh", "now", "still", "basically", "anyways",
    "today,", "thanks", "please",
})  # fmt: skip
#: "I guess" before a sentence is no part of what happened.
_HEDGES: Final = frozenset({"guess", "suppose", "mean", "swear"})
_OTHERS: Final = re.compile(
    r"\b(?:kids?|children|son|daughter|baby|toddler|mom|mum|dad|mother|father|sister|brother|friends?|family|"
    r"parents|in-laws|cousins?|"
    r"everyone|everybody)\b",
    re.IGNORECASE,
)
_LEAST: Final = 3
#: A stretch that ends with one of these lacks what was said.
_SAYING: Final = frozenset({"say", "tell", "ask", "reply", "answer", "think", "like", "mean", "know"})
#: What begins with one of these hangs on something that isn't there.
_HANGS: Final = frozenset("that which who whose whom what how why where whatever if unless until than or".split())
_ENDS: Final = frozenset({",", ";", ":", "-", "–", "—", "…", "...", ".", "!", "..", "...."})
_TO_YOU: Final = {
    "i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself", "our": "your", "ours": "yours",
    "ourselves": "yourselves", "am": "are", "'m": "'re",
}  # fmt: skip
_WRITTEN_OUT: Final = {"'re": "are", "'ve": "have", "'ll": "will"}


@dataclass(frozen=True)
class Clause:
    """A stretch of a sentence that can stand by itself.

    Attributes:
        words: as the person wrote it, with short forms written out.
        retold: said to the person, with a full stop; "" where that would be doubtful.
    """

    words: str
    retold: str


def clauses(doc: Doc, most_words: int) -> Iterator[Clause]:
    """The stretches of a sentence that can stand alone, of at most `most_words` words: the whole, and its parts."""
    if not len(doc) or "?" in doc[-1].text:
        return
    tokens = list(doc)
    starts, ends = _joints(tokens)
    for start in starts:
        for end in ends:
            span = _trimmed(tokens[start:end])
            if end > start and _LEAST <= _length(span) <= most_words and _stands(span):
                yield Clause(_joined(token.text_with_ws for token in span), retold(span))


def retold(span: Sequence[Token]) -> str:
    """The words said to the person who wrote them, or "" where that would be doubtful."""
    if is_doubtful(span) or judges(span):
        return ""
    text = _joined(_swapped(span))
    text = re.sub(r"^([Yy]our (?:\w+ )?\w+) and you\b", lambda found: f"you and {_lower(found.group(1))}", text)
    text = re.sub(r"\byou and (your (?:\w+ )?\w+),? (?:he|she|they|we)\b", r"you and \1", text)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


# -- where a sentence can be cut ---------------------------------------------------------------------------------------


def _joints(tokens: Sequence[Token]) -> tuple[list[int], list[int]]:
    """Places where a stretch may begin, and where it may end."""
    starts, ends = [0], [len(tokens)]
    others = quoted(tokens)
    for token in tokens:
        if token.i == 0 or token in others:
            continue
        if token.text in (".", "!", "...", "…", "..") and token.i + 1 < len(tokens):
            ends.append(token.i)
            starts.append(token.i + 1)
        left = token.left_edge.i
        if left in (0, len(tokens)):
            continue
        before = tokens[left - 1]
        if token.dep_ == "conj" and token.pos_ in ("VERB", "AUX") and is_tensed(token):
            at = before.i if before.dep_ == "cc" or before.lower_ in ("and", "but", "so", "or") else left
            ends.append(at)
            if own_subject(token):
                starts.append(left)
        elif token.dep_ == "advcl" and left > token.head.i and (_marker(token) or before.is_punct):
            if tokens[left].lower_ not in ("if", "whether", "that", "than", "as", "like", "how", "so"):
                ends.append(left)
        elif token.dep_ in ("ccomp", "parataxis") and token.i < token.head.i and is_tensed(token):
            after = token.right_edge.i + 1  # two sentences run into one: the first hangs on the second
            if after < len(tokens):
                ends.append(after)
                starts.append(after)
        elif token.dep_ in ("relcl", "npadvmod", "acl") and before.is_punct:
            ends.append(left)
    return sorted(set(starts)), sorted(set(ends))


def _trimmed(span: Sequence[Token]) -> list[Token]:
    """Without joining words and marks at both ends."""
    kept = list(span)
    while kept and ((kept[0].is_punct and kept[0].text not in '"') or kept[0].is_space or _opens(kept[0], kept)):
        kept.pop(0)
    if _is_hedged(kept):
        kept = kept[2:]
    while kept and (
        kept[-1].is_space or kept[-1].text in _ENDS or kept[-1].lower_ in ("and", "but", "so", "or", "because", "that")
    ):
        kept.pop()
    return kept


def _is_hedged(span: Sequence[Token]) -> bool:
    return (
        len(span) > 4
        and span[0].lower_ == "i"
        and span[1].lower_ in _HEDGES
        and any(token.dep_ in SUBJECT for token in span[2:4])
    )


def _opens(token: Token, span: Sequence[Token]) -> bool:
    if token.lower_ not in _OPENERS or len(span) < 2:
        return False
    if token.lower_ == "no":
        return span[1].text in {",", "."}
    if token.lower_ in ("like", "still", "now", "then", "because", "though", "so"):
        return (
            span[1].text == ","
            or span[1].dep_ in SUBJECT
            or span[1].lower_ in ("i", "he", "she", "we", "they", "it", "my")
        )
    return True


def _stands(span: Sequence[Token]) -> bool:
    """Whether the stretch has a tensed verb with its subject and all that belongs to it, and begins on its own feet."""
    inside = {token.i for token in span}
    mains = [
        token
        for token in span
        if (token.dep_ in ("ROOT", "conj", "ccomp", "parataxis")) and is_tensed(token) and own_subject(token)
    ]
    mains = [token for token in mains if token.head.i not in inside or token.dep_ == "ROOT"]
    if any(token.text in (".", "!") for token in span[:-1]) or span[-1].lemma_ in _SAYING:
        return False
    if (
        (span[-1].pos_ == "ADP" and span[-1].dep_ == "prep")
        or span[-1].tag_ == "MD"
        or span[-1].lower_ in ("n't", "not", "is")
    ):
        return False
    if not mains or span[0].lower_ in _HANGS:
        return False
    for token in span:
        if token.pos_ in ("VERB", "AUX") and any(
            child.dep_ in _CORE and child.i not in inside for child in token.children
        ):
            return False
        if token.dep_ in ("det", "prep", "mark", "cc", "aux", "poss", "amod") and token.head.i not in inside:
            return False
    subject = own_subject(mains[0])
    return subject is not None and subject.i in inside


def _marker(verb: Token) -> bool:
    return any(child.dep_ in ("mark", "advmod") and child.i == verb.left_edge.i for child in verb.children)


# -- I becomes you -----------------------------------------------------------------------------------------------------


def _swapped(span: Sequence[Token]) -> Iterator[str]:
    """The words with the persons turned round, each with the space that follows it."""
    others = quoted(span)
    kept = [
        token
        for at, token in enumerate(span)
        if token in others or not _is_filler(token, span[at + 1] if at + 1 < len(span) else None)
    ]
    two = "you two" if not _OTHERS.search(" ".join(token.text for token in span)) else "you"
    for at, token in enumerate(kept):
        if token in others:
            yield token.text_with_ws
            continue
        before = kept[at - 1].lower_ if at else ""
        yield _turned(token, before, two) + token.whitespace_
        if token.lower_ in ("we", "us"):
            two = "you"


def _turned(token: Token, before: str, two: str) -> str:
    """One word, said to the person; `two` is what "we" becomes."""
    word: str = token.lower_
    if word == "we":
        return two
    if word == "us":
        return "the two of you" if two != "you" else two
    if before == "we" and word in ("'re", "'ve", "'d", "'ll"):
        return f" {_WRITTEN_OUT.get(word) or ('would' if token.tag_ == 'MD' else 'had')}"
    if word in _TO_YOU:
        return _TO_YOU[word]
    if word == "was" and _of_me(token):
        return "were"
    begins = token.i == 0 and token.pos_ != "PROPN"
    return _lower(str(token.text)) if begins else str(token.text)


def _of_me(verb: Token) -> bool:
    """Whether a "was" belongs to "I"."""
    word = verb
    for _ in range(6):
        subject = own_subject(word)
        if subject is not None:
            return bool(subject.lower_ == "i")
        if word.dep_ not in ("aux", "auxpass", "conj"):
            return False
        word = word.head
    return False


def _is_filler(token: Token, following: Token | None) -> bool:
    if token.lower_ not in _FILLERS or token.pos_ != "ADV":
        return False
    return following is None or (following.lower_ not in _KEEP_BEFORE and following.pos_ not in ("NUM", "ADP"))


def _joined(words: Iterable[str]) -> str:
    text = re.sub(r"\s+", " ", "".join(words)).strip(" ,")
    return re.sub(r"\s+([,.;:!?])", r"\1", re.sub(r",\s*,", ",", text))


def _length(span: Sequence[Token]) -> int:
    return sum(1 for token in span if token.is_alpha or token.like_num)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
