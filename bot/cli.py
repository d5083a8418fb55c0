"""The command line, a contract that other tools rely on: run, chat, train, classify, doctor, persons, ideas."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import io
import json
import logging
import os
import subprocess
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from bot.errors import SettingsError, TowardError
from bot.learning_commands import safety_app, tune
from bot.script_commands import script_app
from bot.settings import PROJECT, Settings, load_settings

app = typer.Typer(
    help="Toward: a coaching companion for people who feel unseen or lonely beside their partner.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
ideas_app = typer.Typer(help="The library that the coach suggests from.", no_args_is_help=True)
app.add_typer(ideas_app, name="ideas")
person_app = typer.Typer(help="What a person may ask of whoever runs Toward.", no_args_is_help=True)
app.add_typer(person_app, name="person")
app.add_typer(safety_app, name="safety")
app.command("tune")(tune)
app.add_typer(script_app, name="script")
err = Console(stderr=True, highlight=False)


def main() -> None:
    """Run a command; what goes wrong is said in a sentence, not in a stack trace."""
    _keep_memory_small()
    try:
        app()
    except TowardError as error:
        err.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)
    except BrokenPipeError:  # whoever read our output has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if os.environ.get("TOWARD_LOG_LEVEL", "").upper() == "DEBUG":
            raise
        # Only what and where: the message of an exception may quote a person.
        place = traceback.extract_tb(error.__traceback__)[-1]
        err.print(
            f"Something happened that Toward did not expect ({type(error).__name__} at {Path(place.filename).name}:"
            f"{place.lineno}). Nothing that was stored is lost. With TOWARD_LOG_LEVEL=DEBUG it says more.",
            markup=False,
            soft_wrap=True,
        )
        sys.exit(1)


@app.command()
def run(
    script: str = typer.Option("", help="Script mode: every conversation begins with the script of this name."),
) -> None:
    """Everything: the page at /, Telegram if there is a token, reminders. Trains first if the data changed."""
    begun = time.monotonic()
    settings = load_settings(script=script) if script else _settings()
    _log(settings.log_level)
    model = _trained()
    from bot.app import serve
    from bot.engine.model import load_engine

    _say_what_is_on(settings)

    def ready() -> None:
        _give_memory_back()
        err.print(f"[green]Ready[/green] after {time.monotonic() - begun:.1f} s. Stop with Ctrl-C.")

    _loop_quickly()
    with _interrupts():
        asyncio.run(serve(settings, lambda: load_engine(model), ready))


@app.command()
def chat(
    transcript: Path | None = typer.Option(None, help="Save the conversation to this file."),
    files: Path | None = typer.Option(None, help="Folder for files that you ask for; your downloads without it."),
    name: str = typer.Option("", "--as", help="A name; given again another day, the conversation goes on."),
) -> None:
    """The same coach in the terminal. Without --as it is a new conversation each time."""
    settings = _settings()
    _log("ERROR")
    if transcript is not None:
        _must_be_writable(transcript)
    model = _trained()
    from bot.app import House
    from bot.channels.terminal import Terminal, load_words
    from bot.engine.model import load_engine

    with err.status("Waking up"):
        house = House.build(settings, load_engine(model))
    words = load_words()
    terminal = Terminal(house.conversation, words, transcript, files=files, address=name.strip())
    house.conversation.attach(terminal)
    err.print(words["hint"], style="dim", markup=False)
    with _interrupts():
        asyncio.run(terminal.talk(house.conversation.start, house.conversation.answer_from_now_on, house.stop))


@app.command(name="train")
def train_command(force: bool = typer.Option(False, "--force", help="Train even if nothing changed.")) -> None:
    """Train; skipped where nothing changed."""
    _log("WARNING")
    _trained(here=True, force=force)


@app.command()
def classify() -> None:
    """JSON lines in ({"text": ...}), JSON lines out: intent, confidence, themes, feelings, safety."""
    _log("ERROR")
    model = _trained()
    from bot.conversation.guard import verdict_json
    from bot.conversation.turns import readable
    from bot.engine.model import load_engine
    from bot.safety.gate import Gate
    from bot.understanding.heard import heard_in
    from bot.understanding.minilm import encode

    engine = load_engine(model)
    gate = Gate.load(PROJECT / "data", encode)
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        try:
            text = json.loads(line)["text"]
            if not isinstance(text, str):
                raise TypeError
        except (ValueError, KeyError, TypeError, RecursionError):
            raise TowardError(
                f'Line {number} is not of the form {{"text": "..."}}. Nothing after it was read.'
            ) from None
        words = readable(text).lstrip("/")
        # Rasa has no answer to nothing at all.
        nothing: dict[str, Any] = {"intent": {"name": "nlu_fallback", "confidence": 0.0}}
        parsed = asyncio.run(engine.parse(words)) if words else nothing
        intent = parsed.get("intent") or {}
        name = str(intent.get("name"))
        heard = heard_in(parsed)
        answer = {
            "intent": name,
            "confidence": round(float(intent.get("confidence") or 0.0), 4),
            "themes": list(heard.themes),
            "feelings": [feeling.name for feeling in heard.feelings],
            "safety": verdict_json(gate.screen(text)),
        }
        print(json.dumps(answer), flush=True)


@app.command()
def doctor() -> None:
    """Say what is set up, what is missing and what to do."""
    from bot.doctor import examine

    settings = _settings()
    findings = examine(settings)
    for finding in findings:
        mark = {"ok": "[green]✓[/green]", "off": "[yellow]–[/yellow]", "wrong": "[red]✗[/red]"}[finding.state]
        err.print(f"{mark} {finding.what}: ", end="")
        err.print(finding.says, markup=False, soft_wrap=True)
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)


@ideas_app.command("check")
def ideas_check() -> None:
    """Check the library: schema, doubles, templates, amounts. Names file, item and cure; prints what there is."""
    from bot.library.amounts import amounts
    from bot.library.checks import check, needed
    from bot.library.shelf import Shelf

    problems = check(PROJECT / "data" / "ideas")
    for problem in problems:
        print(problem)
    if problems:
        raise typer.Exit(1)
    for line in [*needed(PROJECT / "data" / "ideas"), *amounts(Shelf.load(PROJECT / "data" / "ideas"))]:
        print(line)
    print("No problem.")


@person_app.command("unlock")
def person_unlock(
    conversation: str = typer.Argument(..., help="The conversation's id, such as tg:123 or web:..."),
) -> None:
    """Offer again what is aimed at the partner: for a counselor, or the person, outside the conversation."""
    from bot.clock import now
    from bot.memory.database import open_database
    from bot.memory.turn import unlock

    unlock(open_database(_settings()), conversation, now())
    print("Unlocked. The coach offers exercises with the partner again. It says nothing about it by itself.")


@person_app.command("erase")
def person_erase(
    conversation: str = typer.Argument(..., help="The conversation's id, such as tg:123 or web:..."),
) -> None:
    """Erase a person for good: key, words, reminders."""
    from bot.memory.database import open_database
    from bot.memory.turn import conversation_named, erase_person

    database = open_database(_settings())
    with database.session() as session:
        erase_person(session, database, conversation_named(session, conversation).person_id)
        session.expunge_all()
        database.commit(session)
    database.scrub()
    print("Erased.")


@person_app.command("export")
def person_export(
    conversation: str = typer.Argument(..., help="The conversation's id, such as tg:123 or web:..."),
    html: Path | None = typer.Option(None, help="Write a page to read to this file instead."),
) -> None:
    """Print all that is stored of a person, as JSON; or write it as a page to read."""
    from bot.memory.database import open_database
    from bot.memory.export import export_person
    from bot.memory.files import as_json, as_page

    stored = export_person(open_database(_settings()), conversation)
    if html is None:
        print(as_json(stored), end="")
        return
    _must_be_writable(html)
    html.write_text(as_page(stored, date.today().isoformat()), encoding="utf-8")
    print(f"Written to {html}. Whoever opens it can read it.")


def _must_be_writable(file: Path) -> None:
    """Say it before the conversation, not after it."""
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))
    except OSError as error:
        raise SettingsError(f"{file} can't be written ({error.strerror}). Name another file.") from None


def _settings() -> Settings:
    return load_settings()


def _trained(*, here: bool = False, force: bool = False) -> Path:
    from bot.engine.training import Sources, is_trained

    if not force and is_trained(Sources(PROJECT)):
        return Sources(PROJECT).model
    if not here:  # a process of its own, so that what learning needs doesn't stay in memory
        if done := subprocess.run([sys.executable, "-m", "bot", "train"], check=False).returncode:
            raise typer.Exit(done)
        return Sources(PROJECT).model
    from bot.engine.model import prepare_model

    begun = time.monotonic()
    printed = io.StringIO()
    try:
        # What Rasa prints would stand between the lines of `classify`; it is wanted only where training fails.
        with _progress() as progress, redirect_stdout(printed):
            model = prepare_model(progress, force=force)
    except TowardError:
        err.print(printed.getvalue(), markup=False, soft_wrap=True, end="")
        raise
    err.print(f"[green]Trained[/green] in {time.monotonic() - begun:.0f} s.")
    return model


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A line that says what is being trained and for how long; plain lines where nobody watches."""
    if not err.is_terminal:
        yield lambda step: err.print(f"Training: {step}")
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=err, transient=True
    ) as bar:
        task = bar.add_task("Training")
        yield lambda step: bar.update(task, description=f"Training: {step}")


def _say_what_is_on(settings: Settings) -> None:
    say = partial(err.print, soft_wrap=True)
    shown = "localhost" if settings.host in ("0.0.0.0", "::") else settings.host
    page = f"http://{shown}:{settings.port}/"
    say(f"[green]on [/green] web page and chat   {page}")
    if settings.telegram_token:
        how = f"webhook {settings.public_url}/telegram" if settings.public_url else "long polling"
        say(f"[green]on [/green] Telegram            {how}")
    else:
        say("[yellow]off[/yellow] Telegram            set TELEGRAM_BOT_TOKEN (README.md says how to get one)")
    if settings.database_url:
        say("[green]on [/green] memory              PostgreSQL")
    else:
        file = settings.home / "toward.db"
        say(f"[green]on [/green] memory              {file} (SQLite; set DATABASE_URL for PostgreSQL)")
    key = "TOWARD_KEY" if settings.key else str(settings.home / "toward.key")
    say(f"[green]on [/green] encryption          key from {key}; without it nothing can be read")
    if settings.script:
        say(f'[green]on [/green] script mode         every conversation begins with "{settings.script}"')
    if settings.profile:
        say(f"[green]on [/green] buttons only        profile {settings.profile}: no free text is understood")
    else:
        say("[yellow]off[/yellow] buttons only        set TOWARD_PROFILE=illinois where a law asks for it")
    if settings.rest:
        say(f"[green]on [/green] Rasa's REST         {page}webhooks/rest/webhook (for trusted callers only)")
    else:
        say("[yellow]off[/yellow] Rasa's REST         set TOWARD_REST=1")
    if settings.try_page == "off":
        say("[yellow]off[/yellow] trials of scripts   set TOWARD_TRY=here (only this machine) or everywhere")
    else:
        whom = "whoever reaches the page" if settings.try_page == "everywhere" else "only on this machine"
        say(f"[green]on [/green] trials of scripts   {page}try ({whom})")
    if settings.country:
        say(f"[green]on [/green] helplines           {settings.country}")
    else:
        say("[yellow]off[/yellow] national helplines  set TOWARD_COUNTRY, e.g. US; without it, international ones")


def _loop_quickly() -> None:
    """Use uvloop where it is installed (Rasa brings it on Linux and macOS)."""
    with suppress(ImportError):
        import uvloop

        uvloop.install()


def _give_memory_back() -> None:
    """What loading needed twice goes back to the system."""
    gc.collect()
    gc.freeze()  # what is loaded now stays; later collections need not look at it again
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def _keep_memory_small() -> None:
    """Tell glibc to give freed memory back: loading a model needs it twice over, and it would stay that large."""
    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL("libc.so.6")
        trim_threshold, arena_max = -1, -8
        libc.mallopt(trim_threshold, 64 * 1024)
        libc.mallopt(arena_max, 2)


@contextmanager
def _interrupts() -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, asyncio.CancelledError):
        err.print("Stopped.")


def _log(level: str) -> None:
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("LOG_LEVEL", level)
    os.environ.setdefault("TQDM_DISABLE", "1")  # read when tqdm is imported; we show progress ourselves
    # One message is little work: threads of the numeric libraries would only wait for each other.
    for library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(library, "1")
    # Rasa's neighbours warn of things that only their authors can mend.
    if level != "DEBUG":
        warnings.showwarning = lambda *warning, **more: None
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    for noisy in ("rasa", "httpx", "alembic", "matplotlib", "apscheduler"):
        logging.getLogger(noisy).setLevel(logging.ERROR if level != "DEBUG" else logging.WARNING)


if __name__ == "__main__":
    main()
