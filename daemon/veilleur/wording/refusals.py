"""Why what is asked cannot be: each sentence once, for commands, API and pages; those of the plan stand in `model`.

What is in English in an error is in the reader's language on a page; a value that the records name by a word too.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from veilleur.model.errors import WordedRefusal
from veilleur.model.spoken import N_
from veilleur.wording.languages import Language, load_texts
from veilleur.wording.words import worded

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

MANY_AT_ONCE: Final = N_("more than %(most)s mentions at once: narrow the query, say by since: and until:")
MANY_WORDS: Final = N_("a rule has at most %(most)s words")
LISTED_WORD: Final = N_("a word of a list has from 1 to %(most)s characters")
NO_WORD: Final = N_("“%(text)s” is no word to look for: write one with a letter or a digit, without signs of a query")
RULE_ASKS_NOTHING: Final = N_("give the rule a query or words: it would qualify every mention")
RULE_ASKS_ITSELF: Final = N_("a rule cannot ask what was said of mentions (tag:, tone:, is:treated, is:offtopic)")
RULE_SAYS: Final = N_("a rule gives a tone, tags or off-topic: the rest is for people to say")
MANY_SAYING_RULES: Final = N_("a project has at most %(most)s rules")

FIRST_STAYS: Final = N_("the first project stays: what comes from devices that nobody paired goes there")
PROJECT_HOLDS: Final = N_(
    "the project holds %(held)s: move its devices, revoke its tokens and let its people into another project; "
    "one in which something was captured or kept stays"
)
PROJECT_ID: Final = N_("a project's id has 1 to 64 lower-case letters, digits and hyphens")
PROJECT_NAME: Final = N_("a project's name has 1 to %(most)s visible characters")
PROJECT_NAMED: Final = N_("another project has this name: choose another one")

CAME_BETWEEN: Final = N_(
    "revision %(newest)s came between, this was made from %(made_from)s: look at it, and try again"
)
NEWER_CONFIG: Final = N_("revision %(revision)s of this device's configuration was written by a newer release")

RECEIVER_NAMED: Final = N_("there is a receiver %(name)s already: remove it first, or take another name")
MANY_RECEIVERS: Final = N_("there are %(most)s receivers already, which is the most")
OTHER_KEY: Final = N_("it is sealed under another key: copy receivers.key from the VEILLEUR_KEY_DIR where it was added")
WEBHOOK_ADDRESS: Final = N_("a webhook's address is http://… or https://…, in ASCII (percent-encoded)")
WEBHOOK_SECRET: Final = N_("a webhook's secret is %(prefix)s and base64")
NO_SERVICE: Final = N_("no service is reached by this address: write it as apprise does (mailto://, ntfy:// …)")
LOCAL_SERVICE: Final = N_("this service stays on the machine of the daemon, where nobody is told")
OWN_NETWORK: Final = N_(
    "it leads into the own network, where nothing is sent unless %(setting)s names it (such as 192.168.1.20/32)"
)
NO_ADDRESS: Final = N_("it is no address of the internet")

LARGE_LOGO: Final = N_("a logo has at most %(most)s kB: this one has %(size)s")
LOGO_DECLARES: Final = N_("an SVG logo without a DOCTYPE is taken: export it as plain SVG")
NO_LOGO: Final = N_("a logo is a PNG, a JPEG or an SVG in UTF-8")
OTHER_XML: Final = N_("a logo is a PNG, a JPEG or an SVG: this is another kind of XML")
LOGO_RUNS: Final = N_("this SVG runs or fetches something: export it as plain SVG, or take a PNG")

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
