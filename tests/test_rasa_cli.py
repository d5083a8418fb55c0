"""Toward is an ordinary Rasa project: its validator finds nothing, and the actions run without Toward around them."""

from __future__ import annotations

import asyncio
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.validator import Validator
from rasa_sdk.executor import ActionExecutor

import actions
from bot.content.nlu import read_nlu
from bot.engine.second_guard import DANGER
from bot.memory import turn as turns
from bot.memory.crypto import MasterKey
from bot.memory.database import Database
from bot.memory.models import ConversationRow, PersonRow
from bot.memory.turn import use_database
from bot.settings import PROJECT

#: Rasa sees neither the responses that custom actions say, nor the intents that only buttons and the clock use.
SAID_BY_ACTIONS = re.compile(r"The utterance '((?:say|utter)_\w+)' is not used in any story or rule\.")
FROM_BUTTONS = re.compile(
    r"The intent '(\w+)' is listed in the domain file, but is not found in the NLU training data\."
)
#: The second guard's policy answers this intent; no rule may.
FROM_GUARD = "The intent 'danger' is not used in any story or rule."


def test_rasa_data_validate_finds_no_error_and_warns_only_of_what_it_can_not_see() -> None:
    importer = TrainingDataImporter.load_from_config(
        str(PROJECT / "config.yml"), str(PROJECT / "domain.yml"), [str(PROJECT / "data")]
    )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        validator = Validator.from_importer(importer)
        assert validator.verify_domain_validity()
        assert validator.verify_actions_in_stories_rules()
        assert validator.verify_slot_mappings()
        assert validator.verify_nlu()
        assert validator.verify_story_structure()
    said = [str(warning.message).splitlines()[0] for warning in caught if warning.category is UserWarning]
    said = [line for line in said if not line.startswith("Slot auto-fill has been removed")]  # a note to all its users
    unseen = [line for line in said if not SAID_BY_ACTIONS.match(line) and not FROM_BUTTONS.match(line)]
    assert unseen == [FROM_GUARD]


def test_every_response_is_named_in_a_rule_or_an_action() -> None:
    rules = "".join((PROJECT / "data" / name).read_text(encoding="utf-8") for name in ("rules.yml", "stories.yml"))
    responses = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))["responses"]
    code = "".join(
        file.read_text(encoding="utf-8") for folder in ("actions", "bot") for file in (PROJECT / folder).rglob("*.py")
    )
    # An action may put a name together: say_reflect_ + theme; the second guard, utter_danger_ + topic and level.
    prefixes = set(re.findall(r"""["']((?:say|utter)_[a-z_]+_){""", code))
    unused = [
        name
        for name in responses
        if name not in code + rules and not any(name.startswith(prefix) for prefix in prefixes)
    ]
    assert unused == []


def test_every_intent_without_examples_is_on_a_button_or_comes_from_the_program() -> None:
    domain = (PROJECT / "domain.yml").read_text(encoding="utf-8")
    code = "".join(
        file.read_text(encoding="utf-8") for folder in ("actions", "bot") for file in (PROJECT / folder).rglob("*.py")
    )
    intents = {next(iter(each)) if isinstance(each, dict) else each for each in yaml.safe_load(domain)["intents"]}
    unsaid = intents - set(read_nlu(PROJECT / "data")) - {"nlu_fallback", "out_of_scope", DANGER}
    assert sorted(name for name in unsaid if f"/{name}" not in domain and f"/{name}" not in code) == []


@pytest.fixture
def own_database(tmp_path: Path, master: MasterKey) -> Iterator[Database]:
    """What `rasa run actions` works in, instead of the database of the settings."""
    opener = turns._database
    database = Database(f"sqlite:///{tmp_path / 'toward.db'}", master)
    database.upgrade()
    use_database(lambda: database)
    yield database
    turns._database = opener
    database.close()


def asked(action: str, intent: str, who: str) -> dict[str, Any]:
    """What Rasa sends to an action server."""
    message = {"text": f"/{intent}", "intent": {"name": intent, "confidence": 1.0}, "entities": []}
    tracker = {"sender_id": who, "slots": {}, "latest_message": message, "events": [], "active_loop": {}}
    return {"next_action": action, "sender_id": who, "tracker": tracker, "domain": {}}


@pytest.mark.parametrize(("who", "conversation_id"), [("web:anna", "web:anna"), ("bob", "shell:bob")])
def test_an_action_outside_a_turn_commits_what_it_remembers(
    own_database: Database, who: str, conversation_id: str
) -> None:
    executor = ActionExecutor()
    executor.register_package("actions")
    for _ in range(2):
        answer = asyncio.run(executor.run(asked("action_remember_consent", "agree_remember", who)))
        assert answer is not None
        assert answer["responses"][0]["response"] == "say_consent_yes"
    with own_database.session() as session:
        conversation = session.get(ConversationRow, conversation_id)
        assert conversation is not None
        person = session.get(PersonRow, conversation.person_id)
        assert person is not None
        assert person.consented_at is not None


def test_forget_me_forgets_outside_a_turn_too(own_database: Database) -> None:
    executor = ActionExecutor()
    executor.register_package("actions")
    asyncio.run(executor.run(asked("action_remember_consent", "agree_remember", "bob")))
    asyncio.run(executor.run(asked("action_forget", "confirm_forget", "bob")))
    with own_database.session() as session:
        assert session.get(ConversationRow, "shell:bob") is None


def test_importing_the_actions_says_where_their_database_is() -> None:
    assert turns._database is actions._database
