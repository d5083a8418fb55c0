"""What is said rather than done: a slip in it is named, and a file that sounds filled in is noticed."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from bot.errors import ContentError
from bot.library import Shelf, check
from bot.library.checks import needed
from bot.library.shelf import next_of
from bot.settings import PROJECT
from bot.understanding.news import KindsOfNews
from bot.understanding.themes import Themes

from .conftest import SHIPPED, Edit

GONE = object()

SLIPS = [
    ("cycles.yml", "title", "Screens", "title: it has 1 word, 2 to 5 fit."),
    ("cycles.yml", "themes", ["boredom"], "Write themes as a list of themes of data/themes.yml"),
    ("cycles.yml", "one_inside", "It is very quiet in the house and nobody comes by.", "nobody says I in it."),
    ("cycles.yml", "one_move", "Ask once. Then wait.", "one_move: it is not one sentence."),
    ("cycles.yml", "moment", "word " * 21, "moment: it has 21 words, 5 to 20 fit."),
    ("cycles.yml", "goes_round", "One asks and the other goes. " * 5, "goes_round: it is not one sentence."),
    ("cycles.yml", "other_move", GONE, "other_move is missing. Add other_move: one sentence of at most 24 words"),
    ("start_ups.yml", "before", "Nobody helps me here.", "before: it does not stand in quotes."),
    ("start_ups.yml", "event", "You never call me.", 'event: "never" accuses.'),
    ("start_ups.yml", "request", "Could you show me that you're there?", 'request: "you\'re" accuses.'),
    ("start_ups.yml", "feeling", "It was sad.", "feeling: nobody says I or me in it."),
    ("start_ups.yml", "theme", "cooking", "Write theme as a theme of data/themes.yml, such as screens."),
    ("prompts.yml", "part", "middle", "Write part as opening, turn (the five minutes of each) or closing."),
    ("prompts.yml", "text", "How are you? And why?", "text: it asks more than one question."),
    ("follow_ups.yml", "result", "maybe", "Write result as done, partly, not_done or backfired."),
    ("follow_ups.yml", "text", "Well done, {name}, you really did it.", "{name} is not known here; only {partner} is."),
    ("good_news.yml", "about", "money", "Write about as any, work, family, health, partner, plan or small_joy."),
    ("good_news.yml", "text", "Great! Who knows? Who will you tell?", "text: it asks more than one question."),
]


@pytest.mark.parametrize(("file", "field", "value", "cure"), SLIPS)
def test_a_slip_is_named_with_its_file_its_item_and_its_cure(
    edit: Edit, file: str, field: str, value: object, cure: str
) -> None:
    def slip(items: list[dict[str, Any]]) -> None:
        items[2].pop(field, None)
        if value is not GONE:
            items[2][field] = value

    with pytest.raises(ContentError) as caught:
        Shelf.load(edit(file, slip))
    assert f"{file}, item 3 (" in str(caught.value)
    assert cure in str(caught.value)


def test_a_line_for_somebody_who_is_not_safe_leaves_the_partner_out(edit: Edit) -> None:
    def slip(items: list[dict[str, Any]]) -> None:
        items[0].update(text="You were kind to {partner} today, and to yourself.", sort="own_care")

    with pytest.raises(ContentError, match=r"a line for own_care has no \{partner\} in it"):
        Shelf.load(edit("follow_ups.yml", slip))


def test_a_pattern_that_would_not_fit_a_bubble_is_named(edit: Edit) -> None:
    folder = edit("cycles.yml", lambda items: items[0].update(moment=20 * "so ", goes_round=17 * "and " + "so."))
    with pytest.raises(ContentError, match="together with the moment it has more than 36 words"):
        Shelf.load(folder)


def test_too_many_lines_that_set_in_alike_are_named_with_the_opening(edit: Edit) -> None:
    def all_alike(items: list[dict[str, Any]]) -> None:
        for item in items[:6]:
            item["text"] = f"Well done, you {item['text']}"

    problems = check(edit("good_news.yml", all_alike))
    assert (
        'good_news.yml, item 5 (news-again-slowly): text opens with "well done you", and so do 5 more in this kind; '
        "4 are the most. Begin some of them in other ways."
    ) in problems


def test_a_prompt_written_twice_in_other_endings_is_a_look_alike(edit: Edit) -> None:
    folder = edit("prompts.yml", lambda items: items[4].update(text=items[3]["text"].replace("where", "wheres")))
    (problem,) = check(folder)
    assert problem.startswith(
        "prompts.yml, item 5 (prompt-number-of-battery): it reads much like prompts.yml, item 4 ("
    )


def test_too_few_lines_for_a_result_are_counted(edit: Edit) -> None:
    def fewer(items: list[dict[str, Any]]) -> None:
        items[:] = [item for item in items if item["result"] != "partly" or item["sort"] == "any"]

    problems = check(edit("follow_ups.yml", fewer))
    assert "follow_ups: 10 are for partly, at least 30 are needed. Write 20 more." in problems


def test_the_amounts_are_told_kind_by_kind() -> None:
    told = {line.partition(":")[0]: line for line in needed(SHIPPED)}
    assert set(told) == {
        "kindness",
        "novelty",
        "questions",
        "bids",
        "cycles",
        "start_ups",
        "prompts",
        "follow_ups",
        "good_news",
    }
    assert "safe when tense (of 60 needed)" in told["questions"]


def test_every_theme_that_points_to_a_pattern_or_a_softer_opening_can_be_told(shelf: Shelf) -> None:
    known = set(Themes.load(PROJECT / "data" / "themes.yml").names)
    assert {theme for cycle in shelf.cycles for theme in cycle.themes} <= known
    assert {pair.theme for pair in shelf.start_ups} <= known


def test_there_is_a_reply_to_every_kind_of_news_that_is_heard(shelf: Shelf) -> None:
    heard = set(KindsOfNews(PROJECT / "data" / "news.yml").names)
    assert heard | {"any"} == {reply.about for reply in shelf.good_news}


def test_a_pattern_tells_both_halves_and_gives_each_a_move_of_its_own(shelf: Shelf) -> None:
    for cycle in shelf.cycles:
        assert len({cycle.one, cycle.other, cycle.one_inside, cycle.other_inside}) == 4
        assert cycle.one_move != cycle.other_move


def test_nobody_reads_a_line_twice_before_the_others(shelf: Shelf) -> None:
    seen: list[str] = []
    lines = [line for line in shelf.follow_ups if line.result == "done"]
    for _ in range(2 * len(lines)):
        seen.append(next_of(lines, seen, Random(len(seen))).id)
    assert sorted(seen[: len(lines)]) == sorted(seen[len(lines) :]) == sorted(line.id for line in lines)
