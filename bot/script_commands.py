"""`toward script ...`: what a counsellor does with scripts on the command line."""

from __future__ import annotations

from pathlib import Path

import typer

from bot.errors import SettingsError

__all__ = ["script_app"]

script_app = typer.Typer(help="Guided conversations that a counsellor writes.", no_args_is_help=True)
_PROFILES = {"": True, "illinois": False}


@script_app.command("check")
def check(
    files: list[Path] = typer.Argument(..., help="One or more scripts."),
    profile: str = typer.Option("", help='"illinois" allows buttons only, no free text.'),
) -> None:
    """Say what is wrong with a script, line by line, and how to mend it."""
    from bot.scripts.checker import check_text
    from bot.scripts.folder import known_beside, read_file
    from bot.scripts.problems import shown

    if profile not in _PROFILES:
        raise SettingsError(f'There is no profile "{profile}". There is: illinois.')
    broken = False
    for file in files:
        found, problems = check_text(read_file(file), known_beside(file, free_text=_PROFILES[profile]))
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
) -> None:
    """Go through a script as a client would; nothing is stored. Write an answer, or the number of a button."""
    from datetime import datetime

    from bot.safety.gate import Gate
    from bot.scripts.checker import check_text
    from bot.scripts.folder import known_beside, read_file
    from bot.scripts.problems import shown
    from bot.scripts.trial import Trial
    from bot.settings import PROJECT

    known = known_beside(file)
    found, problems = check_text(read_file(file), known)
    if errors := [problem for problem in problems if not problem.warning]:
        typer.echo(shown(errors, found.lines))
        raise typer.Exit(1)
    given = {"name": "Alex", "partner": "Sam", "counsellor": "Dr. Lee"}
    # A replay begins on the same day each time, so that its transcript can be compared.
    at = datetime(2027, 1, 4, 18, 0) if answers else datetime.now()
    trial = Trial(found.script, known.scripts, Gate.load(PROJECT / "data"), at, given)
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
