"""How the terminal reads a line: with an editor and a history where somebody sits there, plainly everywhere else."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from typing import Protocol, TextIO

from rich.console import Console

__all__ = ["Keyboard", "Lines", "keyboard"]

_PROMPT = "> "


class Keyboard(Protocol):
    """Where lines come from."""

    async def line(self) -> str | None:
        """The next line, without its end; None when there will be no more."""

    def forget(self) -> None:
        """Drop what was typed before, so that no arrow brings it back."""


def keyboard(console: Console) -> Keyboard:
    """An editor with history on a terminal that can move its cursor; lines as they come from pipes and plain ones."""
    able = os.environ.get("TERM", "dumb").lower() not in ("", "dumb", "unknown")
    return _Editor() if able and sys.stdin.isatty() and sys.stdout.isatty() else Lines(console)


class Lines:
    """Lines as they come: from a pipe, a file, a terminal without a cursor; or from `lines`."""

    def __init__(self, console: Console, lines: TextIO | None = None) -> None:
        self._console = console
        self._lines = lines

    async def line(self) -> str | None:
        """The next line, shown where it isn't seen while it is typed."""
        self._console.print(f"\n{_PROMPT}", end="")
        loop = asyncio.get_running_loop()
        read: asyncio.Future[str] = loop.create_future()

        def arrived(line: str) -> None:
            if not read.done():
                read.set_result(line)

        def wait_for_it() -> None:
            line = self._read()
            with contextlib.suppress(RuntimeError):  # the loop is closed: the person left with Ctrl-C
                loop.call_soon_threadsafe(arrived, line)

        # A daemon, so that Ctrl-C need not wait for one more line.
        threading.Thread(target=wait_for_it, name="keyboard", daemon=True).start()
        line = await read
        if not line:
            self._console.print()
            return None
        line = line.rstrip("\r\n")
        if self._lines is not None or not sys.stdin.isatty():
            self._console.print(line, markup=False, soft_wrap=True)
        return line

    def forget(self) -> None:
        """Nothing is kept here."""

    def _read(self) -> str:
        if self._lines is not None:
            return self._lines.readline()
        # Without Python's buffer: a thread that waits in it would bring the whole interpreter down at the end.
        with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as typed:
            return typed.readline().decode("utf-8", "replace")


class _Editor:
    """A line that can be edited; arrow up brings back earlier ones of this session. Nothing is written to the disk."""

    def __init__(self) -> None:
        # Asking a terminal where its cursor is takes long over slow lines, and some never answer; one line needs none.
        os.environ.setdefault("PROMPT_TOOLKIT_NO_CPR", "1")
        # A tenth of a second to import, and of use only where somebody sits at a terminal.
        from prompt_toolkit import PromptSession
        from prompt_toolkit.history import InMemoryHistory

        self._session: PromptSession[str] = PromptSession(history=InMemoryHistory())

    async def line(self) -> str | None:
        """The next line; what is said meanwhile (a note that falls due) appears above it."""
        from prompt_toolkit.patch_stdout import patch_stdout

        with patch_stdout(raw=True):
            try:
                return await self._session.prompt_async(f"\n{_PROMPT}")
            except EOFError:
                return None

    def forget(self) -> None:
        """An empty history; the editor keeps its loaded lines in two places."""
        from prompt_toolkit.history import InMemoryHistory

        self._session.history = InMemoryHistory()
        self._session.default_buffer.history = self._session.history
        self._session.default_buffer.reset()
