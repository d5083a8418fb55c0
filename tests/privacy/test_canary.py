"""Unmistakable words go through every channel into everything that is kept, are erased there, and leave no trace."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.app import House, serve
from bot.conversation.boxes import Boxes
from bot.conversation.messages import Incoming
from bot.engine.reply import Engine
from bot.memory.database import Database, open_database
from bot.memory.export import export_person
from bot.memory.files import as_json, as_page
from bot.memory.models import Base, ConversationRow, OutboxRow, PersonKeyRow, PersonRow
from bot.memory.scripts import assign, publish
from bot.settings import Settings, load_settings
from tests.channels.helpers import free_port
from tests.privacy.people import InTerminal, OnThePage, Person, ThroughRest
from tests.telegram_double import TOKEN, running_double

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning"),
]

#: Words that nobody else would ever write; each goes where its name says.
SCENE, MOMENT, WHEN, WHERE, HARD, ANSWER, OPEN, WAITS = (
    f"{word}kanarie" for word in ("scene", "moment", "when", "where", "hard", "answer", "open", "waits")
)
CANARIES = (SCENE, MOMENT, WHEN, WHERE, HARD, ANSWER, OPEN, WAITS)
MINUTE = 60.0
SCRIPT = """Script: Canary
For: one partner, adults
Keep: kept

# Start
Ask: What stood out this week?
  free text, save as kept
Note to counsellor: {kept}
Homework: bring {kept}
Remind: after 2 days at 19:00, then run Canary
Ask: And what else was there?
  free text, save as other
End: Take care.
"""


@dataclass
class Lived:
    """A house with its doors open, and somebody in one of them; `database` is a second look at what is written."""

    database: Database
    person: Person
    home: Path
    code: str
    secrets: list[bytes] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"{self.person.channel}:{self.person.address}"

    def stored(self) -> dict[str, Any]:
        return export_person(self.database, self.id)


@asynccontextmanager
async def house_with(who: str, engine: Engine, database_url: str, key: str, home: Path) -> AsyncIterator[Lived]:
    """All that `toward run` opens (or `toward chat`, for a terminal), for as long as somebody lives there."""
    port = free_port()
    with running_double() as double:
        settings = load_settings(
            home=home, database_url=database_url, key=key, host="127.0.0.1", port=port, rest=True, country="",
            script="", profile="", telegram_token=TOKEN, telegram_base_url=double.base_url,
        )  # fmt: skip
        database = open_database(settings)
        publish(database, "canary", "Canary", SCRIPT, time.time())
        code = assign(database, "Canary", "Dr. Lee", time.time())
        async with _terminal(settings, engine, home) if who == "terminal" else _served(settings, engine) as terminal:
            people: dict[str, Person] = {
                "page": OnThePage(f"http://127.0.0.1:{port}"),
                "rest": ThroughRest(f"http://127.0.0.1:{port}", "client-4711"),
            }
            person = terminal or people[who]
            await person.comes()
            yield Lived(database, person, home, code)
            await person.leaves()
        database.close()


@asynccontextmanager
async def _served(settings: Settings, engine: Engine) -> AsyncIterator[None]:
    ready = asyncio.Event()
    serving = asyncio.create_task(serve(settings, lambda: engine, ready.set))
    await asyncio.wait_for(ready.wait(), MINUTE)
    yield None
    serving.cancel()
    with suppress(asyncio.CancelledError):
        await serving


@asynccontextmanager
async def _terminal(settings: Settings, engine: Engine, home: Path) -> AsyncIterator[InTerminal]:
    house = House.build(settings, engine)
    person = InTerminal(house.conversation, "annabel", home.parent / "files")
    house.conversation.attach(person.terminal)
    await house.conversation.start()
    await house.conversation.answer_from_now_on()
    yield person
    await house.stop()


async def tells_everything(lived: Lived) -> None:
    """One life: a scene, a plan with a note, the circle, the plan for hard hours, a counsellor's exercise, files."""
    says = lived.person.says
    await says(f"he never looks up when i come home, not even when i brought the {SCENE}")
    await says("yes")
    await _skips_where(lived, await says("we sat there and nobody said a word"))
    await says("/kindness")
    await says("the first one")
    await says("yes")
    await says(f"tomorrow after {WHEN}")
    await says(f"at the {WHERE}")
    await _skips_where(lived, await says("yes"))
    await says("/pattern")
    for answer in (
        "i came home with {}",
        "alone, like {}",
        "went to {}",
        "looked at {}",
        "tired of {}",
        "the {} again",
    ):
        await says(answer.format(MOMENT))
    await says("new plan")
    for step in ("a night like {}", "the {} song", "the {} cafe", "my {} sister", "doctor {}", "the {} drawer"):
        await says(step.format(HARD))
    await says("yes")
    await _runs_the_script(lived, f"the {ANSWER} on sunday", to_its_end=True)
    await _runs_the_script(lived, f"the {OPEN} on monday", to_its_end=False)


async def _skips_where(lived: Lived, said: list[str]) -> None:
    if any(word in said[-1] for word in ("country", "live")):
        await lived.person.says("skip")


async def _runs_the_script(lived: Lived, answer: str, *, to_its_end: bool) -> None:
    said = await lived.person.says(f"/start {lived.code}")
    while not any("Take care" in text for text in said):
        if "what else" in said[-1] and not to_its_end:
            return
        own_words = "stood out" in said[-1] or "what else" in said[-1]
        said = await lived.person.says(answer if own_words else "yes")  # else: may it be kept, shown, come back to


def everything_is_there(lived: Lived) -> None:
    """What a person told is kept, in every place; otherwise its absence would prove nothing."""
    stored = lived.stored()
    remembered = json.dumps(stored["remembered"])
    assert all(word in remembered for word in (WHEN, WHERE, MOMENT, HARD, ANSWER)), remembered
    assert {"plan", "pattern", "safety_plan", "homework", "script.kept"} <= set(stored["remembered"])
    assert ANSWER in json.dumps(stored["shared_with_a_counsellor"])
    assert OPEN in json.dumps(stored["conversations"][0]["state"]["script"])
    assert OPEN in json.dumps(stored["conversations"][0]["state"]["safety"])
    assert {each["kind"] for each in stored["reminders"]} >= {"follow_up", "script"}
    assert SCENE in json.dumps(stored["said_lately"])
    assert WAITS in json.dumps(stored["unanswered"])
    page = as_page(stored, "2026-11-26")
    assert [word for word in CANARIES if word not in page] == []
    assert [word for word in CANARIES if word not in as_json(stored)] == []


def secrets_of(database: Database, conversation_id: str) -> list[bytes]:
    """What must not be found afterwards though nobody could read it: who it was, the key, and every sealed value."""
    with database.engine.connect() as connection:
        row = connection.execute(
            sa.select(ConversationRow.person_id).where(ConversationRow.id == conversation_id)
        ).scalar_one()
        found = [row.encode()]
        for table in Base.metadata.sorted_tables:
            if "person_id" in table.c:
                for values in connection.execute(sa.text(f"SELECT * FROM {table.name} WHERE person_id = '{row}'")):
                    found += [bytes(value) for value in values if isinstance(value, (bytes, memoryview))]
    return found


def on_disk(lived: Lived) -> bytes:
    """Every byte that the house has written: files, journal, or all tables of the other database."""
    database = lived.database
    files = b"\n".join(file.read_bytes() for file in sorted(lived.home.rglob("*")) if file.is_file())
    if database.sqlite:
        assert b"SQLite format 3" in files
        return files
    dumped = []
    with database.engine.connect() as connection:
        for table in sa.inspect(database.engine).get_table_names():
            for values in connection.execute(sa.text(f'SELECT * FROM "{table}"')):
                dumped += [bytes(one) if isinstance(one, memoryview) else str(one).encode() for one in values]
    return files + b"\n".join(dumped)


def forms_of(word: str) -> list[bytes]:
    """A word as it might lie somewhere."""
    plain = word.encode()
    shifted = [base64.b64encode(b" " * by + plain + b"   ")[4 if by else 0 : -4] for by in range(3)]
    return [plain, plain.upper(), word.encode("utf-16-le"), plain.hex().encode(), *shifted]


def traces(lived: Lived) -> list[str]:
    """What is still found of the person."""
    everything = on_disk(lived)
    words = [word for word in (*CANARIES, lived.person.address) if any(form in everything for form in forms_of(word))]
    return [*words, *(f"secret {n}" for n, secret in enumerate(lived.secrets) if secret in everything)]


async def erases(person: Person) -> list[str]:
    """Each channel's own way: buttons, a command, typed words, a number."""
    if isinstance(person, OnThePage):
        await person.says("/privacy")
        await person.taps("Erase everything")
        return await person.taps("Yes, erase everything")
    if isinstance(person, OnThePage):
        await person.says("/delete")
        return await person.taps("Yes, erase everything")
    if isinstance(person, InTerminal):
        await person.says("erase everything")
        return await person.says("1")
    await person.says("forget me")
    return await person.says("yes")


@pytest.mark.parametrize(
    ("who", "database_url"),
    [("page", "sqlite"), ("terminal", "sqlite"), ("rest", "postgresql")],
    indirect=["database_url"],
)
async def test_nothing_is_found_of_somebody_a_minute_after_they_erased_everything(
    who: str,
    engine: Engine,
    database_url: str,
    key_text: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    logging.disable(logging.NOTSET)
    caplog.set_level(logging.INFO)
    home = tmp_path / "home"
    url = database_url if database_url.startswith("postgresql") else ""
    async with house_with(who, engine, url, key_text, home) as lived:
        await tells_everything(lived)
        waits = Incoming(lived.person.channel, lived.person.address, "left behind", f"and the {WAITS}")
        Boxes(lived.database).store([(waits, time.time())])
        everything_is_there(lived)
        await lived.person.says("export my data")
        assert len(await lived.person.says("yes")) == 2
        with lived.database.session() as session:
            sent = [row for row in session.scalars(sa.select(OutboxRow.attachment)) if row is not None]
        assert sent == [], "what has arrived is kept nowhere"
        lived.secrets = secrets_of(lived.database, lived.id)
        assert len(lived.secrets) > 20
        # Sealed: not even now a word of it can be read in a file or a table.
        there = traces(lived)
        assert lived.person.address in there and "secret 0" in there and not set(CANARIES) & set(there)

        if who == "terminal":  # the copies there are the person's to delete
            files = sorted((home.parent / "files").iterdir())
            assert [file.suffix for file in files] == [".html", ".json"]
            for file in files:
                assert [word for word in CANARIES if word not in file.read_text(encoding="utf-8")] == []
                file.unlink()
        begun = time.monotonic()
        goodbye = await erases(lived.person)
        assert any("erased" in text or "It's done" in text for text in goodbye)
        while found := traces(lived):
            assert time.monotonic() - begun < MINUTE, found
            await asyncio.sleep(0.5)
        with lived.database.session() as session:
            assert session.execute(sa.select(PersonRow.id)).all() == []
            assert session.execute(sa.select(PersonKeyRow.person_id)).all() == []
        told = caplog.text + capfd.readouterr().err
        assert [word for word in (*CANARIES, lived.person.address) if word in told] == []
