"""The library's bot, as this channel uses it, and how long to wait for things."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import httpx
from telegram.error import NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

__all__ = ["HEARD", "Bot", "Waits", "seconds_of", "was_never_sent"]

#: What Telegram is asked to tell of.
HEARD: Final = ("message", "edited_message", "callback_query", "my_chat_member")
#: Requests that are open at once; more wait for their turn (bot.channels.telegram.sender).
CONNECTIONS: Final = 32
#: What httpx reports before a request can have reached anybody.
_NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


@dataclass(frozen=True)
class Waits:
    """How long the channel waits for things, in seconds.

    Attributes:
        poll: for how long Telegram holds a request for updates open.
        first: the pause after a first failure; it doubles from one failure to the next.
        longest: the longest such pause.
        slow: the pause while another program polls or the token is refused; somebody has to act first.
        answer: how long an answer of Telegram may take.
        resend: the pause before a bubble is looked for, or sent again, where the network failed.
        typing: somebody who waits longer than this is shown that an answer is being written.
        watch: between two looks at whether the webhook is still in place.
    """

    poll: int = 25
    first: float = 1.0
    longest: float = 60.0
    slow: float = 30.0
    answer: float = 15.0
    resend: float = 5.0
    typing: float = 0.7
    watch: float = 300.0


class Bot(ExtBot[None]):
    """The library's bot, plus fetching updates unparsed.

    `get_updates` parses all of them at once: one that it can't read makes it fail for all, and log everybody's words.
    """

    def __init__(self, token: str, base_url: str, waits: Waits) -> None:
        _keep_libraries_quiet()
        answer = waits.answer
        super().__init__(
            token=token,
            base_url=base_url,
            request=HTTPXRequest(
                # Some to spare for what isn't counted: answers to taps, signs of typing.
                connection_pool_size=2 * CONNECTIONS,
                read_timeout=answer,
                write_timeout=answer,
                connect_timeout=answer,
                pool_timeout=answer,
                media_write_timeout=2 * answer,
            ),
            get_updates_request=HTTPXRequest(connection_pool_size=1),
        )

    async def fetch(self, offset: int | None, waits: Waits) -> list[dict[str, Any]]:
        """Wait for updates from `offset` on; everything before it is thereby confirmed, and gone from Telegram."""
        result = await self._post(
            "getUpdates",
            {"offset": offset, "timeout": waits.poll, "allowed_updates": list(HEARD)},
            read_timeout=waits.poll + waits.answer,
        )
        if not isinstance(result, list) or not all(isinstance(raw.get("update_id"), int) for raw in result):
            raise NetworkError("This is not an answer of the Bot API.")
        return result


def was_never_sent(error: TelegramError) -> bool:
    """Whether a request failed before it can have reached Telegram."""
    return isinstance(error.__cause__, _NOT_SENT)


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram wants to be left alone."""
    pause = error.retry_after
    return pause.total_seconds() if isinstance(pause, timedelta) else float(pause)


def _keep_libraries_quiet() -> None:
    """Silence the libraries' log lines: addresses hold the token, requests and answers hold people's words."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.CRITICAL)
