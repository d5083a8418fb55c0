"""One turn: inbox -> safety -> Rasa -> outbox, committed together or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa

from bot.clock import Clock
from bot.conversation.buttons_only import ButtonsOnly
from bot.conversation.corrections import is_the_same, note_heard, take_back, what_it_corrects
from bot.conversation.guard import Guard
from bot.conversation.messages import Kind
from bot.conversation.notes import is_held, person_is_back
from bot.conversation.words import EdgeWords
from bot.engine.reply import Engine, Reply
from bot.errors import MemoryFault, TowardError
from bot.memory.database import Database
from bot.memory.models import ConversationRow, InboxRow, OutboxRow, PersonRow, ReminderRow, keys_at_hand
from bot.memory.scripts import assigned
from bot.memory.turn import Turn, current_turn_is, erase_person, new_conversation, person_of
from bot.memory.zone import note_page_zone
from bot.safety.gate import Bubble
from bot.scripts.answers import button_meant, yes_no

__all__ = ["TurnRunner", "readable"]

log = logging.getLogger(__name__)

#: How much of a message Rasa reads. The safety gate reads all of it, and the inbox keeps all of it until it is
#: answered.
_READ_AT_MOST: Final = 12_000
#: A message that a process died over this often is answered without Rasa.
_ATTEMPTS: Final = 3
#: Pages whose time zone is kept until somebody writes there.
_PAGES: Final = 10_000
_COMMANDS: Final = {
    "start": "/start",
    "help": "/ask_help",
    "checkin": "/ask_check_in",
    "kindness": "/ask_kindness",
    "new": "/ask_something_new",
    "questions": "/ask_questions",
    "pattern": "/ask_pattern",
    "map": "/show_map",
    "mirror": "/ask_mirror",
    "reach": "/note_bid",
    "remind": "/ask_change_reminder",
    "privacy": "/ask_privacy",
    "export": "/ask_export",
    "forget": "/ask_forget",
    "delete": "/ask_forget",
    "stop": "/stop",
}
#: Words that the coach has promised to obey; no exercise and no script takes them for an answer.
_PROMISED: Final = {
    "forget me": "/ask_forget",
    "erase everything": "/ask_forget",
    "delete my data": "/ask_forget",
    "export my data": "/ask_export",
}
_OWN_DATA: Final = frozenset(
    {"/ask_forget", "/confirm_forget", "/keep_memory", "/ask_export", "/confirm_export", "/leave_export"}
)
#: Payloads that don't lead away from a running script.
_IN_BETWEEN: Final = frozenset({"/ask_help", "/ask_privacy", "/ask_remembered", "/script_due", "/begin_script"})
#: The oldest message of a conversation that waits. Not the strongest lock: a message that arrives refers to this row,
#: and must not wait until the turn is over.
_OLDEST: Final = (
    sa.select(ConversationRow, InboxRow, PersonRow)
    .join(InboxRow, InboxRow.conversation_id == ConversationRow.id)
    .join(PersonRow, PersonRow.id == ConversationRow.person_id)
    .where(ConversationRow.id == sa.bindparam("conversation"), InboxRow.done_at.is_(None))
    .order_by(InboxRow.id)
    .limit(1)
    .with_for_update(of=ConversationRow, skip_locked=True, key_share=True)
)
_DONE: Final = (
    sa.update(InboxRow.__table__)
    .where(InboxRow.__table__.c.id == sa.bindparam("row"))
    .values(done_at=sa.bindparam("at"), text=None)
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


class TurnRunner:
    """Runs turns, one at a time for each conversation (by the caller within a process, by row locks between them).

    With a `script` every conversation begins with the script of that name (script mode). With `buttons` no free text is
    understood: what safety lets pass is a button, or it is left unread.
    """

    def __init__(
        self,
        database: Database,
        guard: Guard,
        engine: Callable[[], Engine],
        words: EdgeWords,
        clock: Clock,
        script: str = "",
        buttons: ButtonsOnly | None = None,
    ) -> None:
        self.script = script
        self.buttons = buttons
        self.database = database
        self.guard = guard
        self.engine = engine
        self.words = words
        self.clock = clock
        self._began = clock()
        self._noted: set[int] = set()
        self._page_zones: dict[str, str] = {}
        #: Conversations in which somebody was erased and is owed a goodbye, after which their rows go, too.
        self.farewells: set[str] = set()

    def run(self, conversation_id: str, loop: asyncio.AbstractEventLoop) -> int | None:
        """Answer the oldest unanswered message of a conversation.

        Returns:
            The inbox row that was answered, None if nothing waits (or another process is at it).

        Raises:
            MemoryFault: the database did not take the turn; nothing was changed and it can be tried again.
        """
        try:
            return self._run(conversation_id, loop, plainly=False)
        except MemoryFault:
            raise
        except sa.exc.SQLAlchemyError as error:
            raise MemoryFault("The database did not give what a turn needs; it is tried again.") from error
        except Exception as error:  # whatever a component may raise: the person gets an answer
            # Only where it happened: the message of an exception may quote the person.
            log.error("A turn of %s failed with %s at %s", _shown(conversation_id), type(error).__name__, _where(error))
            return self._run(conversation_id, loop, plainly=True)

    def note_zone(self, conversation_id: str, zone: str) -> None:
        """A person's page knows its time zone; the next turn keeps it."""
        if len(self._page_zones) >= _PAGES:  # pages that were opened and never written in
            self._page_zones.clear()
        self._page_zones[conversation_id] = zone

    def expect(self, text: str) -> None:
        """A text message arrived and waits for its turn."""
        if self.buttons is not None:
            return
        with contextlib.suppress(TowardError):
            self.engine().expect(readable(text).lstrip("/"))

    def _run(self, conversation_id: str, loop: asyncio.AbstractEventLoop, *, plainly: bool) -> int | None:
        with self.database.session() as session:
            found = session.execute(_OLDEST, {"conversation": conversation_id}).first()
            if found is None:
                return None
            conversation, row, person = found
            inbox_id = int(row.id)
            worn_out = self._attempts(row) >= _ATTEMPTS
            person_id = conversation.person_id
            with keys_at_hand(self.database.keyring, person_id):
                turn = Turn(session, conversation, person, self.clock())
                if (zone := self._page_zones.get(conversation_id)) is not None:
                    note_page_zone(turn, zone)
                with current_turn_is(turn):
                    replies = self._answer(turn, row, loop, plainly or worn_out)
            # An erasure writes before the commit: whoever stores a message meanwhile must not hold the lock it needs
            # then.
            with self.database.write_lock():
                with keys_at_hand(self.database.keyring, person_id):
                    if turn.erased:
                        turn = self._start_afresh(turn, row)
                    else:
                        session.connection().execute(_DONE, {"row": inbox_id, "at": turn.now})
                with keys_at_hand(self.database.keyring, turn.person.id):
                    for reply in replies:
                        answers = None if turn.farewell else inbox_id
                        turn.say(reply.text, list(reply.buttons), answers, reply.attachment)
                    if replies and not turn.farewell:
                        turn.state["offer"] = list(replies[-1].buttons)
                    turn.settle()
                    self.database.commit(session)
            self._page_zones.pop(conversation_id, None)
            if turn.farewell:
                self.farewells.add(conversation_id)
            return inbox_id

    def _attempts(self, row: InboxRow) -> int:
        """In how many processes this message was begun, if an earlier one left it: maybe that died over it.

        Noted in a commit of its own, which outlasts this process, too.
        """
        if row.received_at >= self._began or row.id in self._noted:
            return int(row.attempts)
        with self.database.session() as session, self.database.write_lock():
            session.execute(sa.update(InboxRow).where(InboxRow.id == row.id).values(attempts=InboxRow.attempts + 1))
            session.commit()
        self._noted.add(row.id)
        return int(row.attempts) + 1

    def _start_afresh(self, old: Turn, row: InboxRow) -> Turn:
        """Erase the person; the goodbye goes to a new one without a past, who is gone when it has arrived.

        The message that asked for it stays marked as answered (its words do not), should it be delivered once more.
        """
        channel, address = old.conversation.channel, old.conversation.address
        session = old.session
        asked = {name: getattr(row, name) for name in ("external_id", "kind", "received_at")}
        erase_person(session, self.database, old.person.id)
        session.expunge_all()
        conversation = new_conversation(session, self.database, channel, address, old.now)
        session.flush()
        mark = InboxRow(conversation_id=conversation.id, person_id=conversation.person_id, channel=channel, **asked)
        mark.done_at = old.now
        session.add(mark)
        turn = Turn(session, conversation, person_of(session, conversation), old.now)
        turn.farewell = True
        return turn

    # -- what is answered ----------------------------------------------------------------------------------------------

    def _answer(self, turn: Turn, row: InboxRow, loop: asyncio.AbstractEventLoop, plainly: bool) -> list[Reply]:
        kind, words, payload = Kind(row.kind), row.text or "", None
        if kind is Kind.CHOICE:
            words, payload = self._chosen(turn, row)
        if kind is Kind.REMINDER and is_held(turn, _reminder(turn, words)):
            return []
        before = turn.state.pop("heard", None)
        nothing_new = kind is Kind.EDIT and is_the_same(turn, words)
        answer = self._safety_says(turn, kind, words, payload or self._typed_button(turn, readable(words)))
        if answer is not None:
            return _replies(answer)
        if nothing_new:
            return []
        if kind is not Kind.REMINDER:
            person_is_back(turn)
        if kind is Kind.REMINDER:
            payload = _what_is_due(turn, words)
        elif self._begins_a_script(turn, kind, words, payload):
            payload = "/begin_script"
        if self.buttons is not None:
            step = self.buttons.hear(turn, kind, readable(words), payload, self.script)
            asked = self._ask_engine(turn, step.payload, loop, plainly) if step.payload else []
            return self.buttons.shown(turn, [*step.replies, *asked])
        if payload is None and kind is Kind.COMMAND:
            payload = _COMMANDS.get(words.partition(" ")[0], "/ask_help")
        if payload:
            return self._ask_engine(turn, payload, loop, plainly)
        text = readable(words)
        if (edge := self._nothing_to_read(turn, kind, text)) is not None:
            return [Reply(edge)]
        corrects = kind is Kind.EDIT and what_it_corrects(row.external_id) is not None
        if corrects and not take_back(turn, row.external_id, before):
            return [Reply(self.words.pick("corrected_earlier", turn.conversation.turns))]
        note_heard(turn, row.external_id)
        replies = self._ask_engine(turn, self._typed_button(turn, text) or text.lstrip("/"), loop, plainly)
        return self._corrected(turn, replies) if corrects else replies

    def _corrected(self, turn: Turn, replies: list[Reply]) -> list[Reply]:
        """The answer to the better words, with a word of thanks before it."""
        thanks = self.words.pick("corrected", turn.conversation.turns)
        return [replace(reply, text=f"{thanks} {reply.text}") for reply in replies[:1]] + replies[1:]

    def _safety_says(self, turn: Turn, kind: Kind, words: str, meant: str | None) -> list[Bubble] | None:
        """What safety answers to words of the person's own; None where the message may pass.

        `meant` is the payload that a tap or typed words stand for.
        """
        answer = None
        if kind in (Kind.COMMAND, Kind.UNREADABLE):
            behind = words.partition(" ")[2]
            answer = self.guard.before(turn, behind) if behind.strip() else None
        elif kind is not Kind.REMINDER:
            answer = self.guard.before(turn, words, own_data=meant in _OWN_DATA)
        turn.passed_gate = answer is None
        return answer

    def _nothing_to_read(self, turn: Turn, kind: Kind, text: str) -> str | None:
        """What is said to a message without words."""
        if kind is Kind.UNREADABLE:
            return self.words.pick(f"unreadable_{text.partition(' ')[0] or 'other'}", turn.conversation.turns)
        if not text:
            return self.words.pick("empty", turn.conversation.turns)
        if not any(map(str.isalnum if "script" in turn.state else str.isalpha, text)):
            return self.words.pick("no_words", turn.conversation.turns)
        return None

    def _begins_a_script(self, turn: Turn, kind: Kind, words: str, payload: str | None) -> bool:
        """Whether a code, or script mode, begins a script; which one is noted for the engine."""
        name, _, code = words.partition(" ")
        if kind is not Kind.COMMAND:
            first = turn.conversation.last_turn_at is None and payload is None
            if not (self.script and first and kind is not Kind.UNREADABLE and readable(words)):
                return False
            code = ""
        elif name != "start":
            return False
        found = assigned(turn.session, code) if code.strip() else None
        if found is not None and not found.ended:
            turn.state["begin"] = {"script": found.script, "code": found.code}
        elif self.script and not code.strip():
            turn.state["begin"] = {"script": self.script, "code": ""}
        return "begin" in turn.state

    def _ask_engine(self, turn: Turn, text: str, loop: asyncio.AbstractEventLoop, plainly: bool) -> list[Reply]:
        if text.startswith("/") and text not in _IN_BETWEEN:
            turn.pause_script()  # the person went elsewhere
        if plainly:
            return [Reply(self.words.pick("broken", turn.conversation.turns))]
        replies = list(loop.run_until_complete(_awaited(self.engine().handle(turn.conversation_id, text))))
        if replies or turn.erased:
            return replies
        log.error("No policy or action had anything to say in %s", _shown(turn.conversation_id))
        return [Reply(self.words.pick("broken", turn.conversation.turns))]

    def _chosen(self, turn: Turn, row: InboxRow) -> tuple[str, str | None]:
        """Title and payload of the button that was tapped; an unknown one is an empty message."""
        bubble = turn.session.get(OutboxRow, row.bubble)
        if bubble is None or bubble.conversation_id != turn.conversation_id:
            return "", None
        buttons = _buttons(bubble)
        if row.choice is None or not 0 <= row.choice < len(buttons):
            return "", None
        button = buttons[row.choice]
        return button["title"], button["payload"] or None

    @staticmethod
    def _typed_button(turn: Turn, text: str) -> str | None:
        """Every button works typed: the payload of the newest offer whose title was written; or of a promised word."""
        wanted = _plain(text)
        offer = [button for button in turn.last_offer() if button["payload"]]
        for button in offer:
            if _plain(button["title"]) == wanted:
                return button["payload"]
        if wanted in _PROMISED:
            return _PROMISED[wanted]
        # "The second one" names a button, too; what a yes answers, the coach knows better.
        titles = [button["title"] for button in offer]
        meant = None if turn.script_runs or yes_no(text) is not None else button_meant(text, titles)
        return None if meant is None else offer[titles.index(meant)]["payload"]


def _reminder(turn: Turn, reminder_id: str) -> ReminderRow | None:
    return turn.session.get(ReminderRow, int(reminder_id)) if reminder_id.isdigit() else None


def _what_is_due(turn: Turn, reminder_id: str) -> str:
    """The payload for a reminder that rang; a script's is noted with what it carries."""
    row = _reminder(turn, reminder_id)
    if row is None or not row.kind.startswith("script"):
        return "/follow_up_due"
    turn.state["due"] = {"kind": row.kind, "data": json.loads(row.data)}
    return "/script_due"


def _replies(bubbles: Sequence[Bubble]) -> list[Reply]:
    return [
        Reply(bubble.text, tuple({"title": title, "payload": ""} for title in bubble.buttons)) for bubble in bubbles
    ]


async def _awaited(answer: Awaitable[Sequence[Reply]]) -> Sequence[Reply]:
    return await answer


def readable(text: str) -> str:
    """What of a message Rasa reads: no invisible characters, no lone surrogates, at most 12,000 characters."""
    kept = _CONTROL.sub("", _SURROGATE.sub("\ufffd", text)).strip()
    if len(kept) <= _READ_AT_MOST:
        return kept
    # People say what matters first and what they want last.
    half = _READ_AT_MOST // 2
    return f"{kept[:half]} {kept[-half:]}"


def _plain(text: str) -> str:
    return re.sub(r"[^\w]+", " ", text.casefold()).strip()


def _buttons(bubble: OutboxRow) -> list[dict[str, str]]:
    found: Any = json.loads(bubble.body)["buttons"]
    return list(found)


def _shown(conversation_id: str) -> str:
    """A conversation in a log: enough to find it, not enough to know the person."""
    channel, _, address = conversation_id.partition(":")
    return f"{channel}:…{address[-3:]}"


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "nowhere" if trace is None else f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
