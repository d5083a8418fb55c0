"""The safety room: reads every text before anything else does, and knows what to say when someone is not safe.

Needs the standard library, PyYAML and pydantic only, and neither Rasa nor the network, so that it answers when all
else is broken.

    normalise   spelling tricks, masks, typos and contractions folded away
    phrases     the small language in which the lexicon is written, and its matcher
    lexicon     data/safety/lexicon.yml, read and checked
    verdict     Level, Topic, Scope, Verdict
    detector    text -> Verdict(topic, level, cues)
    words       data/safety/words.yml: what is said
    helplines   data/helplines.tsv: who can be reached, by country
    gate        the three above behind one door; pure after loading
"""
