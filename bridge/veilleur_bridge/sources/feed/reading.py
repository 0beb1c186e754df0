"""A feed's bytes into its items: whatever dialect, no document type, no entities of its own."""

from __future__ import annotations

import calendar
import codecs
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from io import BytesIO
from typing import Any, Final
from urllib.parse import urljoin

import feedparser

from veilleur_bridge.envelope import Notification
from veilleur_bridge.sources.feed.fetching import Fetched

_MOST_ITEMS: Final = 2_000
_PARSER_FAULTS: Final = (ValueError, TypeError, AttributeError, LookupError, AssertionError, RecursionError)
_PROLOG: Final = re.compile(r"(?:\s++|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_DECLARATION: Final = re.compile(
    r"<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"'][^>]*\?>", re.IGNORECASE
)
_ANY_DECLARATION: Final = re.compile(r"\s*<\?xml\b[^>]*\?>", re.IGNORECASE)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Python's names of what feeds are written in; some of its others (punycode) take the square of the length.
_ENCODINGS: Final = re.compile(
    r"utf-(?:8|16|32)(?:-[lb]e)?|ascii|iso8859-\d{1,2}|cp125\d|koi8-[ru]|gb(?:2312|k|18030)|big5|shift_jis|euc_(?:jp|kr)"
)
_MARKUP_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})
_PARAGRAPHS: Final = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"})
_TIMES: Final = ("published_parsed", "updated_parsed")
_UNSEEN: Final = frozenset({"script", "style"})


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One item: `entry_id` is the feed's own, else its link or its title; `at_ms` when it was published."""

    entry_id: str
    title: str | None
    text: str | None
    link: str | None
    at_ms: int | None

    def as_notification(self, feed_url: str, feed_title: str | None) -> Notification:
        """Return the item as the contract has it: `feed` and `link` among the extras."""
        link = self.link and urljoin(feed_url, self.link)
        extras = {"link": link, "feed": feed_url, "feed_title": feed_title}
        return Notification(
            key=f"{feed_url}#{self.entry_id}",
            when_ms=self.at_ms,
            title=self.title,
            text=self.text,
            extras={name: value for name, value in extras.items() if value},
        )


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed holds now, in its own order, each entry id once."""

    title: str | None
    items: Sequence[FeedItem]


@dataclass(frozen=True, slots=True)
class NoFeed:
    """Why the bytes are no feed that we read."""

    detail: str


def read_feed(fetched: Fetched) -> Feed | NoFeed:
    """Return the items, at most 2,000; raises nothing on any bytes."""
    text = _decoded(fetched).replace("\0", "")
    prolog = _PROLOG.match(text)
    if text.startswith("<!", prolog.end() if prolog else 0):
        return NoFeed("it begins with a document type, which can hold an XML bomb: ask its maker for plain RSS or Atom")
    try:
        parsed = _parsed(text)
    except _PARSER_FAULTS as error:
        return NoFeed(f"it cannot be read ({type(error).__name__}): look at it with a feed validator")
    if not parsed.get("version"):
        return NoFeed("it is no RSS or Atom feed: give the address of the feed itself, not of a page")
    items: dict[str, FeedItem] = {}
    for item in map(_item, parsed.get("entries", ())[:_MOST_ITEMS]):
        if item is not None:
            items.setdefault(item.entry_id, item)
    return Feed(_words(parsed.get("feed", {}), "title"), tuple(items.values()))


def _parsed(text: str) -> Mapping[str, Any]:
    """Let feedparser read the very text that was looked at: no other encoding, no address, no file name."""
    content = _ANY_DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    headers = {"content-type": "application/xml; charset=utf-8"}
    parsed: Mapping[str, Any] = feedparser.parse(
        BytesIO(content), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    return parsed


def _decoded(fetched: Fetched) -> str:
    content = fetched.content
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace").removeprefix("\ufeff")
    declared = _DECLARATION.match(content[:200].lstrip().decode("latin-1"))
    for named in (fetched.charset, declared[1] if declared else None, "utf-8"):
        if (text := _decoded_as(content, named)) is not None:
            return text
    return content.decode("cp1252", "replace")


def _decoded_as(content: bytes, named: str | None) -> str | None:
    try:
        encoding = codecs.lookup(named).name if named else ""
        return content.decode(encoding) if _ENCODINGS.fullmatch(encoding) else None
    except (LookupError, UnicodeError):
        return None


def _item(entry: Mapping[str, Any]) -> FeedItem | None:
    title, text = _words(entry, "title"), _text_of(entry)
    link = _text(entry.get("link"))
    entry_id = _text(entry.get("id")) or link or title
    if entry_id is None:
        return None
    return FeedItem(entry_id, title, text, link, _at_ms(entry))


def _text_of(entry: Mapping[str, Any]) -> str | None:
    """Return the item's own words: its summary, else its content."""
    parts = (entry.get("summary_detail") or {}, *(entry.get("content") or ()))
    return next(filter(None, (_plain(part.get("value"), part.get("type")) for part in parts)), None)


def _words(holder: Mapping[str, Any], name: str) -> str | None:
    return _plain(holder.get(name), (holder.get(f"{name}_detail") or {}).get("type"))


def _plain(value: object, kind: object) -> str | None:
    text = _text(value)
    if text is None or kind not in _MARKUP_TYPES:
        return text
    reader = _MarkupReader()
    reader.feed(text)
    reader.close()
    return _text("\n".join(filter(None, map(str.strip, "".join(reader.words).splitlines()))))


def _text(value: object) -> str | None:
    return (value.strip() or None) if isinstance(value, str) else None


def _at_ms(entry: Mapping[str, Any]) -> int | None:
    # asked for an `updated_parsed` that is not there, feedparser warns and looks for another
    moment = next(filter(None, (entry[name] for name in _TIMES if name in entry)), None)
    try:
        return calendar.timegm(moment) * 1000 if moment else None
    except (OverflowError, ValueError, TypeError):
        return None


class _MarkupReader(HTMLParser):
    """Keeps the words of HTML: tags go, paragraphs become lines, references become characters."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unseen_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - HTMLParser's
        self._unseen_depth += tag in _UNSEEN
        if tag in _PARAGRAPHS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen_depth = max(self._unseen_depth - (tag in _UNSEEN), 0)

    def handle_data(self, data: str) -> None:
        if not self._unseen_depth:
            self.words.append(data)
