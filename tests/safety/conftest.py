"""One gate for all safety tests: loading takes longer than any test."""

from __future__ import annotations

import pytest

from bot.safety.gate import Gate
from tests.safety.lists import DATA


@pytest.fixture(scope="session")
def gate() -> Gate:
    return Gate.load(DATA)
