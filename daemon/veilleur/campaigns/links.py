"""The opening that a link of WhatsApp fills in. Pure."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs, urlsplit

_HOSTS: Final = frozenset({"wa.me", "api.whatsapp.com", "web.whatsapp.com", "whatsapp"})


def opening_in_link(link: str) -> str | None:
    """Return the text of `wa.me/…?text=…`, `api.whatsapp.com/send?text=…` or `whatsapp://send?text=…`, else None."""
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
    except ValueError:  # what stands between brackets is no address
        return None
    if not _HOSTS.intersection((parts.hostname, parts.scheme)):
        return None
    texts = parse_qs(parts.query).get("text")
    return (texts[0].strip() or None) if texts else None
