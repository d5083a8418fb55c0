"""A counselor who makes a slip in a file of ideas is told the file, the item and the cure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.errors import ContentError
from bot.library import Shelf
from bot.library.reading import read
from bot.library.schema import KindnessIdea

from .conftest import Edit

GONE = object()
MOMENTS = "kindness/moments.yml"

SLIPS = [
    (
        MOMENTS,
        "minutes",
        GONE,
        "minutes is missing. Add minutes: a whole number of minutes from 1 to 240",
    ),
    (MOMENTS, "minutes", "5", "Write minutes as a whole number of minutes from 1 to 240"),
    (MOMENTS, "minutes", 0, "Write minutes as a whole number of minutes from 1 to 240"),
    (MOMENTS, "minutes", 2.5, "Write minutes as a whole number of minutes from 1 to 240"),
    (MOMENTS, "minuts", 5, "minuts is not a field here. Did you mean minutes?"),
    (MOMENTS, "zodiac", "lion", "zodiac is not a field here. Remove it; the fields are id, title"),
    (MOMENTS, "id", "Warm Cup", "Write id as small letters, digits and hyphens"),
    (MOMENTS, "title", "Tea", "title: it has 1 word, 2 to 5 fit."),
    (MOMENTS, "title", "An extraordinarily long invitation", "at most 28 characters: it is a button"),
    (MOMENTS, "title", True, "Write title as 2 to 5 words"),
    (MOMENTS, "text", "Be nice to each other tonight.", "text: it has 6 words, 12 to 40 fit."),
    (MOMENTS, "text", "word " * 41, "text: it has 41 words, 12 to 40 fit."),
    (MOMENTS, "smaller", "Sit down. Then listen.", "smaller: it is not one sentence."),
    (MOMENTS, "smaller", "Sit down and listen", "smaller: it is not one sentence."),
    (MOMENTS, "smaller", "Sit with {name} a while.", "{name} is not known here; only {partner} is."),
    (MOMENTS, "cost", "cheap", "Write cost as free, small or some."),
    (MOMENTS, "energy", "none", "Write energy as low, medium or high."),
    (MOMENTS, "setting", "home", "Write setting as together, apart or either."),
    (
        MOMENTS,
        "children_present",
        "yes",
        "Write children_present as true if it works with children around",
    ),
    (MOMENTS, "mood", "calm", "Write mood as a list of calm, tense, after_a_fight"),
    (MOMENTS, "mood", [], "mood: the list is empty."),
    (MOMENTS, "felt_as", ["time", "time"], "felt_as: the list names something twice."),
    (MOMENTS, "not_when", ["boredom"], "Write not_when as a list of fear, grief, infidelity"),
    ("novelty/out.yml", "at_home", GONE, "at_home is missing. Add at_home: true if nobody has to leave home"),
    ("questions.yml", "text", "Tell me about your day.", "text: it does not end in its one question mark."),
    ("questions.yml", "text", "How are you? And what hurt?", "text: it does not end in its one question mark."),
    ("questions.yml", "depth", 5, "Write depth as a whole number from 1 (today) to 4"),
    ("bids.yml", "why", "It hears them. It stays.", "why: it is not one sentence."),
    ("bids.yml", "against", GONE, "against is missing. Add against: a reply that pushes the bid back"),
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
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"{file}, item 3 (")
    assert cure in line


def test_all_slips_of_all_files_come_at_once(edit: Edit) -> None:
    edit("kindness/moments.yml", lambda items: items[0].update(minutes=0, cost="cheap"))
    folder = edit("bids.yml", lambda items: items[5].pop("why"))
    with pytest.raises(ContentError) as caught:
        Shelf.load(folder)
    places = [line.partition(" (")[0] for line in str(caught.value).splitlines()]
    assert places == ["kindness/moments.yml, item 1", "kindness/moments.yml, item 1", "bids.yml, item 6"]


def test_an_item_without_an_id_is_found_by_its_number(edit: Edit) -> None:
    _, problems = read(edit("questions.yml", lambda items: items[6].pop("id")))
    (problem,) = problems
    assert problem.startswith("questions.yml, item 7: id is missing. Add id: small letters, digits and hyphens")


def test_a_line_of_text_where_an_item_belongs_is_named(edit: Edit) -> None:
    _, problems = read(edit("bids.yml", lambda items: items.insert(1, "moon")))  # type: ignore[arg-type]
    assert problems == [
        'bids.yml, item 2: it is not a set of fields. Begin it with "- id: ..." and write one field per line.'
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b"- id: a\n  text: wait: what\n",
            "kindness/moments.yml: line 2: mapping values are not allowed in this context. Check the indents",
        ),
        (b"- id: a\n  minutes: 1\n  minutes: 2\n", "kindness/moments.yml: line 1: minutes stands twice in one item."),
        (b"", 'kindness/moments.yml: it is not a list of items. Begin each item with "- id: ...".'),
        (b"id: a\n", 'kindness/moments.yml: it is not a list of items. Begin each item with "- id: ...".'),
        (b"- id: caf\xe9\n", "kindness/moments.yml: it is not UTF-8 text. Save it again as UTF-8."),
        (b"- id: a\x07\n", "Remove the character that YAML does not allow."),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_cure(folder: Path, content: bytes, said: str) -> None:
    (folder / "kindness" / "moments.yml").write_bytes(content)
    with pytest.raises(ContentError) as caught:
        Shelf.load(folder)
    assert said in str(caught.value)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "bids.yml").unlink()
    with pytest.raises(ContentError, match=r"^bids\.yml: the file is missing\."):
        Shelf.load(folder)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"setting": "either"}, "care for oneself has setting: apart"),
        ({"partner_knows": True}, "care for oneself has setting: apart and partner_knows: false"),
        ({"rejection": "medium"}, "care for oneself has rejection: low"),
        ({"for_self": False}, "an idea that reaches the partner has fear in not_when"),
    ],
)
def test_nothing_that_touches_the_partner_can_pass_as_care_for_oneself(
    shelf: Shelf, change: dict[str, object], said: str
) -> None:
    own_care = next(idea for idea in shelf.kindness if idea.for_self)
    with pytest.raises(ValidationError, match=said):
        KindnessIdea.parse_obj({**own_care.dict(), **change})


def test_an_idea_cannot_be_changed_once_it_is_on_the_shelf(shelf: Shelf) -> None:
    with pytest.raises(TypeError):
        shelf.kindness[0].title = "Something else"  # type: ignore[assignment]
