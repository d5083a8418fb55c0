"""`make evaluate`: both pipelines learn the same examples and are asked about the same messages, in one run.

    python -m benchmarks.understanding [--real FILE]

Figures go to reports/understanding.json, pictures to docs/images/. `--real` is a table of real messages that doesn't
belong to this project; without it those figures are left out. The messages asked about are
ones that nothing learns from: cross-validation would flatter, because the encoder was tuned to the others.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.understanding.drawing import draw_confusion, draw_reliability
from benchmarks.understanding.figures import Bin, accuracy, expected_error, macro_f1, micro_f1, recall, reliability
from benchmarks.understanding.messages import BASELINE, OUT_OF_SCOPE, ROUTES, Asked, held_apart, lessons, ours, real
from bot.settings import PROJECT

_REPORT = PROJECT / "reports" / "understanding.json"
_IMAGES = PROJECT / "docs" / "images"
#: Themes of real messages, by their ids, without their text.
_THEMES = PROJECT / "reports" / "themes_of_real_messages.tsv"
_DANGER = {"self_harm": "crisis_self_harm", "abuse": "abuse_or_coercion"}


@dataclass(frozen=True)
class Read:
    """What a pipeline made of the messages, in their order."""

    answers: list[dict[str, Any]]
    train_seconds: float
    memory_mb: float


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="make evaluate", description=__doc__)
    parser.add_argument("--real", type=Path, help="a table of real messages")
    options = parser.parse_args()
    apart = held_apart()
    people = real(options.real) if options.real else []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        nlu = lessons(folder)
        (folder / "baseline.yml").write_text(BASELINE, encoding="utf-8")
        mine = _read(ours(folder), nlu, folder / "ours", [*apart, *people])
        theirs = _read(folder / "baseline.yml", nlu, folder / "theirs", [*apart, *people])
    found: dict[str, float] = {}
    for prefix, read in (("", mine), ("baseline_", theirs)):
        found |= {prefix + key: value for key, value in _figures(read, apart, people).items()}
    found |= _judged()
    _REPORT.parent.mkdir(exist_ok=True)
    _REPORT.write_text(json.dumps({key: round(value, 4) for key, value in found.items()}, indent=2) + "\n", "utf-8")
    _draw(mine, theirs, apart)
    _print(found, len(apart), len(people))


def _read(config: Path, nlu: Path, folder: Path, asked: Sequence[Asked]) -> Read:
    print(f"Learning and reading: {config.stem}", file=sys.stderr, flush=True)
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.understanding.reader", str(config), str(nlu), str(folder)],
        input="".join(json.dumps({"text": each.text}) + "\n" for each in asked),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    first, *answers, last = [json.loads(line) for line in done.stdout.splitlines()]
    return Read(answers, first["train_seconds"], last["memory_mb"])


def _figures(read: Read, apart: Sequence[Asked], people: Sequence[Asked]) -> dict[str, float]:
    answers = read.answers[: len(apart)]
    wanted, found = [each.label for each in apart], [_intent(answer) for answer in answers]
    bins = _bins(answers, wanted)
    figures = {
        "macro_f1_cv": macro_f1(wanted, found),
        "accuracy_cv": accuracy(wanted, found),
        "oos_recall": recall(wanted, found, OUT_OF_SCOPE),
        "calibration_error": expected_error(bins),
        "ms_per_message_p50": median(answer["ms"] for answer in answers),
        "memory_mb": read.memory_mb,
        "train_seconds": read.train_seconds,
    }
    if people:
        answers = read.answers[len(apart) :]
        routes = _routes(people, answers)
        figures["macro_f1_real"] = macro_f1([each.label for each in people], routes)
        figures["accuracy_real"] = accuracy([each.label for each in people], routes)
        figures["oos_recall_real"] = recall([each.label for each in people], routes, OUT_OF_SCOPE)
        figures["ms_per_real_message_p50"] = median(answer["ms"] for answer in answers)
        figures |= _theme_figures(people, answers)
    return figures


def _intent(answer: dict[str, Any]) -> str:
    """What was understood; a fallback says: nothing that I know of."""
    return OUT_OF_SCOPE if answer["intent"] == "nlu_fallback" else str(answer["intent"])


def _bins(answers: Sequence[dict[str, Any]], wanted: Sequence[str]) -> list[Bin]:
    right = [answer["best"] == label for answer, label in zip(answers, wanted, strict=True)]
    return reliability(right, [answer["confidence"] for answer in answers])


def _routes(people: Sequence[Asked], answers: Sequence[dict[str, Any]]) -> list[str]:
    """Danger first, by Toward's gate for both pipelines, so that what differs is what was understood."""
    from bot.safety.gate import Gate
    from bot.safety.verdict import Level
    from bot.understanding.minilm import encode

    gate = Gate.load(PROJECT / "data", encode)
    routes = []
    for each, answer in zip(people, answers, strict=True):
        verdict = gate.screen(each.text)
        danger = _DANGER.get(verdict.topic.value) if verdict.level >= Level.ask else None
        routes.append(danger or ROUTES.get(_intent(answer), OUT_OF_SCOPE))
    return routes


def _theme_figures(people: Sequence[Asked], answers: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Themes against those that a person read in real messages; only Toward's pipeline names any."""
    if not _THEMES.exists() or not any(answer["themes"] for answer in answers):
        return {}
    rows = [line.split("\t") for line in _THEMES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    labelled = {row[0]: frozenset(row[1].split(",")) - {""} for row in rows}
    pairs = [
        (labelled[each.id], frozenset(answer["themes"]))
        for each, answer in zip(people, answers, strict=True)
        if each.id in labelled
    ]
    return {"themes_f1": micro_f1([w for w, _ in pairs], [f for _, f in pairs]), "themes_messages": len(pairs)}


def _judged() -> dict[str, float]:
    """How many of a hundred reflections somebody judged true to the message (reports/reflections.json)."""
    file = PROJECT / "reports" / "reflections.json"
    if not file.exists():
        return {}
    judged = json.loads(file.read_text(encoding="utf-8"))
    return {"reflections_true_of_100": 100 * judged["good"] / judged["judged"]}


def _draw(mine: Read, theirs: Read, apart: Sequence[Asked]) -> None:
    wanted = [each.label for each in apart]
    curves = {
        "Toward": _bins(mine.answers[: len(apart)], wanted),
        "Rasa's default": _bins(theirs.answers[: len(apart)], wanted),
    }
    draw_reliability(curves, _IMAGES / "reliability.svg")
    draw_confusion(wanted, [_intent(answer) for answer in mine.answers[: len(apart)]], _IMAGES / "confusion.svg")


def _print(found: dict[str, float], apart: int, people: int) -> None:
    print(f"{apart} examples held apart, {people} real messages\n")
    print(f"{'':28}{'Toward':>10}{'Rasa':>10}")
    for key, value in found.items():
        if not key.startswith("baseline_"):
            other = found.get(f"baseline_{key}")
            print(f"{key:28}{value:10.3f}{'' if other is None else f'{other:10.3f}'}")


if __name__ == "__main__":
    main()
