"""Folds a text to plain lower-case words, so that spelling tricks, masks and typos can't hide what a person says.

`fold` gives words of letters and digits with one space between them; "." stands alone where a sentence ends.
Contractions are written out ("don't" -> "do not"), so that the lexicon needs each phrase only once. It is meant for
matching, never for showing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

__all__ = ["END", "fold"]

END: Final = "."
"""The token that stands where a sentence ends."""

# Words that people disguise. Masks, leet, spaced letters and stretched letters are undone only where one of these
# comes out, so that "2nd", "b4" or "sooo" never turn into something else.
_DISGUISED_WORDS: Final = """
    suicide suicidal suicides kill kills killed killing killer myself yourself himself herself themselves die dies
    died dying dead death overdose overdosed overdosing hang hanging hanged noose jump jumping cut cuts cutting slit
    wrist wrists pills gun knife shoot shooting stab stabbed stabbing hurt hurts hurting harm harming harmed rape
    raped raping rapes abuse abused abusive abuses hit hits hitting beat beats beating beaten choke chokes choked
    choking strangle strangles strangled strangling punch punched punches slap slaps slapped murder murdered
    murdering molest molested molests touched threaten threatened threatens threatening unalive unaliving bleed
    bleeding burn burning drown drowning bruise bruises kms kys
    """
_DISGUISED: Final = frozenset(_DISGUISED_WORDS.split())
_FILLERS_WORDS: Final = """
    i im am a want wanna wanted to gonna going go just really my me self will should feel like
    """
_FILLERS: Final = frozenset(_FILLERS_WORDS.split())
_SIGNS: Final = str.maketrans("01345789@$!|+€£", "oieastbgasiitel")
_L_SIGNS: Final = str.maketrans("1!|", "lll")

# What is meant: coded words, misspellings, contractions and chat spellings. What is meant is never itself on a
# right side, so that fold(fold(x)) == fold(x).
_SPELLINGS: Final = """
    kill myself: kms ctb
    kill yourself: kys
    kill: unalive killl kil kll klil kiil
    killed: unalived
    killing: unaliving unliving killin
    suicide: sewerslide sewercide suside suiside suicied suecide suacide sueside
    self harm: sh selfharm
    self harming: selfharming
    self harmed: selfharmed
    raped: rped graped
    overdose: od
    overdosed: oded
    die: diie diee ddie
    dying: dieing
    want: wnat wamt wnt wan
    suicidal: sucidal suisidal sueicidal
    myself: mself meself myelf
    choked: chocked
    choking: chocking
    strangled: strangeled
    hit: hitted
    abusive: abuseive abussive
    rape: raip
    i am: im
    i have: ive
    i would: id
    do not: dont dnt
    does not: doesnt
    did not: didnt
    can not: cant cannot
    will not: wont
    would not: wouldnt
    could not: couldnt
    should not: shouldnt
    is not: isnt aint
    are not: arent
    was not: wasnt
    were not: werent
    have not: havent
    has not: hasnt
    had not: hadnt
    he is: hes
    she is: shes
    they are: theyre
    they have: theyve
    you are: youre
    that is: thats
    there is: theres
    what is: whats
    going to: gonna gunna gona finna
    going: goin
    want to: wanna wana
    got to: gotta
    trying to: tryna
    i will: imma ima
    your: ur
    because: cuz coz bc
    boyfriend: bf
    girlfriend: gf
    any more: anymore
    nothing is: nothings
    tonight: tonite 2nite 2night
    through: thru
    them: em
    a lot: alot
"""
_MEANT: Final[dict[str, str]] = {
    written: meant.strip()
    for line in _SPELLINGS.strip().splitlines()
    for meant, _, spellings in [line.partition(":")]
    for written in spellings.split()
}
# Read only once it is known that the letter doesn't belong to a word spelled letter by letter.
_LETTER_MEANT: Final[dict[str, str]] = {"u": "you", "n": "and", "r": "are"}
_ENDINGS: Final[dict[str, str]] = {"m": "am", "ve": "have", "ll": "will", "d": "would", "re": "are"}
_IS_AFTER_WORDS: Final = "he she it that there what who here where how this everyone everybody nobody nothing"
_IS_AFTER: Final = frozenset(_IS_AFTER_WORDS.split())

# Nothing but a shortcut: half of what people write, and none of it a disguise.
_EVERYDAY_WORDS: Final = """
    i he she they we you it me him her them us my his their our the a an and or but so if when then that this what
    who how why to of in on at for with from about is am are was were be been do does did have has had can will
    would could should not no never always just really very too more all any some like feel know think want need go
    get say says said tell told ask because out up down after before now time day night home house work husband wife
    partner boyfriend girlfriend love marriage again still every
    """
_EVERYDAY: Final = frozenset(_EVERYDAY_WORDS.split())

_LOOKALIKE: Final = str.maketrans(
    {
        # Cyrillic
        "а": "a",
        "в": "b",
        "е": "e",
        "ё": "e",
        "к": "k",
        "м": "m",
        "н": "h",
        "о": "o",
        "р": "p",
        "с": "c",
        "т": "t",
        "у": "y",
        "х": "x",
        "ѕ": "s",
        "і": "i",
        "ї": "i",
        "ј": "j",
        "ԁ": "d",
        "ԛ": "q",
        "ԝ": "w",
        "һ": "h",
        "ӏ": "l",
        "п": "n",
        "г": "r",
        # Greek
        "α": "a",
        "β": "b",
        "γ": "y",
        "ε": "e",
        "η": "n",
        "ι": "i",
        "κ": "k",
        "μ": "m",
        "ν": "v",
        "ο": "o",
        "ρ": "p",
        "σ": "s",
        "ς": "s",
        "τ": "t",
        "υ": "u",
        "χ": "x",
        "ω": "w",
        "δ": "d",
        "ζ": "z",
        # Latin letters that NFKD leaves alone
        "ı": "i",
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ɑ": "a",
        "ɡ": "g",
        "ɩ": "i",
        "ɪ": "i",
        "ʟ": "l",
        "ᴋ": "k",
        "ᴍ": "m",
        "ʏ": "y",
        # signs
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "`": "'",
        "´": "'",
        "′": "'",
        "＇": "'",
        "‛": "'",
        "ʹ": "'",
        # blanks that are letters or symbols to Unicode
        "\u115f": "",
        "\u1160": "",
        "\u3164": "",
        "\uffa0": "",
        "\u2800": " ",
    }
)
_ASCII_CONTROLS: Final = {code: None for code in [*range(32), 127] if chr(code) not in "\n\t\r"}
_HIDDEN: Final = frozenset({"Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me", "Mc"})

_CHUNK: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s']+|[_']+")
_PLAIN: Final = re.compile(r"[^\W_]+\Z")
_STRETCH: Final = re.compile(r"(.)\1\1")
_RUN: Final = re.compile(r"(.)\1+")
_STOPS: Final = frozenset(".!?…;\n。！？")
_LONGEST: Final = max(map(len, _DISGUISED))

# Where nothing but words of this list make up a string without spaces, the spaces are put back ("iwanttodie").
_GLUED: Final = re.compile("|".join(sorted(_DISGUISED | _FILLERS, key=lambda word: (-len(word), word))))
_GLUE_HINT: Final = re.compile("myself|todie|suicid|killme|endit|tokill|behit")


def _squeezed(word: str) -> str:
    return _RUN.sub(r"\1", word)


_SQUEEZED: Final[dict[str, str]] = {_squeezed(word): word for word in sorted(_DISGUISED, key=len, reverse=True)}


def _with_one_letter_missing(words: Iterable[str]) -> dict[str, str]:
    # The first letter always stands: "willing" must not become "killing".
    return {word[:at] + word[at + 1 :]: word for word in words for at in range(1, len(word))}


# Only long words: among short ones a slip is too often another word ("drying", "bear").
_LONG: Final = frozenset(word for word in _DISGUISED if len(word) >= 6) - {
    "wrists",
    "dying",
    "beaten",
    "bruise",
    "killer",
    "touched",
}
_MISSING: Final = _with_one_letter_missing(sorted(_LONG))
_NOT_SLIPS: Final = frozenset({"downing", "stabling", "hurtling"})
_SWAPPED: Final[dict[str, str]] = {
    word[:at] + word[at + 1] + word[at] + word[at + 2 :]: word for word in sorted(_LONG) for at in range(len(word) - 1)
}


def fold(text: str) -> str:
    """The text as plain words for matching.

    Args:
        text: anything, also with lone surrogates or control characters.

    Returns:
        Words with one space between them, "." where a sentence ends. Folding twice changes nothing.
    """
    folded = " ".join(_words(_plain_characters(text)))
    # A join can bring another one into reach ("s u i" + "cide"); two or three rounds always settle it.
    for _ in range(4):
        again = " ".join(_words(folded))
        if again == folded:
            break
        folded = again
    return folded


def _plain_characters(text: str) -> str:
    """Lower case, compatibility forms and look-alikes undone, what can't be seen taken out."""
    if text.isascii():
        text = text.casefold()
    else:
        text = text.replace("\u2028", "\n").replace("\u2029", "\n")
        for _ in range(2):  # case folding can bring up new compatibility forms, once
            text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_LOOKALIKE)
        return "".join(sign for sign in text if sign in "\n\t\r" or unicodedata.category(sign) not in _HIDDEN)
    return text.translate(_ASCII_CONTROLS)


def _words(text: str) -> list[str]:
    words: list[str] = []
    for line in text.split("\n"):
        _end_sentence(words)
        for raw in line.split():
            if raw == END:
                _end_sentence(words)
            elif _PLAIN.match(raw):
                words.extend(_meant(raw))
            else:
                _take_apart(raw, words)
    while words and words[-1] == END:
        words.pop()
    return _joined(words)


def _end_sentence(words: list[str]) -> None:
    if words and words[-1] != END:
        words.append(END)


def _take_apart(raw: str, words: list[str]) -> None:
    """Reads a string that has something else than letters in it: a mask, or words with punctuation."""
    if len(raw) <= 3 * _LONGEST and not raw.replace("'", "").isalpha():
        unmasked = _unmasked(raw)
        if unmasked:
            words.extend(_meant(unmasked))
            if raw[-1] in _STOPS:
                _end_sentence(words)
            return
    for chunk in _CHUNK.findall(raw):
        if chunk[0].isalnum():
            words.extend(_meant(chunk))
        elif not _STOPS.isdisjoint(chunk):
            _end_sentence(words)


def _unmasked(raw: str) -> str | None:
    """The disguised word behind a mask ("k.ll", "su1cide", "s-u-i-c-i-d-e", "r*pe"), or None."""
    bare = raw.strip("\"'()[]{}.,;:?!…#~")
    shapes = [bare] if not bare.isalpha() else [raw.strip("\"'()[]{}.,;:?")] if "!!" in raw else []  # "ki!!"
    for shape in shapes:
        letters = "".join(sign for sign in shape if sign.isalnum())
        for readable in (
            letters,
            _letters(shape.translate(_SIGNS)),
            _letters(shape.translate(_L_SIGNS).translate(_SIGNS)),
        ):
            word = _known(readable)
            if word and readable.isalpha():
                return word
        guess = _guessed(shape)
        if guess:
            return guess
    return None


def _plain_leet(word: str) -> str | None:
    """An everyday word in leet ("w4nt"); the first sign must be a letter, so that ages such as "16m" stay."""
    plain = word.translate(_SIGNS)
    return plain if word[0].isalpha() and (plain in _FILLERS or plain in _EVERYDAY) else None


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalpha())


def _known(word: str) -> str | None:
    if word in _DISGUISED:
        return word
    return _SQUEEZED.get(_squeezed(word)) if _STRETCH.search(word) else None


def _guessed(shape: str) -> str | None:
    """A word with up to two letters replaced by signs ("k*ll", "s**cide"); its first and last letter must stand."""
    holes = [at for at, sign in enumerate(shape) if not sign.isalpha()]
    if not (4 <= len(shape) <= _LONGEST and 1 <= len(holes) <= 2) or holes[0] == 0 or holes[-1] == len(shape) - 1:
        return None
    if any(shape[at] in "',/" for at in holes) or 2 * len(holes) > len(shape):
        return None
    for word in _BY_LENGTH.get(len(shape), ()):
        if all(sign == letter or not sign.isalpha() for sign, letter in zip(shape, word, strict=True)):
            return word
    return None


_BY_LENGTH: Final[dict[int, tuple[str, ...]]] = {
    length: tuple(sorted(word for word in _DISGUISED if len(word) == length)) for length in range(4, _LONGEST + 1)
}


def _meant(word: str) -> list[str]:
    """One word as the lexicon spells it: written out, typos mended; one word or several."""
    if word in _EVERYDAY:
        return [word]
    if "'" in word:
        return _without_apostrophe(word)
    meant = _MEANT.get(word)
    if meant:
        return meant.split()
    if word in _DISGUISED or len(word) < 3:
        return [word]
    if len(word) <= _LONGEST + 1 and not word.isalpha():
        unmasked = _unmasked(word) or _plain_leet(word)
        return _meant(unmasked) if unmasked else [word]
    if _STRETCH.search(word):
        calm = _squeezed(word)
        return _meant(_SQUEEZED.get(calm, calm))
    if len(word) > 5 and _GLUE_HINT.search(word):
        return _unglued(word)
    return [_mended(word)] if 5 <= len(word) <= _LONGEST + 1 and word not in _NOT_SLIPS else [word]


def _mended(word: str) -> str:
    """The long key word that is a single slip away from `word`, or the word itself."""
    found = _MISSING.get(word) or _SWAPPED.get(word)
    if found:
        return found
    if len(word) >= 7 and word[0] in _FIRST_LETTERS:
        for at in range(1, len(word)):
            shorter = word[:at] + word[at + 1 :]
            if shorter in _LONG and shorter + "s" != word and shorter + "d" != word:
                return shorter
    return word


_FIRST_LETTERS: Final = frozenset(word[0] for word in _LONG)


def _without_apostrophe(word: str) -> list[str]:
    if word.endswith("n't"):
        plain = word.replace("'", "")
        return _MEANT[plain].split() if plain in _MEANT else [*_meant(word[:-3]), "not"]
    stem, _, ending = word.rpartition("'")
    stem = stem.replace("'", "")
    if not stem:
        return _meant(ending)
    if ending in _ENDINGS:
        return [*_meant(stem), _ENDINGS[ending]]
    if ending == "s":
        return [*_meant(stem), "is"] if stem in _IS_AFTER else _meant(stem)
    return _meant(stem + ending)


def _unglued(word: str) -> list[str]:
    """Puts the spaces back ("killmyself" -> kill, myself); other words stay whole."""
    parts = _GLUED.findall(word)
    if sum(map(len, parts)) == len(word) and not _DISGUISED.isdisjoint(parts):
        return [meant for part in parts for meant in _MEANT.get(part, part).split()]
    return [word]


def _joined(words: list[str]) -> list[str]:
    """Puts words together that were written apart: "s u i c i d e", "my self", "over dose"."""
    joined: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        if len(word) == 1 and word != END:
            stop = at
            while stop < len(words) and len(words[stop]) == 1 and words[stop] != END:
                stop += 1
            letters = words[at:stop]
            joined.extend(
                _spelled(letters) if len(letters) >= 3 else [_LETTER_MEANT.get(letter, letter) for letter in letters]
            )
            at = stop
        else:
            joined.append(word)
            at += 1
    return _halves(joined)


def _spelled(letters: list[str]) -> list[str]:
    """Single letters read as words, or left alone when no key word is among them."""
    text = "".join(letters)
    parts: list[str] = []
    end = 0
    for found in _GLUED.finditer(text):
        parts.extend(text[end : found.start()])
        parts.append(found.group())
        end = found.end()
    parts.extend(text[end:])
    if _DISGUISED.isdisjoint(parts):
        whole = _known(text)
        return [whole] if whole else [_LETTER_MEANT.get(letter, letter) for letter in letters]
    return [meant for part in parts for meant in _MEANT.get(part, part).split()]


_HALVES_THAT_ARE_WORDS: Final = frozenset(
    {("be", "at"), ("be", "ats"), ("a", "buse"), ("cut", "s"), ("hit", "s"), ("gun", "s")}
)


def _halves(words: list[str]) -> list[str]:
    whole: list[str] = []
    for word in words:
        if whole and whole[-1] != END and word != END:
            pair = whole[-1] + word
            if 5 <= len(pair) <= _LONGEST and pair in _DISGUISED and (whole[-1], word) not in _HALVES_THAT_ARE_WORDS:
                whole[-1] = pair
                continue
        whole.append(word)
    return whole
