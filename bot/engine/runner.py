"""Runs Rasa's trained graph in an order worked out once, instead of handing it to dask for every message."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Text, Tuple

from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage

__all__ = ["PlannedRunner"]


class PlannedRunner(GraphRunner):
    """The nodes of a loaded graph, run one after the other; the same results as Rasa's runner.

    Dask sorts the graph and copies its parts into a state of its own at every run: a tenth of a turn.

    Args:
        loaded: Rasa's runner, whose nodes are used from now on.
    """

    def __init__(self, loaded: DaskGraphRunner) -> None:
        self._schema: GraphSchema = loaded._graph_schema
        self.nodes: Dict[Text, GraphNode] = loaded._instantiated_nodes
        self._plans: Dict[Tuple[Text, ...], List[Tuple[GraphNode, Text, List[Text]]]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: Optional[List[GraphNodeHook]] = None,
    ) -> PlannedRunner:
        """Load the nodes and plan over them."""
        return cls(DaskGraphRunner.create(graph_schema, model_storage, execution_context, hooks))

    def run(self, inputs: Optional[Dict[Text, Any]] = None, targets: Optional[List[Text]] = None) -> Dict[Text, Any]:
        """What the targets give, by name.

        Args:
            inputs: values that nodes need and no node makes, by name.
            targets: names of nodes; without them the graph's own.
        """
        wanted = tuple(targets if targets else self._schema.target_names)
        if wanted not in self._plans:
            self._plans[wanted] = self._plan(wanted)
        made: Dict[Text, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        for node, name, needs in self._plans[wanted]:
            made[name] = node(*[made.get(need, need) for need in needs])
        return dict(made[name] for name in wanted)

    def _plan(self, wanted: Tuple[Text, ...]) -> List[Tuple[GraphNode, Text, List[Text]]]:
        """Every node that the targets need, each after what it needs itself."""
        schema = self._schema.minimal_graph_schema(list(wanted))
        plan: List[Tuple[GraphNode, Text, List[Text]]] = []
        seen: set[Text] = set()

        def add(name: Text) -> None:
            if name in seen or name not in schema.nodes:
                return
            seen.add(name)
            needs = list(schema.nodes[name].needs.values())
            for need in needs:
                add(need)
            plan.append((self.nodes[name], name, needs))

        for name in wanted:
            add(name)
        return plan
