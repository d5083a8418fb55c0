"""The figures of `make evaluate`: each is what its name says, on messages few enough to count by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.understanding.figures import accuracy, expected_error, macro_f1, micro_f1, recall, reliability
from benchmarks.understanding.messages import held_apart, lessons, ours, real
from bot.content.nlu import read_nlu
from bot.settings import PROJECT

WANTED = ["alone", "alone", "unseen", "weather"]
FOUND = ["alone", "unseen", "unseen", "alone"]


def test_every_label_counts_alike_however_rare() -> None:
    assert macro_f1(WANTED, FOUND) == pytest.approx((0.5 + 2 / 3 + 0.0) / 3)
    assert accuracy(WANTED, FOUND) == 0.5
    assert recall(WANTED, FOUND, "alone") == 0.5 and recall(WANTED, FOUND, "weather") == 0.0


def test_a_theme_too_many_costs_as_much_as_one_too_few() -> None:
    wanted = [frozenset({"screens", "unseen"}), frozenset[str]()]
    assert micro_f1(wanted, [frozenset({"screens"}), frozenset()]) == pytest.approx(2 / 3)
    assert micro_f1(wanted, [frozenset({"screens", "unseen"}), frozenset({"work"})]) == pytest.approx(4 / 5)


def test_a_classifier_that_is_as_sure_as_it_is_right_has_no_error() -> None:
    assert expected_error(reliability([True, False], [0.5, 0.5])) == pytest.approx(0.0)
    assert expected_error(reliability([False, False], [0.9, 0.9])) == pytest.approx(0.9)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1))
def test_no_message_is_lost_among_the_bins(answers: list[tuple[bool, float]]) -> None:
    bins = reliability([right for right, _ in answers], [sure for _, sure in answers])
    assert sum(each.many for each in bins) == len(answers)
    assert 0.0 <= expected_error(bins) <= 1.0


def test_nothing_that_is_asked_about_was_learned(tmp_path: Path) -> None:
    asked = {" ".join(each.text.split()) for each in held_apart()}
    learned = yaml.safe_load(lessons(tmp_path).read_text(encoding="utf-8"))["nlu"]
    lines = {line[2:] for row in learned for line in row["examples"].splitlines()}
    every = {" ".join(each.text.split()) for some in read_nlu(PROJECT / "data").values() for each in some}
    assert len(asked) > 300 and not asked & lines and asked | lines == every


def test_the_pipeline_measured_is_the_one_that_is_served_without_its_guard(tmp_path: Path) -> None:
    measured = yaml.safe_load(ours(tmp_path).read_text(encoding="utf-8"))["pipeline"]
    served = yaml.safe_load((PROJECT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    assert measured == [each for each in served if "SafetyComponent" not in each["name"]]


def test_real_messages_with_two_right_labels_are_left_out(tmp_path: Path) -> None:
    rows = [
        "id\tlabel\tnote\tlicence\tsource\ttext",
        "1\tlonely\t\tMIT\tx\tso quiet here",
        "2\tlonely\teither_ok\tMIT\tx\thm",
    ]
    (tmp_path / "real.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert [(each.id, each.text) for each in real(tmp_path / "real.tsv")] == [("1", "so quiet here")]
