"""`veilleur report …`: what a watch or a query held in a period, as a page to send, an e-mail, a text or JSON."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final
from zoneinfo import ZoneInfo

import typer
from typer.core import TyperGroup

from veilleur.cli import wiring
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Server, ServerToken
from veilleur.cli.output.holes import say_holes
from veilleur.cli.output.terminal import say
from veilleur.cli.output.whole_file import require_free_name, whole_file
from veilleur.cli.store_access import opened_desk
from veilleur.cli.zones import LocalZone
from veilleur.model.desk import Desk
from veilleur.model.errors import LogoRefused
from veilleur.model.report import LONGEST_WORDS, Report, ReportAdditions
from veilleur.model.wire import dump_line, report_fields
from veilleur.wording.languages import Language

if TYPE_CHECKING:
    from veilleur.reports.rendering import Presentation

EXAMPLES: Final = examples(
    ("veilleur report plastique", "The seven whole days before today, in plastique-7d.html"),
    ("veilleur report schedule plastique --every week --to direction", "Sent each Monday"),
)
MAKE_EXAMPLES: Final = examples(
    ("veilleur report make plastique", "The seven whole days before today, in plastique-7d.html"),
    (
        "veilleur report make plastique --period 2026-W46 --language fr --words semaine.txt --logo client.png",
        "A week in French, with what you say of it and the client's logo",
    ),
    ("veilleur report make --query '#ratp grève' --title 'Grève' --period 2026-11", "A month of a query"),
    ("veilleur report make plastique --format mail -o mail.html", "As the HTML of an e-mail"),
)
_UNSAID: Final = re.compile(r"[^\w.-]+")
_MAKE: Final = "make"
_LONGEST_NAME: Final = 80


class ReportForm(StrEnum):
    """What a report is written as."""

    HTML = "html"
    MAIL = "mail"
    TEXT = "txt"
    JSON = "json"


class MakeByDefault(TyperGroup):
    """Reads `veilleur report WATCH` as `veilleur report make WATCH`."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # Typer's own context
        if args and args[0] not in {*self.commands, "--help"}:
            args = [_MAKE, *args]
        return super().parse_args(ctx, args)


_Watch = Annotated[str | None, typer.Argument(metavar="[WATCH]", show_default=False, help="The watch's name.")]
_Query = Annotated[str | None, typer.Option("--query", metavar="QUERY", show_default=False, help="Instead of a watch.")]
_Title = Annotated[
    str | None, typer.Option("--title", metavar="TEXT", show_default=False, help="Of --query: how it is called.")
]
_Period = Annotated[
    str,
    typer.Option(
        "--period", metavar="WHEN", help="7d (whole days before today), 24h, 2026-11-20, 2026-W46, 2026-11, A..B."
    ),
]
_Language = Annotated[Language, typer.Option("--language", "-l", help="The report's language.")]
_Words = Annotated[
    Path | None,
    typer.Option(
        "--words", metavar="FILE", show_default=False, help="What you say of it; empty lines part paragraphs."
    ),
]
_Logo = Annotated[
    Path | None, typer.Option("--logo", metavar="FILE", show_default=False, help="PNG, JPEG or plain SVG, to 300 kB.")
]
_Bare = Annotated[bool, typer.Option("--bare", help="Without the words and logo that the page Reports keeps.")]
_Zone = Annotated[
    str | None, typer.Option("--zone", metavar="ZONE", show_default=False, help="Else the watch's; of --query: here.")
]
_Private = Annotated[bool, typer.Option("--private", help="What is private or of a group too.")]
_Form = Annotated[
    ReportForm | None, typer.Option("--format", "-f", show_default=False, help="Else what the file's ending says.")
]
_Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", show_default=False, help="Else WATCH-PERIOD.html here.")
]
_Force = Annotated[bool, typer.Option("--force", help="Replace a file of that name.")]


def make(  # noqa: PLR0913 - a command's parameters are its options
    watch: _Watch = None,
    *,
    query: _Query = None,
    title: _Title = None,
    period: _Period = "7d",
    language: _Language = Language.ENGLISH,
    words: _Words = None,
    logo: _Logo = None,
    bare: _Bare = False,
    zone: _Zone = None,
    private: _Private = False,
    form: _Form = None,
    output: _Output = None,
    force: _Force = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Write a report of a watch or a query: figures beside the period before, what to read, what was not seen.

    Public mentions only, unless --private is given. The page fetches nothing: send it, or print it. Words and logo that
    are kept for reports stand in it, unless you give others or --bare.
    """
    if (watch is None) == (query is None):
        raise typer.BadParameter("name a watch, or give a --query: `veilleur watch list` shows the watches")
    chosen = form or _form_of(output)
    path = output or Path(_file_name(watch or title or "report", period, chosen))
    require_free_name(path, may_replace=force)
    said, address = _said(words), _logo(logo)
    with opened_desk(data_dir, database_url, server, token) as desk:
        report = _made(desk, watch, query, title, period, zone, with_private=private)
        kept = ReportAdditions() if bare else desk.reports.additions(watch)
    shown = wiring.Presentation(language=language, words=said or kept.words, logo=address or kept.logo)
    content = _written(report, chosen, shown)
    with whole_file(path, may_replace=force) as file:
        file.write(content)
    say(f"{path}: {report.volume.count:,} mentions, {len(report.notable)} of them told")
    say_holes(report.completeness)


def _made(  # noqa: PLR0913, PLR0917 - what the command was given
    desk: Desk,
    watch: str | None,
    query: str | None,
    title: str | None,
    period: str,
    zone: str | None,
    *,
    with_private: bool,
) -> Report:
    if watch is None:
        asked_zone = ZoneInfo(zone or LocalZone().key or "UTC")
        return desk.reports.of_query(query or "", period, title=title, zone=asked_zone, with_private=with_private)
    report = desk.reports.of_watch(watch, period, zone=zone, with_private=with_private)
    if report is None:
        raise typer.BadParameter(f"there is no watch {watch}: `veilleur watch list` shows them")
    return report


def _written(report: Report, form: ReportForm, shown: Presentation) -> bytes:
    match form:
        case ReportForm.HTML:
            return wiring.report_page(report, shown).encode()
        case ReportForm.MAIL:
            return wiring.report_mail(report, shown).encode()
        case ReportForm.TEXT:
            return wiring.report_text(report, shown).encode()
        case ReportForm.JSON:
            return dump_line(report_fields(report)) + b"\n"


def _form_of(output: Path | None) -> ReportForm:
    ending = output.suffix.removeprefix(".").lower() if output else ""
    return next((one for one in ReportForm if one == ending), ReportForm.HTML)


def _file_name(name: str, period: str, form: ReportForm) -> str:
    plain = _UNSAID.sub("-", name).strip("-.")[:_LONGEST_NAME] or "report"
    ending = ReportForm.HTML if form is ReportForm.MAIL else form
    return f"{plain}-{_UNSAID.sub('-', period)}.{ending}"


def _said(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{path} cannot be read as a text in UTF-8", param_hint="--words") from error
    if len(text) > LONGEST_WORDS:
        raise typer.BadParameter(f"at most {LONGEST_WORDS:,} characters", param_hint="--words")
    return text


def _logo(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        return wiring.logo_address(path.read_bytes())
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be read", param_hint="--logo") from error
    except LogoRefused as error:
        raise typer.BadParameter(str(error), param_hint="--logo") from error
