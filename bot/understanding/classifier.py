"""The intent classifier: logistic regression on the encoder's features, dense, and read in a microsecond."""

from __future__ import annotations

import logging
from collections import Counter
from typing import Any, Dict, List, Optional, Text, Type

import numpy as np
import numpy.typing as npt
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding.tuning import held_out

__all__ = ["DenseClassifier"]

log = logging.getLogger(__name__)
_FILE = "weights.npz"
#: Examples without which confidences are left as they are, and what scores may be multiplied by.
_FEWEST = 100
_WARMTHS = np.arange(0.5, 4.01, 0.05)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DenseClassifier(GraphComponent, IntentClassifier):
    """Multinomial logistic regression (L2, classes half balanced) on all dense sentence features.

    Rasa's own `LogisticRegressionClassifier` goes through sparse matrices, which costs a dense vector twelve seconds of
    training and two milliseconds a message. Weights are kept as plain arrays, without pickle.
    """

    @classmethod
    def required_components(cls) -> List[Type[Any]]:
        """Something must make dense features before."""
        return [Featurizer]

    @staticmethod
    def required_packages() -> List[Text]:
        """What must be installed."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """What config.yml may set.

        `C`: inverse strength of regularisation (learned from one author's examples, another's are read best below 1,
        and single examples are kept best above 5). `balance`: how far rare intents are lifted; 1 weighs all intents
        alike, 0 all examples (half way: .695 right in cross-validation, .663 and .689 at the ends). `ranking_length`:
        intents that are named beside the best. `careful`: beginnings of intents and the confidence they need; below it
        the best other intent is taken, because to start an exercise unasked, or to hear self-blame where there is none,
        is worse than to listen on.
        """
        return {"C": 2.0, "balance": 0.5, "max_iter": 300, "ranking_length": 10, "careful": {}}

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._intents: List[Text] = []
        self._weights: Optional[npt.NDArray[np.float32]] = None
        self._bias: Optional[npt.NDArray[np.float32]] = None

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DenseClassifier:
        """Make an untrained one."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DenseClassifier:
        """Read a trained one."""
        component = cls(config, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder, np.load(folder / _FILE, allow_pickle=False) as stored:
                component._intents = [str(name) for name in stored["intents"]]
                component._weights, component._bias = stored["weights"], stored["bias"]
        except ValueError:
            log.warning("The intent classifier was not trained; every message will be out of its reach.")
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples that have an intent and features."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        if len({example.get(INTENT) for example in examples}) < 2:
            return self._resource
        features = np.array([_features(example) for example in examples])
        intents = np.array([str(example.get(INTENT)) for example in examples])
        unseen = np.array([held_out(example.get(TEXT)) for example in examples])
        warmth = self._warmth(features, intents, unseen)
        self._intents, weights, bias = self._fit(features, intents)
        self._weights, self._bias = (weights * warmth).astype(np.float32), (bias * warmth).astype(np.float32)
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / _FILE, intents=np.array(self._intents), weights=self._weights, bias=self._bias)
        return self._resource

    def _fit(self, features: Any, intents: Any) -> tuple[List[Text], Any, Any]:
        from sklearn.linear_model import LogisticRegression

        often = Counter(intents)
        weights = {name: (len(intents) / len(often) / many) ** self._config["balance"] for name, many in often.items()}
        regression = LogisticRegression(
            C=self._config["C"], max_iter=self._config["max_iter"], class_weight=weights, random_state=0
        )
        regression.fit(features, intents)
        learned, bias = regression.coef_, regression.intercept_
        if len(learned) == 1:  # two intents: one column stands for both
            learned, bias = np.vstack([-learned[0], learned[0]]), np.array([-bias[0], bias[0]])
        return [str(name) for name in regression.classes_], learned, bias

    def _warmth(self, features: Any, intents: Any, unseen: Any) -> float:
        """By what scores are multiplied so that a confidence is how often it is right (Guo et al., 2017).

        Found on examples from which neither the encoder nor this fit has learned; strong regularisation makes a
        classifier too modest.
        """
        known = set(intents[~unseen])
        unseen = unseen & np.array([name in known for name in intents])
        if unseen.sum() < _FEWEST or len(known) < 2:
            return 1.0
        names, weights, bias = self._fit(features[~unseen], intents[~unseen])
        scores = features[unseen] @ weights.T + bias
        right = np.array([names.index(name) for name in intents[unseen]])
        return float(min(_WARMTHS, key=lambda warmth: _surprise(scores * warmth, right)))

    def process(self, messages: List[Message]) -> List[Message]:
        """Add intent, confidence and ranking to messages."""
        for message in messages:
            if not message.get(TEXT) or self._weights is None or self._bias is None:
                continue
            scores = self._weights @ _features(message) + self._bias
            likely = np.exp(scores - scores.max())
            likely /= likely.sum()
            order = sorted(
                np.argsort(-likely), key=lambda index: self._is_doubtful(self._intents[index], likely[index])
            )
            ranking = [
                {"name": self._intents[index], "confidence": float(likely[index])}
                for index in order[: self._config["ranking_length"]]
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _is_doubtful(self, intent: Text, confidence: float) -> bool:
        needed = [least for beginning, least in self._config["careful"].items() if intent.startswith(beginning)]
        return bool(needed) and bool(confidence < max(needed))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing after it needs predictions on the training examples."""
        return training_data


def _surprise(scores: Any, right: Any) -> float:
    """Mean negative log-likelihood of the right ones."""
    scores = scores - scores.max(axis=1, keepdims=True)
    likely = scores[np.arange(len(right)), right] - np.log(np.exp(scores).sum(axis=1))
    return float(-likely.mean())


def _features(message: Message) -> npt.NDArray[np.float32]:
    """All dense sentence features of a message, as one row."""
    _, sentence = message.get_dense_features(attribute=TEXT)
    if sentence is None:
        raise ValueError(
            "A message has no dense features. Put bot.understanding.encoder.SentenceEncoder before the classifier."
        )
    row: npt.NDArray[np.float32] = np.asarray(sentence.features[0], dtype=np.float32)
    return row
