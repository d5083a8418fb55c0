"""What the pages for a browser have in common: their files, headers, texts, and how a template is filled."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Collection, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, Final

import yaml
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bot.errors import ContentError

__all__ = ["HEADERS", "body_of", "filled", "placeholders", "read_texts", "reading_page", "static"]

_PAGES: Final = Path(__file__).resolve().parent.parent / "web"
_PLACEHOLDER: Final = re.compile(r"\{\{ (\w+) \}\}")
_CONTENT_POLICY: Final = (
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
)
_GUARDED: Final = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}

#: Sent with every page.
HEADERS: Final = {
    **_GUARDED,
    "Cache-Control": "no-store",
    "Content-Security-Policy": _CONTENT_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class _Files(StaticFiles):
    """The pages' files; the browser asks each time whether they changed."""

    def file_response(self, full_path: str | PathLike[str], *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(full_path, *args, **kwargs)
        response.headers.update({**_GUARDED, "Cache-Control": "no-cache"})
        return response


def static() -> Mount:
    """The address /static, with what is in bot/web."""
    return Mount("/static", _Files(directory=_PAGES))


def read_texts(path: Path, needed: Collection[str]) -> dict[str, str]:
    """Read what a page says: one line of text for each name that it needs.

    Raises:
        ContentError: the file is missing, not YAML, or lacks a text.
    """
    try:
        texts = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContentError(f"{path}: can't be read: {error}. Restore the file, then edit it anew.") from None
    if not isinstance(texts, dict):
        raise ContentError(f"{path}: must hold lines of the form 'name: text'.")
    for name in sorted(needed):
        if not isinstance(texts.get(name), str) or not texts[name].strip():
            raise ContentError(f"{path}: '{name}' is missing or no text. Add a line like: {name}: \"...\"")
    return {name: texts[name].strip() for name in needed}


def placeholders(template: str) -> set[str]:
    """Names of the texts that stand in a file of bot/web, without `script`, which `filled` makes."""
    return set(_PLACEHOLDER.findall(_read(template))) - {"script"}


def filled(template: str, texts: Mapping[str, str], for_script: Mapping[str, Any]) -> str:
    """Fill a file of bot/web: texts as HTML, and `script` as JSON that can't end its element."""
    script = json.dumps(for_script, ensure_ascii=False).replace("<", "\\u003c")
    values = {name: html.escape(text) for name, text in texts.items()} | {"script": script}
    return _PLACEHOLDER.sub(lambda found: values[found[1]], _read(template))


def reading_page(language: str, title: str, body: str) -> str:
    """A page without a script, to be read.

    Args:
        language: of its texts.
        title: as text.
        body: as HTML; what stands under the title.
    """
    title = html.escape(title)
    return (
        f'<!doctype html><html lang="{html.escape(language)}"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        '<meta name="color-scheme" content="light dark"><link rel="icon" href="static/icon.svg" type="image/svg+xml">'
        '<link rel="stylesheet" href="static/page.css"></head><body class="reading"><main class="column">'
        f"<h1>{title}</h1>{body}</main></body></html>"
    )


async def body_of(request: Request, most: int) -> bytes | None:
    """The body of a request; None if it has more than `most` bytes, of which no more are then read."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            return None
        parts.append(part)
    return b"".join(parts)


def _read(template: str) -> str:
    return (_PAGES / template).read_text(encoding="utf-8")
