"""The small language in which the safety lexicon is written, and its matcher.

    kill myself                  these words, in this order
    (kill|hurt|end my) life      one of these
    take my [own] life           may stand or not
    giv* away my                 any word that begins so
    he ~2 hit me                 up to two other words in between
    @partner                     one of a named list ("sets" in the lexicon)
    hit me up .                  the end of a sentence

A phrase may run over one sentence end between two of its words ("I want to. Kill myself."), but never inside a "~" gap.

Each phrase is found by its rarest words, and only a few words around them are looked at. So the time grows with the
length of the text and not with the size of the lexicon, and no text can make it explode.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from bot.safety.normalise import END, fold

__all__ = ["Finder", "Found", "Phrase", "PhraseError", "expand"]

Words = tuple[str, ...]
Sets = Mapping[str, Sequence[Words]]

_PIECE: Final = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|~(\d)|(@?\w+\*?)|(\.)|(\S)")
_STEP: Final = r" (?:\. )?"
_SHORTEST_STEM: Final = 2
_COMMON_WORDS: Final = """
    i me my mine we us our he him his she her they them their it its this that these those you your the a an and or
    but so if when then than as at by for from in into of off on out over to up with is am are was were be been
    being do does did done have has had can could will would should may might must not no never just really very too
    much more most all any some one what who why how there here go going get got make made want need like feel know
    think say said tell told about because now time day husband wife partner boyfriend girlfriend
    """
_COMMON: Final = frozenset(_COMMON_WORDS.split())


class PhraseError(ValueError):
    """A phrase that can't be read or could never match. The text says why and how to mend it."""


@dataclass(frozen=True)
class _Part:
    """One place in a phrase: a choice of words, or a gap of up to `gap` other words."""

    choices: tuple[Words, ...] = ()
    optional: bool = False
    gap: int = 0

    @property
    def longest(self) -> int:
        return self.gap or max(map(len, self.choices))


@dataclass(frozen=True)
class Phrase:
    """A phrase ready to be looked for.

    Attributes:
        source: as it stands in the lexicon.
        pattern: over folded text; the group "key" holds the words it is found by.
        keys: the words it is found by; with "*" at the end where any longer word will do.
        before, after: how many words around the key can belong to it.
        company: words of which one has to stand near the key, a quick look that spares most of the work; may be empty.
        literals: every word that is written in it.
    """

    source: str
    pattern: re.Pattern[str]
    keys: frozenset[str]
    before: int
    after: int
    company: frozenset[str]
    literals: frozenset[str]

    @classmethod
    def read(cls, source: str, sets: Sets) -> Phrase:
        """Reads one line of the language.

        Raises:
            PhraseError: a bracket is open, a set is unknown, or a word is not in its folded form.
        """
        parts = list(_parts(source, sets))
        if not parts or parts[0].optional or parts[0].gap or parts[-1].gap:
            raise PhraseError(f'"{source}" must begin and end with words that have to be there')
        required = [at for at, part in enumerate(parts) if part.choices and not part.optional]
        at = min(required, key=lambda at: _cost(parts[at]))
        key = parts[at]
        return cls(
            source=source,
            pattern=re.compile(_regex(parts, at)),
            keys=frozenset(min(choice, key=_word_cost) for choice in key.choices),
            # One more on both sides for a sentence end in between.
            before=sum(part.longest for part in parts[:at]) + key.longest,
            after=sum(part.longest for part in parts[at + 1 :]) + key.longest,
            company=_company(parts[other] for other in required if other != at),
            literals=frozenset(word for part in parts for choice in part.choices for word in choice),
        )


@dataclass(frozen=True)
class Found:
    """Where a phrase stands: words `start` to `end` (past the last), its key at `key`."""

    name: str
    phrase: Phrase
    start: int
    end: int
    key: int


class Finder:
    """Looks for many phrases at once."""

    def __init__(self, phrases: Iterable[tuple[str, Phrase]]) -> None:
        by_word: defaultdict[str, list[tuple[str, Phrase]]] = defaultdict(list)
        by_stem: defaultdict[str, list[tuple[str, Phrase]]] = defaultdict(list)
        for name, phrase in phrases:
            for key in sorted(phrase.keys):
                (by_stem[key[:-1]] if key.endswith("*") else by_word[key]).append((name, phrase))
        self._by_word = {word: tuple(found) for word, found in by_word.items()}
        self._by_stem = {stem: tuple(found) for stem, found in by_stem.items()}
        self._longest_stem = max(map(len, self._by_stem), default=0)
        self._stem_heads = frozenset(stem[:_SHORTEST_STEM] for stem in self._by_stem)

    def find(self, words: Sequence[str]) -> list[Found]:
        """Every place where one of the phrases stands, in the order of their key words."""
        found: dict[tuple[str, int], Found] = {}
        candidates = {word: self._candidates(word) for word in set(words)}
        for at, word in enumerate(words):
            for name, phrase in candidates[word]:
                first, last = max(0, at - phrase.before), at + phrase.after + 1
                if phrase.company and phrase.company.isdisjoint(words[first:last]):
                    continue
                match = _match_at(phrase, words, first, at)
                if match is None:
                    continue
                start, end = (first + match.string.count(" ", 0, place) for place in match.span())
                key = first + match.string.count(" ", 0, match.start("key"))
                found.setdefault((phrase.source, start), Found(name, phrase, start, end + 1, key))
        return list(found.values())

    def _candidates(self, word: str) -> Sequence[tuple[str, Phrase]]:
        candidates = self._by_word.get(word, ())
        if word[:_SHORTEST_STEM] not in self._stem_heads:
            return candidates
        stems = (word[:length] for length in range(_SHORTEST_STEM, min(len(word), self._longest_stem) + 1))
        return [*candidates, *(candidate for stem in stems for candidate in self._by_stem.get(stem, ()))]


def _match_at(phrase: Phrase, words: Sequence[str], first: int, at: int) -> re.Match[str] | None:
    """The phrase around its key word at `at`; a match elsewhere in the window is that other word's business."""
    window = " ".join(words[first : at + phrase.after + 1])
    place = len(" ".join(words[first:at])) + (at > first)
    match = phrase.pattern.search(window)
    while match and not match.start("key") <= place < match.end("key"):
        match = phrase.pattern.search(window, match.start() + 1)
    return match


def expand(alternative: str, sets: Sets) -> list[Words]:
    """The word sequences that "my @spouse" stands for."""
    choices: list[list[Words]] = []
    for word in alternative.split():
        if word.startswith("@"):
            if word[1:] not in sets:
                raise PhraseError(f'"{word}" is not one of the sets: {", ".join(sorted(sets)) or "there are none yet"}')
            choices.append(list(sets[word[1:]]))
        else:
            choices.append([(_checked(word),)])
    return [tuple(word for words in picked for word in words) for picked in product(*choices)]


def _checked(word: str) -> str:
    bare = word[:-1] if word.endswith("*") else word
    if word.endswith("*"):
        if len(bare) < _SHORTEST_STEM or not bare.isalnum():
            raise PhraseError(f'"{word}" must have {_SHORTEST_STEM} letters or more before the star')
    elif word != END and fold(bare) != bare:
        raise PhraseError(f'"{word}" is read as "{fold(bare)}": write it so')
    return word


def _parts(source: str, sets: Sets) -> Iterator[_Part]:
    for group, maybe, gap, word, stop, other in _PIECE.findall(source):
        if other:
            raise PhraseError(f'"{source}" has a stray "{other}"; see the language at the top of the lexicon')
        if gap:
            yield _Part(gap=int(gap))
        elif stop:
            yield _Part(((END,),))
        else:
            choices = tuple(words for piece in (group or maybe or word).split("|") for words in expand(piece, sets))
            if not choices or not all(choices):
                raise PhraseError(f'"{source}" has an empty choice; use [ ] for what may be missing')
            yield _Part(choices, optional=bool(maybe))


def _word_cost(word: str) -> int:
    if word in (END, "i"):
        return 400  # in nearly every sentence
    return 60 if word in _COMMON else 1


def _cost(part: _Part) -> int:
    return sum(min(map(_word_cost, choice)) for choice in part.choices)


def _company(parts: Iterable[_Part]) -> frozenset[str]:
    """One word of each choice of the rarest of these parts."""
    rarest = min(parts, key=_cost, default=None)
    words = frozenset(min(choice, key=_word_cost) for choice in rarest.choices) if rarest else frozenset()
    return frozenset() if any(word.endswith("*") for word in words) else words


def _regex(parts: Sequence[_Part], key: int) -> str:
    text = "(?<![^ ])"
    for at, part in enumerate(parts):
        step = _STEP if at else ""
        if part.gap:
            text += rf"(?: [^ .]+){{0,{part.gap}}}?"
        else:
            choices = "|".join(map(_word_regex, sorted(part.choices, key=len, reverse=True)))
            words = f"(?P<key>{choices})" if at == key else f"(?:{choices})"
            text += f"(?:{step}{words})?" if part.optional else step + words
    return text + "(?![^ ])"


def _word_regex(words: Words) -> str:
    return " ".join(word[:-1] + r"[^ .]*" if word.endswith("*") else re.escape(word) for word in words)
