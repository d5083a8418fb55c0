"""Verdicts: what the coach would judge if it said it back as a fact, about the partner or about the person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from bot.understanding.grammar import SUBJECT, unquoted
from bot.understanding.people import PARTNER, is_human

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["judges"]

#: States that may be said back as what they are; any other "I am ..." is a judgement and stays a quote.
_STATES: Final = frozenset({
    "tired", "exhausted", "alone", "lonely", "sad", "hurt", "angry", "mad", "scared", "afraid", "worried",
    "anxious", "nervous", "home",
    "pregnant", "married", "engaged", "busy", "sick", "ill", "awake", "asleep", "lost", "done", "jealous",
    "heartbroken", "unhappy",
    "drained", "numb", "empty", "confused", "torn", "stuck", "happy", "glad", "excited", "proud", "grateful",
    "hopeful", "relieved",
    "ready", "upset", "frustrated", "disappointed", "devastated", "overwhelmed", "away", "together", "divorced",
    "separated", "quiet",
    "used", "sure", "fine", "okay", "distant", "sorry", "unsure", "able", "there", "here", "late", "back", "up",
    "out", "down", "outside", "inside", "upstairs", "downstairs",
    "gone", "resentful", "bored", "homesick", "shattered", "fed", "going", "supposed", "silent", "online",
    "deployed", "off",
})  # fmt: skip
_VERDICT: Final = re.compile(
    r"\b(?:narc\w*|toxic|gaslight\w*|abus\w+|selfish\w*|controlling|manipulat\w+|lazy|childish|immatur\w+|"
    r"heartless|cheater|liar|jerk|"
    r"asshole|bitch\w*|bastard|idiot|pig|moron|useless|pathetic|worthless|stupid|crazy|psycho\w*|insane|clingy|"
    r"needy|cold|cruel|mean|"
    r"disgust\w*|ugly|fat|fault|loser|monster|evil|dumb|coward|hate[sd]?|fuck\w*|shit\w*|crap\w*|damn\w*|hell|"
    r"dick|whore|slut|"
    r"failure|fail(?:ed|ing)?|mess(?:ed|ing)?|ruin(?:ed|ing)?|screw(?:ed|ing)?|destroy(?:ed|ing)?|sucks?|robot|baby|brat|hypocrite|terrible|horrible|awful|worst|bad|wrong|"
    r"at least|should(?:n't|nt)?|ought)\b",  # what somebody ought to do: said back, it is the coach who says it
    re.IGNORECASE,
)
#: "I expect too much", said back, would agree.
_TOO_MUCH: Final = re.compile(r"\btoo \w+|\b(?:not|never) enough\b", re.IGNORECASE)
_ALWAYS: Final = re.compile(
    r"\b(?:always|never|nothing|everything|constantly|ever|nobody|no one|all (?:he|she|they) (?:do|does|did|"
    r"care)\w*)\b",
    re.IGNORECASE,
)
_MIND: Final = re.compile(
    r"\b(?:care[sd]?|loves?|loved|want(?:s|ed)?|like[sd]?|bother(?:s|ed)?|mean(?:s|t)?|thinks?|thought|knows?|"
    r"knew|feels?|felt|noticed?|notices|"
    r"respects?|respected|appreciates?|appreciated|understands?|prefers?|rather|enjoys?|hopes?|remembers?|"
    r"refuses?|listens?)\b",
    re.IGNORECASE,
)
#: "I think that he ..." says whose view it is.
_MY_VIEW: Final = frozenset("think feel believe guess suspect worry fear know wish want hope miss need".split())
_ABOUT_THINGS: Final = frozenset({"it", "that", "this", "what", "there", "which", "who"})
_PERSONS: Final = frozenset({"i", "he", "she", "they", "we"})
#: "My life is worth nothing" is a judgement, too.
_OWNERS: Final = frozenset({"my", "his", "her", "their", "our"})
#: The first words, among which a verb of one's own view has to stand.
_FIRST: Final = 5


def judges(span: Sequence[Token]) -> bool:
    """Whether a stretch holds a hard word, says what somebody is, or claims to know a mind or every time."""
    own = unquoted(span)
    if not own or _VERDICT.search(" ".join(token.lower_ for token in own)):
        return True
    subjects = [token for token in own if token.dep_ in SUBJECT]
    if any(subject.lower_ == "i" for subject in subjects) and _TOO_MUCH.search(" ".join(token.lower_ for token in own)):
        return True
    if any(_says_what_somebody_is(subject) for subject in subjects):
        return True
    my_view = own[0].lower_ == "i" and any(token.lemma_ in _MY_VIEW for token in own[:_FIRST])
    return not my_view and any(_knows_too_much(subject) for subject in subjects)


def _says_what_somebody_is(subject: Token) -> bool:
    verb = subject.head
    if verb.lemma_ != "be" or subject.lower_ in _ABOUT_THINGS:
        return False
    owned = any(child.lower_ in _OWNERS for child in subject.children)
    if subject.lower_ not in _PERSONS and not is_human(subject) and not owned:
        return False
    return any(child.dep_ in ("acomp", "attr") and not _is_state(child) for child in verb.children)


def _knows_too_much(subject: Token) -> bool:
    """Whether it says of the partner what nobody can see, or "always" and "never"."""
    if subject.lower_ not in ("he", "she", "they") and subject.lemma_.lower() not in PARTNER:
        return False
    verb = subject.head
    always = _ALWAYS.search(" ".join(token.lower_ for token in verb.subtree))
    return bool(always or _MIND.fullmatch(verb.lower_) or _MIND.fullmatch(verb.lemma_))


def _is_state(word: Token) -> bool:
    return word.lower_ in _STATES or word.like_num or word.lemma_ in ("year", "month", "week", "day")
