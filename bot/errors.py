"""The errors of Toward: one small tree, so that a caller can catch as much or as little as it needs.

TowardError                 anything that Toward itself reports; the message says what happened and what to do
├── SettingsError           a setting is missing or wrong, a port is taken, a folder can't be written
├── ContentError            a file that people edit (nlu.yml, ideas, words, helplines) is broken: file, line, cure
├── TrainingError           Rasa could not train, or there is no model to load
├── MemoryFault             the database can't be reached or written
├── KeyGone                 a person's data key was erased, or the master key doesn't fit
├── SendLater               a bubble can't be delivered now; it stays in the outbox
└── SendNever               a person can't be reached any more
"""

from __future__ import annotations

__all__ = [
    "ContentError",
    "KeyGone",
    "MemoryFault",
    "SendLater",
    "SendNever",
    "SettingsError",
    "TowardError",
    "TrainingError",
]


class TowardError(Exception):
    """Anything that Toward itself reports. The text is meant for the person who runs it."""


class SettingsError(TowardError):
    """A setting is missing or wrong, a port is taken, a folder can't be written."""


class ContentError(TowardError):
    """A file that people edit is broken; the text names file, line (or entry) and cure."""


class TrainingError(TowardError):
    """Rasa could not train, or there is no model to load."""


class MemoryFault(TowardError):
    """The database can't be reached or written."""


class KeyGone(TowardError):
    """A person's data key was erased, or the master key doesn't fit the database."""


class SendLater(TowardError):
    """A bubble can't be delivered now; it stays in the outbox.

    Attributes:
        seconds: when to try again; None means when the person is back (`Receiver.wake`).
    """

    def __init__(self, message: str, seconds: float | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds


class SendNever(TowardError):
    """A person can't be reached any more: blocked the bot, deleted the account."""
