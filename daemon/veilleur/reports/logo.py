"""A client's logo as a part of the page: a small picture, of what it says that it is, that runs and fetches nothing."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Final
from xml.etree import ElementTree as ET

from veilleur.model.errors import LogoRefused
from veilleur.wording import refusals

MOST_BYTES: Final = 300_000
_MAGIC: Final = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_SVG: Final = "{http://www.w3.org/2000/svg}svg"
_FORBIDDEN: Final = frozenset(
    {"script", "foreignobject", "iframe", "object", "embed", "audio", "video", "handler", "set", "animate"}
)
_FETCHES: Final = re.compile(
    r"@import|url\(\s*[\"']?(?!#|data:image/(?:png|jpeg);)|expression\(|javascript:", re.IGNORECASE
)
_LINKS: Final = frozenset({"href", "src"})
_INNER: Final = ("#", "data:image/png;", "data:image/jpeg;")


def logo_address(content: bytes) -> str:
    """Return a PNG, JPEG or SVG as a `data:` address; raises LogoRefused for all else."""
    if len(content) > MOST_BYTES:
        raise LogoRefused(refusals.LARGE_LOGO, most=MOST_BYTES // 1000, size=len(content) // 1000)
    kind = next((kind for magic, kind in _MAGIC.items() if content.startswith(magic)), None)
    if kind is None:
        _refuse_unsafe(content)
        kind = "image/svg+xml"
    return f"data:{kind};base64,{b64encode(content).decode()}"


def _refuse_unsafe(content: bytes) -> None:
    """Refuse what is no SVG, or one that runs scripts, fetches something, or declares entities."""
    try:
        text = content.decode()
        if "<!doctype" in text.lower() or "<!entity" in text.lower():
            raise LogoRefused(refusals.LOGO_DECLARES)
        root = ET.fromstring(text)  # noqa: S314 - without declarations there is no entity to grow
    except (UnicodeDecodeError, ET.ParseError, ValueError) as error:
        raise LogoRefused(refusals.NO_LOGO) from error
    if root.tag != _SVG:
        raise LogoRefused(refusals.OTHER_XML)
    if not all(map(_is_still, root.iter())):
        raise LogoRefused(refusals.LOGO_RUNS)


def _is_still(element: ET.Element) -> bool:
    """Return whether an element only draws."""
    if _local(element.tag) in _FORBIDDEN or _FETCHES.search(element.text or ""):
        return False
    return all(_draws(_local(name), value.strip()) for name, value in element.attrib.items())


def _draws(name: str, value: str) -> bool:
    if name.startswith("on") or _FETCHES.search(value):
        return False
    return name not in _LINKS or value.lower().startswith(_INNER)


def _local(name: str) -> str:
    return name.rpartition("}")[2].lower()
