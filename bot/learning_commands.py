"""`toward safety ...` and `toward tune`: for whoever looks after what the coach hears and understands."""

from __future__ import annotations

import typer
from rich.console import Console

from bot.settings import PROJECT, load_settings

__all__ = ["safety_app", "tune"]

safety_app = typer.Typer(help="What stands in front of every conversation.", no_args_is_help=True)
err = Console(stderr=True, highlight=False)


@safety_app.command("train")
def safety_train() -> None:
    """Make data/safety/risk.npz from data/safety/examples/, and print what is heard of messages kept away from it.

    What people tell the coach (data/nlu.yml, data/nlu/) is learned from as ordinary.
    """
    from bot.safety.training import fingerprint, ordinary_examples, read_examples
    from bot.safety.training import train as learn
    from bot.understanding.minilm import encode, encoder_name
    from bot.understanding.tuning import held_out

    folder = PROJECT / "data" / "safety" / "examples"
    told = [text for texts in _told().values() for text in texts if len(text.split()) > 3]
    examples = [*read_examples(folder), *ordinary_examples(told)]
    with err.status("Learning"):
        weights, heard = learn(examples, held_out, encode, fingerprint(folder, encoder_name()))
    weights.save(PROJECT / "data" / "safety" / "risk.npz")
    print(f"{'topic':16} {'messages':>8} {'asked':>7} {'alarm':>7}   (messages that nothing was learned from)")
    for row in heard:
        name = "ordinary" if row.topic.value == "none" else row.topic.value
        print(f"{name:16} {row.messages:8} {row.asked:7.1%} {row.alarmed:7.1%}")


def tune() -> None:
    """Fine-tune the sentence encoder on data/nlu and data/safety/examples (15 minutes; then `toward safety train`)."""
    from bot.safety.training import read_examples
    from bot.understanding.minilm import TUNED, package, word_pieces
    from bot.understanding.tuning import fingerprint, lessons_of
    from bot.understanding.tuning import tune as learn
    from bot.understanding.weights import Tuned, package_weights

    lessons = lessons_of(read_examples(PROJECT / "data" / "safety" / "examples"), _told())
    err.print(f"{len(lessons):,} lessons")
    layers = learn(package_weights(package()), lessons, word_pieces, err.print)
    Tuned(layers, fingerprint(lessons)).save(TUNED)
    print(f"{TUNED} is new. Now: toward safety train, toward train, and record the dialogues again.")


def _told() -> dict[str, list[str]]:
    """What people tell the coach, by intent."""
    from bot.content.nlu import read_nlu

    return {name: [each.text for each in some] for name, some in read_nlu(PROJECT / "data").items()}


@safety_app.command("counts")
def safety_counts() -> None:
    """How often helplines were shown, by year, topic and level: what a yearly report asks for, and nobody's name."""
    from bot.memory.database import open_database
    from bot.memory.referrals import referrals

    rows = referrals(open_database(load_settings()))
    for year, topic, level, count in rows:
        print(f"{year}  {topic:16} {level:6} {count:8,}")
    if not rows:
        print("No helplines have been shown yet.")
