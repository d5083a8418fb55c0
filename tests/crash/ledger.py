"""What was sent in, what is in the database and what arrived, held against each other.

The last word has a replay: a house that is never killed gets the same messages in the same order at the same times.
What it says, and what it remembers at the end, must be the same to the letter; a turn that was lost, doubled or done
by halves shows there.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from telegram import Update, User

from bot.app import House, open_database
from bot.channels.telegram import incoming_from
from bot.conversation.messages import Choice, Incoming
from bot.engine.reply import Engine
from bot.memory.database import Database
from bot.memory.models import ConversationRow, InboxRow, MemoryRow, OutboxRow, ReminderRow
from bot.settings import Settings, load_settings
from tests.conftest import MovedClock
from tests.crash.crowd import KeepingDouble

__all__ = ["Report", "inputs_of", "is_finished", "judge"]

#: A message that a process died over so often is answered without Rasa (bot.conversation.turns).
_ATTEMPTS = 3
#: What of a tracker's event depends on the moment or on chance.
_PASSING = {"timestamp", "metadata", "message_id", "parse_data", "input_channel"}


@dataclass
class Report:
    """What came of it; `problems` are sentences, none if the promise was kept."""

    kills: int
    inputs: int = 0
    taps: int = 0
    delivered_again: int = 0
    bubbles: int = 0
    sent_again: int = 0
    lost: int = 0
    doubled: int = 0
    without_rasa: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    def line(self) -> str:
        return (
            f"{self.kills} kills, {self.inputs} inputs ({self.taps} taps); "
            f"{self.delivered_again} confirmations forgotten; "
            f"{self.lost} lost, {self.doubled} doubled; {self.bubbles} bubbles, {self.sent_again} sent again; "
            f"{self.without_rasa} answered without Rasa; {self.seconds:.0f} s"
        )


def inputs_of(double: KeepingDouble) -> dict[tuple[str, str], Incoming]:
    """What people did, each thing once, by conversation and external id, in the order in which Telegram has it."""
    me = User(double.bot_id, "Toward", True, username=double.username)
    found: dict[tuple[str, str], Incoming] = {}
    for raw in list(double.updates_made):
        if "my_chat_member" in raw:
            continue  # somebody blocked the bot, or came back; they said nothing
        incoming = incoming_from(Update.de_json(raw, None), me)
        assert incoming is not None, f"nobody is meant to do what is in {sorted(raw)}"
        found.setdefault((incoming.conversation_id, incoming.external_id), incoming)
    return found


def is_finished(database: Database, double: KeepingDouble) -> bool:
    """Whether everything is stored, answered and sent, and Telegram knows it."""
    with database.session() as session:
        done_at = list(session.scalars(sa.select(InboxRow.done_at)))
        sent_at = list(session.scalars(sa.select(OutboxRow.sent_at)))
    everything = len(done_at) >= len(inputs_of(double)) and None not in [*done_at, *sent_at]
    return everything and not double.unconfirmed()


def judge(settings: Settings, double: KeepingDouble, kills: Sequence[float], engine: Engine, scratch: Path) -> Report:
    """Hold everything against everything.

    Args:
        settings: of the program that was killed.
        double: the Telegram that it talked with.
        kills: their moments on the monotonic clock.
        engine: answers in the replay.
        scratch: an empty folder for the replay's database.
    """
    given = inputs_of(double)
    report = Report(len(kills), len(given), delivered_again=double.forgotten)
    report.taps = sum(incoming.choice is not None for incoming in given.values())
    database = open_database(settings)
    try:
        with database.session() as session:
            rows = list(session.scalars(sa.select(InboxRow).order_by(InboxRow.id)))
            bubbles = list(session.scalars(sa.select(OutboxRow).order_by(OutboxRow.id)))
            _judge_inbox(report, given, rows)
            _judge_turns(report, rows, {row.id: row.turns for row in session.scalars(sa.select(ConversationRow))})
            _judge_outbox(report, rows, bubbles)
            _judge_sending(report, bubbles, double, kills)
            if not report.problems:
                _judge_by_replay(report, given, rows, bubbles, database, engine, scratch)
    finally:
        database.close()
    return report


def _judge_inbox(report: Report, given: dict[tuple[str, str], Incoming], rows: list[InboxRow]) -> None:
    """Every input has one row, in the person's order, with the button that was tapped first."""
    stored = [(row.conversation_id, row.external_id) for row in rows]
    for name in given.keys() - set(stored):
        report.lost += 1
        report.problems.append(f"{name} was never stored")
    for name in set(stored) - given.keys():
        report.problems.append(f"{name} was stored, and nobody sent it")
    report.doubled += len(stored) - len(set(stored))
    for conversation in {conversation for conversation, _ in stored}:
        if [name for name in stored if name[0] == conversation] != [name for name in given if name[0] == conversation]:
            report.problems.append(f"{conversation}: the inbox has another order, or other things, than Telegram")
    for row in rows:
        incoming = given.get((row.conversation_id, row.external_id))
        if row.done_at is None or row.text is not None:
            report.lost += 1
            report.problems.append(f"input {row.id} is not done")
        if incoming is not None and (row.kind, row.bubble, row.choice) != _kind_and_choice(incoming):
            report.problems.append(f"input {row.id} was stored as something else")
    report.without_rasa = sum(row.attempts >= _ATTEMPTS for row in rows)
    # Each death interrupts one turn at most, so each such message takes two deaths for itself.
    most = report.kills // (_ATTEMPTS - 1)
    if report.without_rasa > most:
        report.problems.append(
            f"{report.without_rasa} messages were answered without Rasa because processes died over them, "
            f"but {report.kills} deaths explain at most {most}"
        )


def _kind_and_choice(incoming: Incoming) -> tuple[str, int | None, int | None]:
    choice = incoming.choice
    return incoming.kind.value, choice.bubble if choice else None, choice.index if choice else None


def _judge_turns(report: Report, rows: list[InboxRow], turns: dict[str, int]) -> None:
    """A conversation counts its turns in the same commit as all else that a turn changes (and begins with 1)."""
    for conversation, count in turns.items():
        wanted = 1 + sum(row.conversation_id == conversation for row in rows)
        report.lost += max(0, wanted - count)
        report.doubled += max(0, count - wanted)
        if count != wanted:
            report.problems.append(f"{conversation} had {count - 1} turns for {wanted - 1} inputs")


def _judge_outbox(report: Report, rows: list[InboxRow], bubbles: list[OutboxRow]) -> None:
    """Every input has the replies of one turn, and every reply was sent."""
    answers: dict[int | None, list[OutboxRow]] = {}
    for bubble in bubbles:
        answers.setdefault(bubble.inbox_id, []).append(bubble)
    for row in rows:
        said = answers.pop(row.id, [])
        if not said:
            report.lost += 1
            report.problems.append(f"input {row.id} has no reply")
        if any(bubble.created_at != row.done_at for bubble in said):
            report.doubled += 1
            report.problems.append(f"the replies to input {row.id} come from more than one turn")
    if answers:
        report.problems.append(f"there are replies to nothing: {sorted(map(str, answers))}")
    if unsent := [bubble.id for bubble in bubbles if bubble.sent_at is None]:
        report.lost += len(unsent)
        report.problems.append(f"bubbles {unsent} were never marked as sent")


def _judge_sending(report: Report, bubbles: list[OutboxRow], double: KeepingDouble, kills: Sequence[float]) -> None:
    """Every bubble arrived, in order; in each chat at most one came again after each kill, right after itself."""
    report.bubbles = len(bubbles)
    for address in sorted({bubble.address for bubble in bubbles}):
        again: list[float] = []
        waiting = iter([_as_sent(bubble) for bubble in bubbles if bubble.address == address])
        here, last = next(waiting, None), None
        for call in (call for call in double.calls("sendMessage") if str(call.params["chat_id"]) == address):
            arrived = _as_arrived(call.params)
            if arrived == here:
                here, last = next(waiting, None), arrived
            elif arrived == last:
                again.append(call.at)
            else:
                report.problems.append(f"chat {address}: a bubble arrived out of its order")
                break
        missing = [bubble for bubble in [here, *waiting] if bubble is not None]
        report.lost += len(missing)
        if missing:
            report.problems.append(f"chat {address}: {len(missing)} bubbles never arrived (or not in their place)")
        report.sent_again += len(again)
        for number, at in enumerate(again, start=1):
            if sum(kill < at for kill in kills) < number:
                report.doubled += 1
                report.problems.append(
                    f"chat {address}: {number} bubbles had been sent again when the program had been killed less often"
                )


def _as_sent(bubble: OutboxRow) -> tuple[str, list[str]]:
    body = json.loads(bubble.body)
    return body["text"].strip(), [f"{bubble.id}:{index}" for index in range(len(body["buttons"]))]


def _as_arrived(params: dict[str, Any]) -> tuple[str, list[str]]:
    rows = params.get("reply_markup", {}).get("inline_keyboard", [])
    return params["text"].strip(), [button["callback_data"] for row in rows for button in row]


def _judge_by_replay(
    report: Report,
    given: dict[tuple[str, str], Incoming],
    rows: list[InboxRow],
    bubbles: list[OutboxRow],
    database: Database,
    engine: Engine,
    scratch: Path,
) -> None:
    """A house that was never killed says and remembers the same."""
    clock = MovedClock(0.0)
    settings = load_settings(home=scratch, database_url="", key="", country="", telegram_token="")
    house, loop = House.build(settings, engine, clock), asyncio.new_event_loop()
    boxes, same = house.conversation.boxes, dict[int, int]()
    try:
        for row in rows:
            incoming = given[row.conversation_id, row.external_id]
            if incoming.choice is not None:
                # Bubbles have other numbers here.
                choice = Choice(same.get(incoming.choice.bubble, 0), incoming.choice.index)
                incoming = replace(incoming, external_id=f"replay {row.id}", choice=choice)
            clock.at = float(row.done_at or 0.0)
            (inbox_id,) = boxes.store([(incoming, row.received_at)])
            with house.database.session() as session:
                session.execute(sa.update(InboxRow).where(InboxRow.id == inbox_id).values(attempts=row.attempts))
                session.commit()
            assert house.conversation.runner.run(row.conversation_id, loop) == inbox_id
            said = [bubble for bubble in bubbles if bubble.inbox_id == row.id]
            with house.database.session() as session:
                wanted = sa.select(OutboxRow).where(OutboxRow.inbox_id == inbox_id).order_by(OutboxRow.id)
                replies = list(session.scalars(wanted))
                if [reply.body for reply in replies] != [bubble.body for bubble in said]:
                    report.problems.append(f"input {row.id} is answered otherwise without a crash")
                same.update((bubble.id, reply.id) for bubble, reply in zip(said, replies, strict=False))
        for crashed, whole in zip(_remembered(database), _remembered(house.database), strict=True):
            if crashed != whole:
                parts = _difference(crashed, whole)
                report.problems.append(f"{crashed[0]}: without a crash something else is remembered ({parts})")
    finally:
        loop.close()
        house.database.close()


def _remembered(database: Database) -> list[tuple[Any, ...]]:
    """All that is kept of each conversation, without what depends on the moment."""
    found: list[tuple[Any, ...]] = []
    with database.session() as session:
        for row in session.scalars(sa.select(ConversationRow).order_by(ConversationRow.id)):
            events = [
                {name: value for name, value in event.items() if name not in _PASSING}
                for event in json.loads(row.tracker or "[]")
            ]
            memory = {
                kept.key: json.loads(kept.value)
                for kept in session.scalars(sa.select(MemoryRow).where(MemoryRow.person_id == row.person_id))
            }
            reminders = [
                (reminder.kind, reminder.due_at, reminder.state)
                for reminder in session.scalars(
                    sa.select(ReminderRow).where(ReminderRow.person_id == row.person_id).order_by(ReminderRow.id)
                )
            ]
            found.append((row.id, row.turns, json.loads(row.state or "{}"), events, memory, reminders))
    return found


def _difference(one: tuple[Any, ...], other: tuple[Any, ...]) -> str:
    names = ("conversation", "turns", "state", "tracker", "memory", "reminders")
    return ", ".join(name for name, left, right in zip(names, one, other, strict=True) if left != right)
