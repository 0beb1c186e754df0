"""Why rules, projects and people cannot be as they are asked: each sentence once, for commands, API and pages.

What is in English in an error is in the reader's language on a page; a value that the records name by a word too.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from veilleur.model.errors import WordedRefusal
from veilleur.wording.languages import Language, load_texts
from veilleur.wording.words import N_, worded

NO_RECEIVER: Final = N_("there is no receiver %(name)s: make it first")
RULE_NAME: Final = N_("a rule's name has from 1 to %(most)s characters, and no /")
MANY_RULES: Final = N_("a project has at most %(most)s alert rules")
TAKES_NO_WATCH: Final = N_("a rule on “%(trigger)s” takes no watch")
NEEDS_WATCH: Final = N_("a rule on “%(trigger)s” needs a watch")
WORDS_NEED_WATCH: Final = N_("words narrow a watch: name one")
OUT_OF_RANGE: Final = N_("at least 1 to %(most)s mentions, within 1 to %(longest)s minutes")
LONG_WAIT: Final = N_("cool-down, grouping and escalation take 0 to %(longest)s minutes")
RECEIVERS_ONCE: Final = N_("a rule names each receiver once, at most %(most)s")
ON_CALL: Final = N_("an on-call list names its receivers in order, and waits a minute or more")
NO_HOUR: Final = N_("an hour of the day lies between 00:00 and 23:59")
NO_HOUR_TEXT: Final = N_("%(text)s is no hour of the day: write it as 22:00")
NO_NUMBER: Final = N_("%(text)s is no number of mentions or minutes")
NO_ZONE: Final = N_("this machine knows no time zone %(zone)s")
NO_LANGUAGE: Final = N_("alerts are told in one of %(languages)s")

FIRST_STAYS: Final = N_("the first project stays: what comes from devices that nobody paired goes there")
PROJECT_HOLDS: Final = N_(
    "the project holds %(held)s: move its devices, revoke its tokens and let its people into another project; "
    "one in which something was captured or kept stays"
)
PROJECT_ID: Final = N_("a project's id has 1 to 64 lower-case letters, digits and hyphens")
PROJECT_NAME: Final = N_("a project's name has 1 to %(most)s visible characters")
PROJECT_NAMED: Final = N_("another project has this name: choose another one")

PERSON_NAME: Final = N_("a name has 1 to %(most)s visible characters")
PERSON_NAMED: Final = N_(
    "somebody has this name already: choose another one, or have whoever runs the server let them into this project too"
)
PERSON_ELSEWHERE: Final = N_("they belong to another project too: ask whoever runs the server for a link")

LONE_PEOPLE: Final = N_("people who belong to no other")
VALID_TOKENS: Final = N_("valid tokens")
TABLES_HELD: Final = (
    N_("alert rules"),
    N_("alerts"),
    N_("campaign openings"),
    N_("campaigns"),
    N_("coverage intervals"),
    N_("dead letters"),
    N_("devices"),
    N_("mentions"),
    N_("notifications"),
    N_("receivers"),
    N_("watches"),
)
"""What else a project may hold, as its tables are called."""


def refusal_text(refused: WordedRefusal, language: Language = Language.ENGLISH) -> str:
    """Return why something is refused as a person reads it; what came from elsewhere stays as it is."""
    told = load_texts(language).gettext
    values = {name: _told(value, told) for name, value in refused.values.items()}
    return told(refused.why) % values if values else told(refused.why)


def _told(value: object, told: Callable[[str], str]) -> str:
    match value:
        case StrEnum():
            return told(worded(value))
        case tuple():
            return ", ".join(map(told, value))
        case _:
            return str(value)
