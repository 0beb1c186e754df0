"""Writes a report for people: one page that fetches nothing, an e-mail, and its plain text."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import ChoiceLoader, DictLoader, Environment, PackageLoader
from msgspec import Struct

from veilleur.model.counts import Facet, FacetCounts
from veilleur.model.delivery import Severity
from veilleur.model.kinds import MentionKind
from veilleur.model.mention import Mention
from veilleur.model.report import Period, Report
from veilleur.reports import charts
from veilleur.reports.losses import told_losses
from veilleur.wording import languages
from veilleur.wording.environment import translated, translated_environment
from veilleur.wording.languages import Language
from veilleur.wording.platform_names import platform_name

REPORT_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What a server sends with a report's page, which fetches and runs nothing."""
_PACKAGE: Final = "veilleur.reports"
_PHRASES: Final = "parts.html"
_PLAIN_PHRASES: Final = "parts.txt"
_PAGE: Final = "report.html"
_MAIL: Final = "mail.html"
_TEXT: Final = "mail.txt"
_SUBJECT: Final = "subject.txt"
_MORNING: Final = "morning.txt"
_MORNING_SUBJECT: Final = "morning_subject.txt"
_BREAKS: Final = re.compile(r"[^\S\u00a0\u202f]+")
_LONGEST_BODY: Final = 480
_OF_MAIL: Final = ("data:image/png;", "data:image/jpeg;")


class Presentation(Struct, frozen=True):
    """How a report is written, and what a person adds to it; `logo` is a `data:` address."""

    language: Language = Language.ENGLISH
    words: str | None = None
    logo: str | None = None
    late_since_at: datetime | None = None


def report_page(report: Report, shown: Presentation) -> str:
    """Return a report as one standalone HTML page, to be read or printed on A4."""
    return _rendered(_PAGE, report, shown)


def report_mail(report: Report, shown: Presentation) -> str:
    """Return a report as the HTML of an e-mail: tables, and each style where it is used."""
    return _rendered(_MAIL, report, shown)


def report_text(report: Report, shown: Presentation) -> str:
    """Return a report as plain text."""
    return _rendered(_TEXT, report, shown).strip() + "\n"


def report_subject(report: Report, shown: Presentation) -> str:
    """Return the subject of the e-mail that holds a report."""
    return _one_line(_rendered(_SUBJECT, report, shown))


def morning_subject(report: Report, shown: Presentation) -> str:
    """Return a morning message's one line: how much is urgent, how much there is to read."""
    return _one_line(_rendered(_MORNING_SUBJECT, report, shown))


def morning_text(report: Report, shown: Presentation) -> str:
    """Return a morning message: its line, and the mentions to read first."""
    return _rendered(_MORNING, report, shown).strip() + "\n"


def _rendered(name: str, report: Report, shown: Presentation) -> str:
    zone = ZoneInfo(report.zone)
    chart = charts.time_chart(report.timeline, report.completeness, report.made_at)
    return (
        _environment(shown.language)
        .get_template(name)
        .render(
            report=report,
            volume=report.volume,
            urgent=_urgent(report),
            language=shown.language.value,
            logo=shown.logo,
            mail_logo=_mail_logo(shown.logo),
            paragraphs=_paragraphs(shown.words),
            late_since_at=shown.late_since_at,
            chart=chart,
            chart_width=charts.WIDTH,
            chart_height=charts.HEIGHT,
            change=_change_percent(report),
            days=_days(report.period, zone),
            shares=partial(_shares, report),
            losses=told_losses(report.completeness, report.made_at),
            **_writers(shown.language, zone),
        )
    )


def _writers(language: Language, zone: ZoneInfo) -> dict[str, Callable[..., str]]:
    """Return how numbers and times are written in the reader's language and zone."""
    return {
        "number": lambda number: languages.written_number(number, language),
        "moment": lambda at: languages.written_moment(at, language, zone),
        "hour": lambda at: languages.written_hour(at, language, zone),
        "day": lambda at: languages.written_date(at.astimezone(zone).date(), language),
        "short_day": lambda at: languages.written_short_day(at.astimezone(zone).date(), language),
        "length": lambda since_at, until_at: languages.written_length(until_at - since_at, language),
    }


def _mail_logo(logo: str | None) -> str | None:
    """Return a logo that readers of e-mail show: an SVG is none."""
    return logo if logo is not None and logo.startswith(_OF_MAIL) else None


def _paragraphs(words: str | None) -> tuple[tuple[str, ...], ...]:
    """Return a text's paragraphs, which empty lines part, as lines."""
    lines = "" if words is None else "\n".join(map(str.strip, words.splitlines()))
    return tuple(tuple(part.strip("\n").split("\n")) for part in lines.split("\n\n") if part.strip())


def _days(period: Period, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """Return the first and last day of a period of whole days, None for one that begins or ends within a day."""
    begin, end = (at.astimezone(zone) for at in (period.since_at, period.until_at))
    if any((at.hour, at.minute, at.second, at.microsecond) != (0, 0, 0, 0) for at in (begin, end)):
        return None
    return begin, (end.replace(tzinfo=None) - timedelta(hours=12)).replace(tzinfo=zone)


def _change_percent(report: Report) -> int | None:
    """Return by how many per cent there were more than before, None where nothing was before."""
    before = report.volume.before
    return round(100 * (report.volume.count - before) / before) if before else None


def _urgent(report: Report) -> int:
    """Return how many negative mentions nobody has treated, and urgent alerts nobody has taken on."""
    alerts = [one for one in report.alerts or () if one.severity is Severity.URGENT and one.acknowledged_by is None]
    return report.volume.open_negative + len(alerts)


def _shares(report: Report, facet: str) -> tuple[charts.Share, ...]:
    found: FacetCounts | None = report.facet(Facet(facet))
    return () if found is None else charts.shares(found.counts)


@cache
def _environment(language: Language) -> Environment:
    environment = translated_environment(_PACKAGE, language)
    # The same phrases escape in a page and do not in a plain text.
    phrases = PackageLoader(_PACKAGE).get_source(environment, _PHRASES)[0]
    environment.loader = ChoiceLoader([PackageLoader(_PACKAGE), DictLoader({_PLAIN_PHRASES: phrases})])
    environment.filters["platform_name"] = partial(translated, languages.load_texts(language), platform_name)
    environment.filters["shortened"] = _shortened
    environment.filters["kind"] = MentionKind
    environment.filters["actor_name"] = _actor_name
    return environment


def _shortened(text: str) -> str:
    words = _one_line(text)
    return words if len(words) <= _LONGEST_BODY else f"{words[:_LONGEST_BODY].rsplit(' ', 1)[0]} …"


def _one_line(text: str) -> str:
    """Return a text with plain spaces alone between its words; no-break spaces, which French needs, stay."""
    return _BREAKS.sub(" ", text).strip()


def _actor_name(mention: Mention) -> Any:  # noqa: ANN401 - a text, or nothing
    return None if mention.actor is None else mention.actor.name
