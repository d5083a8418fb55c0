"""The person's own words, short enough to be said back: the sentence of a message that carries most, as a quote."""

from __future__ import annotations

import re
from typing import Final

from bot.understanding.sentences import split_sentences

__all__ = ["short", "telling_quote"]

_MOST_WORDS: Final = 16
_CLAUSE: Final = re.compile(r"[,;:–—]\s+|\s+(?=(?:and|but|because|so|while|when|then|which|although)\s)", re.IGNORECASE)
_SELF: Final = re.compile(r"\b(?:i|me|my|mine|myself|we|us|our)\b", re.IGNORECASE)
_OTHER: Final = re.compile(
    r"\b(?:he|she|they|him|her|them|his|husband|wife|partner|boyfriend|girlfriend|fianc[eé]e?|spouse|dh|dw|so|hubby|bf|gf)\b",
    re.IGNORECASE,
)
_FELT: Final = re.compile(
    r"\b(?:feel\w*|felt|alone|lonel\w+|invisible|ignor\w+|unseen|unheard|hurt\w*|miss|tired|sad|angry|cry\w*|cried|scared|empty|"
    r"numb|love\w*|want\w*|wish\w*|need\w*|care[sd]?|never|always|every|anymore|nothing|nobody|stopped|silent|cold)\b",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(r"\?\s*$|\b(?:can you|could you|please|what (?:can|should|do) i|any (?:advice|ideas?|tips))\b", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"^\s*(?:hi|hello|hey|thanks|thank you|sorry|ok(?:ay)?|so|well|um+|idk)\b[\s,.!-]*", re.IGNORECASE)
_TAG: Final = re.compile(r"[\[(]\s*\d{1,2}\s*[a-z]{0,2}\s*[\])]", re.IGNORECASE)


def telling_quote(text: str, most_words: int = _MOST_WORDS) -> str:
    """The most telling sentence of a message, cut at a clause, as it may stand between quotation marks.

    Sentences that tell of both, of feelings and of how often come first; greetings, thanks and questions to the coach last.
    Empty when the message has no words.
    """
    sentences = split_sentences(text)
    if not sentences:
        return ""
    best = max(range(len(sentences)), key=lambda index: (_weight(sentences[index]), -index))
    return short(sentences[best], most_words)


def short(sentence: str, most_words: int = _MOST_WORDS) -> str:
    """A sentence in at most `most_words` words: whole clauses where they fit, the first words and "…" where not."""
    kept = _ADDRESS.sub("", _TAG.sub("", sentence)).strip() or sentence.strip()
    kept = re.sub(r"\s+", " ", kept).replace('"', "'").strip(" '“”‘’-–—,;:")
    words = kept.split(" ")
    ending = "" if kept[-1:] in ".!?…" else "."
    if len(words) > most_words:
        kept, ending = _clauses(kept, most_words), "…"
    kept = kept.rstrip(",;: ") if ending else kept
    if ending == "…":
        kept = kept.rstrip(".!? ")
    return f"{kept[:1].upper()}{kept[1:]}{ending}" if kept else ""


def _clauses(sentence: str, most_words: int) -> str:
    end = 0
    for joint in _CLAUSE.finditer(sentence):
        if len(sentence[: joint.start()].split()) > most_words:
            break
        end = joint.start()
    if len(sentence[:end].split()) >= most_words // 3:
        return sentence[:end]
    return " ".join(sentence.split(" ")[:most_words])


def _weight(sentence: str) -> float:
    words = len(sentence.split())
    weight = 1.5 * bool(_SELF.search(sentence)) + bool(_OTHER.search(sentence)) + 1.5 * min(2, len(_FELT.findall(sentence)))
    if _ASKS.search(sentence):
        weight -= 2.5
    if words < 3:
        weight -= 2
    return weight
