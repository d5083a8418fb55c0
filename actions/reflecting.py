"""A reflection: the person's own scene or words, and an authored line that fits what was understood."""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from typing import Collection, Dict, Final, List, Sequence, Text

from actions.common import Say
from bot.memory.turn import Turn
from bot.settings import PROJECT
from bot.understanding.heard import Heard, heard_in
from bot.understanding.reflections import Reflections
from bot.understanding.sayback import SayBack, say_back
from bot.understanding.themes import Themes

__all__ = ["heard", "reflection", "reflections", "themes"]

#: Words of a bubble, and words of the frame that a summary may take.
_MOST_WORDS: Final = 50
#: From here on the likeliest intent speaks for its theme.
_SURE: Final = 0.28
#: A theme leads a reflection from here on; to feel unseen fits where nothing is clear.
_CLEAR: Final = 0.25
#: What often only stands around, or would be cheered, has to be surer.
_SURELY: Final = 0.75
#: Somebody else is spoken of, and not only oneself.
_OTHER: Final = re.compile(
    r"\b(?:he|she|they|him|her|husband|wife|partner|boyfriend|girlfriend|fianc\w+)\b", re.IGNORECASE
)
#: Themes that stay first, whatever is said of the partner beside them.
_GRAVE: Final = frozenset({"betrayal", "leaving", "grief"})
#: Beginnings of the last reflections that the next one should not share.
_BEGINNINGS: Final = 3
#: Blame is led to the feeling and the need each time.
_BLAMED: Final = (["partner_blame"], ["self_blame"])
#: Feelings that turn a message towards what is good in it.
_LIGHT: Final = frozenset({"hopeful", "happy", "relieved"})
#: What is suffered from another; lines for it would miss who tells of their own part.
_SUFFERED: Final = frozenset("unseen unheard unappreciated effort refuses criticism".split())
#: The two of them are in it, by any name.
_TWO: Final = re.compile(
    rf"{_OTHER.pattern}|\b(?:we|us|our|so|bf|gf|dh|dw|hubby|ex|spouse|somebody|someone|nobody|no one)\b",
    re.IGNORECASE,
)
#: Themes that somebody may have who tells only of themselves.
_BY_ONESELF: Final = frozenset("lonely low_mood grief self_blame work children family hope good_news leaving".split())
#: So many of so many reflections add a feeling or a need; rule 3 asks for half.
_ADDING: Final = 2
_OF: Final = 3
#: An answer to what was wished for is a few words.
_FEW_WORDS: Final = 25


@lru_cache(maxsize=1)
def themes() -> Themes:
    """The words of data/themes.yml, read once."""
    return Themes.load(PROJECT / "data" / "themes.yml")


@lru_cache(maxsize=1)
def reflections() -> Reflections:
    """The lines of data/reflections, read once."""
    known = themes()
    return Reflections.load(PROJECT / "data" / "reflections", known.listed, known.listed_feelings)


def heard(say: Say) -> Heard:
    """What was heard in the message."""
    return heard_in(say.tracker.latest_message or {})


def reflection(say: Say, turn: Turn, answers_a_wish: bool) -> Text:
    """The reflection of this message, in at most 50 words.

    Args:
        answers_a_wish: whether the coach had asked what the person would have wished for.
    """
    now = heard(say)
    text = say.text or say.quote
    situations = _situations(say, now, text)
    told = say_back(text, now, situations[0] if situations else "")
    facts = _facts(told, now, text)
    if answers_a_wish and len(text.split()) <= _FEW_WORDS and ("wish" in facts or not told.scene.deeds):
        situations = ["wish", *situations]
    chance = zlib.crc32(f"{turn.conversation_id}:{turn.conversation.turns}".encode())
    opening = _opening(told, chance)
    added, count, before = turn.state.get("reflected") or (0, 0, [])
    line = reflections().choose(
        situations,
        now,
        facts,
        adding=added * _OF <= count * _ADDING or len(told.pieces) > 1 or situations[:1] in _BLAMED,
        room=_MOST_WORDS - len(opening.split()),
        said=turn.said(),
        before=before,
        chance=chance,
    )
    turn.note_said(line.key)
    turn.state["reflected"] = [added + (line.adds != "nothing"), count + 1, [*before, line.beginning][-_BEGINNINGS:]]
    return f"{opening} {line.text.replace('{partner}', say.partner)}".strip()


def _situations(say: Say, now: Heard, text: Text) -> List[Text]:
    """Themes in the order in which a reflection for them is looked for."""
    found = _leading(say, now, text)
    said = {feeling.name for feeling in now.feelings if feeling.said}
    good = [name for name in ("good_news", "hope") if name in found]
    if good and ((said and said <= _LIGHT) or themes().is_glad(text)) and not set(found) & _GRAVE:
        return [*good, *found]
    blamed = set(themes().blame(text)) & {"label", "mind"}
    if blamed and _OTHER.search(text) and not themes().is_own_part(text) and not (found and found[0] in _GRAVE):
        return ["partner_blame", *(name for name in found if name != "partner_blame")]
    return found


def _leading(say: Say, now: Heard, text: Text) -> List[Text]:
    """The themes that are sure enough to speak of; where none is, the one that the intent gives."""
    ranking = (say.tracker.latest_message or {}).get("intent_ranking") or []
    likely = [(themes().of_intent(str(one["name"])), float(one["confidence"])) for one in ranking]
    sure: Dict[Text, float] = dict.fromkeys(now.themes, 0.0)
    for part in now.parts:
        for name, above in part.themes.items():
            if name in sure:
                sure[name] = max(sure[name], above)
    for theme, confidence in likely[:1]:
        if theme and confidence >= _SURE:
            sure[theme] = sure.get(theme, 0.0) + confidence
    glad = themes().is_glad(text)
    good = _SURELY if glad is None else 0.0 if glad else 2.0
    least = {"unseen": 0.0, "children": _SURELY, "work": _SURELY, "good_news": good}
    found = [name for name in [*now.themes, *sure] if sure[name] >= least.get(name, _CLEAR)]
    if now.themes[:1] == ("good_news",) and "good_news" not in found:
        found = [name for name in found if name != "unseen"]  # whatever it is, it may be a good thing
    if len(text.split()) > _FEW_WORDS // 2 and not _TWO.search(text):
        found = [name for name in found if name in _BY_ONESELF]
    if themes().is_own_part(text):
        found = [name for name in found if name not in _SUFFERED]
    grave = [name for name in ("grief", "betrayal") if sure.get(name, 0.0) >= 2 * _CLEAR]
    return list(dict.fromkeys([*grave, *found]))


def _facts(told: SayBack, now: Heard, text: Text) -> Collection[Text]:
    """What holds of the scene, for the reflections that ask for it."""
    facts = {*told.scene.facts, *themes().blame(text)}
    guilty = any(feeling.name == "guilty" and feeling.said for feeling in now.feelings)
    facts.add("mine" if guilty or themes().is_own_part(text) else "theirs")
    return facts


def _opening(told: SayBack, chance: int) -> Text:
    """The person's own scene or words, framed."""
    shown = [piece.shown for piece in told.pieces]
    if not shown:
        return ""
    if len(shown) > 1:
        return _framed("three_things" if len(shown) > 2 else "two_things", chance, shown)
    piece = told.pieces[0]
    return _framed("asked" if piece.asked else "quoted" if piece.quoted else "retold", chance, [piece.words])


def _framed(name: Text, chance: int, words: Sequence[Text]) -> Text:
    frames = reflections().frames[name]
    frame = frames[chance % len(frames)]
    places = ("{words}",) if len(words) == 1 else ("{one}", "{two}", "{three}")
    for place, filling in zip(places, words, strict=False):
        frame = frame.replace(place, filling)
    return frame
