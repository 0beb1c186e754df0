"""`veilleur qualify …`: say something of mentions, read who said what, undo it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Annotated, Final

import typer

from veilleur.cli.agreement import require_agreement
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Format, InUtc, Server, ServerToken
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.qualifications import ACTS, JOURNAL, change_text
from veilleur.cli.output.terminal import say
from veilleur.cli.store_access import opened_desk
from veilleur.cli.zones import viewer_zone
from veilleur.model.desk import Desk
from veilleur.model.errors import QualificationError, QueryError
from veilleur.model.qualification import (
    Clearable,
    QualificationAct,
    QualificationChange,
    QualifiedMany,
    Speaker,
    Tone,
    checked_change,
)

SET_EXAMPLES: Final = examples(
    ("veilleur qualify set 01a1d4b66300dc42696bc4c85786cb07 --tone negative --tag rumeur", "One mention"),
    ("veilleur qualify set --query 'colis retard' --tag livraison --dry-run", "How many would be tagged"),
    ("veilleur qualify set --query 'from:@spam' --off-topic --yes", "All of a query, in a script"),
)
JOURNAL_EXAMPLES: Final = examples(
    ("veilleur qualify journal", "What was said, act by act"),
    ("veilleur qualify journal --by people", "What people said, without what rules say of each that comes"),
    ("veilleur qualify journal 01a1d4b66300dc42696bc4c85786cb07", "Who said what of one mention"),
)
UNDO_EXAMPLES: Final = examples(("veilleur qualify undo 12", "As it was before act 12, but for what was said since"))
_MOST_ACTS: Final = 200

_By = Annotated[Speaker | None, typer.Option("--by", show_default=False, help="Only acts of people, or of rules.")]
_Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]…", help="Mentions by their ids.", show_default=False)]
_QueryText = Annotated[
    str | None, typer.Option("--query", metavar="QUERY", show_default=False, help="Instead: all that a query shows.")
]
ToneOption = Annotated[Tone | None, typer.Option("--tone", show_default=False, help="How it speaks of its subject.")]
TagsOption = Annotated[
    list[str] | None, typer.Option("--tag", metavar="TAG", show_default=False, help="A tag to add; may be repeated.")
]
_Untags = Annotated[
    list[str] | None, typer.Option("--untag", metavar="TAG", show_default=False, help="A tag to take away.")
]
OffTopicOption = Annotated[
    bool | None, typer.Option("--off-topic/--on-topic", show_default=False, help="Whether it is off-topic.")
]
_Treated = Annotated[
    bool | None, typer.Option("--treated/--untreated", show_default=False, help="Whether somebody took care of it.")
]
_Note = Annotated[
    str | None, typer.Option("--note", metavar="TEXT", show_default=False, help="A note, for the one it has.")
]
_Clear = Annotated[list[Clearable] | None, typer.Option("--clear", show_default=False, help="What to take back.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say how many mentions it would be.")]
_Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
_Act = Annotated[int, typer.Argument(metavar="ACT", min=1, help="The number that the journal shows.")]
_OneId = Annotated[str | None, typer.Argument(metavar="[ID]", help="A mention.", show_default=False)]


def set_qualification(  # noqa: PLR0913 - a command's parameters are its options
    ids: _Ids = None,
    *,
    query: _QueryText = None,
    tone: ToneOption = None,
    tags: TagsOption = None,
    untags: _Untags = None,
    off_topic: OffTopicOption = None,
    treated: _Treated = None,
    note: _Note = None,
    clear: _Clear = None,
    dry_run: _DryRun = False,
    yes: _Yes = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Say something of mentions, by their ids or of all that a query shows: it holds for their folds."""
    if bool(ids) is (query is not None):
        raise typer.BadParameter("name mentions by their ids, or give --query")
    change = _readable_change(
        QualificationChange(
            tone=tone,
            add_tags=tuple(tags or ()),
            remove_tags=tuple(untags or ()),
            is_off_topic=off_topic,
            is_treated=treated,
            note=note,
            clear=tuple(clear or ()),
        )
    )
    with opened_desk(data_dir, database_url, server, token) as desk:
        say_it = _wish(desk, ids or [], query, change)
        found = say_it(is_dry_run=True).mention_count
        said = f"{found:,} mention{'' if found == 1 else 's'}: {change_text(change)}"
        if dry_run or not found:
            say(f"Would qualify {said}.")
            raise typer.Exit(0 if found else 1)
        is_given = yes or query is None
        require_agreement(f"Qualify {said}?", is_given=is_given, unasked="qualifies", otherwise="Nothing was said.")
        say_what_changed(say_it(is_dry_run=False).act)


def say_what_changed(act: QualificationAct | None) -> None:
    """Say what an act changed, and how it is taken back."""
    if act is None:
        say("Nothing changed: it stood already.")
    else:
        say(f"Qualified {act.mention_count:,}; `veilleur qualify undo {act.id}` takes it back.")


def _wish(desk: Desk, ids: list[str], query: str | None, change: QualificationChange) -> Callable[..., QualifiedMany]:
    def say_it(*, is_dry_run: bool) -> QualifiedMany:
        try:
            if query is None:
                return desk.qualifications.say_of(ids, change, is_dry_run=is_dry_run)
            zone = viewer_zone(is_utc=False)
            return desk.qualifications.say_of_all(query, change, zone, is_dry_run=is_dry_run)
        except (QualificationError, QueryError) as error:
            raise typer.BadParameter(str(error)) from error

    return say_it


def _readable_change(change: QualificationChange) -> QualificationChange:
    try:
        return checked_change(change)
    except QualificationError as error:
        raise typer.BadParameter(str(error)) from error


def journal(  # noqa: PLR0913 - a command's parameters are its options
    mention: _OneId = None,
    *,
    by: _By = None,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Show the latest 200 acts, or who said what of one mention."""
    zone = viewer_zone(is_utc=utc or format is not OutputFormat.TABLE)
    with opened_desk(data_dir, database_url, server, token) as desk:
        if mention is None:
            ACTS.write(format, tuple(islice(desk.qualifications.acts(by), _MOST_ACTS)), zone)
            return
        entries = desk.qualifications.journal(mention)
    if entries is None:
        raise typer.BadParameter(f"there is no mention {mention}")
    JOURNAL.write(format, entries, zone)


def undo(
    act: _Act,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Let what stood before an act stand again, but for what somebody said since."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        undone = desk.qualifications.undo(act)
    if undone is None:
        raise typer.BadParameter(f"there is no act {act} that is not undone: `veilleur qualify journal` shows them")
    say(f"Act {act} is undone on {undone:,} mention{'' if undone == 1 else 's'}.")
