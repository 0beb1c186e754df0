"""Prints notifications as Android 16 prints them with `--noredact`, so that tests can read invented ones back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LIST_HEAD = "Current Notification Manager state:\n  Notification List:\n"
LIST_TAIL = "  \n  mMaxPackageEnqueueRate=5.0\n  mArchive=Archive (0 notifications)\n"


@dataclass(frozen=True)
class Said:
    """One message of a thread; `sender` None is the tablet's own user."""

    at_ms: int
    sender: str | None
    text: str


@dataclass(frozen=True)
class Shown:
    """What one notification shows."""

    title: str
    text: str
    text_lines: Sequence[str] = ()
    messages: Sequence[Said] = ()
    tag: str = "null"
    ticker: str = "null"


def print_dump(records: Sequence[Shown]) -> str:
    return LIST_HEAD + "".join(print_record(shown, number) for number, shown in enumerate(records)) + LIST_TAIL


def print_record(shown: Shown, number: int) -> str:
    key = f"0|org.example|{number}|{shown.tag}|10123"
    lines = [
        _header(shown, number, key),
        "      uid=10123 userId=0",
        "      flags=AUTO_CANCEL",
        f"      key={key}",
        "      notification=",
        f"            when={1776711000000 + number}/{1776711000000 + number}",
        f"            tickerText={shown.ticker}",
        "            vis=0",
        "            extras={",
        f"                android.title=String ({shown.title})",
        "                android.subText=null",
        *_array("android.textLines=CharSequence[]", shown.text_lines),
        f"                android.text=SpannableString ({shown.text})",
        *_array("android.messages=Parcelable[]", [_bundle(said) for said in shown.messages]),
        "                android.showWhen=Boolean (true)",
        "            }",
        "      publicNotification=",
        "            None",
        f"      mCreationTimeMs={1776711000000 + number}",
        f"      mUpdateTimeMs={1776711000000 + number}",
    ]
    return "\n".join(lines) + "\n"


def _header(shown: Shown, number: int, key: str) -> str:
    return (
        f"    NotificationRecord(0x{number:08x}: pkg=org.example user=UserHandle{{0}} id={number} tag={shown.tag}"
        f" importance=3 key={key}: Notification(channel=news shortcut=null contentView=null vibrate=null sound=null"
        " defaults=0 flags=AUTO_CANCEL color=0x00000000 vis=PRIVATE))"
    )


def _array(name: str, items: Sequence[str]) -> list[str]:
    if not items:
        return []
    return [
        f"                {name} ({len(items)})",
        *(f"                  [{i}] {item}" for i, item in enumerate(items)),
    ]


def _bundle(said: Said) -> str:
    sender = f"sender_person=android.app.Person@1a2b3c, sender={said.sender}, " if said.sender else ""
    return f"Bundle[{{extras=Bundle[{{}}], {sender}text={said.text}, time={said.at_ms}}}]"
