"""What a run leaves behind: the table on the screen, latest.json, latest.md and latest.svg."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

from rich.table import Table

from benchmarks.drawing import draw
from benchmarks.figures import Figures, Load, growth, summary
from benchmarks.load import VISIT

__all__ = ["Circumstances", "as_json", "circumstances", "markdown", "rows", "table", "write"]

_PACKAGES = ("toward", "rasa", "tensorflow", "spacy", "onnxruntime", "starlette", "uvicorn", "sanic", "aiohttp")


@dataclass(frozen=True)
class Circumstances:
    """What the figures depend on beside the two servers.

    Attributes:
        quick: a short trial, not to be quoted.
        load_average: of the machine in the minute before the run; above a quarter of `processors` others were at work.
        wall_seconds: what the whole run took.
    """

    date: str
    quick: bool
    processors: int
    processor: str
    system: str
    python: str
    load_average: float
    versions: dict[str, str]
    wall_seconds: float = 0.0

    @property
    def busy(self) -> bool:
        """Whether somebody else was using the machine, so that the figures say less."""
        return self.load_average > self.processors / 4


@dataclass(frozen=True)
class Row:
    """One line of the table: a figure of both, and ours / baseline."""

    what: str
    ours: float
    baseline: float
    unit: str
    digits: int = 0

    @property
    def ratio(self) -> float:
        """Ours / baseline."""
        return self.ours / self.baseline


def circumstances(*, quick: bool) -> Circumstances:
    """Look at the machine, before the run adds to its load."""
    return Circumstances(
        date=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        quick=quick,
        processors=os.cpu_count() or 1,
        processor=_processor(),
        system=platform.system(),
        python=platform.python_version(),
        load_average=round(os.getloadavg()[0], 2),
        versions={name: found for name in _PACKAGES if (found := _version(name))},
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def rows(ours: Figures, baseline: Figures) -> list[Row]:
    """Return the table's lines, in the order they are read."""
    found = [
        Row("start until the first answer", median(ours.start_seconds), median(baseline.start_seconds), "s", 1),
        Row("memory after the start", ours.memory_start_mb, baseline.memory_start_mb, "MB"),
        Row("memory after all load", ours.memory_load_mb, baseline.memory_load_mb, "MB"),
    ]
    for load in ours.loads:
        other = baseline.load(load.people)
        who = "1 person" if load.people == 1 else f"{load.people} people"
        found += [
            Row(f"{who}: answers", load.per_second, other.per_second, "/s", 1),
            Row(f"{who}: half are answered within", load.p50_ms, other.p50_ms, "ms"),
            Row(f"{who}: 95 % are answered within", load.p95_ms, other.p95_ms, "ms"),
        ]
    return [
        *found,
        Row("the 10th turn", ours.early_ms, baseline.early_ms, "ms", 1),
        Row("the 500th turn", ours.late_ms, baseline.late_ms, "ms", 1),
        Row("the 500th turn takes, beside the 10th", growth(ours), growth(baseline), "times", 2),
    ]


def table(ours: Figures, baseline: Figures) -> Table:
    """Return the table for a terminal."""
    drawn = Table(title="Toward beside a fresh rasa init bot (ratio: ours / baseline)")
    drawn.add_column("")
    for heading in (ours.name, baseline.name, "ratio"):
        drawn.add_column(heading, justify="right")
    for row in rows(ours, baseline):
        drawn.add_row(row.what, _shown(row.ours, row), _shown(row.baseline, row), f"{row.ratio:.2f}")
    return drawn


def markdown(ours: Figures, baseline: Figures, around: Circumstances) -> str:
    """Return the table with what has to be known to read it, as Markdown."""
    lines = [f"| | {ours.name} | {baseline.name} | ours / baseline |", "|---|---:|---:|---:|"]
    lines += [
        f"| {row.what} | {_shown(row.ours, row)} | {_shown(row.baseline, row)} | {row.ratio:.2f} |"
        for row in rows(ours, baseline)
    ]
    parts = [
        "# Toward beside a fresh `rasa init` bot",
        _measured(around),
        "\n".join(lines),
        "![Bars of both](latest.svg)",
    ]
    return "\n\n".join([*parts, _notes(ours, baseline)]) + "\n"


def _measured(around: Circumstances) -> str:
    command = "python -m benchmarks" + " --quick" * around.quick
    busy = ", so others were at work: do not quote" if around.busy else ""
    machine = f"{around.processors} processors ({around.processor}, {around.system}, Python {around.python};"
    versions = ", ".join(f"{name} {number}" for name, number in around.versions.items())
    return (
        f"Measured on {around.date[:10]} by `{command}` in {around.wall_seconds:.0f} s on {machine} load average before"
        f" the run {around.load_average}{busy}). Versions: {versions}."
    )


def _notes(ours: Figures, baseline: Figures) -> str:
    return f"""\
- Both run from one Python environment on one machine, one after the other, and are asked by the same program over the
  loopback interface in Rasa's REST contract. The baseline is what `rasa init` makes and `rasa run` serves, unchanged.
- Start: nothing to train; the median of {len(ours.start_seconds)}. Memory: resident, the process and its children.
- Each person sends the next message when the answer came, {VISIT} in a visit; then somebody new takes the place.
  Messages and their order are the same for both (`messages.txt`).
- The two do different work. Toward screens every message for safety and writes each turn to its database file before
  it answers. The baseline keeps conversations in memory, all of their past. Answers without any text, with 1 person:
  Toward {_silent(ours.load(1))} %, {baseline.name} {_silent(baseline.load(1))} %."""


def _silent(load: Load) -> int:
    return round(100 * load.without_text / load.answered)


def _shown(value: float, row: Row) -> str:
    return f"{value:,.{row.digits}f} {row.unit}"


def as_json(ours: Figures, baseline: Figures, around: Circumstances) -> dict[str, Any]:
    """Return the comparison, the raw figures of both and the circumstances, ready for JSON."""
    compared = {name: round(value, 4) for name, value in summary(ours, baseline).items()}
    return {**compared, "ours": asdict(ours), "baseline": asdict(baseline), "circumstances": asdict(around)}


def write(folder: Path, ours: Figures, baseline: Figures, around: Circumstances) -> None:
    """Write latest.json, latest.md and latest.svg into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(as_json(ours, baseline, around), indent=2, ensure_ascii=False)
    (folder / "latest.json").write_text(text + "\n", encoding="utf-8")
    (folder / "latest.md").write_text(markdown(ours, baseline, around), encoding="utf-8")
    (folder / "latest.svg").write_text(draw(ours, baseline), encoding="utf-8")
