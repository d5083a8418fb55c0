"""What an answer means: a scale, a number, a time, a day, a choice, as people say them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Final

from bot.scripts.tree import Ask, plain

__all__ = ["Answer", "button_meant", "day_of", "number_of", "one_of", "read_answer", "time_of", "yes_no"]

_WORDS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
).split()
_YES: Final = frozenset(
    "y|yes|yeah|yep|yup|ya|sure|ok|okay|definitely|absolutely|please|gladly|yes please|yes i do|yes i would|i do|"
    "i would|of course|i think so|why not|sounds good|let's do it|go ahead".split("|")
)
_NO: Final = frozenset(
    "n|no|nope|nah|never|no thanks|no thank you|not really|i don't|i do not|rather not|not now".split("|")
)
_UNSURE: Final = frozenset(
    "maybe|not sure|i don't know|dont know|idk|unsure|perhaps|hard to say|no idea|i'm not sure".split("|")
)
_SHORT: Final = {"yes": _YES, "no": _NO, "not sure": _UNSURE}
_ORDER: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_PARTS: Final = {"morning": 9, "noon": 12, "midday": 12, "afternoon": 15, "evening": 19, "tonight": 20, "night": 21}
_TIME: Final = re.compile(r"\b(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.|o'?clock)?(?=\W|$)")
_NEAR: Final = 0.82
#: Letters of a part of a title that stands for the whole.
_PART: Final = 4


@dataclass(frozen=True)
class Answer:
    """An answer as it is kept, JSON-like."""

    value: str | int | list[str]


def read_answer(ask: Ask, text: str, now: datetime) -> Answer | None:
    """What a text answers to a question; None where it can't be told.

    Args:
        ask: the question.
        text: what the person wrote or tapped.
        now: the person's local time.
    """
    text = text.strip()
    if not text:
        return None
    if ask.how == "free text":
        return Answer(_example(text, [choice.title for choice in ask.choices]) or text)
    if ask.how == "yes or no":
        return _kept(yes_no(text))
    if ask.how in ("scale", "number"):
        number = number_of(text)
        if number is None or (ask.how == "scale" and not ask.low <= number <= ask.high):
            return None
        return Answer(number)
    if ask.how == "time":
        return _kept(time_of(text))
    if ask.how == "date":
        day = day_of(text, now)
        return None if day is None else Answer(f"{day:%A} {day.day} {day:%B}")
    titles = [choice.title for choice in ask.choices]
    if ask.how == "several":
        return _several(text, titles)
    return _kept(one_of(text, titles))


def _example(text: str, titles: Sequence[str]) -> str:
    """The example below a free text that is meant: its words, a part of them ("none"), or its place ("the first one").

    What says more is kept as it is.
    """
    folded = _folded(text)
    meant = [title for title in titles if folded == _folded(title)]
    if not meant and (place := re.fullmatch(rf"the ({'|'.join(_ORDER)})(?: one)?", folded)):
        at = _ORDER.index(place.group(1))
        meant = [*titles[at : at + 1]]
    if not meant and len(folded) >= _PART:
        meant = [title for title in titles if re.search(rf"\b{re.escape(folded)}\b", _folded(title))]
    return meant[0] if len(meant) == 1 else ""


def _kept(value: str | None) -> Answer | None:
    return None if value is None else Answer(value)


def yes_no(text: str) -> str | None:
    """Reads yes, no or not sure; None for anything else."""
    folded = _folded(text)
    for value, known in _SHORT.items():
        if folded in known:
            return value
    first = folded.split()[0] if folded else ""
    if first in ("yes", "yeah", "yep", "sure") and len(folded.split()) <= 12:
        return "yes"
    if first in ("no", "nope", "nah") and len(folded.split()) <= 12:
        return "no"
    return None


def number_of(text: str) -> int | None:
    """The one whole number in a text: "7", "seven", "about 7/10". None where there is none, or several."""
    folded = re.sub(r"\bout of (?:\d+|ten)\b|/ ?10\b", " ", plain(text))
    found = re.findall(r"-?\d+(?:[.,]\d+)?", folded)
    if len(found) == 1:
        return round(float(found[0].replace(",", ".")))
    if found:
        return None
    words = [_WORDS.index(word) for word in re.findall(r"[a-z]+", folded) if word in _WORDS]
    if words == [1] and len(folded.split()) > 2:  # "no one asked": a pronoun
        return None
    return words[0] if len(words) == 1 else None


def time_of(text: str) -> str | None:
    """HH:MM of a time of day as people say it: "around half seven", "7pm", "quarter to nine in the morning", "noon"."""
    folded = _digits(plain(text))
    part = next((hour for name, hour in _PARTS.items() if re.search(rf"\b{name}s?\b", folded)), None)
    minutes_off = 0
    if found := re.search(r"\bhalf(?: past)? (\d{1,2})\b", folded):
        hour, minute, mark = int(found.group(1)), 30, folded[found.end() :]
    elif found := re.search(r"\b(quarter|\d{1,2})(?: minutes?)? (past|after|to|before) (\d{1,2})\b", folded):
        minute = 15 if found.group(1) == "quarter" else int(found.group(1))
        hour, mark = int(found.group(3)), folded[found.end() :]
        if found.group(2) in ("to", "before"):
            minutes_off, minute = -minute, 0
    elif found := _TIME.search(folded):
        hour, minute, mark = (
            int(found.group(1)),
            int(found.group(2) or 0),
            (found.group(3) or "") + folded[found.end() :],
        )
    elif part is not None:
        return f"{part:02}:00"
    else:
        return None
    if hour > 23 or minute > 59:
        return None
    at = timedelta(hours=_of_day(hour, mark.strip(), part, found.group(0)), minutes=minute + minutes_off)
    seconds = int(at.total_seconds()) % 86400
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"


def _of_day(hour: int, mark: str, part: int | None, said: str) -> int:
    """The hour of 24: as marked, as the part of the day tells, else as people live (1 to 7 is after noon)."""
    if re.match(r"p\.?m", mark):
        return hour % 12 + 12
    if re.match(r"a\.?m", mark):
        return hour % 12
    if hour > 12 or hour == 0 or re.match(r"0\d", said):
        return hour
    if part is not None:
        return hour % 12 + 12 if part >= 12 else hour
    return hour + 12 if hour <= 7 else hour


def day_of(text: str, now: datetime) -> datetime | None:
    """The day that is meant: "tomorrow night", "friday", "in three days", "3 December", "at the weekend"."""
    # The library is slow to import, and most conversations never name a day.
    import dateparser

    folded = re.sub(
        r"\b(in the |at |this |around |about )?(morning|afternoon|evening|night|noon)s?\b", " ", plain(text)
    )
    folded = re.sub(r"\b(at|around|about) [\d:.]+ ?(am|pm)?\b|\bhalf (past )?\w+\b", " ", folded)
    folded = re.sub(r"\b(on|next|coming|the|maybe|let's say|this)\b", " ", folded)
    if re.search(r"\btonight\b|\btoday\b", folded) or not folded.strip():
        return now if re.search(r"\btonight\b|\btoday\b|night|evening|afternoon", plain(text)) else None
    if "weekend" in folded:
        folded = "saturday"
    settings = {"RELATIVE_BASE": now.replace(tzinfo=None), "PREFER_DATES_FROM": "future"}
    found: datetime | None = dateparser.parse(" ".join(_digits(folded).split()), languages=["en"], settings=settings)
    return found


def one_of(text: str, titles: Sequence[str]) -> str | None:
    """The choice that is meant: its words, its number, "the second one", or words that only it has."""
    folded = _folded(text)
    by_plain = {_folded(title): title for title in titles}
    if folded in by_plain:
        return by_plain[folded]
    for number, order in enumerate(_ORDER[: len(titles)], start=1):
        if re.fullmatch(rf"(?:number |option )?{number}|(?:the )?{order}(?: one)?", folded):
            return titles[number - 1]
    if re.fullmatch(r"(?:the )?last(?: one)?", folded):
        return titles[-1]
    holding = [title for words, title in by_plain.items() if _within(folded, words)]
    if len(holding) == 1:
        return holding[0]
    meaning = yes_no(text)
    like = [title for words, title in by_plain.items() if meaning is not None and yes_no(words) == meaning]
    if len(like) == 1:
        return like[0]
    near = get_close_matches(folded, list(by_plain), n=2, cutoff=_NEAR)
    return by_plain[near[0]] if len(near) == 1 else None


def button_meant(text: str, titles: Sequence[str]) -> str | None:
    """The button that a typed line stands for, and nothing but a button; what else a sentence may tell is not read.

    Its words, misspelled a little; its place ("2", "the second one"); its number ("seven", "7/10"); a bare yes or no.
    """
    folded = _folded(text)
    if not folded:
        return None
    by_plain = {_folded(title): title for title in titles}
    if any(title.isdigit() for title in titles):
        number = re.fullmatch(r"(\w+)(?: 10| out of (?:10|ten))?", _digits(folded))
        return number.group(1) if number and number.group(1) in titles else by_plain.get(folded)
    for place, order in enumerate(_ORDER[: len(titles)], start=1):
        if re.fullmatch(rf"(?:number |option )?{place}|(?:the )?{order}(?: one)?", folded):
            return titles[place - 1]
    meaning = next((value for value, known in _SHORT.items() if folded in known), None)
    like = [title for words, title in by_plain.items() if meaning is not None and yes_no(words) == meaning]
    if len(like) == 1:
        return like[0]
    near = get_close_matches(folded, list(by_plain), n=2, cutoff=_NEAR)
    return by_plain[near[0]] if len(near) == 1 else None


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[^\w' ]+", " ", plain(text)).split())


def _within(said: str, title: str) -> bool:
    """Whether a title stands in what was said, or what was said (two words or a long one) in the title."""
    if re.search(rf"\b{re.escape(title)}\b", said):
        return True
    return len(said) >= 4 and bool(re.search(rf"\b{re.escape(said)}\b", title))


def _several(text: str, titles: Sequence[str]) -> Answer | None:
    parts = [part for part in re.split(r",|;|\band\b|&|\n", text) if part.strip()]
    found = [one_of(part, titles) for part in [text, *parts]]
    chosen = [title for title in titles if title in found]
    return Answer(chosen) if chosen else None


def _digits(text: str) -> str:
    return re.sub(
        r"[a-z]+", lambda word: str(_WORDS.index(word.group())) if word.group() in _WORDS else word.group(), text
    )
