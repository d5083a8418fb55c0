"""While a script runs, its next step comes next; a question in between is answered, then back."""

from __future__ import annotations

from typing import Any, Dict, Final, Optional, Text

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.certain_policy import CertainPolicy
from bot.memory.turn import Turn, current_turn
from bot.scripts.known import themes
from bot.scripts.running import is_going_on, is_taking_back

__all__ = ["STEP", "ScriptPolicy"]

STEP: Final = "action_script_step"
#: What the clock and a code say.
_BEGIN: Final = frozenset({"begin_script", "script_due"})
#: Questions to the coach that are answered in between.
_BETWEEN: Final = frozenset({"bot_challenge", "ask_privacy", "ask_help", "ask_remembered"})
#: Wishes that lead out of one of the coach's own scripts, whose place is kept; the first of them out of any.
_FORGETS: Final = frozenset({"ask_forget", "confirm_forget"})
_LEADS_AWAY: Final = frozenset(
    "ask_just_listen show_steps ask_ideas ask_pattern ask_turn_toward ask_check_in ask_something_new ask_questions "
    "ask_mirror ask_kindness ask_gentle_words ask_company ask_cheer ask_change_reminder".split()
)
_SURE: Final = 0.5
_SURE_TO_LEAVE: Final = 0.65
_SHORT: Final = 12
_THANKS: Final = 4


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
        if turn.script_runs and _leads_away(turn, message):
            turn.pause_script()
            return None
        return STEP if turn.script_runs or is_going_on(text) else None


def _is_between(message: Any) -> bool:
    """A short question to the coach itself, or a thank-you."""
    text = str(message.text or "")
    if message.intent_name == "thanks":
        return text.casefold().startswith(("thank", "thx", "ok thank")) and len(text.split()) <= _THANKS
    if message.intent_name not in _BETWEEN:
        return False
    sure = float((message.intent or {}).get("confidence") or 0.0) >= _SURE
    return text.startswith("/") or (sure and "?" in text and len(text.split()) <= _SHORT)


def _leads_away(turn: Turn, message: Any) -> bool:
    """Whether a message is no answer to the script's question, and wants something else of the coach."""
    text = str(message.text or "")
    sure = float((message.intent or {}).get("confidence") or 0.0) >= _SURE_TO_LEAVE
    if not sure or len(text.split()) > _SHORT or text in [button["title"] for button in turn.last_offer()]:
        return False
    if message.intent_name in _FORGETS:
        return True
    if not turn.state["script"].get("own"):
        return False
    return message.intent_name == "goodbye" or (message.intent_name in _LEADS_AWAY and themes().is_wish(text))
