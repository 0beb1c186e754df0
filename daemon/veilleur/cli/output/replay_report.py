"""What a replay did, or would do, told to a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from veilleur.cli.output.terminal import answer, say
from veilleur.cli.output.visible import in_one_line
from veilleur.model.arrival import Fate, Sighting
from veilleur.model.kinds import OutcomeKind
from veilleur_bridge.delivery import LogNote

if TYPE_CHECKING:
    from veilleur.app.replaying import Preview, ReplaySummary


def report_replay(summaries: Sequence[ReplaySummary], mentions_now: int | None) -> None:
    """Print what became of every record and how many mentions there are now (None: they are stored elsewhere).

    What was wrong and how long it took goes to standard error.
    """
    for summary in summaries:
        for note in summary.notes:
            say(in_one_line(f"{note.origin}: {note.text}"))
        for problem in summary.problems:
            say(in_one_line(f"{problem.origin}: {problem.reason}"))
        if summary.problem_count > len(summary.problems):
            say(f"… and {summary.problem_count - len(summary.problems):,} more")
    fate = sum((summary.fate for summary in summaries), start=Fate())
    total = fate.parsed + fate.ignored + fate.quarantined + fate.dead + fate.duplicate
    for label, count in (
        ("records", total),
        ("  parsed", fate.parsed),
        ("  ignored", fate.ignored),
        ("  quarantined", fate.quarantined),
        ("  dead", fate.dead),
        ("  duplicate", fate.duplicate),
    ):
        answer(f"{label:<14}{count:>9,}")
    if mentions_now is None:
        say("Sent through the broker: this is what a running daemon makes of it, where it is new.")
    else:
        answer(f"{'mentions now':<14}{mentions_now:>9,}")
    seconds = sum(summary.seconds for summary in summaries)
    say(f"in {seconds:.1f} s ({total / max(seconds, 0.001):,.0f} a second)")


def report_preview(previews: Iterable[Preview | LogNote]) -> Fate:
    """Print each record as it comes, with the mentions that are new in it; return how many there were of each kind."""
    fate = Fate()
    seen: set[str] = set()
    for preview in previews:
        if isinstance(preview, LogNote):
            say(in_one_line(f"{preview.origin}: {preview.text}"))
            continue
        outcome = preview.outcome.value if preview.outcome else "dead"
        about = (preview.origin, outcome, preview.package or "", preview.reason or "")
        answer(in_one_line("  ".join(part for part in about if part)))
        new = [sighting for sighting in preview.mentions if _row(sighting) not in seen]
        seen.update(map(_row, new))
        for sighting in new:
            answer(f"    {in_one_line(_mention(sighting))}")
        fate += _tally(preview.outcome, len(new))
    return fate


def _row(sighting: Sighting) -> str:
    return sighting.fold or sighting.id


def _mention(sighting: Sighting) -> str:
    draft = sighting.draft
    actor = draft.actor.name if draft.actor else "–"
    return f"{draft.kind.value}  {actor}: {draft.body or draft.target or ''}"


def _tally(outcome: OutcomeKind | None, mentions: int) -> Fate:
    match outcome:
        case OutcomeKind.PARSED:
            return Fate(parsed=1, new_mentions=mentions)
        case OutcomeKind.IGNORED:
            return Fate(ignored=1, new_mentions=mentions)
        case OutcomeKind.QUARANTINED:
            return Fate(quarantined=1, new_mentions=mentions)
        case None:
            return Fate(dead=1)
