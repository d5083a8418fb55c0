"""From a complaint to a request: event, feeling and wish of a person's own words, put together as they may be said.

Nothing is invented: the words are the person's, turned from "he came" to "you came", with sweeping words softened. What
can't be turned surely is left as it was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

__all__ = ["Drafts", "drafts_of", "softened", "sweeping_in", "to_you"]

#: Sweeping words, and what is said in their place; the first that fits is taken.
_SOFTER: Final = (
    (re.compile(r"\b(?:always|constantly|all the time|every (?:single )?time|24/7)\b", re.I), "often"),
    (re.compile(r"\bnever ever\b|\bnever\b", re.I), "hardly ever"),
    (re.compile(r"\bnothing\b", re.I), "little"),
    (re.compile(r"\b(?:everybody|everyone|no one|nobody)\b", re.I), "some people"),
)
_LABEL: Final = re.compile(
    r"\byou(?:'re| are) (?:so |such |just |being |really |too |a |an |the |my )*"
    r"(?!going|coming|at |in |on |home|tired|busy|away)\w+",
    re.I,
)
_SWEEPING: Final = re.compile(
    r"\b(?:always|never|constantly|all the time|every (?:single )?time|24/7|nothing|everybody|everyone|nobody|no one)"
    r"\b",
    re.I,
)
_WHO: Final = r"(?:my (?:husband|wife|partner|boyfriend|girlfriend|fianc[eé]e?|spouse|man|guy)|hubby|he|she)"
_ADVERBS: Final = (
    "always|never|just|often|only|still|also|even|hardly ever|constantly|then|simply|barely|rarely|usually"
)
_VERBS: Final = {
    **{"is": "are", "'s": "'re", "was": "were", "has": "have", "does": "do", "goes": "go"},
    **{"doesn't": "don't", "isn't": "aren't", "wasn't": "weren't", "hasn't": "haven't"},
}
_OPENS_EVENT: Final = re.compile(
    r"^(?:well|so|ok|like|when|that|because|it was|it happened|what happened was(?: that)?)[, ]+", re.I
)
_OPENS_FEELING: Final = re.compile(
    r"^(?:i (?:just )?(?:felt|feel|was|am)|i'm|it made me feel|made me feel|feeling|just)\s+", re.I
)
_OPENS_REQUEST: Final = re.compile(
    rf"^(?:i(?:'d| would)? ?(?:just )?(?:want|like|love|wish|need|hope|ask)(?:ed)?(?: for)? |just |maybe |for |that )*"
    rf"(?:(?:{_WHO}|him|her|them|they|you)(?: would| could| can| to|'d)* )?(?:to )?",
    re.I,
)
#: "He comes", "she often forgets": told as what happens, not as what happened.
_PRESENT: Final = re.compile(rf"\b{_WHO}\s+(?:(?:{_ADVERBS})\s+)?(?:\w*(?<!s)s|don't|doesn't)\b(?<!\bwas)", re.I)
_A_THING: Final = frozenset(
    "a an the more some less one two five ten fifteen time honesty attention affection respect kindness his her their "
    "your my that sex hugs kisses words eye quality space support".split()
)
#: Words of an event, a feeling and a wish: together they stay one bubble.
_EVENT, _FEELING, _REQUEST = 14, 8, 10


@dataclass(frozen=True)
class Drafts:
    """Three ways to say it, and what was changed on the way.

    Attributes:
        texts: plain, warm and short.
        softened: the sweeping words that were replaced, as they were written.
        turned: whether "he" or "she" became "you".
    """

    texts: tuple[str, str, str]
    softened: tuple[str, ...]
    turned: bool


def sweeping_in(text: str) -> tuple[str, ...]:
    """Words that tell of every time, or of what somebody is: "always", "never", "you are so lazy"."""
    found = [match.group().lower() for match in _SWEEPING.finditer(text)]
    labels = [match.group().lower() for match in _LABEL.finditer(text)]
    return tuple(dict.fromkeys([*found, *labels]))


def softened(text: str) -> str:
    """The text with softer words for "always" and "never"; labels are left, since what they mean must be told anew."""
    for pattern, softer in _SOFTER:
        text = pattern.sub(softer, text)
    return text


def to_you(text: str) -> str:
    """What is told of somebody as it is said to them: of "he came with his phone" "you came with your phone"."""
    text = re.sub(rf"\b{_WHO}('s|\s+(?:{'|'.join(_VERBS)}))(?![\w'])", _verb, text, flags=re.I)
    if not re.search(rf"\b{_WHO}\b|\b(?:him|her)\b", text, re.I):  # one person may be "they"
        text = re.sub(r"\bthey\b", "you", re.sub(r"\btheir\b", "your", text, flags=re.I), flags=re.I)
        text = re.sub(r"\bthem\b", "you", text, flags=re.I)
    text = re.sub(rf"\b{_WHO}\s+((?:{_ADVERBS})\s+)?(\w+)", _subject, text, flags=re.I)
    text = re.sub(
        r"\b(?:his|her)\b(?=\s+\w)(?!\s+(?:and|or|to|that|when|because|if|so|again|but)\b)", "your", text, flags=re.I
    )
    text = re.sub(r"\b(?:him|her)\b", "you", text, flags=re.I)
    text = re.sub(r"\b(?:himself|herself)\b", "yourself", text, flags=re.I)
    return re.sub(rf"\b{_WHO}\b", "you", text, flags=re.I)


def drafts_of(event: str, feeling: str, request: str) -> Drafts | None:
    """Three drafts of what was told; None where a piece is missing that none can do without (the event or the wish)."""
    happened, felt, wished = _event(event), _feeling(feeling), _request(request)
    if not happened or not wished:
        return None
    feel = "feel" if _PRESENT.search(softened(event)) else "felt"
    inside = f"I {feel} {felt}" if felt else "it stays with me"
    texts = (
        f"When {happened}, {inside}. {_asked(wished)}",
        f"I'm on your side. When {happened}, {inside}. {_hoped(wished)}",
        f"{_asked(wished)} I ask because {inside} when {happened}.",
    )
    return Drafts(
        texts=texts,
        softened=tuple(dict.fromkeys([*sweeping_in(event), *sweeping_in(request)])),
        turned=to_you(event) != event,
    )


def _event(text: str) -> str:
    kept = _cut(_OPENS_EVENT.sub("", text.strip()), _EVENT)
    kept = softened(to_you(kept))
    return _lower(kept)


def _feeling(text: str) -> str:
    return _lower(_cut(_OPENS_FEELING.sub("", text.strip()), _FEELING))


def _request(text: str) -> str:
    opening = _OPENS_REQUEST.match(text.strip())
    kept = text.strip()[opening.end() if opening else 0 :].strip()
    if opening and re.search(rf"\b{_WHO}\b", opening.group(), re.I):  # "that he sets": could you set
        first, _, rest = kept.partition(" ")
        kept = f"{_base(first)} {rest}".strip()
    return _lower(softened(to_you(_cut(kept, _REQUEST))))


def _asked(wished: str) -> str:
    if wished.split()[0] in _A_THING:
        return (
            f"Could we have {wished}?"
            if wished.split()[0] not in ("your", "my", "that")
            else f"What I'd like is {wished}."
        )
    if wished.startswith("not "):
        return f"Could you please {wished}?"
    return f"Could you {wished}?"


def _hoped(wished: str) -> str:
    if wished.split()[0] in _A_THING:
        return f"I'd love {wished}."
    return f"I'd love it if you could {wished}."


def _cut(text: str, longest: int) -> str:
    """The first sentence of it, without its end."""
    first = re.split(r"(?<=[.!?])\s+|\n", text.strip())[0].strip(" .!?,;\"'“”")
    words = first.split()
    if len(words) <= longest:
        return first
    clause = re.split(r"[,;]\s|\s(?=(?:and|but|because|so|which)\s)", first)
    kept = clause[0]
    for part in clause[1:]:
        if len(f"{kept} {part}".split()) > longest:
            break
        kept = (
            f"{kept} {part}"
            if part.split()[0].lower() in ("and", "but", "because", "so", "which")
            else f"{kept}, {part}"
        )
    return kept if len(kept.split()) <= longest else " ".join(words[:longest])


def _lower(text: str) -> str:
    text = re.sub(r"(?<![\w'])i(?=['\s]|$)", "I", text)
    own = text[:2] in ("I ", "I'")
    return text if own or not text else f"{text[0].lower()}{text[1:]}"


def _verb(match: re.Match[str]) -> str:
    said = match.group(1).strip().lower()
    return f"you{_VERBS[said]}" if said == "'s" else f"you {_VERBS[said]}"


def _subject(match: re.Match[str]) -> str:
    """The verb after "you": "comes" is "come"; what is no present tense stays."""
    return f"you {match.group(1) or ''}{_base(match.group(2))}"


def _base(verb: str) -> str:
    """What "comes" is after "you"; what is no present tense stays."""
    low = verb.lower()
    if low.endswith("ies") and len(low) > 4:
        verb = verb[:-3] + "y"
    elif low.endswith(("sses", "shes", "ches", "xes", "oes")):
        verb = verb[:-2]
    elif low.endswith("s") and not low.endswith(("ss", "us", "is", "as")) and len(low) > 3:
        verb = verb[:-1]
    return verb
