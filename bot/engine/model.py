"""The model: made where something changed, and loaded without TensorFlow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bot.content.nlu import read_nlu
from bot.engine.training import Sources, is_trained, train
from bot.engine.without_tensorflow import keep_out
from bot.settings import PROJECT

if TYPE_CHECKING:
    from bot.engine.agent import RasaEngine

__all__ = ["load_engine", "prepare_model"]


def prepare_model(
    progress: Callable[[str], None] = lambda step: None, *, force: bool = False, project: Path = PROJECT
) -> Path:
    """A model made from the files as they are now; trains only where something changed."""
    sources = Sources(project)
    if not force and is_trained(sources):
        return sources.model
    read_nlu(project / "data")  # a broken file is named with its line before Rasa trips over it
    keep_out(sources.config)
    return train(sources, progress)


def load_engine(model: Path, project: Path = PROJECT) -> RasaEngine:
    """Rasa with its model; what serving doesn't need stays out unless config.yml names a component that needs it."""
    keep_out(project / "config.yml", learning=False)
    from bot.engine.agent import RasaEngine

    return RasaEngine(model)
