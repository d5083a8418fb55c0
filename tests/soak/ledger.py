"""What people did, what is in the database and what stands in their chats, held against each other."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from bot.conversation.messages import Incoming
from bot.memory.database import Database
from bot.memory.models import InboxRow, OutboxRow
from tests.crash.ledger import inputs_of
from tests.soak.town import BadDay
from tests.telegram_double import Sent
from tests.telegram_double.limits import most_in_a_second

__all__ = ["Soaked", "is_finished", "judge"]


@dataclass
class Soaked:
    """The figures; `problems` are sentences, none if every promise was kept."""

    chats: int = 0
    inputs: int = 0
    bubbles: int = 0
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    most_in_a_second: int = 0
    shortest_gap_in_a_chat: float = 0.0
    refused_for_speed: int = 0
    pauses_asked_for: int = 0
    pauses_not_kept: int = 0
    taps_unanswered: int = 0
    blocked: int = 0
    sent_to_blocked: int = 0
    half_answered_within: float = 0.0
    seconds: float = 0.0
    faults: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The figures for people."""
        faults = ", ".join(f"{name} {count}" for name, count in sorted(self.faults.items()))
        return [
            f"{self.chats} chats, {self.inputs} inputs, {self.bubbles} bubbles in {self.seconds:.0f} s",
            f"{self.lost} lost, {self.doubled} doubled, {self.out_of_order} chats out of order",
            f"at most {self.most_in_a_second} messages in a second (30 allowed); in one chat never less than "
            f"{self.shortest_gap_in_a_chat:.2f} s between two (1 allowed); {self.refused_for_speed} refused for speed",
            f"{self.pauses_asked_for} pauses asked for, {self.pauses_not_kept} not kept; "
            f"{self.taps_unanswered} taps unanswered; {self.blocked} blocked, {self.sent_to_blocked} tries after that",
            f"half of all inputs answered within {self.half_answered_within:.1f} s",
            f"faults: {faults}",
        ]

    def as_json(self) -> str:
        """The figures for programs."""
        return json.dumps(asdict(self), indent=2) + "\n"


def is_finished(database: Database, double: BadDay) -> bool:
    """Whether everything is stored, answered and sent, and Telegram knows it."""
    with database.session() as session:
        waiting = session.execute(sa.select(sa.func.count()).where(InboxRow.done_at.is_(None))).scalar()
        unsent = session.execute(sa.select(sa.func.count()).where(OutboxRow.sent_at.is_(None))).scalar()
    return not waiting and not unsent and not double.unconfirmed()


def judge(database: Database, double: BadDay) -> Soaked:
    """Hold everything against everything."""
    given = inputs_of(double)
    found = Soaked(
        chats=len({conversation for conversation, _ in given}),
        inputs=len(given),
        most_in_a_second=most_in_a_second([sent.at for sent in double._sent.values()]),
        refused_for_speed=double.rates.refused,
        pauses_asked_for=len(double.pauses),
        taps_unanswered=len(double.unanswered_taps()),
        blocked=len(double.blocked_at),
        faults=double.faults,
    )
    with database.session() as session:
        rows = list(session.scalars(sa.select(InboxRow).order_by(InboxRow.id)))
        bubbles = list(session.scalars(sa.select(OutboxRow).order_by(OutboxRow.id)))
        found.bubbles = len(bubbles)
        _judge_inbox(found, given, rows)
        for chat in sorted({int(bubble.address) for bubble in bubbles}):
            _judge_chat(found, double, chat, [bubble for bubble in bubbles if bubble.address == str(chat)])
    _judge_pace(found, double)
    if found.taps_unanswered:
        found.problems.append(f"{found.taps_unanswered} taps got no answer")
    return found


def _judge_inbox(found: Soaked, given: dict[tuple[str, str], Incoming], rows: list[InboxRow]) -> None:
    """Every input has one row, which is answered, in the order of its chat."""
    stored = [(row.conversation_id, row.external_id) for row in rows]
    found.lost += len(given.keys() - set(stored)) + sum(row.done_at is None for row in rows)
    found.doubled += len(stored) - len(set(stored))
    orders: dict[str, tuple[list[str], list[str]]] = {}
    for conversation, external_id in stored:
        orders.setdefault(conversation, ([], []))[0].append(external_id)
    for conversation, external_id in given:
        orders.setdefault(conversation, ([], []))[1].append(external_id)
    for conversation, (here, there) in orders.items():
        if here != there:
            found.out_of_order += 1
            found.problems.append(f"{conversation}: the inbox has {here}, Telegram {there}")


def _judge_chat(found: Soaked, double: BadDay, chat: int, bubbles: list[OutboxRow]) -> None:
    """Every bubble stands in the chat, once, in its place."""
    said = [_as_said(bubble) for bubble in bubbles]
    stands = [_as_it_stands(sent) for sent in double.sent(chat)]
    if chat in double.blocked_at:
        said = said[: len(stands)]  # what was said later can't arrive
    lost, doubled = Counter(said) - Counter(stands), Counter(stands) - Counter(said)
    found.lost += sum(lost.values())
    found.doubled += sum(doubled.values())
    if said != stands:
        found.out_of_order += not lost and not doubled
        found.problems.append(f"chat {chat}: {sum(lost.values())} lost, {sum(doubled.values())} doubled of {len(said)}")


def _judge_pace(found: Soaked, double: BadDay) -> None:
    calls = double.calls("sendMessage")
    for chat, at, pause in double.pauses:
        after = [call.at for call in calls if call.params["chat_id"] == chat and call.at > at + 0.001]
        found.pauses_not_kept += bool(after) and after[0] < at + pause
    gaps: list[float] = []
    for chat in {sent.chat_id for sent in double._sent.values()}:
        gaps += [later.at - earlier.at for earlier, later in pairwise(double.sent(chat))]
    found.shortest_gap_in_a_chat = round(min(gaps, default=0.0), 3)
    found.sent_to_blocked = sum(double.blocked_at.get(call.params["chat_id"], float("inf")) < call.at for call in calls)
    found.half_answered_within = _half_answered_within(double)
    if found.refused_for_speed or found.pauses_not_kept:
        found.problems.append("Telegram's limits were not kept")


def _half_answered_within(double: BadDay) -> float:
    """The median of the time from what somebody did to the next bubble in that chat; seconds."""
    waits: list[float] = []
    for chat, at in double.done_at:
        arrived = next((sent.at for sent in double.sent(chat) if sent.at > at), None)
        if arrived is not None:
            waits.append(arrived - at)
    return round(sorted(waits)[len(waits) // 2], 2) if waits else 0.0


def _as_said(bubble: OutboxRow) -> tuple[Any, ...]:
    body = json.loads(bubble.body)
    return body["text"].strip(), tuple(f"{bubble.id}:{index}" for index in range(len(body["buttons"])))


def _as_it_stands(sent: Sent) -> tuple[Any, ...]:
    return sent.text, tuple(data for row in sent.rows for _, data in row)
