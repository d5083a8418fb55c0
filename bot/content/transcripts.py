"""Holds whole conversations to the rules of the house: what the coach said, turn by turn, beside what the person wrote.

A text alone can't show whether two questions come in one turn, whether the same words come again, or whether the coach
listens more than it asks. What the person said stands between quotation marks in a bubble and is not the coach's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.content.grade import grade
from bot.content.lint import RULES, word_count
from bot.content.texts import Text

__all__ = ["RULE_NAMES", "Breach", "Exchange", "Figures", "Transcript", "breaches_of", "figures_of", "gives_back"]

MOST_BUBBLES: Final = 2
MOST_WORDS: Final = 50
#: What safety says carries numbers and addresses.
MOST_WORDS_OF_SAFETY: Final = 60
HIGHEST_GRADE: Final = 6.0
#: Rule 13: not the same text again within so many turns.
APART: Final = 20
#: Words that the coach adds before any answer when it is due: that it is a program.
DISCLOSURE: Final = "computer program and not a person"
#: A message of so many words tells something, and is to be given back before anything else.
TELLS: Final = 5
#: Questions that may come before the first reflection has: the two of meeting (what is on your mind, may I remember).
GRACE: Final = 2

_QUOTED: Final = re.compile(r'"[^"]*"')
_QUESTION: Final = re.compile(r"\?+")
_SAFETY: Final = re.compile(
    r"help now|helpline|emergency number|lila\.help|findahelpline|safe to chat|afraid of your partner|ending your life|"
    r"being hurt or scared|18 or older",
    re.I,
)
#: Something that is asked of the coach; the answer to it is no reflection.
_WISH: Final = re.compile(
    r"^(?:can|could|help me|how|give me|show me|what|why|who|i want to (?:be|practice|see|understand)|"
    r"i'd like (?:to practice|open|a weekly|a question|a redo))\b|\?$",
    re.I,
)
_WORD: Final = re.compile(r"[a-z]+(?:'[a-z]+)*")
_SENTENCE: Final = re.compile(r"[^.!?…]+")
#: Words that change when a sentence is retold: "I told my wife" becomes "You told your wife".
_RETOLD: Final = frozenset("you your yours yourself you're you've you'd you'll are were two".split())
#: A sentence of so many words that are all the person's is theirs.
_ENOUGH: Final = 4
#: Rules about words, as for single texts.
_OF_WORDS: Final = ("verdict", "blame", "feeling")
RULE_NAMES: Final = (
    "answered",
    "bubbles",
    "one-question",
    "length",
    "grade",
    "reflections",
    "repetition",
    "placeholder",
    *_OF_WORDS,
)


@dataclass(frozen=True)
class Exchange:
    """What the person did (words, "[a button]", "/a command", "-- a pause --"), and the bubbles that came of it."""

    given: str
    bubbles: tuple[str, ...]
    buttons: tuple[str, ...] = ()

    @property
    def own(self) -> tuple[str, ...]:
        """The bubbles but the one that says what the coach is."""
        return tuple(bubble for bubble in self.bubbles if DISCLOSURE not in bubble)

    @property
    def is_told(self) -> bool:
        """Whether the person wrote of something, in words of their own."""
        words = not self.given.startswith(("[", "/", "--", "<")) and len(self.given.split()) >= TELLS
        return words and not _WISH.search(self.given)


@dataclass(frozen=True)
class Transcript:
    """A whole conversation, by its name."""

    name: str
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True)
class Breach:
    """A rule that was broken: where, and what was said."""

    transcript: str
    turn: int
    rule: str
    what: str

    def __str__(self) -> str:
        return f"{self.transcript}, turn {self.turn}: {self.what} [{self.rule}]"


@dataclass
class Figures:
    """What is counted over some conversations."""

    turns: int = 0
    bubbles: int = 0
    questions: int = 0
    reflections: int = 0
    longest: int = 0
    words: int = 0
    breaches: Counter[str] = field(default_factory=Counter)


def breaches_of(transcript: Transcript) -> list[Breach]:
    """Every breach of a conversation, in the order of its turns."""
    found: list[Breach] = []
    for number, exchange in enumerate(transcript.exchanges, 1):
        for rule, what in _of_turn(exchange):
            found.append(Breach(transcript.name, number, rule, what))
    for rule_of_all in (_repetition, _reflections, _grade):
        found += [Breach(transcript.name, number, rule, what) for number, rule, what in rule_of_all(transcript)]
    return sorted(found, key=lambda breach: breach.turn)


def figures_of(transcripts: Sequence[Transcript]) -> Figures:
    """The linter's table over several conversations."""
    figures = Figures()
    for transcript in transcripts:
        figures.breaches.update(breach.rule for breach in breaches_of(transcript))
        heard = ""
        for exchange in transcript.exchanges:
            heard = f"{heard} {exchange.given}"
            figures.turns += bool(exchange.bubbles)
            figures.bubbles += len(exchange.own)
            figures.questions += _questions(exchange.own)
            figures.reflections += any(gives_back(bubble, heard) for bubble in exchange.own)
            figures.longest = max([figures.longest, *map(word_count, exchange.own)])
            figures.words += sum(map(word_count, exchange.own))
    return figures


# -- rules about one turn ----------------------------------------------------------------------------------------------


def _of_turn(exchange: Exchange) -> Iterator[tuple[str, str]]:
    texts = exchange.own
    if not exchange.bubbles and not exchange.given.startswith("--"):
        yield "answered", f"nothing was said to {exchange.given[:40]!r}"
    if len(texts) > MOST_BUBBLES:
        yield "bubbles", f"{len(texts)} bubbles before the person can answer"
    if (asked := _questions(texts)) > 1:
        yield "one-question", f"{asked} questions in one turn: {' / '.join(texts)}"
    for text in texts:
        most = MOST_WORDS_OF_SAFETY if _SAFETY.search(text) else MOST_WORDS
        if word_count(text) > most:
            yield "length", f"{word_count(text)} words: {text}"
        if re.search(r"\{\w*\}", text):
            yield "placeholder", f"a name in braces was left: {text}"
        for rule in _OF_WORDS:
            for message in RULES[rule](Text("", "", _QUOTED.sub('""', text))):
                yield rule, f"{message} ({text})"


def _questions(texts: Sequence[str]) -> int:
    return len(_QUESTION.findall(_QUOTED.sub("", " ".join(texts))))


# -- rules about the whole ---------------------------------------------------------------------------------------------


def _repetition(transcript: Transcript) -> Iterator[tuple[int, str, str]]:
    """The same text within twenty turns is a loop. Turns without an answer don't count."""
    last: dict[str, int] = {}
    turn = 0
    for number, exchange in enumerate(transcript.exchanges, 1):
        turn += bool(exchange.bubbles)
        for text in exchange.own:
            if turn - last.get(text, -APART - 1) <= APART and not _is_numbers(text):
                yield number, "repetition", f"said {turn - last[text]} turns ago: {text}"
            last[text] = turn


def _is_numbers(text: str) -> bool:
    """Helplines and the steps of a safety plan: they are shown whenever they are asked for."""
    return bool(re.search(r"You can reach a person here|lila\.help|findahelpline|code word|safe spot", text))


def _reflections(transcript: Transcript) -> Iterator[tuple[int, str, str]]:
    """While somebody tells, there are at least as many reflections as questions (rule 3)."""
    asked = given_back = 0
    heard = ""
    offered: tuple[str, ...] = ()
    for number, exchange in enumerate(transcript.exchanges, 1):
        heard = f"{heard} {exchange.given}"
        typed = _folded(exchange.given) in map(_folded, offered)  # a button, typed, tells nothing
        offered = exchange.buttons or offered
        if typed or not exchange.is_told or any(map(_SAFETY.search, exchange.own)):
            continue
        asked += _questions(exchange.own)
        given_back += any(gives_back(bubble, heard) for bubble in exchange.own)
        if asked > given_back + GRACE:
            yield number, "reflections", f"{asked} questions and {given_back} reflections so far"
            return


def gives_back(bubble: str, heard: str) -> bool:
    """Whether a bubble gives the person's own words back: quoted, or retold to them."""
    known = set(_WORD.findall(heard.casefold()))
    for quote in _QUOTED.findall(bubble):
        words = _WORD.findall(quote.casefold())
        if words and sum(word in known for word in words) >= 0.8 * len(words):
            return True
    for sentence in _SENTENCE.findall(_QUOTED.sub(" ", bubble)):
        words = _WORD.findall(sentence.casefold())
        own = sum(word in known for word in words)
        retold = sum(word in _RETOLD and word not in known for word in words)
        if len(words) >= _ENOUGH and own >= 0.5 * len(words) and own + retold >= 0.8 * len(words):
            return True
    return False


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _grade(transcript: Transcript) -> Iterator[tuple[int, str, str]]:
    """All that the coach said, read in one go, stays at grade six."""
    said = " ".join(
        _QUOTED.sub(" ", text) for exchange in transcript.exchanges for text in exchange.own if not _SAFETY.search(text)
    )
    found = grade(said)
    if found is not None and found.years > HIGHEST_GRADE:
        yield len(transcript.exchanges), "grade", f"the whole reads at grade {found.years:.1f}"
