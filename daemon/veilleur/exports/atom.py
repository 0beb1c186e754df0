"""A watch as an Atom feed (RFC 4287), a page of it at a time (RFC 5005, 3)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

from msgspec import Struct

from veilleur.model.coverage import Completeness, CoverageInterval
from veilleur.model.feed import OpenedFeed
from veilleur.model.identity import MentionId
from veilleur.model.mention import Mention
from veilleur.model.wire import instant_text

MEDIA_TYPE: Final = "application/atom+xml"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_XHTML: Final = "http://www.w3.org/1999/xhtml"
_OURS: Final = UUID("6f1d7f0e-4c55-5a0b-9d0e-2f6b6a1c8e41")
_LONGEST_TITLE: Final = 140
_MOST_HOLES: Final = 3
_WEB: Final = frozenset({"http", "https"})
# What XML 1.0 cannot hold, and in one line what would turn the texts around it.
_UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TURNING: Final = re.compile("[\u061c\u202a-\u202e\u2066-\u206f\x7f-\x9f]")
_NO_IRI: Final = re.compile(r"[\x00-\x20\"<>\\^`{|}\x7f-\xa0]")


class FeedAddresses(Struct, frozen=True):
    """Where a page of a feed was asked for, where the next one is, and where mentions are looked at."""

    page: str
    following: str | None
    mentions: str


class FeedContent(Struct, frozen=True):
    """What a page of a feed shows; `amended_at` is when authors' changes of its mentions were told."""

    mentions: Sequence[Mention]
    amended_at: Mapping[MentionId, datetime]
    unseen: Completeness


def atom_feed(opened: OpenedFeed, content: FeedContent, where: FeedAddresses) -> bytes:
    """Return the document; its entries keep their ids whatever becomes of them."""
    feed, watch = opened.feed, opened.watch
    root = ET.Element("feed", xmlns=_ATOM)
    _text(root, "id", uuid5(_OURS, f"{feed.project}/{feed.id}/{instant_text(feed.created_at)}").urn)
    _text(root, "title", _line(watch.name))
    _text(root, "subtitle", " ".join((_line(watch.description or watch.query), _holes(content.unseen))).strip())
    updated = [_updated_at(one, content) for one in content.mentions]
    _text(root, "updated", instant_text(max(updated, default=watch.changed_at)))
    _text(root, "generator", "Veilleur")
    _text(ET.SubElement(root, "author"), "name", "Veilleur")
    _link(root, "self", where.page)
    if where.following is not None:
        _link(root, "next", where.following)
    for mention in content.mentions:
        root.append(_entry(mention, _updated_at(mention, content), where))
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _entry(mention: Mention, updated_at: datetime, where: FeedAddresses) -> ET.Element:
    entry = ET.Element("entry")
    _text(entry, "id", UUID(hex=mention.id).urn)
    _text(entry, "title", _title(mention))
    _text(entry, "updated", instant_text(updated_at))
    _text(entry, "published", instant_text(mention.happened_at))
    _text(ET.SubElement(entry, "author"), "name", _actor_name(mention))
    here = f"{where.mentions}/{mention.id}"
    opens = None if mention.open is None else _web_address(mention.open.url)
    _link(entry, "alternate", opens or here)
    if opens is not None:
        _link(entry, "related", here)
    for term in (mention.platform, mention.kind, *mention.hashtags, *(["deleted"] if mention.deleted else [])):
        ET.SubElement(entry, "category", term=_line(term))
    entry.append(_content(mention))
    return entry


def _content(mention: Mention) -> ET.Element:
    """Return the words as XHTML, each paragraph read in the direction of its own letters."""
    content = ET.Element("content", type="xhtml")
    div = ET.SubElement(content, "div", xmlns=_XHTML)
    if mention.deleted:
        _paragraph(div, "Its sender deleted this message.")
    for words in (mention.body, mention.target):
        if words is not None:
            _paragraph(div, words)
    _paragraph(div, " · ".join(_facts(mention)))
    return content


def _facts(mention: Mention) -> list[str]:
    conversation = None if mention.conversation is None else mention.conversation.title
    media = None if mention.media is None else str(mention.media.kind)
    facts = (mention.platform, mention.kind.replace("_", " "), conversation, media, instant_text(mention.happened_at))
    return [fact for fact in facts if fact]


def _paragraph(parent: ET.Element, text: str) -> None:
    lines = _writable(text).splitlines() or [""]
    paragraph = ET.SubElement(parent, "p", dir="auto")
    paragraph.text = lines[0]
    for line in lines[1:]:
        ET.SubElement(paragraph, "br").tail = line


def _title(mention: Mention) -> str:
    words = mention.body or mention.target or mention.kind.replace("_", " ")
    told = _line(f"{'(deleted) ' if mention.deleted else ''}{_actor_name(mention)}: {words}")
    return told if len(told) <= _LONGEST_TITLE else f"{told[: _LONGEST_TITLE - 1]}…"


def _actor_name(mention: Mention) -> str:
    return _line(mention.actor.name if mention.actor is not None else "") or mention.platform


def _updated_at(mention: Mention, content: FeedContent) -> datetime:
    return max(mention.received_at, content.amended_at.get(mention.id, mention.received_at))


def _holes(unseen: Completeness) -> str:
    if not unseen.known:
        return "(No device has told what it did not see.)"
    if not unseen.intervals:
        return ""
    told = [_hole(one) for one in unseen.intervals[:_MOST_HOLES]]
    more = len(unseen.intervals) + unseen.omitted - len(told)
    return f"(Not seen: {'; '.join(told)}{f'; and {more:,} more' if more else ''}.)"


def _hole(one: CoverageInterval) -> str:
    until = "now" if one.until_at is None else instant_text(one.until_at)
    return _line(f"{one.device} {one.cause.replace('_', ' ')} from {instant_text(one.since_at)} to {until}")


def _web_address(url: str | None) -> str | None:
    if url is None or _NO_IRI.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in _WEB and parts.netloc else None


def _line(text: str) -> str:
    return " ".join(_TURNING.sub("", _writable(text)).split())


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _link(parent: ET.Element, relation: str, address: str) -> None:
    ET.SubElement(parent, "link", rel=relation, href=address)
