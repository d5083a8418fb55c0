"""While a counsellor's script runs, its next step comes next; a question in between is answered, then back."""

from __future__ import annotations

from typing import Any, Dict, Final, Optional, Text

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.certain_policy import CertainPolicy
from bot.memory.turn import current_turn
from bot.scripts.running import is_going_on, is_taking_back

__all__ = ["STEP", "ScriptPolicy"]

STEP: Final = "action_script_step"
#: What the clock and a code say.
_BEGIN: Final = frozenset({"begin_script", "script_due"})
#: Questions to the coach that are answered in between.
_BETWEEN: Final = frozenset({"bot_challenge", "ask_privacy", "ask_help", "ask_remembered"})
_SURE: Final = 0.5
_SHORT: Final = 12


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class ScriptPolicy(CertainPolicy):
    """Predicts `action_script_step` for everything that is said to a running script, and nothing otherwise."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Below danger, above rules and forms."""
        return {"priority": 90}

    def next_action(self, tracker: DialogueStateTracker) -> Optional[Text]:
        """The script's step where one runs or begins; listening after it."""
        turn, message = current_turn(), tracker.latest_message
        if turn is None or message is None:
            return None
        if tracker.latest_action_name == STEP:
            return str(ACTION_LISTEN_NAME)
        if tracker.latest_action_name != ACTION_LISTEN_NAME:
            # Something in between was answered: back to the open question.
            return STEP if turn.script_runs and _is_between(message) else None
        text = str(message.text or "")
        if message.intent_name in _BEGIN or is_taking_back(text):
            return STEP
        if "script" not in turn.state or _is_between(message):
            return None
        return STEP if turn.script_runs or is_going_on(text) else None


def _is_between(message: Any) -> bool:
    """A short question to the coach itself."""
    text = str(message.text or "")
    if message.intent_name not in _BETWEEN:
        return False
    sure = float((message.intent or {}).get("confidence") or 0.0) >= _SURE
    return text.startswith("/") or (sure and "?" in text and len(text.split()) <= _SHORT)
