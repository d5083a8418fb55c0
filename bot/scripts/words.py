"""What the bot says around a script: data/scripts/words.yml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.content import yaml_files
from bot.settings import PROJECT

__all__ = ["GIVEN", "ScriptWords", "fill"]

#: What may stand in braces without a question for it.
GIVEN: Final = ("name", "partner", "counsellor", "homework", "told")

_NEEDED: Final = frozenset(
    "go_on_button skip_button done_button yes_button no_button unsure_button share_button private_button "
    "none_of_these_button not_a_scale not_a_number not_a_time not_a_date not_a_choice not_yes_or_no nothing_said "
    "paused stopped no_way_back why welcome_back suggest_kindness suggest_novelty suggest_question "
    "suggest_for_yourself homework homework_unknown ask_remind ask_zone which_zone zone_not_found remind_set "
    "remind_set_here wait waiting ask_share shared_contact no_pictures progress reflect "
    "gentle_example common_pattern check_in_prompt "
    "ended ended_by_buttons left_out left_open not_now ask_keep ask_note taken_back why_own "
    "rehearse rehearse_toward rehearse_away rehearse_against rehearse_own rehearse_own_toward rehearse_own_away "
    "rehearse_own_against rehearse_open draft_take_button draft_next_button draft_leave_button draft_1 draft_2 draft_3 "
    "draft_sweeping draft_changed draft_kept circle calendar one_more".split()
)


@dataclass(frozen=True)
class ScriptWords:
    """Texts by name, each in one or more wordings."""

    texts: Mapping[str, tuple[str, ...]]

    @classmethod
    def load(cls, file: Path = PROJECT / "data" / "scripts" / "words.yml") -> ScriptWords:
        """Read the file.

        Raises:
            ContentError: it is missing, isn't YAML, or lacks a text.
        """
        return cls(yaml_files.wordings(file, _NEEDED))

    def one(self, name: str, turn: int, values: Mapping[str, object]) -> str:
        """A wording that changes from turn to turn, with its placeholders filled."""
        wordings = self.texts[name]
        return fill(wordings[turn % len(wordings)], values)


def fill(text: str, values: Mapping[str, object]) -> str:
    """A text with its {names}; a name that has no value goes away together with the comma before it."""
    begins_with_a_name = text.startswith("{")
    for name in re.findall(r"\{(\w+)\}", text):
        value = values.get(name)
        if value is None or value == "":
            text = re.sub(rf"\"\{{{name}\}}\" ?|,? ?\{{{name}\}}", "", text)
        else:
            said = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
            text = text.replace(f"{{{name}}}", said)
    text = re.sub(r"(?<!\.)\.\.(?!\.)", ".", text.strip())
    return f"{text[:1].upper()}{text[1:]}" if begins_with_a_name else text
