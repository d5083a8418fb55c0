"""What Toward's own policies share: nothing is learned, and one action is certain or the policy is silent."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Text

from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

__all__ = ["CertainPolicy"]


class CertainPolicy(Policy):
    """Subclasses say which action comes next, if any."""

    def next_action(self, tracker: DialogueStateTracker) -> Optional[Text]:
        """The action that is certain; None where other policies decide."""
        raise NotImplementedError

    def train(self, training_trackers: List[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Nothing is learned."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: Optional[Dict[Text, Any]] = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """The action, certain; or nothing at all."""
        action = self.next_action(tracker)
        chances = self._default_predictions(domain)
        if action is not None:
            chances[domain.index_for_action(action)] = 1.0
        return self._prediction(chances)
