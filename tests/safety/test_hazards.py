"""The hazard log names tests that exist: a control that nothing shows is a wish."""

from __future__ import annotations

import re

from bot.settings import PROJECT

LOG = (PROJECT / "docs" / "hazards.md").read_text(encoding="utf-8")


def test_every_hazard_names_a_test_that_exists() -> None:
    rows = [line for line in LOG.splitlines() if re.match(r"\| H\d+ ", line)]
    named = [re.search(r"`(tests/[\w/]+\.py)::(test_\w+)`", row) for row in rows]
    assert len(rows) >= 16 and all(named)
    missing = [
        found[0]
        for found in named
        if found and f"def {found[2]}(" not in (PROJECT / found[1]).read_text(encoding="utf-8")
    ]
    assert missing == []
