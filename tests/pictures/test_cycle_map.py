"""The picture of what goes round: all of it in words, readable on a phone, whatever was answered."""

from __future__ import annotations

import io
from datetime import date
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.pictures.canvas import Picture
from bot.pictures.cycle_map import PARTS, cycle_map

DAY = date(2026, 11, 26)
TOLD = {
    "moment": "Last night I had a new haircut. He asked what's for dinner.",
    "felt": "invisible in my own living room",
    "did": "I went quiet and did the dishes too loudly",
    "partner_felt": "maybe told off before he had said a word",
    "partner_did": "he took his phone and went upstairs",
    "life": "night shifts, two small children",
}
SVG = "{http://www.w3.org/2000/svg}"


def drawn(told: dict[str, str], partner: str = "your partner") -> Picture:
    picture = cycle_map(told, partner, DAY)
    assert picture is not None
    return picture


def texts(picture: Picture) -> list[str]:
    return ["".join(found.itertext()) for found in ElementTree.fromstring(picture.svg).iter(f"{SVG}text")]


def on_it(picture: Picture) -> str:
    return " ".join(texts(picture))


def test_both_halves_are_on_the_map_and_the_partners_is_marked_as_a_guess() -> None:
    shown = on_it(drawn(TOLD))
    for words in ("invisible in my own", "went upstairs", "night shifts", "What I do", "My partner does"):
        assert words in shown
    assert "My partner may feel my guess maybe told off" in shown


def test_the_place_where_a_small_move_is_possible_is_on_it_and_so_is_the_move_once_it_is_planned() -> None:
    assert "One small different move can begin here." in on_it(drawn(TOLD))
    planned = on_it(drawn({**TOLD, "move": "Say hello with my eyes up"}))
    assert "A small different move Say hello with my eyes up" in planned


def test_somebody_who_uses_a_screen_reader_hears_all_of_it_unshortened() -> None:
    long = {part: f"{words}, and so it goes on and on {'again ' * 45}now" for part, words in TOLD.items()}
    picture = drawn(long, "Sam")
    assert "…" in on_it(picture)
    assert "…" not in picture.alt
    assert all(" ".join(words.split()) in picture.alt for words in long.values())
    described = ElementTree.fromstring(picture.svg).find(f"{SVG}desc")
    assert described is not None and described.text == picture.alt


def test_a_question_that_was_left_open_stays_open_on_the_map() -> None:
    shown = on_it(drawn({"did": "I talk about the bins"}))
    assert shown.count("left open") == 4
    assert "What life adds" not in shown


def test_nothing_told_of_the_circle_makes_no_picture() -> None:
    assert cycle_map({}, "Sam", DAY) is None
    assert cycle_map({"life": "work", "felt": "  "}, "Sam", DAY) is None


def test_a_long_name_keeps_its_place_in_the_label() -> None:
    shown = on_it(drawn(TOLD, "Maximiliane-Charlotte von und zu Hohenfels"))
    assert "Maximiliane-Char" in shown and "may feel" in shown


def test_markup_in_an_answer_is_shown_as_it_was_written() -> None:
    picture = drawn({**TOLD, "did": '<script>alert("x")</script> & left'})
    assert not list(ElementTree.fromstring(picture.svg).iter(f"{SVG}script"))
    assert "<script>" in on_it(picture)


def test_hebrew_stands_on_the_right_and_emoji_without_letters_leave_no_empty_boxes() -> None:
    picture = drawn({**TOLD, "moment": "היא חזרה הביתה", "felt": "🥺🫠"})
    assert any(
        found.get("text-anchor") == "end" and "היא" in (found.text or "")
        for found in ElementTree.fromstring(picture.svg).iter(f"{SVG}text")
    )
    assert "🥺🫠" in picture.alt and "🥺🫠" in on_it(picture)
    assert Image.open(io.BytesIO(picture.png())).format == "PNG"


def test_the_png_for_telegram_is_wide_enough_to_be_read_and_small_enough_to_be_sent() -> None:
    png = drawn(TOLD).png()
    image = Image.open(io.BytesIO(png))
    assert image.width == 1080
    assert image.width + image.height < 10_000
    assert len(png) < 1_000_000
    # Letters are there: the card of the moment holds dark pixels.
    assert image.convert("L").crop((200, 260, 880, 400)).getextrema()[0] < 90


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*PARTS, "move"]), st.text(max_size=300)), st.text(max_size=40))
def test_whatever_is_answered_the_picture_is_well_formed_and_nothing_leaves_the_sheet(
    told: dict[str, str], partner: str
) -> None:
    picture = cycle_map(told, partner, DAY)
    if picture is None:
        return
    root = ElementTree.fromstring(picture.svg)
    _, _, width, height = map(float, root.get("viewBox", "").split())
    for card in root.iter(f"{SVG}rect"):
        if card.get("x"):
            x, y = float(card.get("x", "")), float(card.get("y", ""))
            assert x >= 0 and x + float(card.get("width", "")) <= width
            assert y >= 0 and y + float(card.get("height", "")) <= height
    for line in root.iter(f"{SVG}text"):
        assert 0 < float(line.get("y", "")) < height
