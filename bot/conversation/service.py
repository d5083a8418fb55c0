"""The conversation as channels see it: hand over what arrived, and what is said finds its way back.

One event loop serves the channels. Turns are worked on in threads of their own, so that reading a long message never
holds up a socket; short writes to the boxes run in another. Within a process a conversation is never worked on twice at
once; between processes row locks see to that.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections import OrderedDict, deque
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import sqlalchemy as sa

from bot.clock import Clock
from bot.conversation.boxes import Boxes
from bot.conversation.messages import Incoming, Kind, Outgoing
from bot.conversation.ports import Channel
from bot.conversation.sending import Sending
from bot.conversation.turns import TurnRunner
from bot.errors import MemoryFault, SendLater, SendNever

__all__ = ["Conversation"]

log = logging.getLogger(__name__)

#: Seconds between looks at the clock for reminders, and at the inbox for what another process left.
_TICK: Final = 2.0
_TIDY_EVERY: Final = 600.0
#: A turn that the database refused is tried again after this long.
_RETRY: Final = 1.0
#: Turns that are worked on at once: while one waits for the encoder or the disk, the other goes on.
_WORKERS: Final = 2
#: Whoever waits for an answer in the same request waits at most so long.
_EXCHANGE: Final = 60.0


class Conversation:
    """The one path for every message.

    Args:
        boxes: inbox and outbox.
        runner: works on one turn.
        clock: seconds since 1970.
    """

    def __init__(self, boxes: Boxes, runner: TurnRunner, clock: Clock) -> None:
        self.boxes = boxes
        self.runner = runner
        self.clock = clock
        self._sending = Sending(boxes, clock, self._in_io, self._note_sent)
        self._arrived: list[tuple[Incoming, float, asyncio.Future[int | None]]] = []
        self._sent: list[tuple[int, asyncio.Future[None] | None]] = []
        self._writing: asyncio.Task[None] | None = None
        self._done: dict[int, asyncio.Future[None]] = {}
        self._answered_lately: deque[int] = deque(maxlen=256)
        self._tasks: list[asyncio.Task[None]] = []
        self._io = ThreadPoolExecutor(1, thread_name_prefix="boxes")
        self._ready: OrderedDict[str, None] = OrderedDict()
        self._change = threading.Condition()
        self._stopping = False
        self._ready_to_answer = False
        self._busy: set[str] = set()
        self._workers: list[threading.Thread] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    # -- what channels call --------------------------------------------------------------------------------------------

    def attach(self, channel: Channel) -> None:
        """Send a channel's bubbles through it from now on."""
        self._sending.attach(channel)

    async def receive(self, incoming: Incoming) -> bool:
        """Store what arrived (durable when this returns) and see that it is answered.

        Returns:
            True if it was new, False for a repeated delivery, which changes nothing.

        Raises:
            MemoryFault: the database can't take it; the channel must not acknowledge it. A crisis is answered.
        """
        return await self._receive(incoming) is not None

    async def exchange(self, incoming: Incoming) -> list[Outgoing]:
        """Receive, wait for the turn, and return all that this conversation has not yet got (then marked sent)."""
        row = await self._receive(incoming)
        if row is None:
            row = await self._in_io(self.boxes.row_of, incoming)
        else:
            await self._turn_over(row)
        bubbles: list[Outgoing] = await self._in_io(self.boxes.unsent_to, incoming.conversation_id)
        # Noted with the next thing that is written: the caller's next message comes after it in any case.
        self._sent.extend((bubble.id, None) for bubble in bubbles)
        self._write_soon()
        return bubbles

    def note_zone(self, conversation_id: str, zone: str) -> None:
        """The person's device says which time zone it is in; kept with the next message."""
        self.runner.note_zone(conversation_id, zone)

    def wake(self, conversation_id: str) -> None:
        """Send what waits for this conversation: the person is (back) within reach."""
        self._sending.wake(conversation_id)

    async def gone(self, conversation_id: str) -> None:
        """The person can't be reached any more: nothing that waits is sent, and no reminder rings."""
        await self._in_io(self.boxes.give_up, conversation_id, self.clock())

    # -- life ----------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Begin to store, send and ring; answering begins with `answer_from_now_on`."""
        self._loop = asyncio.get_running_loop()
        self._sending.start()
        self._tasks.append(asyncio.create_task(self._keep_time(), name="reminders"))
        self._workers = [threading.Thread(target=self._work, name=f"turns {n}", daemon=True) for n in range(_WORKERS)]
        for worker in self._workers:
            worker.start()

    async def answer_from_now_on(self) -> None:
        """The engine is ready: answer what waits, first of all what an earlier process left."""
        self._ready_to_answer = True
        for conversation_id in await self._in_io(self.boxes.waiting):
            self._wake_worker(conversation_id)

    async def stop(self) -> None:
        """Finish the turn at hand and stop; what is left waits in the boxes."""
        with self._change:
            self._stopping = True
            self._change.notify_all()
        if self._writing is not None:
            await self._writing
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self._sending.stop()
        if self._writing is not None:
            await self._writing
        for worker in self._workers:
            await asyncio.get_running_loop().run_in_executor(None, worker.join, 30.0)
        with contextlib.suppress(MemoryFault, sa.exc.SQLAlchemyError):  # then the next start does it
            await self._in_io(self._see_off, self.clock() + self.boxes.keep.farewell)
        self._io.shutdown(wait=True)

    async def _turn_over(self, row: int) -> None:
        """Wait until a message is answered; the worker may have been quicker than whoever waits."""
        if row in self._answered_lately:
            return
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._done[row] = done
        try:
            # Another process may have answered it; then nobody here is told.
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(done, _EXCHANGE)
        finally:
            self._done.pop(row, None)

    # -- receiving -----------------------------------------------------------------------------------------------------

    async def _receive(self, incoming: Incoming) -> int | None:
        if incoming.kind is Kind.TEXT:
            self.runner.expect(incoming.text)
        stored: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._arrived.append((incoming, self.clock(), stored))
        self._write_soon()
        try:
            row = await stored
        except MemoryFault:
            await self._answer_crisis_anyway(incoming)
            raise
        if row is not None:
            self._wake_worker(incoming.conversation_id)
        return row

    def _write_soon(self) -> None:
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def _write(self) -> None:
        """What arrives, and what was handed over, while a commit is under way shares the next one."""
        while self._arrived or self._sent:
            batch, self._arrived = self._arrived, []
            sent, self._sent = self._sent, []
            try:
                arrived = [(incoming, at) for incoming, at, _ in batch]
                rows = await self._in_io(self.boxes.store, arrived, [bubble for bubble, _ in sent], self.clock())
            except Exception as error:
                why = f"What arrived could not be stored ({type(error).__name__})."
                fault = error if isinstance(error, MemoryFault) else MemoryFault(why)
                for waiting in [stored for _, _, stored in batch] + [noted for _, noted in sent]:
                    if waiting is not None and not waiting.done():
                        waiting.set_exception(fault)
            else:
                for (_, _, stored), row in zip(batch, rows, strict=True):
                    _resolve(stored, row)
                for _, noted in sent:
                    _resolve(noted, None)

    async def _note_sent(self, bubble: int) -> None:
        """Note that a bubble arrived, however often that takes: to send it again would be worse."""
        while True:
            noted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._sent.append((bubble, noted))
            self._write_soon()
            try:
                return await noted
            except MemoryFault as error:
                log.error("%s Trying again in %.0f s.", error, _RETRY)
                await asyncio.sleep(_RETRY)

    async def _answer_crisis_anyway(self, incoming: Incoming) -> None:
        channel = self._sending.channel(incoming.channel)
        words = incoming.text if incoming.kind in (Kind.TEXT, Kind.EDIT, Kind.UNREADABLE) else ""
        bubbles = self.runner.guard.emergency(words) if words else None
        if channel is None or not bubbles:
            return
        for number, bubble in enumerate(bubbles):
            with contextlib.suppress(SendLater, SendNever):
                # A negative id: not a row of the outbox, and the same each time, so that a page shows it once.
                await channel.send(
                    Outgoing(-1 - number, incoming.channel, incoming.address, bubble.text, bubble.buttons)
                )

    # -- answering (in the threads "turns") ----------------------------------------------------------------------------

    def _wake_worker(self, conversation_id: str) -> None:
        with self._change:
            self._ready[conversation_id] = None
            self._change.notify()

    def _work(self) -> None:
        loop = asyncio.new_event_loop()
        try:
            while (conversation_id := self._next()) is not None:
                try:
                    self._work_on(conversation_id, loop)
                finally:
                    with self._change:
                        self._busy.discard(conversation_id)
                        self._change.notify()
        finally:
            loop.close()

    def _next(self) -> str | None:
        """The conversation that has waited longest and that nobody works on; None when it is time to stop."""
        with self._change:
            while not self._stopping:
                free = next((name for name in self._ready if name not in self._busy), None)
                if free is not None and self._ready_to_answer:
                    del self._ready[free]
                    self._busy.add(free)
                    return free
                self._change.wait(timeout=0.2)
        return None

    def _work_on(self, conversation_id: str, loop: asyncio.AbstractEventLoop) -> None:
        try:
            row = self.runner.run(conversation_id, loop)
        except MemoryFault as error:
            log.error("%s Trying again in %.0f s.", error, _RETRY)
            self._later(_RETRY, conversation_id)
            return
        except Exception as error:  # the plain answer failed too: leave it for the next start
            log.error("A turn failed twice with %s; it stays in the inbox.", type(error).__name__)
            return
        if row is None:
            return
        self._wake_worker(conversation_id)  # there may be more; the others come first
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._answered, row, conversation_id)

    def _answered(self, row: int, conversation_id: str) -> None:
        self._answered_lately.append(row)
        done = self._done.get(row)
        if done is not None and not done.done():
            done.set_result(None)
        self._sending.look(conversation_id.partition(":")[0])

    def _later(self, seconds: float, conversation_id: str) -> None:
        if self._loop is not None and not self._stopping:
            self._loop.call_soon_threadsafe(self._loop.call_later, seconds, self._wake_worker, conversation_id)

    # -- reminders and tidying -----------------------------------------------------------------------------------------

    async def _keep_time(self) -> None:
        tidied = 0.0
        while True:
            await asyncio.sleep(_TICK)
            try:
                for conversation_id in await self._in_io(self.boxes.ring, self.clock()):
                    self._wake_worker(conversation_id)
                if not self.boxes.database.sqlite:
                    for conversation_id in await self._in_io(self.boxes.waiting):
                        self._wake_worker(conversation_id)
                await self._in_io(self._see_off)
                if self.clock() - tidied > _TIDY_EVERY:
                    await self._in_io(self.boxes.tidy, self.clock())
                    tidied = self.clock()
            except Exception as error:
                log.error("Reminders could not be looked after (%s); trying again.", type(error).__name__)

    def _see_off(self, now: float | None = None) -> None:
        """Whoever was erased leaves no row and no journal behind, once the goodbye has arrived."""
        left = set(self.runner.farewells)
        if left or self.boxes.database.needs_scrubbing:
            self.runner.farewells -= left - self.boxes.see_off(left, self.clock() if now is None else now)

    async def _in_io(self, call: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._io, call, *arguments)


def _resolve(waiting: asyncio.Future[Any] | None, value: Any) -> None:
    if waiting is not None and not waiting.done():
        waiting.set_result(value)
