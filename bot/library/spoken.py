"""What is said rather than done: patterns of two, softer openings, prompts, follow-ups, replies to good news.

Each field's `description` doubles as the cure in an error: "Write moment as <description>".
"""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, StrictBool, validator

from bot.library.entry import Entry, Title, Words, one_sentence, with_words

__all__ = ["Cycle", "FollowUp", "GoodNews", "News", "Prompt", "Result", "Sort", "StartUp", "Theme"]

#: As data/themes.yml names them.
Theme = Literal[
    "betrayal",
    "children",
    "conflict",
    "criticism",
    "effort",
    "distance",
    "housework",
    "illness",
    "family",
    "money",
    "new_baby",
    "no_affection",
    "no_intimacy",
    "only_logistics",
    "parallel_lives",
    "screens",
    "silence",
    "unappreciated",
    "unheard",
    "withdrawal",
    "work",
]
Part = Literal["opening", "turn", "closing"]
About = Literal["arriving", "went_well", "thanks", "stress_outside", "us", "next_week"]
Result = Literal["done", "partly", "not_done", "backfired"]
#: What sort of plan a line fits.
Sort = Literal["any", "kindness", "new", "question", "bid", "check_in", "own_care"]
News = Literal["any", "work", "family", "health", "partner", "plan", "small_joy"]

_ACCUSES = re.compile(
    r"\b(?:always|never|you(?:'re| are)|every (?:single )?time|nothing ever|yet again)\b", re.IGNORECASE
)


class Cycle(Entry):
    """A pattern that goes round between two people, told from inside each half and blaming neither."""

    title: Title = Field(..., description="2 to 5 words, at most 28 characters: what such a pattern could be called")
    themes: tuple[Theme, ...] = Field(..., description="a list of themes of data/themes.yml that point to it")
    when_told: StrictBool = Field(..., description="true if it may only come up once a theme of it was told")
    moment: Words = Field(..., description="at most 20 words: the moment in which it starts")
    goes_round: Words = Field(..., description="one sentence of at most 26 words: how each half feeds the other")
    one: Title = Field(..., description="at most 28 characters: what somebody in one half would say of themselves")
    one_inside: Words = Field(..., description="at most 30 words: what it is like from inside that half, with I")
    one_move: Words = Field(..., description="one sentence of at most 24 words: one small different move for that half")
    other: Title = Field(..., description="at most 28 characters: what somebody in the other half would say")
    other_inside: Words = Field(..., description="at most 30 words: what it is like from inside the other half, with I")
    other_move: Words = Field(..., description="one sentence of at most 24 words: one small different move for it")

    @validator("title")
    def a_title_has_two_to_five_words(cls, value: str) -> str:
        """It is read as the name of something that happens to two people."""
        return with_words(value, 2, 5)

    @validator("moment")
    def a_moment_is_one_picture(cls, value: str) -> str:
        """One scene is recognised at once; three are a lecture."""
        return with_words(value, 5, 20)

    @validator("goes_round")
    def it_goes_round_in_one_sentence(cls, value: str) -> str:
        """Both halves have to stand in the same sentence."""
        return with_words(one_sentence(value), 8, 26)

    @validator("goes_round")
    def the_whole_fits_a_bubble(cls, value: str, values: dict[str, object]) -> str:
        """The moment and the round are read together, with a question after them."""
        if len(f"{values.get('moment')} {value}".split()) > 36:
            raise ValueError("together with the moment it has more than 36 words")
        return value

    @validator("one_inside", "other_inside")
    def a_voice_speaks_for_itself(cls, value: str) -> str:
        """From inside there is an I, and nobody is told what they are."""
        if not re.search(r"\b(?:I|me|my)\b", value):
            raise ValueError("nobody says I in it")
        return with_words(value, 10, 30)

    @validator("one_move", "other_move")
    def a_move_is_one_sentence(cls, value: str) -> str:
        """It becomes a plan as it stands."""
        return with_words(one_sentence(value), 5, 24)


class StartUp(Entry):
    """A complaint, and a gentler way to begin: what happened, what it was like, what is wished for."""

    theme: Theme = Field(..., description="a theme of data/themes.yml, such as screens")
    before: Words = Field(..., description="the complaint as it slips out, in quotes, at most 20 words")
    event: Words = Field(..., description="what happened, as a camera saw it, at most 18 words")
    feeling: Words = Field(..., description="what it was like, with I or me, at most 16 words")
    request: Words = Field(..., description="what is wished for, small enough for a yes, at most 18 words")

    @validator("before")
    def a_complaint_stands_in_quotes(cls, value: str) -> str:
        """It is somebody's voice and not the coach's."""
        if not (value.startswith('"') and value.endswith('"')):
            raise ValueError("it does not stand in quotes")
        return with_words(value, 3, 20)

    @validator("event", "feeling", "request")
    def nobody_is_accused(cls, value: str) -> str:
        """Always, never and "you are" are heard as a charge even where they are true."""
        if found := _ACCUSES.search(value):
            raise ValueError(f'"{found.group()}" accuses')
        return with_words(value, 2, 18)

    @validator("feeling")
    def a_feeling_is_ones_own(cls, value: str) -> str:
        """Nobody can be sad for others: "it made people sad" tells of no one."""
        if not re.search(r"\b(?:I|I'm|me|my)\b", value):
            raise ValueError("nobody says I or me in it")
        return value

    @validator("request")
    def the_whole_can_be_said_in_one_go(cls, value: str, values: dict[str, object]) -> str:
        """Before and after are read together, and what is to be said has to be kept in mind."""
        parts = [str(values.get(name)) for name in ("before", "event", "feeling")]
        if len(" ".join([*parts, value]).split()) > 42:
            raise ValueError("before and after together have more than 42 words")
        return value

    @property
    def after(self) -> str:
        """The gentle opening as it is said."""
        return f"{self.event} {self.feeling} {self.request}"


class Prompt(Entry):
    """Something to say or to ask in a check-in of fifteen minutes."""

    text: Words = Field(..., description="at most 25 words, with one question mark at most")
    part: Part = Field(..., description="opening, turn (the five minutes of each) or closing")
    about: About = Field(..., description="arriving, went_well, thanks, stress_outside, us or next_week")

    @validator("text")
    def a_prompt_is_short(cls, value: str) -> str:
        """Fifteen minutes are for the two, not for reading."""
        return with_words(_one_question(value), 4, 25)


class FollowUp(Entry):
    """What is said to somebody who tells how a plan went."""

    text: Words = Field(..., description="at most 30 words, with one question mark at most, and without guilt")
    result: Result = Field(..., description="done, partly, not_done or backfired")
    sort: Sort = Field(..., description="any, kindness, new, question, bid, check_in or own_care: the plan it fits")

    @validator("text")
    def a_line_is_short(cls, value: str) -> str:
        """A smaller version of the plan may have to stand beside it."""
        return with_words(_one_question(value), 5, 30)

    @validator("sort", always=True)
    def a_line_about_oneself_leaves_the_partner_out(cls, value: str, values: dict[str, object]) -> str:
        """It is also said where the partner is feared."""
        if value == "own_care" and "{partner}" in str(values.get("text")):
            raise ValueError("a line for own_care has no {partner} in it")
        return value


class GoodNews(Entry):
    """A reply to good news, after the person's own words: lively, and with an eye for this kind of news."""

    text: Words = Field(..., description="at most 25 words, with one question mark at most")
    about: News = Field(..., description="any, work, family, health, partner, plan or small_joy")

    @validator("text")
    def a_reply_is_short(cls, value: str) -> str:
        """The news is theirs; a long answer takes it away."""
        return with_words(_one_question(value), 4, 25)


def _one_question(value: str) -> str:
    if value.count("?") > 1:
        raise ValueError("it asks more than one question")
    return value
