"""The planned runner gives just what Rasa's own gives, and runs only what is asked for."""

from __future__ import annotations

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner

from bot.engine.agent import RasaEngine
from bot.engine.runner import PlannedRunner


def _dask(planned: PlannedRunner) -> DaskGraphRunner:
    """Rasa's runner over the same loaded nodes."""
    runner = DaskGraphRunner.__new__(DaskGraphRunner)
    runner._graph_schema = planned._schema
    runner._instantiated_nodes = planned.nodes
    runner._execution_context = None
    return runner


@pytest.mark.parametrize("text", ["he never looks up from his phone", "yes", "an idea please", "/stop", "🙃"])
def test_a_message_is_understood_as_rasas_own_runner_understands_it(engine: RasaEngine, text: str) -> None:
    planned = engine._processor.graph_runner
    target = [engine._processor.model_metadata.nlu_target]
    given = {"__message__": [UserMessage(text, sender_id="runner")], "__tracker__": None}
    ours = planned.run(inputs=given, targets=target)
    theirs = _dask(planned).run(inputs=given, targets=target)
    assert list(ours) == list(theirs) == target
    for message, other in zip(ours[target[0]], theirs[target[0]], strict=True):
        assert message.get("intent_ranking") == other.get("intent_ranking")
        assert (message.get("intent"), message.get("text")) == (other.get("intent"), other.get("text"))


def test_a_missing_input_is_named(engine: RasaEngine) -> None:
    with pytest.raises(GraphRunError, match="__message__"):
        engine._processor.graph_runner.run(inputs={}, targets=[engine._processor.model_metadata.nlu_target])
