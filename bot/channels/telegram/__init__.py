"""Telegram: what people say there comes in by long polling or a webhook, and bubbles go out at Telegram's own pace.

channel.py    the channel: starting, stopping, taking one update after the other
updates.py    what an update says: words, a command, a tap, a correction, something that can't be read
errands.py    what the next update need not wait for: answers to taps, emptying a chat
webhook.py    the address that Telegram calls, where there is one
sender.py     one bubble on its way: never blindly sent again
pieces.py     a bubble as Telegram's messages: length, buttons, pictures, files
pace.py       Telegram's speed limits
typing.py     "is typing ..." while somebody waits
api.py        the library's bot, and how long to wait for things
words.py      the channel's own texts
"""

from bot.channels.telegram.api import Waits
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.updates import CHANNEL, incoming_from
from bot.channels.telegram.webhook import Webhook
from bot.channels.telegram.words import BUTTON_COMMANDS, COMMANDS, WORDS_FILE, load_words

__all__ = [
    "BUTTON_COMMANDS",
    "CHANNEL",
    "COMMANDS",
    "WORDS_FILE",
    "Telegram",
    "Waits",
    "Webhook",
    "incoming_from",
    "load_words",
]
