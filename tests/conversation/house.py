"""A conversation with a scripted engine, for tests of the path itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from bot.conversation.boxes import Boxes
from bot.conversation.guard import Guard
from bot.conversation.messages import Incoming, Kind, Outgoing
from bot.conversation.turns import TurnRunner
from bot.conversation.words import EdgeWords
from bot.engine.reply import Reply
from bot.errors import SendLater, SendNever
from bot.memory.database import Database
from bot.memory.turn import current_turn
from bot.safety.gate import Gate
from bot.settings import PROJECT
from tests.conftest import MovedClock

GATE = Gate.load(PROJECT / "data")
WORDS = EdgeWords.load(PROJECT / "data" / "edges.yml")


class ScriptedEngine:
    """Answers "heard: ..." and counts in memory; `does` may do more within the turn."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.does: Callable[[str], Sequence[Reply] | None] = lambda text: None

    def expect(self, text: str) -> None:
        """Nothing to prepare."""

    async def handle(self, conversation_id: str, text: str) -> Sequence[Reply]:
        self.heard.append(text)
        turn = current_turn()
        assert turn is not None
        turn.remember("count", turn.recall("count", 0) + 1)
        said = self.does(text)
        return said if said is not None else [Reply(f"heard: {text[:60]}")]


class Rig:
    """One database, one scripted engine, one clock: messages in, bubbles out, without threads."""

    def __init__(self, database: Database, clock: MovedClock) -> None:
        self.database = database
        self.clock = clock
        self.engine = ScriptedEngine()
        self.boxes = Boxes(database)
        self.runner = TurnRunner(database, Guard(GATE), lambda: self.engine, WORDS, clock)
        self.loop = asyncio.new_event_loop()
        self._count = 0

    def restart(self) -> None:
        """A new process takes over, a moment later."""
        self.clock.move(seconds=1)
        self.runner = TurnRunner(self.database, Guard(GATE), lambda: self.engine, WORDS, self.clock)

    def arrives(self, text: str = "", *, who: str = "anna", key: str | None = None, **more: object) -> int | None:
        self._count += 1
        incoming = Incoming("web", who, key or f"m{self._count}", text, **more)  # type: ignore[arg-type]
        return self.boxes.store([(incoming, self.clock())])[0]

    def answer(self, who: str = "anna") -> int:
        """Work until nothing waits; how many turns that took."""
        turns = 0
        while self.runner.run(f"web:{who}", self.loop) is not None:
            turns += 1
        return turns

    def says(self, text: str, who: str = "anna", **more: object) -> list[Outgoing]:
        self.arrives(text, who=who, **more)
        self.answer(who)
        return self.collect(who)

    def taps(self, bubble: Outgoing, index: int, who: str = "anna") -> list[Outgoing]:
        from bot.conversation.messages import Choice

        return self.says("", who, key=f"tap:{bubble.id}", kind=Kind.CHOICE, choice=Choice(bubble.id, index))

    def collect(self, who: str = "anna") -> list[Outgoing]:
        bubbles = self.boxes.unsent_to(f"web:{who}")
        if bubbles:
            self.boxes.store([], [bubble.id for bubble in bubbles], self.clock())
        return bubbles

    def remembered(self, who: str = "anna") -> dict[str, object]:
        from bot.memory.models import ConversationRow
        from bot.memory.turn import Turn, person_of

        with self.database.session() as session:
            conversation = session.get(ConversationRow, f"web:{who}")
            return Turn(session, conversation, person_of(session, conversation), self.clock()).everything_remembered()

    def close(self) -> None:
        self.loop.close()


class RecordingChannel:
    """Shows what arrives; `faults` are raised once each, in order; who is `away` gets it later, who is `gone` never."""

    name = "web"

    def __init__(self) -> None:
        self.shown: list[Outgoing] = []
        self.faults: list[Exception] = []
        self.away: set[str] = set()
        self.gone: set[str] = set()

    async def send(self, bubble: Outgoing) -> None:
        if bubble.address in self.away:
            raise SendLater("nobody is there")
        if bubble.address in self.gone:
            raise SendNever("blocked")
        if self.faults:
            raise self.faults.pop(0)
        self.shown.append(bubble)
