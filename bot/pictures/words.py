"""What stands on the pictures: data/pictures.yml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from bot.content import yaml_files
from bot.errors import ContentError
from bot.settings import PROJECT

__all__ = ["words_on"]

_FILE: Final = PROJECT / "data" / "pictures.yml"


@lru_cache(maxsize=4)
def words_on(picture: str, file: Path = _FILE) -> Mapping[str, str]:
    """The words of one picture, by name.

    Raises:
        ContentError: the file is missing, isn't YAML, or knows no such picture.
    """
    loaded = yaml_files.load(file)
    found = loaded.get(picture) if isinstance(loaded, dict) else None
    if not isinstance(found, dict):
        raise ContentError(f"{file} has no words for the picture {picture}. Put them back from the repository.")
    return {str(name): str(text["text"] if isinstance(text, dict) else text) for name, text in found.items()}
