"""Random scripts as a counsellor could have written them: every construct of the language, and no errors.

A family is a script with those that it runs (up to three deep) or reminds of. Whoever draws chance decides: hypothesis
for small ones that can be shrunk, a seed for the big run. What leads back always hangs on a question, on any answer but
the last one, so that a person who goes on answering comes to an end.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from hypothesis import strategies as st

from bot.scripts.known import library, themes
from bot.scripts.suggesting import FILTER_WORDS, counter, filters_a_question
from tests.scripts import phrases

__all__ = ["Family", "families", "random_family", "seeded_family"]

_DEEPEST = 3
_MOST_SECTIONS = 12
_NESTED = 2
#: How often a script runs others: chains are deep, but end within an evening.
_MOST_RUNS = 2


@dataclass(frozen=True)
class Family:
    """Texts of scripts by name; `main` is the one that is given to a client."""

    main: str
    texts: dict[str, str]


@dataclass
class _Written:
    """A finished script, for those that run it."""

    name: str
    text: str
    keep: list[str]


@dataclass
class _Known:
    """What a step may refer to: the names saved on a way to it, and how each was asked for."""

    saved: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    free_text: bool = False

    def copy(self) -> _Known:
        return _Known(dict(self.saved), self.free_text)

    def join(self, other: _Known) -> None:
        self.saved.update(other.saved)
        self.free_text = self.free_text or other.free_text


def families() -> st.SearchStrategy[Family]:
    """Families drawn by hypothesis."""
    return st.randoms(use_true_random=False).map(random_family)


def seeded_family(seed: int) -> Family:
    """The family of a number, always the same."""
    return random_family(random.Random(seed))


def random_family(chance: random.Random) -> Family:
    """One family; deeper ones first, so that a script only runs what stands below it."""
    depth = chance.choice((0, 0, 1, 1, 2, _DEEPEST))
    names = chance.sample(phrases.SCRIPTS, 2 * _DEEPEST + 1)
    main = names.pop()
    below: list[_Written] = []
    others: list[_Written] = []
    for _ in range(depth):
        level = [_write(chance, names.pop(), below, others) for _ in range(chance.choice((1, 1, 2)))]
        below = level
        others += level
    written = [*others, _write(chance, main, below, others)]
    return Family(main, {one.name: one.text for one in written})


def _write(chance: random.Random, name: str, runs: Sequence[_Written], others: Sequence[_Written]) -> _Written:
    writer = _Writer(chance, name, runs, [one.name for one in others])
    return writer.write()


@lru_cache(maxsize=1)
def _count() -> Callable[[str, Sequence[str]], int]:
    return counter(library())


@lru_cache(maxsize=4096)
def _fits(kind: str, filters: tuple[str, ...]) -> bool:
    return _count()(kind, filters) > 0


@lru_cache(maxsize=1)
def _themes() -> tuple[str, ...]:
    return tuple(sorted(theme.replace("_", " ") for theme in themes().names))


class _Writer:
    """Writes one script, section by section; jumps lead on, or back behind a question."""

    def __init__(self, chance: random.Random, name: str, runs: Sequence[_Written], reminds: Sequence[str]) -> None:
        self.chance = chance
        self.name = name
        self.runs = runs
        self.reminds = [*reminds, name]
        count = chance.choice((1, 2, 3, 4, chance.randint(1, _MOST_SECTIONS)))
        self.names = chance.sample(phrases.SECTIONS, count)
        self.known = [_Known() for _ in self.names]
        self.led_to = {0}
        self.used: list[str] = []
        self.at = 0
        self.runs_left = _MOST_RUNS
        self.runs_in = chance.randrange(count)

    def write(self) -> _Written:
        sections = [self._section(number) for number in range(len(self.names))]
        keep = self.chance.sample(self.used, self.chance.randint(0, min(3, len(self.used))))
        head = [f"Script: {self.name}"]
        if audience := self.chance.choice(phrases.AUDIENCES):
            head.append(f"For: {audience}")
        if keep:
            head.append(f"Keep: {', '.join(keep)}")
        if self.chance.random() < 0.2:
            head.append(f"Why: {self.chance.choice(phrases.SAID)}")
        if self.chance.random() < 0.3:
            head.append("Side roads: Side roads")
        lines = [*head, "", *(line for section in sections for line in section)]
        return _Written(self.name, "\n".join(lines).rstrip("\n") + "\n", keep)

    # -- sections ------------------------------------------------------------------------------------------------------

    def _section(self, number: int) -> list[str]:
        self.at = number
        known = self.known[number]
        lines = [f"# {self.names[number]}"]
        if self.runs and number == self.runs_in:
            lines += self._run(known, 0)
        for _ in range(self.chance.choice((0, 1, 1, 2, 3, 4))):
            lines += self._step(known, 0)
        return [*lines, *self._exit(known, 0), ""]

    def _exit(self, known: _Known, depth: int) -> list[str]:
        """What comes last in a section: on with another one, one way or the other, or the end."""
        last = self.at == len(self.names) - 1
        way = self.chance.random()
        if not last and way < 0.25:
            return self._leading_choices(known)
        if depth < _NESTED and way < 0.5 and (condition := self._condition(known)):
            return self._either(condition, known, depth)
        if last and way > 0.9:
            return [f"Plan: {self._text(phrases.HOMEWORK, known)}"]
        if last and way > 0.8:
            return [f"Lead on to: {self.chance.choice(('listening', 'ways to begin', 'kindness', 'check-in'))}"]
        if last and way > 0.7:
            return [f"End: {self._text(phrases.ENDS, known)}", f"  Or: {self.chance.choice(phrases.ENDS)}"]
        if last or (way < 0.6 and self._left_out() is None):
            return [f"End: {self._text(phrases.ENDS, known)}" if self.chance.random() < 0.85 else "End:"]
        return [f"Go to {self._lead(known, self._left_out())}"]

    def _left_out(self) -> int | None:
        """The next section, where nothing has led to it yet."""
        following = self.at + 1
        return following if following < len(self.names) and following not in self.led_to else None

    def _either(self, condition: str, known: _Known, depth: int) -> list[str]:
        """Both ways lead away."""
        one, other = known.copy(), known.copy()
        then = [*self._steps(one, depth + 1, 0), *self._exit(one, depth + 1)]
        otherwise = [*self._steps(other, depth + 1, 0), *self._exit(other, depth + 1)]
        return [f"{condition}:", *_indented(then), "Otherwise:", *_indented(otherwise)]

    def _leading_choices(self, known: _Known) -> list[str]:
        """A question whose every choice leads somewhere; the last one never back."""
        titles, text = self._titles(), self._text(phrases.CHOICES, known)
        name = self._new_name(known, "choices", titles)
        lines = [f"Ask: {text}"]
        for title in titles[:-1]:
            lines.append(f"  - {title}: go to {self._lead(known, None, back=True)}")
        lines.append(f"  - {titles[-1]}: go to {self._lead(known, self._left_out())}")
        return [*lines, f"  save as {name}"] if name else lines

    def _lead(self, known: _Known, to: int | None, *, back: bool = False) -> str:
        """The name of a section to go to; what is known goes along."""
        later = range(self.at + 1, len(self.names))
        if back and self.chance.random() < 0.3:
            return self._cased(self.names[self.chance.randint(0, self.at)])
        chosen = self.chance.choice(later) if to is None else to
        self.led_to.add(chosen)
        self.known[chosen].join(known)
        return self._cased(self.names[chosen])

    def _cased(self, name: str) -> str:
        return self.chance.choice((name, name, name.lower(), name.upper()))

    # -- steps ---------------------------------------------------------------------------------------------------------

    def _steps(self, known: _Known, depth: int, least: int = 1) -> list[str]:
        return [line for _ in range(self.chance.randint(least, 2)) for line in self._step(known, depth)]

    def _step(self, known: _Known, depth: int) -> list[str]:
        kinds = [
            self._say, self._say, self._say_one_of, self._ask, self._ask, self._ask, self._several, self._choices,
            self._reflect, self._show, self._wait, self._suggest, self._homework, self._remind, self._note,
            self._calendar,
            self._hand_over, self._run, self._comment, self._rehearse, self._draft,
        ]  # fmt: skip
        if depth < _NESTED:
            kinds += [self._if, self._if, self._if]
        return self.chance.choice(kinds)(known, depth)

    def _say(self, known: _Known, depth: int) -> list[str]:
        text = self._text(phrases.SAID, known)
        if self.chance.random() < 0.2:
            head, _, tail = text.partition(". ")
            return [f"{head}.", tail, ""] if tail else [text, ""]
        return [text, ""]

    def _say_one_of(self, known: _Known, depth: int) -> list[str]:
        texts = self.chance.sample(phrases.SAID, self.chance.randint(2, 3))
        return ["Say one of:", *(f"  - {self._filled(text, known)}" for text in texts)]

    def _comment(self, known: _Known, depth: int) -> list[str]:
        return [f"// {self.chance.choice(phrases.COMMENTS)}"]

    def _ask(self, known: _Known, depth: int) -> list[str]:
        how = self.chance.choice(("free text", "free text", "yes or no", "scale", "number", "time", "date"))
        text = self._text(phrases.QUESTIONS[how], known)
        low, high = self.chance.choice(((1, 10), (0, 10), (1, 5), (1, 3), (-3, 3)))
        name = self._new_name(known, how, (str(low), str(high)) if how == "scale" else ())
        parts = [f"scale {low} to {high}" if how == "scale" else how]
        if self.chance.random() < 0.3:
            parts.append("optional")
        if name:
            parts.append(f"save as {name}")
        known.free_text = known.free_text or how == "free text"
        if self.chance.random() < 0.2:
            text = f"{text}\n  Or: {self.chance.choice(phrases.QUESTIONS[how])}"
        below = [f"  {', '.join(parts)}"] if self.chance.random() < 0.7 else [f"  {part}" for part in parts]
        return [*f"Ask: {text}".split("\n"), *below, *self._after(name, how, known, depth)]

    def _after(self, name: str, how: str, known: _Known, depth: int) -> list[str]:
        """Now and then the answer leads back; the last answer (a high number, "Not sure") goes on."""
        if depth or not name or self.chance.random() > 0.15:
            return []
        if how == "scale":
            low = int(known.saved[name][1][0])
            return [f"If {name} is {low} or less: go to {self._back()}"]
        return [f"If {name} is yes: go to {self._back()}"] if how == "yes or no" else []

    def _back(self) -> str:
        return self._cased(self.names[self.chance.randint(0, self.at)])

    def _choices(self, known: _Known, depth: int) -> list[str]:
        titles = self._titles()
        lines = [f"Ask: {self._text(phrases.CHOICES, known)}"]
        for title in titles:
            leads = title != titles[-1] and self.chance.random() < 0.3 and self.at + 1 < len(self.names)
            lines.append(f"  - {title}: go to {self._lead(known, None, back=not depth)}" if leads else f"  - {title}")
        return [*lines, *self._kept(known, "choices", titles)]

    def _rehearse(self, known: _Known, depth: int) -> list[str]:
        name = self._new_name(known, "rehearse", ())
        return [f"Rehearse: a bid, save as {name}" if name else "Rehearse: a bid"]

    def _draft(self, known: _Known, depth: int) -> list[str]:
        if len(known.saved) < 3:
            return self._ask(known, depth)
        pieces = self.chance.sample(list(known.saved), 3)
        name = self._new_name(known, "draft", ())
        return [f"Draft: {', '.join([*pieces, f'save as {name}'] if name else pieces)}"]

    def _several(self, known: _Known, depth: int) -> list[str]:
        titles = self._titles()
        lines = [f"Ask: {self._text(phrases.SEVERAL, known)}", "  pick several", *(f"  - {title}" for title in titles)]
        return [*lines, *self._kept(known, "several", titles)]

    def _kept(self, known: _Known, how: str, titles: tuple[str, ...]) -> list[str]:
        parts = ["optional"] if self.chance.random() < 0.25 else []
        if name := self._new_name(known, how, titles):
            parts.append(f"save as {name}")
        return [f"  {', '.join(parts)}"] if parts else []

    def _titles(self) -> tuple[str, ...]:
        titles = self.chance.sample(phrases.TITLES, self.chance.randint(2, 5))
        if self.chance.random() < 0.08:
            titles.insert(0, self.chance.choice(phrases.ALARMING_TITLES))
        return tuple(titles)

    def _if(self, known: _Known, depth: int) -> list[str]:
        condition = self._condition(known)
        if not condition:
            return self._ask(known, depth)
        on = self.at + 1 < len(self.names)
        way = self.chance.random()
        if way < 0.2 and on:
            return [f"{condition}: go to {self._lead(known, None)}"]
        if way < 0.4:
            inline = self.chance.choice((self._note, self._hand_over, self._homework, self._show))
            return [f"{condition}: {inline(known, depth)[0]}"]
        heads = [condition]
        if way > 0.75:
            second = self._condition(known)
            heads.append(f"Otherwise {second[0].lower()}{second[1:]}")
        if way > 0.6:
            heads.append("Otherwise")
        before, lines = known.copy(), []
        for head in heads:
            branch = before.copy()
            lines += [f"{head}:", *_indented(self._block(branch, depth + 1))]
            known.join(branch)
        return lines

    def _block(self, known: _Known, depth: int) -> list[str]:
        lines = self._steps(known, depth)
        while all(line.startswith("//") or not line for line in lines):
            lines += self._steps(known, depth)
        if self.at + 1 < len(self.names) and self.chance.random() < 0.2:
            lines.append(f"Go to {self._lead(known, None)}")
        return lines

    def _condition(self, known: _Known) -> str:
        """'If ...' about something that was asked for; empty where nothing was."""
        asked = [(name, how, values) for name, (how, values) in known.saved.items() if how in phrases.CONDITIONS]
        if known.free_text and (not asked or self.chance.random() < 0.3):
            return f"If they mention {self.chance.choice(_themes())}"
        if not asked:
            return ""
        name, how, values = self.chance.choice(asked)
        if how == "scale":
            number = self.chance.randint(int(values[0]), int(values[1]))
            return f"If {name} is {number}{self.chance.choice(('', ' or less', ' or more'))}"
        if how == "number":
            return f"If {name} is {self.chance.randint(0, 9)}{self.chance.choice(('', ' or less', ' or more'))}"
        value = self.chance.choice(values or ("yes", "no", "not sure"))
        return f"If {name} is {value}"

    def _reflect(self, known: _Known, depth: int) -> list[str]:
        free = [name for name, (how, _) in known.saved.items() if how == "free text"]
        return [f"Reflect: {self.chance.choice(free)}"] if free else self._say(known, depth)

    def _show(self, known: _Known, depth: int) -> list[str]:
        return [f"Show: {self.chance.choice(('cycle map', 'progress', 'helplines'))}"]

    def _wait(self, known: _Known, depth: int) -> list[str]:
        return [f"Wait: {self.chance.choice(('30 seconds', '5 minutes', 'ten minutes', '2 hours', 'an hour'))}"]

    def _suggest(self, known: _Known, depth: int) -> list[str]:
        kind = self.chance.choice(("kindness", "kindness", "novelty", "question"))
        words = [word for word in FILTER_WORDS if kind != "question" or filters_a_question(word)]
        words = [word for word in words if kind == "question" or not word.startswith("depth")]
        filters = tuple(self.chance.sample(words, self.chance.randint(0, min(3, len(words)))))
        while filters and not _fits(kind, filters):
            filters = filters[1:]
        parts = [kind, *filters]
        name = self._new_name(known, "suggest", ())
        if name:
            parts.append(f"save as {name}")
        lines = [f"Suggest: {', '.join(parts)}"]
        if name and self.chance.random() < 0.6:
            lines.append(f"Homework: {{{name}}}")
        return lines

    def _homework(self, known: _Known, depth: int) -> list[str]:
        return [f"Homework: {self._text(phrases.HOMEWORK, known)}"]

    def _remind(self, known: _Known, depth: int) -> list[str]:
        when = self.chance.choice(phrases.TIMES)
        then = f", then run {self.chance.choice(self.reminds)}" if self.chance.random() < 0.7 else ""
        return [f"Remind: {when}{then}"]

    def _calendar(self, known: _Known, depth: int) -> list[str]:
        when = self.chance.choice([time for time in phrases.TIMES if time.startswith("every")])
        return [f"Calendar: {self.chance.choice(('15', 'ten'))} minutes {when}, called Your note"]

    def _note(self, known: _Known, depth: int) -> list[str]:
        return [f"Note to counsellor: {self._text(phrases.NOTES, known)}"]

    def _hand_over(self, known: _Known, depth: int) -> list[str]:
        return ["Hand over to counsellor"]

    def _run(self, known: _Known, depth: int) -> list[str]:
        if not self.runs or not self.runs_left:
            return self._say(known, depth)
        self.runs_left -= 1
        run = self.chance.choice(self.runs)
        for name in run.keep:
            known.saved.setdefault(name, ("kept", ()))
        return [f"Run {run.name}"]

    # -- words ---------------------------------------------------------------------------------------------------------

    def _text(self, pool: Sequence[str], known: _Known) -> str:
        return self._filled(self.chance.choice(pool), known)

    def _filled(self, text: str, known: _Known) -> str:
        """Now and then an answer, or a given name, stands in a text."""
        if known.saved and self.chance.random() < 0.2:
            return f"{text} ({{{self.chance.choice(list(known.saved))}}})"
        return text

    def _new_name(self, known: _Known, how: str, values: tuple[str, ...]) -> str:
        if self.chance.random() < 0.2:
            return ""
        name = self.chance.choice([name for name in phrases.NAMES if name not in self.used])
        self.used.append(name)
        known.saved[name] = (how, values)
        return name


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"  {line}" if line else line for line in lines]
