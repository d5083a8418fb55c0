"""The chat as pages get it: the page at `/`, the tag `/toward.js`, and what a widget needs at `/widget`.

    browser                                    server
    GET /                                  ->  the page, in the default language
    GET /?lang=de                          ->  the page, in another that data/channels/web.yml has
    GET /toward.js                         ->  the script of the one tag; it loads static/widget.js
    GET /widget?lang=de                    ->  {html, texts, longest, language, direction, spoken}
                                               or {error} with status 403 for an origin that may not talk

Page and widget hold the same HTML (bot/web/chat.html) and run the same script (bot/web/chat.js).
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.channels.origins import Origins
from bot.channels.pages import ANYWHERE, HEADERS, filled, placeholders, policy, read_texts, read_translations, tag
from bot.channels.typed import LONGEST
from bot.errors import ContentError
from bot.settings import PROJECT

__all__ = ["TEXTS", "ChatPage", "Languages", "load_texts"]

#: What page and widget say, for people to edit.
TEXTS: Final = PROJECT / "data" / "channels" / "web.yml"

#: Language -> name of a text -> text; the default language first.
Languages = Mapping[str, Mapping[str, str]]

_PAGE: Final = "index.html"
_CHAT: Final = "chat.html"
#: Parts of the templates that are made here.
_MADE: Final = frozenset({"chat", "heading", "links", "note"})
#: What the scripts of the page and the widget say; the templates name the rest.
_SPOKEN_BY_SCRIPT: Final = frozenset(
    "choices_spoken cleared download help_offline help_sends leave_again leave_to news offline online open refused "
    "resumed said_by_coach said_by_you title too_long unsent".split()
)
_SPOKEN_BY_SERVER: Final = frozenset({"language", "direction", "language_name", "too_fast"})
#: What a translation need not have.
_SHARED: Final = frozenset({"help_sends", "leave_to", "language"})


class ChatPage:
    """Serves the page and all that a widget on another page needs.

    Attributes:
        widgets: what `/widget` answers, by language.
    """

    def __init__(self, languages: Languages, origins: Origins) -> None:
        self._languages = languages
        self._default = next(iter(languages))
        self._origins = origins
        self._headers = {**HEADERS, "Content-Security-Policy": policy(origins.others)}
        self._pages = {name: self._page(name).encode() for name in languages}
        self.widgets = {name: json.dumps(self._widget(name), ensure_ascii=False).encode() for name in languages}

    def routes(self) -> list[BaseRoute]:
        """The page, the tag, and what a widget asks for."""
        packed = [Middleware(GZipMiddleware)]
        return [
            Route("/", self._answer_page),
            Route("/widget", self._answer_widget, middleware=packed),
            tag("toward.js"),
        ]

    async def _answer_page(self, request: Request) -> Response:
        return Response(self._pages[self._language(request)], media_type="text/html", headers=self._headers)

    async def _answer_widget(self, request: Request) -> Response:
        origin = request.headers.get("origin")
        hosts = {request.headers.get("host"), request.headers.get("x-forwarded-host")}
        if origin is not None and not self._origins.allow(origin, hosts):
            refusal = {"error": f"{origin[:200]} may not use this chat. Add it to TOWARD_ORIGINS."}
            return Response(json.dumps(refusal), 403, ANYWHERE, "application/json")
        return Response(self.widgets[self._language(request)], headers=ANYWHERE, media_type="application/json")

    def _language(self, request: Request) -> str:
        """The one that was asked for, by its name or by its first part ("de" for "de-AT")."""
        asked = request.query_params.get("lang", "").lower()
        return next((name for name in (asked, asked.partition("-")[0]) if name in self._languages), self._default)

    def _page(self, language: str) -> str:
        texts = self._languages[language]
        parts = {"heading": "h1", "note": _note(texts), "links": self._links(language)}
        chat = filled(_CHAT, texts, {}, parts)
        return filled(_PAGE, texts, self._settings(texts), {"chat": chat})

    def _widget(self, language: str) -> dict[str, Any]:
        texts = self._languages[language]
        chat = filled(_CHAT, texts, {}, {"heading": "h2", "note": _note(texts), "links": ""})
        return {**self._settings(texts), "html": chat, "direction": texts["direction"]}

    def _settings(self, texts: Mapping[str, str]) -> dict[str, Any]:
        return {
            "texts": {name: texts[name] for name in sorted(_SPOKEN_BY_SCRIPT)},
            "longest": LONGEST,
            "language": texts["language"],
            "spoken": self._default,
        }

    def _links(self, language: str) -> str:
        links = "".join(
            f'<a href="?lang={html.escape(name)}" lang="{html.escape(name)}">{html.escape(texts["language_name"])}</a>'
            for name, texts in self._languages.items()
            if name != language
        )
        return f'<p class="small languages">{links}</p>' if links else ""


def _note(texts: Mapping[str, str]) -> str:
    """That the coach doesn't speak the language of the page."""
    note = texts.get("language_note")
    return f'<p class="danger">{html.escape(note)}</p>' if note else ""


def load_texts(path: Path = TEXTS) -> dict[str, dict[str, str]]:
    """Read what the page and the widget say, in every language of the file.

    Returns:
        For each language one line of text for each name; the default language comes first.

    Raises:
        ContentError: the file is missing, not YAML, a language lacks a text, or `leave_to` is no address of a page.
    """
    needed = _SPOKEN_BY_SCRIPT | _SPOKEN_BY_SERVER | (placeholders(_PAGE) | placeholders(_CHAT)) - _MADE
    texts = read_texts(path, needed)
    languages = {texts["language"]: texts}
    for name, translation in read_translations(path, (needed - _SHARED) | {"language_note"}).items():
        languages[name] = {**texts, **translation, "language": name}
    for language in languages.values():
        if not language["leave_to"].startswith(("https://", "about:blank")):
            raise ContentError(f"{path}: 'leave_to' must begin with https:// (or be about:blank).")
        if language["direction"] not in {"ltr", "rtl"}:
            raise ContentError(f"{path}: 'direction' must be ltr or rtl.")
    return languages
