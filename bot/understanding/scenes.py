"""The scene in a message: who did what, when and how often, what the writer did, and what they wanted.

From spaCy's parse of the few sentences that carry most. What the parse doesn't show is left out; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.understanding.doubts import is_foreign
from bot.understanding.parsing import parse
from bot.understanding.people import Who, who
from bot.understanding.plain import plain
from bot.understanding.retelling import Clause, clauses

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["Deed", "Scene", "Told", "read_scene"]

_FEW: Final = 4
#: Words of a stretch that is said back.
MOST_WORDS: Final = 22
_SUBJECT: Final = ("nsubj", "nsubjpass")
_PAST: Final = ("VBD", "VBN")
_OFTEN: Final = re.compile(
    r"\b(?:always|never|ever since|constantly|again(?: and again)?|anymore|any more|all the time|all day|every "
    r"(?:single )?\w+|each \w+|"
    r"(?:most|some) (?:days|nights|evenings|mornings)|once a \w+|(?:nights|evenings|weekends|sundays|saturdays) |"
    r"for (?:\w+ )?(?:weeks|months|years)|"
    r"(?:n't|not|no|never|nobody)\b[^.,]{0,40}\b(?:for|in|since)\b[^.,]{0,20}\b(?:weeks|months|years|january|"
    r"february|march|april|may|june|july|august|september|october|november|december|easter|christmas)\b|"
    r"usually|rarely|hardly ever|daily|nightly|whenever)\b",
    re.IGNORECASE,
)
_WHEN: Final = re.compile(
    r"\b(?:last (?:night|week|weekend|month|year|sunday|monday|tuesday|wednesday|thursday|friday|saturday)|"
    r"yesterday(?: (?:morning|evening|afternoon))?|tonight|today|"
    r"this (?:morning|evening|afternoon|week|weekend)|on (?:sunday|monday|tuesday|wednesday|thursday|friday|"
    r"saturday)s?|"
    r"(?:two|three|four|five|six|a few|\d+) (?:days|weeks|months|years) ago|(?:at|during) (?:dinner|breakfast|"
    r"lunch)|in bed|"
    r"on (?:my|our) (?:birthday|anniversary)|(?:my|our) (?:birthday|anniversary))\b",
    re.IGNORECASE,
)
#: What people do for the other one, and how they reach out.
_GIVEN: Final = frozenset(
    "make cook bake buy book plan organize organise arrange clean wash fold drive bring surprise dress prepare "
    "set order write leave light pack "
    "iron fix decorate pick carry remember remind save try offer".split()
)
_REACHED: Final = frozenset(
    "ask tell say talk call text write reach hug kiss touch invite suggest show send explain beg mention bring "
    "sit".split()
)
_WAITED: Final = frozenset("wait hope stay stand lie".split())
_WANTING: Final = frozenset({"want", "wish", "hope", "need", "long", "miss", "crave", "love", "like"})
_A_WISH: Final = re.compile(
    r"^(?:just |only |simply |maybe |i guess )*(?:that (?:he|she|they|we|i|my|it|one of us|somebody|someone)\b|"
    r"for (?:him|her|them|us|someone|somebody)\b|to (?:be|have|feel|hear|know|see)\b|"
    r"(?:him|her|them|someone|somebody|something|anything|anybody|anyone|a hug|a kiss|a hand|a word)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Deed:
    """One thing that somebody does or did.

    Attributes:
        who: whose deed it is; "unsure" where a pronoun could mean two people.
        verb: its lemma.
        what: object or complement, in the person's words; "" where there is none.
        negated: whether it did not happen.
        often: words that say how often ("never", "every night"), or "".
        when: words that say when ("last night"), or "".
        past: whether it is told in the past.
    """

    who: Who
    verb: str
    what: str
    negated: bool
    often: str
    when: str
    past: bool


@dataclass(frozen=True)
class Told:
    """A sentence with the stretches of it that can stand alone, the longest first."""

    at: int
    words: str
    clauses: tuple[Clause, ...]
    deeds: tuple[Deed, ...]


@dataclass(frozen=True)
class Scene:
    """What was told.

    Attributes:
        told: the sentences that were read, in the order of the message.
        wanted: what the person says they want or wanted, in their words, or "".
        facts: short names of what holds, by which reflections are chosen: "often", "once", "gave", "reached",
        "waited", "wish",
            "partner", "two", "years".
    """

    told: tuple[Told, ...] = ()
    wanted: str = ""
    facts: frozenset[str] = frozenset()

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """All deeds, in order."""
        return tuple(deed for told in self.told for deed in told.deeds)


def read_scene(sentences: Sequence[tuple[int, str]], most_words: int = MOST_WORDS) -> Scene:
    """Read sentences of one message.

    Args:
        sentences: place in the message and words, in order.
        most_words: of a stretch that is said back.
    """
    told: list[Told] = []
    wanted = ""
    read = [(at, words, parse(plain(words))) for at, words in sentences]
    strange = {at for at, _, doc in read if is_foreign(doc)}
    # One sentence shows it, and the next may only seem plain; in a long message one may be a slip, or the parser's.
    foreign = len(strange) >= (1 if len(read) <= _FEW else 2)
    for at, words, doc in read:
        stretches = sorted(clauses(doc, most_words), key=lambda clause: -len(clause.words))
        if foreign or at in strange:
            stretches = [replace(clause, retold="") for clause in stretches]
        told.append(Told(at, words, tuple(stretches), tuple(_deeds(doc))))
        wanted = wanted or _wanted(doc)
    return Scene(tuple(told), wanted, _facts(told, wanted))


def _deeds(doc: Doc) -> Iterator[Deed]:
    for token in doc:
        if token.pos_ not in ("VERB", "AUX") or token.dep_ in ("aux", "auxpass"):
            continue
        subject = next((child for child in token.children if child.dep_ in _SUBJECT), None)
        head = token
        while subject is None and head.dep_ == "conj" and head.head.pos_ in ("VERB", "AUX"):
            head = head.head
            subject = next((child for child in head.children if child.dep_ in _SUBJECT), None)
        if subject is not None:
            yield _deed(token, subject, doc)


def _deed(verb: Token, subject: Token, doc: Doc) -> Deed:
    own = " ".join(token.text for token in _own_words(verb))
    often, when = _OFTEN.search(own), _WHEN.search(own)
    helpers = [child for child in verb.children if child.dep_ in ("aux", "auxpass")]
    return Deed(
        who=who(subject, doc),
        verb=verb.lemma_.lower(),
        what=next(
            (
                _words_of(child)
                for child in verb.children
                if child.dep_ in ("dobj", "attr", "acomp", "xcomp", "ccomp", "prep")
            ),
            "",
        ),
        negated=any(child.dep_ == "neg" for child in verb.children),
        often=often.group().strip() if often else "",
        when=when.group() if when else "",
        past=verb.tag_ in _PAST or any(helper.tag_ == "VBD" for helper in helpers),
    )


def _own_words(verb: Token) -> Iterator[Token]:
    """The words under a verb, without those of verbs beside it."""
    others = {token for child in verb.children if child.dep_ == "conj" for token in child.subtree}
    return (token for token in verb.subtree if token not in others)


def _words_of(token: Token) -> str:
    return " ".join(word.text for word in token.subtree)


def _wanted(doc: Doc) -> str:
    for token in doc:
        if token.lemma_.lower() not in _WANTING or token.pos_ not in ("VERB", "NOUN"):
            continue
        subject = next((child for child in token.children if child.dep_ in _SUBJECT), None)
        if subject is None or subject.lower_ != "i" or any(child.dep_ == "neg" for child in token.children):
            continue
        if token.lemma_ in ("love", "like") and not any(child.lower_ in ("would", "'d") for child in token.children):
            continue
        what = next((child for child in token.children if child.dep_ in ("xcomp", "ccomp", "dobj")), None)
        if what is not None:
            return _words_of(what)
    return doc.text if _A_WISH.search(doc.text) else ""


def _facts(told: Sequence[Told], wanted: str) -> frozenset[str]:
    deeds = [deed for sentence in told for deed in sentence.deeds]
    mine = [deed for deed in deeds if deed.who == "self" and not deed.negated]
    facts = {"wish"} if wanted else set()
    if any(deed.often for deed in deeds) or any(_OFTEN.search(sentence.words) for sentence in told):
        facts.add("often")
    elif any(deed.past and deed.when for deed in deeds):
        facts.add("once")
    if any(deed.verb in _GIVEN for deed in mine):
        facts.add("gave")
    if any(deed.verb in _REACHED for deed in mine):
        facts.add("reached")
    if any(deed.verb in _WAITED for deed in mine):
        facts.add("waited")
    if any(deed.who == "partner" for deed in deeds):
        facts |= {"partner", "two"}
    if any(deed.who == "both" for deed in deeds):
        facts.add("two")
    if re.search(
        r"\b(?:for|in|after) (?:\w+ ){0,2}(?:years|decades)\b|\byears\b",
        " ".join(sentence.words for sentence in told),
        re.IGNORECASE,
    ):
        facts.add("years")
    return frozenset(facts)
