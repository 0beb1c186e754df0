"""Feeds of the tests' own making."""

from __future__ import annotations

from html import escape

ALERT_LINK = (
    "https://www.google.com/url?rct=j&sa=t&url=https://www.tiktok.com/@nadia.exemple/video/7571234567890123456&ct=ga"
)


def atom(*entries: str, title: str = "Google Alerte - restaurant") -> bytes:
    """Return an Atom feed as Google Alerts prints it."""
    head = f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>{title}</title>'
    return f"{head}{''.join(entries)}</feed>".encode()


def atom_entry(number: int, title: str = "Un <b>restaurant</b> répond", *, link: str = ALERT_LINK) -> str:
    return (
        f"<entry><id>tag:google.com,2013:googlealerts/feed:{number}</id>"
        f'<title type="html">{escape(title)}</title><link href="{escape(link)}"></link>'
        "<published>2026-11-21T18:04:05Z</published><updated>2026-11-21T18:04:05Z</updated>"
        '<content type="html">L’établissement dit avoir &lt;b&gt;embauché&lt;/b&gt;.&amp;nbsp;...</content>'
        "<author><name></name></author></entry>"
    )


def rss(*items: str) -> bytes:
    head = '<?xml version="1.0"?><rss version="2.0"><channel><title>Le Courrier</title>'
    return f"{head}{''.join(items)}</channel></rss>".encode()


def billion_laughs(*, encoding: str = "utf-8", before: str = "") -> bytes:
    """Return a document whose entities multiply to three gigabytes (a known attack), as a feed."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>{before}<!DOCTYPE lolz [<!ENTITY l0 "lol">{entities}]>'
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>&l9;</title></feed>'
    )
    return text.encode(encoding)
