"""Holds every text that Toward says to the rules of the conversation: one small function a rule.

A rule takes a `Text` and yields what is wrong with it and the cure. A response of domain.yml may carry
`metadata: {exempt: [rule, ...], why: ...}`; an exemption without a reason, or one not needed, is itself a finding.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from bot.content import words
from bot.content.finding import Finding
from bot.content.grade import grade
from bot.content.texts import Text, read_texts

__all__ = ["RULES", "check_texts", "lint_project", "word_count"]

MOST_WORDS: Final = 50
MOST_WORDS_OF_AN_IDEA: Final = 40
HIGHEST_GRADE: Final = 6.0
LONGEST_TITLE: Final = 28
REFLECTION: Final = "say_reflect_"
FEWEST_REFLECTIONS: Final = 4
FEWEST_WORDINGS: Final = 2

_PLACEHOLDER = re.compile(r"\{\w+\}")
_QUOTED = re.compile(r'"[^"]*"')
_SENTENCE = re.compile(r"[^.!?]+")
_DASH = re.compile(r"[—–]|(?<=\s)--?(?=\s)")
_ODD = {
    **dict.fromkeys("‘’`´", "'"),
    **dict.fromkeys("“”«»", '"'),
    "…": "...",
    "\u00a0": "a plain space",
    "\u200b": "nothing",
    "\t": "a space",
}


def word_count(text: str) -> int:
    """Words as a reader counts them; a {placeholder} is one, a lone dash is none."""
    return sum(1 for token in _PLACEHOLDER.sub("word", text).split() if any(map(str.isalnum, token)))


def _unquoted(text: str) -> str:
    """The text without what somebody else says in it."""
    return _QUOTED.sub('""', text)


def one_question(text: Text) -> Iterator[str]:
    """Two questions at once are answered with one word."""
    questions = len(re.findall(r"\?+", _unquoted(text.words)))
    if questions > 1:
        yield f"it asks {questions} questions at once. Keep the one that matters most."


def length(text: Text) -> Iterator[str]:
    """A person who hurts reads little."""
    most = MOST_WORDS_OF_AN_IDEA if text.kind == "idea" else MOST_WORDS
    count = word_count(text.words)
    if count > most:
        yield f"it has {count} words; {most} is the most. Leave out {count - most}."


def reading_grade(text: Text) -> Iterator[str]:
    """Plain words, short sentences; see grade.py for how it is counted."""
    found = grade(text.words) if text.kind != "button" else None
    if found and round(found.years, 1) > HIGHEST_GRADE:
        long_words = f" Long words: {', '.join(found.long_words[:4])}." if found.long_words else ""
        yield (
            f"it reads at grade {found.years:.1f}; {HIGHEST_GRADE:.0f} is the most "
            f"({found.words_per_sentence:.0f} words a sentence).{long_words} Split the sentences, or use plainer words."
        )


def verdict(text: Text) -> Iterator[str]:
    """The verdict on the partner is always left open."""
    for word in _found(words.VERDICT, _unquoted(text.words) if text.kind == "idea" else text.words):
        yield f'"{word}" passes a verdict on the partner. Say what happened and what it does to the person.'


def blame(text: Text) -> Iterator[str]:
    """Nobody opens up to somebody who corrects them. The words on a button are the person's own."""
    for word in _found(words.BLAME, _unquoted(text.words) if text.kind != "button" else ""):
        yield f'"{word}" tells the person off, or makes it small. Offer it ("you could"), or leave it out.'


def always_never(text: Text) -> Iterator[str]:
    """Heard as an accusation even where it is true."""
    for word in _found(words.ACCUSING, _unquoted(text.words) if text.kind == "bubble" else ""):
        yield f'"{word}" accuses. Name the one time, or say "often".'


def bare_reflection(text: Text) -> Iterator[str]:
    """A sentence that fits everybody tells nobody that they were heard."""
    sentences = [sentence.strip(" ,;:\n") for sentence in _SENTENCE.findall(text.words)]
    sentences = [sentence for sentence in sentences if sentence]
    stock = sentences and all(words.BARE.match(sentence) for sentence in sentences)
    if stock and text.kind == "bubble" and word_count(text.words) > 1:
        yield "the whole bubble would fit any story. Bring in a word or a scene of the person's own."


def claimed_feeling(text: Text) -> Iterator[str]:
    """A program does not love, miss or feel, and must not say so. The words on a button are the person's own."""
    for word in _found(words.FEELING, _unquoted(text.words) if text.kind == "bubble" else ""):
        yield f'"{word}" claims a feeling, and the bot has none. Speak of the person: "It counts that you wrote."'


def he_or_she(text: Text) -> Iterator[str]:
    """A partner may be of any gender. What people say in quotes is theirs."""
    for word in _found(words.PRONOUN, _unquoted(text.words)):
        yield f'"{word}" gives somebody a gender. Write {{partner}}, "your partner" or "they".'


def phone_number(text: Text) -> Iterator[str]:
    """A number that is not in the checked list may be wrong on the worst night."""
    for number in _found(words.PHONE, text.words):
        yield f'"{number}" looks like a phone number. Helplines come from data/helplines.tsv; remove it here.'


def jargon(text: Text) -> Iterator[str]:
    """Words of the consulting room make a person a case."""
    for word in _found(words.JARGON, text.words):
        yield f'"{word}" is a word of the consulting room. Say it as a friend would.'


def exclamation(text: Text) -> Iterator[str]:
    """One is lively, two are loud."""
    marks = _unquoted(text.words) if text.kind == "idea" else text.words
    if marks.count("!") > 1 or "?!" in marks:
        yield f"it has {marks.count('!')} exclamation marks. Keep one at most, and none after a question mark."


def typography(text: Text) -> Iterator[str]:
    """One way of writing, so that a text can be found and compared."""
    for odd in sorted(set(text.words) & set(_ODD)):
        yield f"it has {odd!r} in it. Write {_ODD[odd]} instead."
    if re.search(r"[^\S\n]{2,}", text.words):
        yield "it has two spaces in a row. Keep one."
    if re.search(r"\s[,.;:?!](?:\s|$)", text.words):
        yield "there is a space before a mark. Take it out."
    if text.words.count('"') % 2:
        yield "a quote is opened and not closed, or the other way round. Add the missing one."


def dashes(text: Text) -> Iterator[str]:
    """A line with several dashes is read twice."""
    count = len(_DASH.findall(text.words))
    if count > 1:
        yield f"it has {count} dashes. Make sentences of the parts; one dash is the most."


def button_title(text: Text) -> Iterator[str]:
    """A title that is cut off doesn't say what a tap does; two that are the same can't be typed."""
    if text.kind == "button" and len(text.words) > LONGEST_TITLE:
        yield f'the title "{text.words}" has {len(text.words)} characters; {LONGEST_TITLE} is the most.'
    for title, count in Counter(title.strip().casefold() for title in text.titles).items():
        if count > 1:
            yield f'two buttons say "{title}". Give each a title of its own.'


def quote_in_reflection(text: Text) -> Iterator[str]:
    """A reflection carries the person's own words."""
    if text.kind == "bubble" and text.wording_of.startswith(REFLECTION) and "{quote}" not in text.words:
        yield "a reflection without {quote}. Put the person's words in."


Rule = Callable[[Text], Iterator[str]]

#: Every rule about a single text, by the name that `exempt` takes.
RULES: Final[dict[str, Rule]] = {
    "one-question": one_question,
    "length": length,
    "grade": reading_grade,
    "verdict": verdict,
    "blame": blame,
    "always-never": always_never,
    "bare-reflection": bare_reflection,
    "feeling": claimed_feeling,
    "pronoun": he_or_she,
    "phone": phone_number,
    "jargon": jargon,
    "exclamation": exclamation,
    "typography": typography,
    "dashes": dashes,
    "button": button_title,
    "quote": quote_in_reflection,
}
#: Rules about several texts: `_wordings` and `_same_texts`.
_OF_SEVERAL: Final = frozenset({"wordings", "same-text"})


def lint_project(project: Path) -> tuple[list[Finding], int]:
    """Reads and checks all texts.

    Returns:
        What is wrong, file by file, and how many texts were read.

    Raises:
        GradeError: the reading grade can't be told.
    """
    texts, findings = read_texts(project)
    return [*findings, *check_texts(texts)], len(texts)


def check_texts(texts: Sequence[Text]) -> list[Finding]:
    """Holds the texts to every rule, less their exemptions.

    Raises:
        GradeError: the reading grade can't be told.
    """
    broken = [(text, rule, message) for text in texts for rule, check in RULES.items() for message in check(text)]
    broken.extend(_same_texts(texts))
    broken.extend(_wordings(texts))
    findings = [
        _finding(text, rule, message) for text, rule, message in broken if not (rule in text.exempt and text.why)
    ]
    used = {(text.file, text.where, rule) for text, rule, _ in broken}
    findings.extend(_finding(text, "exempt", message) for text in texts for message in _exemptions(text, used))
    return sorted(findings, key=lambda finding: finding.file)


def _exemptions(text: Text, used: set[tuple[str, str, str]]) -> Iterator[str]:
    """Each exemption has a reason, a known rule, and something to exempt; buttons only inherit theirs."""
    if text.kind == "button":
        return
    if text.exempt and not text.why:
        yield "it is exempt without a reason. Add `why:` beside `exempt:`."
    for rule in text.exempt:
        if rule not in RULES and rule not in _OF_SEVERAL:
            yield f'there is no rule "{rule}". The rules: {", ".join([*RULES, *sorted(_OF_SEVERAL)])}.'
        elif (text.file, text.where, rule) not in used:
            yield f'it keeps the rule "{rule}". Remove the exemption.'


def _same_texts(texts: Sequence[Text]) -> Iterator[tuple[Text, str, str]]:
    """What is read twice sounds like a machine. Buttons may say the same: there they help."""
    first: dict[str, Text] = {}
    for text in texts:
        if text.kind != "button":
            folded = " ".join(text.words.casefold().split())
            known = first.setdefault(folded, text)
            if known is not text:
                yield text, "same-text", f"it says the same as {known.file}: {known.where}. Reword one of them."


def _wordings(texts: Sequence[Text]) -> Iterator[tuple[Text, str, str]]:
    """The same text again within 20 turns is a loop."""
    named: dict[tuple[str, str], list[Text]] = {}
    for text in texts:
        if text.wording_of:
            named.setdefault((text.file, text.wording_of), []).append(text)
    for (file, name), wordings in named.items():
        wanted = FEWEST_REFLECTIONS if name.startswith(REFLECTION) else FEWEST_WORDINGS
        if len(wordings) < wanted and not wordings[0].once:
            count = f"{len(wordings)} wording{'s' * (len(wordings) > 1)}"
            once = ", or mark it `metadata: {once: true}` if a person reads it once" if file == "domain.yml" else ""
            yield (
                wordings[0],
                "wordings",
                f"it has {count}, {wanted} are needed. Write {wanted - len(wordings)} more{once}.",
            )


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    """What matches, each once, in the order of the text."""
    return list(dict.fromkeys(match.group().strip() for match in pattern.finditer(text)))


def _finding(text: Text, rule: str, message: str) -> Finding:
    return Finding(text.file, text.where, rule, message)
