"""WhatsApp after a change of a tenth of its wordings: in threads, for calls, and in what the app itself says."""

from __future__ import annotations

import random
import re
from typing import Any, Final

from tests.daemon.parsers.parser_parts import WHATSAPP, envelope_of
from tests.daemon.parsers.wording_mutations import NAMES, Cut, Shown, Wording, changed, cut, fill
from veilleur.model.kinds import MentionKind
from veilleur.parsers.catalogue import Entry, Use
from veilleur.parsers.conversation_message import accept_in_message

CALLS: Final = frozenset({MentionKind.CALL, MentionKind.MISSED_CALL})
_LEAST_WORDS: Final = 3
_LEAST_FIXED: Final = 2
_LEAST_PIECES: Final = 5
_REACTIONS: Final = ("👍", "❤️", "😂", "😮", "😢", "🙏", "🎉")
_HAN: Final = re.compile("[\u3400-\u9fff]")


def mutable(entry: Entry) -> bool:
    """Whether each mutation can be made: three words or more, slots among them, and two of them the app's own.

    Of `📷 Photo` nothing would be left that tells it from what a person writes. Two letters of Han are a word; of kana
    and Thai it takes about four, and a sentence is what has ten.
    """
    now = cut(entry.pattern)
    is_title = entry.meaning.use is Use.TITLE
    is_long = len(now.words) >= _LEAST_WORDS and len(now.fixed) >= _least_fixed(now)
    return not is_title and is_long and not now.words[-1].startswith(":")


def _least_fixed(now: Cut) -> int:
    if now.gap:
        return _LEAST_FIXED
    return _LEAST_WORDS if all(_HAN.match(now.words[at]) for at in now.fixed) else _LEAST_PIECES


def wordings(entries: list[Entry], seed: int, *, share: float = 0.1) -> list[Wording]:
    """Return the app's sentences after a change of `share` of them, each change made by another mutation."""
    chance = random.Random(seed)
    made = changed([entry for entry in entries if mutable(entry)], seed, chance, share=share)
    return [Wording(entry, pattern, name, None, is_titled=False) for entry, pattern, name in made]


def show(wording: Wording, chance: random.Random, number: int) -> Shown:
    """Return one notification of this wording as WhatsApp shows its kind: a message, a call, or its own notice."""
    meaning = wording.entry.meaning
    reaction = {"body": chance.choice(_REACTIONS)} if meaning.kind is MentionKind.REACTION else {}
    text, filled = fill(wording.pattern.replace("{body}", reaction.get("body", "{body}")), chance)
    name = chance.choice(NAMES)
    if accept_in_message(meaning):
        fields = _message(name, text, number)
    elif meaning.kind in CALLS:
        title = "WhatsApp" if "actor" in filled else name
        fields = {"channel": "voip_notification_8", "category": "missed_call", "title": title, "text": text}
    else:
        fields = {"title": "WhatsApp", "text": text}
    envelope = envelope_of(WHATSAPP, {"key": f"0|wa|{number}", **fields}, locale=wording.entry.language)
    return Shown(envelope, {"sender": name, **reaction, **filled})


def _message(name: str, text: str, number: int) -> dict[str, Any]:
    return {
        "channel": "individual_chat_defaults_1",
        "category": "msg",
        "title": name,
        "text": text,
        "shortcut_id": f"336000{number:05}@s.whatsapp.net",
        "is_group_conversation": False,
        "self_name": "You",
        "messages": [{"sender": name, "at_ms": 1_770_000_000_000 + number, "text": text}],
    }
