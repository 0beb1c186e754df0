"""Where a link leads, by its letters alone: Google's redirect unwrapped, TikTok's addresses read."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

_WEB: Final = re.compile(
    r"https?://(?P<host>[^\s/?#@]{1,253})(?=[/?#\s]|\Z)(?P<path>/[^\s?#]{0,2000})?(?:\?(?P<query>[^\s#]{0,4000}))?",
    re.IGNORECASE,
)
_GOOGLE: Final = re.compile(r"(?:www\.)?google\.(?:[a-z]{2,3}|com?\.[a-z]{2})", re.IGNORECASE)
_TIKTOK: Final = re.compile(r"(?:[a-z]{1,8}\.)?tiktok\.com(?::\d{1,5})?", re.IGNORECASE)
_TARGET_NAMES: Final = ("url", "q")
_ESCAPE: Final = re.compile(rb"%([0-9A-Fa-f]{2})")
_POST: Final = re.compile(
    r"/(?:@(?P<handle>[A-Za-z0-9_.]{2,24})/(?P<form>video|photo)|v)/(?P<id>\d{15,20})(?:\.html)?/?"
)
_PROFILE: Final = re.compile(r"/@(?P<handle>[A-Za-z0-9_.]{2,24})/?")
_TAG: Final = re.compile(r"/tag/(?P<tag>[^/]{1,256})/?")
_ID_BITS_OF_TIME: Final = 32


class TikTokAddress(Struct, frozen=True, kw_only=True):
    """What an address on tiktok.com says; a post's id holds the second it was made in its upper 32 bits."""

    handle: str | None = None
    post_id: int | None = None
    is_photo: bool = False
    tag: str | None = None

    @property
    def made_at_ms(self) -> int | None:
        """When the post was made, as its id says."""
        return None if self.post_id is None else (self.post_id >> _ID_BITS_OF_TIME) * 1_000


def is_web_link(link: str) -> bool:
    """Tell whether a link begins as one that a browser opens."""
    return _WEB.match(link) is not None


def unwrapped(link: str) -> str:
    """Return the address behind Google's redirect (`https://www.google.com/url?…&url=…`), else the link itself."""
    parts = _WEB.match(link)
    if parts is None or parts["path"] != "/url" or not _GOOGLE.fullmatch(parts["host"]):
        return link
    members = dict(member.partition("=")[::2] for member in reversed((parts["query"] or "").split("&")))
    targets = (_unescaped(members[name]) for name in _TARGET_NAMES if name in members)
    return next((target for target in targets if is_web_link(target)), link)


def read_tiktok(link: str) -> TikTokAddress | None:
    """Return what a link on tiktok.com says, None for any other."""
    parts = _WEB.match(link)
    if parts is None or not _TIKTOK.fullmatch(parts["host"]):
        return None
    path = _unescaped(parts["path"] or "/")
    if post := _POST.fullmatch(path):
        return TikTokAddress(handle=post["handle"], post_id=int(post["id"]), is_photo=post["form"] == "photo")
    if profile := _PROFILE.fullmatch(path):
        return TikTokAddress(handle=profile["handle"])
    tag = _TAG.fullmatch(path)
    return TikTokAddress(tag=tag["tag"] if tag else None)


def _unescaped(text: str) -> str:
    """Undo percent-encoding (RFC 3986 §2.1)."""
    raw = _ESCAPE.sub(lambda escape: bytes((int(escape[1], 16),)), text.encode("utf-8", "replace"))
    return raw.decode("utf-8", "replace")
