"""Holds what people read, and what understanding learns from, to the rules of the house: `python -m bot.content`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.content.finding import Finding
from bot.content.lint import lint_project
from bot.content.nlu import check_nlu

__all__ = ["Finding", "Report", "check_everything", "examine"]


@dataclass(frozen=True)
class Report:
    """What was read, and what is wrong with it."""

    findings: tuple[Finding, ...]
    texts: int
    examples: int


def examine(project: Path) -> Report:
    """Reads and checks all texts and examples.

    Args:
        project: the folder that holds domain.yml and data/.

    Raises:
        GradeError: the reading grade can't be told, because the dictionary of syllables is missing.
    """
    of_texts, texts = lint_project(project)
    of_examples, examples = check_nlu(project)
    return Report((*of_texts, *of_examples), texts, examples)


def check_everything(project: Path) -> list[Finding]:
    """Everything that is wrong with texts and examples; empty when they are fit to ship. Raises as `examine` does."""
    return list(examine(project).findings)
