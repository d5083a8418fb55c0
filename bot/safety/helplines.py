"""The helplines that ship (data/helplines.tsv): who can be reached, by country and topic."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from bot.errors import ContentError
from bot.safety.verdict import Topic

__all__ = ["Helpline", "Helplines", "stale"]

ANYWHERE: Final = "ZZ"
MOST: Final = 3

_CRISIS: Final = "suicide_crisis"
_VIOLENCE: Final = "domestic_violence"
_KINDS: Final[dict[Topic, tuple[str, ...]]] = {
    Topic.none: (_CRISIS, _VIOLENCE),
    Topic.self_harm: (_CRISIS,),
    Topic.abuse: (_VIOLENCE,),
    Topic.harm_to_others: (_VIOLENCE, _CRISIS),
    Topic.child_at_risk: (_VIOLENCE, _CRISIS),
    Topic.psychosis: (_CRISIS,),
    Topic.minor: (_CRISIS,),
}
_OTHER_CODES: Final = {"UK": "GB", "EL": "GR"}
_MAY_BE_EMPTY: Final = frozenset({"region", "dial", "also", "languages"})
_FOR_ALL: Final = frozenset({"everyone", "not stated"})


@dataclass(frozen=True)
class Helpline:
    """One row. Nobody telephoned it: `verified` stays False until somebody does.

    Attributes:
        iso2: country, or "ZZ" for a directory that covers many.
        emergency: the country's emergency number, as people say it.
        topic: "suicide_crisis" or "domestic_violence".
        display, dial: the number as shown, and as dialled inside the country (short codes as they are, never E.164);
            a web address has no `dial`.
        also: text, chat or another number.
        who: whom it is for, "everyone" or "not stated".
        date: when the row was taken up.
    """

    iso2: str
    country: str
    region: str
    emergency: str
    topic: str
    name: str
    display: str
    dial: str
    also: str
    hours: str
    who: str
    languages: str
    url: str
    source: str
    confidence: str
    date: date
    verified: bool

    @property
    def is_for_all(self) -> bool:
        return self.who in _FOR_ALL


class Helplines:
    """All rows; picks at most three."""

    def __init__(self, rows: Sequence[Helpline]) -> None:
        self.rows = tuple(rows)

    @classmethod
    def load(cls, path: Path) -> Helplines:
        """Reads the table.

        Raises:
            ContentError: the file is missing, or a row lacks a field; names the row and the cure.
        """
        try:
            with path.open(encoding="utf-8", newline="") as file:
                table = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
                return cls([_row(row, f"{path}, line {number}") for number, row in enumerate(table, start=2)])
        except OSError as error:
            raise ContentError(
                f"{path} can't be read ({error.strerror}). Put the file back, or check its permissions."
            ) from error

    def lines_for(self, country: str | None, topic: Topic) -> tuple[Helpline, ...]:
        """The lines to show, the right kind first, at most three.

        A country that is unknown, or has no line of the kind, gets the international directory of that kind;
        nothing is guessed. The directory also follows where every line found is only for some people.
        """
        kinds = _KINDS[topic]
        share = MOST if len(kinds) == 1 else MOST - 1
        chosen: list[Helpline] = []
        for kind in kinds:
            found = self._rows(_code(country), kind)[: min(share, MOST - len(chosen))]
            if not any(line.is_for_all and not line.region for line in found):
                found = [*found[: MOST - len(chosen) - 1], *self._rows(ANYWHERE, kind)]
            chosen.extend(found)
        if all(line.iso2 == ANYWHERE for line in chosen):
            # The directory for every kind of crisis helps in the others, too; the one for violence would only confuse.
            chosen.extend(row for row in self._rows(ANYWHERE, _CRISIS) if row not in chosen)
        return tuple(chosen[:MOST])

    def emergency(self, country: str | None) -> str | None:
        """The emergency number, or None where the country is not in the table."""
        code = _code(country)
        return next((row.emergency for row in self.rows if row.iso2 == code != ANYWHERE), None)

    def _rows(self, code: str | None, kind: str) -> list[Helpline]:
        return [row for row in self.rows if row.iso2 == code and row.topic == kind]


def stale(rows: Sequence[Helpline], today: date, days: int = 90) -> tuple[Helpline, ...]:
    """The rows that are older than `days` and should be looked at again."""
    return tuple(row for row in rows if today - row.date > timedelta(days=days))


def _code(country: str | None) -> str | None:
    code = (country or "").strip().upper()
    return _OTHER_CODES.get(code, code) or None


def _row(row: dict[str, str | None], place: str) -> Helpline:
    values = {field.name: (row.get(field.name) or "").strip() for field in fields(Helpline)}
    missing = [name for name, value in values.items() if not value and name not in _MAY_BE_EMPTY]
    if missing:
        raise ContentError(f"{place}: {', '.join(missing)} missing. Fill it in from the source, or take the row out.")
    texts = {name: value for name, value in values.items() if name not in ("date", "verified")}
    try:
        day = date.fromisoformat(values["date"])
    except ValueError as error:
        raise ContentError(f'{place}: date is "{values["date"]}". Write it like 2026-11-23.') from error
    if values["verified"] not in ("yes", "no"):
        raise ContentError(f'{place}: verified is "{values["verified"]}". Write yes or no.')
    return Helpline(**texts, date=day, verified=values["verified"] == "yes")
