"""`veilleur rule …`: what is said of every mention that a query or a list of words finds."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import Annotated, Final

import typer

from veilleur.cli.agreement import require_agreement
from veilleur.cli.commands.qualify import OffTopicOption, TagsOption, ToneOption, say_what_changed
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Format, Server, ServerToken
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.qualifications import RULES, change_text
from veilleur.cli.output.terminal import say
from veilleur.cli.store_access import opened_desk
from veilleur.cli.zones import viewer_zone
from veilleur.model.desk import Desk
from veilleur.model.errors import QualificationError, QueryError
from veilleur.model.qualification import QualificationChange, QualifiedMany
from veilleur.model.rules import QualificationRule

ADD_EXAMPLES: Final = examples(
    ("veilleur rule add colère --word 'plus jamais' --word 'honteu*' --tone negative", "A word list with a tone"),
    ("veilleur rule add insultes --words insultes.txt --tone negative", "A file with a word or phrase on each line"),
    ("veilleur rule add livraison --query 'colis OR livreur' --tag livraison", "A query with a tag"),
)
LIST_EXAMPLES: Final = examples(("veilleur rule list", "Every rule and what it says"))
APPLY_EXAMPLES: Final = examples(
    ("veilleur rule apply colère --dry-run", "How many mentions of the past it would qualify"),
    ("veilleur rule apply colère --yes", "Qualify them, without asking"),
)
REMOVE_EXAMPLES: Final = examples(("veilleur rule remove colère --yes", "What it said stays"))
_LARGEST_FILE_BYTES: Final = 256 * 1024

_Name = Annotated[str, typer.Argument(metavar="NAME", help="The rule's name.")]
_QueryText = Annotated[str, typer.Option("--query", metavar="QUERY", help="What it speaks of.")]
_Words = Annotated[
    list[str] | None,
    typer.Option("--word", metavar="WORD", show_default=False, help="Or a word or phrase; repeatable."),
]
_WordFile = Annotated[
    Path | None,
    typer.Option("--words", metavar="FILE", show_default=False, help="Or a file of them."),
]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say how many mentions it would be.")]
_Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def add(  # noqa: PLR0913 - a command's parameters are its options
    name: _Name,
    *,
    query: _QueryText = "",
    words: _Words = None,
    word_file: _WordFile = None,
    tone: ToneOption = None,
    tags: TagsOption = None,
    off_topic: OffTopicOption = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Make a rule: with a query, one of its words, or both; it speaks of what comes from now on."""
    change = QualificationChange(tone=tone, add_tags=tuple(tags or ()), is_off_topic=off_topic)
    sought = (*(words or ()), *(_listed(word_file) if word_file else ()))
    with opened_desk(data_dir, database_url, server, token) as desk:
        try:
            if not desk.rules.make(name, change, query=query, words=sought):
                raise typer.BadParameter(f"there is a rule {name} already: remove it first")
        except (QualificationError, QueryError) as error:
            raise typer.BadParameter(str(error)) from error
        past = _applied(desk, name, is_dry_run=True).mention_count
    say(f"Rule {name} speaks of what comes from now on: {change_text(change)}.")
    say(f"Of the past it would qualify {past:,}: `veilleur rule apply {quote(name)}` does.")


def listed(
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """List rules, the oldest first: of two that say the same thing the later stands."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        RULES.write(format, desk.rules.every(), viewer_zone(is_utc=True))


def apply(  # noqa: PLR0913 - a command's parameters are its options
    name: _Name,
    *,
    dry_run: _DryRun = False,
    yes: _Yes = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Let a rule speak of the past; a person's word stands over it."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        count = _applied(desk, name, is_dry_run=True).mention_count
        said = f"{count:,} mention{'' if count == 1 else 's'}: {change_text(_found(desk, name).change)}"
        if dry_run or not count:
            say(f"Would qualify {said}.")
            return
        require_agreement(f"Qualify {said}?", is_given=yes, unasked="qualifies", otherwise="Nothing was said.")
        say_what_changed(_applied(desk, name, is_dry_run=False).act)


def remove(  # noqa: PLR0913 - a command's parameters are its options
    name: _Name,
    yes: _Yes = False,
    *,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Take a rule out; what it said stays."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        _found(desk, name)
        require_agreement(f"Remove the rule {name}?", is_given=yes, unasked="removes", otherwise="Nothing was removed.")
        desk.rules.remove(name)
    say(f"Rule {name} is removed; `veilleur qualify journal` shows what it said.")


def _found(desk: Desk, name: str) -> QualificationRule:
    for rule in desk.rules.every():
        if rule.name == name:
            return rule
    raise _unknown(name)


def _applied(desk: Desk, name: str, *, is_dry_run: bool) -> QualifiedMany:
    try:
        done = desk.rules.apply(name, is_dry_run=is_dry_run)
    except QualificationError as error:
        raise typer.BadParameter(str(error)) from error
    if done is None:
        raise _unknown(name)
    return done


def _listed(path: Path) -> list[str]:
    """Return the lines of a file that hold something and are no remark (`#` and a space)."""
    try:
        if path.stat().st_size > _LARGEST_FILE_BYTES:
            raise typer.BadParameter(f"--words: {path.name} is larger than {_LARGEST_FILE_BYTES // 1024} KiB")
        lines = path.read_text("utf-8-sig").splitlines()
    except OSError as error:
        raise typer.BadParameter(f"--words: {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise typer.BadParameter(f"--words: {path.name} is not UTF-8: save it as UTF-8") from error
    return [line.strip() for line in lines if line.strip() and not line.startswith("# ")]


def _unknown(name: str) -> typer.BadParameter:
    return typer.BadParameter(f"there is no rule {name}: `veilleur rule list` shows them")
