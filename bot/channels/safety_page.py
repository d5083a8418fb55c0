"""The page at /safety: the protocol in plain words, from data/channels/safety_page.yml."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.pages import reading_page
from bot.content import yaml_files
from bot.errors import ContentError
from bot.settings import PROJECT

__all__ = ["render", "route"]

TEXTS = PROJECT / "data" / "channels" / "safety_page.yml"


def route(headers: dict[str, str], path: Path = TEXTS) -> Route:
    """The address /safety.

    Args:
        headers: sent with the page.
        path: its texts.

    Raises:
        ContentError: the texts can't be read.
    """
    page = render(path).encode()

    async def safety(request: Request) -> Response:
        return Response(page, media_type="text/html", headers=headers)

    return Route("/safety", safety)


def render(path: Path = TEXTS) -> str:
    """The page as HTML.

    Raises:
        ContentError: the file is missing, not YAML, or a part has no title or text.
    """
    texts = yaml_files.load(path)
    try:
        parts = "".join(
            f"<section><h2>{_safe(part['title'])}</h2>{''.join(map(_block, part['text']))}</section>"
            for part in texts["parts"]
        )
        back = f'<p><a href="./">{_safe(texts["back"])}</a></p>'
        return reading_page(_text(texts["language"]), _text(texts["title"]), parts + back)
    except (KeyError, TypeError) as error:
        raise ContentError(
            f"{path}: {error} is missing, or a part is not a title and a list of texts. Compare it with the others."
        ) from None


def _block(block: Any) -> str:
    if isinstance(block, list):
        return "<ul>" + "".join(f"<li>{_safe(line)}</li>" for line in block) + "</ul>"
    return f"<p>{_safe(block)}</p>"


def _safe(text: Any) -> str:
    return html.escape(_text(text))


def _text(text: Any) -> str:
    if not isinstance(text, str):
        raise TypeError(repr(text)[:60])
    return text
