"""What of a message is said back: what carries most, retold where grammar is plain and quoted where it is not.

Short messages give one scene; long ones the two or three main things.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.understanding.doubts import asks
from bot.understanding.heard import Heard
from bot.understanding.quotes import short, weight
from bot.understanding.retelling import Clause
from bot.understanding.scenes import Scene, Told, read_scene
from bot.understanding.sentences import split_sentences

__all__ = ["Piece", "SayBack", "say_back"]

#: A message of so many words and sentences is a long one.
_LONG: Final = 60
_MANY: Final = 5
#: Sentences that are parsed.
_READ: Final = 4
_READ_OF_LONG: Final = 7
#: Words of a piece: alone, and of one among several.
_ALONE: Final = 20
_AMONG: Final = 12
_QUOTE: Final = 16
_ROOM_OF_LONG: Final = 30
_SHORT: Final = 9
#: Of a sentence that could be quoted whole, this much has to be retold.
_MOST_OF_IT: Final = 0.7
#: Fewer words of a sentence that was cut say nothing.
_TOO_SHORT: Final = 7
#: Worth of a sentence that is not said back beside others.
_LITTLE: Final = 0.3
_VAGUE: Final = re.compile(r"^(?:it|this|that|these|those|which|what|there)\b", re.IGNORECASE)
_TO_COACH: Final = re.compile(
    r"\?|\b(?:advice|sorry for|thanks|thank you|long post|throwaway|reading this|english|on mobile|tl;?dr|update|"
    r"edit)\b",
    re.IGNORECASE,
)
_CONCEDES: Final = re.compile(
    r"\b(?:isn'?t a bad|not a bad|a (?:good|great|nice|kind|wonderful) (?:man|woman|guy|person|dad|father|mom|mum|"
    r"mother|provider)|works hard|don'?t get me wrong|never fight|hard ?working)\b",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(
    r"\b(?:been (?:together|married|dating|with)|moved in|we met|years old|year old|married (?:for|in|since)|"
    r"live in)\b",
    re.IGNORECASE,
)
_YOU: Final = re.compile(r"\b(?:you|your)\b", re.IGNORECASE)
#: What was told is missing.
_TOLD_TO: Final = re.compile(r"^[\w' ]+ (?:told|tells|asked|asks) (?:you|him|her|them)\.$")
#: Words of a part of a sentence, at least.
_PART: Final = 5
_WORD: Final = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True)
class Piece:
    """Something that is said back.

    Attributes:
        words: retold to the person, or as they wrote them; a whole sentence with its full stop.
        quoted: whether it stands between quotation marks.
        asked: whether it is a question to the coach.
    """

    words: str
    quoted: bool
    asked: bool = False

    @property
    def shown(self) -> str:
        """As it stands in a text."""
        return f'"{self.words}"' if self.quoted else self.words


@dataclass(frozen=True)
class SayBack:
    """One piece of a short message; two or three of a long one; none where there are no words."""

    pieces: tuple[Piece, ...]
    scene: Scene


def say_back(text: str, heard: Heard, theme: str = "") -> SayBack:
    """Choose what is said back.

    Args:
        text: the message.
        heard: what was heard in it.
        theme: what the reflection will be about; sentences of it come first.
    """
    sentences = split_sentences(text)
    worth = _worth(sentences, heard, theme)
    long = len(text.split()) >= _LONG and len(sentences) >= _MANY
    best = sorted(worth, key=lambda at: -worth[at])[: _READ_OF_LONG if long else _READ]
    scene = read_scene([(at, sentences[at]) for at in sorted(best)], _AMONG if long else _ALONE)
    told = {one.at: one for one in scene.told}
    if long:
        pieces = _main_things(best, told, worth, heard, len(sentences))
        if len(pieces) > 1:
            return SayBack(tuple(pieces), scene)
    return SayBack(tuple(_one_scene(best, told)), scene)


def _worth(sentences: Sequence[str], heard: Heard, theme: str) -> Mapping[int, float]:
    """How much each sentence carries: by its words, and by what was heard in it."""
    themes = _themes_of(sentences, heard)
    return {
        at: weight(sentence)
        + 3.0 * themes[at].get(theme, -0.2)
        + 0.5 * max(themes[at].values(), default=0.0)
        - 2.0 * bool(_TO_COACH.search(sentence))
        - 1.0 * bool(_VAGUE.match(sentence))
        - 1.5 * bool(_BEFORE.search(sentence))
        - 1.0 * bool(_YOU.search(sentence))
        - 1.5 * bool(_CONCEDES.search(sentence))
        for at, sentence in enumerate(sentences)
    }


def _themes_of(sentences: Sequence[str], heard: Heard) -> list[dict[str, float]]:
    """Themes of the sentences. Passages and sentences are cut differently; both are in order, so words are counted."""
    found: list[dict[str, float]] = [{} for _ in sentences]
    ends, total = [], 0
    for sentence in sentences:
        total += len(_WORD.findall(sentence))
        ends.append(total)
    at = 0
    for part in heard.parts:
        middle = at + len(_WORD.findall(part.words)) / 2
        place = next((index for index, end in enumerate(ends) if middle < end), None)
        if place is None:
            break
        for name, sure in part.themes.items():
            found[place][name] = max(found[place].get(name, 0.0), sure)
        at += len(_WORD.findall(part.words))
    return found


def _one_scene(best: Sequence[int], told: Mapping[int, Told]) -> list[Piece]:
    """The best sentence, with the one beside it where both are short and belong together."""
    if not best:
        return []
    first = told[best[0]]
    piece = _piece(first, _QUOTE)
    if piece.quoted or len(piece.words.split()) > _SHORT:
        return [piece]
    for beside in (first.at - 1, first.at + 1):
        other = told.get(beside)
        if other is None or _TO_COACH.search(other.words):
            continue
        second = _piece(other, _QUOTE)
        if not second.quoted and len(second.words.split()) <= _SHORT + 3:
            pair = [second, piece] if beside < first.at else [piece, second]
            return [Piece(" ".join(one.words for one in pair), False)]
    return [piece]


def _main_things(
    best: Sequence[int], told: Mapping[int, Told], worth: Mapping[int, float], heard: Heard, count: int
) -> list[Piece]:
    """Two or three things out of different parts of a long message, in its order."""
    chosen: list[tuple[int, Piece]] = []
    room = _ROOM_OF_LONG
    for at in best:
        if worth[at] < _LITTLE and chosen:
            continue
        piece = _piece(told[at], _AMONG)
        words = len(piece.words.split())
        if not told[at].deeds or (words < _TOO_SHORT and piece.words.endswith("…")):
            continue
        if words > room or len(chosen) == 3 or any(abs(at - other) <= (1 if count > 8 else 0) for other, _ in chosen):
            continue
        chosen.append((at, piece))
        room -= words
    return [piece for _, piece in sorted(chosen, key=lambda one: one[0])]


def _piece(told: Told, most_words: int) -> Piece:
    """One sentence: its best stretch that can be retold, or a quote."""
    quote = Piece(short(told.words, most_words), True)
    if asks(told.words.strip()):
        return Piece(quote.words[:-1] + "?" if quote.words.endswith(".") else quote.words, True, quote.words[-1] != "…")
    clauses = [clause for clause in told.clauses if clause.retold and _says_enough(clause, told)]
    if not clauses:
        whole = [clause for clause in told.clauses if len(clause.words.split()) <= most_words]
        best = max(whole, key=_carries, default=None)
        if quote.words.endswith("…") and best is not None and weight(best.words) >= weight(quote.words):
            return Piece(short(best.words, most_words), True)
        return quote
    best = max(clauses, key=_carries)
    words, all_words = len(best.words.split()), len(told.words.split())
    if weight(best.words) < weight(told.words) - 1.6 or (all_words <= most_words and words < _MOST_OF_IT * all_words):
        return quote
    return Piece(best.retold, False)


def _says_enough(clause: Clause, told: Told) -> bool:
    """Whether a stretch says something by itself: a whole sentence may be short, a part of one not."""
    words, all_words = len(clause.words.split()), len(told.words.split())
    part = words < _MOST_OF_IT * all_words
    return not _VAGUE.match(clause.retold) and not (part and (words < _PART or _TOLD_TO.match(clause.retold)))


def _carries(clause: Clause) -> float:
    return weight(clause.words) + min(len(clause.words.split()), 16) / 10
