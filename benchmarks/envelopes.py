"""A long, invented log for benchmarks: deterministic, and mixed as a busy tablet's would be."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

_BEGIN: Final = datetime(2026, 1, 5, 6, tzinfo=UTC)
_BEGIN_MS: Final = int(_BEGIN.timestamp()) * 1_000
_NAMES: Final = (
    "Nadia",
    "Élodie B",
    "Karim",
    "Jo",
    "Lou Mado",
    "Yasmine",
    "Tom W.",
    "Inès",
    "Paul",
    "Zoé 🌿",
    "سارة",
    "Марина",
)
_WORDS: Final = (
    "le plat était froid hier soir et personne ne répond",
    "super dessert, merci à toute l'équipe",
    "vous êtes ouverts dimanche ?",
    "on attend depuis une heure",
    "the chocolate tart was lovely",
    "je reviendrai avec plaisir 😍",
    "c'est cher pour ce que c'est",
)
_TAGS: Final = tuple(f"#resto{number}" for number in range(60))
# A number spelled in letters: figures in a text cost the privacy screen a second look, and few texts hold some.
_SPELLED: Final = str.maketrans("0123456789", "abcdefghij")
_TIKTOK: Final = "com.zhiliaoapp.musically"
_WHATSAPP: Final = "com.whatsapp.w4b"
_THREAD_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Mix:
    """What part of the envelopes is what; the rest is notices of the apps' own."""

    tiktok: float
    threads: float
    summaries: float
    removals: float


AS_THE_SAMPLE_WEEK: Final = Mix(tiktok=0.26, threads=0.20, summaries=0.21, removals=0.27)
"""The shares of `samples/restaurant-week.jsonl`; 46 of 100 envelopes tell something."""
DENSE: Final = Mix(tiktok=0.55, threads=0.30, summaries=0.10, removals=0.0)
"""Nothing but what is new: 85 of 100 envelopes tell something, as on a tablet in the middle of a burst."""


def write_log(path: Path, count: int, mix: Mix) -> None:
    """Write `count` envelopes of one device and epoch, as JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for envelope in envelopes(count, mix):
            file.write(json.dumps(envelope, ensure_ascii=False, separators=(",", ":")))
            file.write("\n")


def envelopes(count: int, mix: Mix) -> Iterator[dict[str, Any]]:
    """Yield envelopes of a mix, a thread posted again with its last five messages at each new one."""
    chance = random.Random(20261121)
    threads: dict[int, list[dict[str, Any]]] = {}
    kinds = ("tiktok", "thread", "summary", "removal", "notice")
    shares = (mix.tiktok, mix.threads, mix.summaries, mix.removals)
    for seq, kind in enumerate(chance.choices(kinds, (*shares, 1 - sum(shares)), k=count), 1):
        at_ms = _BEGIN_MS + seq * 40_000 // 37
        event = "posted"
        match kind:
            case "tiktok":
                package, shown = _TIKTOK, _tiktok(chance, seq, at_ms)
            case "thread":
                package, shown = _WHATSAPP, _thread(chance, threads, at_ms)
            case "summary":
                package, shown = _WHATSAPP, _summary(chance, at_ms)
            case "removal":
                package, shown, event = _TIKTOK, {"key": f"0|{_TIKTOK}|{seq}|null|10210"}, "removed"
            case _:
                package, shown = _WHATSAPP, _notice(at_ms)
        yield {
            "v": 1,
            "id": f"{at_ms:012x}-{seq:08x}",
            "device": "bench-1",
            "epoch": "bench",
            "seq": seq,
            "event": event,
            "captured_at": (_BEGIN + timedelta(milliseconds=at_ms - _BEGIN_MS)).isoformat(timespec="milliseconds"),
            "source": {"kind": "companion", "version": "0.1.0"},
            "app": {"package": package, "version": "46.6.3"},
            "locale": "fr-FR",
            "user": 0,
            "notification": {"posted_at_ms": at_ms, "importance": 3, "visibility": 0, **shown},
        }


def _said(chance: random.Random, number: int) -> str:
    """Return words that no other envelope says, so that nothing is flattered by having seen them before."""
    return f"{chance.choice(_WORDS)} {str(number).translate(_SPELLED)}"


def _tiktok(chance: random.Random, seq: int, at_ms: int) -> dict[str, Any]:
    name = chance.choice(_NAMES)
    wording = chance.choice(
        (
            ("comment_push", f"{name} a commenté : {_said(chance, seq)} {chance.choice(_TAGS)}"),
            ("comment_push", f"{name} a répondu à ton commentaire : {_said(chance, seq)}"),
            ("digg_push", f"{name} a aimé ta vidéo."),
            ("follow_push", f"{name} a commencé à te suivre."),
            (
                "mention_push",
                f"{name} t'a mentionné(e) dans un commentaire : {_said(chance, seq)} {chance.choice(_TAGS)}",
            ),
        )
    )
    key = f"0|com.zhiliaoapp.musically|{seq}|null|10210"
    return {"key": key, "channel": wording[0], "title": "TikTok", "text": wording[1], "when_ms": at_ms, "flags": 16}


def _thread(chance: random.Random, threads: dict[int, list[dict[str, Any]]], at_ms: int) -> dict[str, Any]:
    number = chance.randrange(400)
    sender = f"{chance.choice(_NAMES)} {number}"
    thread = threads.setdefault(number, [])
    thread.append({"at_ms": at_ms - 900, "sender": sender, "text": _said(chance, at_ms)})
    del thread[:-_THREAD_SHOWN]
    return {
        "key": f"0|com.whatsapp.w4b|1|chat{number}|10290",
        "tag": f"chat{number}",
        "channel": "individual_chat_defaults_1",
        "category": "msg",
        "group": "group_key_messages",
        "shortcut_id": f"3363998{number:04d}@s.whatsapp.net",
        "template": "android.app.Notification$MessagingStyle",
        "title": sender,
        "text": thread[-1]["text"],
        "self_name": "Vous",
        "is_group_conversation": False,
        "messages": list(thread),
        "when_ms": at_ms - 900,
    }


def _summary(chance: random.Random, at_ms: int) -> dict[str, Any]:
    return {
        "key": "0|com.whatsapp.w4b|1|null|10290",
        "channel": "individual_chat_defaults_1",
        "group": "group_key_messages",
        "is_group_summary": True,
        "template": "android.app.Notification$InboxStyle",
        "title": "WhatsApp Business",
        "text": f"{chance.randrange(2, 9)} messages de 2 discussions",
        "when_ms": at_ms,
    }


def _notice(at_ms: int) -> dict[str, Any]:
    return {
        "key": "0|com.whatsapp|5|null|10291",
        "channel": "chat_history_backup@1",
        "title": "WhatsApp",
        "text": "Sauvegarde en cours",
        "ongoing": True,
        "when_ms": at_ms,
    }
