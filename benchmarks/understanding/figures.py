"""Figures of a classifier: F1, out of scope, calibration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["Bin", "accuracy", "expected_error", "macro_f1", "micro_f1", "recall", "reliability"]

_BINS: Final = 10


@dataclass(frozen=True)
class Bin:
    """Messages of about the same confidence: how sure the classifier was, how often it was right, how many they are."""

    sure: float
    right: float
    many: int


def macro_f1(wanted: Sequence[str], found: Sequence[str]) -> float:
    """Mean F1 over the labels that are wanted, each counting alike."""
    labels = sorted(set(wanted))
    hits, wants, finds = (
        Counter(w for w, f in zip(wanted, found, strict=True) if w == f),
        Counter(wanted),
        Counter(found),
    )
    return sum(2 * hits[label] / (wants[label] + finds[label]) for label in labels) / len(labels)


def accuracy(wanted: Sequence[str], found: Sequence[str]) -> float:
    """Share that is right."""
    return sum(w == f for w, f in zip(wanted, found, strict=True)) / len(wanted)


def recall(wanted: Sequence[str], found: Sequence[str], label: str) -> float:
    """Of the messages with this label, the share that is found."""
    own = [f for w, f in zip(wanted, found, strict=True) if w == label]
    return sum(f == label for f in own) / len(own)


def micro_f1(wanted: Sequence[frozenset[str]], found: Sequence[frozenset[str]]) -> float:
    """F1 over all pairs of a message and a theme."""
    hits = sum(len(w & f) for w, f in zip(wanted, found, strict=True))
    return 2 * hits / max(1, sum(map(len, wanted)) + sum(map(len, found)))


def reliability(right: Sequence[bool], sure: Sequence[float]) -> list[Bin]:
    """Messages in ten bins of confidence, the empty ones left out."""
    bins = []
    for number in range(_BINS):
        own = [at for at, each in enumerate(sure) if min(int(each * _BINS), _BINS - 1) == number]
        if own:
            bins.append(Bin(sum(sure[at] for at in own) / len(own), sum(right[at] for at in own) / len(own), len(own)))
    return bins


def expected_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: how far confidence and truth lie apart, on average (Naeini et al., 2015)."""
    return sum(abs(each.sure - each.right) * each.many for each in bins) / sum(each.many for each in bins)
