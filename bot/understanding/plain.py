"""What people type in a hurry, written out: "im", "dont", "bc", "DH", "[29F]", "lol". Nothing else is changed."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["plain"]

_WRITTEN_OUT: Final = {
    **{word.replace("'", ""): word for word in (
        "i'm", "i've", "don't", "doesn't", "didn't", "isn't", "wasn't", "weren't", "aren't", "can't", "won't",
        "wouldn't",
        "couldn't", "shouldn't", "hasn't", "haven't", "hadn't", "he's", "she's", "that's", "there's", "they're",
        "what's",
        "you're", "they've", "we've", "you've",
    )},
    "bc": "because", "b/c": "because", "cuz": "because", "coz": "because", "cos": "because", "becuz": "because",
    "w/": "with", "w/o": "without", "tho": "though", "thru": "through", "ppl": "people", "rn": "right now",
    "smth": "something", "sth": "something", "bday": "birthday", "hubby": "husband", "hubs": "husband",
    "bf": "boyfriend",
    "gf": "girlfriend", "dh": "my husband", "dw": "my wife", "hrs": "hours", "hr": "hour", "yrs": "years",
    "yr": "year",
    "mins": "minutes", "kinda": "kind of", "sorta": "sort of", "gonna": "going to", "wanna": "want to",
    "alot": "a lot",
    "fiancee": "fiancée", "idk": "I don't know", "dunno": "don't know", "abt": "about", "rly": "really",
    "nite": "night", "tonite": "tonight", "msg": "message",
    "msgs": "messages", "convo": "conversation", "wknd": "weekend", "everytime": "every time", "dinning": "dining",
}  # fmt: skip
_WORD: Final = re.compile(r"(?<![\w'/])(?:" + "|".join(map(re.escape, _WRITTEN_OUT)) + r")(?![\w'/])", re.IGNORECASE)
_TWICE_MY: Final = re.compile(r"\b(my|your|our) my\b", re.IGNORECASE)
_AGE: Final = re.compile(
    r"\s*[\[(]\s*(?:\d{1,2}\s*[-/,]?\s*[a-z]{0,2}|[a-z]\s*[-/,]?\s*\d{1,2}|we(?:'re| are) both \d+|both \d+)\s*[\])]",
    re.IGNORECASE,
)
_BARE_AGE: Final = re.compile(r"(?<=[a-z]) \d{2}\s?[mf]\b|\b[mf]\d{2}\b", re.IGNORECASE)
_NOISE: Final = re.compile(
    r"(?<!\w)(?:lol+|lmao|tbh|ngl|smh|omg|ugh+|ha(?:ha)+|sigh+|imo|imho|fr|iykyk|xd|um+|uh+|hmm+)(?!\w)[,.]?"
    r"|[:;]'?-?[()/|DP](?!\w)|[\U0001F300-\U0001FAFF\u2600-\u27BF\uFE0F\u200d]|\*+|_{2,}|~+",
    re.IGNORECASE,
)
_IDLE: Final = re.compile(
    r"^\W*(?:idk|i don'?t know)(?:,|\.{2,}|\s(?=(?:i|he|she|we|they|my|maybe|it)\b))\s*", re.IGNORECASE
)
_SO: Final = re.compile(r"\b(my|her|his|our) SO\b")
_STRAIGHT: Final = str.maketrans("‘’`´“”„«»", '\'\'\'\'"""""')
_LONG_I: Final = re.compile(r"(?<![\w'’.])i(?=(?:'(?:m|ve|d|ll))?(?:[\s,.;:!?)…\"]|$))(?!\.e\.)")


def plain(sentence: str) -> str:
    """One sentence, with short forms written out, and without ages and noises."""
    text = sentence.translate(_STRAIGHT)
    text = _BARE_AGE.sub("", _AGE.sub("", text))
    text = _SO.sub(r"\1 partner", text)
    text = _NOISE.sub(" ", _IDLE.sub("", text))
    text = _WORD.sub(lambda found: _written_out(found.group()), text)
    text = _TWICE_MY.sub(r"\1", text)
    text = re.sub(r"\s+([,.;:!?])", r"\1", re.sub(r"\s+", " ", text))
    return _LONG_I.sub("I", text.strip(" ,;:-–—"))


def _written_out(word: str) -> str:
    full = _WRITTEN_OUT[word.lower()]
    return full[:1].upper() + full[1:] if word[:1].isupper() else full
