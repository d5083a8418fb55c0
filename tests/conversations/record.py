"""Writes what the coach says today into dialogues: python -m tests.conversations.record [FILE ...]."""

from __future__ import annotations

import logging
import sys
import tempfile
from pathlib import Path

from bot.engine.model import load_engine, prepare_model
from tests.conversations.player import FOLDER, Player, Script


def main() -> None:
    logging.disable(logging.WARNING)
    engine = load_engine(prepare_model())
    for file in [Path(name) for name in sys.argv[1:]] or sorted(FOLDER.glob("*.txt")):
        script = Script.read(file)
        with tempfile.TemporaryDirectory() as home:
            player = Player(Path(home), engine, file.stem)
            for step in script.steps:
                step.answers = player.play(step.given)
            player.close()
        file.write_text(script.written(), encoding="utf-8")
        print(f"{file.name}: {len(script.steps)} steps")


if __name__ == "__main__":
    main()
