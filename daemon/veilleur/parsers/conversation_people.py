"""Who wrote, as a messenger names people: by a name, or by a number where the name is none."""

from __future__ import annotations

import re
from typing import Final

from veilleur.model.parts import Actor
from veilleur.parsers.plaintext import clean_name
from veilleur_bridge.envelope import Message

_PHONE: Final = re.compile(r"\+[0-9][0-9 ().-]{5,22}[0-9]")
_PHONE_PUNCTUATION: Final = re.compile("[ ().-]")
_TELEPHONE_URI: Final = "tel:"


def phone_in_name(name: str) -> str | None:
    """Return the number where a whole name is one (`+33 6 00 00 00 00`), without its punctuation."""
    return _PHONE_PUNCTUATION.sub("", name) if name[:1] == "+" and _PHONE.fullmatch(name) else None


def phone_of_uri(uri: str | None) -> str | None:
    """Return the number in `tel:…` (Person.getUri)."""
    return phone_in_name(uri.removeprefix(_TELEPHONE_URI)) if uri and uri.startswith(_TELEPHONE_URI) else None


def phone_of_sender(message: Message) -> str | None:
    """Return the sender's number where the message's own record holds one."""
    return phone_of_uri(message.sender_uri)


def make_actor(shown: str | None, phone: str | None) -> Actor | None:
    """Return who wrote; a name that is itself a number gives the phone."""
    name = clean_name(shown) if shown else ""
    return Actor(name, phone=phone or phone_in_name(name)) if name else None


def is_name_of(shown: str, sender: str) -> bool:
    """Whether words that name somebody so mean this sender: by the whole name, or by the first of its words."""
    name, whole = clean_name(shown), clean_name(sender)
    return name == whole or whole.startswith(name + " ")
