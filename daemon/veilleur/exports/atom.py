"""A watch as an Atom feed (RFC 4287), a page of it at a time (RFC 5005, 3)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

from msgspec import Struct

from veilleur.exports.feed_words import FeedWords
from veilleur.model.coverage import Completeness
from veilleur.model.feed import OpenedFeed
from veilleur.model.identity import MentionId
from veilleur.model.mention import Mention
from veilleur.model.wire import instant_text
from veilleur.wording.languages import Language

MEDIA_TYPE: Final = "application/atom+xml"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_XHTML: Final = "http://www.w3.org/1999/xhtml"
_OURS: Final = UUID("6f1d7f0e-4c55-5a0b-9d0e-2f6b6a1c8e41")
_LONGEST_TITLE: Final = 140
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
    """What a page of a feed shows; `amended_at` is when authors' changes of its mentions were told.

    `first_ids`: an edited message is a mention of its own; its entry is that of the words that stood there first.
    """

    mentions: Sequence[Mention]
    amended_at: Mapping[MentionId, datetime]
    unseen: Completeness
    first_ids: Mapping[MentionId, MentionId] = {}


def atom_feed(opened: OpenedFeed, content: FeedContent, where: FeedAddresses, *, zone: tzinfo = UTC) -> bytes:
    """Return the document; its entries keep their ids whatever becomes of them. Times in words are of `zone`."""
    feed, watch = opened.feed, opened.watch
    words = FeedWords(Language(feed.language), zone)
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": words.language})
    _text(root, "id", uuid5(_OURS, f"{feed.project}/{feed.id}/{instant_text(feed.created_at)}").urn)
    _text(root, "title", _line(watch.name))
    _text(root, "subtitle", f"{_line(watch.description or watch.query)} {words.unseen(content.unseen)}".strip())
    updated = [_updated_at(one, content) for one in content.mentions]
    _text(root, "updated", instant_text(max(updated, default=watch.changed_at)))
    _text(root, "generator", "Veilleur")
    _text(ET.SubElement(root, "author"), "name", "Veilleur")
    _link(root, "self", where.page)
    if where.following is not None:
        _link(root, "next", where.following)
    for mention in content.mentions:
        root.append(_entry(mention, content, where, words))
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _entry(mention: Mention, content: FeedContent, where: FeedAddresses, words: FeedWords) -> ET.Element:
    entry = ET.Element("entry")
    _text(entry, "id", UUID(hex=content.first_ids.get(mention.id, mention.id)).urn)
    _text(entry, "title", _title(mention, words))
    _text(entry, "updated", instant_text(_updated_at(mention, content)))
    _text(entry, "published", instant_text(mention.happened_at))
    _text(ET.SubElement(entry, "author"), "name", _actor_name(mention, words))
    here = f"{where.mentions}/{mention.id}"
    opens = None if mention.open is None else _web_address(mention.open.url)
    _link(entry, "alternate", opens or here)
    if opens is not None:
        _link(entry, "related", here)
    states = [name for name, holds in (("deleted", mention.deleted), ("edited", mention.edited)) if holds]
    for term in (mention.platform, mention.kind, *mention.hashtags, *states):
        ET.SubElement(entry, "category", term=_line(term))
    entry.append(_content(mention, words))
    return entry


def _content(mention: Mention, words: FeedWords) -> ET.Element:
    """Return the words as XHTML, each paragraph read in the direction of its own letters."""
    content = ET.Element("content", type="xhtml")
    div = ET.SubElement(content, "div", xmlns=_XHTML)
    for text in (words.state(mention), mention.body, mention.target):
        if text is not None:
            _paragraph(div, text)
    _paragraph(div, " · ".join(_facts(mention, words)))
    return content


def _facts(mention: Mention, words: FeedWords) -> list[str]:
    conversation = None if mention.conversation is None else mention.conversation.title
    media = None if mention.media is None else words.word(mention.media.kind)
    platform, kind, moment = (
        words.platform(mention.platform),
        words.word(mention.kind),
        words.moment(mention.happened_at),
    )
    facts = (platform, kind, conversation, media, moment)
    return [fact for fact in facts if fact]


def _paragraph(parent: ET.Element, text: str) -> None:
    lines = _writable(text).splitlines() or [""]
    paragraph = ET.SubElement(parent, "p", dir="auto")
    paragraph.text = lines[0]
    for line in lines[1:]:
        ET.SubElement(paragraph, "br").tail = line


def _title(mention: Mention, words: FeedWords) -> str:
    told = f"{_actor_name(mention, words)}: {mention.body or mention.target or words.word(mention.kind)}"
    told = _line(words.title(mention, told))
    return told if len(told) <= _LONGEST_TITLE else f"{told[: _LONGEST_TITLE - 1]}…"


def _actor_name(mention: Mention, words: FeedWords) -> str:
    return _line(mention.actor.name if mention.actor is not None else "") or words.platform(mention.platform)


def _updated_at(mention: Mention, content: FeedContent) -> datetime:
    return max(mention.received_at, content.amended_at.get(mention.id, mention.received_at))


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
