"""A double of Telegram's Bot API: what a bot sees of Telegram, and what people do in it, without the network.

In a test:                `with running_double() as telegram: ... Telegram(TOKEN, receiver, words, telegram.base_url)`
With a webhook:           `with running_double() as telegram, Courier(telegram): ...`
As a process of its own:  `python -m tests.telegram_double --port 8081`, driven through `RemoteDouble(address)`
"""

from __future__ import annotations

from tests.telegram_double.api import TelegramDouble
from tests.telegram_double.courier import Courier
from tests.telegram_double.records import TOKEN, Call, Fault, Sent
from tests.telegram_double.remote import RemoteDouble
from tests.telegram_double.server import RunningDouble, running_double

__all__ = [
    "TOKEN",
    "Call",
    "Courier",
    "Fault",
    "RemoteDouble",
    "RunningDouble",
    "Sent",
    "TelegramDouble",
    "running_double",
]
