"""From a counsellor's text to the tree: forgiving in form, exact in what matters, all problems at once.

The text is a list of lines with an indentation. What a line is, its first words tell; the clauses after them
("3 or less", "after 2 days at 19:00") are a table of patterns, so that every slip can be named where it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, Literal, NoReturn, get_args

from bot.scripts.problems import Problem
from bot.scripts.tree import (
    Ask,
    Calendar,
    Choice,
    Condition,
    Draft,
    End,
    GoTo,
    HandOver,
    Homework,
    How,
    If,
    LeadOn,
    Note,
    Place,
    Plan,
    Reflect,
    Rehearse,
    Remind,
    Run,
    Say,
    Script,
    Section,
    Show,
    Shown,
    Step,
    Suggest,
    Wait,
    plain,
)
from bot.zones import days_named

__all__ = ["BULLET", "KEYWORDS", "Line", "Read", "clean", "did_you_mean", "nearest", "read", "whole_numbers"]

KEYWORDS: Final = tuple(
    "Script|For|Keep|Why|Side roads|Ask|Or|If|Otherwise|Go to|Run|End|Say one of|Reflect|Show|Wait|Suggest|Rehearse|"
    "Draft|Homework|Plan|Remind|Calendar|Lead on to|Note to counsellor|Hand over to counsellor".split("|")
)
_KEYWORD_OF: Final = {word.casefold(): word for word in KEYWORDS}
_WITHOUT_COLON: Final = {"if", "otherwise", "go to", "run", "hand over to counsellor"}
_WITH_COLON: Final = {word.casefold() for word in KEYWORDS} - _WITHOUT_COLON
_UNITS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_NUMBERS: Final = "zero one two three four five six seven eight nine ten eleven twelve".split()
_HOW_TO_ANSWER: Final = 'Add: free text, yes or no, scale 1 to 10, number, time, date, or lines that begin with "-".'
#: What a choice begins with, also where a word processor has put its own mark.
BULLET: Final = re.compile(r"^[-–—•*·‣▪]\s+|^[-–—•·‣▪](?=\S)")
_SHOWN: Final[tuple[Shown, ...]] = get_args(Shown)
_PLACES: Final[tuple[Place, ...]] = get_args(Place)
#: What stands at the top, before the first section.
_AT_THE_TOP: Final = ("script", "for", "keep", "why", "side roads")
#: Another wording, below a question or an end.
_OR: Final = re.compile(r"^or:\s*(.+)$", re.I)
_KINDS: Final[dict[str, Literal["kindness", "novelty", "question"]]] = {
    "kindness": "kindness",
    "novelty": "novelty",
    "question": "question",
    "questions": "question",
}
#: What counsellors write who have never read the guide.
_OTHER_WORDS: Final = {"question": "Ask"}
_ASKS: Final = (
    "how what which when where who why do did does is are was were can could would will have has from on".split()
)
_NEEDS_NO_WORD: Final = ("say", "says", "message", "text", "bot")
#: A keyword without its colon, where nothing but the keyword can be meant.
_LACKS_COLON: Final = re.compile(
    r"^(?P<key>end|ask|homework|show|suggest|wait|remind|note to counsell?or|say one of|script|for|keep)"
    r"(?:\s*[;,.–—-]\s*|\s+)(?P<rest>.+)$",
    re.I,
)
_SPACES: Final = re.compile(r"[\u00a0\u2007\u202f\u2009\u3000]")
_INVISIBLE: Final = re.compile(r"[\ufeff\u200b-\u200d\u2060\u00ad]")
_KEY: Final = re.compile(r"^([A-Za-z][A-Za-z ]{1,24}?)\s*:\s*(.*)$")
_NOTHING: Final = 'Nothing stands after "{}:". Write it on the same line.'
_SCALE: Final = re.compile(r"^(?:a )?scale(?: from| of)? (-?\d+) ?(?:to|-|–) ?(-?\d+)$")
_IF: Final = re.compile(r"^if\s+(.+?)\s*:\s*(.*)$", re.I | re.S)
_IF_GO: Final = re.compile(r"^if\s+(.+?),?\s+(?:then\s+)?(go ?to\s+.+)$", re.I)
#: "If it feels hard, rest." is something to say.
_MEANT_AS_IF: Final = re.compile(r":|\bgo to\b|\bmentions?\b|^if \w+ is (?:yes|no|-?\d+)\b")
_MENTION: Final = re.compile(r"^(?:they|he|she|the client|it) mentions? (.+)$", re.I)
_AT_LEAST: Final = re.compile(r"^(.+?) is (-?\d+|[a-z]+) or (more|less|higher|lower|above|below|fewer)$", re.I)
_IS: Final = re.compile(r"^(.+?) (?:is|=) (.+)$", re.I)
_ONE_SIDE: Final = re.compile(
    r"^(.*?)\s*(<=?|>=?|≤|≥|\b(?:below|under|above|over|(?:less|more) than|at (?:least|most)))\s*(-?\d+)$"
)
_REMIND: Final = re.compile(
    r"^(?:after|in) (\d+|[a-z]+) (second|minute|hour|day|week)s?"
    r"(?: (?:at )?([\d:.]+ ?(?:am|pm)?))?(?:,? ?(?:and )?then run (.+))?$",
    re.I,
)
_TOMORROW: Final = re.compile(r"^tomorrow(?: (?:at )?([\d:.]+ ?(?:am|pm)?))?(?:,? ?(?:and )?then run (.+))?$", re.I)
_EVERY: Final = re.compile(r"^every (.+?) at (.+?)(?:,? ?(?:and )?then run (.+))?$", re.I)
_CALENDAR: Final = re.compile(r"^(\d+|[a-z]+) minutes every (.+?) at (.+?), called (.+)$", re.I)
_WAIT: Final = re.compile(r"^(\d+|[a-z]+) (second|minute|hour|day|week)s?$", re.I)
_CLOCK: Final = re.compile(r"^(\d{1,2})(?:[:.](\d{2}))? ?(am|pm)?$", re.I)


@dataclass(frozen=True)
class Line:
    """One line of the text: its number from 1, its indentation in columns, its words."""

    number: int
    indent: int
    text: str


@dataclass(frozen=True)
class Read:
    """What came of reading.

    Attributes:
        script: the tree; of a broken text as much as could be read.
        problems: in the order of the text.
        lines: the text's lines as written, to be shown beside the problems.
        unclear: the lines of the questions of which it isn't known how they are answered.
    """

    script: Script
    problems: tuple[Problem, ...]
    lines: tuple[str, ...]
    unclear: frozenset[int] = frozenset()


class _Slip(Exception):
    """A clause that can't be read."""


def read(text: str) -> Read:
    """Read a script; never fails, whatever the text is."""
    return _Reader(text).read()


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known name that somebody may have meant."""
    by_plain = {plain(name): name for name in known}
    near = get_close_matches(plain(word), list(by_plain), n=1, cutoff=0.6)
    return by_plain[near[0]] if near else None


def did_you_mean(word: str, known: Sequence[str], called: str = "") -> str:
    """' Did you mean "..."?' where one of the known names is near; else all of them, where it is said what they are."""
    if (near := nearest(word, known)) is not None:
        return f' Did you mean "{near}"?'
    return f" {called}: {', '.join(known)}." if called and known else ""


def _split(text: str) -> list[str]:
    """The lines as written, whatever ends them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def clean(text: str) -> list[Line]:
    """The lines of a text without what is only form; a comment is an empty line."""
    lines = []
    for number, raw in enumerate(_split(text), start=1):
        line = _SPACES.sub(" ", _INVISIBLE.sub("", raw)).expandtabs(4).rstrip()
        words = line.strip()
        lines.append(Line(number, len(line) - len(line.lstrip()), "" if words.startswith("//") else words))
    return lines


class _Reader:
    """Reads one text from top to bottom."""

    def __init__(self, text: str) -> None:
        self.source = tuple(_split(text))
        self.lines = clean(text)
        self.at = 0
        self.problems: list[Problem] = []
        self.name, self.audience, self.keep = "", "", tuple[str, ...]()
        self.keep_line = self.roads_line = 1
        self.why: list[str] = []
        self.roads = ""
        self.titles = self._titles()
        self.unclear: set[int] = set()

    def read(self) -> Read:
        sections: list[Section] = []
        while (line := self._peek()) is not None:
            if line.text.startswith("#") or self._bare_title(line, bool(sections)):
                self.at += 1
                name = line.text.lstrip("#").strip()
                if not line.text.startswith("#"):
                    name = name.rstrip(":")
                    self._error(line.number, f'A section begins with "#". Write "# {name}".')
                if not name:
                    self._error(line.number, 'This section has no name. Write it after "#", such as "# Start".')
                elif any(plain(section.name) == plain(name) for section in sections):
                    self._error(line.number, f'There are two sections called "{name}". Give one of them another name.')
                sections.append(Section(line=line.number, name=name or f"line {line.number}", steps=self._block(0)))
            elif not sections and self._heading(line):
                self.at += 1
            elif not sections:
                steps = self._block(0)
                if steps:
                    self._error(line.number, 'The first section has no name. Put a line "# Start" before this one.')
                    sections.append(Section(line=line.number, name="Start", steps=steps))
            else:
                self.at += 1
        if not self.name and not any("has no name" in problem.text for problem in self.problems):
            self._error(1, 'The script has no name. Begin with a line such as "Script: Week 1".')
        if not sections:
            self._error(max(1, len(self.lines)), 'There is no section yet. Write "# Start" and below it what is said.')
        script = Script(
            name=self.name,
            audience=self.audience,
            keep=self.keep,
            keep_line=self.keep_line,
            why=tuple(self.why),
            roads=self.roads,
            roads_line=self.roads_line,
            sections=tuple(sections),
        )
        ordered = tuple(sorted(self.problems, key=lambda problem: problem.line))
        return Read(script, ordered, self.source, frozenset(self.unclear))

    # -- lines ---------------------------------------------------------------------------------------------------------

    def _peek(self) -> Line | None:
        """The next line with words; comments and blank lines are passed over."""
        while self.at < len(self.lines) and not self.lines[self.at].text:
            self.at += 1
        return self.lines[self.at] if self.at < len(self.lines) else None

    def _titles(self) -> tuple[set[str], set[str]]:
        """The names that stand behind a "#", and those that something leads to."""
        texts = [line.text for line in self.lines]
        leads = re.findall(r"\bgo ?to:?[ ]+(?:section )?([^\n]+)", "\n".join(texts), re.I)
        headed = {plain(text.lstrip("#")) for text in texts if text.startswith("#")}
        return headed, {plain(name.strip(" .)\"“”'")) for name in leads}

    def _bare_title(self, line: Line, begun: bool) -> bool:
        """Whether this is the name of a section that lacks its "#"."""
        headed, led_to = self.titles
        name = plain(line.text.rstrip(":"))
        if not name or name in headed or name.rstrip(".!") == "end":
            return False
        return name in led_to or (name == "start" and not begun)

    def _error(self, line: int, text: str) -> None:
        self.problems.append(Problem(line, text))

    def _heading(self, line: Line) -> bool:
        key, rest = _keyed(line.text)
        lacking = _LACKS_COLON.match(line.text)
        if not key and lacking and plain(lacking["key"]) in ("script", "for", "keep"):
            key, rest = plain(lacking["key"]), lacking["rest"]
            self._error(line.number, _lacks_colon(key.capitalize(), rest))
        elif not key and (near := _nearly(line.text)) and plain(near[1]) in ("script", "for", "keep"):
            key, rest = plain(self._typo(line) or ""), line.text.partition(":")[2].strip()
        if key == "script":
            if not rest:
                self._error(line.number, 'The script has no name. Write it after "Script:", such as "Script: Week 1".')
            self.name = rest
        elif key == "for":
            self.audience = rest
        elif key == "keep":
            self.keep_line = line.number
            self.keep = tuple(name for name in (_name(part) for part in re.split(r",| and ", rest)) if name)
        elif key == "why" and rest:
            self.why.append(rest)
        elif key == "side roads":
            self.roads, self.roads_line = rest, line.number
        else:
            return False
        return True

    # -- steps ---------------------------------------------------------------------------------------------------------

    def _block(self, indent: int) -> tuple[Step, ...]:
        """The steps from here on that are indented at least so far, up to the next section."""
        steps: list[Step] = []
        while (line := self._peek()) is not None and not line.text.startswith("#") and line.indent >= indent:
            if self._bare_title(line, begun=True):
                break
            self.at += 1
            try:
                step = self._step(line, steps)
            except _Slip as slip:
                self._error(line.number, str(slip))
                continue
            if step is not None:
                steps.append(step)
        return tuple(steps)

    def _step(self, line: Line, before: list[Step]) -> Step | None:
        text = line.text
        folded = plain(text)
        if folded == "if" or (folded.startswith("if ") and _MEANT_AS_IF.search(folded)):
            return self._if(line)
        if re.match(r"^(otherwise|else)\b", folded):
            return self._otherwise(line, before)
        if jump := _jump_in(text, line.number):
            return jump
        if folded.rstrip(":") in ("go to", "goto"):
            return _slip('"Go to" needs the name of a section, such as "Go to Small step".')
        if re.match(r"^hand over( to (the )?counsell?or)?$", folded.rstrip(":")):
            return HandOver(line=line.number)
        key, rest = _keyed(text)
        if key in _AT_THE_TOP:
            self._error(
                line.number, f'"{key.capitalize()}:" belongs at the top, before the first section. Move it there.'
            )
            return None
        if key in _WITH_COLON:
            return self._keyword(key, rest, line)
        if BULLET.match(text):
            return _slip('This choice belongs to no question. Put a line that begins with "Ask:" before it.')
        if folded.rstrip(".!") == "end":
            return End(line=line.number, text="")
        meant = self._meant(line)
        if meant:
            key, rest = meant
            return self._keyword(key, rest, line)
        return self._said(line)

    def _meant(self, line: Line) -> tuple[str, str] | None:
        """The keyword that a line means and doesn't write, once that is said; None where it is something to say."""
        if (found := _LACKS_COLON.match(line.text)) and _surely(plain(found["key"]), found["rest"]):
            key, rest = (
                _KEYWORD_OF[plain(found["key"]).replace("counselor", "counsellor")],
                re.sub(r"^(?:me|them) ", "", found["rest"]),
            )
            if key != "Remind" or _TOMORROW.match(rest) or _REMIND.match(rest) or _EVERY.match(rest):
                self._error(line.number, _lacks_colon(key, rest))
            return plain(key), rest
        key = self._typo(line) or ""
        rest = line.text.partition(":")[2].strip()
        if self._answered_below(line):
            if not key:
                self._error(
                    line.number, 'Below this line stands how to answer, so it must be a question. Begin it with "Ask:".'
                )
                rest = line.text
            return "ask", rest
        return (plain(key), rest) if plain(key) in _WITH_COLON - {*_AT_THE_TOP} else None

    def _answered_below(self, line: Line) -> bool:
        below = self.lines[line.number] if line.number < len(self.lines) else None
        if below is None or below.indent <= line.indent or _is_keyword(below.text):
            return False
        sure = re.search(r"\bsave (?:it )?as\b|\bscale\b", plain(below.text)) or re.search(r"[?:]", line.text)
        return bool(sure) and _Answer.tells(below.text)

    def _keyword(self, key: str, rest: str, line: Line) -> Step | None:
        if key == "ask":
            return self._ask(line, rest)
        if key == "say one of":
            return self._say_one_of(line)
        if key == "end":
            text, *others = self._wordings(line, rest)
            return End(line=line.number, text=text, others=tuple(others))
        if key == "or":
            return _slip('"Or:" gives another wording. It belongs right below an "Ask:" or an "End:".')
        if key == "reflect":
            return (
                Reflect(line=line.number, name=_name(rest))
                if rest
                else _slip('This doesn\'t say which answer to give back. Write its name: "Reflect: week_note".')
            )
        if key in _SAID:
            words = self._more(line, rest)
            if not words:
                return _slip(_NOTHING.format(key.capitalize()))
            return _SAID[key](line=line.number, text=words)
        if not rest:
            return _slip(_NOTHING.format(key.capitalize()))
        return _DONE[key](rest, line.number)

    def _more(self, line: Line, first: str) -> str:
        """A text that goes on in indented lines below."""
        words = [first] if first else []
        while self.at < len(self.lines) and (below := self.lines[self.at]).text and below.indent > line.indent:
            words.append(below.text)
            self.at += 1
        return " ".join(words)

    def _wordings(self, line: Line, first: str) -> list[str]:
        """A text, and the other wordings below it."""
        texts = [first]
        while self.at < len(self.lines) and (below := self.lines[self.at]).text and below.indent > line.indent:
            if other := _OR.match(below.text):
                texts.append(other.group(1))
            else:
                texts[-1] = f"{texts[-1]} {below.text}".strip()
            self.at += 1
        return texts

    def _said(self, line: Line) -> Say:
        """A paragraph: this line and those right below it, up to a blank line or a keyword."""
        words = [line.text]
        while self.at < len(self.lines):
            below = self.lines[self.at]
            if not below.text or below.text.startswith("#") or below.indent < line.indent or _is_keyword(below.text):
                break
            if self._bare_title(below, begun=True) or self._meant_at(below):
                break
            words.append(below.text)
            self.at += 1
        return Say(line=line.number, texts=(" ".join(words),))

    def _meant_at(self, line: Line) -> bool:
        """Whether `_meant` would take this line for a keyword."""
        if (found := _LACKS_COLON.match(line.text)) and _surely(plain(found["key"]), found["rest"]):
            return True
        return bool(_nearly(line.text)) or plain(line.text).rstrip(".!") == "end" or self._answered_below(line)

    def _typo(self, line: Line) -> str | None:
        """A word with a colon that is nearly a keyword would be read to the client; the keyword."""
        found = _nearly(line.text)
        if found is None:
            word, colon, _ = line.text.partition(":")
            if colon and plain(word) in _NEEDS_NO_WORD:
                self._error(line.number, f'The client would read "{word}:", too. Write only what is said.')
            return None
        said, meant = found
        why = "is no word of a script" if plain(said) in _OTHER_WORDS else "looks like a typo"
        self._error(line.number, f'"{said}:" {why}; the client would see it as a message. Did you mean "{meant}:"?')
        return meant

    def _say_one_of(self, line: Line) -> Step | None:
        texts = tuple(self._bullets(line))
        if len(texts) < 2:
            return _slip('"Say one of:" needs at least two wordings below it, each on a line that begins with "-".')
        return Say(line=line.number, texts=texts)

    def _bullets(self, line: Line) -> list[str]:
        found = []
        while (
            (below := self._peek()) is not None and (mark := BULLET.match(below.text)) and below.indent >= line.indent
        ):
            found.append(below.text[mark.end() :].strip())
            self.at += 1
        return found

    # -- conditions ----------------------------------------------------------------------------------------------------

    def _if(self, line: Line) -> Step | None:
        found = _IF.match(line.text)
        if found is None:
            found = _IF_GO.match(line.text)
            if found is None:
                return _slip('"If" needs a colon after what must be so: "If closeness is 3 or less: go to Hard week".')
            self._error(
                line.number, f'"If" needs a colon after what must be so: "If {found.group(1)}: {found.group(2)}".'
            )
        try:
            condition = _condition(found.group(1))
        except _Slip as slip:
            # What follows is read all the same, so that nothing else is blamed for it.
            self._error(line.number, str(slip))
            condition = Condition(sort="is", value="")
        then = self._then(line, found.group(2))
        if not then:
            self._error(
                line.number, 'Nothing follows this "If". Write "go to ..." after the colon, or indented lines below.'
            )
        return If(line=line.number, condition=condition, then=then)

    def _then(self, line: Line, rest: str) -> tuple[Step, ...]:
        if rest:
            here = Line(line.number, line.indent, rest)
            step = self._step(here, [])
            return () if step is None else (step,)
        below = self._peek()
        if below is None or below.indent <= line.indent or below.text.startswith("#"):
            return ()
        return self._block(below.indent)

    def _otherwise(self, line: Line, before: list[Step]) -> Step | None:
        _, _, rest = line.text.partition(":")
        if ":" not in line.text:
            rest = re.sub(r"^(otherwise|else),?\s*", "", line.text, flags=re.I)
        inner = re.match(r"^(?:otherwise|else),? (if .*)$", line.text, re.I)
        if inner:
            rest = inner.group(1)
        then = self._then(line, rest.strip())
        added = _with_otherwise(before[-1], then) if before else None
        if added is None:
            return _slip('"Otherwise" stands alone here. It belongs right below an "If".')
        before[-1] = added
        return None

    # -- questions -----------------------------------------------------------------------------------------------------

    def _ask(self, line: Line, rest: str) -> Step | None:
        texts, others = [rest] if rest else [], []
        answer = _Answer()
        while (below := self._answer_line(line)) is not None:
            self.at += 1
            mark = BULLET.match(below.text)
            try:
                if other := _OR.match(below.text):
                    others.append(other.group(1))
                elif mark:
                    answer.choices.append(self._choice(below, below.text[mark.end() :].strip()))
                elif not answer.read(below.text):
                    if answer.begun or not texts:
                        _slip(f'"{below.text}" doesn\'t say how to answer. {_HOW_TO_ANSWER}')
                    texts.append(below.text)
            except _Slip as slip:
                answer.slipped = True
                self._error(below.number, str(slip))
        if not texts:
            self._error(line.number, 'This question has no words. Write them after "Ask:".')
        return self._asked(line, " ".join(texts), answer, tuple(others))

    def _asked(self, line: Line, text: str, answer: _Answer, others: tuple[str, ...]) -> Ask:
        how = answer.how
        if answer.choices and how not in (None, "several", "free text"):
            self._error(line.number, f'This question has choices and "{how}". Keep one of the two ways to answer.')
        if answer.choices and how not in ("several", "free text"):
            how = "choices"
        if how == "several" and not answer.choices:
            self._error(line.number, '"pick several" needs choices below it, each on a line that begins with "-".')
        if how == "choices" and len(answer.choices) < 2 and not answer.slipped:
            self._error(line.number, "One choice is none. Add another, or say it as a message.")
        titles = [plain(choice.title) for choice in answer.choices]
        for number, title in enumerate(titles):
            if title in titles[:number]:
                again = answer.choices[number]
                self._error(
                    again.line, f'The choice "{again.title}" is there twice. Remove one, or word it differently.'
                )
        if not how or answer.slipped:
            self.unclear.add(line.number)
        if not how and not answer.slipped:
            self._error(line.number, f"This question doesn't say how to answer. {_HOW_TO_ANSWER}")
        return Ask(
            line=line.number,
            text=text,
            others=others,
            how=how or "free text",
            low=answer.low,
            high=answer.high,
            choices=tuple(answer.choices),
            optional=answer.optional,
            save_as=answer.save_as,
        )

    def _answer_line(self, line: Line) -> Line | None:
        """The next line, if it tells how to answer: indented, or a choice, or one of the ways to answer."""
        below = self._peek()
        if below is None or below.text.startswith("#") or below.indent < line.indent:
            return None
        if below.indent > line.indent or BULLET.match(below.text):
            return below
        if _OR.match(below.text):
            return below
        # "Suggest: kindness, save as step" saves an answer as well, and is a step of its own.
        return below if not _is_keyword(below.text) and _Answer().read(below.text) else None

    def _choice(self, line: Line, text: str) -> Choice:
        title, colon, rest = text.partition(":")
        if not colon:
            aside = re.match(r"^(.+?)[\s,;(–—-]+(go ?to .+?)\)?$", text, re.I)
            jump = _jump_in(aside.group(2), line.number) if aside else None
            if aside and isinstance(jump, GoTo) and plain(jump.section) in self.titles[0]:
                title = aside.group(1)
                self._error(line.number, f'Put a colon before "go to": "- {title}: go to {jump.section}".')
                return Choice(line=line.number, title=title, go_to=jump.section)
            found = re.match(r"^(.*?)\s*(?:->|→|=>)\s*(.+)$", text)
            if found is None:
                return Choice(line=line.number, title=text)
            title, rest = found.group(1), found.group(2)
        jump = _jump_in(rest.strip(), line.number)
        if isinstance(jump, GoTo):
            return Choice(line=line.number, title=title.strip(), go_to=jump.section)
        if plain(rest) in self.titles[0]:
            title, section = title.strip(), rest.strip()
            self._error(line.number, f'A choice leads on with "go to": "- {title}: go to {section}".')
            return Choice(line=line.number, title=title, go_to=section)
        near = re.match(r"^(?:go|goto|jump|to|then)\b", plain(rest))
        if near or not rest.strip():
            return _slip(f'After "{title.strip()}:" comes "go to" and the name of a section.')
        return Choice(line=line.number, title=text)


class _Answer:
    """How a question is answered, gathered from the lines below it."""

    def __init__(self) -> None:
        self.how: How | None = None
        self.low = self.high = 0
        self.choices: list[Choice] = []
        self.optional = False
        self.save_as = ""
        self.slipped = False

    @property
    def begun(self) -> bool:
        return bool(self.how or self.choices or self.save_as or self.optional)

    def read(self, text: str) -> bool:
        """Take a line such as "scale 1 to 10, save as closeness"; False where it is nothing of the kind."""
        if not self.tells(text):
            return False
        slips = []
        for part in self._parts(text):
            try:
                self._part(part, plain(part))
            except _Slip as slip:
                slips.append(slip)
        if slips:
            raise slips[0]
        return True

    @classmethod
    def tells(cls, text: str) -> bool:
        """Whether a line says how to answer."""
        return any(cls._known(plain(part)) for part in cls._parts(text))

    @staticmethod
    def _parts(text: str) -> list[str]:
        return [part.strip() for part in _CLAUSES.split(text.rstrip(".")) if part.strip()]

    @staticmethod
    def _known(part: str) -> bool:
        return bool(
            part in _WAYS
            or part in _SEVERAL
            or part in ("optional", "pick one")
            or part.startswith(("save as ", "save it as ", "scale "))
        )

    def _part(self, part: str, folded: str) -> None:
        if folded == "optional":
            self.optional = True
        elif folded in _SEVERAL:
            self._way("several")
        elif folded == "pick one":
            pass
        elif found := re.match(r"^save (?:it )?as (.+)$", part, re.I):
            self.save_as = _name(found.group(1))
            if not re.fullmatch(r"[a-z]\w*", self.save_as):
                _slip(f'"{found.group(1)}" can\'t be the name of an answer. Use letters and "_", such as week_note.')
            if re.match(r"(safety|consent|crisis)", self.save_as):
                _slip(
                    "Names beginning with safety, consent or crisis belong to the bot. "
                    f'Give "{self.save_as}" another name.'
                )
        elif folded.startswith("scale"):
            scale = _SCALE.match(folded)
            if scale is None:
                _slip('A scale needs its two ends: "scale 1 to 10".')
            self.low, self.high = int(scale.group(1)), int(scale.group(2))
            if self.low >= self.high:
                _slip(f"This scale goes from {self.low} to {self.high}. The smaller number comes first.")
            if self.high - self.low > 10:
                _slip("A scale of more than 11 steps is hard to answer. Use 0 to 10 or less, or ask for a number.")
            self._way("scale")
        elif folded in _WAYS:
            self._way(_WAYS[folded])
        else:
            _slip(f'"{part}" is not a way to answer.{did_you_mean(part, list(_WAYS))} {_HOW_TO_ANSWER}')

    def _way(self, how: How) -> None:
        if self.how and self.how != how:
            _slip(f'This question is answered by "{self.how}" and by "{how}". Keep one of them.')
        self.how = how


#: A comma, and where it was forgotten.
_CLAUSES: Final = re.compile(r",|(?<=\w)\s+(?=save (?:it )?as\b)", re.I)
_SEVERAL: Final = ("pick several", "several", "choose several")
_WAYS: Final[dict[str, How]] = {
    "free text": "free text",
    "text": "free text",
    "yes or no": "yes or no",
    "yes/no": "yes or no",
    "number": "number",
    "a number": "number",
    "time": "time",
    "a time": "time",
    "date": "date",
    "a date": "date",
}


def _with_otherwise(step: Step, then: tuple[Step, ...]) -> If | None:
    """An `If` with its other way; of a chain ("otherwise if") the last one gets it. None where none is open."""
    if not isinstance(step, If):
        return None
    if not step.otherwise:
        return step.copy(update={"otherwise": then})
    inner = _with_otherwise(step.otherwise[0], then) if len(step.otherwise) == 1 else None
    chained = inner is not None and step.otherwise[0].line != step.line
    return step.copy(update={"otherwise": (inner,)}) if chained else None


def _slip(text: str) -> NoReturn:
    raise _Slip(text)


def _lacks_colon(key: str, rest: str) -> str:
    return f'"{key}" needs a colon behind it. Write "{key}: {rest}"' + ("" if rest[-1:] in (".", "?") else ".")


def _surely(key: str, rest: str) -> bool:
    """Whether a line without a colon, "End the day with tea." or "End Take care.", can only be meant as a keyword."""
    folded = plain(rest)
    if key == "ask":
        return "?" in rest and folded.partition(" ")[0].rstrip(",") in _ASKS
    if key in ("end", "homework"):
        return rest[:1].isupper()
    if key == "remind":
        return bool(re.match(r"(?:me |them )?(?:after|in|tomorrow|on|every)\b", folded))
    if key == "wait":
        return _WAIT.match(rest.rstrip(".")) is not None
    if key == "show":
        return folded.rstrip(".") in _SHOWN
    if key == "suggest":
        return folded.partition(",")[0] in _KINDS
    return key.startswith("note to") or key == "say one of"


def _nearly(text: str) -> tuple[str, str] | None:
    """("Homwork", "Homework"): a word with a colon that is nearly a keyword, or another word for one."""
    found = re.match(r"^([A-Za-z][A-Za-z ]{1,24}?)\s*:", text)
    if found is None or _keyed(text)[0]:
        return None
    said = plain(found.group(1))
    if said in _OTHER_WORDS:
        return found.group(1), _OTHER_WORDS[said]
    folded = [plain(word) for word in KEYWORDS]
    near = get_close_matches(said, folded, n=1, cutoff=0.75) or [
        word for word in folded if sorted(word) == sorted(said)
    ]
    return (found.group(1), _KEYWORD_OF[near[0]]) if near else None


def _keyed(text: str) -> tuple[str, str]:
    """("ask", "the rest") of a line such as "Ask: the rest"; ("", "") of any other."""
    found = _KEY.match(text)
    if found is None:
        return "", ""
    key = plain(found.group(1)).replace("counselor", "counsellor")
    return (key, found.group(2).strip()) if key in _WITH_COLON else ("", "")


def _is_keyword(text: str) -> bool:
    folded = plain(text)
    if _keyed(text)[0] or BULLET.match(text) or folded.startswith(("if ", "otherwise", "else:", "hand over to ")):
        return True
    return _jump_in(text, 0) is not None


def _jump_in(text: str, line: int) -> Step | None:
    found = re.match(r"^(go ?to|run)(?::\s*|\s+)(?:section |script )?(.+)$", text.strip(), re.I)
    if found is None:
        return None
    verb, name = plain(found.group(1)), found.group(2).strip().strip("\"“”'").rstrip(".")
    if verb == "run":
        # "Run to the shop" is something to say; a script's name begins like a name.
        return Run(line=line, script=name) if ":" in text[:5] or name[:1].isupper() or name[:1].isdigit() else None
    return GoTo(line=line, section=name) if len(name.split()) <= 8 else None


def _name(text: str) -> str:
    return re.sub(r"\s+", "_", plain(text).strip("{}\"' "))


def _number(text: str) -> int | None:
    folded = plain(text)
    if re.fullmatch(r"-?\d+", folded):
        return int(folded)
    return {"a": 1, "an": 1}.get(folded, _NUMBERS.index(folded) if folded in _NUMBERS else None)


def _condition(text: str) -> Condition:
    text = text.strip()
    if found := _MENTION.match(text):
        return Condition(sort="mentions", value=plain(found.group(1)).strip("\"'"))
    if found := _AT_LEAST.match(text):
        number = _number(found.group(2))
        if number is None:
            return _slip(f'"{found.group(2)} or {found.group(3)}" needs a number, such as "3 or {found.group(3)}".')
        more = found.group(3).lower() in ("more", "higher", "above")
        return Condition(sort="at least" if more else "at most", name=_name(found.group(1)), value=str(number))
    if found := _IS.match(text):
        return Condition(sort="is", name=_name(found.group(1)), value=found.group(2).strip("\"“”' "))
    if (found := _ONE_SIDE.match(plain(text))) and (cure := whole_numbers(text[len(found.group(1)) :])):
        return _slip(f'"If {text}" can\'t be read. Write "If {found.group(1).removesuffix(" is")} is {cure}:".')
    return _slip(
        f'"If {text}" can\'t be read. Write "If closeness is 3 or less:", "If wants_contact is yes:" '
        'or "If they mention feeling unseen:".'
    )


def whole_numbers(value: str) -> str:
    """What a scale is asked for, "3 or less" of "below 4" or "< 4"; empty where it is nothing of the kind."""
    found = _ONE_SIDE.match(plain(value))
    if found is None or found.group(1):
        return ""
    side, number = found.group(2), int(found.group(3))
    if side in ("<", "below", "under", "less than"):
        return f"{number - 1} or less"
    if side in (">", "above", "over", "more than"):
        return f"{number + 1} or more"
    return f"{number} or {'less' if side in ('<=', '≤', 'at most') else 'more'}"


def _clock(text: str) -> str | None:
    """HH:MM of "19:00", "7pm" or "7.30 pm"; None where it is no time of day."""
    found = _CLOCK.match(plain(text))
    if found is None:
        return None
    hour, minute, half = int(found.group(1)), int(found.group(2) or 0), found.group(3)
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def _show(rest: str, line: int) -> Step:
    what = plain(rest)
    for known in _SHOWN:
        if what == known:
            return Show(line=line, what=known)
    return _slip(f'"{rest}" can\'t be shown.{did_you_mean(rest, _SHOWN)} There is: {", ".join(_SHOWN)}.')


def _wait(rest: str, line: int) -> Step:
    found = _WAIT.match(rest.rstrip("."))
    number = _number(found.group(1)) if found else None
    if found is None or not number:
        return _slip(f'"{rest}" is no length of time. Write "Wait: 5 minutes".')
    return Wait(line=line, seconds=number * _UNITS[found.group(2).lower()])


def _remind(rest: str, line: int) -> Step:
    rest = rest.rstrip(".")
    if weekly := _EVERY.match(rest):
        days, at, script = weekly.groups()
        clock = _clock_or_answer(at)
        return Remind(line=line, seconds=0, every=_days(days), at=clock, script=(script or "").strip("\"“”' "))
    if soon := _TOMORROW.match(rest):
        number, unit, at, script = "1", "day", soon.group(1), soon.group(2)
    elif found := _REMIND.match(rest):
        number, unit, at, script = found.groups()
    else:
        return _slip(
            f'"{rest}" can\'t be read: a reminder counts from the day of the talk. '
            'Write "Remind: after 2 days at 19:00", "Remind: tomorrow at 20:30" or "Remind: every Sunday at 19:00".'
        )
    count = _number(number)
    if not count:
        return _slip(f'"{number} {unit}s" is no length of time. Write a number, such as "after 2 days".')
    time = _clock(at) if at else ""
    if time is None:
        return _slip(f'"{at}" is no time of day. Write it as 19:00 or 7 pm.')
    seconds = count * _UNITS[unit.lower()]
    return Remind(line=line, seconds=seconds, at=time, script=(script or "").strip("\"“”' "), every="")


def _calendar(rest: str, line: int) -> Step:
    found = _CALENDAR.match(rest.rstrip("."))
    minutes = _number(found.group(1)) if found else None
    if found is None or not minutes:
        return _slip(
            f'"{rest}" is no date for a calendar. '
            'Write "Calendar: 15 minutes every Sunday at 19:00, called Fifteen minutes".'
        )
    title = found.group(4).strip("\"“”' ")
    return Calendar(
        line=line, minutes=minutes, every=_days(found.group(2)), at=_clock_or_answer(found.group(3)), called=title
    )


def _days(text: str) -> str:
    """Days of the week, as they were written, or {an answer} that has them."""
    if "{" not in text and not days_named(text):
        return _slip(f'"{text}" names no day of the week. Write "every Sunday", or {{an answer}} that has days.')
    return text


def _clock_or_answer(text: str) -> str:
    """HH:MM, or {an answer} that has a time."""
    time = text if "{" in text else _clock(text)
    return _slip(f'"{text}" is no time of day. Write it as 19:00 or 7 pm.') if time is None else time


def _suggest(rest: str, line: int) -> Step:
    parts = [part.strip() for part in rest.rstrip(".").split(",") if part.strip()]
    if not parts or plain(parts[0]) not in _KINDS:
        said = parts[0] if parts else rest
        return _slip(
            f'"{said}" is nothing to suggest.{did_you_mean(said, list(_KINDS))} There is: kindness, novelty, question.'
        )
    save_as, filters = "", []
    for part in parts[1:]:
        if found := re.match(r"^save (?:it )?as (.+)$", part, re.I):
            save_as = _name(found.group(1))
        else:
            filters.append(plain(part))
    return Suggest(line=line, kind=_KINDS[plain(parts[0])], filters=tuple(filters), save_as=save_as)


def _rehearse(rest: str, line: int) -> Step:
    found = re.match(r"^(?:a )?bid(?:,? save (?:it )?as (.+?))?\.?$", rest, re.I)
    if found is None:
        return _slip(f'"{rest}" can\'t be rehearsed. Write "Rehearse: a bid, save as my_reply".')
    return Rehearse(line=line, save_as=_name(found.group(1) or ""))


def _draft(rest: str, line: int) -> Step:
    parts = [part.strip() for part in rest.rstrip(".").split(",") if part.strip()]
    names = [_name(part) for part in parts if not re.match(r"^save (?:it )?as ", part, re.I)]
    saves = [found.group(1) for part in parts if (found := re.match(r"^save (?:it )?as (.+)$", part, re.I))]
    if len(names) != 3:
        return _slip('A draft is made of three answers. Write "Draft: event, feeling, request, save as draft".')
    return Draft(
        line=line, event=names[0], feeling=names[1], request=names[2], save_as=_name(saves[0]) if saves else ""
    )


def _lead_on(rest: str, line: int) -> Step:
    for known in _PLACES:
        if plain(rest) == known:
            return LeadOn(line=line, to=known)
    return _slip(
        f'The coach can\'t lead on to "{rest}".{did_you_mean(rest, _PLACES)} There is: {", ".join(_PLACES[:-1])}.'
    )


#: Keywords that are followed by words, and those that are followed by what is to be done.
_SAID: Final[dict[str, type[Homework] | type[Note] | type[Plan]]] = {
    "homework": Homework,
    "note to counsellor": Note,
    "plan": Plan,
}
_DONE: Final[dict[str, Callable[[str, int], Step]]] = {
    "show": _show,
    "wait": _wait,
    "suggest": _suggest,
    "remind": _remind,
    "calendar": _calendar,
    "rehearse": _rehearse,
    "draft": _draft,
    "lead on to": _lead_on,
}
