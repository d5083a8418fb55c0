"""What both pipelines learn from, and the messages that they are asked about."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from bot.content.nlu import read_nlu
from bot.settings import PROJECT
from bot.understanding.tuning import held_out

__all__ = ["BASELINE", "OUT_OF_SCOPE", "ROUTES", "Asked", "held_apart", "lessons", "ours", "real"]

OUT_OF_SCOPE: Final = "out_of_scope"
#: What an intent is called among the labels of the real messages; every other one counts as out of scope there.
ROUTES: Final[Mapping[str, str]] = {
    "feel_unseen": "unseen_in_relationship",
    "feel_lonely": "lonely",
    "blame_or_conflict": "blame_or_conflict",
    "infidelity_or_separation": "infidelity_or_separation",
    "low_mood": "low_mood_other",
}
#: The pipeline that `rasa init` writes down for English where a config.yml names none, less what has no examples here.
BASELINE: Final = """
recipe: default.v1
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: RegexFeaturizer
  - name: LexicalSyntacticFeaturizer
  - name: CountVectorsFeaturizer
  - {name: CountVectorsFeaturizer, analyzer: char_wb, min_ngram: 1, max_ngram: 4}
  - {name: DIETClassifier, epochs: 100, constrain_similarities: true}
  - {name: FallbackClassifier, threshold: 0.3, ambiguity_threshold: 0.1}
"""


@dataclass(frozen=True)
class Asked:
    """A message with what it is.

    Attributes:
        text: the message.
        label: an intent, or a label of the real messages.
        id: of a real message.
    """

    text: str
    label: str
    id: str = ""


def lessons(folder: Path) -> Path:
    """Write the examples that may be learned from, as Rasa reads them; returns the file."""
    kept = {
        name: [each.text for each in examples if not _asked(each.text)]
        for name, examples in read_nlu(PROJECT / "data").items()
    }
    file = folder / "nlu.yml"
    rows = [
        {"intent": name, "examples": "".join(f"- {' '.join(text.split())}\n" for text in texts)}
        for name, texts in kept.items()
    ]
    file.write_text(yaml.safe_dump({"version": "3.1", "nlu": rows}, allow_unicode=True, width=10**6), encoding="utf-8")
    return file


def held_apart() -> list[Asked]:
    """Half of the examples that the encoder was not tuned to; the others are learned from, and set the confidence."""
    return [
        Asked(each.text, name)
        for name, examples in read_nlu(PROJECT / "data").items()
        for each in examples
        if _asked(each.text)
    ]


def _asked(text: str) -> bool:
    return held_out(text) and zlib.crc32(text.encode("utf-8", "surrogatepass")) // 100 % 2 == 0


def ours(folder: Path) -> Path:
    """Toward's pipeline as a config file of its own, without the guard, which is no classifier; returns the file."""
    config = yaml.safe_load((PROJECT / "config.yml").read_text(encoding="utf-8"))
    config["pipeline"] = [each for each in config["pipeline"] if not each["name"].endswith("SafetyComponent")]
    config.pop("policies")
    file = folder / "ours.yml"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    return file


def real(file: Path) -> list[Asked]:
    """Real messages (id, label, note, licence, source, text), without those of which two labels are right."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows: Iterable[dict[str, str]] = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [Asked(row["text"], row["label"], row["id"]) for row in rows if _counts(row["note"] or "")]


def _counts(note: str) -> bool:
    return "either_ok" not in note and not note.startswith("asks_")
