"""`toward script format`: one way to write, the same meaning. Comments and blank lines stay."""

from __future__ import annotations

import re
from typing import Any, Final

from bot.errors import ContentError
from bot.scripts.reading import BULLET, KEYWORDS, Line, clean, read
from bot.scripts.tree import plain

__all__ = ["formatted", "meaning"]

_KEYWORD: Final = re.compile(
    r"^("
    + "|".join(sorted((word.replace(" ", r"\s+") for word in KEYWORDS), key=len, reverse=True))
    + r")\b\s*(:?)\s*",
    re.IGNORECASE,
)
_BARE: Final = ("go to", "if", "hand over to counsellor", "run")


def formatted(text: str) -> str:
    """The text in the house's form.

    Raises:
        ContentError: the text has errors, so that its meaning isn't known yet.
    """
    before = read(text)
    if before.problems:
        raise ContentError("This script can't be formatted before its errors are mended: toward script check FILE")
    lines: list[str] = []
    stack: list[int] = []
    for line, raw in zip(clean(text), before.lines, strict=True):
        words = line.text or raw.strip().lstrip("\ufeff")
        if not words:
            if lines and lines[-1]:
                lines.append("")
            continue
        while stack and line.indent <= stack[-1]:
            stack.pop()
        lines.append("  " * len(stack) + (_form(line) if line.text else words))
        stack.append(line.indent)
    written = "\n".join(lines).strip("\n") + "\n"
    return written if meaning(written) == meaning(text) else text


def meaning(text: str) -> Any:
    """A script's tree without its line numbers."""
    return _without_lines(read(text).script.dict())


def _form(line: Line) -> str:
    if line.text.startswith("#"):
        return f"# {line.text.lstrip('#').strip()}"
    if bullet := BULLET.match(line.text):
        return f"- {line.text[bullet.end() :].strip()}"
    found = _KEYWORD.match(line.text)
    if found is None:
        return line.text
    keyword = next(word for word in KEYWORDS if plain(word) == plain(found.group(1)))
    rest = line.text[found.end() :]
    if plain(keyword) in _BARE:
        return f"{keyword} {rest}".strip()
    return f"{keyword}: {rest}".strip() if found.group(2) else line.text


def _without_lines(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: _without_lines(value) for key, value in node.items() if key not in ("line", "keep_line", "roads_line")
        }
    return [_without_lines(value) for value in node] if isinstance(node, (list, tuple)) else node
