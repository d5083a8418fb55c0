"""What a counsellor should know before a client meets a script: what can't work, what is missing, what would hurt.

All problems come at once, in the order of the text. Errors stop publishing; warnings don't.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Union

from bot.content.lint import RULES
from bot.content.texts import Text
from bot.scripts.problems import Problem
from bot.scripts.profile import has_to_be_typed
from bot.scripts.reading import Read, did_you_mean, nearest, read, whole_numbers
from bot.scripts.suggesting import FILTER_WORDS, LONGEST_TITLE, Count, filters_a_question, unknown_filter
from bot.scripts.tree import (
    SKIPPED,
    Ask,
    Calendar,
    Condition,
    Draft,
    End,
    GoTo,
    Homework,
    If,
    LeadOn,
    Note,
    Plan,
    Reflect,
    Rehearse,
    Remind,
    Run,
    Say,
    Script,
    Section,
    Show,
    Step,
    Suggest,
    is_side_roads,
    plain,
    steps_of,
    theme_of,
)
from bot.scripts.words import GIVEN

__all__ = ["Known", "check", "check_text"]

#: Names that may stand in braces anywhere.
#: Rules of the conversation that a script must keep, and those that it had better.
_MUST: Final = ("one-question", "length", "verdict", "phone")
_SHOULD: Final = ("blame", "always-never", "feeling", "jargon", "exclamation", "dashes", "grade")
_WORDING: Final = {
    "one-question": "This asks two questions at once. Keep the one that matters most.",
    "phone": "Helplines come from the checked list; remove the number.",
}
_NOT_KEPT: Final = 'Nothing keeps this answer. Add "save as ..." if it is used later or noted.'
_FROM_TO: Final = re.compile(r"^(?:between |from )?(-?\d+) ?(?:to|and|-|–) ?(-?\d+)$")
_BRACES: Final = re.compile(r"\{([^{}]*)\}")
_OPEN_BRACE: Final = re.compile(r"\{[^{}]*$|^[^{}]*\}")
_MOST_IN_A_ROW: Final = 2
_MOST_CHOICES: Final = 8
#: After these nothing more of a section is reached.
_LEAVES: Final = (GoTo, End, LeadOn, Plan)
#: Steps that keep an answer.
Saving = Union[Ask, Suggest, Rehearse, Draft]
_YES_NO: Final = ("yes", "no", "not sure")
#: "Then go to Good week." is a way that somebody meant.
_MEANS_TO_GO: Final = re.compile(
    r"\bgo (?:on )?(?:to|with) (?:the )?(?:section )?[\"“]?([^\"”.]+?)[\"”]?\.?\s*$", re.IGNORECASE
)
_NOT_SURE: Final = ("maybe", "unsure", "perhaps", "not certain")


@dataclass(frozen=True)
class Known:
    """What a script may refer to outside itself.

    Attributes:
        themes: what the bot can recognise in a free answer.
        scripts: the other scripts by name.
        count: how many ideas of a kind fit some filters; None where the library isn't looked at.
        free_text: False where a profile forbids to understand free text.
    """

    themes: Collection[str] = ()
    scripts: Mapping[str, Script] = field(default_factory=dict)
    count: Count | None = None
    free_text: bool = True


def check_text(text: str, known: Known) -> tuple[Read, tuple[Problem, ...]]:
    """Read and check a text: the tree, and every problem in the order of the lines."""
    found = read(text)
    problems = [*found.problems, *check(found.script, known, found.unclear)]
    return found, tuple(sorted(dict.fromkeys(problems), key=lambda problem: (problem.line, problem.warning)))


def check(script: Script, known: Known, unclear: Collection[int] = ()) -> list[Problem]:
    """Every problem of a tree; the answers to questions on `unclear` lines may be anything."""
    return [*_Checker(script, known, unclear).problems()]


class _Checker:
    def __init__(self, script: Script, known: Known, unclear: Collection[int]) -> None:
        self.script = script
        self.unclear = unclear
        self.known = known
        self.names = [section.name for section in script.sections]
        self.steps = [step for section in script.sections for step in steps_of(section.steps)]
        self.saved = self._saved()
        #: What the other scripts keep is at hand in this one, too.
        self.kept = {name for other in known.scripts.values() for name in other.keep}
        #: Its sections are named by themes, and taken by what somebody says in another script.
        self.is_roads = is_side_roads(script)
        self.before, self.reached = self._flow()

    def problems(self) -> Iterator[Problem]:
        """Rule by rule."""
        yield from self._places()
        yield from self._answers()
        yield from self._reachable()
        yield from self._rounds()
        yield from self._runs()
        yield from self._ideas()
        yield from self._profile()
        yield from self._why()
        for step, line, words, kind in self._texts():
            yield from _tone(line, words, kind)
            yield from self._braces(step, line, words)
        yield from self._rows()

    # -- sections ------------------------------------------------------------------------------------------------------

    def _targets(self, step: Step) -> Iterator[tuple[int, str]]:
        if isinstance(step, GoTo):
            yield step.line, step.section
        elif isinstance(step, Ask):
            yield from ((choice.line, choice.go_to) for choice in step.choices if choice.go_to)

    def _places(self) -> Iterator[Problem]:
        for step in self.steps:
            for line, name in self._targets(step):
                if self.script.section(name) is None:
                    cure = did_you_mean(name, self.names, "The sections are")
                    if plain(name) in ("end", "the end"):
                        cure = ' To end here, write "End: Take care."'
                    yield Problem(line, f'There is no section called "{name}".{cure}')
        for section in self.script.sections:
            if not section.steps:
                yield Problem(
                    section.line, f'Nothing stands in the section "{section.name}". Write what is said there.'
                )
            elif not (unreached := [*_after_the_end(section.steps)]) and _falls_through(section.steps):
                yield Problem(section.line, self._what_next(section))
            else:
                yield from unreached

    def _what_next(self, section: Section) -> str:
        """What is wrong with a section that ends nowhere; a way that is meant as one, and is said instead, is named."""
        last = section.steps[-1]
        meant = _MEANS_TO_GO.search(last.texts[-1]) if isinstance(last, Say) else None
        if meant is not None and self.script.section(meant.group(1)) is not None:
            cure = f'Line {last.line} would be said to the client. Write "Go to {meant.group(1)}" on a line of its own.'
        else:
            cure = 'End it with "Go to ..." or "End:".'
        return f'Section "{section.name}" does not say what comes next. {cure}'

    def _reachable(self) -> Iterator[Problem]:
        if self.is_roads:
            led_to = {plain(name) for step in self.steps for _, name in self._targets(step)}
            for section in self.script.sections:
                if plain(section.name) not in led_to:
                    yield from self._known_theme(section.name, section.line)
            return
        missed = {name for step in self.steps for _, name in self._targets(step) if self.script.section(name) is None}
        meant = {nearest(name, self.names) for name in missed}
        for section in self.script.sections:
            if plain(section.name) not in self.reached and section.name not in meant:
                yield Problem(
                    section.line,
                    f'Nothing leads to the section "{section.name}". Add a "Go to {section.name}", or remove it.',
                    warning=True,
                )

    def _rounds(self) -> Iterator[Problem]:
        """Ways round and round on which the client is never asked anything."""
        on = {plain(section.name): section for section in self.script.sections}
        asking = {plain(name) for name, script in self.known.scripts.items() if _asks(script)}
        silent = {
            name: [there for there in _silent_exits(section.steps, asking) if there in on]
            for name, section in on.items()
        }
        reported = set[str]()
        for start in on:
            ring = _round(start, silent)
            if ring and not reported & set(ring):
                reported |= set(ring)
                names = " -> ".join(on[name].name for name in [*ring, ring[0]])
                yield Problem(on[ring[0]].line, f"This goes round for ever: {names}. Put a question or an end in it.")

    # -- answers -------------------------------------------------------------------------------------------------------

    def _saved(self) -> dict[str, list[Saving]]:
        saved: dict[str, list[Saving]] = {}
        for step in self.steps:
            if isinstance(step, (Ask, Suggest, Rehearse, Draft)) and step.save_as:
                saved.setdefault(step.save_as, []).append(step)
        return saved

    def _unknown(self, name: str, step: Step) -> Problem | None:
        """An answer that no question saves, or none that can have come before."""
        if name in GIVEN or name in self.kept or name in self.before.get(id(step), self.saved):
            return None
        if name in self.saved:
            return Problem(step.line, f'"{name}" is asked for only after this line. Move the question up.')
        saved = [*self.saved]
        cure = did_you_mean(name, saved, "What is saved") or ' Put "save as" and this name below a question.'
        return Problem(step.line, f'No question before this line saves "{name}".{cure}')

    def _flow(self) -> tuple[dict[int, set[str]], set[str]]:
        """For every step, the answers that some way to it has saved; and the sections that can be reached."""
        on = {plain(section.name): section for section in self.script.sections}
        first = [*on] if self.is_roads else [*on][:1]
        known: dict[str, set[str]] = {name: set() for name in first}
        before: dict[int, set[str]] = {}

        def reach(name: str, saved: set[str]) -> None:
            if name in on and (name not in known or not saved <= known[name]):
                known[name] = known.get(name, set()) | saved
                waiting.append(name)

        def walk(steps: Sequence[Step], saved: set[str]) -> set[str]:
            for step in steps:
                before[id(step)] = before.get(id(step), set()) | saved
                if isinstance(step, (Ask, Suggest, Rehearse, Draft)) and step.save_as:
                    saved = saved | {step.save_as}
                if isinstance(step, If):
                    saved = walk(step.then, saved) | walk(step.otherwise, saved)
                for _, name in self._targets(step):
                    reach(plain(name), saved)
            return saved

        waiting = [*known]
        while waiting:
            name = waiting.pop()
            walk(on[name].steps, known[name])
        return before, set(known)

    def _answers(self) -> Iterator[Problem]:
        for step in self.steps:
            if isinstance(step, If):
                yield from self._condition(step)
            elif isinstance(step, Draft):
                for name in (step.event, step.feeling, step.request):
                    if problem := self._unknown(name, step):
                        yield problem
            elif isinstance(step, Reflect):
                if problem := self._unknown(step.name, step):
                    yield problem
                elif not any(
                    ask.line in self.unclear or (isinstance(ask, Ask) and ask.how == "free text")
                    for ask in self.saved.get(step.name, ())
                ):
                    yield Problem(
                        step.line,
                        f'"{step.name}" is no free text, so it can\'t be reflected. Reflect a free text answer.',
                    )
            elif isinstance(step, Ask):
                yield from (
                    problem for problem in _question(step) if problem.text != _NOT_KEPT or step.line not in self.unclear
                )
        for name in self.script.keep:
            if name not in self.saved:
                yield Problem(
                    self.script.keep_line,
                    f'"Keep:" names "{name}", but no question saves it.{did_you_mean(name, [*self.saved])}',
                )
        for name, asks in self.saved.items():
            if name in GIVEN:
                yield Problem(asks[0].line, f'"{name}" is given to every script. Choose another name for this answer.')
            elif len({ask.how if isinstance(ask, Ask) else "suggest" for ask in asks}) > 1:
                yield Problem(
                    asks[-1].line,
                    f'"{name}" is saved by two questions that are answered in different ways. Use two names.',
                    warning=True,
                )

    def _condition(self, step: If) -> Iterator[Problem]:
        condition = step.condition
        if not condition.name and not condition.value:
            return  # it couldn't be read, and that is said
        if condition.sort == "mentions":
            yield from self._theme(condition, step.line)
            return
        if problem := self._unknown(condition.name, step):
            yield problem
            return
        for ask in self.saved.get(condition.name, ()):
            if isinstance(ask, Ask) and ask.line not in self.unclear and (text := _never(condition, ask)):
                yield Problem(step.line, text)
                return

    def _theme(self, condition: Condition, line: int) -> Iterator[Problem]:
        if not any(isinstance(step, Ask) and step.how == "free text" for step in self.steps):
            yield Problem(line, '"If they mention" needs a free text answer before it, and this script asks for none.')
        yield from self._known_theme(condition.value, line)

    def _known_theme(self, name: str, line: int) -> Iterator[Problem]:
        known = [theme.replace("_", " ") for theme in self.known.themes]
        if known and theme_of(name) not in map(theme_of, known):
            yield Problem(
                line,
                f'The bot can\'t recognise "{name}".{did_you_mean(name, known)} '
                f"It can recognise: {', '.join(sorted(known))}.",
            )

    # -- other scripts and ideas ---------------------------------------------------------------------------------------

    def _runs(self) -> Iterator[Problem]:
        known = {plain(name): script for name, script in self.known.scripts.items()}
        known[plain(self.script.name)] = self.script
        if (roads := self.script.roads) and not is_side_roads(known.get(plain(roads))):
            names = [script.name for script in known.values() if is_side_roads(script)]
            yield Problem(
                self.script.roads_line,
                f'"{roads}" is no script for side roads.{did_you_mean(roads, names, "There is")} '
                'Such a script says "For: side roads", and each of its sections is named by a theme.',
            )
        for step in self.steps:
            name = step.script if isinstance(step, (Run, Remind)) else ""
            if not name:
                continue
            if plain(name) not in known:
                names = [script.name for script in known.values() if script is not self.script]
                yield Problem(
                    step.line, f"No script called {name}.{did_you_mean(name, names, 'The other scripts are')}"
                )
            elif isinstance(step, Run):
                ring = _ring(self.script, known, plain(name))
                if ring:
                    yield Problem(
                        step.line, f"{', which runs '.join([self.script.name + ' runs ' + ring[0], *ring[1:]])}."
                    )

    def _ideas(self) -> Iterator[Problem]:
        for step in self.steps:
            if not isinstance(step, Suggest):
                continue
            unknown = [word for word in step.filters if unknown_filter(word)]
            for word in step.filters if step.kind == "question" else ():
                if word not in unknown and not filters_a_question(word):
                    yield Problem(
                        step.line, f'"{word}" doesn\'t filter questions. For them there is: depth 1 to 4, tense.'
                    )
            for word in unknown:
                yield Problem(
                    step.line,
                    f'"{word}" is no filter for ideas.{did_you_mean(word, FILTER_WORDS)} '
                    f"There is: {', '.join(FILTER_WORDS)}.",
                )
            if unknown or self.known.count is None:
                continue
            whole = self.known.count(step.kind, ())
            if self.known.count(step.kind, step.filters) == 0:
                cures = [
                    f'without "{word}" there are {left}'
                    for word in step.filters
                    if (left := self.known.count(step.kind, tuple(other for other in step.filters if other != word)))
                ]
                cure = f"; {cures[0]}" if cures else ""
                yield Problem(step.line, f"No ideas fit these filters (0 of {whole}){cure}.")

    def _profile(self) -> Iterator[Problem]:
        if not self.known.free_text:
            yield from has_to_be_typed(
                self.script, {plain(name): script for name, script in self.known.scripts.items()}
            )

    # -- words ---------------------------------------------------------------------------------------------------------

    def _texts(self) -> Iterator[tuple[Step, int, str, str]]:
        for step in self.steps:
            if isinstance(step, Say):
                yield from ((step, step.line, text, "bubble") for text in step.texts)
            elif isinstance(step, Ask):
                yield from ((step, step.line, text, "question") for text in (step.text, *step.others))
                yield from ((step, choice.line, choice.title, "choice") for choice in step.choices)
            elif isinstance(step, (End, Homework, Plan)) and step.text:
                texts = (step.text, *step.others) if isinstance(step, End) else (step.text,)
                yield from ((step, step.line, text, "bubble") for text in texts)
            elif isinstance(step, Note):
                yield step, step.line, step.text, "note"
            elif isinstance(step, Remind):
                yield step, step.line, f"{step.every} {step.at}", "note"
            elif isinstance(step, Calendar):
                yield step, step.line, f"{step.every} {step.at} {step.called}", "note"

    def _why(self) -> Iterator[Problem]:
        for words in self.script.why:
            yield from _tone(1, words, "bubble")

    def _braces(self, step: Step, line: int, words: str) -> Iterator[Problem]:
        for name in _BRACES.findall(words):
            if self._unknown(name, step) is not None:
                near = "" if name in self.saved else did_you_mean(name, [*self.saved, *GIVEN])
                yield Problem(
                    line, f"{{{name}}} is not known here; an answer can be used only after its question.{near}"
                )
        if _OPEN_BRACE.search(_BRACES.sub("", words)):
            yield Problem(line, "A { or } stands alone here. Names of answers stand between both: {closeness}.")

    def _rows(self) -> Iterator[Problem]:
        """More than two bubbles before the client can answer: the bot then waits for a tap in between."""
        for section in self.script.sections:
            row = 0
            for step in section.steps:
                row = row + 1 if isinstance(step, (Say, Reflect, Show)) else 0
                if row == _MOST_IN_A_ROW + 1:
                    yield Problem(
                        step.line,
                        "This is the third message in a row; the client taps to go on before it. "
                        "Shorten, or ask something in between.",
                        warning=True,
                    )


def _question(ask: Ask) -> Iterator[Problem]:
    if len(ask.choices) > _MOST_CHOICES:
        yield Problem(
            ask.line, f"{len(ask.choices)} choices are many on a phone; {_MOST_CHOICES} is the most. Leave some out."
        )
    if ask.how == "free text" and not ask.save_as:
        yield Problem(ask.line, _NOT_KEPT, warning=True)
    for choice in ask.choices:
        if not choice.title:
            yield Problem(choice.line, 'This choice has no words. Write them after the "-".')
        elif len(choice.title) > LONGEST_TITLE:
            yield Problem(
                choice.line,
                f"This choice has {len(choice.title)} characters; {LONGEST_TITLE} is the most on a button.",
            )


def _never(condition: Condition, ask: Ask) -> str:
    """Why a condition can't ever be met by the answers to a question; empty where it can."""
    name, value = condition.name, condition.value
    if condition.sort == "is" and plain(value) == SKIPPED:
        return ""
    if ask.how == "scale":
        number = int(value) if re.fullmatch(r"-?\d+", value) else None
        if number is None:
            cure = _in_words(name, value)
            return cure or f'{name} is a number from {ask.low} to {ask.high}, so it can never be "{value}".'
        if not ask.low <= number <= ask.high:
            return f"{name} goes from {ask.low} to {ask.high}, so it can never be {number}."
        return ""
    if condition.sort != "is":
        more = "more" if condition.sort == "at least" else "less"
        return "" if ask.how == "number" else f"{name} is not a number, so it can never be {value} or {more}."
    if ask.how == "yes or no" and plain(value) not in _YES_NO:
        meant = "not sure" if plain(value) in _NOT_SURE else ""
        cure = f' Write "If {name} is {meant}:".' if meant else ""
        return f'{name} is answered with yes, no or not sure, so it can never be "{value}".{cure}'
    titles = [choice.title for choice in ask.choices]
    if ask.how in ("choices", "several") and plain(value) not in map(plain, titles):
        return f'"{value}" is no choice of {name}.{did_you_mean(value, titles)}'
    if ask.how == "number" and not re.fullmatch(r"-?\d+", value):
        return _in_words(name, value) or f'{name} is a number, so it can never be "{value}".'
    if ask.how == "free text" and plain(value) not in map(plain, titles):
        return f'{name} is free text and hardly ever exactly "{value}". Use "If they mention ...", or give choices.'
    return ""


def _in_words(name: str, value: str) -> str:
    """How "below 4" and "5 to 7" are asked for; empty where the value is neither."""
    if cure := whole_numbers(value):
        return f'"is {value}" can\'t be read. Write "If {name} is {cure}:".'
    found = _FROM_TO.match(plain(value))
    if found is None:
        return ""
    low, high = int(found.group(1)), found.group(2)
    return (
        f'"{value}" can\'t be asked for in one go. Lead "{name} is {low - 1} or less" away first, '
        f'then write "If {name} is {high} or less:".'
    )


def _tone(line: int, words: str, kind: str) -> Iterator[Problem]:
    if kind in ("choice", "note"):
        rules = {"choice": ("verdict", "phone"), "note": ("phone",)}[kind]
    else:
        rules = (*_MUST, *_SHOULD)
    text = Text("script", f"line {line}", words, kind="bubble")
    for rule in rules:
        for found in RULES[rule](text):
            said = _WORDING.get(rule) or found[:1].upper() + found[1:]
            if rule == "length":
                said = "This bubble" + found.removeprefix("it")
            yield Problem(line, said, warning=rule in _SHOULD)
    if kind == "question" and "?" not in words and not words.endswith((".", ":", "…")):
        yield Problem(line, "This question has no question mark. Add one, or end it with a full stop.", warning=True)


def _asks(script: Script) -> bool:
    return any(
        isinstance(step, (Ask, Suggest, Rehearse, Draft))
        for section in script.sections
        for step in steps_of(section.steps)
    )


def _round(start: str, exits: Mapping[str, Sequence[str]]) -> list[str]:
    """The shortest way from a section back to itself; empty where there is none."""
    waiting, seen = [[start]], set[str]()
    while waiting:
        path = waiting.pop(0)
        for there in exits[path[-1]]:
            if there == start:
                return path
            if there not in seen:
                seen.add(there)
                waiting.append([*path, there])
    return []


def _silent_exits(steps: Sequence[Step], asking: Collection[str]) -> list[str]:
    """Sections that are reached without a word from the client, on some way; `asking` scripts ask something."""
    found: list[str] = []
    for step in steps:
        if isinstance(step, (Ask, Suggest, Rehearse, Draft, End, LeadOn, Plan)) or (
            isinstance(step, Run) and plain(step.script) in asking
        ):
            return found
        if isinstance(step, GoTo):
            return [*found, plain(step.section)]
        if isinstance(step, If):
            found += _silent_exits(step.then, asking) + _silent_exits(step.otherwise, asking)
    return found


def _falls_through(steps: Sequence[Step]) -> bool:
    """Whether the last step leaves open what comes next."""
    if not steps:
        return True
    last = steps[-1]
    if isinstance(last, _LEAVES):
        return False
    if isinstance(last, Ask) and last.how == "choices" and not last.optional:
        return not all(choice.go_to for choice in last.choices)
    if isinstance(last, If):
        return not last.otherwise or _falls_through(last.then) or _falls_through(last.otherwise)
    return True


def _after_the_end(steps: Sequence[Step]) -> Iterator[Problem]:
    for number, step in enumerate(steps):
        if isinstance(step, _LEAVES) and number + 1 < len(steps):
            if isinstance(step, (LeadOn, Plan)):
                word = "Plan:" if isinstance(step, Plan) else "Lead on to:"
                why = f'after the "{word}" above it the coach goes on by itself. Move it above that.'
            elif isinstance(step, End):
                why = 'the "End:" above it is the last word. Move it above the "End:".'
            else:
                why = 'the "Go to" above it leads away. Move it above the "Go to", or into a section of its own.'
            yield Problem(steps[number + 1].line, f"This is never reached: {why}")
            return
        if isinstance(step, If):
            yield from _after_the_end(step.then)
            yield from _after_the_end(step.otherwise)


def _ring(script: Script, known: Mapping[str, Script], first: str) -> list[str]:
    """The names along a way from `first` back to the script itself; empty where there is none."""
    waiting = [[first]]
    seen = set[str]()
    while waiting:
        path = waiting.pop(0)
        if path[-1] == plain(script.name):
            return [known[name].name for name in path]
        if path[-1] in seen or path[-1] not in known:
            continue
        seen.add(path[-1])
        for section in known[path[-1]].sections:
            for step in steps_of(section.steps):
                if isinstance(step, Run):
                    waiting.append([*path, plain(step.script)])
    return []
