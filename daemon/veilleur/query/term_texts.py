"""Terms as a person would write them, for what asks for a value that was counted."""

from __future__ import annotations

import re
from typing import Final

_TO_QUOTE: Final = re.compile(r"[\s\"“”„«»‘’‚＂「」『』(),*]")


def field_text(field: str, value: str) -> str:
    """Return the term of a field that has this value."""
    return f"{field}:{_quoted(value)}" if _TO_QUOTE.search(value) else f"{field}:{value}"


def actor_query(platform: str, name: str, handle: str | None, phone: str | None) -> str:
    """Return the query of one actor: by handle, else by phone, else by name, which several may share.

    A name is always quoted, so that one which reads like a handle has a text of its own.
    """
    by = f"@{''.join(handle.split())}" if handle else phone or _quoted(name)
    return f"{field_text('platform', platform)} from:{by}"


def _quoted(value: str) -> str:
    return f'"{value.replace(chr(34), " ")}"'
