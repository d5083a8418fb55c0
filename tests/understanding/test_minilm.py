"""The sentence encoder: the same words have the same vector, and what they mean decides how near two vectors are."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from bot.errors import TrainingError
from bot.understanding import minilm
from bot.understanding.graph import write_graph
from bot.understanding.minilm import DIMENSIONS, TUNED, Encoder, encoder_name, package, shared_encoder, word_pieces
from bot.understanding.weights import Tuned, package_weights

TEXTS = [
    "he never looks up from his phone",
    "dinner went cold again",
    "good evening",
    "?",
    "we sat in the car for an hour",
]


def test_the_same_words_have_the_same_vector_alone_and_among_others() -> None:
    fresh = Encoder()
    together = fresh.encode(TEXTS)
    for text, vector in zip(TEXTS, together, strict=True):
        assert np.array_equal(Encoder.encode(fresh, [text])[0], vector)
        assert np.array_equal(fresh._compute(text), vector)


def test_vectors_are_as_long_as_one_and_nothing_said_is_zero() -> None:
    vectors = shared_encoder().encode([*TEXTS, "", "   "])
    assert vectors.shape == (len(TEXTS) + 2, DIMENSIONS)
    assert np.allclose(np.linalg.norm(vectors[: len(TEXTS)], axis=1), 1.0, atol=1e-5)
    assert not vectors[len(TEXTS) :].any()


def test_the_same_scene_in_other_words_is_nearer_than_another_scene() -> None:
    phone, screen, soup = shared_encoder().encode(
        [
            "he never looks up from his phone",
            "my husband stares at his screen all evening",
            "how long do I boil an egg?",
        ]
    )
    assert phone @ screen > phone @ soup + 0.2


def test_what_was_begun_ahead_is_not_computed_again() -> None:
    encoder = Encoder()
    computed: list[str] = []
    compute = encoder._compute

    def counted(text: str) -> minilm.Vectors:
        computed.append(text)
        return compute(text)

    encoder._compute = counted  # type: ignore[method-assign]
    encoder.ahead(TEXTS)
    encoder.encode(TEXTS)
    encoder.encode(TEXTS)
    assert sorted(computed) == sorted(TEXTS)


def test_what_failed_once_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = Encoder()
    with monkeypatch.context() as broken:
        broken.setattr(encoder, "_compute", lambda text: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            encoder.encode(["hi"])
    assert encoder.encode(["hi"]).any()


def test_the_words_themselves_are_not_kept() -> None:
    encoder = Encoder()
    encoder.encode(["a secret that nobody should find in memory"])
    assert all(isinstance(key, bytes) and b"secret" not in key for key in encoder._kept)


def test_many_people_at_once_get_their_own_vectors() -> None:
    encoder, wanted = Encoder(), {text: shared_encoder().encode([text])[0] for text in TEXTS}
    wrong: list[str] = []

    def ask(text: str) -> None:
        for _ in range(20):
            if not np.array_equal(encoder.encode([text])[0], wanted[text]):
                wrong.append(text)

    threads = [threading.Thread(target=ask, args=(text,)) for text in TEXTS * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_quick_graph_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "_MADE", tmp_path / "models")
    quick = Encoder().encode(TEXTS)
    assert [file.suffix for file in (tmp_path / "models").iterdir()] == [".onnx"]
    monkeypatch.setattr(minilm, "write_graph", lambda *given: pytest.fail("made a second time"))
    assert np.array_equal(Encoder().encode(TEXTS), quick)


def test_the_quick_graph_means_what_the_package_means_where_nothing_was_tuned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import onnxruntime

    write_graph(package_weights(package()), 256, tmp_path / "untuned.onnx")
    monkeypatch.setattr(minilm, "_session", lambda: minilm._opened(tmp_path / "untuned.onnx"))
    quick = Encoder().encode(TEXTS)
    slow = onnxruntime.InferenceSession(str(package()), providers=["CPUExecutionProvider"])
    for vector, pieces in zip(quick, word_pieces(TEXTS), strict=True):
        ids = np.array([pieces], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        mean = slow.run(None, given)[0][0].mean(axis=0)
        assert vector @ (mean / np.linalg.norm(mean)) > 0.94


def test_where_the_quick_graph_cannot_be_kept_it_is_made_for_the_process_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models").write_text("a file stands where the folder should be")
    monkeypatch.setattr(minilm, "_MADE", tmp_path / "models")
    assert np.array_equal(Encoder().encode(TEXTS), shared_encoder().encode(TEXTS))


def test_a_broken_graph_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "_MADE", tmp_path)
    (tmp_path / f"encoder-{encoder_name()}.onnx").write_bytes(b"no graph")
    with pytest.raises(TrainingError, match="Delete the file and start again"):
        Encoder()


def test_tuned_layers_survive_being_written_in_eight_bits(tmp_path: Path) -> None:
    shipped = Tuned.load(TUNED)
    shipped.save(tmp_path / "again.npz")
    again = Tuned.load(tmp_path / "again.npz")
    assert again.lessons == shipped.lessons
    for name, value in shipped.layers.items():
        assert np.abs(again.layers[name] - value).max() <= np.abs(value).max() / 127, name


@pytest.mark.parametrize("content", [None, b"no weights"])
def test_missing_or_broken_layers_are_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "tuned.npz").write_bytes(content)
    with pytest.raises(TrainingError, match="toward tune"):
        Tuned.load(tmp_path / "tuned.npz")
