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


def _words_of(shelf: Shelf, name: str) -> str:
    return str(getattr(shelf.by_id(name), "text", ""))


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
    folder = edit("novelty/out.yml", lambda items: items[1].update(id="warm-cup"))
    with pytest.raises(
        ContentError, match=r"novelty/out\.yml, item 2 \(warm-cup\): kindness/moments\.yml, item 7 \(warm-cup\) has"
    ):
        Shelf.load(folder)


def test_a_title_used_twice_is_named_even_in_other_letters(edit: Edit) -> None:
    folder = edit("novelty/out.yml", lambda items: items[1].update(title="warm THE cup first"))
    (problem,) = check(folder)
    assert problem == (
        "novelty/out.yml, item 2 (judge-a-book): kindness/moments.yml, item 7 (warm-cup) has the same title "
        '"warm THE cup first". Rename one of them.'
    )


def test_the_same_idea_in_other_words_order_is_a_look_alike(edit: Edit, shelf: Shelf) -> None:
    words = _words_of(shelf, "lost-keys").replace("{partner}", "them").split()
    folder = edit("kindness/moments.yml", lambda items: items[3].update(text=" ".join(words[12:] + words[:12])))
    (problem,) = check(folder)
    assert problem == (
        "kindness/moments.yml, item 4 (let-them-doze): it reads much like kindness/moments.yml, item 2 (lost-keys). "
        "Rewrite one of them, or drop it."
    )


def test_the_same_idea_in_other_endings_is_a_look_alike(edit: Edit, shelf: Shelf) -> None:
    text = re.sub(r"(\w{3,})", r"\1s", shelf.questions[0].text)
    folder = edit("questions.yml", lambda items: items[9].update(text=text))
    (problem,) = check(folder)
    assert problem.startswith("questions.yml, item 10 (free-afternoon): it reads much like questions.yml, item 1 (")


def test_a_kindness_told_again_as_novelty_is_a_look_alike(edit: Edit, shelf: Shelf) -> None:
    folder = edit("novelty/out.yml", lambda items: items[1].update(text=_words_of(shelf, "lost-keys")))
    (problem,) = check(folder)
    assert problem.startswith(
        "novelty/out.yml, item 2 (judge-a-book): it reads much like kindness/moments.yml, item 2 ("
    )


def test_an_opening_that_comes_again_and_again_is_named(edit: Edit) -> None:
    def begin_alike(items: list[dict[str, Any]]) -> None:
        for item in items[:6]:
            item["text"] = f"Every evening {item['text'][:1].lower()}{item['text'][1:]}"

    problems = check(edit("novelty/out.yml", begin_alike))
    assert (
        'novelty/out.yml, item 6 (out-in-the-rain): 6 begin in text with "every evening", 4 is the most. '
        "Reword 2 of them, such as this one."
    ) in problems


def test_the_same_words_at_the_end_are_named(edit: Edit) -> None:
    def end_alike(items: list[dict[str, Any]]) -> None:
        for item in items[:3]:
            item["smaller"] = f"{item['smaller'].rstrip('.')}, and smile a little."

    problems = check(edit("kindness/an-ear.yml", end_alike))
    assert [line for line in problems if 'end in smaller with "smile a little"' in line]


def test_a_wish_that_the_shelf_can_only_meet_in_part_is_named(edit: Edit) -> None:
    def cost_something(items: list[dict[str, Any]]) -> None:
        for item in items:
            item["cost"] = "small" if item["setting"] != "together" else item["cost"]

    problems = check(edit("kindness/*.yml", cost_something))
    assert (
        "kindness: 0 take a minute, cost nothing, ask little, and fit children, apart and calm; "
        "at least 3 are needed. Write 3 more."
    ) in problems


def test_too_few_items_of_a_tag_are_counted(edit: Edit) -> None:
    def make_longer(items: list[dict[str, Any]]) -> None:
        for item in items:
            item["minutes"] += 1

    problems = check(edit("kindness/*.yml", make_longer))
    assert "kindness: 0 are under 2 minutes, at least 60 are needed. Write 60 more." in problems


def test_a_mood_for_which_safety_leaves_too_little_is_named(edit: Edit) -> None:
    def keep_from_arguments(items: list[dict[str, Any]]) -> None:
        for item in items:
            item["mood"] = ["calm"] if item["id"] != "rusty-ten-minutes" else item["mood"]

    problems = check(edit("novelty/*.yml", keep_from_arguments))
    assert "novelty: 1 fit after_a_fight and grief and infidelity, at least 3 are needed. Write 2 more." in problems
    assert not [problem for problem in problems if " fit calm" in problem]


def test_too_little_care_for_oneself_under_the_safety_lock_is_named(edit: Edit) -> None:
    def aim_at_the_partner(items: list[dict[str, Any]]) -> None:
        for item in items:
            if item.pop("for_self", False):
                item["not_when"] = ["fear"]

    edit("novelty/*.yml", aim_at_the_partner)
    problems = check(edit("kindness/*.yml", aim_at_the_partner))
    assert (
        "kindness and novelty: 0 are care for oneself that fits fear, tense, at least 6 are needed. "
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
        "questions.yml, item 309 (learned-about-love)",
        "bids",
    ]


def test_every_button_fits_a_phone(shelf: Shelf) -> None:
    assert max(len(idea.title) for idea in shelf.suggestions) <= 28
