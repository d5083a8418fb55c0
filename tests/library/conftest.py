"""The shipped library, and a copy of it that a test may break."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml

from bot.library import Shelf

SHIPPED = Path(__file__).parents[2] / "data" / "ideas"

Change = Callable[[list[dict[str, Any]]], object]
Edit = Callable[[str, Change], Path]


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    """The library as it ships."""
    return Shelf.load(SHIPPED)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped files."""
    return Path(copytree(SHIPPED, tmp_path / "ideas"))


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Changes the items of a file of the copy, or of each of "kindness/*.yml", and gives the folder back."""

    def change(file: str, how: Change) -> Path:
        for path in sorted(folder.glob(file)):
            items = yaml.safe_load(path.read_text(encoding="utf-8"))
            how(items)
            path.write_text(yaml.safe_dump(items, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return folder

    return change
