"""Each rule has a text that breaks it, and a near one that doesn't."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.content import check_everything, words
from bot.content.lint import RULES, check_texts, word_count
from bot.content.texts import Kind, Text, read_texts

PROJECT = Path(__file__).resolve().parents[2]

# rule, kind, a text that breaks it, a near one that keeps it
PAIRS: list[tuple[str, Kind, str, str]] = [
    ("one-question", "bubble", "What happened? And then?", 'What happened, when "And? So what?" came back?'),
    ("one-question", "idea", "Ask how it was. Did it help? Would you do it again?", 'Say "How was it? Was it long?"'),
    ("length", "bubble", "word " * 51, "word " * 49 + "{quote}"),
    ("length", "idea", "word " * 41, "word " * 40),
    (
        "grade",
        "bubble",
        "Establishing regular communication opportunities facilitates satisfaction for each and every family member.",
        "You cook, you wait, and the phone gets all the looks. That hurts. It would hurt a lot of us.",
    ),
    ("verdict", "bubble", "That sounds toxic.", "That sounds like a hard evening."),
    ("verdict", "bubble", "You deserve better than this.", "You wish it were better than this."),
    ("verdict", "bubble", "Maybe you should leave him.", "You used to leave him notes."),
    ("verdict", "bubble", "It seems {partner} doesn't care.", "It seems {partner} didn't look up."),
    ("verdict", "bubble", "I'm sure your partner means well.", "I can't know what your partner means."),
    ("verdict", "idea", "Tell your lazy partner to help.", "Keep it for a lazy Sunday in bed."),
    ("verdict", "button", "A narcissist", "A nice day"),
    ("blame", "bubble", "You should talk to {partner}.", "You could talk to {partner}."),
    ("blame", "bubble", "You need to rest.", "Rest whenever you need to."),
    ("blame", "bubble", "Why don't you ask?", "You wonder why nobody asks."),
    ("blame", "bubble", "At least you have each other.", "Keep at least ten minutes for it."),
    ("blame", "idea", "Just try to smile.", "Try a small smile."),
    ("always-never", "bubble", "You never listen, it seems.", 'Instead of "you never listen", say what you need.'),
    ("always-never", "bubble", "{partner} is always late.", "You can always stop here."),
    ("bare-reflection", "bubble", "I hear you. That must be so hard.", "Dinner for one again. That must be so hard."),
    ("bare-reflection", "bubble", "I'm sorry to hear that.", "I'm sorry the trip fell through."),
    ("feeling", "bubble", "I love that you came back.", 'You could say: "I love that you came back."'),
    ("feeling", "bubble", "I care about you.", "I can't care as a person does."),
    ("feeling", "bubble", "I'm so glad you wrote.", "I'm sorry, I got that wrong."),
    ("feeling", "bubble", "I feel sad with you.", "I can't feel, but I can read."),
    ("pronoun", "bubble", "What did he say?", "What did {partner} say?"),
    ("pronoun", "idea", "Leave a note in her bag.", 'Say "She told me about her day", and laugh.'),
    ("phone", "bubble", "Call 1-800-799-7233 now.", "Call before 19:00 on 2026-06-02."),
    ("phone", "bubble", "Text HOME to 741741.", "Take 10 to 15 minutes."),
    ("phone", "bubble", "In danger, dial 911.", "In danger, dial {emergency}."),
    ("phone", "bubble", "Ring 13 11 14 tonight.", "Count 5, 4, 3, 2, 1."),
    ("jargon", "bubble", "Your attachment style shows here.", "You reach out when it gets quiet."),
    ("jargon", "idea", "Validate what you hear.", "Say back what you hear."),
    ("exclamation", "bubble", "How nice! Well done!", "How nice! Well done."),
    ("exclamation", "bubble", "Did you?!", "Did you?"),
    ("typography", "bubble", "That’s a lot.", "That's a lot."),
    ("typography", "bubble", "One thing  first.", "One thing first."),
    ("typography", "bubble", "Shall we ?", "Shall we?"),
    ("typography", "bubble", 'Write "help now.', 'Write "help now".'),
    ("dashes", "bubble", "It hurts — a lot — tonight.", "It hurts — a lot. A check-in may help."),
    ("button", "button", "Show me every idea that there is", "Show me every idea there is"),
]  # fmt: skip


def broken_by(text: Text) -> set[str]:
    return {finding.rule for finding in check_texts([text])}


def said(text: str, kind: Kind = "bubble", **more: object) -> Text:
    return Text("domain.yml", "say_test, wording 1", text, kind, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("rule", "kind", "breaks", "keeps"), PAIRS)
def test_a_text_that_breaks_a_rule_is_found_and_a_near_one_is_not(
    rule: str, kind: Kind, breaks: str, keeps: str
) -> None:
    assert rule in broken_by(said(breaks.strip(), kind))
    assert rule not in broken_by(said(keeps.strip(), kind))


def test_every_rule_about_one_text_has_a_pair_or_a_test_of_its_own() -> None:
    assert set(RULES) == {rule for rule, *_ in PAIRS} | {"quote"}


def test_a_reflection_without_the_persons_words_is_found() -> None:
    assert broken_by(said("So much goes in.", wording_of="say_reflect_unseen", once=True)) == {"quote"}
    assert broken_by(said('"{quote}" So much goes in.', wording_of="say_reflect_unseen", once=True)) == set()
    assert broken_by(said("Go on, if you like.", wording_of="say_stay", once=True)) == set()


def test_two_buttons_with_the_same_title_cannot_be_told_apart_by_typing() -> None:
    assert broken_by(said("What now?", titles=("Just listen", "just listen "))) == {"button"}
    assert broken_by(said("What now?", titles=("Just listen", "An idea"))) == set()


@pytest.mark.parametrize(("name", "wordings", "enough"), [("say_stay", 1, False), ("say_stay", 2, True)])
def test_a_response_has_two_wordings(name: str, wordings: int, enough: bool) -> None:
    texts = [said(f"Go on, number {number}.", wording_of=name) for number in range(wordings)]
    assert ("wordings" not in {finding.rule for finding in check_texts(texts)}) is enough


@pytest.mark.parametrize(("wordings", "enough"), [(3, False), (4, True)])
def test_a_reflection_has_four_wordings(wordings: int, enough: bool) -> None:
    texts = [said(f'"{{quote}}" And {number}.', wording_of="say_reflect_hope") for number in range(wordings)]
    assert ("wordings" not in {finding.rule for finding in check_texts(texts)}) is enough


def test_what_a_person_reads_once_needs_one_wording() -> None:
    assert broken_by(said("Before we start.", wording_of="say_disclosure", once=True)) == set()


def test_the_same_text_in_two_places_is_found_and_the_same_button_is_not() -> None:
    texts = [said("Take your time."), Text("data/edges.yml", "back, wording 1", "take your time.")]
    assert [finding.rule for finding in check_texts(texts)] == ["same-text"]
    assert check_texts([said("Just listen", "button"), said("Just listen", "button")]) == []


def test_an_exemption_with_a_reason_silences_its_rule_only() -> None:
    text = said("You must call, you must! Now!", exempt=("blame",), why="It is about fire.")
    assert broken_by(text) == {"exclamation"}


@pytest.mark.parametrize(
    ("text", "exempt", "why"),
    [("You must call.", "blame", ""), ("You could call.", "blame", "fire"), ("You could call.", "politeness", "fire")],
)
def test_an_exemption_without_reason_need_or_rule_is_found(text: str, exempt: str, why: str) -> None:
    assert "exempt" in broken_by(said(text, exempt=(exempt,), why=why))


def test_a_person_may_say_on_a_button_what_the_bot_may_not() -> None:
    assert broken_by(said("I feel sad", "button")) == set()
    assert broken_by(said("You should know", "button")) == set()


def test_a_placeholder_counts_as_one_word_and_a_lone_dash_as_none() -> None:
    assert word_count("{quote} - so {partner} left.") == 4


def test_a_short_text_is_not_graded() -> None:
    assert "grade" not in broken_by(said("Considerable communication facilitates relational satisfaction."))


def test_short_sentences_count_as_sentences() -> None:
    assert "grade" not in broken_by(
        said("Stay here. Sit down. Breathe in. Breathe out. No hurry. It can wait. Tell me more.")
    )


def test_the_persons_own_words_are_not_graded() -> None:
    alone = '"{quote}" So much of you goes in, and so little seems to come back to you.'
    assert broken_by(said(alone)) == broken_by(said(alone.removeprefix('"{quote}" ')))


@pytest.mark.parametrize("name", sorted(words.__all__))
def test_no_list_of_words_matches_nothing_at_all(name: str) -> None:
    pattern: re.Pattern[str] = getattr(words, name)
    assert pattern.search("") is None


def test_every_kind_of_file_is_read(tmp_path: Path) -> None:
    write(
        tmp_path / "domain.yml",
        """
        responses:
          say_ask:
            - text: "Shall we?"
              buttons: &both
                - {title: "Yes", payload: "/affirm"}
              metadata: {once: true, exempt: [length], why: "a reason"}
            - text: "Would you?"
              channel: telegram
              buttons: *both
        """,
    )
    write(tmp_path / "data/edges.yml", "busy:\n  - One moment.\n  - Just a second.\n")
    write(tmp_path / "data/channels/web.yml", "language: en\ntitle: Notes\ncommands:\n  start: Say hello\n")
    write(
        tmp_path / "data/safety/words.yml",
        "buttons:\n  ok: {title: I am}\n  unsure: {title: Not yet}\n"
        "words:\n  abuse.ask:\n    say:\n      - Are you safe?\n",
    )
    write(tmp_path / "data/ideas/bids.yml", "- id: moon\n  bid: '\"Look.\"'\n  why: It is a gift.\n  depth: 1\n")
    texts, findings = read_texts(tmp_path)
    assert findings == []
    assert [(text.file, text.words, text.kind) for text in texts] == [
        ("domain.yml", "Shall we?", "bubble"),
        ("domain.yml", "Yes", "button"),
        ("domain.yml", "Would you?", "bubble"),
        ("domain.yml", "Yes", "button"),
        ("data/edges.yml", "One moment.", "bubble"),
        ("data/edges.yml", "Just a second.", "bubble"),
        ("data/safety/words.yml", "I am", "button"),
        ("data/safety/words.yml", "Not yet", "button"),
        ("data/safety/words.yml", "Are you safe?", "bubble"),
        ("data/channels/web.yml", "Notes", "button"),
        ("data/channels/web.yml", "Say hello", "bubble"),
        ("data/ideas/bids.yml", '"Look."', "idea"),
        ("data/ideas/bids.yml", "It is a gift.", "idea"),
    ]
    assert texts[0] == Text(
        "domain.yml",
        "say_ask, wording 1", "Shall we?", "bubble", "say_ask", ("Yes",), ("length",), "a reason", once=True
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("busy:\n  - One: two: three\n", "line 2"),
        ("busy:\n  - text: Now?\n    buttons: [No]\n", "Put quotes around it"),
        ("busy:\n\t- One moment.\n", "spaces instead of a tab"),
        ("busy:\n  - One.\nback:\n  - Hi.\nbusy:\n  - Two.\n", 'line 5: "busy" stands twice'),
    ],
)
def test_a_broken_file_is_told_with_its_line_and_the_others_are_read(tmp_path: Path, content: str, told: str) -> None:
    write(tmp_path / "domain.yml", "responses:\n  say_stay:\n    - text: Go on.\n")
    write(tmp_path / "data/edges.yml", content)
    texts, findings = read_texts(tmp_path)
    assert [text.words for text in texts] == ["Go on."]
    assert [finding.file for finding in findings] == ["data/edges.yml"]
    assert told in findings[0].message


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert {finding.file for finding in read_texts(tmp_path)[1]} == {"domain.yml", "data/edges.yml"}


def test_every_text_keeps_the_rules() -> None:
    findings = check_everything(PROJECT)
    assert not findings, "\n".join(map(str, findings))


def write(file: Path, content: str) -> None:
    lines = content.strip("\n").splitlines()
    indent = len(lines[0]) - len(lines[0].lstrip())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(line[indent:].rstrip() for line in lines) + "\n", encoding="utf-8")
