"""`veilleur device close-gap`: gives up on seqs that never came."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from veilleur.cli import wiring
from veilleur.cli.agreement import require_agreement
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir
from veilleur.cli.output.terminal import say
from veilleur.cli.store_access import opened_store
from veilleur.model.gaps import SeqGap

EXAMPLES: Final = examples(
    ("veilleur device close-gap salon-1 --from 7 --through 7", "Give up on seq 7, which never came"),
    ("veilleur device close-gap salon-1 --epoch k3v9x2m7 --from 7 --through 9 --yes", "Of one epoch, without asking"),
)
_Name = Annotated[str, typer.Argument(metavar="NAME", help="The device, as `veilleur device list` shows it.")]
_From = Annotated[int, typer.Option("--from", min=1, metavar="SEQ", help="The first seq to give up on.")]
_Through = Annotated[int, typer.Option("--through", min=1, metavar="SEQ", help="The last one.")]
_Epoch = Annotated[
    str | None,
    typer.Option("--epoch", show_default=False, help="The spool that they belong to (else the device's open one)."),
]
_Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def close_gap(  # noqa: PLR0913 - a command's parameters are its options
    name: _Name,
    *,
    from_seq: _From,
    through_seq: _Through,
    epoch: _Epoch = None,
    yes: _Yes = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Give up on notifications that never came, so that the device can forget what lies behind them.

    Coverage keeps them as a gap for ever. A device answers for its losses itself: this is for one that cannot.
    """
    with opened_store(data_dir, database_url) as database:
        gap = wiring.find_gap(database, name, epoch, from_seq, through_seq)
        require_agreement(_question(gap), is_given=yes, unasked="closes the gap", otherwise="Nothing was closed.")
        watermark = wiring.close_gap(database, gap, now=datetime.now(UTC))
    say(f"{_told(gap)} is closed. All of epoch {gap.epoch} is now answered for up to seq {watermark}.")


def _question(gap: SeqGap) -> str:
    if gap.may_still_come:
        return f"{_told(gap)} may still come: the device says that it holds all from {gap.held_from} on. Give up on it?"
    return f"{_told(gap)} never came. Give up on it for ever?"


def _told(gap: SeqGap) -> str:
    spans = ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in gap.spans)
    return f"Seq {spans} of {gap.device}"
