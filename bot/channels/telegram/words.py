"""The channel's own texts: the menu of commands, and the short notes that flash up after a tap."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import yaml

from bot.errors import ContentError
from bot.settings import PROJECT

__all__ = ["BUTTON_COMMANDS", "COMMANDS", "WORDS_FILE", "load_words"]

WORDS_FILE: Final = PROJECT / "data" / "channels" / "telegram.yml"

#: Commands that work where no free text is understood.
BUTTON_COMMANDS: Final = ("start", "help", "stop", "privacy", "clear", "delete")
#: The commands of the menu, in its order.
COMMANDS: Final = (
    "start",
    "help",
    "checkin",
    "kindness",
    "new",
    "questions",
    "pattern",
    "mirror",
    "remind",
    "stop",
    "privacy",
    "export",
    "clear",
    "delete",
)

#: Every text of data/channels/telegram.yml by its dotted name, with the most characters that Telegram takes.
_MOST: Final = {
    **{f"commands.{name}": 256 for name in COMMANDS},
    **{f"toasts.{name}": 200 for name in ("chosen", "again", "gone")},
    "buttons.chosen": 40,
    "notes.cleared": 400,
    "profile.short": 120,
    "profile.long": 512,
}


def load_words(path: Path = WORDS_FILE) -> dict[str, str]:
    """Read the channel's own texts; keys are dotted ("commands.help", "toasts.chosen").

    Raises:
        ContentError: the file or one of its texts is missing, empty or too long; the message says which.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ContentError(f"{path}: can't be read ({error.strerror}). Put the file back.") from error
    except yaml.YAMLError as error:
        raise ContentError(f"{path}: is not valid YAML. {error}") from error
    words = {}
    for name, most in _MOST.items():
        section, key = name.split(".")
        try:
            text = content[section][key]
        except (KeyError, TypeError):
            raise ContentError(f"{path}: {name} is missing. Add it.") from None
        if not isinstance(text, str) or not 0 < len(text.strip()) <= most:
            raise ContentError(f"{path}: {name} must be a text of 1 to {most} characters.")
        words[name] = text.strip()
    return words
