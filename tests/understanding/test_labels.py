"""Sentences with several labels, and what is learned from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.errors import ContentError
from bot.settings import PROJECT
from bot.understanding.labelled import read_labelled
from bot.understanding.many_labels import ManyLabels, learn
from bot.understanding.themes import Themes

THEMES = Themes.load(PROJECT / "data" / "themes.yml")


def test_a_thousand_sentences_ship_and_every_theme_has_some_or_is_heard_by_its_phrases() -> None:
    sentences = read_labelled(PROJECT / "data" / "themes", THEMES.listed, THEMES.listed_feelings)
    assert len(sentences) >= 1000
    labels = {name for sentence in sentences for name in sentence.labels}
    # What an exercise has a side road for, and what a day is full of, is heard by its phrases.
    by_phrases = {"tears", "just_like_that", "got_worse", "partner_refuses", "sweeping_words", "still_hoping"}
    by_phrases |= {"far_away", "new_baby", "illness", "money", "housework"}
    assert set(THEMES.listed) - labels == by_phrases
    assert sum(not sentence.labels for sentence in sentences) >= 80, "sentences in which there is nothing to hear"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("unseen | blue:\n  - he left\n", "blue is no name"),
        ("weather | sad:\n  - it rains\n", "weather is no name"),
        ("unseen:\n  - he left\n", "not of the form"),
        ("unseen | :\n", "no list of sentences"),
        ("unseen | :\n  - yes\n", "not read as text"),
        ("unseen | :\n  - he left\nlonely | :\n  - He left\n", "stands twice"),
        ("- unseen\n", "it needs lines"),
    ],
)
def test_a_slip_is_named_with_its_cure(tmp_path: Path, written: str, says: str) -> None:
    (tmp_path / "some.yml").write_text(written, encoding="utf-8")
    with pytest.raises(ContentError, match=says):
        read_labelled(tmp_path, THEMES.listed, THEMES.listed_feelings)


def test_two_labels_at_once_are_learned_and_what_is_like_neither_gets_none(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    where = {"a": np.array([3.0, 0, 0]), "b": np.array([0, 3.0, 0])}
    labels = [frozenset(["a"]), frozenset(["b"]), frozenset(["a", "b"]), frozenset[str]()] * 30
    rows = [sum((where[name] for name in names), np.zeros(3)) + chance.normal(0, 0.3, 3) for names in labels]
    learned = learn(np.array(rows, dtype=np.float32), labels)
    assert learned.f1 > 0.95
    learned.save(tmp_path / "it.npz")
    above = ManyLabels.load(tmp_path / "it.npz").scores(np.array([[3, 3, 0], [0, 3, 0], [0, 0, 0]], dtype=np.float32))
    assert [[name for name, sure in zip(learned.names, row, strict=True) if sure >= 0] for row in above] == [
        ["a", "b"],
        ["b"],
        [],
    ]


def test_chance_alone_is_learned_as_doubt() -> None:
    chance = np.random.default_rng(2)
    labels = [frozenset(["x"]) if one else frozenset[str]() for one in chance.random(200) < 0.1]
    learned = learn(chance.normal(0, 1, (200, 5)).astype(np.float32), labels)
    assert learned.f1 < 0.4
