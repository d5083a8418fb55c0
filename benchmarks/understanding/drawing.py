"""Two pictures: how far a confidence can be trusted, and what is taken for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.understanding.figures import Bin

__all__ = ["draw_confusion", "draw_reliability"]

_COLOURS: Final = ("#1f6f6a", "#d0a46c")


def draw_reliability(curves: Mapping[str, Sequence[Bin]], file: Path) -> None:
    """How often each pipeline is right, over how sure it is; on the diagonal a confidence says what it means."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    matplotlib.rcParams["svg.hashsalt"] = "toward"  # the same figures, the same file
    figure, axes = pyplot.subplots(figsize=(5, 4.5), layout="constrained")
    axes.plot([0, 1], [0, 1], color="#999999", linestyle=":", label="as sure as right")
    for (name, bins), colour in zip(curves.items(), _COLOURS, strict=True):
        axes.plot([each.sure for each in bins], [each.right for each in bins], color=colour, marker="o", label=name)
    axes.set(
        xlabel="how sure",
        ylabel="how often right",
        xlim=(0, 1),
        ylim=(0, 1),
        title="Confidence, on messages held apart",
    )
    axes.legend(frameon=False)
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)


def draw_confusion(wanted: Sequence[str], found: Sequence[str], file: Path) -> None:
    """Each intent in a row: the share of its messages that was taken for each intent."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    matplotlib.rcParams["svg.hashsalt"] = "toward"
    names = sorted(set(wanted) | set(found))
    pairs, totals = Counter(zip(wanted, found, strict=True)), Counter(wanted)
    shares = [[pairs[row, column] / max(1, totals[row]) for column in names] for row in names]
    figure, axes = pyplot.subplots(figsize=(12, 11), layout="constrained")
    axes.imshow(shares, cmap="YlGnBu", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set_yticks(range(len(names)), [f"{name} ({totals[name]})" for name in names], fontsize=7)
    for row, line in enumerate(shares):
        for column, share in enumerate(line):
            if share >= 0.1:
                ink = "white" if share > 0.6 else "black"
                axes.text(column, row, f"{share:.0%}"[:-1], ha="center", va="center", fontsize=6, color=ink)
    axes.set(xlabel="taken for", ylabel="meant (messages)", title="What is taken for what, per cent of each row")
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)
