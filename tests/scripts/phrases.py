"""The words of which random scripts are made: everyday ones, each fit to stand anywhere."""

from __future__ import annotations

from typing import Final

__all__ = [
    "ALARMING_TITLES",
    "ANSWERS",
    "AUDIENCES",
    "CHOICES",
    "COMMENTS",
    "CONDITIONS",
    "ENDS",
    "HOMEWORK",
    "NAMES",
    "NOTES",
    "QUESTIONS",
    "SAID",
    "SCRIPTS",
    "SECTIONS",
    "SEVERAL",
    "TIMES",
    "TITLES",
]

SCRIPTS: Final = (
    "Week 2 - small doors", "Evening walk", "The empty chair", "A slow morning", "Ten minutes", "Counting to four",
    "2 lists", "Sunday, later", "Bread and letters", "Halfway house", "The other window", "What the week was",
)  # fmt: skip
SECTIONS: Final = (
    "Start", "The moment", "Hard week", "Small step", "A pause", "What helped", "Looking back", "Tonight", "It’s late",
    "Two chairs", "On the way home", "Another try", "The kitchen", "Part 3", "Nearly there", "Last words",
)  # fmt: skip
AUDIENCES: Final = ("", "", "one partner, adults", "one partner", "couples", "couples, adults", "adults")
COMMENTS: Final = ("ask Maria whether this is too long", "from the workbook, page 12: the chairs", "# not a section")
SAID: Final = (
    "Hello {name}. {counsellor} asked me to check in.",
    "Noticing is already a skill. Thank you for telling me.",
    "Bids are easy to miss: a sigh, \"look at this\", a hand on the shoulder.",
    "If it feels hard, rest a while. The next part can wait.",
    "Run a bath, or make tea. Then come back to this.",
    "You don't have to fix it alone.",
    "That was a long week, and you came back to this page.",
    "Note how your shoulders are now. Let them sink.",
    "Look out of the window for a breath. I'll be here.",
    "It's fine if nothing comes to mind.",
    "{partner} may see this week in another way. Both can be so.",
    "Half of it is done.",
    "Some weeks are all lists. Who drives, who cooks, who calls the school. None of that is wrong. It fills the day. "
    "And then it is late, the light is off, and you have not said one word to each other about how it was.",
    "Here is one way to look at it. You ask for a small thing. It is missed. You ask again, a bit louder, or you stop "
    "asking. Both make sense. Both leave you on your own. We will look at what came first.",
    "Small things count: the cup that was rinsed, the light that was left on.",
    "Some evenings are quiet, and that can be good or lonely.",
)  # fmt: skip
QUESTIONS: Final = {
    "free text": (
        "What stood out this week?", "What did you want to say and left unsaid?", "What did you see {partner} do?",
        "What would a good Sunday look like?", "Tell me about one moment in the kitchen.",
        "What went through your mind then?",
    ),
    "yes or no": (
        "Did {partner} reach out to you at any moment, even a little?", "Would you like {counsellor} to contact you?",
        "Shall we stay with this a little longer?", "Did you sleep well?", "Was there a quiet evening?",
    ),
    "scale": (
        "From there to there, how close did you feel to {partner} this week?", "How heavy was today?",
        "How warm was the talk at the table?", "How sure are you of that?",
    ),
    "number": (
        "How many evenings were yours?", "How often did you laugh together?", "How many hours did you sleep?",
    ),
    "time": ("When are you both at home?", "When does your evening begin?"),
    "date": ("Which day suits you?", "When did you last go out, the two of you?"),
}  # fmt: skip
CHOICES: Final = (
    "Which one fits?", "Where were you then?", "What comes nearest?", "What shall we look at now?",
    "Who said the first word?",
)  # fmt: skip
SEVERAL: Final = ("Which of these happened?", "What did you try?", "What was there, even for a moment?")
TITLES: Final = (
    "Yes", "No", "I'm not sure", "A walk", "Tea together", "We laughed", "We argued", "Later", "Something else",
    "The first one", "Nothing of this", "It's complicated", "My phone rang", "2 cups", "The sofa", "Both of us",
)  # fmt: skip
#: A counsellor may offer these; who taps them is in danger all the same.
ALARMING_TITLES: Final = ("I want to kill myself", "he hits me", "I don't want to live anymore")
HOMEWORK: Final = (
    "Tell {partner} one thing that you liked.", "Thank {partner} for something small.",
    "Ask {partner} how the day was.",
    "Put a hand on {partner}'s shoulder when you come home.", "Write down one good minute of each day.",
)  # fmt: skip
NOTES: Final = (
    "We talked about the week.", "{name} came back to it.", "The kitchen was mentioned.", "Please look at the answers.",
)  # fmt: skip
ENDS: Final = ("Take care, {name}.", "Until next time.", "That was the last question. Thank you.", "Sleep well.")
TIMES: Final = (
    "after 2 days at 19:00", "in two days at 7 pm", "after 1 week", "tomorrow at 20:30", "tomorrow", "after 3 hours",
    "after 5 minutes", "after 2 hours at 07:00", "after a day at 9:15", "every Sunday at 18:00",
    "every Monday and Thursday at 7 am", "every weekend at 23:30",
)  # fmt: skip
NAMES: Final = tuple(
    "closeness week_note noticed_bid wants_contact step small_step the_day at_home evenings happened choice slept "
    "weight warmth unsaid good_minute quiet_evening where_it_was said_first tried mood plan idea topic second_idea "
    "laughs hours outing hunger colour song window corner letter bread cup chair garden morning shoes bridge_walk "
    "river train map coat lamp door_left_open radio recipe stairs holiday photo".split()
)
CONDITIONS: Final = ("scale", "number", "yes or no", "choices", "several")
#: What people answer, to the point or not.
ANSWERS: Final = (
    "We laughed in the kitchen on Sunday.", "3", "about a seven", "half past seven", "friday", "yes", "no", "idk", "ok",
    "he was on his phone all evening, as ever", "nothing", "the second one", "2", "both, and then the last", "hm",
    "I'd rather talk about the move", "tomorrow night", "a walk and tea together", "she thanked me, out of nowhere",
    "I felt invisible at the party", "9 out of 10", "the kids were ill so we only talked about who picks up whom",
    "-1", "noon", "no more", "next", "{partner} said so", "don't know. maybe tea",
    "are you a real person?", "who can read this?",
)  # fmt: skip
