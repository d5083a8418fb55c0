"""Scripts as files: those that ship with Toward, and those beside the one that is being written."""

from __future__ import annotations

from pathlib import Path

from bot.errors import ContentError
from bot.library.shelf import Shelf
from bot.scripts.checker import Known
from bot.scripts.reading import read
from bot.scripts.suggesting import counter
from bot.scripts.tree import Script
from bot.settings import PROJECT
from bot.understanding.themes import Themes

__all__ = ["SHIPPED", "known_beside", "read_file", "scripts_in"]

#: Scripts that ship with Toward.
SHIPPED = PROJECT / "data" / "scripts"
#: Files larger than this are no scripts.
_MOST_BYTES = 500_000


def read_file(file: Path) -> str:
    """The text of a script, whatever program wrote it.

    Raises:
        ContentError: there is no such file, or it holds no text.
    """
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise ContentError(f"{file} is too large for a script. Give the text file that you wrote.")
        raw = file.read_bytes()
    except OSError as error:
        raise ContentError(f"{file} can't be read ({error.strerror}). Check the name and the folder.") from None
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    if "\0" in text or raw[:2] == b"PK" or raw[:4] == b"%PDF":
        raise ContentError(f'{file} is no plain text. In your word processor choose "Save as", and there "Plain text".')
    return text


def scripts_in(folder: Path) -> dict[str, Script]:
    """Every script of a folder by its name; files without a name are passed over."""
    found = {}
    for file in sorted(folder.glob("*.txt")):
        script = read(read_file(file)).script
        if script.name:
            found[script.name] = script
    return found


def known_beside(file: Path | None = None, *, free_text: bool = True) -> Known:
    """What a script may refer to: shipped scripts and templates, those beside it, the themes and the library."""
    folders = [SHIPPED, SHIPPED / "templates", *([file.resolve().parent] if file else [])]
    scripts = {name: script for folder in folders for name, script in scripts_in(folder).items()}
    themes = Themes.load(PROJECT / "data" / "themes.yml").names
    return Known(themes, scripts, counter(Shelf.load(PROJECT / "data" / "ideas")), free_text)
