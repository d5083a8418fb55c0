"""The coach in the terminal: bubbles as paragraphs, buttons by number, works without colour and over ssh."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, TextIO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.channels.keyboard import Keyboard, Lines, keyboard
from bot.channels.typed import clean, typed
from bot.content.yaml_files import load
from bot.conversation.messages import Attachment, Choice, Incoming, Kind, Outgoing
from bot.conversation.ports import Receiver
from bot.errors import ContentError, SendLater
from bot.settings import PROJECT

__all__ = ["Terminal", "load_words"]

WORDS_FILE: Final = PROJECT / "data" / "channels" / "terminal.yml"
_WORDS: Final = ("hint", "cleared", "saved", "not_saved")
#: How long the terminal waits for another bubble before it shows the prompt again, in seconds.
_PAUSE: Final = 0.25
#: Longer lines are hard to read.
_WIDTH: Final = 84
_MARGIN: Final = 2


class Terminal:
    """The channel "term": one conversation, new each time unless `address` is given.

    Args:
        receiver: gets what is typed.
        words: what the terminal itself says (`load_words`).
        transcript: where the conversation is saved, in the form of tests/conversations.
        files: the folder for files that somebody asked for; the folder for downloads without it.
        address: a name to come back to.
        lines: what is typed; standard input without it.
    """

    name = "term"

    def __init__(
        self,
        receiver: Receiver,
        words: Mapping[str, str],
        transcript: Path | None = None,
        *,
        files: Path | None = None,
        address: str = "",
        lines: TextIO | None = None,
    ) -> None:
        self._receiver = receiver
        self._words = words
        self._transcript = transcript
        self._files = files
        self._console = Console(highlight=False)
        self._console.width = min(self._console.width, _WIDTH)
        self._keyboard: Keyboard = Lines(self._console, lines) if lines is not None else keyboard(self._console)
        self._address = address or uuid.uuid4().hex
        self._offer: Outgoing | None = None
        self._arrived = asyncio.Event()

    async def send(self, bubble: Outgoing) -> None:
        """Print a bubble, with its buttons numbered; a file is saved, and its path printed.

        Raises:
            SendLater: it belongs to another conversation than the one that is held here.
        """
        if bubble.address != self._address:
            raise SendLater("This conversation is not on the screen.")
        self._console.print()
        self._show(Text(bubble.text))
        self._note(f"bot: {_on_one_line(bubble.text)}")
        if bubble.attachment is not None:
            self._hand_over(bubble.attachment)
        self._offer = bubble if bubble.buttons else None
        if _are_numbers(bubble.buttons):  # of a scale: what is typed is what is meant
            self._show(Text("  ".join(bubble.buttons), "bold cyan"), deeper=2)
        else:
            for number, title in enumerate(bubble.buttons, start=1):
                self._show(Text.assemble((f"{number}.", "bold cyan"), f" {title}"), deeper=2)
        if bubble.buttons:
            self._note("     " + " ".join(f"[{title}]" for title in bubble.buttons))
        self._arrived.set()

    async def talk(
        self,
        start: Callable[[], Awaitable[None]],
        answer: Callable[[], Awaitable[None]],
        stop: Callable[[], Awaitable[None]],
    ) -> None:
        """Hold one conversation until the input ends or the person writes /quit."""
        if self._transcript is not None:
            with open(self._transcript, "w", encoding="utf-8", opener=_private):
                pass
        await start()
        await answer()
        try:
            await self._say("/start")
            while (line := await self._keyboard.line()) is not None:
                word = line.strip().lower()
                if word == "/quit":
                    break
                if word == "/clear":
                    self._clear()
                else:
                    await self._say(line)
        finally:
            await stop()

    async def _say(self, line: str) -> None:
        incoming = self._incoming(line)
        tapped = self._offer.buttons[incoming.choice.index] if self._offer and incoming.choice else None
        self._note(f"you: {_on_one_line(line) if tapped is None else f'[{tapped}]'}")
        await self._deliver(incoming)

    def _incoming(self, line: str) -> Incoming:
        text = line.strip()
        if self._offer is not None and (index := _chosen(text, self._offer.buttons)) is not None:
            choice = Choice(self._offer.id, index)
            return Incoming(self.name, self._address, f"tap:{self._offer.id}", kind=Kind.CHOICE, choice=choice)
        return typed(self.name, self._address, uuid.uuid4().hex, clean(line))

    async def _deliver(self, incoming: Incoming) -> None:
        self._arrived.clear()
        if not await self._receiver.receive(incoming):
            return
        await self._arrived.wait()
        while True:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), _PAUSE)
            except asyncio.TimeoutError:
                return

    # -- on the screen and on the disk ---------------------------------------------------------------------------------

    def _show(self, text: Text, deeper: int = 0) -> None:
        """A paragraph, wrapped and set in from the prompt; whole and plain where no person looks."""
        if self._console.is_terminal:
            self._console.print(Padding(text, (0, 0, 0, _MARGIN + deeper), expand=False))
        else:
            self._console.print(Text(" " * deeper) + text, soft_wrap=True)

    def _clear(self) -> None:
        """Empty the screen, what was scrolled away, and the history of this session."""
        self._keyboard.forget()
        if self._console.is_terminal and not self._console.is_dumb_terminal:
            self._console.file.write("\x1b[H\x1b[2J\x1b[3J")
        self._show(Text(self._words["cleared"]))

    def _hand_over(self, attachment: Attachment) -> None:
        """Save a file that was asked for; a picture is told in words instead, and leaves nothing behind."""
        self._note(f"     ({attachment.alt})")
        if attachment.kind == "picture":
            self._show(Text(f"({attachment.alt})"))
            return
        folder = self._files or _downloads()
        try:
            told = self._words["saved"].replace("{file}", str(_saved(folder, attachment)))
        except OSError:
            told = self._words["not_saved"].replace("{folder}", str(folder))
        self._console.print(Text(told, "bold"), soft_wrap=True)  # a path that is cut can't be copied

    def _note(self, line: str) -> None:
        """Add a line to the transcript at once: a connection that breaks must not lose it."""
        if self._transcript is not None:
            with open(self._transcript, "a", encoding="utf-8", opener=_private) as transcript:
                transcript.write(f"{line}\n")


def load_words(path: Path = WORDS_FILE) -> dict[str, str]:
    """Read the terminal's own texts.

    Raises:
        ContentError: the file or one of its texts is missing; the message says which.
    """
    content = load(path)
    missing = [name for name in _WORDS if not isinstance(content, dict) or not isinstance(content.get(name), str)]
    if missing:
        raise ContentError(f"{path}: {missing[0]} is missing. Add it.")
    return {name: content[name].strip() for name in _WORDS}


def _are_numbers(titles: Sequence[str]) -> bool:
    return bool(titles) and all(title.isdecimal() for title in titles)


def _chosen(text: str, titles: Sequence[str]) -> int | None:
    """Which button a number means: the one that reads so, where they are numbers themselves, else that at its place."""
    if not (text.isascii() and text.isdecimal()):
        return None
    if _are_numbers(titles):
        return titles.index(text) if text in titles else None
    return int(text) - 1 if 1 <= int(text) <= len(titles) else None


def _downloads() -> Path:
    folder = Path.home() / "Downloads"
    return folder if folder.is_dir() else Path.cwd()


def _saved(folder: Path, attachment: Attachment) -> Path:
    """Write a file that only its owner can read; one of the same name stays as it is."""
    name = Path(attachment.name)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, 1000):
        file = folder / (name.name if number == 1 else f"{name.stem}-{number}{name.suffix}")
        try:
            with open(file, "xb", opener=_private) as saved:
                saved.write(attachment.content)
        except FileExistsError:
            continue
        return file
    raise OSError("There are a thousand files of this name.")


def _private(file: str, flags: int) -> int:
    return os.open(file, flags, 0o600)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
