"""Somebody complains about their partner, one side of it: the coach neither agrees with it nor argues with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.content.transcripts import Exchange, Transcript, breaches_of, gives_back
from bot.conversation.messages import Outgoing
from bot.engine.reply import Engine
from bot.safety.gate import Gate
from bot.safety.verdict import Level
from bot.understanding.minilm import encode
from tests.conversations.player import Player
from tests.safety.lists import DATA, vents

_PARTNER = r"(?:he|she|they|your (?:partner|husband|wife|boyfriend|girlfriend))"
#: Takes the side of the one who complains: what the partner is, or ought to do, comes from the coach's own mouth.
AGREES = re.compile(
    r"\b(?:you're|you are) (?:so |quite |absolutely |completely )?right\b|\bI agree\b"
    r"|\b(?:how|so) (?:rude|unfair|cruel|mean|awful)\b|\bno one (?:should|deserves)\b"
    rf"|\b{_PARTNER} (?:should|shouldn't|ought|must|has to|have to)\b|\b(?:unacceptable|inexcusable|outrageous)\b",
    re.I,
)
#: Takes the other side, or makes it small.
ARGUES = re.compile(
    r"(?<!want )\bto be fair\b|\b(?:his|her|their) side\b|\bin (?:his|her|their) shoes\b|\bcalm down\b|\bare you sure\b"
    r"|\bnot (?:that|so) bad\b|\b(?:maybe|perhaps) (?:he|she|they) (?:didn't|don't|doesn't|is|are|was|were|has|have)\b"
    r"|\b(?:he|she|they) (?:surely |probably |really )?(?:loves?|means? well|didn't mean)\b"
    r"|\byou(?:'re| are) (?:unfair|overreacting|exaggerating)\b",
    re.I,
)
_QUOTED = re.compile(r'"[^"]*"')


@pytest.fixture(scope="module")
def answered(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[Outgoing]]]:
    """What the coach says to each of them, told as the first thing after a hello."""
    home: Path = tmp_path_factory.mktemp("vents")
    player = Player(home, engine, "vent")
    try:
        answers = {}
        for number, vent in enumerate(vents()):
            player.begin(f"vent-{number}")
            player.play("hello")
            player.play(vent)
            answers[vent] = player.turns[-1]
        yield answers
    finally:
        player.close()


def test_there_are_enough_of_them() -> None:
    assert len(set(vents())) >= 150


def test_none_is_agreed_with_or_argued_with(answered: dict[str, list[Outgoing]]) -> None:
    sided = {}
    for vent, bubbles in answered.items():
        own = _QUOTED.sub(" ", " ".join(bubble.text for bubble in bubbles))
        if AGREES.search(own) or ARGUES.search(own):
            sided[vent] = own
    assert sided == {}


def test_no_verdict_and_no_blame_is_spoken(answered: dict[str, list[Outgoing]]) -> None:
    exchanges = {vent: Exchange(vent, tuple(bubble.text for bubble in bubbles)) for vent, bubbles in answered.items()}
    breaches = [breach for vent, each in exchanges.items() for breach in breaches_of(Transcript(vent[:30], (each,)))]
    assert [str(breach) for breach in breaches if breach.rule in ("verdict", "blame", "one-question")] == []


def test_seven_of_eight_are_given_back_in_the_persons_own_words(answered: dict[str, list[Outgoing]]) -> None:
    """Who complains wants to be heard first; a complaint that meets "that's outside of what I can do" was not."""
    gate = Gate.load(DATA, encode)
    calm = {vent: bubbles for vent, bubbles in answered.items() if gate.screen(vent).level is Level.clear}
    unheard = [vent for vent, bubbles in calm.items() if not any(gives_back(each.text, vent) for each in bubbles)]
    assert len(unheard) <= len(calm) / 8, unheard
