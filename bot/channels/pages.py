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
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.errors import ContentError

__all__ = [
    "ANYWHERE",
    "HEADERS",
    "body_of",
    "filled",
    "placeholders",
    "policy",
    "read_texts",
    "read_translations",
    "reading_page",
    "static",
    "tag",
]

_PAGES: Final = Path(__file__).resolve().parent.parent / "web"
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[a-z0-9]+)*")
_PLACEHOLDER: Final = re.compile(r"\{\{ (\w+) \}\}")
_STYLES: Final = (
    '<link rel="stylesheet" href="static/chat.css">'
    '<link rel="stylesheet" href="static/dark.css" media="(prefers-color-scheme: dark)">'
    '<link rel="stylesheet" href="static/page.css">'
)
_GUARDED: Final = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def policy(framed_by: Collection[str] = ()) -> str:
    """The Content Security Policy of a page: nothing comes from elsewhere, and only `framed_by` may put it in a frame.

    Pictures of the coach are data addresses, which came over the person's own connection.
    """
    frames = " ".join(sorted(framed_by)) or "'none'"
    return (
        f"default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors {frames}; "
        "object-src 'none'"
    )


#: Sent with every page.
HEADERS: Final = {
    **_GUARDED,
    "Cache-Control": "no-store",
    "Content-Security-Policy": policy(),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


#: Sent with what pages of other origins may load, too: it holds nothing of anybody. The socket decides who may talk.
ANYWHERE: Final = {
    **_GUARDED,
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "no-cache",
}


class _Files(StaticFiles):
    """The pages' files; the browser asks each time whether they changed."""

    def file_response(self, full_path: str | PathLike[str], *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(full_path, *args, **kwargs)
        response.headers.update(ANYWHERE)
        return response


def static() -> Mount:
    """The address /static, with what is in bot/web."""
    return Mount("/static", GZipMiddleware(_Files(directory=_PAGES)))


def tag(name: str) -> Route:
    """The address of a script that other pages name in a tag: /{name}, from bot/web."""

    async def script(request: Request) -> Response:
        return FileResponse(_PAGES / name, headers=ANYWHERE, media_type="text/javascript")

    return Route(f"/{name}", script)


def read_texts(path: Path, needed: Collection[str]) -> dict[str, str]:
    """Read what a page says: one line of text for each name that it needs.

    Raises:
        ContentError: the file is missing, not YAML, or lacks a text.
    """
    return _checked(path, _loaded(path), needed)


def read_translations(path: Path, needed: Collection[str]) -> dict[str, dict[str, str]]:
    """Read what stands under `translations:`, for each language one line of text for each name that it needs.

    Raises:
        ContentError: as for `read_texts`; the message names the language.
    """
    translations = _loaded(path).get("translations") or {}
    if not isinstance(translations, dict):
        raise ContentError(f"{path}: 'translations' must hold languages, each with lines of the form 'name: text'.")
    found = {}
    for language, texts in translations.items():
        if not isinstance(language, str) or not _LANGUAGE.fullmatch(language) or not isinstance(texts, dict):
            raise ContentError(
                f"{path}: '{language}' under 'translations' must be the code of a language, such as de, with lines of "
                "the form 'name: text' (in quotes where YAML reads the code as yes or no)."
            )
        found[language] = _checked(path, texts, needed, f" in the language '{language}'")
    return found


def _loaded(path: Path) -> dict[Any, Any]:
    try:
        texts = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContentError(f"{path}: can't be read: {error}. Restore the file, then edit it anew.") from None
    if not isinstance(texts, dict):
        raise ContentError(f"{path}: must hold lines of the form 'name: text'.")
    return texts


def _checked(path: Path, texts: Mapping[Any, Any], needed: Collection[str], where: str = "") -> dict[str, str]:
    for name in sorted(needed):
        if not isinstance(texts.get(name), str) or not texts[name].strip():
            raise ContentError(f"{path}: '{name}' is missing{where} or no text. Add a line like: {name}: \"...\"")
    return {name: texts[name].strip() for name in needed}


def placeholders(template: str) -> set[str]:
    """Names of the texts that stand in a file of bot/web, without `script`, which `filled` makes."""
    return set(_PLACEHOLDER.findall(_read(template))) - {"script"}


def filled(
    template: str, texts: Mapping[str, str], for_script: Mapping[str, Any], parts: Mapping[str, str] | None = None
) -> str:
    """Fill a file of bot/web: texts as HTML, `script` as JSON that can't end its element, `parts`, which are HTML."""
    script = json.dumps(for_script, ensure_ascii=False).replace("<", "\\u003c")
    values = {name: html.escape(text) for name, text in texts.items()} | {"script": script, **(parts or {})}
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
        f'{_STYLES}</head><body class="chat reading"><main class="column">'
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
