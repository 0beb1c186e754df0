"""The format `tiktok`: the copy of an account's own data that TikTok hands out as JSON (layouts of 2024 to 2026).

Read are its followers and its messages, wherever the layout puts them; what the account itself did (likes, searches,
videos watched) is nobody's mention and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from veilleur_bridge.delivery import LogItem, LogNote, LogProblem
from veilleur_bridge.envelope import Message, Notification
from veilleur_bridge.export_package import ExportPackage
from veilleur_bridge.sources.equal_messages import EqualMessages
from veilleur_bridge.sources.imported import imported_delivery
from veilleur_bridge.sources.json_items import Item, Path, read_items
from veilleur_bridge.sources.local_clock import at_ms_of
from veilleur_bridge.sources.log_format import FormatReader, LogContext, LogFormat
from veilleur_bridge.sources.raw_notification import RawNotification

_FOLLOWERS: Final = "FansList"
_CHAT: Final = re.compile(r"Chat History with (?P<name>.*?):?$", re.DOTALL)
_SIGNS: Final = re.compile(
    rb'"(?:(?:Your )?Activity|Direct Messages?|Likes and Favorites|Ads and data|App Settings|Profile And Settings'
    rb'|TikTok (?:Live|Shop\w*)|FansList|ChatHistory|FavoriteVideoList|ItemFavoriteList)"\s*:',
    re.IGNORECASE,
)
_ENOUGH_SIGNS: Final = 2
_DATE: Final = "%Y-%m-%d %H:%M:%S"
_UTC: Final = " UTC"


def recognise(lines: Sequence[bytes]) -> bool:
    """Tell whether the text begins as JSON and has names that only this export has."""
    text = b"\n".join(lines).lstrip()
    return text[:1] == b"{" and len(set(_SIGNS.findall(text))) >= _ENOUGH_SIGNS


def read(pieces: Iterator[bytes], context: LogContext) -> Iterator[LogItem]:
    """Yield a delivery for each follower and each message."""
    equal = EqualMessages()
    yield LogNote(context.name, "its followers and messages are read; what the account itself did is left out")
    for found in read_items(pieces, context.name, _is_wanted):
        if isinstance(found, Item):
            yield _delivery(found, equal, context)
        elif isinstance(found, LogProblem | LogNote):
            yield found


def _is_wanted(path: Path) -> bool:
    return bool(path) and (path[-1] == _FOLLOWERS or _CHAT.match(path[-1]) is not None)


def _delivery(item: Item, equal: EqualMessages, context: LogContext) -> LogItem:
    origin = f"{context.name}:{item.line}"
    members = {name.casefold(): value for name, value in item.members.items()}
    at_ms = _at_ms(members.get("date"), context)
    if at_ms is None:
        return LogProblem(origin, "the entry has no date")
    chat = _CHAT.match(item.path[-1])
    shown = _message(members, at_ms, chat["name"], equal, context) if chat else _follower(members, at_ms)
    return imported_delivery(RawNotification(origin, ExportPackage.TIKTOK, None, shown), LogFormat.TIKTOK, context)


def _follower(members: Mapping[str, Any], at_ms: int) -> Notification:
    name = _text(members.get("username"))
    return Notification(
        key=f"follower|{name}|{at_ms}", category="follower", title=name, when_ms=at_ms, posted_at_ms=at_ms
    )


def _message(
    members: Mapping[str, Any], at_ms: int, chat: str, equal: EqualMessages, context: LogContext
) -> Notification:
    sender, text = _text(members.get("from")), _text(members.get("content"))
    ordinal = equal.ordinal((chat, at_ms, sender, text))
    return Notification(
        key=f"{chat}|{at_ms}|{ordinal}",
        id=ordinal,
        when_ms=at_ms,
        posted_at_ms=at_ms,
        conversation_title=chat,
        is_group_conversation=False,
        self_name=context.hints.own_name,
        messages=(Message(at_ms, sender, text=text),),
    )


def _at_ms(written: object, context: LogContext) -> int | None:
    """Return the instant; TikTok writes UTC, with and without saying so."""
    if not isinstance(written, str):
        return None
    try:
        at = datetime.strptime(written.strip().removesuffix(_UTC), _DATE).replace(tzinfo=context.zone or UTC)
    except ValueError:
        return None
    return at_ms_of(at.timestamp())


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


TIKTOK: Final = FormatReader(LogFormat.TIKTOK, "TikTok's copy of an account's own data as JSON", recognise, read)
