"""Reads YAML that people edit, and says file, line and cure where it is broken."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from pathlib import Path
from typing import Any

import yaml

from bot.errors import ContentError

__all__ = ["load", "nodes", "wordings"]

#: The C parser where PyYAML was built with it: six times as fast, the same marks.
_Fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Strict(_Fast):  # type: ignore[misc]  # the base is chosen at run time
    """YAML that refuses a name written twice; the plain loader silently keeps the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        written: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value != "<<":
                if key.value in written:
                    problem = f'"{key.value}" stands twice here'
                    raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
                written.add(key.value)
        read: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return read


def load(file: Path) -> Any:
    """What the file holds, as plain dicts, lists and strings.

    Raises:
        ContentError: it can't be read, isn't YAML, or has a name twice.
    """
    text = _text(file)
    try:
        return yaml.load(text, Loader=_Strict)
    except yaml.YAMLError as error:
        raise _broken(file, text, error) from error


def wordings(file: Path, needed: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Texts by name, each in one or more wordings.

    Raises:
        ContentError: the file is broken, a name has no list of wordings, or one that is needed is missing.
    """
    loaded = load(file)
    if not isinstance(loaded, dict) or not all(isinstance(texts, list) and texts for texts in loaded.values()):
        raise ContentError(f"{file}: every name needs a list of wordings, each on a line that begins with '- '.")
    if missing := sorted(set(needed) - set(map(str, loaded))):
        raise ContentError(
            f"{file}: no wording for {', '.join(missing)}. Add the name with at least one line under it."
        )
    return {str(name): tuple(str(text).strip() for text in texts) for name, texts in loaded.items()}


def nodes(file: Path) -> yaml.Node | None:
    """The file as YAML nodes, which know their lines; None for an empty file.

    Raises:
        ContentError: it can't be read or isn't YAML.
    """
    text = _text(file)
    try:
        found: yaml.Node | None = yaml.compose(text, Loader=_Fast)
    except yaml.YAMLError as error:
        raise _broken(file, text, error) from error
    return found


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise ContentError(
            f"{file} can't be read ({error.strerror}). Put the file back, or check its permissions."
        ) from error
    except UnicodeDecodeError as error:
        raise ContentError(f"{file} is not UTF-8 text. Save it again as UTF-8.") from error


def _broken(file: Path, text: str, error: yaml.YAMLError) -> ContentError:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return ContentError(f"{file}: {error}. Remove the character that YAML does not allow.")
    lines = text.splitlines()
    at = lines[mark.line] if mark.line < len(lines) else ""
    if "stands twice" in str(getattr(error, "problem", "")):
        cure = "Rename one of them, or join them."
    elif "\t" in at[: len(at) - len(at.lstrip())]:
        cure = "Indent with spaces instead of a tab."
    else:
        cure = "Check the indents and quotes of this line and the one above; text with a colon needs quotes around it."
    return ContentError(
        f"{file}, line {mark.line + 1}: {getattr(error, 'problem', None) or 'this is not YAML'}. {cure}"
    )
