"""Choosing the wording: not the same text again within 20 turns, the one said longest ago where all were said.

Where a conversation begins among the wordings depends on the conversation, so that not everybody is met with the same
words.
"""

from __future__ import annotations

import copy
import logging
import re
import zlib
from typing import Any, Dict, List, Optional, Text

from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.trackers import DialogueStateTracker

from bot.memory.turn import current_turn

__all__ = ["FreshResponses"]

log = logging.getLogger(__name__)

_NAME = re.compile(r"{([a-z_]+)}")


class FreshResponses(TemplatedNaturalLanguageGenerator):
    """Rasa's templated responses, with a memory of what this person has read."""

    async def generate(
        self, utter_action: Text, tracker: DialogueStateTracker, output_channel: Text, **kwargs: Any
    ) -> Optional[Dict[Text, Any]]:
        """The response with its slots filled in, None if there is none of that name."""
        if utter_action not in self.responses:
            log.error(
                "domain.yml has no response %s; nothing is said in its place. Add it, or mend its name.", utter_action
            )
            return None
        slots = tracker.current_slot_values()
        fitting: List[Dict[Text, Any]] = ResponseVariationFilter(self.responses).responses_for_utter_action(
            utter_action, output_channel, slots
        )
        if not fitting:
            return None
        chosen = copy.deepcopy(self._freshest(utter_action, fitting))
        # Not with Rasa's interpolator: where a name is missing it logs all values, and those are a person's words.
        chosen["text"] = _filled(str(chosen.get("text") or ""), {**slots, **kwargs})
        return chosen

    @staticmethod
    def _freshest(utter_action: Text, fitting: List[Dict[Text, Any]]) -> Dict[Text, Any]:
        turn = current_turn()
        if turn is None or len(fitting) == 1:
            return fitting[0]
        said = turn.said()
        keys = [f"{utter_action}/{zlib.crc32(str(variation.get('text')).encode()):08x}" for variation in fitting]
        never = max(said.values(), default=0) + 1
        start = zlib.crc32(turn.conversation_id.encode()) % len(fitting)
        best = max(
            range(len(fitting)), key=lambda index: (said.get(keys[index], never), -((index - start) % len(fitting)))
        )
        turn.note_said(keys[best])
        return fitting[best]


def _filled(text: Text, values: Dict[Text, Any]) -> Text:
    """The text with its {names} replaced; a name without a value leaves nothing."""
    return _NAME.sub(lambda found: str(values.get(found.group(1)) or ""), text)
