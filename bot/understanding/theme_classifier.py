"""Themes and feelings as a Rasa component: several for one message, decided passage by passage.

It learns from data/themes/*.yml while Rasa trains, on the encoder's vectors and the phrases of data/themes.yml
together. A message's passages are those that were read for danger, so that the encoder reads nothing twice.
"""

from __future__ import annotations

import hashlib
import logging
from typing import Any, Dict, Final, List, Optional, Sequence, Text, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.safety.risk import passages
from bot.settings import PROJECT
from bot.understanding.heard import HEARD, Feeling, Heard, Part, Strength
from bot.understanding.labelled import FEELS, read_labelled
from bot.understanding.many_labels import Array, ManyLabels, learn
from bot.understanding.minilm import encode, encoder_name
from bot.understanding.themes import Themes

__all__ = ["ThemeClassifier"]

log = logging.getLogger(__name__)

_FILE: Final = "themes.npz"
#: What it learns from.
_PHRASES: Final = PROJECT / "data" / "themes.yml"
_SENTENCES: Final = PROJECT / "data" / "themes"
#: How much a phrase weighs beside the 384 numbers of a sentence.
_PHRASE: Final = 0.7
#: Themes and feelings of one message that are named.
_MOST_THEMES: Final = 6
_MOST_FEELINGS: Final = 3
#: The more passages, the surer a theme has to be that only one of them names.
_MANY: Final = 6
_SURER: Final = 0.15
#: Of more words than these, one "a bit" or "I guess" says nothing of the whole.
_BRIEF: Final = 30
_BESIDE: Final = -0.1
#: Fewer words than these are too few to learn from; only their phrases and the intent speak.
_FEW: Final = 3
#: What stands around a trouble and seldom is the trouble itself comes after it.
_AROUND: Final = frozenset({"children", "work", "family", "distance", "screens"})


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ThemeClassifier(GraphComponent):
    """Adds `heard` to a message."""

    @classmethod
    def required_components(cls) -> List[Type[Any]]:
        """None: the encoder is shared by the process."""
        return []

    @staticmethod
    def required_packages() -> List[Text]:
        """What must be installed."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """No settings."""
        return {}

    @staticmethod
    def fingerprint_addon(config: Dict[Text, Any]) -> Text:
        """Rasa's cache must notice other sentences, other phrases and another encoder."""
        digest = hashlib.sha256(encoder_name().encode())
        for file in [_PHRASES, *sorted(_SENTENCES.glob("*.yml"))]:
            digest.update(file.read_bytes())
        return digest.hexdigest()

    def __init__(self, model_storage: ModelStorage, resource: Resource) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._themes = Themes.load(_PHRASES)
        self._learned: Optional[ManyLabels] = None

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ThemeClassifier:
        """Make an untrained one."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ThemeClassifier:
        """Read a trained one."""
        component = cls(model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder:
                component._learned = ManyLabels.load(folder / _FILE)
        except (ValueError, OSError, KeyError):
            log.warning("Themes were not learned; only the phrases of data/themes.yml are heard. Train again.")
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from data/themes."""
        known = self._themes
        sentences = read_labelled(_SENTENCES, known.listed, known.listed_feelings)
        learned = learn(self._features([sentence.text for sentence in sentences]), [s.labels for s in sentences])
        log.info("Themes and feelings: micro-F1 %.2f on sentences that were not learned from.", learned.f1)
        with self._model_storage.write_to(self._resource) as folder:
            learned.save(folder / _FILE)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Add what was heard."""
        for message in messages:
            text = message.get(TEXT)
            if text and not text.startswith("/"):
                intent = str((message.get(INTENT) or {}).get("name") or "")
                message.set(HEARD, self.hear(text, intent).as_json(), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing after it needs themes of training examples."""
        return training_data

    def hear(self, text: Text, intent: Text = "") -> Heard:
        """What is heard in a text; `intent` is what the intent classifier made of it."""
        parts = passages(text)
        if not parts:
            return Heard()
        if self._learned is None:
            return Heard(tuple(self._themes.themes(text, intent)), self._feelings(text, {}), ())
        above = self._learned.scores(self._features(parts))
        names = self._learned.names
        themes = [name for name in names if name in self._themes.listed]
        at = {name: index for index, name in enumerate(names)}
        above[[len(words.split()) < _FEW for words in parts]] -= 0.5
        heard = [
            Part(words, {n: float(row[at[n]]) for n in themes if row[at[n]] >= 0.0})
            for words, row in zip(parts, above, strict=True)
        ]
        guessed = {name: float(above[:, at[name]].max()) for name in names if name not in themes}
        return Heard(self._ranked(heard, intent), self._feelings(text, guessed), tuple(heard))

    def _ranked(self, parts: Sequence[Part], intent: Text) -> tuple[str, ...]:
        """Themes by all that speaks for them; the intent's own counts as one clear passage."""
        sure: Dict[str, float] = {}
        for part in parts:
            for name, above in part.themes.items():
                sure[name] = max(sure.get(name, 0.0), above) + (0.15 if name in sure else 0.0)
        if len(parts) > _MANY:
            sure = {name: above for name, above in sure.items() if above >= _SURER}
        for name in _AROUND & set(sure):
            sure[name] -= 0.4
        sure = {name: above for name, above in sure.items() if above >= _BESIDE}
        own = self._themes.of_intent(intent)
        if own:
            sure[own] = sure.get(own, 0.0) + 0.3
        return tuple(sorted(sure, key=lambda name: (-sure[name], name))[:_MOST_THEMES])

    def _feelings(self, text: Text, guessed: Dict[str, float]) -> tuple[Feeling, ...]:
        """Feelings that were said, then those that were heard between the lines."""
        said = self._themes.feelings(text)
        strength = self._strength(text, guessed)
        likely = sorted(
            (name for name, above in guessed.items() if name.startswith(FEELS) and above >= 0.0),
            key=lambda name: -guessed[name],
        )
        between = [name[len(FEELS) :] for name in likely]
        found = [Feeling(name, strength, True) for name in said]
        found += [Feeling(name, strength, False) for name in between if name not in said]
        return tuple(found[:_MOST_FEELINGS])

    def _strength(self, text: Text, guessed: Dict[str, float]) -> Strength:
        told = self._themes.strength(text)
        if told == "plain" and guessed.get("strong", -1.0) > 0.3:
            return "strong"
        if told == "mild" and len(text.split()) > _BRIEF:
            return "plain"  # "I guess" in a long post makes nothing small
        return "mild" if told == "plain" and guessed.get("mild", -1.0) > 0.3 else told

    def _features(self, texts: Sequence[str]) -> Array:
        texts = [text.encode("utf-8", "replace").decode() for text in texts]
        phrases = np.array([self._themes.phrases_in(text) for text in texts], dtype=np.float32)
        return np.hstack([encode(texts), phrases * _PHRASE]).astype(np.float32)
