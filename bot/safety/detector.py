"""Reads a text for danger: crisis, abuse, harm to others, a child at risk, psychosis, a minor.

Explicit phrases are an `alarm`; veiled ones, and explicit ones that are negated, past or about somebody else, are
an `ask`. Weak hints speak only together, over neighbouring sentences and the last messages, or alone while the
threshold is lowered. Idioms hide only their own words: nothing that is found elsewhere in the text is ever taken
back.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.errors import ContentError
from bot.safety.normalise import END, fold
from bot.safety.phrases import Finder, Found, Phrase, PhraseError, Sets, expand
from bot.safety.verdict import CLEAR, Level, Scope, Topic, Verdict

if TYPE_CHECKING:
    from bot.safety.lexicon import Entry, Lexicon

__all__ = ["Detector", "Level", "Scope", "Topic", "Verdict"]

_BEFORE: Final = 5  # earlier messages that still speak
_BEFORE_TAIL: Final = 1000  # characters of each; it was read in full when it came
_CARRY: Final = 8  # words of the last message that a phrase may begin with
_NEAR: Final = 4  # sentences within which two hints speak together
_LOOK_BACK: Final = 10  # words before a phrase in which its negation or its subject is looked for

_WRITER: Final = frozenset({"i", "me", "myself"})  # who says so can't be speaking of somebody else

# Where several are equally loud: life first, then those who can't protect themselves.
_URGENCY: Final = (
    Topic.self_harm,
    Topic.child_at_risk,
    Topic.harm_to_others,
    Topic.abuse,
    Topic.minor,
    Topic.psychosis,
)


@dataclass(frozen=True)
class _Sign:
    """One entry heard in a text. `level` is None for a mere hint."""

    entry: Entry
    level: Level | None
    sentence: int


class Detector:
    """The lexicon, compiled once. Stateless and safe to share."""

    def __init__(self, lexicon: Lexicon, source: str = "lexicon") -> None:
        """Args:
            lexicon: checked by `read_lexicon`.
            source: the file's name, for error messages.

        Raises:
            ContentError: a phrase can't be read; names the entry and the cure.
        """
        sets: dict[str, list[tuple[str, ...]]] = {}
        for name, members in lexicon.sets.items():
            sets[name] = [words for member in members for words in _expanded(member, sets, source, f"set {name}")]
        self._entries = {entry.id: entry for entry in lexicon.entries}
        read = _Reader(sets, source)
        self._finder = Finder(phrase for entry in lexicon.entries for phrase in read.all(entry.id, entry.say))
        self._idioms = Finder(phrase for idiom in lexicon.idioms for phrase in read.all(idiom.id, idiom.say))
        cues = lexicon.cues
        self._past = Finder(read.all("cues > past", cues.past))
        self._now = Finder(read.all("cues > now", cues.now))
        self._reported = Finder(read.all("cues > reported", cues.reported))
        self._negation = frozenset(tuple(words.split()) for words in cues.negation)
        self._negators = frozenset(words[-1] for words in self._negation)
        self._not_negation = frozenset(cues.not_negation)
        self._bridge = frozenset(cues.bridge)
        self._others = frozenset(cues.others)
        self._own = frozenset(cues.own)

    @classmethod
    def load(cls, path: Path) -> Detector:
        """Reads the lexicon file.

        Raises:
            ContentError: the file is missing or broken; names file, entry and cure.
        """
        # pydantic takes longer to import than this whole room; only loading needs it.
        from bot.safety.lexicon import read_lexicon

        return cls(read_lexicon(path), source=str(path))

    def scope(self, cue: str) -> Scope | None:
        """Whom a cue of a verdict is about; None where it is no entry of the lexicon."""
        entry = self._entries.get(cue)
        return None if entry is None else entry.scope

    def screen(self, text: str, before: Sequence[str] = (), lowered: bool = False) -> Verdict:
        """Reads one message.

        Args:
            text: what the person wrote, of any length.
            before: up to five earlier messages of theirs, oldest first. They make hints speak, and quieten nothing.
            lowered: whether something was asked in the last 24 hours; then a single hint is enough to ask again.
        """
        last = fold(before[-1][-_BEFORE_TAIL:]).split() if before else []
        carried = [*_last(last), END] if last else []
        signs = self._signs([*carried, *fold(text).split(), END], first=len(carried))
        loud = [sign for sign in signs if sign.level is not None]
        hints = [sign for sign in signs if sign.level is None]
        if hints:
            earlier = [*(fold(message[-_BEFORE_TAIL:]).split() for message in before[-_BEFORE:-1]), last]
            old = {sign.entry.id: sign for words in earlier for sign in self._signs([*words, END], first=0)}
            loud.extend(_spoken_hints(hints, list(old.values()), lowered))
        return _verdict(loud)

    def _signs(self, words: list[str], first: int) -> list[_Sign]:
        """What is heard in `words`; what ends before word `first` was said and answered earlier."""
        found = [hit for hit in self._finder.find(words) if hit.end > first]
        if not found:
            return []
        ends = [at for at, word in enumerate(words) if word == END]
        hidden = [(idiom.start, idiom.end) for idiom in self._within_sentence(self._idioms, words)]
        reported = {hit.end for hit in self._within_sentence(self._reported, words)}
        context = _Context(words, ends, self._past_sentences(words, ends), reported)
        return [self._sign(hit, context) for hit in found if not any(start <= hit.key < end for start, end in hidden)]

    def _past_sentences(self, words: Sequence[str], ends: Sequence[int]) -> frozenset[int]:
        past = {bisect_right(ends, hit.start) for hit in self._within_sentence(self._past, words)}
        now = {bisect_right(ends, hit.start) for hit in self._now.find(words)} if past else set()
        return frozenset(past - now)

    @staticmethod
    def _within_sentence(finder: Finder, words: Sequence[str]) -> list[Found]:
        """What quietens never reaches over a sentence end: "I want to die. Laughing is over." is no idiom."""
        return [hit for hit in finder.find(words) if END not in words[hit.start : hit.end - 1]]

    def _sign(self, hit: Found, context: _Context) -> _Sign:
        entry = self._entries[hit.name]
        sentence = bisect_right(context.ends, hit.start)
        if entry.level == "hint":
            return _Sign(entry, None, sentence)
        if entry.level == "ask":
            return _Sign(entry, Level.ask, sentence)
        own = entry.scope is Scope.self and entry.topic is Topic.self_harm
        mentioned = (
            self._is_negated(hit, context.words)
            or sentence in context.past
            or hit.start in context.reported_until
            or (own and self._is_about_somebody_else(hit, context.words))
        )
        return _Sign(entry, Level.ask if mentioned else Level.alarm, sentence)

    def _is_negated(self, hit: Found, words: Sequence[str]) -> bool:
        """As in "don't want to kill myself" or "he has never hit me"; not "can't stop thinking of killing myself"."""
        for at in range(hit.start, hit.end):
            if words[at] not in hit.phrase.literals and self._negates(at, words):
                return True
        for at in range(hit.start - 1, max(-1, hit.start - _LOOK_BACK), -1):
            if self._negates(at, words):
                return True
            if words[at] not in self._bridge:
                return False
        return False

    def _negates(self, at: int, words: Sequence[str]) -> bool:
        if words[at] not in self._negators or (at + 1 < len(words) and words[at + 1] in self._not_negation):
            return False
        return (words[at],) in self._negation or tuple(words[max(0, at - 1) : at + 1]) in self._negation

    def _is_about_somebody_else(self, hit: Found, words: Sequence[str]) -> bool:
        """Whether the nearest person named before the phrase is not the writer: "my brother wants to die"."""
        if any(words[at] in _WRITER for at in range(hit.start, hit.end)):
            return False
        for at in range(hit.start - 1, max(-1, hit.start - _LOOK_BACK), -1):
            if words[at] in self._own or words[at] == END:
                return False
            if words[at] in self._others:
                return True
        return False


@dataclass(frozen=True)
class _Context:
    """What a phrase stands in: words, sentence ends, sentences about the past, where reported speech begins."""

    words: Sequence[str]
    ends: Sequence[int]
    past: frozenset[int]
    reported_until: set[int]


@dataclass(frozen=True)
class _Reader:
    """Reads phrases and names the entry where it can't."""

    sets: Sets
    source: str

    def all(self, name: str, say: Sequence[str]) -> list[tuple[str, Phrase]]:
        """The phrases of one entry, each with its name."""
        try:
            return [(name, Phrase.read(line, self.sets)) for line in say]
        except PhraseError as error:
            raise ContentError(f'{self.source}: entry "{name}": {error}.') from error


def _expanded(member: str, sets: Sets, source: str, name: str) -> list[tuple[str, ...]]:
    try:
        return expand(member, sets)
    except PhraseError as error:
        raise ContentError(f'{source}: entry "{name}": {error}.') from error


def _last(words: Sequence[str]) -> list[str]:
    """The unfinished end of a message, which the next message may go on with."""
    tail = list(words[-_CARRY:])
    return tail[len(tail) - tail[::-1].index(END) :] if END in tail else tail


def _spoken_hints(hints: Sequence[_Sign], old: Sequence[_Sign], lowered: bool) -> list[_Sign]:
    """Hints loud enough to ask: one while lowered, else two different ones about the same thing, near each other."""
    spoken = []
    for hint in hints:
        company = [*(other for other in hints if abs(other.sentence - hint.sentence) <= _NEAR), *old]
        alone = all(other.entry.id == hint.entry.id or other.entry.topic is not hint.entry.topic for other in company)
        if lowered or not alone:
            spoken.append(_Sign(hint.entry, Level.ask, hint.sentence))
    return spoken


def _verdict(signs: Sequence[_Sign]) -> Verdict:
    if not signs:
        return CLEAR
    ranked = sorted(signs, key=_rank)
    cues = tuple(dict.fromkeys(sign.entry.id for sign in ranked))
    return Verdict(ranked[0].entry.topic, ranked[0].level or Level.clear, cues)


def _rank(sign: _Sign) -> tuple[int, bool, int, int]:
    """Loudest first, then what concerns the writer's own home, then the most urgent, then what was said first."""
    return -(sign.level or 0), sign.entry.scope is Scope.other, _URGENCY.index(sign.entry.topic), sign.sentence
