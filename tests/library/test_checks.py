"""The library as it ships is fit to be read to a person on a hard day, and a worse one is noticed."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.errors import ContentError
from bot.library import Shelf, check

from .conftest import SHIPPED, Edit

# What would make a line press, preach, judge, or assume who the partner is.
UNWELCOME = re.compile(
    r"\b(he|she|him|her|his|hers|husband|wife|boyfriend|girlfriend|should|must|toxic|narcissis\w+|sexy?|seduce"
    r"|prove|deserve|in return|sticky note)\b",
    re.IGNORECASE,
)


def test_the_shipped_library_has_no_problem() -> None:
    assert check(SHIPPED) == []


def test_no_line_presses_preaches_or_assumes_who_the_partner_is(shelf: Shelf) -> None:
    told = [value for entry in shelf.everything for value in entry.dict().values() if isinstance(value, str)]
    assert [line for line in told if UNWELCOME.search(line)] == []


def test_the_partners_name_never_opens_a_sentence_because_it_may_stand_for_your_partner(shelf: Shelf) -> None:
    told = [line for idea in shelf.suggestions for line in (idea.text, idea.smaller)]
    assert [line for line in told if re.search(r"(^|[.!?]['\"]? )\{partner\}", line)] == []


def test_what_is_for_after_an_argument_and_after_an_affair_asks_for_no_closeness(shelf: Shelf) -> None:
    raw = [idea for idea in shelf.suggestions if "after_a_fight" in idea.mood and "infidelity" not in idea.not_when]
    assert raw
    assert [idea.id for idea in raw if "touch" in idea.felt_as and not idea.for_self] == ["heat-pack"]


def test_an_id_used_twice_is_named_with_both_places(edit: Edit) -> None:
    folder = edit("novelty.yml", lambda items: items[1].update(id="warm-cup"))
    with pytest.raises(
        ContentError, match=r"novelty\.yml, item 2 \(warm-cup\): kindness\.yml, item 8 \(warm-cup\) has"
    ):
        Shelf.load(folder)


def test_a_title_used_twice_is_named_even_in_other_letters(edit: Edit) -> None:
    folder = edit("novelty.yml", lambda items: items[1].update(title="warm THE cup first"))
    (problem,) = check(folder)
    assert problem == (
        "novelty.yml, item 2 (one-line-portrait): kindness.yml, item 8 (warm-cup) has the same title "
        '"warm THE cup first". Rename one of them.'
    )


def test_the_same_idea_in_other_words_order_is_a_look_alike(edit: Edit, shelf: Shelf) -> None:
    words = shelf.kindness[0].text.replace("{partner}", "them").split()
    folder = edit("kindness.yml", lambda items: items[3].update(text=" ".join(words[12:] + words[:12])))
    (problem,) = check(folder)
    assert problem.startswith("kindness.yml, item 4 (let-them-doze): it reads much like kindness.yml, item 1 (")


def test_the_same_idea_in_other_endings_is_a_look_alike(edit: Edit, shelf: Shelf) -> None:
    text = re.sub(r"(\w{3,})", r"\1s", shelf.questions[0].text)
    folder = edit("questions.yml", lambda items: items[9].update(text=text))
    (problem,) = check(folder)
    assert problem.startswith("questions.yml, item 10 (free-afternoon): it reads much like questions.yml, item 1 (")


def test_a_kindness_told_again_as_novelty_is_a_look_alike(edit: Edit, shelf: Shelf) -> None:
    folder = edit("novelty.yml", lambda items: items[1].update(text=shelf.kindness[0].text))
    (problem,) = check(folder)
    assert problem.startswith("novelty.yml, item 2 (one-line-portrait): it reads much like kindness.yml, item 1 (")


def test_too_few_items_of_a_tag_are_counted(edit: Edit) -> None:
    def make_longer(items: list[dict[str, Any]]) -> None:
        for item in items:
            item["minutes"] += 1

    (problem,) = check(edit("kindness.yml", make_longer))
    assert problem == "kindness.yml: 0 are under 2 minutes, at least 12 are needed. Write 12 more."


def test_a_mood_for_which_safety_leaves_too_little_is_named(edit: Edit) -> None:
    def keep_from_arguments(items: list[dict[str, Any]]) -> None:
        for item in items[:-1]:
            item["mood"] = ["calm"]

    problems = check(edit("novelty.yml", keep_from_arguments))
    assert "novelty.yml: 1 fit after_a_fight and grief and infidelity, at least 3 are needed. Write 2 more." in problems
    assert not [problem for problem in problems if " fit calm" in problem]


def test_too_little_care_for_oneself_under_the_safety_lock_is_named(edit: Edit) -> None:
    def aim_at_the_partner(items: list[dict[str, Any]]) -> None:
        for item in items:
            if item.pop("for_self", False):
                item["not_when"] = ["fear"]

    edit("novelty.yml", aim_at_the_partner)
    problems = check(edit("kindness.yml", aim_at_the_partner))
    assert (
        "kindness.yml and novelty.yml: 0 are care for oneself that fits fear, tense, at least 6 are needed. "
        "Write 6 more with for_self: true."
    ) in problems


def test_problems_of_every_sort_come_at_once(edit: Edit) -> None:
    def shorten(items: list[dict[str, Any]]) -> None:
        items[0].pop("why")
        del items[50:]

    edit("bids.yml", shorten)
    folder = edit("questions.yml", lambda items: items[1].update(id=items[0]["id"], text=items[0]["text"]))
    problems = check(folder)
    assert [problem.partition(":")[0] for problem in problems] == [
        "bids.yml, item 1 (look-at-the-moon)",
        "questions.yml, item 2 (better-than-expected)",
        "questions.yml, item 2 (better-than-expected)",
        "bids.yml",
    ]


def test_every_button_fits_a_phone(shelf: Shelf) -> None:
    assert max(len(idea.title) for idea in shelf.suggestions) <= 28
