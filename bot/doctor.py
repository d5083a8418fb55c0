"""What is set up, what is missing, and what to do about it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.engine.training import Sources, is_trained
from bot.engine.without_tensorflow import names_tensorflow
from bot.errors import TowardError
from bot.settings import PROJECT, Settings

__all__ = ["Finding", "examine"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    state: Literal["ok", "off", "wrong"]
    says: str


def examine(settings: Settings) -> list[Finding]:
    """Look at everything that a running Toward needs; changes nothing but the tables of the database."""
    return [
        _look("model", lambda: _model()),
        _look("database and key", lambda: _database(settings)),
        _look("what is kept", lambda: _keeping(settings)),
        _look("library", _library),
        _look("safety", _safety),
        _look("profile", lambda: _profile(settings)),
        _telegram(settings),
        _tensorflow(),
    ]


def _look(what: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except TowardError as error:
        return Finding(what, "wrong", str(error))


def _model() -> Finding:
    if is_trained(Sources(PROJECT)):
        return Finding("model", "ok", "trained from the files as they are")
    return Finding("model", "off", "not trained from the files as they are; `toward train`, or the next start, does it")


def _database(settings: Settings) -> Finding:
    from bot.memory.database import open_database

    database = open_database(settings)
    database.close()
    key = settings.home / "toward.key"
    if not settings.key and key.exists() and stat.S_IMODE(os.stat(key).st_mode) & 0o077:
        return Finding("database and key", "wrong", f"others can read the key file; do: chmod 600 {key}")
    return Finding("database and key", "ok", f"{database.shown} can be written, and the key fits")


def _keeping(settings: Settings) -> Finding:
    """Whether what should be gone by now is gone; it goes while Toward runs."""
    from bot.clock import now
    from bot.memory.database import open_database
    from bot.memory.keeping import DAY, Keep, overdue

    keep = Keep.for_days(settings.keep_days)
    database = open_database(settings)
    try:
        # Looked for every ten minutes; a day late is no accident.
        late = overdue(database, now() - DAY, keep)
    finally:
        database.close()
    if late:
        says = f"{late} people should have been erased by now; let `toward run` run, it does that every ten minutes"
        return Finding("what is kept", "wrong", says)
    says = f"{settings.keep_days} days after somebody's last word all of it is erased (TOWARD_KEEP_DAYS)"
    return Finding("what is kept", "ok", f"{says}; a day after it, the words of who did not agree to be remembered")


def _library() -> Finding:
    from bot.library.shelf import check

    problems = check(PROJECT / "data" / "ideas")
    return Finding("library", "wrong" if problems else "ok", problems[0] if problems else "every idea can be read")


def _safety() -> Finding:
    from datetime import datetime, timezone

    from bot.safety.gate import Gate
    from bot.safety.helplines import stale

    gate = Gate.load(PROJECT / "data")
    old = stale(gate.helplines.rows, datetime.now(timezone.utc).date())
    if old:
        return Finding(
            "safety", "wrong", f"{len(old)} helplines were last checked over 90 days ago; check data/helplines.tsv"
        )
    return Finding("safety", "ok", f"{len(gate.helplines.rows)} helplines at hand")


def _profile(settings: Settings) -> Finding:
    """With a profile: whether everything that can be begun keeps to it."""
    if not settings.profile:
        return Finding("profile", "ok", "none; free text is understood (with TOWARD_PROFILE=illinois it is not)")
    from bot.memory.database import open_database
    from bot.memory.scripts import assignments
    from bot.scripts.allowed import ButtonScripts

    database = open_database(settings)
    try:
        scripts = ButtonScripts(database)
        if settings.script:
            scripts.refuse(settings.script)
        with database.session() as session:
            given = [one for one in assignments(session) if not one.ended]
        for one in given:
            if not scripts.may_run(one.script):
                says = f'code {one.code} begins nothing: something in "{one.script}" has to be typed'
                return Finding("profile", "wrong", f"{says}; do: toward script unassign {one.code}")
        offered = [script.name for script in scripts.offered()]
    finally:
        database.close()
    begins = f"{len(offered)} published scripts can be gone through by buttons" if offered else "nothing to offer yet"
    return Finding(
        "profile", "ok" if offered or settings.script else "off", f"{settings.profile}, buttons only; {begins}"
    )


def _telegram(settings: Settings) -> Finding:
    if settings.telegram_token:
        how = f"calls {settings.public_url}/telegram" if settings.public_url else "is asked by long polling"
        return Finding("Telegram", "ok", f"a token is set; Telegram {how}")
    return Finding("Telegram", "off", "set TELEGRAM_BOT_TOKEN to a token from @BotFather (README.md says how)")


def _tensorflow() -> Finding:
    named = names_tensorflow(PROJECT / "config.yml")
    if named:
        return Finding("TensorFlow", "off", f"loaded, because config.yml names {', '.join(named)}; starts take longer")
    return Finding("TensorFlow", "ok", "kept out; nothing in config.yml needs it")
