"""Rasa inside the turn: the tracker stays short, actions fail kindly, wording varies, TensorFlow stays out."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa_sdk import Action

from actions.common import CoachAction, Say
from bot.engine.agent import RasaEngine
from bot.engine.reply import Engine
from bot.engine.training import Sources, is_trained
from bot.engine.without_tensorflow import names_tensorflow
from bot.errors import ContentError, TrainingError
from bot.memory.attachments import Attachment
from bot.memory.models import ConversationRow, OutboxRow
from bot.memory.turn import Turn
from bot.settings import PROJECT
from tests.conversations.player import Player


@pytest.fixture
def player(engine: Engine, tmp_path: Path) -> Any:
    player = Player(tmp_path, engine, "engine-test")
    yield player
    player.close()


def tracker_size(player: Player) -> int:
    with player.house.database.session() as session:
        return len(session.get(ConversationRow, f"term:{player.name}").tracker)


def test_the_tracker_of_a_long_conversation_stays_short(player: Player) -> None:
    for number in range(30):
        player.play(f"and then on day {number} he sat there again with his phone")
    thirty = tracker_size(player)
    for number in range(30):
        player.play(f"the same once more in week {number}, we did not talk at dinner")
    assert tracker_size(player) < 1.6 * thirty


def test_what_was_answered_long_ago_in_a_form_is_not_lost_when_the_tracker_is_cut(player: Player) -> None:
    for line in ("help me see our pattern", "when he came in and said nothing at all"):
        player.play(line)
    for _ in range(14):
        player.play("why do you ask?")
    for line in ("sad", "i left the room", "he kept scrolling", "tired i guess", "work and the kids"):
        answers = player.play(line)
    assert any("When he came in" in answer for answer in answers)


def test_a_failing_action_answers_kindly_and_logs_no_words(
    engine: RasaEngine, player: Player, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ValueError("the person said: my secret sentence")

    logging.disable(logging.NOTSET)
    monkeypatch.setitem(engine.actions.executor.actions, "action_reflect", fails)
    answers = player.play("he never looks up from his phone when i come home")
    assert any("my side" in answer or "tripped" in answer for answer in answers)
    assert "action_reflect" in caplog.text and "secret" not in caplog.text


def test_an_action_can_be_added(engine: RasaEngine) -> None:
    class Added(Action):
        def name(self) -> str:
            return "action_added_by_a_test"

    engine.actions.register(Added())
    assert "action_added_by_a_test" in engine.actions.executor.actions


def test_a_picture_that_an_action_shows_goes_with_its_words_and_not_into_the_tracker(
    engine: RasaEngine, player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = Attachment("picture", "map.png", b"a map", "image/png", "Two arrows that go round.")

    class Shows(CoachAction):
        called = "action_reflect"

        def act(self, say: Say, turn: Turn) -> list[Any]:
            say("say_something_went_wrong", attachment=turn.attach(shown))
            say.plainly("And you?", [])
            return []

    monkeypatch.setitem(engine.actions.executor.actions, "action_reflect", Shows().run)
    monkeypatch.setattr(player.boxes, "_note_sent", lambda session, sent, at: None)  # what arrived is dropped
    player.play("he never looks up from his phone when i come home")
    with player.house.database.session() as session:
        files = [row.attachment for row in session.scalars(sa.select(OutboxRow).order_by(OutboxRow.id))]
        tracker = session.get(ConversationRow, f"term:{player.name}").tracker
    assert files[-2:] == [shown.as_json(), None]
    assert "map.png" not in tracker and "attachment 1" in tracker


def test_every_action_of_the_domain_is_there(engine: RasaEngine) -> None:
    named = {name for name in engine.domain.user_actions if name.startswith(("action_", "validate_"))}
    assert named <= set(engine.actions.executor.actions)


def test_every_text_that_an_action_says_is_in_the_domain(engine: RasaEngine) -> None:
    import re

    code = "".join(file.read_text(encoding="utf-8") for file in (PROJECT / "actions").glob("*.py"))
    for name in re.findall(r'"((?:say|utter)_[a-z_]+)"', code):
        assert name in engine.domain.responses or name in ("say_",), name
    said = set(
        re.findall(
            r"\b((?:say|utter)_[a-z_]+)",
            code + (PROJECT / "bot/engine/agent.py").read_text() + (PROJECT / "bot/engine/actions.py").read_text(),
        )
    )
    rules = (PROJECT / "data" / "rules.yml").read_text(encoding="utf-8")
    dynamic = ("say_ask_", "say_why_", "say_circle_", "say_weeks_", "utter_danger_")
    unused = [
        name
        for name in engine.domain.responses
        if name not in said and name not in rules and not name.startswith(dynamic)
    ]
    assert unused == []


def test_a_missing_model_is_said_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="toward train"):
        RasaEngine(tmp_path / "none.tar.gz")


def test_a_damaged_model_is_said_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "bad.tar.gz").write_bytes(b"not a model")
    with pytest.raises(TrainingError, match="toward train"):
        RasaEngine(tmp_path / "bad.tar.gz")


def test_training_is_skipped_until_something_changes(engine: Engine, tmp_path: Path) -> None:
    import shutil

    for name in ("config.yml", "domain.yml", "data", "models"):
        source = PROJECT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    shutil.copytree(PROJECT / "bot" / "understanding", tmp_path / "bot" / "understanding")
    assert is_trained(Sources(tmp_path))
    with (tmp_path / "data" / "nlu.yml").open("a", encoding="utf-8") as file:
        file.write("\n# one more line\n")
    assert not is_trained(Sources(tmp_path))


def test_a_broken_nlu_file_is_named_with_line_and_cure(tmp_path: Path) -> None:
    from bot.content.nlu import read_nlu

    (tmp_path / "nlu.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: a\n  examples: |\n    - x\n bad: [', encoding="utf-8"
    )
    with pytest.raises(ContentError, match=r"nlu\.yml.*6|line 6"):
        read_nlu(tmp_path)


def test_tensorflow_is_named_only_where_the_configuration_needs_it(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text("pipeline:\n- name: DIETClassifier\npolicies:\n- name: TEDPolicy\n", encoding="utf-8")
    assert names_tensorflow(config) == ["DIETClassifier", "TEDPolicy"]
    assert names_tensorflow(PROJECT / "config.yml") == []
    config.write_text("pipeline: [", encoding="utf-8")
    assert names_tensorflow(config) == []


def test_serving_and_training_never_import_tensorflow() -> None:
    code = (
        "import sys; from bot.engine.model import load_engine; from bot.engine.training import Sources;"
        "from bot.settings import PROJECT;"
        "load_engine(Sources(PROJECT).model);"
        "import rasa.model_training;"
        "real = [name for name, module in sys.modules.items()"
        " if name.split('.')[0] in ('tensorflow', 'keras') and getattr(module, '__file__', None)];"
        "print(real); sys.exit(len(real))"
    )
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=PROJECT, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stdout + run.stderr[-2000:]


def test_what_stands_in_for_tensorflow_says_so_when_it_is_used() -> None:
    code = (
        "from pathlib import Path; from bot.engine.without_tensorflow import keep_out; keep_out(Path('config.yml'));"
        "import tensorflow as tf; layer = tf.keras.layers.Dense(3); layer.build"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, timeout=60)
    assert run.returncode != 0 and "Name the TensorFlow component in config.yml" in run.stderr
