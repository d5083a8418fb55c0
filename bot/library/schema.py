"""What an idea, a question and a bid must look like before a person is shown one; spoken.py has the other kinds.

Each field's `description` doubles as the cure in an error: "Write minutes as <description>".
"""

from __future__ import annotations

from typing import Literal

from pydantic import ConstrainedInt, Field, StrictBool, validator

from bot.library.entry import Entry, Title, Words, one_sentence, with_words
from bot.library.spoken import Cycle, FollowUp, GoodNews, Prompt, StartUp

__all__ = [
    "KINDS",
    "Bid",
    "Channel",
    "Cost",
    "Cycle",
    "Energy",
    "Entry",
    "FollowUp",
    "GoodNews",
    "Idea",
    "Kind",
    "KindnessIdea",
    "Mobility",
    "Mood",
    "NoveltyIdea",
    "Prompt",
    "Question",
    "Rejection",
    "Setting",
    "StartUp",
    "Suggestion",
    "Trouble",
]

Kind = Literal["kindness", "novelty", "questions", "bids", "cycles", "start_ups", "prompts", "follow_ups", "good_news"]
Cost = Literal["free", "small", "some"]
Energy = Literal["low", "medium", "high"]
Setting = Literal["together", "apart", "either"]
Mood = Literal["calm", "tense", "after_a_fight"]
Rejection = Literal["low", "medium"]
Channel = Literal["words", "time", "help", "touch", "being_noticed"]
Mobility = Literal["any", "walking"]
Trouble = Literal["fear", "grief", "infidelity"]


class Minutes(ConstrainedInt):
    """How long it takes, in whole minutes."""

    strict = True
    ge = 1
    le = 240


class Depth(ConstrainedInt):
    """How far in a question goes: 1 today, 2 tastes and memories, 3 the inner life, 4 the two of us."""

    strict = True
    ge = 1
    le = 4


class Suggestion(Entry):
    """Something to do, with the tags that decide whom it is offered to and when."""

    title: Title = Field(..., description="2 to 5 words, at most 28 characters: it is a button")
    text: Words = Field(..., description="12 to 40 words that say what to do")
    smaller: Words = Field(..., description="one sentence of at most 30 words: a smaller version of the idea")
    minutes: Minutes = Field(..., description="a whole number of minutes from 1 to 240, such as 5")
    cost: Cost = Field(..., description="free, small or some")
    energy: Energy = Field(..., description="low, medium or high")
    setting: Setting = Field(..., description="together, apart or either")
    children_present: StrictBool = Field(..., description="true if it works with children around, otherwise false")
    mood: tuple[Mood, ...] = Field(..., description="a list of calm, tense, after_a_fight: when it does no harm")
    rejection: Rejection = Field(..., description="low or medium: how much it hurts if nothing comes back")
    partner_knows: StrictBool = Field(..., description="true if the partner has to know and agree, otherwise false")
    felt_as: tuple[Channel, ...] = Field(..., description="a list of words, time, help, touch, being_noticed")
    mobility: Mobility = Field(..., description="any, or walking if it can't be done without walking")
    not_when: tuple[Trouble, ...] = Field(
        ..., description="a list of fear, grief, infidelity: where it could do harm; [] if nowhere"
    )
    for_self: StrictBool = Field(False, description="true if it is care for oneself, otherwise leave it out")

    @validator("title")
    def a_title_has_two_to_five_words(cls, value: str) -> str:
        """A single word says too little of what a tap does; six do not fit."""
        return with_words(value, 2, 5)

    @validator("text")
    def a_text_is_neither_thin_nor_long(cls, value: str) -> str:
        """Twelve words give an idea its texture, forty still fit a bubble with a greeting."""
        return with_words(value, 12, 40)

    @validator("smaller")
    def a_smaller_version_is_one_sentence(cls, value: str) -> str:
        """It is offered to somebody who has just said that the idea was too much."""
        return with_words(one_sentence(value), 3, 30)

    @validator("mood", "felt_as")
    def a_list_names_something(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """An idea for no mood would never be offered."""
        if not value:
            raise ValueError("the list is empty")
        return value

    @validator("mood", "felt_as", "not_when")
    def a_list_names_nothing_twice(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """A tag that stands twice is a slip for another one."""
        if len(set(value)) != len(value):
            raise ValueError("the list names something twice")
        return value

    @validator("for_self", always=True)
    def care_for_oneself_stays_with_oneself(cls, value: bool, values: dict[str, object]) -> bool:
        """What the safety lock lets through must neither reach the partner nor need them."""
        if value and (values.get("setting") != "apart" or values.get("partner_knows") is not False):
            raise ValueError("care for oneself has setting: apart and partner_knows: false")
        if value and values.get("rejection") != "low":
            raise ValueError("care for oneself has rejection: low")
        if not value and "not_when" in values and "fear" not in _listed(values["not_when"]):
            raise ValueError("an idea that reaches the partner has fear in not_when: pleasing is no way to be safe")
        return value


class KindnessIdea(Suggestion):
    """A small act of care: for the partner, or for oneself."""


class NoveltyIdea(Suggestion):
    """Something new: to do together, or to keep one's own world alive."""

    at_home: StrictBool = Field(..., description="true if nobody has to leave home for it, otherwise false")


class Question(Entry):
    """An open question that the person may ask the partner."""

    text: Words = Field(..., description="one question of at most 25 words that ends in a question mark")
    depth: Depth = Field(..., description="a whole number from 1 (today) to 4 (the two of us)")
    safe_when_tense: StrictBool = Field(..., description="true if it can't start an argument, otherwise false")

    @validator("text")
    def a_question_asks_one_thing(cls, value: str) -> str:
        """Two questions at once are answered with one word."""
        if not value.endswith("?") or value.count("?") != 1:
            raise ValueError("it does not end in its one question mark")
        return with_words(value, 4, 25)


class Bid(Entry):
    """Something a partner says or does that asks for a little attention, and three ways to answer it."""

    bid: Words = Field(..., description="what the partner says or does, at most 30 words")
    toward: Words = Field(..., description="a reply that takes the bid up, at most 30 words")
    away: Words = Field(..., description="a reply that misses the bid, at most 30 words")
    against: Words = Field(..., description="a reply that pushes the bid back, at most 30 words")
    why: Words = Field(..., description="one sentence of at most 20 words: what makes the toward reply land")

    @validator("bid", "toward", "away", "against")
    def a_line_fits_one_breath(cls, value: str) -> str:
        """These are things people say over a sink."""
        return with_words(value, 1, 30)

    @validator("why")
    def the_reason_is_short(cls, value: str) -> str:
        """One sentence, or it becomes a lesson."""
        return with_words(one_sentence(value), 4, 20)


Idea = KindnessIdea | NoveltyIdea | Question | Bid | Cycle | StartUp | Prompt | FollowUp | GoodNews

KINDS: dict[Kind, type[Entry]] = {
    "kindness": KindnessIdea,
    "novelty": NoveltyIdea,
    "questions": Question,
    "bids": Bid,
    "cycles": Cycle,
    "start_ups": StartUp,
    "prompts": Prompt,
    "follow_ups": FollowUp,
    "good_news": GoodNews,
}


def _listed(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()
