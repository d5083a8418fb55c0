"""Writes what the coach says today into dialogues: python -m tests.conversations.record [FILE ...].

Three of them stand in docs/dialogues.md as well, where a reader looks; they are written there, too.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from pathlib import Path

from bot.engine.model import load_engine, prepare_model
from bot.settings import PROJECT
from tests.conversations.player import FOLDER, Player, Script

PAGE = PROJECT / "docs" / "dialogues.md"
#: The dialogues of the page, with what is said above each.
SHOWN = {
    "pattern-with-tears": "The pattern without blame, and tears in the middle of it. Nothing is hurried.",
    "gentle-words-typed": "From a complaint to a request, in the person's own words. Nothing is ever sent.",
    "four-days-small-steps": "Four days: a small kindness, one that didn't happen, and a smaller one that did.",
}
_ABOUT = """# Three whole dialogues

As the coach says them today: a test plays them through the real path. The people are invented. `[Buttons]` can be typed
as well; a line such as `-- 25 hours later --` moves the clock. Many more stand in
[tests/conversations](../tests/conversations).
"""


def page() -> str:
    """The text of docs/dialogues.md."""
    parts = [_ABOUT]
    for name, about in SHOWN.items():
        title, _, talk = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").partition("\n\n")
        parts.append(f"## {title.removeprefix('# ')}\n\n{about}\n\n```\n{talk}```\n")
    return "\n".join(parts)


def main() -> None:
    logging.disable(logging.WARNING)
    engine = load_engine(prepare_model())
    for file in [Path(name) for name in sys.argv[1:]] or sorted(FOLDER.glob("*.txt")):
        script = Script.read(file)
        with tempfile.TemporaryDirectory() as home:
            player = Player(Path(home), engine, file.stem)
            try:
                for step in script.steps:
                    step.answers = player.play(step.given)
            except AssertionError as error:  # a button that isn't there any more; what was played shows where
                print(f"{file.name}: stopped. {error}")
            finally:
                player.close()
        file.write_text(script.written(), encoding="utf-8")
        print(f"{file.name}: {len(script.steps)} steps")
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
