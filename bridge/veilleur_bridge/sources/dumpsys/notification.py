"""A dump's record into the contract's Notification, and the names of the words that the dump withholds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from veilleur_bridge.envelope import Notification, Picture
from veilleur_bridge.sources.dumpsys.flags import Flag, read_flags, read_importance, read_visibility
from veilleur_bridge.sources.dumpsys.header import Header
from veilleur_bridge.sources.dumpsys.messages import read_messages
from veilleur_bridge.sources.dumpsys.record import MESSAGES, RecordFields
from veilleur_bridge.sources.dumpsys.values import Extras, Scalar
from veilleur_bridge.sources.imported import naming_missing

_HISTORIC_MESSAGES: Final = "android.messages.historic"
_TEMPLATE: Final = "android.template"
_PICTURE: Final = "android.picture"
_WORDS: Final = {
    "android.title": "title",
    "android.text": "text",
    "android.bigText": "big_text",
    "android.subText": "sub_text",
    "android.summaryText": "summary_text",
    "android.infoText": "info_text",
    "android.textLines": "text_lines",
    "android.conversationTitle": "conversation_title",
    "android.selfDisplayName": "self_name",
    MESSAGES: "messages",
    _HISTORIC_MESSAGES: "historic_messages",
    "android.people": "people",
}
_READ_OTHERWISE: Final = frozenset(
    {*_WORDS, _TEMPLATE, _PICTURE, "android.isGroupConversation", "android.progress", "android.progressMax"}
)
_NUMBER_IN_FRONT: Final = re.compile(r"-?\d{1,16}(?!\d)")
_SIZE: Final = re.compile(r"(\d{1,6})x(\d{1,6})")
_CUT_TICKER_UNITS: Final = 8


def read_notification(header: Header, key: str, record: RecordFields) -> Notification:
    """Return the notification; what the dump withholds is absent and named in the extra `veilleur.missing`."""
    extras = record.extras or Extras({})
    messages, messages_are_missing = read_messages(extras.parts(MESSAGES))
    historic, historic_are_missing = read_messages(extras.parts(_HISTORIC_MESSAGES))
    missing = [name for extra, name in _WORDS.items() if extras.withholds(extra)]
    missing += ["messages"] if messages_are_missing else []
    missing += ["historic_messages"] if historic_are_missing else []
    missing += ["title", "text"] if record.extras is None else []
    shown = _with_words(_frame(header, key, record), extras)
    ticker = record.fields.get("tickerText", "null")
    if ticker != "null":
        is_cut = _is_cut(ticker) and not any(extras.text(extra) for extra in _WORDS)
        shown = replace(shown, ticker=None if is_cut else ticker)
        missing += ["ticker"] if is_cut else []
    shown = replace(shown, messages=messages or None, historic_messages=historic or None)
    return naming_missing(shown, missing)


def _frame(header: Header, key: str, record: RecordFields) -> Notification:
    """Return all but the words."""
    fields = record.fields
    flags = read_flags(fields.get("flags") or header.flags or "")
    importance = read_importance(fields.get("mImportance", "")) if header.importance is None else header.importance
    return Notification(
        key=key,
        id=header.id,
        tag=header.tag,
        group=header.group,
        is_group_summary=None if flags is None else bool(flags & Flag.GROUP_SUMMARY),
        channel=header.channel,
        channel_name=_channel_name(fields.get("effectiveNotificationChannel", ""), header.channel),
        category=header.category,
        importance=importance,
        visibility=read_visibility(fields.get("vis") or header.visibility or ""),
        flags=flags,
        posted_at_ms=_posted_at_ms(fields),
        when_ms=_whole_unless_zero(fields.get("when", "")),
        ongoing=None if flags is None else bool(flags & Flag.ONGOING_EVENT),
        shortcut_id=header.shortcut_id,
        number=_whole_unless_zero(fields.get("number", "")),
        actions=record.actions,
    )


def _with_words(frame: Notification, extras: Extras) -> Notification:
    return replace(
        frame,
        title=extras.text("android.title"),
        text=extras.text("android.text"),
        big_text=extras.text("android.bigText"),
        sub_text=extras.text("android.subText"),
        summary_text=extras.text("android.summaryText"),
        info_text=extras.text("android.infoText"),
        text_lines=extras.parts("android.textLines") or None,
        conversation_title=extras.text("android.conversationTitle"),
        is_group_conversation=extras.truth("android.isGroupConversation"),
        self_name=extras.text("android.selfDisplayName"),
        template=extras.text(_TEMPLATE),
        people=extras.parts("android.people") or None,
        progress=extras.whole("android.progress") if extras.whole("android.progressMax") else None,
        picture=_picture(extras.text(_PICTURE) or ""),
        extras=_other_scalars(extras) or None,
    )


def _is_cut(ticker: str) -> bool:
    """Tell whether a ticker looks as a redacted dump prints it: at most 8 UTF-16 units, and three full stops."""
    units = len(ticker.removesuffix("...").encode("utf-16-le", "surrogatepass")) // 2
    return ticker.endswith("...") and units in (0, _CUT_TICKER_UNITS)


def _posted_at_ms(fields: Mapping[str, str]) -> int | None:
    """Return when this was posted: `mUpdateTimeMs`; `mCreationTimeMs` is when something first stood under the key."""
    times = (_whole_unless_zero(fields.get(name, "")) for name in ("mUpdateTimeMs", "mCreationTimeMs"))
    return max((at_ms for at_ms in times if at_ms and at_ms > 0), default=None)


def _whole_unless_zero(printed: str) -> int | None:
    """Return the number in front (`0/1768…`, `1774…(2026-03-25 …)`), None for the 0 that Android means nothing by."""
    number = _NUMBER_IN_FRONT.match(printed)
    return int(number[0]) or None if number else None


def _channel_name(printed: str, channel: str | None) -> str | None:
    described, _, rest = printed.partition(", mName=")
    name = rest.partition(", mDescription=")[0]
    return name or None if described == f"NotificationChannel{{mId='{channel}'" else None


def _picture(printed: str) -> Picture | None:
    size = _SIZE.fullmatch(printed)
    return Picture(width=int(size[1]), height=int(size[2]), of=_PICTURE) if size else None


def _other_scalars(extras: Extras) -> dict[str, Scalar]:
    read = ((name, extras.scalar(name)) for name in extras.names() if name not in _READ_OTHERWISE)
    return {name: value for name, value in read if value is not None}
