"""Which scripts a house with buttons only may run: those that ask for nothing that has to be typed."""

from __future__ import annotations

from bot.errors import SettingsError
from bot.memory.database import Database
from bot.memory.scripts import source_of
from bot.scripts.at_hand import Published
from bot.scripts.folder import shipped_text
from bot.scripts.problems import Problem, shown
from bot.scripts.profile import has_to_be_typed
from bot.scripts.reading import did_you_mean
from bot.scripts.tree import Script, plain

__all__ = ["ButtonScripts"]


class ButtonScripts:
    """Published scripts, and those that ship with Toward, as the profile `illinois` sees them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._at_hand = Published(database)

    def offered(self) -> list[Script]:
        """Published ones that can be gone through by buttons, by name."""
        newest = self._at_hand.newest()
        others = {plain(script.name): script for script, _ in newest}
        return [script for script, version in newest if version and not [*has_to_be_typed(script, others)]]

    def may_run(self, name: str) -> bool:
        """Whether there is such a script, and its newest version can be gone through by buttons."""
        return self._problems(name) == []

    def refuse(self, name: str) -> None:
        """Nothing, where a script may run.

        Raises:
            SettingsError: it may not; the message has the checker's lines, with the cure.
        """
        problems = self._problems(name)
        if problems is None:
            names = [script.name for script, _ in self._at_hand.newest()]
            raise SettingsError(f'There is no script called "{name}".{did_you_mean(name, names, "There is")}')
        if problems:
            raise SettingsError(
                f'"{name}" can\'t be used in a house with TOWARD_PROFILE=illinois.\n'
                f"{shown(problems, self._text(name).splitlines())}\n"
                "Mend it and publish it again, or choose another script."
            )

    def _problems(self, name: str) -> list[Problem] | None:
        found = self._at_hand.find(name)
        if found is None:
            return None
        others = {plain(script.name): script for script, _ in self._at_hand.newest()}
        return [*has_to_be_typed(found[0], others)]

    def _text(self, name: str) -> str:
        with self._database.session() as session:
            found = source_of(session, plain(name))
        return shipped_text(name) if found is None else found[0]
