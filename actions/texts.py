"""Texts of domain.yml that stand within other texts."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Dict, List, Text

import yaml

from bot.settings import PROJECT

__all__ = ["buttons_of", "left_open", "wordings_of", "words_of"]


@lru_cache(maxsize=1)
def _domain() -> Dict[Text, Any]:
    loaded: Dict[Text, Any] = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
    return loaded


def left_open() -> str:
    """What stands where a question was skipped."""
    return words_of("say_skipped")


def words_of(response: str) -> str:
    """The text of a response that is put into another one."""
    return str(_domain()["responses"][response][0]["text"])


def wordings_of(response: str) -> List[str]:
    """All the texts of a response that is put into another one."""
    return [str(wording["text"]) for wording in _domain()["responses"][response]]


def buttons_of(response: str) -> List[Dict[Text, Text]]:
    """The buttons of a response, to stand under another one too."""
    return list(_domain()["responses"][response][0]["buttons"])
