"""Atom feeds: what RFC 4287 demands, read back by a feed reader, whatever people wrote."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from msgspec.structs import replace

from tests.browser.hostile import HOSTILE_TEXTS
from tests.daemon.exports.atom_rules import ATOM, XHTML, broken_rules
from tests.daemon.exports.hostile_mentions import PARIS, SUMMER, TEXTS, UNSEEN, hostile_mentions, mention
from veilleur.exports.atom import FeedAddresses, FeedContent, atom_feed
from veilleur.model.coverage import Completeness
from veilleur.model.feed import OpenedFeed, WatchFeed
from veilleur.model.kinds import Exactness, MediaKind, MentionKind, Platform
from veilleur.model.mention import Mention
from veilleur.model.parts import Media, OpenLink
from veilleur.model.watch import Watch, WatchId
from veilleur.wording.languages import Language, written_moment

WHERE = FeedAddresses(
    page="https://veilleur.test/feeds/x.atom?cursor=1",
    following="https://veilleur.test/feeds/x.atom?cursor=2",
    mentions="https://veilleur.test/mentions",
)


def opened(name: str = "plastique", query: str = "plastique", language: str = "en") -> OpenedFeed:
    watch = Watch(
        id=WatchId(1),
        name=name,
        project="default",
        query=query,
        zone="UTC",
        description=None,
        version=1,
        made_by="lea",
        created_at=SUMMER,
        changed_by="lea",
        changed_at=SUMMER,
        archived_by=None,
        archived_at=None,
    )
    feed = WatchFeed(
        id=1,
        watch=name,
        project="default",
        may_read_private=False,
        made_by="lea",
        created_at=SUMMER,
        renewed_at=SUMMER,
        revoked_by=None,
        revoked_at=None,
        language=language,
    )
    return OpenedFeed(feed, watch)


def content(mentions: Sequence[Mention], unseen: Completeness = UNSEEN) -> FeedContent:
    return FeedContent(mentions, {}, unseen)


def read(document: bytes) -> Any:
    """Return what a feed reader makes of a document, which it must find well formed."""
    found = feedparser.parse(document)
    assert not found.bozo, found.get("bozo_exception")
    return found


def only_entry(of: Mention) -> Any:
    [entry] = read(atom_feed(opened(), content([of]), WHERE)).entries
    return entry


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("mentions", [[], hostile_mentions()], ids=["empty", "hostile"])
def test_a_feed_meets_every_demand_of_the_rfc(mentions: list[Mention], language: str) -> None:
    feed = opened("=HYPERLINK\x00 <b>\u202e", 'a "b" <c> &amp;', language)
    document = atom_feed(feed, content(mentions), WHERE, zone=PARIS)

    assert broken_rules(ET.fromstring(document)) == []
    assert len(read(document).entries) == len(mentions)


def test_the_demands_find_what_is_wrong() -> None:
    root = ET.fromstring(atom_feed(opened(), content([mention(1, "a")]), WHERE))
    entry = root.find(f"{ATOM}entry")
    assert entry is not None
    for child in list(entry):
        if child.tag in {f"{ATOM}id", f"{ATOM}updated"}:
            entry.remove(child)
    ET.SubElement(root, f"{ATOM}link", href="no address")
    ET.SubElement(root, f"{ATOM}pubDate")

    assert [rule.partition(":")[0] for rule in broken_rules(root)] == ["4.2.7.1", "6.2", "4.1.2", "4.1.2"]


@pytest.mark.parametrize("text", [*HOSTILE_TEXTS, *TEXTS])
def test_what_people_wrote_is_text_and_never_markup(text: str) -> None:
    document = atom_feed(opened(), content([mention(1, text, sender=text)]), WHERE)

    root = ET.fromstring(document)
    div = root.find(f".//{XHTML}div")
    assert div is not None
    assert {one.tag for one in div.iter()} <= {f"{XHTML}{name}" for name in ("div", "p", "br")}
    assert {name for one in div.iter() for name in one.attrib} <= {"dir"}
    shown = "".join(div.itertext())
    assert all(word in shown for word in text.split() if word.isalpha())


def test_directions_do_not_reach_beyond_their_own_text() -> None:
    entry = only_entry(mention(2, "\u202egnp.evil מרחבא", sender="\u2067Nadia"))

    assert (entry.title, entry.author) == ("Nadia: gnp.evil מרחבא", "Nadia")
    assert '<p dir="auto">' in entry.content[0].value


def test_an_entry_keeps_its_id_and_is_updated_when_its_sender_took_it_back() -> None:
    told = replace(mention(2, "le colis"), deleted=False)
    later = told.received_at + timedelta(hours=5)
    before = only_entry(told)

    gone = FeedContent([replace(told, deleted=True)], {told.id: later}, UNSEEN)
    [after] = read(atom_feed(opened(), gone, WHERE)).entries

    assert before.id == after.id == f"urn:uuid:00000000-0000-0000-0000-{told.id[-12:]}"
    assert after.title == f"(deleted) {before.title}"
    assert "Its sender deleted this message." in after.content[0].value
    assert "deleted" in [tag.term for tag in after.tags]
    assert (moment(before.updated_parsed), moment(after.updated_parsed)) == (whole(told.received_at), whole(later))
    assert moment(after.published_parsed) == whole(told.happened_at)


def test_the_feed_says_what_was_not_seen() -> None:
    for unseen, expected in (
        (
            UNSEEN,
            "plastique (Not seen: salle-1, since 1 Jul 2026, 22:30: the device was offline; and 2 more.)",
        ),
        (Completeness(known=True), "plastique"),
        (Completeness(), "plastique (No device has told what it did not see.)"),
    ):
        assert read(atom_feed(opened(), content([], unseen), WHERE)).feed.subtitle == expected


def test_the_own_words_of_a_feed_are_in_its_language_and_its_times_of_its_zone() -> None:
    """Broken line: the kind's own word instead of `words.word`; the subtitle stayed English."""
    told = replace(mention(2, "le colis"), edited=True, media=Media(MediaKind.PHOTO), platform=Platform.FEED)
    silent = replace(mention(3, "x"), body=None, target=None, kind=MentionKind.FOLLOW)

    document = atom_feed(opened(language="fr"), content([told, silent]), WHERE, zone=PARIS)

    assert ET.fromstring(document).get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    shown = read(document)
    first, second = shown.entries
    assert shown.feed.subtitle == (
        "plastique (Angles morts\u202f: salle-1, depuis le 2 juil. 2026, 00:30\u202f: l’appareil était hors ligne"
        "\u202f; et 2 autres.)"
    )
    assert first.title.startswith("(modifié) ")
    assert "Son expéditeur a modifié ce message." in first.content[0].value
    assert "Presse et web · " in first.content[0].value
    assert f" · photo · {written_moment(told.happened_at, Language.FRENCH, PARIS)}" in first.content[0].value
    assert second.title.endswith(": nouvel abonné")
    assert [tag.term for tag in second.tags][:2] == [silent.platform, "follow"], "what programs read stays"
    assert moment(first.published_parsed) == whole(told.happened_at)


def test_an_edited_message_stays_the_entry_of_its_first_words() -> None:
    """Broken line: the entry's id made of the mention's own; it reported a second entry for the same message."""
    before, after = mention(2, "le colis"), replace(mention(4, "le colis est là"), edited=True)

    [first] = read(atom_feed(opened(), content([before]), WHERE)).entries
    [second] = read(atom_feed(opened(), FeedContent([after], {}, UNSEEN, {after.id: before.id}), WHERE)).entries

    assert (first.id, f"(edited) {first.title} est là") == (second.id, second.title)
    assert "edited" in [tag.term for tag in second.tags]
    assert {link.rel: link.href for link in second.links}["related"].endswith(after.id)


def test_pages_are_linked_and_entries_lead_to_what_they_tell_of() -> None:
    shown = read(atom_feed(opened(), content([mention(1, "a")]), WHERE))

    assert {link.rel: link.href for link in shown.feed.links} == {"self": WHERE.page, "next": WHERE.following}
    assert {link.rel: link.href for link in shown.entries[0].links} == {
        "alternate": "https://veilleur.test/?q=1",
        "related": f"{WHERE.mentions}/{mention(1, 'a').id}",
    }


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://", "https://a b/", "https://[", 'https://a/"x'])
def test_an_address_that_is_none_of_the_web_is_no_link(address: str) -> None:
    entry = only_entry(replace(mention(1, "a"), open=OpenLink(address, Exactness.POST)))

    assert [link.href for link in entry.links] == [f"{WHERE.mentions}/{mention(1, 'a').id}"]


def moment(parsed: Any) -> datetime:
    return datetime.fromtimestamp(calendar.timegm(parsed), UTC)


def whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)
