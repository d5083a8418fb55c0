"""Several labels for one sentence: a logistic regression for each, with thresholds found by cross-validation.

A label is given where its own regression is sure enough. How sure that is, is measured on sentences that the regression
did not see, so it follows whatever encoder made the vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["ManyLabels", "learn"]

Array = npt.NDArray[np.float32]

_FOLDS: Final = 5
_C: Final = 4.0
#: Probabilities that are tried as thresholds.
_TRIED: Final = np.linspace(0.15, 0.9, 31)
#: Labels with few sentences lean on the threshold that is best for all.
_LEAN: Final = 20


@dataclass(frozen=True)
class ManyLabels:
    """What was learned.

    Attributes:
        names: of the labels, in the order of the rows.
        weights: (labels, features) and `bias` (labels,).
        thresholds: (labels,) probabilities from which a label is given.
        f1: micro-F1 over all labels on sentences that were not learned from, for who wants to know.
    """

    names: tuple[str, ...]
    weights: Array
    bias: Array
    thresholds: Array
    f1: float

    def scores(self, features: Array) -> Array:
        """How far above its threshold each label is, (rows, labels): from 0 on it is given, 1 is certain."""
        likely = 1.0 / (1.0 + np.exp(-(features @ self.weights.T + self.bias)))
        above = (likely - self.thresholds) / np.where(likely >= self.thresholds, 1.0 - self.thresholds, self.thresholds)
        return np.asarray(above, dtype=np.float32)

    def save(self, file: Path) -> None:
        """Write it, without pickle."""
        np.savez(
            file,
            names=np.array(self.names),
            weights=self.weights,
            bias=self.bias,
            thresholds=self.thresholds,
            f1=np.array(self.f1),
        )

    @classmethod
    def load(cls, file: Path) -> ManyLabels:
        """Read it. Raises OSError, ValueError or KeyError where it can't be."""
        with np.load(file, allow_pickle=False) as stored:
            names = tuple(str(name) for name in stored["names"])
            return cls(names, stored["weights"], stored["bias"], stored["thresholds"], float(stored["f1"]))


def learn(features: Array, labels: Sequence[frozenset[str]]) -> ManyLabels:
    """Learn all labels.

    Args:
        features: a row a sentence.
        labels: of each sentence.
    """
    names = tuple(sorted({name for given in labels for name in given}))
    truth = np.array([[name in given for name in names] for given in labels], dtype=bool)
    unseen = np.zeros(truth.shape, dtype=np.float64)
    folds = np.random.default_rng(0).permutation(len(truth)) % _FOLDS
    for fold in range(_FOLDS):
        weights, bias = _fitted(features[folds != fold], truth[folds != fold])
        unseen[folds == fold] = 1.0 / (1.0 + np.exp(-(features[folds == fold] @ weights.T + bias)))
    thresholds = _thresholds(unseen, truth)
    right = float(_f1((unseen >= thresholds), truth))
    weights, bias = _fitted(features, truth)
    return ManyLabels(
        names, weights.astype(np.float32), bias.astype(np.float32), thresholds.astype(np.float32), round(right, 4)
    )


def _fitted(features: Array, truth: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    from sklearn.linear_model import LogisticRegression

    weights, bias = np.zeros((truth.shape[1], features.shape[1])), np.full(truth.shape[1], -9.0)
    for at in range(truth.shape[1]):
        if truth[:, at].any():
            often = truth[:, at].mean()
            weight = {True: float((0.5 / often) ** 0.5), False: 1.0}
            regression = LogisticRegression(C=_C, class_weight=weight, solver="liblinear", random_state=0)
            regression.fit(features, truth[:, at])
            weights[at], bias[at] = regression.coef_[0], regression.intercept_[0]
    return weights, bias


def _thresholds(likely: npt.NDArray[np.float64], truth: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """The best for each label, drawn towards the best for all where there is little to judge by."""
    overall = _TRIED[int(np.argmax([_f1(likely >= tried, truth) for tried in _TRIED]))]
    own = np.array([
        _TRIED[int(np.argmax([_f1(likely[:, at] >= tried, truth[:, at]) for tried in _TRIED]))]
        for at in range(truth.shape[1])
    ])  # fmt: skip
    often = truth.sum(axis=0)
    found: npt.NDArray[np.float64] = (often * own + _LEAN * overall) / (often + _LEAN)
    return found


def _f1(given: npt.NDArray[np.bool_], truth: npt.NDArray[np.bool_]) -> float:
    both = float((given & truth).sum())
    return 2.0 * both / max(1.0, float(given.sum() + truth.sum()))
