"""The words in which people say what an idea has to fit: patterns, matched without regard to case, as whole words."""

from __future__ import annotations

import re
from typing import Final

__all__ = [
    "APART",
    "ASLEEP",
    "CHEAP",
    "CHILDREN",
    "FELT",
    "FIGHT",
    "FREE",
    "GRIEF",
    "HOME",
    "INFIDELITY",
    "MYSELF",
    "NO_FIGHT",
    "NO_RISK",
    "NUMBERS",
    "SPANS",
    "STAYS_PUT",
    "TENSE",
    "TIMES",
    "TIRED",
    "TOGETHER",
    "UNSEEN",
]


def _any(patterns: str) -> re.Pattern[str]:
    """One pattern for a list whose entries are parted by " | " or a new line."""
    entries = [entry.strip() for entry in re.split(r" \| |\n", patterns.replace("'", "['\u2019]?")) if entry.strip()]
    return re.compile(rf"\b(?:{'|'.join(entries)})\b", re.IGNORECASE)


#: No money is to be spent.
FREE: Final = _any(
    r"""
    (?<!feel )(?<!kid )(?<!kid-)(?<!child )free(?! (?:time|evening|afternoon|day|hour|moment))
    no (?:money|budget|cash) | without (?:spending|money|paying)
    (?:not|don't|can't|cannot|won't) (?:want to )?(?:spend|pay)\w*(?! (?:any |more |much )?time)
    broke | skint | costs? nothing | zero budget | can't afford | payday | money(?:'s| is) (?:tight|short|out)
    short (?:on|of) (?:money|cash) | no cost
    """
)
#: Little money.
CHEAP: Final = _any(
    r"""
    cheap\w* | low cost | small budget | not (?:too )?expensive | few (?:dollars|euros|pounds|bucks)
    """
)
#: Little strength.
TIRED: Final = _any(
    r"""
    tired | exhausted | exhausting | no energy | low[- ]energy | low[- ]effort | little energy | worn out
    wiped(?: out)? | drained | knackered | shattered | burn(?:t|ed) out | dead on my feet | run down
    running on empty | no (?:strength|spoons) | can't (?:move|get up|do much) | sick
    (?:i'm|feel|feeling) ill | unwell | in pain
    migraine | easy | effortless | barely slept | didn't sleep | haven't slept | night shift | nothing big
    gentle
    """
)
#: Children are around.
CHILDREN: Final = _any(
    r"""
    kids? | child(?:ren)? | toddlers? | bab(?:y|ies) | newborn | sons? | daughters? | little ones? | twins
    """
)
#: The children are there, but not in the room; or there are none.
ASLEEP: Final = _any(
    r"""
    asleep | sleep(?:ing)? | in bed
    at (?:school|nursery|daycare|day ?care|their (?:dad|mom|mum|gran\w*)(?:'s)?) | out of the house | gone
    moved out | grown | no (?:kids?|children) | without (?:the )?(?:kids?|children)
    don't have (?:any )?(?:kids?|children) | child(?:-| )?free | kid(?:-| )?free | nap(?:s|ping)?
    (?:kids?|children|son|daughter) (?:is|are) (?:away|out)
    lost (?:my|our|the|his|her) (?:baby|child|son|daughter|twins) | miscarr\w+ | stillb\w+
    """
)
#: There was a fight.
FIGHT: Final = _any(
    r"""
    fights? | fought | fighting | argu\w+ | (?:a|big|huge|blazing) row | rowed | quarrel\w* | yelled | yelling
    screamed | shouted | shouting match | fell out | fallen out | falling out | blew up | blow[- ]?up | blowout
    bust[- ]up | spat | slammed (?:the|a) door | make up with | made? (?:him|her|them) (?:mad|angry)
    """
)
#: The air is thick.
TENSE: Final = _any(
    r"""
    tense | tension | frosty | icy | cold war | not (?:talking|speaking) | (?:isn|aren)'t (?:talking|speaking)
    silent treatment | on edge | thick air | bad mood | snappy | distant(?: lately)? | stopped talking
    """
)
#: Somebody was lost.
GRIEF: Final = _any(
    r"""
    (?<!phone )(?<!battery )died(?! (?:laughing|down|of)) | (?<!to )death | dying(?! (?:to|of|for))
    funeral | grie(?:f|ve|ving) | mourning | miscarr\w+ | stillb\w+ | passed away
    lost (?:my|our|his|her|their|the) (?:mom|mum|mother|dad|father|parents?|brother|sister|son|daughter)
    lost (?:my|our|his|her|their|the) (?:baby|child|friend|dog|cat|gran\w*|pregnancy)
    """
)
#: Trust was broken.
INFIDELITY: Final = _any(
    r"""
    cheat(?:ed|ing) | affair | infidelity | unfaithful | slept with (?:someone|somebody|another)
    other (?:woman|man) | betray\w*
    """
)
#: For both.
TOGETHER: Final = _any(
    r"""
    together | both of us | the two of us | the both of us | as a couple | do with (?:him|her|them)
    date (?:night|idea)s?
    """
)
#: Nobody leaves the house.
HOME: Final = _any(
    r"""
    at home | from home | indoors | inside | stay(?:ing)? in | the (?:couch|sofa)
    can't (?:go out|leave) | don't want to go out | stuck (?:in|inside|at home) | no (?:babysitter|sitter)
    rain(?:y|ing) | snowed in | housebound | quarantine | without (?:going out|leaving)
    """
)
#: For the person alone.
MYSELF: Final = _any(
    r"""
    for (?:me|myself)(?: only| alone)?(?! (?:and|to|or)\b) | just me | only me | my ?self alone
    on my own | by myself | self[- ]care | something of my own | my own (?:thing|world|life) | me[- ]time
    alone time
    """
)
#: The partner isn't to know, or won't join in.
UNSEEN: Final = _any(
    r"""
    secret(?:ly)? | surprise | without (?:him|her|them|my \w+) (?:knowing|noticing|having to)
    (?:won't|doesn't want to|refuses to|wouldn't) (?:join|take part|play|do anything|come along)
    not (?:into|up for) (?:it|anything) | doesn't have to know
    """
)
#: A no would hurt too much.
NO_RISK: Final = _any(
    r"""
    (?:no|low|without) risk | reject(?:ed|ion) | turned down | brush(?:ed)? off | shut down
    safe(?:r)? (?:one|idea|thing)s? | can't (?:go wrong|backfire|be refused) | small(?:er)? step | nothing scary
    """
)
#: Walking is not possible.
STAYS_PUT: Final = _any(
    r"""
    wheelchair | can't walk | hard to walk | crutches | bad (?:knees?|back|hip|leg) | walker | bed ?rest
    bedridden | sitting down | mobility | not much walking | without walking | no walking | surgery
    broken (?:leg|foot|ankle|hip) | pregnant
    """
)
#: How care is felt.
FELT: Final = {
    "words": _any(
        r"""
        (?:something|anything) (?:nice|kind|sweet) to (?:say|write|text) | what (?:to|can i) (?:say|write|text)
        compliments? | (?:kind|nice|loving|sweet) words
        """
    ),
    "help": _any(r"help (?:him|her|them|out) | chores? | housework | take something off | practical | useful"),
    "time": _any(r"quality time | (?:more )?time with (?:him|her|them) | time together"),
    "touch": _any(r"touch(?:ing)? | cuddl\w+ | hugs? | hold hands | affection\w*"),
}
#: Numbers as they are said.
NUMBERS: Final = {
    "one": 1,
    "a": 1,
    "two": 2,
    "couple": 2,
    "couple of": 2,
    "three": 3,
    "four": 4,
    "few": 5,
    "five": 5,
    "ten": 10,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "forty five": 45,
    "forty-five": 45,
    "sixty": 60,
}
_COUNT: Final = "|".join(sorted(NUMBERS, key=len, reverse=True))
#: What names a time; its group says which sort.
TIMES: Final = re.compile(
    rf"\b(?P<half>half an hour|half hour)\b|\b(?P<quarter>quarter of an hour)\b"
    rf"|\b(?P<minutes>\d{{1,3}}|{_COUNT})[\s-]*(?:of\s+)?(?:min(?:ute)?s?|mins?)\b"
    rf"|\b(?P<hours>\d|{_COUNT}|an)[\s-]*(?:hours?|hrs?)\b"
    r"|\b(?P<moment>seconds|in passing)\b"
    r"|\b(?P<quick>quick\w*|no time|little time|not much time|hardly any time|short(?! (?:on|of) (?:money|cash))"
    r"|between (?:shifts|meetings|feeds)|(?:my|a) (?:lunch )?break)\b"
    r"|\b(?P<evening>all evening|whole evening|the evening|an evening)\b"
    r"|\b(?P<day>all day|whole day|the weekend|an afternoon|whole afternoon)\b",
    re.IGNORECASE,
)
#: Minutes of what is no number.
SPANS: Final = {"half": 30, "quarter": 15, "moment": 2, "quick": 10, "evening": 120, "day": 240}
#: There was none, or the word means something else.
NO_FIGHT: Final = re.compile(
    r"\b(?:(?:never|didn['’]?t|don['’]?t|haven['’]?t|not|no|without(?: a)?|instead of|rather than|avoid(?:ing)?)"
    r"(?: \w+){0,2}? (?:fight\w*|fought|argu\w+|quarrel\w*|row)|front row|in a row|row of)\b",
    re.IGNORECASE,
)
_THEY: Final = r"(?:he|she|they|my (?:husband|wife|partner|boyfriend|girlfriend|fianc[eé]e?|spouse|man|guy))"
#: The two are in different places.
APART: Final = re.compile(
    r"\b(?:apart|long[- ]distance|away for work|travel\w*|deploy\w*|far away|from afar|from a distance|miles away"
    r"|different (?:cit|countr|town|time ?zone)\w*|another (?:city|country)|opposite shifts|works? (?:nights|away)"
    r"|(?:at|on) (?:sea|a ship|base)|in (?:the )?hospital|on (?:a )?(?:business )?trip"
    r"|by (?:phone|text|message|video)|over (?:the phone|text|video)|via (?:text|phone)|text message"
    rf"|{_THEY}(?:['’](?:s|re)| is| are)(?: still| always| often)? (?:away|gone|abroad|out of town|at work"
    r"|on (?:a )?(?:night )?shift|overseas|offshore)"
    rf"|(?:while|when|until) {_THEY}(?:['’](?:s|re)| is| are) (?:away|gone|out|at work|working|back))\b",
    re.IGNORECASE,
)
