"""A report as people read it: in both languages, hostile texts as texts, and nothing that leaves the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from markupsafe import escape
from msgspec.structs import replace

from tests.daemon.reports.sample_week import LOGO, WORDS, sample_week, week_report
from veilleur.model.coverage import CoverageCause, Shortfall
from veilleur.model.delivery import Severity
from veilleur.model.errors import LogoRefused
from veilleur.model.parts import Actor
from veilleur.model.report import Report, ReportedAlert
from veilleur.reports.logo import logo_address
from veilleur.reports.rendering import Presentation, report_mail, report_page, report_text
from veilleur.wording.languages import Language

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}\"'></style>"
_OUTWARD = re.compile(r"<(?:script|link|iframe|img(?![^>]*src=\"data:))|url\(|@import|src=\"http|href=", re.IGNORECASE)
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg">%s</svg>'


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    """Give the report of the sample's week."""
    with sample_week(tmp_path_factory.mktemp("week")) as database:
        yield week_report(database)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.FRENCH, ("Revue de veille", "du 9 novembre 2026 au 15 novembre 2026", "était en veille")),
        (Language.ENGLISH, ("Media watch", "9 November 2026 to 15 November 2026", "was asleep or without network")),
    ],
)
def test_a_report_is_told_in_the_reader_s_language(report: Report, language: Language, said: tuple[str, ...]) -> None:
    shown = Presentation(language=language, words=WORDS[language], logo=logo_address(LOGO))

    for written in (report_page(report, shown), report_mail(report, shown)):
        assert all(one in written for one in said)
        assert WORDS[language].split("\n\n")[1][:20] in written
    assert "#pouletrose" in report_text(report, shown)


def test_numbers_are_grouped_as_the_language_does_and_nothing_not_understood_is_told_twice(report: Report) -> None:
    """Catches `num=number(…)` left out of a phrase, and intervals of a counted cause kept by `told_losses`."""
    seen = replace(
        report.completeness,
        shortfalls=(Shortfall(CoverageCause.QUARANTINED, 12_345), Shortfall(CoverageCause.COLLAPSED, 1_336)),
    )
    alerts = (
        ReportedAlert(
            rule="pic", severity=Severity.URGENT, opened_at=report.made_at, match_count=4_321, acknowledged_by=None
        ),
    )
    told = replace(report, completeness=seen, alerts=alerts)

    french = Presentation(language=Language.FRENCH)
    for written in (report_page(told, french), report_mail(told, french), report_text(told, french)):
        assert all(number in written for number in ("12\u202f345", "1\u202f336", "4\u202f321", "urgent"))
        assert not any(number in written for number in ("12345", "1336", "4321"))
        assert written.count("gardées pour être relues") == 1
    assert "12,345" in report_page(told, Presentation())


def test_a_mail_and_its_text_tell_all_that_the_page_tells(report: Report) -> None:
    shown = Presentation(language=Language.ENGLISH)
    told = replace(report, alerts=())
    for written in (report_page(told, shown), report_mail(told, shown), report_text(told, shown)):
        assert all(one in written for one in ("Accounts", "Hashtags", "#pouletrose", "Kinds", "negative"))
        assert "No alert in this period." in written


def test_hostile_texts_stay_texts_and_nothing_is_fetched(report: Report) -> None:
    """Trial 56. Broken line: the templates' `autoescape` given False; then the script stood in page and e-mail."""
    first = report.notable[0]
    mention = replace(first.mention, body=HOSTILE, actor=Actor(HOSTILE))
    planted = replace(
        report, title=HOSTILE, description=HOSTILE, query=HOSTILE, notable=(replace(first, mention=mention),)
    )

    for written in (
        report_page(planted, Presentation(words=HOSTILE)),
        report_mail(planted, Presentation(words=HOSTILE)),
    ):
        assert _OUTWARD.search(written) is None
        assert "&lt;script&gt;" in written
        assert "{{ 7*7 }}" in written
    assert HOSTILE in report_text(planted, Presentation(words=HOSTILE))


@pytest.mark.parametrize(
    "content",
    [
        b"GIF89a",
        b"<html></html>",
        b"x" * 300_001,
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>',
        _SVG % b"<script>alert(1)</script>",
        _SVG % b'<image href="http://veilleur.test/x.png"/>',
        _SVG % b'<rect onclick="alert(1)"/>',
        _SVG % b"<style>@import 'http://veilleur.test'</style>",
        _SVG % b'<rect fill="url(http://veilleur.test/x)"/>',
        _SVG % b"<foreignObject/>",
    ],
)
def test_a_logo_that_runs_or_fetches_or_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(LogoRefused):
        logo_address(content)


@pytest.mark.parametrize(
    ("language", "said", "never"),
    [
        (
            Language.FRENCH,
            ("Presse et web", "rien n’a été qualifié", "la période précédente n’a pas été vue"),
            ("Compte inconnu", "Feed", "aucune dans la période"),
        ),
        (
            Language.ENGLISH,
            ("Press and web", "nothing was qualified", "the period before was not seen"),
            ("Unknown account", "Feed", "none in the period"),
        ),
    ],
)
def test_an_article_stands_under_its_headline_and_what_nobody_said_or_saw_is_told_as_such(
    tmp_path: Path, language: Language, said: tuple[str, ...], never: tuple[str, ...]
) -> None:
    with sample_week(tmp_path) as database:
        made = week_report(database, query="kind:article")
    report = replace(made, volume=replace(made.volume, tones=(), without_tone=made.volume.count))
    headlines = [one.mention.target for one in report.notable]
    shown = Presentation(language=language)
    page = report_page(report, shown)

    assert len(headlines) == 3
    assert all(said_so in page for said_so in said)
    assert not any(told in page for told in never)
    for written in (page, report_mail(report, shown)):
        assert all(headline is not None and f"<b>{escape(headline)}</b>" in written for headline in headlines)
    assert all(f"* {headline} (" in report_text(report, shown) for headline in headlines)
