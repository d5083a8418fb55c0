"""What is said finds its way to people: many conversations at once, and the bubbles of each in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from bot.clock import Clock
from bot.conversation.boxes import Boxes
from bot.conversation.messages import Outgoing
from bot.conversation.ports import Channel
from bot.errors import MemoryFault, SendLater, SendNever

__all__ = ["Sending"]

log = logging.getLogger(__name__)

#: A bubble that failed for no known reason is tried again after so many seconds.
_RETRY: Final = 1.0
#: Conversations of one channel that are sent to at once: nobody waits for another's slow connection.
_AT_ONCE: Final = 64
#: Bubbles that are looked for, for each conversation that can be sent to: most turns have no more.
_A_TURN: Final = 3
#: When the program stops, bubbles that are on their way have so long to arrive.
_ARRIVING: Final = 3.0


class Sending:
    """Sends from the outbox through the channels. All of it belongs to one event loop.

    Args:
        boxes: the outbox.
        clock: seconds since 1970.
        in_io: calls something that blocks, off the loop.
        note_sent: notes, durably, that a bubble arrived.
    """

    def __init__(
        self,
        boxes: Boxes,
        clock: Clock,
        in_io: Callable[..., Awaitable[Any]],
        note_sent: Callable[[int], Awaitable[None]],
    ) -> None:
        self._boxes = boxes
        self._clock = clock
        self._in_io = in_io
        self._note_sent = note_sent
        self._channels: dict[str, Channel] = {}
        self._wake: dict[str, asyncio.Event] = {}
        self._parked: dict[str, float] = {}
        self._woken: set[str] = set()
        self._on_their_way: dict[str, asyncio.Task[None]] = {}
        self._loops: list[asyncio.Task[None]] = []
        self._begun = False
        self._stopping = False

    def channel(self, name: str) -> Channel | None:
        """The channel of this name, if it is attached."""
        return self._channels.get(name)

    def attach(self, channel: Channel) -> None:
        """Send a channel's bubbles through it from now on."""
        self._channels[channel.name] = channel
        self._wake[channel.name] = asyncio.Event()
        if self._begun:
            self._begin(channel)

    def start(self) -> None:
        """Begin to send."""
        self._begun = True
        for channel in self._channels.values():
            self._begin(channel)

    async def stop(self) -> None:
        """What is on its way may arrive and be noted, so that the next start doesn't send it again."""
        self._stopping = True
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        if sending := list(self._on_their_way.values()):
            await asyncio.wait(sending, timeout=_ARRIVING)
        for task in list(self._on_their_way.values()):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def look(self, channel: str) -> None:
        """Something new may be in the outbox."""
        if (event := self._wake.get(channel)) is not None:
            event.set()

    def wake(self, conversation_id: str) -> None:
        """The person is (back) within reach: what was put off is sent now."""
        self._parked.pop(conversation_id, None)
        if conversation_id in self._on_their_way:
            self._woken.add(conversation_id)
        self.look(conversation_id.partition(":")[0])

    def _begin(self, channel: Channel) -> None:
        self._loops.append(asyncio.create_task(self._send_all(channel), name=f"sender {channel.name}"))

    async def _send_all(self, channel: Channel) -> None:
        """Many conversations at once, the bubbles of each in order."""
        event = self._wake[channel.name]
        while not self._stopping:  # waiting with a limit may swallow a cancellation
            event.clear()
            begun = False
            try:
                begun = await self._begin_to_send(channel)
            except MemoryFault as error:
                log.error("%s", error)
            except Exception as error:
                log.error("Sending on %s failed with %s; it goes on.", channel.name, type(error).__name__)
                await asyncio.sleep(_RETRY)
            if not begun:
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(event.wait(), timeout=self._until_next(channel.name))

    async def _begin_to_send(self, channel: Channel) -> bool:
        """Start with every conversation that has bubbles waiting and is free; False where there is none."""
        now = self._clock()
        for conversation_id, until in list(self._parked.items()):
            if until <= now:
                del self._parked[conversation_id]
        mine = [name for name in self._on_their_way if name.startswith(f"{channel.name}:")]
        free = _AT_ONCE - len(mine)
        if free <= 0:
            return False
        parked = [name for name in self._parked if name.startswith(f"{channel.name}:")]
        waiting: dict[str, list[Outgoing]] = {}
        # Not all that waits: with a thousand behind, opening it again for each that arrives would be all there is done.
        for bubble in await self._in_io(self._boxes.unsent, channel.name, [*parked, *mine], _A_TURN * free):
            if bubble.conversation_id not in self._parked and not self._stopping:
                waiting.setdefault(bubble.conversation_id, []).append(bubble)
        for conversation_id, bubbles in list(waiting.items())[:free]:
            sending = self._send_in_order(channel, conversation_id, bubbles)
            self._on_their_way[conversation_id] = asyncio.create_task(sending, name="sending")
        return bool(waiting)

    async def _send_in_order(self, channel: Channel, conversation_id: str, bubbles: list[Outgoing]) -> None:
        """Each bubble is noted before the next is sent: of a conversation, a killed process sends one again at most."""
        try:
            for bubble in bubbles:
                await channel.send(bubble)
                # Shielded: what arrived is noted, also while the program is being stopped.
                await asyncio.shield(self._note_sent(bubble.id))
                if self._stopping:
                    return
        except SendLater as later:
            if conversation_id not in self._woken:
                again = float("inf") if later.seconds is None else self._clock() + later.seconds
                self._parked[conversation_id] = again
        except SendNever:
            await self._in_io(self._boxes.give_up, conversation_id, self._clock())
        except Exception as error:
            log.error("Sending on %s failed with %s; it goes on.", channel.name, type(error).__name__)
            await asyncio.sleep(_RETRY)
        finally:
            del self._on_their_way[conversation_id]
            self._woken.discard(conversation_id)
            self._wake[channel.name].set()

    def _until_next(self, channel: str) -> float:
        waits = [until - self._clock() for name, until in self._parked.items() if name.startswith(f"{channel}:")]
        return max(0.05, min([5.0, *waits]))
