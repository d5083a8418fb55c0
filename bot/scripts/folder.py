"""Scripts as files: those that ship with Toward, and those beside the one that is being written."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from bot.errors import ContentError
from bot.scripts.reading import read
from bot.scripts.tree import Script, plain
from bot.settings import PROJECT

__all__ = ["SHIPPED", "read_file", "scripts_in", "shipped", "shipped_text"]

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


@lru_cache(maxsize=1)
def shipped() -> dict[str, Script]:
    """The scripts and templates that ship with Toward, by name; read once."""
    return {**scripts_in(SHIPPED), **scripts_in(SHIPPED / "templates")}


def shipped_text(name: str) -> str:
    """The text of a script that ships with Toward; empty where none has that name."""
    for file in [*SHIPPED.glob("*.txt"), *(SHIPPED / "templates").glob("*.txt")]:
        text = read_file(file)
        if plain(read(text).script.name) == plain(name):
            return text
    return ""
