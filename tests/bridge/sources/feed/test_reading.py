"""Feeds of any dialect become items; bombs and pages do not, and no bytes make the reader raise."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bridge.sources.feed.feed_texts import ALERT_LINK, atom, atom_entry, billion_laughs, rss
from veilleur_bridge.sources.feed.fetching import Fetched, Validators
from veilleur_bridge.sources.feed.reading import Feed, FeedItem, NoFeed, read_feed

AT_MS = 1_795_284_245_000


def read(content: bytes, charset: str | None = None) -> Feed | NoFeed:
    return read_feed(Fetched(content, charset, Validators()))


def items(content: bytes, charset: str | None = None) -> list[FeedItem]:
    feed = read(content, charset)
    assert isinstance(feed, Feed), feed
    return list(feed.items)


def test_an_alert_of_google_is_read_without_its_markup() -> None:
    feed = read(atom(atom_entry(1)))

    assert isinstance(feed, Feed)
    assert feed.title == "Google Alerte - restaurant"
    assert feed.items == (
        FeedItem(
            entry_id="tag:google.com,2013:googlealerts/feed:1",
            title="Un restaurant répond",
            text="L’établissement dit avoir embauché.\xa0...",
            link=ALERT_LINK,
            at_ms=AT_MS,
        ),
    )


def test_an_item_becomes_the_notification_of_the_contract() -> None:
    [item] = items(atom(atom_entry(1, link="/articles/1")))

    shown = item.as_notification("https://example.org/feed", "Alertes")

    assert shown.key == "https://example.org/feed#tag:google.com,2013:googlealerts/feed:1"
    assert shown.when_ms == AT_MS
    assert shown.extras == {
        "link": "https://example.org/articles/1",
        "feed": "https://example.org/feed",
        "feed_title": "Alertes",
    }


def test_rss_with_its_own_habits_is_read() -> None:
    [first, second, third] = items(
        rss(
            "<item><guid>a</guid><title>5 &lt; 6</title><link>https://e.org/a</link>"
            "<pubDate>Sat, 21 Nov 2026 19:04:05 +0100</pubDate>"
            "<description>&lt;p&gt;Un.&lt;/p&gt;&lt;p&gt;Deux&lt;script&gt;x()&lt;/script&gt;.&lt;/p&gt;</description></item>",
            "<item><title>Sans guid</title><link>https://e.org/b</link></item>",
            "<item><title>Sans rien</title></item><item><description>perdu</description></item>",
        )
    )

    assert (first.entry_id, first.title, first.text, first.at_ms) == ("a", "5 < 6", "Un.\nDeux.", AT_MS)
    assert (second.entry_id, second.at_ms) == ("https://e.org/b", None)
    assert third.entry_id == "Sans rien"


def test_a_date_that_nobody_can_read_is_no_date_and_no_warning() -> None:
    [item] = items(rss("<item><guid>a</guid><title>Un</title><pubDate>bientôt</pubDate></item>"))

    assert item.at_ms is None


def test_an_entry_that_stands_twice_is_one() -> None:
    assert len(items(atom(atom_entry(1), atom_entry(1, "Autre"), atom_entry(2)))) == 2


@pytest.mark.parametrize(
    "content",
    [
        atom(atom_entry(1, "Été")).replace(b'encoding="utf-8"', b""),
        codecs.BOM_UTF8 + atom(atom_entry(1, "Été")),
        atom(atom_entry(1, "Été")).decode().replace("utf-8", "utf-16").encode("utf-16"),
        atom(atom_entry(1, "Été")).decode().replace("utf-8", "windows-1252").encode("cp1252"),
        atom(atom_entry(1, "Été")).replace(b'encoding="utf-8"', b'encoding="punycode"'),
    ],
    ids=["undeclared", "with a mark", "UTF-16", "windows-1252", "an encoding that nobody uses"],
)
def test_letters_survive_every_encoding(content: bytes) -> None:
    assert items(content)[0].title == "Été"


def test_the_servers_charset_stands_above_the_documents() -> None:
    assert items(atom(atom_entry(1, "Été")).decode().encode("cp1252"), "windows-1252")[0].title == "Été"


@pytest.mark.attack
@pytest.mark.parametrize(
    "bomb",
    [
        billion_laughs(),
        billion_laughs(encoding="utf-16"),
        billion_laughs(before="<!-- a --> \n <?pi x?> <!-- b -->"),
        b"\0".join(billion_laughs()[i : i + 1] for i in range(len(billion_laughs()))),
        b'<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss version="2.0"><channel><title>x</title></channel></rss>',
    ],
    ids=["plain", "UTF-16", "behind comments", "between NULs", "external"],
)
def test_a_document_type_is_refused_before_any_parser(bomb: bytes) -> None:
    refused = read(bomb)

    assert isinstance(refused, NoFeed)
    assert "document type" in refused.detail


def test_a_document_type_in_the_words_of_an_item_is_no_bomb() -> None:
    [item] = items(
        rss("<item><title>HTML</title><description><![CDATA[<!DOCTYPE html><p>Bonjour</p>]]></description></item>")
    )

    assert item.text == "Bonjour"


@pytest.mark.parametrize(
    "page", [b"", b"   ", b"<html><body>no feed</body></html>", b"{}", b"\x89PNG\r\n", b"/etc/passwd"]
)
def test_what_is_no_feed_is_said_to_be_none(page: bytes) -> None:
    refused = read(page)

    assert isinstance(refused, NoFeed)
    assert refused.detail.startswith("it is no RSS or Atom feed")


@pytest.mark.attack
def test_an_answer_that_names_a_file_of_ours_is_not_opened(tmp_path: Path) -> None:
    """Broken: feedparser was handed the bytes themselves; it took them for a file's name, and read the file."""
    ours = tmp_path / "feed.xml"
    ours.write_bytes(atom(atom_entry(1)))

    assert isinstance(read(str(ours).encode()), NoFeed)


@pytest.mark.attack
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"<rss version='2.0'>", b"<feed xmlns='http://www.w3.org/2005/Atom'>"]),
)
def test_no_bytes_make_the_reader_raise(tail: bytes, head: bytes) -> None:
    assert isinstance(read(head + tail), Feed | NoFeed)


@pytest.mark.attack
@given(st.data())
def test_no_damage_to_a_feed_makes_the_reader_raise(data: st.DataObject) -> None:
    whole = bytearray(atom(atom_entry(1), atom_entry(2)))
    for _ in range(data.draw(st.integers(1, 12))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))

    assert isinstance(read(bytes(whole)), Feed | NoFeed)


@pytest.mark.attack
def test_thousands_of_items_and_deep_markup_are_bounded() -> None:
    assert len(items(atom(*(atom_entry(number) for number in range(2_500))))) == 2_000
    deep = "<b>" * 20_000
    assert items(atom(atom_entry(1, f"{deep}fin")))[0].title == "fin"
