"""A picture, or a date for the calendar, on its way from an action to a person; on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.reply import Reply
from bot.memory.attachments import Attachment
from bot.memory.export import export_person
from bot.memory.models import OutboxRow
from tests.conversation.house import Rig

MAP = Attachment("picture", "map.png", b"\x89PNG secret shapes", "image/png", "Two arrows that go round.")


def test_a_picture_reaches_the_channel_with_its_words_and_buttons(rig: Rig) -> None:
    rig.engine.does = lambda text: [Reply("So it goes round.", ({"title": "Yes", "payload": "/yes"},), MAP)]
    (bubble,) = rig.says("show me the pattern")
    assert (bubble.text, bubble.buttons, bubble.attachment) == ("So it goes round.", ("Yes",), MAP)


def test_a_bubble_without_a_file_has_none(rig: Rig) -> None:
    (bubble,) = rig.says("hello there")
    assert bubble.attachment is None


def test_nobody_reads_a_picture_in_the_database_without_the_persons_key(rig: Rig) -> None:
    rig.engine.does = lambda text: [Reply("So it goes round.", (), MAP)]
    rig.arrives("show me the pattern")
    rig.answer()
    with rig.database.session() as session:
        (stored,) = session.execute(sa.text("SELECT attachment FROM outbox WHERE attachment IS NOT NULL")).scalars()
        assert b"secret" not in bytes(stored)
        assert session.scalars(sa.select(OutboxRow.attachment)).one() == MAP.as_json()


def test_a_person_who_asks_what_is_stored_reads_what_the_picture_showed(rig: Rig) -> None:
    rig.engine.does = lambda text: [Reply("So it goes round.", (), MAP)]
    rig.arrives("show me the pattern")
    rig.answer()
    (said,) = export_person(rig.database, "web:anna")["said_lately"]
    assert (said["text"], said["file"], said["shows"]) == ("So it goes round.", "map.png", MAP.alt)


def test_a_picture_that_arrived_is_kept_nowhere(rig: Rig) -> None:
    rig.engine.does = lambda text: [Reply("So it goes round.", (), MAP)]
    rig.arrives("show me the pattern")
    rig.answer()
    (bubble,) = rig.collect()
    assert bubble.attachment == MAP
    with rig.database.session() as session:
        assert session.scalars(sa.select(OutboxRow.attachment)).all() == [None]


@given(st.builds(Attachment, st.sampled_from(["picture", "file"]), st.text(), st.binary(), st.text(), st.text()))
def test_a_file_is_the_same_after_it_was_stored(attachment: Attachment) -> None:
    assert Attachment.from_json(attachment.as_json()) == attachment
