"""Which scripts can be tried: the published ones beside those that ship with Toward, or the one file being written."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, Protocol
from urllib.parse import quote

from bot.errors import ContentError
from bot.memory.database import Database
from bot.memory.scripts import published, source_of
from bot.scripts.checker import check_text
from bot.scripts.folder import read_file, shipped
from bot.scripts.known import known_beside
from bot.scripts.problems import shown
from bot.scripts.reading import read
from bot.scripts.tree import Script, plain

__all__ = ["Found", "OneFile", "Origin", "Published", "ScriptsAtHand", "address_of"]

#: A script and its version; what ships with Toward has version 0.
Found = tuple[Script, int]
Origin = Literal["published", "ships", "draft"]
_TREES_KEPT: Final = 256


class ScriptsAtHand(Protocol):
    """Scripts by name and version."""

    def newest(self) -> Sequence[Found]:
        """The newest version of each."""

    def find(self, name: str, version: int | None = None) -> Found | None:
        """A version of a script, the newest where none is named; None where there is none."""

    def beside(self) -> Mapping[str, Script]:
        """What a script may run, by name."""

    def origin(self, version: int) -> Origin:
        """Where a version comes from."""


class Published:
    """Published scripts, and those that ship with Toward."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self) -> list[Found]:
        """Published ones first, each sort by name; a published script hides one of the same name that ships."""
        found = {plain(script.name): (script, 0) for script in shipped().values()}
        with self._database.session() as session:
            found |= {row.key: (_tree(row.source), int(row.version)) for row in published(session)}
        return sorted(found.values(), key=lambda each: (each[1] == 0, plain(each[0].name)))

    def find(self, name: str, version: int | None = None) -> Found | None:
        """As a client would get it."""
        if version != 0:
            with self._database.session() as session:
                found = source_of(session, plain(name), version)
            if found is not None:
                return _tree(found[0]), found[1]
        own = {plain(script.name): script for script in shipped().values()}.get(plain(name))
        return None if own is None or version not in (None, 0) else (own, 0)

    def beside(self) -> dict[str, Script]:
        """The newest of all."""
        return {script.name: script for script, _ in self.newest()}

    def origin(self, version: int) -> Origin:
        """Version 0 ships."""
        return "published" if version else "ships"


class OneFile:
    """The file that a counsellor writes at, read anew each time; its version is told by its text.

    `newest` and `find` raise ContentError, with the lines in question, where the file has errors.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def newest(self) -> list[Found]:
        """The file as it is now."""
        text = read_file(self._file)
        found, problems = check_text(text, known_beside(self._file))
        if errors := [problem for problem in problems if not problem.warning]:
            raise ContentError(shown(errors, found.lines))
        return [(found.script, zlib.crc32(text.encode()) >> 1)]

    def find(self, name: str, version: int | None = None) -> Found | None:
        """The file, whatever it is called by now, unless another version is asked for."""
        [found] = self.newest()
        return found if version in (None, found[1]) else None

    def beside(self) -> Mapping[str, Script]:
        """What ships with Toward, and the files in the same folder."""
        return known_beside(self._file).scripts

    def origin(self, version: int) -> Origin:
        """Whatever the version."""
        return "draft"


def address_of(script: str) -> str:
    """The address of a trial, beside the chat's."""
    return f"try?script={quote(script, safe='')}"


@lru_cache(maxsize=_TREES_KEPT)
def _tree(source: str) -> Script:
    return read(source).script
