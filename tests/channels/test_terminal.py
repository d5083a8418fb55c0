"""The coach in a terminal, as somebody sees it who sits there: through a pty, a pipe, with and without colour."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.terminal import load_words
from bot.errors import ContentError
from bot.settings import PROJECT
from tests.conversations.player import Script

#: A terminal whose coach echoes (tests/channels/helpers.py), and has a file, a picture and a scale to show.
PROGRAM = """
import asyncio, sys
from dataclasses import replace
from pathlib import Path
from bot.channels.terminal import Terminal, load_words
from bot.conversation.messages import Attachment, Kind
from tests.channels.helpers import FakeConversation

FILES = {
    "copy": Attachment("file", "notes.html", b"<p>all of it</p>", "text/html", "A page to read"),
    "map": Attachment("picture", "map.png", b"png", "image/png", "Two arrows that go round."),
}

class Coach(FakeConversation):
    def say(self, channel, address, text, buttons=()):
        word = text.removeprefix("You wrote: ")
        if word == "scale":
            buttons = tuple(map(str, range(11)))
        bubble = super().say(channel, address, text, buttons)
        self.waiting[-1] = replace(bubble, attachment=FILES.get(word))
        return bubble

async def main():
    coach = Coach()
    transcript = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    coach.channel = terminal = Terminal(coach, load_words(), transcript)
    async def nothing(): pass
    await terminal.talk(nothing, nothing, nothing)
    taps = [one.choice.index for one in coach.received if one.kind is Kind.CHOICE]
    print("heard", [one.text for one in coach.received], "tapped", taps)

asyncio.run(main())
"""
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]")
COLOUR = re.compile(r"\x1b\[(?:[0-9;]*;)?(?:3[0-7]|9[0-7]|38|4[0-7]|48)(?:;[0-9;]*)?m")
UP, CTRL_D = "\x1b[A", "\x04"
#: A start takes a second, on a busy machine many.
SECONDS = 120


class Screen:
    """A terminal of 100 columns with somebody at its keys."""

    def __init__(self, home: Path, *arguments: str, **environment: str) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *arguments],
            stdin=slave, stdout=slave, stderr=slave, cwd=PROJECT, start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", "HOME": str(home), **environment},
        )  # fmt: skip
        os.close(slave)
        self.raw = ""
        self._seen = 0

    def sees(self, words: str) -> str:
        """Wait until these words are on the screen, after what was waited for before."""
        end = time.monotonic() + SECONDS
        while (at := (text := ESCAPE.sub("", self.raw)).find(words, self._seen)) < 0:
            assert time.monotonic() < end, text[self._seen :]
            if not select.select([self.master], [], [], 0.1)[0]:
                continue
            try:
                self.raw += os.read(self.master, 65536).decode("utf-8", "replace")
            except OSError:  # the program has ended
                assert words in ESCAPE.sub("", self.raw)[self._seen :], text
        self._seen = at + len(words)
        return text

    def types(self, keys: str, end: str = "\r", *, at_the_prompt: bool = True) -> None:
        if at_the_prompt:
            self.sees(">")
        os.write(self.master, (keys + end).encode())

    def close(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.master)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    (home / "Downloads").mkdir(parents=True)
    return home


@pytest.fixture
def screen(home: Path) -> Iterator[Screen]:
    screen = Screen(home)
    yield screen
    screen.close()


def through_a_pipe(home: Path, given: str, *arguments: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], input=given.encode(), capture_output=True, cwd=PROJECT,
        env={**os.environ, "HOME": str(home)}, timeout=SECONDS, check=True,
    )  # fmt: skip
    assert ended.stderr == b""
    return ended.stdout.decode()


def test_somebody_writes_and_chooses_by_number(screen: Screen) -> None:
    screen.sees("You wrote: start")
    screen.types("he never looks up")
    screen.sees("You wrote: he never looks up")
    screen.types("choose")
    screen.sees("Which one?")
    screen.sees("1. An idea")
    screen.sees("2. Just listen")
    screen.types("2")
    screen.sees("You picked")
    screen.types("/quit")
    screen.sees("tapped [1]")


def test_arrow_up_brings_back_what_was_written_and_it_can_be_changed(screen: Screen) -> None:
    screen.sees("You wrote: start")
    screen.types("we hardly talk")
    screen.sees("You wrote: we hardly talk")
    screen.types(UP, end="")
    screen.types(" at all", at_the_prompt=False)
    screen.sees("You wrote: we hardly talk at all")
    screen.types(CTRL_D, end="")
    screen.sees("'we hardly talk', 'we hardly talk at all']")


def test_nothing_that_was_typed_is_written_anywhere(screen: Screen, home: Path) -> None:
    screen.sees("You wrote: start")
    screen.types("between us only")
    screen.sees("You wrote: between us only")
    screen.types("/quit")
    screen.sees("heard")
    assert [file for file in home.rglob("*") if file.is_file()] == []


def test_clear_empties_the_screen_and_the_history(screen: Screen) -> None:
    screen.sees("You wrote: start")
    screen.types("he must not read this")
    screen.sees("You wrote: he must not read this")
    screen.types("/clear")
    screen.sees("The screen is empty")
    assert "\x1b[2J\x1b[3J" in screen.raw  # what is seen, and what could be scrolled back to
    screen.types(UP, end="")
    screen.types("hello", at_the_prompt=False)
    screen.sees("You wrote: hello")
    screen.types("/quit")
    screen.sees("'he must not read this', 'hello']")


def test_a_long_post_that_is_pasted_is_one_message(screen: Screen) -> None:
    screen.types("\x1b[200~first line\nsecond line\x1b[201~")
    screen.sees("second line")
    screen.types("/quit")
    screen.sees("'first line\\nsecond line']")


def test_a_number_on_a_scale_is_that_number(screen: Screen) -> None:
    screen.types("scale")
    screen.sees("0  1  2  3")
    screen.types("0")
    screen.sees("You picked")
    screen.types("/quit")
    screen.sees("tapped [0]")


def test_a_file_that_was_asked_for_is_saved_for_its_owner_only(screen: Screen, home: Path) -> None:
    (home / "Downloads" / "notes.html").write_text("mine")
    screen.types("copy")
    screen.sees(f"Saved as {home / 'Downloads' / 'notes-2.html'}")
    saved = home / "Downloads" / "notes-2.html"
    assert saved.read_text() == "<p>all of it</p>" and saved.stat().st_mode & 0o777 == 0o600
    assert (home / "Downloads" / "notes.html").read_text() == "mine"


def test_a_picture_is_told_in_words_and_leaves_no_file(screen: Screen, home: Path) -> None:
    screen.types("map")
    screen.sees("(Two arrows that go round.)")
    assert list((home / "Downloads").iterdir()) == []


def test_a_terminal_without_a_cursor_gets_plain_lines(home: Path) -> None:
    screen = Screen(home, TERM="dumb")
    screen.sees("You wrote: start")
    screen.types("choose", end="\n")
    screen.sees("2. Just listen")
    screen.types("1", end="\n")
    screen.sees("You picked")
    screen.types("/clear", end="\n")
    screen.sees("The screen is empty")
    screen.types("/quit", end="\n")
    screen.sees("tapped [0]")
    assert "\x1b" not in screen.raw
    screen.close()


def test_whoever_wants_no_colour_gets_none(home: Path) -> None:
    plain, coloured = Screen(home, NO_COLOR="1"), Screen(home)
    for screen in (plain, coloured):
        screen.types("choose")
        screen.sees("2. Just listen")
        screen.close()
    assert COLOUR.search(coloured.raw)
    assert not COLOUR.search(plain.raw)


def test_through_a_pipe_every_bubble_is_one_plain_line(home: Path) -> None:
    told = "we used to " + "talk and " * 30 + "laugh"
    said = through_a_pipe(home, f"{told}\nchoose\n2\n/quit\nnobody hears this\n")
    assert "\x1b" not in said
    assert f"\n> {told}\n\nYou wrote: {told}\n" in said
    assert "\n  1. An idea\n  2. Just listen\n" in said
    assert "tapped [1]" in said and "nobody hears this" not in said


def test_a_transcript_is_complete_when_the_connection_breaks_and_is_nobody_elses(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "said.txt"
    screen = Screen(home, str(file))
    screen.sees("You wrote: start")
    screen.types("choose")
    screen.sees("2. Just listen")
    screen.types("2")
    screen.sees("You picked")
    screen.close()  # killed
    script = Script.read(file)
    assert [step.given for step in script.steps] == ["/start", "choose", "[Just listen]"]
    assert script.steps[1].answers[-1] == "     [An idea] [Just listen]"
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_words_of_the_terminal_must_all_be_there(tmp_path: Path) -> None:
    (tmp_path / "terminal.yml").write_text("hint: Write.\ncleared: Empty.\nsaved: Saved as {file}\n")
    with pytest.raises(ContentError, match="not_saved is missing"):
        load_words(tmp_path / "terminal.yml")
    with pytest.raises(ContentError, match="Put the file back"):
        load_words(tmp_path / "nowhere.yml")
