"""What RFC 4287 demands of a feed and its entries, said again as checks: each cites its section."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

ATOM = "{http://www.w3.org/2005/Atom}"
XHTML = "{http://www.w3.org/1999/xhtml}"
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_ONCE_IN_FEED = ("id", "title", "updated")
_AT_MOST_ONCE_IN_FEED = ("generator", "icon", "logo", "rights", "subtitle")
_ONCE_IN_ENTRY = ("id", "title", "updated")
_AT_MOST_ONCE_IN_ENTRY = ("content", "published", "rights", "source", "summary")
_KNOWN = {"author", "category", "contributor", "entry", "link", *_ONCE_IN_FEED, *_AT_MOST_ONCE_IN_FEED}
_KNOWN |= set(_AT_MOST_ONCE_IN_ENTRY)
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20\"<>\\^`{|}\x7f-\xa0]+")


def broken_rules(feed: Element) -> list[str]:
    """Return which of the RFC's demands a feed does not meet."""
    return [*_of_feed(feed), *(rule for entry in feed.iter(f"{ATOM}entry") for rule in _of_entry(feed, entry))]


def _of_feed(feed: Element) -> Iterator[str]:
    if feed.tag != f"{ATOM}feed":
        yield "2: the document element is atom:feed"
    yield from _counts(feed, _ONCE_IN_FEED, _AT_MOST_ONCE_IN_FEED, "4.1.1")
    entries = feed.findall(f"{ATOM}entry")
    if feed.find(f"{ATOM}author") is None and not all(one.find(f"{ATOM}author") is not None for one in entries):
        yield "4.1.1: a feed has an author unless each entry has"
    ids = [(one.findtext(f"{ATOM}id"), one.findtext(f"{ATOM}updated")) for one in entries]
    if len(set(ids)) < len(ids):
        yield "4.1.1: entries of one id differ in updated"
    yield from _common(feed)


def _of_entry(feed: Element, entry: Element) -> Iterator[str]:
    yield from _counts(entry, _ONCE_IN_ENTRY, _AT_MOST_ONCE_IN_ENTRY, "4.1.2")
    if entry.find(f"{ATOM}author") is None and feed.find(f"{ATOM}author") is None:
        yield "4.1.2: an entry has an author where its feed has none"
    content, alternates = entry.find(f"{ATOM}content"), _links(entry, "alternate")
    if content is None and not alternates:
        yield "4.1.2: an entry without content has an alternate link"
    kinds = [(one.get("type"), one.get("hreflang")) for one in alternates]
    if len(set(kinds)) < len(kinds):
        yield "4.1.2: no two alternate links of one type and hreflang"
    yield from _common(entry)


def _counts(parent: Element, once: tuple[str, ...], at_most: tuple[str, ...], section: str) -> Iterator[str]:
    for name in once:
        if len(parent.findall(f"{ATOM}{name}")) != 1:
            yield f"{section}: exactly one {name}"
    for name in at_most:
        if len(parent.findall(f"{ATOM}{name}")) > 1:
            yield f"{section}: at most one {name}"


def _common(parent: Element) -> Iterator[str]:
    for child in parent:
        name = child.tag.removeprefix(ATOM)
        if child.tag.startswith(ATOM) and name not in _KNOWN:
            yield f"6.2: no {name} in Atom's namespace"
        match name:
            case "id" if _IRI.fullmatch(child.text or "") is None:
                yield f"4.2.6: an id is an IRI: {child.text}"
            case "updated" | "published" if _DATE.fullmatch(child.text or "") is None:
                yield f"3.3: a date is of RFC 3339: {child.text}"
            case "link" if _IRI.fullmatch(child.get("href") or "") is None:
                yield f"4.2.7.1: a link has an IRI: {child.get('href')}"
            case "category" if not child.get("term"):
                yield "4.2.2.1: a category has a term"
            case _:
                yield from _of_parts(name, child)


def _of_parts(name: str, child: Element) -> Iterator[str]:
    match name:
        case "author" if len(child.findall(f"{ATOM}name")) != 1:
            yield "3.2.1: a person has exactly one name"
        case "title" | "subtitle" if child.get("type", "text") == "text" and len(child):
            yield f"3.1.1.1: a {name} of text has no elements"
        case "content" if child.get("type") == "xhtml" and [one.tag for one in child] != [f"{XHTML}div"]:
            yield "4.1.3.3: content of xhtml is one div"
        case "content" if child.get("src") is not None and (len(child) or child.text):
            yield "4.1.3.2: content from elsewhere is empty"


def _links(entry: Element, relation: str) -> list[Element]:
    return [one for one in entry.findall(f"{ATOM}link") if one.get("rel", "alternate") == relation]
