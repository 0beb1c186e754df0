"""How TikTok, the press feed, progress bars, calls and the companion's canary show themselves."""

from __future__ import annotations

from typing import Any, Final

from samples.story.cast import TIKTOK
from samples.story.moments import Publishes, Pushes, Shows
from samples.story.wordings import CHANNEL_NAMES

Fields = dict[str, Any]

TAG: Final = "app_notify_ame"
FLAG_AUTO_CANCEL: Final = 0x10
FLAG_ONGOING: Final = 0x2 | 0x20 | 0x40
IMPORTANCE_LOW: Final = 2
IMPORTANCE_DEFAULT: Final = 3


def push_key(number: int) -> str:
    """Return the key of one TikTok push."""
    return f"0|{TIKTOK.package}|{number}|{TAG}|{TIKTOK.uid}"


def push(moment: Pushes, number: int, when_ms: int, language: str) -> Fields:
    """Show one TikTok push; its words are in the text, or its actor in the title and the rest in the text."""
    wording = moment.wording
    template = wording.fr if language == "fr" else wording.en
    crowd = _grouped(moment.others, language) if moment.others else ""
    sentence = template.format(words=moment.words, others=crowd)
    names = CHANNEL_NAMES[wording.channel]
    in_title = moment.who_in_title or (not wording.names_actor and moment.who != "")
    text = sentence if in_title or not wording.names_actor else f"{moment.who} {sentence}"
    return {
        "key": push_key(number),
        "id": number,
        "tag": TAG,
        "is_group_summary": False,
        "channel": wording.channel,
        "channel_name": names[0] if language == "fr" else names[1],
        "category": "social",
        "importance": IMPORTANCE_DEFAULT,
        "visibility": 0,
        "flags": FLAG_AUTO_CANCEL,
        "when_ms": when_ms,
        "ongoing": False,
        "title": moment.who if in_title else TIKTOK.label,
        "text": text,
        "big_text": text,
        "template": "android.app.Notification$BigTextStyle",
    }


def _grouped(number: int, language: str) -> str:
    # French groups digits with a narrow no-break space, as ICU does on the tablet.
    return f"{number:,}".replace(",", "\u202f" if language == "fr" else ",")


def shown_key(moment: Shows) -> str:
    """Return the key of a notification that is nobody's word."""
    return f"0|{moment.app.package}|{moment.number}|{moment.tag or 'null'}|{moment.app.uid}"


def shown(moment: Shows, when_ms: int) -> Fields:
    """Show progress, a session, a count, a call or a canary."""
    fields: Fields = {
        "key": shown_key(moment),
        "id": moment.number,
        "tag": moment.tag,
        "is_group_summary": False,
        "channel": moment.channel,
        "category": moment.category,
        "importance": IMPORTANCE_LOW if moment.is_ongoing else IMPORTANCE_DEFAULT,
        "visibility": 0,
        "flags": FLAG_ONGOING if moment.is_ongoing else FLAG_AUTO_CANCEL,
        "when_ms": when_ms,
        "ongoing": moment.is_ongoing,
        "title": moment.title,
        "text": moment.text,
        "progress": moment.progress,
    }
    return {name: value for name, value in fields.items() if value is not None}


def feed_item(moment: Publishes, when_ms: int) -> Fields:
    """Show one entry of a feed as the contract writes it."""
    return {
        "key": f"{moment.feed}#{moment.entry}",
        "title": moment.title,
        "text": moment.text,
        "when_ms": when_ms,
        "extras": {"link": moment.link, "feed": moment.feed},
    }
