"""Keeps TensorFlow out of the process: importing Rasa costs 9 s and 530 MB with it, a third of that without.

Rasa 3.6 imports TensorFlow from modules that the default pipeline never runs (DIET, TED, the response selector). A
finder in `sys.meta_path` answers those imports with hollow stand-ins: they can be imported and subclassed, and they say
clearly what happened when somebody tries to use them. Rasa's own requirements stay untouched, so a config.yml that
names a TensorFlow component simply switches the finder off (`keep_out` returns False) and plain `rasa ...` never sees
it.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from pathlib import Path
from typing import Any, Final, Sequence

import yaml

__all__ = ["TENSORFLOW_COMPONENTS", "keep_out", "names_tensorflow"]

#: Components of Rasa's default recipe that compute with TensorFlow (or load weights through it).
TENSORFLOW_COMPONENTS: Final = frozenset(
    {
        "ConveRTFeaturizer",
        "DIETClassifier",
        "LanguageModelFeaturizer",
        "ResponseSelector",
        "TEDPolicy",
        "UnexpecTEDIntentPolicy",
    }
)

_TENSORFLOW: Final = ("tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras", "tf_keras")
#: What Rasa imports for its own server, channels, brokers and stores, none of which Toward uses; another second and 40
#: MB.
_SERVERS: Final = (
    "aiogram", "boto3", "botocore", "fbmessenger", "kafka", "matplotlib", "mattermostwrapper", "pika", "prompt_toolkit",
    "pymongo", "questionary", "redis", "rocketchat_API", "sanic", "sanic_cors", "sanic_jwt", "slack_sdk", "twilio",
    "webexteamssdk",
)  # fmt: skip
#: What only learning needs, and the components that need it to predict as well; another 40 MB.
_LEARNERS: Final = ("sklearn", "sklearn_crfsuite", "skops")
_LEARNED: Final = frozenset(
    {"CRFEntityExtractor", "LogisticRegressionClassifier", "SklearnIntentClassifier", "SklearnPolicy"}
)


class _HollowMeta(type):
    """Lets `tf.keras.layers.Layer` be looked up, subclassed, called as a decorator and joined in annotations."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _hollow(name)

    def __or__(cls, other: Any) -> Any:
        return cls

    def __getitem__(cls, item: Any) -> Any:
        return cls


def _hollow(name: str) -> Any:
    return _HollowMeta(name, (_Hollow,), {})


class _Hollow(metaclass=_HollowMeta):
    """What stands in for anything of TensorFlow."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._of = type(self).__name__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return args[0] if args else self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise RuntimeError(
            f"TensorFlow is kept out of this process, and something asked for {self._of}.{name}. "
            "Name the TensorFlow component in config.yml (then Toward loads it), or take it out of the pipeline."
        )


class _HollowModule(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _hollow(name)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, hollow: frozenset[str]) -> None:
        self._hollow = hollow

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.split(".")[0] in self._hollow:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        module = _HollowModule(spec.name)
        module.__dict__["__version__"] = "0.0.0"
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run: the module answers every name by itself."""


def names_tensorflow(config: Path) -> list[str]:
    """The TensorFlow components that a Rasa configuration names, in its order; empty if there are none.

    A file that can't be read counts as naming none: Rasa itself says what is wrong with it, and where.
    """
    return [name for name in _named(config) if name.split(".")[-1] in TENSORFLOW_COMPONENTS]


def _named(config: Path) -> list[str]:
    try:
        loaded = yaml.safe_load(config.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError):
        return []
    if not isinstance(loaded, dict):
        return []
    parts = [*(loaded.get("pipeline") or []), *(loaded.get("policies") or [])]
    return [str(part.get("name", "")) for part in parts if isinstance(part, dict)]


def keep_out(config: Path, *, learning: bool = True) -> bool:
    """Keep TensorFlow out of this process unless the configuration needs it.

    Must run before anything imports Rasa; a second call changes nothing.

    Args:
        config: Rasa's configuration.
        learning: False in a process that never trains; it does without scikit-learn, too, if no component needs it.

    Returns:
        True if TensorFlow is kept out, False if the configuration needs the real one (or it is already here).
    """
    if any(isinstance(finder, _Finder) for finder in sys.meta_path):
        return True
    if names_tensorflow(config) or "tensorflow" in sys.modules:
        return False
    hollow = frozenset(_TENSORFLOW + _SERVERS)
    if not learning and not _LEARNED.intersection(name.split(".")[-1] for name in _named(config)):
        hollow |= frozenset(_LEARNERS)
    sys.meta_path.insert(0, _Finder(hollow))
    return True
