"""Mentions whose words break files: formulas, line ends, quotes, marks of direction, numbers that are none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from veilleur.exports.request import ExportRequest
from veilleur.model.coverage import Completeness, CoverageCause, CoverageInterval
from veilleur.model.export import Dialect
from veilleur.model.identity import MentionId, NotificationId
from veilleur.model.kinds import Exactness, MentionKind, TimeQuality, Visibility
from veilleur.model.mention import Mention
from veilleur.model.parts import Actor, Conversation, OpenLink
from veilleur.model.qualification import Qualification, Tone

PARIS = ZoneInfo("Europe/Paris")
SUMMER = datetime(2026, 7, 1, 22, 30, 15, 123_000, tzinfo=UTC)
LONG = "é" * 40_000
ESCAPE_LIKE = "_x0041_"
"""What XML of workbooks takes for an escape: LibreOffice writes it out as it is."""
MARKUP = (
    *("<r><t>bold</t></r>", "<r>", "<r></broken></r>"),
    '<r><t>a</t></r></is></c><c r="AZ9"><f>1+1</f><v>2</v></c><c r="BA9" t="inlineStr"><is><r><t>b</t></r>',
)
"""What XlsxWriter takes for rich text of its own, and would write as it is."""
FORMULAS = (
    *("=1+1", "+33 6 00", "-1", "@SUM(A1)", "＝1", "'quoted", "''twice", '=cmd|"/C calc"!A0', '=HYPERLINK("x")'),
    *("\t=1", "\r=1", "\n=1", "{=1}", "=", "'"),
)
TEXTS = (
    *FORMULAS,
    *('a;"b",c', '"', '""', "one\ntwo", "one\r\ntwo", "one\rtwo", "plain\ttab", "end\n", " spaces ", ";;;"),
    *(
        "\u2028line\u2029",
        "\x85next",
        "\u202eevil\u202c",
        "שלום עולם",
        "السلام عليكم",
        "👩‍👩‍👧 🇫🇷",
        "名前",
        "\ufeffmark",
    ),
    *(
        "\x01\x08\x0b\x1f\x7f",
        ESCAPE_LIKE,
        "\ufffe\uffff",
        "<b>&amp;</b>",
        "]]>",
        *MARKUP,
        "https://veilleur.test/?a=1&b=2",
    ),
)
NUMBER_LIKE = (
    *("06 12 34 56 78", "0612345678", "1/2", "12-3", "12.3", "1,5", "1e5", "12 %", "3 €", "12:30", "2026-07-01"),
    *(
        "01/07/2026",
        "mar. 3 févr. 2026",
        "1er août",
        "3/sept/26",
        "Mai 68",
        "12 mars",
        "mars 2026",
        "12 mars 2026",
        "1 janv. 26",
        "VRAI",
        "faux",
        "true",
        "(5)",
        "1 000",
    ),
)
WORDS_LIKE_MONTHS = (
    *("Marie", "martine_75", "mariette.en.cuisine", "Octave", "Maison", "mars", "décembre", "Mai tai", "12 marches"),
    *("5 maisons", "Janine 2", "septième", "3 juillettistes", "Maïa T.", "sept", "may"),
)
"""What begins like a date, and no spreadsheet takes for one."""
UNSEEN = Completeness(
    known=True,
    intervals=(
        CoverageInterval(
            device="salle-1",
            cause=CoverageCause.OFFLINE,
            subject="device",
            since_at=SUMMER,
            until_at=None,
            count=None,
            detail="=away",
        ),
    ),
    omitted=2,
)


def mention(number: int, words: str | None, *, sender: str = "Nadia") -> Mention:
    """Return a mention of these words; its other texts are as hostile."""
    at = SUMMER + timedelta(hours=number)
    return Mention(
        id=MentionId(f"{number:032x}"),
        notification_id=NotificationId(number),
        envelope_id=f"id-{number}",
        device="salle-1",
        project="default",
        captured_at=at,
        received_at=at,
        occurred_at=None if number % 2 else datetime(1850, 1, 1, tzinfo=UTC),
        happened_at=at,
        time_quality=TimeQuality.OCCURRED,
        platform="whatsapp",
        package="com.whatsapp",
        kind=MentionKind.COMMENT,
        visibility=Visibility.PUBLIC,
        actor=Actor(sender, phone="+33600000000", others_count=number) if words else None,
        conversation=Conversation("chat", words, is_group=bool(number % 2)),
        target=words,
        body=words,
        hashtags=("ratp", "métro") if number % 2 else (),
        handles=(),
        links=(),
        emojis=(),
        language=None,
        region="FR",
        media=None,
        count=2**62 + number,
        open=OpenLink("https://veilleur.test/?q=1", Exactness.SEARCH),
        qualification=Qualification(tone=Tone.MIXED, tags=("a", "b"), treated_by="cli", treated_at=at)
        if number % 3
        else None,
        edited=False,
        deleted=bool(number % 2),
        flags=(),
        parser="test",
        parser_version=1,
        pattern="=pattern",
        confidence=0.75,
    )


def hostile_mentions() -> list[Mention]:
    """Return a mention of each text, and one without words."""
    texts = [*TEXTS, *NUMBER_LIKE, *WORDS_LIKE_MONTHS, LONG, None]
    return [mention(number, words, sender=(words or "x")[:100]) for number, words in enumerate(texts, 1)]


def asked(zone: tzinfo = UTC, dialect: Dialect = Dialect.STANDARD) -> ExportRequest:
    """Return a request for everything."""
    return ExportRequest(query="=since:7d", zone=zone, asked_at=SUMMER, completeness=lambda: UNSEEN, dialect=dialect)
