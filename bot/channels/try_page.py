"""The pages at /try: a counsellor goes through a script in the browser, as a client would, and nothing is stored.

    browser                                                     server
    GET  /try                                               ->  the scripts at hand
    GET  /try?script=Week%201                               ->  the page of a trial
    POST /try {script, version?, answers: [...]}            ->  {bubbles: [{text, buttons, aside}], done, version}
                                                                or {error}, with a status that isn't 200

A trial has no state that would have to be kept or could be forged: each time the page sends all that was answered so
far, the trial is replayed from its beginning, and what follows the last answer goes back.
"""

from __future__ import annotations

import asyncio
import html
import ipaddress
import json
import logging
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, Field, StrictInt, StrictStr, validator
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.chat_page import TEXTS as CHAT_TEXTS
from bot.channels.pages import HEADERS, body_of, filled, read_texts, reading_page, static
from bot.channels.typed import clean
from bot.clock import Clock, now
from bot.errors import ContentError, TowardError
from bot.safety.gate import Gate
from bot.scripts.at_hand import Found, ScriptsAtHand, address_of
from bot.scripts.reading import nearest
from bot.scripts.running import Bubble
from bot.scripts.trial import EXAMPLE_NAMES, Aside, Trial
from bot.settings import PROJECT

__all__ = ["TEXTS", "TryPage", "load_texts"]

log = logging.getLogger(__name__)

#: What the pages say, for people to edit.
TEXTS: Final = PROJECT / "data" / "channels" / "try_page.yml"
_TEMPLATE: Final = "try.html"
#: Texts that stand alike on the chat page.
_SHARED: Final = frozenset(
    "language direction message_label message_hint send thread_label said_by_coach said_by_you choices_label "
    "choices_spoken writing refused no_script".split()
)
#: What try.js and thread.js say.
_SPOKEN_BY_SCRIPT: Final = frozenset(
    "said_by_coach said_by_you choices_spoken too_long aside_spoken ended begin_again refused offline".split()
)
_OWN: Final = frozenset(
    "list_title list_intro published ships draft all_scripts unknown_title unknown did_you_mean mend_title mend "
    "elsewhere_title elsewhere title banner names brackets safety_first aside_spoken ended begin_again offline "
    "long_answer long_trial over changed not_understood broke".split()
)

#: Characters in one answer, answers in a trial, and characters in all of them: they are replayed with each answer.
_LONGEST: Final = 4_000
_MOST_ANSWERS: Final = 200
_MOST_CHARACTERS: Final = 20_000
#: The same in bytes, each character as an escaped emoji, and room for the rest.
_BIGGEST_BODY: Final = 12 * _MOST_CHARACTERS + 10_000
#: Headers that a proxy adds to what it passes on.
_PASSED_ON: Final = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


class _RefusedError(TowardError):
    """An answer that can't be gone on from; `text` names what the page says, `status` is the HTTP status."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class _SoFar(BaseModel):
    """What the page sends: which script, and all that was answered."""

    script: StrictStr = Field(max_length=300)
    version: StrictInt | None = None
    answers: list[StrictStr] = Field(default_factory=list)

    class Config:
        """Nothing else."""

        extra = "forbid"

    @validator("version")
    def _fits_a_column(cls, value: int | None) -> int | None:
        if value is not None and not 0 <= value < 2**31:
            raise ValueError("no version has this number")
        return value


class TryPage:
    """The pages at /try.

    Args:
        scripts: what can be tried.
        gate: reads every answer first, as it does for a client.
        texts: what the pages say (`load_texts`).
        everywhere: answers every caller; otherwise only browsers on the machine that it runs on.
        clock: when a trial takes place.
    """

    def __init__(
        self,
        scripts: ScriptsAtHand,
        gate: Gate,
        texts: Mapping[str, str],
        *,
        everywhere: bool = False,
        clock: Clock = now,
    ) -> None:
        self._scripts = scripts
        self._gate = gate
        self._texts = texts
        self._everywhere = everywhere
        self._clock = clock
        #: One trial at a time, so that trials leave time for people.
        self._one = asyncio.Lock()

    def routes(self) -> list[BaseRoute]:
        """The address /try, to be read and to be answered."""
        return [Route("/try", self._page, methods=["GET"]), Route("/try", self._answer, methods=["POST"])]

    def app(self) -> Starlette:
        """The pages with their files, for a server that does nothing else."""
        return Starlette(routes=[*self.routes(), static()])

    # -- pages -------------------------------------------------------------------------------------------------------

    async def _page(self, request: Request) -> Response:
        if not self._may(request):
            return self._reading("elsewhere_title", [self._texts["elsewhere"]], status=403)
        name = request.query_params.get("script")
        try:
            if name is None:
                return await asyncio.to_thread(self._list)
            return await asyncio.to_thread(self._trial_page, clean(name))
        except ContentError as error:  # the file that is being written
            return self._reading("mend_title", [*str(error).splitlines(), self._texts["mend"]], status=409)

    def _list(self) -> Response:
        links = "".join(f"<li>{_link(script.name)} {self._origin(version)}</li>" for script, version in self._newest())
        return self._reading("list_title", [self._texts["list_intro"]], f'<ul class="links">{links}</ul>')

    def _trial_page(self, name: str) -> Response:
        found = self._scripts.find(name)
        if found is None:
            return self._unknown(name)
        script = found[0].name
        texts = {key: text.replace("{script}", script) for key, text in self._texts.items()}
        texts["script_name"] = script
        spoken = {key: texts[key] for key in sorted(_SPOKEN_BY_SCRIPT)}
        language = texts["language"]
        for_script = {"texts": spoken, "longest": _LONGEST, "script": script, "language": language, "spoken": language}
        page = filled(_TEMPLATE, texts, for_script)
        return Response(page, media_type="text/html", headers=HEADERS)

    def _unknown(self, name: str) -> Response:
        near = nearest(name, [script.name for script, _ in self._newest()])
        meant = f"<p>{html.escape(self._texts['did_you_mean'])} {_link(near)}</p>" if near else ""
        back = f'<p><a href="try">{html.escape(self._texts["all_scripts"])}</a></p>'
        return self._reading("unknown_title", [self._texts["unknown"].replace("{script}", name)], meant + back, 404)

    def _newest(self) -> list[Found]:
        return [found for found in self._scripts.newest() if found[0].name]

    def _origin(self, version: int) -> str:
        words = self._texts[self._scripts.origin(version)].replace("{version}", str(version))
        return f'<span class="small">{html.escape(words)}</span>'

    def _reading(self, title: str, lines: Iterable[str], more: str = "", status: int = 200) -> Response:
        body = "".join(f"<p>{html.escape(line)}</p>" for line in lines) + more
        page = reading_page(self._texts["language"], self._texts[title], body)
        return Response(page, status, HEADERS, "text/html")

    # -- answers -----------------------------------------------------------------------------------------------------

    async def _answer(self, request: Request) -> Response:
        try:
            if not self._may(request):
                raise _RefusedError(403, "elsewhere")
            # Other people's pages can't send this kind of content here without asking first.
            if not request.headers.get("content-type", "").startswith("application/json"):
                raise _RefusedError(415, "not_understood")
            so_far = _read(await body_of(request, _BIGGEST_BODY))
            async with self._one:
                return _json(await asyncio.to_thread(self._replay, so_far))
        except _RefusedError as refusal:
            return _json({"error": self._texts[refusal.text]}, refusal.status)
        except ContentError as error:
            return _json({"error": f"{error}\n\n{self._texts['mend']}"}, 409)
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception as error:  # whatever went wrong, a page that waits gets an answer
            # Only the kind of error: its text and its traceback could hold what somebody wrote.
            log.error("A script could not be tried (%s).", type(error).__name__)
            return _json({"error": self._texts["broke"]}, 500)

    def _replay(self, so_far: _SoFar) -> dict[str, Any]:
        found = self._scripts.find(clean(so_far.script), so_far.version)
        if found is None:
            raise _RefusedError(409, "changed")
        script, version = found
        at = datetime.fromtimestamp(self._clock())
        trial = Trial(script, self._scripts.beside(), self._gate, at, EXAMPLE_NAMES)
        bubbles = trial.begin()
        for answer in so_far.answers:
            if trial.done:
                raise _RefusedError(409, "over")
            bubbles = trial.hear(clean(answer))
        return {"bubbles": list(map(_as_json, bubbles)), "done": trial.done, "version": version}

    def _may(self, request: Request) -> bool:
        return self._everywhere or _is_from_here(request)


def load_texts(path: Path = TEXTS, shared: Path = CHAT_TEXTS) -> dict[str, str]:
    """Read what the pages say; names of the trial are filled in.

    Raises:
        ContentError: a file is missing, not YAML, or lacks a text.
    """
    texts = read_texts(path, _OWN) | read_texts(shared, _SHARED)
    for name, value in EXAMPLE_NAMES.items():
        texts["names"] = texts["names"].replace(f"{{{name}}}", value)
    return texts | {"too_long": texts["long_answer"]}


def _link(script: str) -> str:
    return f'<a href="{html.escape(address_of(script))}">{html.escape(script)}</a>'


def _read(body: bytes | None) -> _SoFar:
    if body is None:
        raise _RefusedError(413, "long_trial")
    try:
        so_far = _SoFar.parse_obj(json.loads(body))
    except (ValueError, RecursionError):  # pydantic's errors are ValueErrors
        raise _RefusedError(400, "not_understood") from None
    if max(map(len, so_far.answers), default=0) > _LONGEST:
        raise _RefusedError(413, "long_answer")
    if len(so_far.answers) > _MOST_ANSWERS or sum(map(len, so_far.answers)) > _MOST_CHARACTERS:
        raise _RefusedError(413, "long_trial")
    return so_far


def _as_json(bubble: Bubble) -> dict[str, Any]:
    return {"text": bubble.text, "buttons": bubble.buttons, "aside": isinstance(bubble, Aside)}


def _json(content: Any, status: int = 200) -> Response:
    return JSONResponse(content, status, {**HEADERS})


def _is_from_here(request: Request) -> bool:
    """Whether the browser is on this machine and calls it by its own name, with no proxy between.

    The name counts because a page elsewhere can make its own name lead to this machine (DNS rebinding).
    """
    if request.client is None or any(header in request.headers for header in _PASSED_ON):
        return False
    name = re.sub(r":\d+$", "", request.headers.get("host", "")).strip("[]")
    return _is_this_machine(request.client.host) and _is_this_machine(name)


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host.removeprefix("::ffff:")).is_loopback
    except ValueError:
        return False
