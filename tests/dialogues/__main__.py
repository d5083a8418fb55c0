"""`make dialogues`: sixty simulated people talk to the trained coach, and the linter reads along.

Prints the linter's table and every breach; writes reports/dialogues.json. Exit status 1 where a rule was broken, where
somebody was left without an answer, or where one of the ways was never reached. `--show N` prints one dialogue.
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Final

from bot.content.transcripts import RULE_NAMES, Breach, Exchange, Figures, Transcript, breaches_of, figures_of
from bot.engine.model import load_engine, prepare_model
from bot.engine.reply import Engine
from bot.settings import PROJECT
from tests.conversations.player import Player
from tests.dialogues.person import GOALS, Person

__all__ = ["REACHED", "main", "play"]

PEOPLE: Final = 60
REPORT: Final = PROJECT / "reports" / "dialogues.json"
#: Words by which it is seen that a way was reached.
REACHED: Final = {
    "pattern": ("keeps happening", "draw it in words", "you'll see it whole"),
    "bids": ("called bids", "A bid is a small reach", "Those are bids"),
    "check-in": ("15 minutes", "Fifteen minutes"),
    "novelty": ("wake two people up", "out of the usual", "haven't done for a while"),
    "kindness": ("small kindnesses", "Small ones, on purpose", "without anyone asking"),
    "curiosity": ("stop asking", "good question lets", "Being asked is", "Which one would you like to ask", "openers"),
    "gently": ("can be heard", "don't start a fight", "look for words together"),
    "lonely": ("keep you company", "get through this hour", "one breath at a time"),
    "cheer": ("brings good news", "Sharing in joy"),
    "listen": ("I'll listen", "put the ideas away", "Nothing needs to be fixed"),
}


def play(engine: Engine, seed: int) -> Transcript:
    """One person's whole dialogue."""
    person = Person(seed)
    exchanges: list[Exchange] = []
    with tempfile.TemporaryDirectory() as home:
        player = Player(Path(home), engine, f"person{seed}")
        try:
            texts: list[str] = []
            buttons: list[str] = []
            while (given := person.next(texts, buttons)) is not None:
                before = len(player.turns)
                player.play(given)
                bubbles = [bubble for turn in player.turns[before:] for bubble in turn]
                exchanges.append(
                    Exchange(
                        given,
                        tuple(bubble.text for bubble in bubbles),
                        tuple(title for bubble in bubbles for title in bubble.buttons),
                    )
                )
                if bubbles:
                    texts, buttons = [bubble.text for bubble in bubbles], list(bubbles[-1].buttons)
        finally:
            player.close()
    return Transcript(f"{seed:02} {person.name}", tuple(exchanges))


def written(transcript: Transcript) -> str:
    """A dialogue as one reads it."""
    lines = [f"# {transcript.name}"]
    for exchange in transcript.exchanges:
        lines.append(exchange.given if exchange.given.startswith("--") else f"you: {exchange.given}")
        lines += [f"bot: {' '.join(bubble.split())}" for bubble in exchange.bubbles]
        if exchange.buttons:
            lines.append("     " + " ".join(f"[{title}]" for title in exchange.buttons))
    return "\n".join(lines)


def reached(transcripts: list[Transcript]) -> Counter[str]:
    """In how many dialogues each of the ways was reached."""
    found: Counter[str] = Counter(dict.fromkeys(GOALS, 0))
    for transcript in transcripts:
        said = " ".join(bubble for exchange in transcript.exchanges for bubble in exchange.bubbles)
        found.update(goal for goal, signs in REACHED.items() if any(sign in said for sign in signs))
    return found


def table(figures: Figures, ways: Counter[str], people: int) -> str:
    """What was counted, one line each."""
    ratio = figures.reflections / max(1, figures.questions)
    lines = [
        f"{people} dialogues, {figures.turns} turns, {figures.bubbles} bubbles, {figures.words} words",
        f"longest bubble {figures.longest} words; {figures.reflections} turns with a reflection to "
        f"{figures.questions} questions ({ratio:.2f}, exercises and offers included)",
        "",
        *(f"{rule:<13} {figures.breaches[rule] or 'kept'}" for rule in RULE_NAMES),
        "",
        *(f"reached {goal:<10} {count}" for goal, count in ways.items()),
    ]
    return "\n".join(lines)


def main() -> int:
    """Plays, prints, writes, judges."""
    logging.disable(logging.WARNING)
    engine = load_engine(prepare_model())
    if "--show" in sys.argv:
        for seed in map(int, sys.argv[sys.argv.index("--show") + 1 :]):
            print(written(play(engine, seed)), end="\n\n")
        return 0
    transcripts = [play(engine, seed) for seed in range(PEOPLE)]
    breaches: list[Breach] = [breach for transcript in transcripts for breach in breaches_of(transcript)]
    figures, ways = figures_of(transcripts), reached(transcripts)
    print("\n".join(map(str, breaches)))
    print(table(figures, ways, len(transcripts)))
    REPORT.write_text(
        json.dumps(
            {
                "dialogues": len(transcripts),
                "turns": figures.turns,
                "bubbles": figures.bubbles,
                "longest_bubble_words": figures.longest,
                "questions": figures.questions,
                "turns_with_reflection": figures.reflections,
                "breaches": {rule: figures.breaches[rule] for rule in RULE_NAMES},
                "reached": dict(ways),
            },
            indent=2,
        )
        + "\n",
        encoding="utf-8",
    )
    return 1 if breaches or not all(ways.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
