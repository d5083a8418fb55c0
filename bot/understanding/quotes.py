"""The person's own words, short enough to be said back: the sentence of a message that carries most, as a quote."""

from __future__ import annotations

import re
from typing import Final

from bot.understanding.sentences import split_sentences

__all__ = ["short", "telling_quote", "weight"]

_MOST_WORDS: Final = 16
_CLAUSE: Final = re.compile(r"[,;:–—]\s+|\s+(?=(?:and|but|because|so|while|when|then|which|although)\s)", re.IGNORECASE)
_SELF: Final = re.compile(r"\b(?:i|me|my|mine|myself|we|us|our)\b", re.IGNORECASE)
_OTHER: Final = re.compile(
    r"\b(?:he|she|they|him|her|them|his|husband|wife|partner|boyfriend|girlfriend|fianc[eé]e?|spouse|dh|dw|so|"
    r"hubby|bf|gf)\b",
    re.IGNORECASE,
)
_FELT: Final = re.compile(
    r"\b(?:feel\w*|felt|alone|lonel\w+|invisible|ignor\w+|unseen|unheard|hurt\w*|miss|tired|sad|angry|cry\w*|"
    r"cried|scared|empty|"
    r"numb|love\w*|touch\w*|hug\w*|kiss\w*|notic\w+|listen\w*|held|birthday|anniversary|want\w*|wish\w*|need\w*|"
    r"care[sd]?|never|always|every|anymore|nothing|nobody|stopped|silent|cold)\b",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(
    r"\?\s*$|\b(?:can you|could you|please|what (?:can|should|do) i|any (?:advice|ideas?|tips))\b", re.IGNORECASE
)
_STRONG: Final = re.compile(
    r"\b(?:lonel\w+|alone|invisible|ignor\w+|unseen|unheard|hurts?|never|nobody|nothing|don'?t matter|"
    r"doesn'?t (?:care|notice|see)|"
    r"cried|cry\w*|give up|gave up|divorce|leave me|scared|ashamed|empty|numb|miss(?:es)? (?:him|her|us|them|me))\b",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(
    r"^\s*idk(?=,|\s+(?:i|he|she|we|they|it|my|maybe)\b)[\s,.]*|"
    r"^\s*(?:(?:hi|hello|hey|thanks|thank you|sorry|ok(?:ay)?|well|um+|and|but|because|also|anyway|"
    r"so(?=,|\s+(?:i|he|she|we|they|my|it|then)\b))\b(?!['’])[\s,.!-]*)+",
    re.IGNORECASE,
)
_SMALL_I: Final = re.compile(r"(?<![\w'’.])i(?=(?:['’](?:m|ve|d|ll))?(?:[\s,.;:!?…]|$))(?!\.e\.)")
_LOOSE: Final = frozenset(
    "a an the and or but to of in on at with for from that so then i he she they his her my our is was until".split()
)
_INNER: Final = re.compile(r"[\"“”„«»]")
_TAG: Final = re.compile(r"[\[(]\s*\d{1,2}\s*[a-z]{0,2}\s*[\])]", re.IGNORECASE)


def telling_quote(text: str, most_words: int = _MOST_WORDS) -> str:
    """The most telling sentence of a message, cut at a clause, as it may stand between quotation marks.

    Sentences that tell of both, of feelings and of how often come first; greetings, thanks and questions to the coach
    last. Empty when the message has no words.
    """
    sentences = split_sentences(text)
    if not sentences:
        return ""
    best = max(range(len(sentences)), key=lambda index: (weight(sentences[index]), -index))
    return short(sentences[best], most_words)


def short(sentence: str, most_words: int = _MOST_WORDS, clauses: bool = True) -> str:
    """A sentence in at most `most_words` words: whole clauses where they fit, the first words and "…" where not.

    Args:
        clauses: False to keep as many words as there is room for, also in the middle of a clause.
    """
    kept = _ADDRESS.sub("", _TAG.sub("", sentence)).strip() or sentence.strip()
    kept = re.sub(r"\s+([,.;:!?])", r"\1", re.sub(r"\s+", " ", kept))
    kept = _SMALL_I.sub("I", _balanced(kept))
    words = kept.split(" ")
    ending = "" if kept.rstrip("'")[-1:] in ".!?…" else "."
    if len(words) > most_words:
        kept, ending = _clauses(kept, most_words) if clauses else _first(words, most_words), "…"
        kept = _balanced(kept)
    kept = kept.rstrip(",;: ") if ending else kept
    if ending == "…":
        kept = kept.rstrip(".!? ")
    return f"{kept[:1].upper()}{kept[1:]}{ending}" if kept else ""


def _first(words: list[str], most_words: int) -> str:
    """The first words, without a loose "the" or "and" at the end."""
    kept = words[:most_words]
    while len(kept) > most_words // 2 and kept[-1].lower().strip(",") in _LOOSE:
        kept.pop()
    return " ".join(kept)


def _balanced(text: str) -> str:
    """Inner quotation marks as single ones, and none that opens without closing or encloses the whole."""
    text = _INNER.sub("'", text).replace("‘", "'").replace("’", "'").strip(" -–—,;:")
    if text.startswith("'") and text.endswith("'") and text.count("'") == 2:
        text = text[1:-1]
    opening = [mark.start() for mark in re.finditer(r"(?<!\w)'(?=\w)", text)]
    closing = [mark.start() for mark in re.finditer(r"(?<=\S)'(?!\w)", text)]
    if len(opening) > len(closing):
        text = text[: opening[-1]] + text[opening[-1] + 1 :]
    elif len(closing) > len(opening) and text.endswith("'"):
        text = text[:-1]
    return text.strip(" -–—,;:")


def _clauses(sentence: str, most_words: int) -> str:
    end = 0
    for joint in _CLAUSE.finditer(sentence):
        if len(sentence[: joint.start()].split()) > most_words:
            break
        end = joint.start()
    if len(sentence[:end].split()) >= most_words // 3:
        return sentence[:end]
    return " ".join(sentence.split(" ")[:most_words])


def weight(sentence: str) -> float:
    """How much a sentence tells of both, of feelings and of how often; questions to the coach tell least."""
    words = len(sentence.split())
    weight = (
        1.5 * bool(_SELF.search(sentence)) + bool(_OTHER.search(sentence)) + 1.5 * min(2, len(_FELT.findall(sentence)))
    )
    if _ASKS.search(sentence):
        weight -= 2.5
    if _STRONG.search(sentence):
        weight += 1
    if words < 3:
        weight -= 2
    return weight
