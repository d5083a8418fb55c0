"""The words that Toward does not use, and what each of them would do to the person who reads it.

They are patterns, matched without regard to case and as whole words. Each list has its rule in lint.py.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["ACCUSING", "BARE", "BLAME", "FEELING", "JARGON", "PHONE", "PRONOUN", "VERDICT"]

#: Stand-ins for longer pieces, so that the lists stay readable.
_PIECES: Final = {
    "THEY": r"(?:\{partner\}|your partner|your (?:husband|wife|spouse)|they|he|she)",
    "NOT": r"(?:n't| not)",
    "HARD": r"(?:(?:so|very|really|quite|pretty|incredibly|just) )*"
    r"(?:hard|tough|difficult|painful|rough|sad|heavy|awful|upsetting|frustrating|stressful|challenging)(?: for you)?",
    # "whenever you need to" allows, "you need to" demands
    "DEMANDED": "".join(
        f"(?<!{word} )"
        for word in ("when", "whenever", "if", "all", "what", "anything", "everything", "time", "much as", "long as")
    ),
}


def _any(patterns: str, before: str = r"(?<!\w)", after: str = r"(?!\w)") -> re.Pattern[str]:
    """One pattern for a list whose entries are parted by " | " or a new line."""
    for name, piece in _PIECES.items():
        patterns = patterns.replace(name, piece)
    entries = [entry.strip() for entry in re.split(r" \| |\n", patterns) if entry.strip()]
    return re.compile(f"{before}(?:{'|'.join(entries)}){after}", re.IGNORECASE)


#: Says what the partner is, instead of what happened. Also the verdicts in the partner's favor.
VERDICT: Final = _any(
    r"""
    narciss\w+ | toxic\w* | gas-?light\w* | abusers? | abusive\w* | selfish\w* | self-centered | controlling
    manipulat\w+ | lazy(?! (?:sunday|saturday|morning|afternoon|evening|day|weekend|breakfast)) | laziness | childish\w*
    immatur\w+ | heartless\w* | cold-hearted | sociopath\w* | psychopath\w* | dysfunctional | red flags?
    emotionally unavailable | cheaters? | liars? | a jerk | bad (?:partner|husband|wife|spouse)
    too good for | better off without
    (?:does|do|did)NOT (?:(?:really|even) )?care (?:about you|for you|at all|enough)
    (?:never|stopped) (?:really )?car(?:ed|ing) (?:about you|for you|at all|enough)
    (?:clearly|obviously|plainly|just) (?:does|do)NOT care | THEY (?:does|do)NOT care
    deserves? (?:so much |much |far )?better | deserves? someone | dump (?:him|her|them)
    leave (?:him|her|them)(?! (?:be|alone|to|a|the|some|in|notes?|messages?|letters?)\b)
    THEY(?:'s|'re| is| are) (?:the one )?(?:to blame|at fault|in the wrong|the problem)
    THEY (?:clearly|obviously|surely|certainly|of course|really do(?:es)?) (?:loves?|cares?|means? (?:it )?well)
    (?:i'm|i am) sure THEY (?:loves?|cares?|means?|didn't|doesn't|don't)
    """
)

#: Tells the person off, or makes what hurts small.
BLAME: Final = _any(
    r"""
    you (?:should|must)(?:n't)? | you ought to | DEMANDEDyou (?:need|have) to(?! say) | just try | calm down | cheer up
    why (?:do|did|ca|wo)n't you | why can't you | why d(?:o|id) not you | get over it | let it go
    look on the bright side | others have it worse | it could be worse | stop (?:being|complaining|whining)
    what did you expect
    you (?:failed|blew it|didn't even try) | you(?:'re| are) (?:overreacting|too (?:sensitive|needy|much))
    at least(?! (?:\d|(?:one|two|three|four|five|six|ten|half|once|twice|a|an|as|some)\b))
    """
)

#: "always" and "never" about a person; harmless where something is wished or allowed.
ACCUSING: Final = _any(
    r"(?:you|they|he|she|partner|\{partner\})(?:'re|'ll|'s|'ve|'d)?(?: (?:are|is|have|has|had|will|do|does|did|would))?"
    r"(?: (?:just|simply|really|almost|also))? (?:always|never)"
    r"(?! (?:welcome|free|wanted|liked|loved|dreamed|hoped|wished|alone|have to|had to|need to|know|knows)\b)"
)

#: A whole bubble of these says nothing of what was told.
BARE: Final = _any(
    r"""
    i (?:hear|see|understand|get|feel|know)(?: (?:you|that|it|this|how you feel|what you mean|what you're saying))?
    (?:that|this|it)(?:'s| is| must be| must have been| must feel| sounds| seems) HARD | how HARD
    (?:i'm |i am )?(?:(?:so|very|really) )*sorry(?: (?:to hear (?:that|this|it)|about that|for you))?
    (?:i'm|i am) (?:so )?sorry you're going through (?:this|that) | your feelings are valid | i'm here(?: for you)?
    thank you for sharing | (?:oh|ah|ok|okay|right|yes|well|wow)
    """,
    before=r"^(?:(?:oh|and|so),? )?",
    after=r"$",
)

#: A program that says it feels. "I'm sorry" for its own mistakes is manners, not a feeling.
FEELING: Final = _any(
    r"""
    i(?:'d| would| really| do| truly)? (?:love|adore) | i(?:'ll| will| really| do)? miss (?:you|our|talking|hearing)
    i(?:'ve| have) missed | i(?:'m| am) feeling | i (?:(?:can|do|really|also|truly) )?feel | my heart
    i (?:(?:really|do|truly|deeply) )?care(?! if) | i (?:worry|enjoy|cherish) | it (?:breaks|warms) my
    i(?:'m| am) (?:(?:so|very|really|truly) )?(?:sad|happy|glad|proud|excited|worried|delighted|thrilled)
    i(?:'m| am) (?:(?:so|very|really|truly) )?(?:touched|moved|hurt|angry|lonely|upset)
    means (?:a lot|so much) to me | i know (?:exactly )?how (?:you feel|it feels)
    """
)

PRONOUN: Final = _any(r"(?:he|she)(?:'s|'d|'ll)? | him | his | hers? | himself | herself")

#: Words of the consulting room. Each has a plainer one.
JARGON: Final = _any(
    r"""
    attachment (?:style|theory|wound)s? | (?:anxious|avoidant|secure|insecure)(?:ly)? attach\w+ | avoidant
    trauma bond\w* | co-?dependen\w+ | (?:co-|self-)?regulat(?:e|ed|ing|ion) | dysregulat\w+ | ruminat\w+
    catastrophi\w+ | cogniti\w+ | validat(?:e|es|ed|ing|ion)
    emotional (?:labor|labour|attunement|bandwidth|intimacy|safety) | maladaptive
    coping (?:mechanism|strateg|skill)\w* | dissociat\w+ | trigger(?:s|ed|ing)? | enmesh\w+ | stonewall\w*
    ideation | (?:psycho)?patholog\w+ | psycho-?education\w* | interventions? | modalit\w+
    affect(?:ive)? (?:regulation|state) | reframe\w* | reframing | processing (?:your|the) (?:feelings|emotions)
    love languages? | schemas? | transference | symptoms? | comorbid\w* | therapeutic\w* | interpersonal | dyad\w*
    pursuer | distancer | hypervigilan\w+ | internali[sz]\w+ | projecti(?:on|ng) | vulnerabilit\w+ | disengage\w*
    conflict resolution | communication skills?
    """
)

#: What a thumb could dial: seven digits or more, a short code, an emergency number. Dates and times are none.
PHONE: Final = re.compile(
    r"(?<![\w.,:/-])(?!\d{4}-\d\d-\d\d\b)"
    r"(?:\+?\(?\d(?:[ ().-]{0,2}[\dA-Z]){6,}|\d{5,6}|\d\d(?: \d\d){2}|116[ -]?\d{3}|9-?8-?8"
    r"|911|112|999|000|111|119|110|118)"
    r"(?![\w:/])(?![.,]\d)"
)
