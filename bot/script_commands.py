"""`toward script ...`: what a counsellor does with scripts on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.errors import SettingsError

if TYPE_CHECKING:
    from bot.scripts.problems import Problem
    from bot.scripts.reading import Read

__all__ = ["script_app"]

script_app = typer.Typer(help="Guided conversations that a counsellor writes.", no_args_is_help=True)
_PROFILE_HELP = '"illinois" allows buttons only, no free text; without it the profile of the house (TOWARD_PROFILE).'


@script_app.command("check")
def check(
    files: list[Path] = typer.Argument(..., help="One or more scripts."),
    profile: str = typer.Option("", help=_PROFILE_HELP),
) -> None:
    """Say what is wrong with a script, line by line, and how to mend it."""
    from bot.scripts.problems import shown
    from bot.settings import load_settings

    broken = False
    for file in files:
        found, problems = _checked(file, profile or load_settings().profile)
        errors = sum(not problem.warning for problem in problems)
        broken = broken or errors > 0
        if problems:
            typer.echo(shown(problems, found.lines))
        counts = f"{_count(errors, 'error')}, {_count(len(problems) - errors, 'warning')}"
        sections = _count(len(found.script.sections), "section")
        typer.echo(f"{file.name}: {counts}" if problems else f"{file.name}: all is well ({sections}).")
    if broken:
        raise typer.Exit(1)


@script_app.command("format")
def format_(
    files: list[Path] = typer.Argument(..., help="One or more scripts."),
    show: bool = typer.Option(False, "--show", help="Print it instead of writing the file."),
) -> None:
    """Tidy the form of a script; its meaning stays."""
    from bot.scripts.folder import read_file
    from bot.scripts.formatting import formatted

    for file in files:
        text = formatted(read_file(file))
        if show:
            typer.echo(text, nl=False)
        else:
            file.write_text(text, encoding="utf-8")
            typer.echo(f"{file.name}: written.")


@script_app.command("try")
def try_(
    file: Path = typer.Argument(..., help="A script."),
    answers: Path | None = typer.Option(None, help="A file of answers, one a line, to replay."),
    transcript: Path | None = typer.Option(None, help="Save what was said to this file."),
    web: bool = typer.Option(False, "--web", help="In the browser, with the file as it is saved at that moment."),
) -> None:
    """Go through a script as a client would; nothing is stored. Write an answer, or the number of a button."""
    if web:
        if answers or transcript:
            raise SettingsError("--web goes without --answers and --transcript. Leave them out, or leave out --web.")
        _try_in_the_browser(file, _without_errors(file).script.name)
        return
    from datetime import datetime

    from bot.safety.gate import Gate
    from bot.scripts.folder import read_file
    from bot.scripts.known import known_beside
    from bot.scripts.trial import EXAMPLE_NAMES, Trial
    from bot.settings import PROJECT

    found = _without_errors(file)
    # A replay begins on the same day each time, so that its transcript can be compared.
    at = datetime(2027, 1, 4, 18, 0) if answers else datetime.now()
    trial = Trial(found.script, known_beside(file).scripts, Gate.load(PROJECT / "data"), at, EXAMPLE_NAMES)
    replies = iter(read_file(answers).splitlines()) if answers else None
    lines = [f"# {found.script.name}", ""]

    def say(line: str) -> None:
        lines.append(line)
        typer.echo(line)

    bubbles = trial.begin()
    while True:
        for bubble in bubbles:
            say(f"bot: {bubble.text}")
            if bubble.buttons:
                say("     " + " ".join(f"[{title}]" for title in bubble.buttons))
        if trial.done:
            break
        reply = next((line for line in replies if line.strip()), None) if replies else _asked()
        if reply is None:
            say("-- here the answers end --")
            break
        offered = bubbles[-1].buttons if bubbles else []
        lines.append(f"you: {reply}")
        if replies:
            typer.echo(f"you: {reply}")
        bubbles = trial.hear(_tapped(reply, offered))
    if transcript:
        transcript.write_text("\n".join(lines) + "\n", encoding="utf-8")
        typer.echo(f"Saved to {transcript}.")


@script_app.command("draw")
def draw_(
    file: Path = typer.Argument(..., help="A script."),
    out: Path = typer.Option(Path("script.svg"), "-o", help="The picture: name it .svg or .png."),
) -> None:
    """Draw a script: sections, the ways between them, dead ends in red."""
    from bot.scripts.drawing import draw
    from bot.scripts.folder import read_file
    from bot.scripts.reading import read

    if out.suffix.lower() not in (".svg", ".png"):
        raise SettingsError(f'"{out}" is neither .svg nor .png. Name the picture week1.svg or week1.png.')
    found = read(read_file(file))
    if not found.script.sections:
        raise SettingsError(f"{file.name} has no section to draw. Look at it with: toward script check {file}")
    draw(found.script, out)
    typer.echo(f"{out}: {_count(len(found.script.sections), 'section')}.")


@script_app.command("schema")
def schema() -> None:
    """Print the JSON schema of a script's tree (docs/script-schema.json)."""
    from bot.scripts.tree import Script

    typer.echo(Script.schema_json(indent=2))


@script_app.command("publish")
def publish(
    file: Path = typer.Argument(..., help="A script."),
    profile: str = typer.Option("", help=_PROFILE_HELP),
) -> None:
    """Make a script available. Who is in the middle of an earlier version stays on it."""
    from bot.clock import now
    from bot.memory.database import open_database
    from bot.memory.scripts import publish as store
    from bot.scripts.at_hand import address_of
    from bot.scripts.folder import read_file
    from bot.scripts.tree import plain
    from bot.settings import load_settings

    settings = load_settings()
    name = _without_errors(file, profile or settings.profile, "published").script.name
    version, new = store(open_database(settings), plain(name), name, read_file(file), now())
    typer.echo(f'"{name}" is published as version {version}.' if new else f'"{name}" is version {version} already.')
    if settings.try_page != "off":
        typer.echo(
            f"Try it in the browser, while Toward runs: http://{settings.host}:{settings.port}/{address_of(name)}"
        )
    typer.echo(f'Give it to a client with: toward script assign "{name}" --counsellor "Your name"')


@script_app.command("assign")
def assign(
    name: str = typer.Argument(..., help="A published script, or one that ships with Toward."),
    counsellor: str = typer.Option(..., help="What the client knows you as."),
) -> None:
    """Print a code for one client, with the links that begin the script."""
    from bot.clock import now
    from bot.memory.database import open_database
    from bot.memory.scripts import assign as store
    from bot.memory.scripts import published, source_of
    from bot.scripts.allowed import ButtonScripts
    from bot.scripts.known import known_beside
    from bot.scripts.reading import did_you_mean
    from bot.scripts.tree import plain
    from bot.settings import load_settings

    settings = load_settings()
    database = open_database(settings)
    shipped = {plain(script): script for script in known_beside().scripts}
    with database.session() as session:
        if source_of(session, plain(name)) is None and plain(name) not in shipped:
            names = [*(row.name for row in published(session)), *shipped.values()]
            raise SettingsError(f'No script called "{name}" is published.{did_you_mean(name, names, "There is")}')
    if settings.profile:
        ButtonScripts(database).refuse(name)
    code = store(database, name, counsellor.strip(), now())
    typer.echo(f"Code       {code}")
    typer.echo(f"Telegram   https://t.me/<your bot>?start={code}")
    typer.echo(f"Web        http://{settings.host}:{settings.port}/?code={code}")
    if settings.host in ("127.0.0.1", "localhost", "::1"):
        typer.echo(f"           (on this computer only; elsewhere the page's own address with /?code={code} behind it)")
    typer.echo(f"Answers    toward script results {code}")


@script_app.command("unassign")
def unassign(code: str = typer.Argument(..., help="A code.")) -> None:
    """Withdraw a code: it begins nothing any more."""
    from bot.clock import now
    from bot.memory.database import open_database
    from bot.memory.scripts import unassign as end
    from bot.settings import load_settings

    end(open_database(load_settings()), code, now())
    typer.echo(f"{code} is withdrawn.")


@script_app.command("list")
def list_() -> None:
    """Published scripts, those that ship with Toward, and the codes that were given out."""
    from datetime import datetime

    from bot.memory.database import open_database
    from bot.memory.scripts import assignments, published
    from bot.scripts.known import known_beside
    from bot.settings import load_settings

    with open_database(load_settings()).session() as session:
        for row in published(session):
            typer.echo(f"{row.name}  (version {row.version})")
        for name in known_beside().scripts:
            typer.echo(f"{name}  (ships with Toward)")
        for one in assignments(session):
            day = datetime.fromtimestamp(one.created_at)
            ended = ", withdrawn" if one.ended else ""
            typer.echo(f"{one.code}  {one.script}, by {one.counsellor}, {day:%d %B %Y}{ended}")


@script_app.command("results")
def results(
    code: str = typer.Argument(..., help="A code."),
    form: str = typer.Option("text", "--format", help="text, csv or json."),
) -> None:
    """What the client agreed to show under a code, line by line; nothing else."""
    import csv
    import json
    import sys
    from datetime import datetime

    from bot.memory.database import open_database
    from bot.memory.scripts import shared_with
    from bot.settings import load_settings

    if form not in ("text", "csv", "json"):
        raise SettingsError(f'There is no format "{form}". There is: text, csv, json.')
    rows = shared_with(open_database(load_settings()), code)
    lines = [{**row, "at": datetime.fromtimestamp(row["at"]).isoformat(timespec="minutes")} for row in rows]
    if form == "json":
        typer.echo(json.dumps(lines, indent=2, ensure_ascii=False))
    elif form == "csv":
        writer = csv.DictWriter(sys.stdout, ["at", "label", "value"])
        writer.writeheader()
        writer.writerows(lines)
    else:
        for line in lines:
            typer.echo(f"{line['at']}  {line['label']}: {line['value']}")
        if not lines:
            typer.echo("Nothing is shown under this code: nobody has begun, or agreed to show anything.")


def _checked(file: Path, profile: str = "") -> tuple[Read, tuple[Problem, ...]]:
    """A script read and checked for a profile."""
    from bot.scripts.checker import check_text
    from bot.scripts.folder import read_file
    from bot.scripts.known import known_beside
    from bot.scripts.profile import PROFILES

    if profile and profile not in PROFILES:
        raise SettingsError(f'There is no profile "{profile}". There is: {", ".join(PROFILES)}.')
    return check_text(read_file(file), known_beside(file, free_text=not profile))


def _without_errors(file: Path, profile: str = "", what: str = "") -> Read:
    """A script that can be run; else its errors are said, and `what` it is not, and the command ends."""
    from bot.scripts.problems import shown

    found, problems = _checked(file, profile)
    if errors := [problem for problem in problems if not problem.warning]:
        typer.echo(shown(errors, found.lines))
        if what:
            typer.echo(f"{file.name} is not {what}: {_count(len(errors), 'error')}.")
        raise typer.Exit(1)
    return found


def _try_in_the_browser(file: Path, name: str) -> None:
    """Serve the trial of one file to this machine, on any free port, until Ctrl-C; without a database."""
    import socket

    import uvicorn

    from bot.channels.try_page import TryPage, load_texts
    from bot.safety.gate import Gate
    from bot.scripts.at_hand import OneFile, address_of
    from bot.settings import PROJECT
    from bot.understanding.minilm import encode

    page = TryPage(OneFile(file), Gate.load(PROJECT / "data", encode), load_texts())
    with socket.create_server(("127.0.0.1", 0)) as listening:
        typer.echo(f"Open http://127.0.0.1:{listening.getsockname()[1]}/{address_of(name)}")
        typer.echo('Change the file, save it, and press "Begin again" to see the change. Stop with Ctrl-C.')
        config = uvicorn.Config(
            page.app(), log_level="warning", access_log=False, ws="none", timeout_graceful_shutdown=1
        )
        uvicorn.Server(config).run(sockets=[listening])


def _asked() -> str | None:
    try:
        return input("you: ")
    except EOFError:
        return None


def _tapped(reply: str, offered: list[str]) -> str:
    """A number in brackets, such as [2], taps a button; so does its title in brackets."""
    inside = reply.strip()[1:-1] if reply.strip().startswith("[") and reply.strip().endswith("]") else ""
    if inside.isdigit() and 1 <= int(inside) <= len(offered):
        return offered[int(inside) - 1]
    return inside or reply


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
