"""The sentence encoder's weights: taken out of the package's graph, and the six layers as they were tuned to Toward.

A mapping from names (`encoder.layer.0.attention.self.query.weight`, ...) to arrays; products are `state @ weight +
bias`, so a weight has a row for each number that comes in. Tuned layers are kept in 8 bits, a scale for each column.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from bot.errors import TrainingError

__all__ = ["EMBEDDINGS", "Tuned", "check", "package_weights"]

Array = npt.NDArray[Any]

#: What the names of word and place vectors begin with; tuning leaves them as they are.
EMBEDDINGS: Final = "embeddings."
_PACKAGE: Final = "inner."
_SCALE: Final = ".scale"


@dataclass(frozen=True)
class Tuned:
    """What tuning learned.

    Attributes:
        layers: the layers' weights by their names, 32 bits.
        lessons: fingerprint of what it was learned from.
    """

    layers: Mapping[str, Array]
    lessons: str

    def save(self, file: Path) -> None:
        """Write it: the layers in 8 bits, without pickle."""
        stored: dict[str, Array] = {"lessons": np.array(self.lessons)}
        for name, value in self.layers.items():
            if value.ndim == 2:
                scale = np.maximum(np.abs(value).max(axis=0), 1e-9) / 127
                stored[name], stored[name + _SCALE] = np.round(value / scale).astype(np.int8), scale.astype(np.float32)
            else:
                stored[name] = value.astype(np.float32)
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(file, **stored)

    @classmethod
    def load(cls, file: Path) -> Tuned:
        """Read it.

        Raises:
            TrainingError: the file is missing or broken.
        """
        try:
            with np.load(file, allow_pickle=False) as archive:
                stored = dict(archive.items())
            lessons = str(stored.pop("lessons"))
            layers = {
                name: value.astype(np.float32) * stored[name + _SCALE] if value.dtype == np.int8 else value
                for name, value in stored.items()
                if not name.endswith(_SCALE)
            }
        except (OSError, ValueError, KeyError) as error:
            raise TrainingError(
                f"{file} can't be read ({type(error).__name__}). Restore it from the repository, "
                "or make it again with: toward tune"
            ) from error
        return cls(layers, lessons)


def package_weights(source: Path) -> dict[str, Array]:
    """The weights in the package's ONNX file, as 32 bit numbers.

    The file keeps them in 8 bits under names that say nothing; onnxruntime turns them into 32 bits, and each is found
    by the bias, which has a name, that is added to its product.
    """
    import onnx
    from onnx import numpy_helper

    graph = onnx.load_from_string(_in_32_bits(source)).graph
    values = {each.name: each for each in graph.initializer}
    found = {
        name.removeprefix(_PACKAGE): numpy_helper.to_array(value)
        for name, value in values.items()
        if name.startswith(_PACKAGE) and value.data_type == onnx.TensorProto.FLOAT
    }
    maker = {output: node for node in graph.node for output in node.output}
    for node in graph.node:
        bias = next((name for name in node.input if name.startswith(_PACKAGE) and name.endswith(".bias")), None)
        if node.op_type == "Add" and bias is not None:
            product = maker[next(name for name in node.input if name != bias)]
            weight = next(name for name in product.input if name in values)
            found[bias.removeprefix(_PACKAGE).removesuffix("bias") + "weight"] = numpy_helper.to_array(values[weight])
    return found


def check(file: Path, sha256: str) -> None:
    """Whether a file is the one that was checked.

    Raises:
        TrainingError: it is missing or another.
    """
    try:
        found = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise TrainingError(
            f"The sentence encoder's file {file.name} can't be read ({error}). Run `uv sync --reinstall`."
        ) from error
    if found != sha256:
        raise TrainingError(
            f"The sentence encoder's file {file.name} is not the one that was checked. Run `uv sync --reinstall`."
        )


def _in_32_bits(source: Path) -> bytes:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = 3
    with tempfile.TemporaryDirectory() as folder:
        options.optimized_model_filepath = str(Path(folder) / "plain.onnx")
        onnxruntime.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])
        return Path(options.optimized_model_filepath).read_bytes()
