"""What a person gets to see: bubbles, buttons, long texts, pictures, files."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram import Telegram
from bot.channels.telegram.pieces import split_text
from bot.conversation.messages import Attachment, Choice
from bot.errors import SendLater
from tests.channels.telegram.rig import ADA, WAITS, Receiver, bubble, hear, listening, until
from tests.telegram_double import RunningDouble


@pytest.mark.asyncio
async def test_a_person_reads_the_bubble_as_it_was_written(telegram: Telegram, double: RunningDouble) -> None:
    await telegram.send(bubble("So *that* <b>look</b> _again_ [hm](x). Was it the look?"))
    assert double.texts(ADA) == ["So *that* <b>look</b> _again_ [hm](x). Was it the look?"]
    params = double.calls("sendMessage")[0].params
    assert "parse_mode" not in params
    assert "reply_markup" not in params


@pytest.mark.asyncio
async def test_a_helplines_page_is_not_shown_as_a_preview(telegram: Telegram, double: RunningDouble) -> None:
    await telegram.send(bubble("Someone is there now: https://findahelpline.com"))
    assert double.calls("sendMessage")[0].params["link_preview_options"] == {"is_disabled": True}


@pytest.mark.asyncio
async def test_short_buttons_share_a_row_and_long_ones_have_their_own(
    telegram: Telegram, double: RunningDouble
) -> None:
    titles = ("Yes", "Not now", "I would rather talk about it", "Skip", "Stop", "Help")
    await telegram.send(bubble("Where to?", *titles, number=9))
    (shown,) = double.sent(ADA)
    assert [[title for title, _ in row] for row in shown.rows] == [
        ["Yes", "Not now"],
        ["I would rather talk about it"],
        ["Skip", "Stop"],
        ["Help"],
    ]
    assert [data for row in shown.rows for _, data in row] == [f"9:{index}" for index in range(6)]


@pytest.mark.asyncio
async def test_the_buttons_of_the_largest_bubble_number_still_fit(
    telegram: Telegram, double: RunningDouble, receiver: Receiver
) -> None:
    largest = 2**53
    await telegram.send(bubble("Ready?", "Yes", number=largest))
    double.user_taps(ADA, double.sent(ADA)[0].message_id, 0)
    assert (await hear(receiver))[0].choice == Choice(largest, 0)


@pytest.mark.asyncio
async def test_a_long_text_arrives_whole_in_parts_with_the_buttons_at_its_end(
    telegram: Telegram, double: RunningDouble
) -> None:
    sentence = "We sat in the car and neither of us said a word. 😶 "
    text = sentence * 200
    await telegram.send(bubble(text, "Yes", "No"))
    shown = double.sent(ADA)
    assert " ".join(part.text for part in shown) == text.strip()
    assert all(part.text.endswith(("word.", "😶")) for part in shown)
    assert [part.titles for part in shown] == [[]] * (len(shown) - 1) + [["Yes", "No"]]


@pytest.mark.asyncio
async def test_a_long_text_that_was_broken_off_goes_on_where_it_stopped(
    telegram: Telegram, double: RunningDouble
) -> None:
    long = bubble("One more line of it.\n" * 300)
    double.slow_next("sendMessage", seconds=0)
    double.fail_next("sendMessage", 502)
    with pytest.raises(SendLater):
        await telegram.send(long)
    await telegram.send(long)
    assert "\n".join(double.texts(ADA)) == long.text.strip()


@given(st.text(alphabet=st.sampled_from('ab .!?\n"’…😶é'), max_size=300), st.integers(2, 40))
def test_a_text_cut_into_parts_loses_nothing_but_white_space(text: str, limit: int) -> None:
    parts = split_text(text, limit)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(part and len(part.encode("utf-16-le")) <= 2 * limit for part in parts)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One two. Three.\n\nFour five six.", ["One two. Three.", "Four five six."]),
        ("One two three. Four five six.", ["One two three.", "Four five six."]),
        ("one two three four five six", ["one two three four", "five six"]),
        ("A. " + "b" * 25, ["A. " + "b" * 17, "b" * 8]),
    ],
)
def test_a_text_is_cut_where_a_reader_would_pause(text: str, parts: list[str]) -> None:
    assert split_text(text, 20) == parts


@pytest.mark.asyncio
async def test_a_scale_from_one_to_ten_stands_in_two_rows(telegram: Telegram, double: RunningDouble) -> None:
    await telegram.send(bubble("How close?", *map(str, range(1, 11)), "I'd rather not say"))
    (shown,) = double.sent(ADA)
    assert [len(row) for row in shown.rows] == [5, 5, 1]


PICTURE = Attachment("picture", "map.png", b"\x89PNG...", "image/png", "Two arrows that go round: *you* <and> them.")
DATE = Attachment("file", "note.ics", b"BEGIN:VCALENDAR", "text/calendar", "A date for your calendar.")


@pytest.mark.asyncio
async def test_a_picture_comes_covered_with_its_words_and_for_who_cannot_see_it_with_what_it_shows(
    telegram: Telegram, double: RunningDouble
) -> None:
    await telegram.send(bubble("So it goes round. 😶", "Yes", "No", attachment=PICTURE))
    (shown,) = double.sent(ADA)
    assert (shown.sort, shown.file, shown.file_name, shown.spoiler) == ("photo", PICTURE.content, "map.png", True)
    assert shown.text == f"So it goes round. 😶\n\n{PICTURE.alt}"
    (folded,) = shown.entities
    assert (folded["type"], folded["offset"], folded["length"]) == ("expandable_blockquote", 22, len(PICTURE.alt))
    assert shown.titles == ["Yes", "No"]
    assert "parse_mode" not in double.calls("sendPhoto")[0].params


@pytest.mark.asyncio
async def test_a_date_for_the_calendar_comes_as_a_file_with_its_words(
    telegram: Telegram, double: RunningDouble
) -> None:
    await telegram.send(bubble("Here it is.", attachment=DATE))
    (shown,) = double.sent(ADA)
    assert (shown.sort, shown.file, shown.file_name) == ("document", DATE.content, "note.ics")
    assert shown.text == "Here it is."


@pytest.mark.asyncio
async def test_words_too_long_for_a_caption_come_below_the_picture_with_the_buttons(
    telegram: Telegram, double: RunningDouble
) -> None:
    await telegram.send(bubble("All of it. " * 100, "Yes", attachment=PICTURE))
    picture, words = double.sent(ADA)
    assert (picture.sort, picture.text, picture.titles) == ("photo", "", [])
    assert (words.sort, words.text, words.titles) == ("text", ("All of it. " * 100).strip(), ["Yes"])


@pytest.mark.asyncio
async def test_a_picture_that_telegram_does_not_take_is_told_in_words(
    telegram: Telegram, double: RunningDouble
) -> None:
    broken = replace(PICTURE, content=b"no picture at all")
    await telegram.send(bubble("So it goes round.", "Yes", attachment=broken))
    (shown,) = double.sent(ADA)
    assert (shown.sort, shown.text) == ("text", f"So it goes round.\n\n{PICTURE.alt}")
    assert shown.titles == ["Yes"]


@pytest.mark.asyncio
async def test_who_waits_for_an_answer_sees_that_one_is_being_written(
    double: RunningDouble, receiver: Receiver
) -> None:
    telegram = listening(double, receiver, replace(WAITS, typing=0.2))
    await telegram.start()
    double.user_says(ADA, "are you there?")
    await until(lambda: double.calls("sendChatAction"))
    assert double.calls("sendChatAction")[0].params == {"chat_id": ADA, "action": "typing"}
    await telegram.stop()


@pytest.mark.asyncio
async def test_who_is_answered_at_once_sees_no_sign_of_typing(double: RunningDouble, receiver: Receiver) -> None:
    telegram = listening(double, receiver, replace(WAITS, typing=0.5))
    await telegram.start()
    double.user_says(ADA, "are you there?")
    await hear(receiver)
    await telegram.send(bubble("I'm here."))
    await asyncio.sleep(0.7)
    assert double.calls("sendChatAction") == []
    await telegram.stop()
