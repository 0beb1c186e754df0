"""Wires `veilleur reparse`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

from veilleur.app.logs import configure_logs
from veilleur.app.opening import open_store
from veilleur.app.reading import known_plugins, opened_reader
from veilleur.app.settings import Settings
from veilleur.ingest.rereading import MentionDifference, ReparseSummary, compare
from veilleur.ingest.rereading import reparse as reparse_store
from veilleur.store.arrival_ledger import recount_quarantine


def reparse(settings: Settings, on_progress: Callable[[int, int], None]) -> ReparseSummary:
    """Read the whole raw log again; `on_progress` is told (done, of)."""
    configure_logs(settings, is_brief=True)
    with closing(open_store(settings)) as database, opened_reader(settings.parser_choice) as reader:
        summary = reparse_store(database, reader, on_progress, plug_ins=known_plugins(settings.parser_choice))
        recount_quarantine(database)
        return summary


def compare_log(
    settings: Settings, on_progress: Callable[[int, int], None], on_unread: Callable[[int], None]
) -> Iterator[MentionDifference]:
    """Yield what a reparse would add, change and drop; nothing is stored.

    `on_unread` is told at the end how many notifications could not be read again.
    """
    configure_logs(settings, is_brief=True)
    with closing(open_store(settings)) as database, opened_reader(settings.parser_choice) as reader:
        plug_ins = known_plugins(settings.parser_choice)
        yield from compare(database, reader, on_progress, plug_ins=plug_ins, on_unread=on_unread)
