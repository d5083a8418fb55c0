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


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
