"""Reads the files of the library and says, for each slip, the file, the item and the cure.

A kind is one file (`bids.yml`) or a folder of files (`kindness/apart.yml`), which are read in the order of their names.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from bot.library.schema import KINDS, Entry, Kind, Suggestion

__all__ = ["Item", "matching_title", "read", "same_names"]

_STRAIGHT = str.maketrans("‘’“”", "''\"\"")


@dataclass(frozen=True)
class Item:
    """An entry together with where it stands, for messages.

    Attributes:
        place: file, position counted from 1, and id, as in "kindness/moments.yml, item 3 (warm-cup)".
    """

    kind: Kind
    place: str
    entry: Entry


#: The C parser where PyYAML was built with it: six times as fast, the same marks.
_Fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Fast):  # type: ignore[misc]  # the base is chosen at run time
    """YAML that refuses a field written twice, of which the plain loader silently keeps the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        written = [key.value for key, _ in node.value]
        for twice in (key for key in written if written.count(key) > 1):
            raise yaml.MarkedYAMLError(problem=f"{twice} stands twice in one item", problem_mark=node.start_mark)
        found: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return found


def read(folder: Path) -> tuple[list[Item], list[str]]:
    """Reads every file of the library.

    Args:
        folder: holds a file or a folder for each kind.

    Returns:
        The items that are right, in the order of the files, and a line for each problem found.
    """
    items: list[Item] = []
    problems: list[str] = []
    for kind in KINDS:
        for path in _files(folder, kind):
            found, slips = _entries(kind, path, path.relative_to(folder).as_posix())
            items.extend(found)
            problems.extend(slips)
    return items, problems


def _files(folder: Path, kind: Kind) -> list[Path]:
    """The files of a kind; where there is none, the one that is missing."""
    return sorted((folder / kind).glob("*.yml")) or [folder / f"{kind}.yml"]


def _entries(kind: Kind, path: Path, name: str) -> tuple[list[Item], list[str]]:
    """The items of a file that are right, and a line for each problem."""
    items: list[Item] = []
    problems: list[str] = []
    try:
        raw = _list_in(path)
    except _Unreadable as error:
        return [], [f"{name}: {error}"]
    for number, fields in enumerate(raw, 1):
        place = _place(name, number, fields)
        try:
            items.append(Item(kind, place, KINDS[kind].parse_obj(fields)))
        except ValidationError as error:
            problems.extend(f"{place}: {slip}" for slip in _slips(KINDS[kind], error))
    return items, problems


def same_names(items: Sequence[Item]) -> Iterator[str]:
    """Says which ids and which titles stand twice; a typed title must lead to one idea only."""
    ids: dict[str, str] = {}
    titles: dict[str, str] = {}
    for item in items:
        first = ids.setdefault(item.entry.id, item.place)
        if first != item.place:
            yield f"{item.place}: {first} has the same id. Give one of them another id."
        if isinstance(item.entry, Suggestion):
            first = titles.setdefault(matching_title(item.entry.title), item.place)
            if first != item.place:
                yield f'{item.place}: {first} has the same title "{item.entry.title}". Rename one of them.'


def matching_title(text: str) -> str:
    """A title as typed or shown, without what a hurried thumb changes: case, spaces, curly quotes, an ending mark."""
    return " ".join(text.translate(_STRAIGHT).casefold().split()).rstrip(".!?,")


class _Unreadable(Exception):
    """The file as a whole could not be taken as a list of items; the text says why and what to do."""


def _list_in(path: Path) -> list[object]:
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), _StrictLoader)
    except FileNotFoundError:
        raise _Unreadable("the file is missing. Put it back, or create it with at least one item.") from None
    except UnicodeDecodeError:
        raise _Unreadable("it is not UTF-8 text. Save it again as UTF-8.") from None
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise _Unreadable(
            f"{line}{error.problem}. Check the indents; text with a colon in it goes on its own line under >-"
        ) from None
    except yaml.YAMLError as error:
        raise _Unreadable(f"{error}. Remove the character that YAML does not allow.") from None
    if not isinstance(raw, list) or not raw:
        raise _Unreadable('it is not a list of items. Begin each item with "- id: ...".')
    return raw


def _place(file: str, number: int, fields: object) -> str:
    name = fields.get("id") if isinstance(fields, dict) else None
    return f"{file}, item {number}" + (f" ({name})" if name else "")


def _slips(model: type[Entry], error: ValidationError) -> Iterable[str]:
    """One sentence of what is wrong and one of how to put it right, for each field that pydantic refused."""
    for slip in error.errors():
        field = str(slip["loc"][0])
        if field not in model.__fields__:
            yield _unknown(model, field)
        elif slip["type"] == "value_error.missing":
            yield f"{field} is missing. Add {field}: {model.__fields__[field].field_info.description}."
        else:
            yield f"{field}: {slip['msg']}. Write {field} as {model.__fields__[field].field_info.description}."


def _unknown(model: type[Entry], field: str) -> str:
    if field == "__root__":
        return 'it is not a set of fields. Begin it with "- id: ..." and write one field per line.'
    close = get_close_matches(field, model.__fields__, n=1)
    cure = f"Did you mean {close[0]}?" if close else f"Remove it; the fields are {', '.join(model.__fields__)}."
    return f"{field} is not a field here. {cure}"
