"""Doubts about a sentence's grammar: where there is one, it is quoted and not retold."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.understanding.grammar import SUBJECT, TENSED, is_tensed, own_subject, unquoted
from bot.understanding.people import PARTNER

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["asks", "is_doubtful", "is_foreign"]

_VOCABULARY: Final = Path(__file__).with_name("tokenizer") / "vocab.txt"
_SECOND: Final = frozenset({"you", "your", "yours", "yourself", "u", "ur", "ya", "yall", "let", "ain't", "lets", "etc"})
_ODD: Final = frozenset("? ( ) [ ] / # @ &".split())
_BROKEN_OFF: Final = frozenset({"'", "…", "...", "..", ";", ":"})
_HELPERS: Final = frozenset({"do", "can", "will", "would", "could", "should", "may", "might", "must"})
_JOINS: Final = frozenset({"and", "but", "so", "or", "then", "yet"})
#: Not said back as "he and you".
_AND_I: Final = re.compile(r"\b(?:he|she|they) and i\b|\bi and (?:he|she)\b")
_PAST: Final = re.compile(
    r"\b(?:yesterday|last (?:night|week|month|year|weekend|summer)|\w+ (?:days?|weeks?|months?|years?) ago)\b",
    re.IGNORECASE,
)
#: A question, with or without its mark.
_ASKS: Final = re.compile(
    r"(?:is|are|am|was|do|does|did|can|could|should|would|will|has|have) (?:it|i|he|she|they|we|my|there|this|"
    r"that|anyone|anybody|you)\b"
    r"|what if\b|(?:how|why|what|where|who) (?:do|does|did|is|are|am|can|could|should|would|will|to|come)\b",
    re.IGNORECASE,
)
#: Somebody's very words, without their marks: "he said where's the charger".
_SAID_STRAIGHT: Final = re.compile(
    r"\b(?:says?|said|goes|went|like),? (?:where|what|who|when|why|how)(?: is|'s|’s| are| was| did) ",
    re.IGNORECASE,
)
#: What English doesn't say, and other languages do.
_TRANSLATED: Final = re.compile(
    r"\bsince (?:\d+|one|two|three|four|five|six|ten|many|some|few|a few) (?:days?|weeks?|months?|years?)\b|"
    r"\b(?:angry|mad) on\b",
    re.IGNORECASE,
)
_ENDINGS: Final = ("s", "es", "ed", "ing", "ly", "er", "d", "est", "ies", "ied", "ness")
#: So near after "yesterday" a verb has to stand in the past.
_NEAR: Final = 5
#: A partner named so early is a subject, and needs no pronoun after it.
_EARLY: Final = 3


def asks(sentence: str) -> bool:
    """Whether a sentence is a question, also where its mark was left out."""
    said_by_somebody = sum(sentence.count(mark) for mark in '"“”') % 2
    return (sentence.rstrip(" !.)").endswith("?") and not said_by_somebody) or bool(_ASKS.match(sentence))


def is_doubtful(span: Sequence[Token]) -> bool:
    """Whether the grammar of a stretch, or who is meant in it, is not plain."""
    own = unquoted(span)
    if not own or any(token.lower_ in _SECOND or token.text in _ODD or not _known(token) for token in own):
        return True
    if _AND_I.search(" ".join(token.lower_ for token in own)) or _ASKS.match(own[0].doc[own[0].i :].text):
        return True
    if _SAID_STRAIGHT.search(f"{span[0].doc[own[0].i : own[-1].i + 1].text} "):
        return True
    if sum(token.text == '"' for token in span) % 2 or any(token.is_upper and len(token) > 3 for token in own):
        return True
    if any(token.text in _BROKEN_OFF for token in own[:-1]) or own[-1].text.startswith(".."):
        return True
    return _runs_on(own)


def is_foreign(doc: Doc) -> bool:
    """Whether the sentence shows the grammar of another language, or none."""
    own = unquoted(list(doc))
    return (
        bool(_TRANSLATED.search(doc.text))
        or _is_broken(own)
        or _is_out_of_time(doc, own)
        or any(_disagrees(token) for token in own if token.dep_ in SUBJECT)
        or any(_shares_wrongly(token) for token in own if token.dep_ == "conj")
    )


def _is_out_of_time(doc: Doc, own: Sequence[Token]) -> bool:
    """A verb in the present right after a word of the past, as in "yesterday I make dinner"."""
    past = _PAST.search(doc.text)
    if past is None:
        return False
    at = next((token.i for token in doc if token.idx >= past.end()), len(doc))
    return any(token.tag_ in ("VBP", "VBZ") and 0 <= token.i - at < _NEAR for token in own)


def _runs_on(span: Sequence[Token]) -> bool:
    """Two or more sentences in one breath, without a word that joins them."""
    inside = {token.i for token in span}
    mains = 0
    for token in span:
        if token.pos_ not in ("VERB", "AUX") or not is_tensed(token) or own_subject(token) is None:
            continue
        hangs_on_what_follows = token.dep_ == "ccomp" and token.i < token.head.i
        alone = token.dep_ in ("ROOT", "parataxis") or token.head.i not in inside
        mains += alone or hangs_on_what_follows or (token.dep_ == "conj" and not _is_joined(token))
    return mains > 1


def _is_joined(verb: Token) -> bool:
    left = verb.left_edge.i
    before = verb.doc[left - 1].lower_ if left else ""
    return before in _JOINS or any(child.dep_ == "cc" for child in verb.children)


def _disagrees(subject: Token) -> bool:
    """Whether subject and verb don't agree, as in "he go", "he watching", "I has"."""
    verb = subject.head
    if verb.pos_ not in ("VERB", "AUX"):
        return verb.dep_ in ("ROOT", "conj") and not any(child.dep_ == "cop" for child in verb.children)
    helpers = [child for child in verb.children if child.dep_ in ("aux", "auxpass")]
    tensed = next((word for word in [*helpers, verb] if word.tag_ in TENSED), None)
    if tensed is None:
        return _lacks_tense(subject, verb)
    if helpers and tensed.lemma_ in _HELPERS and verb.tag_ not in ("VB", "VBP"):
        return True
    if helpers and tensed.lemma_ in ("be", "have") and verb.tag_ in ("VB", "VBP", "VBZ") and verb is not tensed:
        return True
    return _is_other_person(subject, tensed)


def _shares_wrongly(verb: Token) -> bool:
    """As in "we live in one flat but is like neighbours": a verb that has its subject from the one before it."""
    if verb.tag_ not in ("VBZ", "VBP") or own_subject(verb) is not None or verb.head.pos_ not in ("VERB", "AUX"):
        return False
    subject = own_subject(verb.head)
    return subject is not None and subject.dep_ != "expl" and _is_other_person(subject, verb)


def _lacks_tense(subject: Token, verb: Token) -> bool:
    """A verb without a tense, as in "he watching"; not "I made him go" or "with him sleeping"."""
    if verb.dep_ not in ("ccomp", "advcl", "pcomp", "acl") or verb.tag_ not in ("VB", "VBG"):
        return True
    named = subject.tag_ == "PRP" and subject.lower_ in ("he", "she", "i", "they", "we")
    return verb.dep_ == "ccomp" and verb.tag_ == "VB" and named


def _is_other_person(subject: Token, tensed: Token) -> bool:
    """Whether the verb is in the person of somebody else."""
    many = subject.lower_ in ("we", "they", "these", "those") or subject.tag_ in ("NNS", "NNPS")
    many = many or any(child.dep_ == "conj" for child in subject.children)
    first, form = subject.lower_ == "i", tensed.lower_
    if tensed.tag_ == "VBZ" and (many or first):
        return not (tensed.lemma_ == "be" and subject.dep_ == "expl")
    one = not many and not first and subject.lower_ not in ("family", "you", "none")
    if tensed.tag_ == "VBP" and one and subject.tag_ in ("PRP", "NN", "NNP"):
        return True
    return (form in ("was", "am") and many) or (form == "were" and not many) or (first and form in ("is", "are"))


def _is_broken(span: Sequence[Token]) -> bool:
    """Signs of a grammar that is not plain English: "no speak", "to went",
    two subjects, a verb without form.
    """
    pairs = list(itertools.pairwise(span))
    return (
        any(_is_broken_pair(token, following) for token, following in pairs)
        or any(_subjects(token) > 1 for token in span)
        or any(token.dep_ == "ROOT" and token.pos_ == "VERB" and _lacks_form(token) for token in span)
    )


def _is_broken_pair(token: Token, following: Token) -> bool:
    if token.lower_ == "no" and following.pos_ == "VERB":
        return True
    if following.lower_ in ("been", "gone", "done", "seen") and token.tag_ == "PRP":
        return True
    if token.tag_ == "MD" and following.tag_ in ("VBD", "VBZ", "VBG"):
        return True
    if token.lower_ == "to" and following.tag_ in ("VBD", "VBZ"):
        return True
    if token.i < _EARLY and token.lemma_.lower() in PARTNER and following.lower_ in ("he", "she", "they"):
        return True
    return token.lower_ == following.lower_ and token.is_alpha and token.lower_ not in ("had", "that")


def _subjects(verb: Token) -> int:
    return sum(child.dep_ in ("nsubj", "nsubjpass", "dislocated") for child in verb.children)


def _lacks_form(verb: Token) -> bool:
    return verb.tag_ in ("VBG", "VBN") and not any(child.dep_ in ("aux", "auxpass") for child in verb.children)


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    return frozenset(_VOCABULARY.read_text(encoding="utf-8").split("\n"))


def _known(token: Token) -> bool:
    """Whether the word is in the encoder's vocabulary, in some form; a name or a number is."""
    word = token.lower_
    if not token.is_alpha or (token.text[:1].isupper() and token.i > 0) or word in ("nt", "ca", "wo"):
        return True
    forms = {word, token.lemma_.lower()}
    forms |= {word[: -len(end)] + more for end in _ENDINGS if word.endswith(end) for more in ("", "e", "y")}
    forms |= {form[:-1] for form in forms if len(form) > 3 and form[-1] == form[-2]}
    forms |= {form[2:] for form in forms if form.startswith(("un", "re")) and len(form) > 5}
    return not forms.isdisjoint(_words())
