"""What is stored of a person as one page to read: plain HTML without anything that is fetched or run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any, Final

import yaml

from bot.errors import ContentError
from bot.settings import PROJECT

__all__ = ["PAGE_WORDS", "load_page_words", "readable_page"]

PAGE_WORDS: Final = PROJECT / "data" / "channels" / "export.yml"

_SECTIONS: Final = ("person remembered conversation unanswered said_lately reminders shared script safety rest").split()
_NEEDED: Final = (
    "language direction title about complete nothing files.page files.data".split(),
    [f"sections.{name}" for name in _SECTIONS],
    [f"labels.{name}" for name in ("since", "agreed", "not_agreed", "you", "coach", "button")],
)
_STYLE: Final = (
    "body{font:1.05rem/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;"
    "color-scheme:light dark}h2{margin-top:2rem;font-size:1.2rem}dt{font-weight:600}dd{margin:0 0 .5rem 1rem}"
    "li{margin:.2rem 0}time{opacity:.75;font-size:.9rem}.you{font-weight:600}"
)


def load_page_words(path: Path = PAGE_WORDS) -> dict[str, str]:
    """Read the words of the page; names are dotted ("sections.person").

    Raises:
        ContentError: the file or one of its texts is missing; the message says which.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ContentError(f"{path} can't be read ({type(error).__name__}). Put the file back.") from error
    words = dict(_flat(content if isinstance(content, dict) else {}))
    missing = [name for names in _NEEDED for name in names if not words.get(name)]
    if missing:
        raise ContentError(f"{path}: {missing[0]} is missing. Add it.")
    return words


def readable_page(stored: Mapping[str, Any], words: Mapping[str, str], day: str) -> str:
    """A whole page.

    Args:
        stored: from `export_person`.
        words: from `load_page_words`.
        day: when it was made, as it is shown.
    """
    sections = dict(_sections(stored, words))
    body = "\n".join(
        f"<h2>{escape(words[f'sections.{name}'])}</h2>\n{sections[name] or _p(words['nothing'])}"
        for name in _SECTIONS
        if sections[name] or name in ("person", "remembered")
    )
    return (
        f'<!doctype html>\n<html lang="{escape(words["language"])}" dir="{escape(words["direction"])}">\n'
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(words['title'])}</title><style>{_STYLE}</style></head>\n"
        f"<body>\n<h1>{escape(words['title'])}</h1>\n{_p(words['about'].replace('{day}', day))}\n"
        f"{_p(words['complete'])}\n{body}\n</body></html>\n"
    )


def _sections(stored: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Every section by name; an empty one has no text."""
    states = [dict(each["state"]) for each in stored["conversations"]]
    scripts = [state.pop("script") for state in states if "script" in state]
    safety = [state.pop("safety") for state in states if "safety" in state]
    yield "person", _person(stored, words)
    yield "remembered", _tree(stored["remembered"], words)
    yield "conversation", "".join(_talk(each["tracker"], words) for each in stored["conversations"])
    yield "unanswered", _list(f"{_time(each['at'])} {escape(each['text'])}" for each in stored["unanswered"])
    yield "said_lately", _list(f"{_time(each['at'])} {escape(each['text'])}" for each in stored["said_lately"])
    yield "reminders", _list(_reminder(each, words) for each in stored["reminders"])
    shared = stored["shared_with_a_counsellor"]
    yield "shared", _list(f"{escape(str(each['label']))}: {escape(str(each['value']))}" for each in shared)
    yield "script", _tree(scripts, words)
    yield "safety", _tree(safety, words)
    yield "rest", _tree([state for state in states if state], words)


def _person(stored: Mapping[str, Any], words: Mapping[str, str]) -> str:
    agreed = stored["agreed_to_be_remembered"]
    lines = [f"{escape(words['labels.since'])} {_time(stored['since'])}"]
    lines.append(f"{escape(words['labels.agreed'])} {_time(agreed)}" if agreed else escape(words["labels.not_agreed"]))
    return _list([*lines, *(escape(each["id"]) for each in stored["conversations"])])


def _reminder(one: Mapping[str, Any], words: Mapping[str, str]) -> str:
    return f"{_time(one['due'])} {escape(_plain(one['kind']))} ({escape(one['state'])}) {_tree(one['data'], words)}"


def _talk(tracker: Iterable[Mapping[str, Any]], words: Mapping[str, str]) -> str:
    said = []
    for event in tracker:
        if event.get("event") in ("user", "bot") and (text := str(event.get("text") or "")):
            who = "you" if event["event"] == "user" else "coach"
            text = words["labels.button"] if who == "you" and text.startswith("/") else text
            said.append(f'<span class="{who}">{escape(words[f"labels.{who}"])}</span> {escape(text)}')
    return _list(said)


def _tree(value: Any, words: Mapping[str, str]) -> str:
    """Anything that JSON can hold, as lists within lists."""
    if isinstance(value, dict):
        pairs = (
            f"<dt>{escape(words.get(f'labels.{name}', _plain(str(name))))}</dt><dd>{_tree(each, words)}</dd>"
            for name, each in value.items()
        )
        return f"<dl>{''.join(pairs)}</dl>" if value else ""
    if isinstance(value, list):
        return _list(_tree(each, words) for each in value)
    return "" if value is None else escape(str(value))


def _list(items: Iterable[str]) -> str:
    found = "".join(f"<li>{item}</li>" for item in items)
    return f"<ul>{found}</ul>" if found else ""


def _p(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _time(at: str | None) -> str:
    return f'<time datetime="{escape(at)}">{escape(at[:16].replace("T", " "))} UTC</time>' if at else ""


def _plain(name: str) -> str:
    return name.replace("_", " ").replace(".", " ").strip()


def _flat(content: Mapping[Any, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in content.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        elif isinstance(value, str):
            yield f"{before}{name}", value.strip()
