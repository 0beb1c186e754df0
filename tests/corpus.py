"""Reads every file of a folder of real logs and prints a line for each: `python -m tests.corpus FOLDER`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from veilleur_bridge.codec import Codec, Decoded
from veilleur_bridge.delivery import LogItem, LogNote, LogProblem
from veilleur_bridge.envelope import Notification
from veilleur_bridge.errors import LogError
from veilleur_bridge.sources.feed.fetching import Fetched, Validators
from veilleur_bridge.sources.feed.reading import NoFeed, read_feed
from veilleur_bridge.sources.imported import MISSING_EXTRA
from veilleur_bridge.sources.log_file import open_log

_ABOUT_THE_FOLDER = ("README.md", "index.jsonl")
_FEED_SUFFIXES = (".xml", ".rss", ".atom")


def main(arguments: Sequence[str]) -> int:
    """Print the report; end with 0 whatever the files hold, 2 when no folder is named."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        missing = "".join(f"{one} is no folder. " for one in arguments)
        sys.stderr.write(f"{missing}Name a folder of logs: make corpus CORPUS=FOLDER\n")
        return 2
    for line in report(Path(arguments[0])):
        sys.stdout.write(f"{line}\n")
    return 0


def report(folder: Path) -> Iterator[str]:
    """Yield a line for each file, and below it one for each record that could not be read."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in _ABOUT_THE_FOLDER:
            shown = str(path.relative_to(folder))
            yield from _report_of_feed(path, shown) if path.suffix in _FEED_SUFFIXES else _report_of(path, shown)


def _report_of_feed(path: Path, shown: str) -> Iterator[str]:
    read = read_feed(Fetched(path.read_bytes(), None, Validators()))
    if isinstance(read, NoFeed):
        yield f"{shown}: not read: {read.detail.partition(': ')[0]}"
        return
    notifications = [item.as_notification("https://feed.example/", read.title) for item in read.items]
    yield f"{shown}: feed: {len(notifications)} read; missing: {_missing_in(notifications)}"


def _report_of(path: Path, shown: str) -> Iterator[str]:
    try:
        with open_log(path, format=None, device="corpus", clock=lambda: datetime.now(UTC)) as log:
            items = list(log.items)
    except LogError as error:
        yield f"{shown}: not read: {str(error).removeprefix(f'{path.name} is ').partition('. ')[0]}"
        return
    read, problems = _sorted(items)
    yield f"{shown}: {log.format}: {len(read)} read, {len(problems)} not; missing: {_missing_in(read)}"
    yield from (f"    {problem}" for problem in problems)


def _sorted(items: Sequence[LogItem]) -> tuple[list[Notification | None], list[str]]:
    """Tell apart what the line would take and what it would not, each of these with its place and reason."""
    codec = Codec()
    read: list[Notification | None] = []
    problems: list[str] = []
    for item in items:
        if isinstance(item, LogNote):
            continue
        if isinstance(item, LogProblem):
            problems.append(f"{item.origin}: {item.reason}")
            continue
        decoded = codec.decode(item.payload, topic_device=None)
        if isinstance(decoded, Decoded):
            read.append(decoded.envelope.notification)
        else:
            problems.append(f"{item.origin}: {decoded.detail}")
    return read, problems


def _missing_in(read: Sequence[Notification | None]) -> str:
    counts = Counter(field for notification in read for field in _missing(notification))
    return ", ".join(f"{field} {count}" for field, count in counts.items()) or "nothing"


def _missing(notification: Notification | None) -> list[str]:
    if notification is None:
        return []
    named = (notification.extras or {}).get(MISSING_EXTRA)
    has_time = notification.posted_at_ms is not None or notification.when_ms is not None
    return (named.split(",") if named else []) + ([] if has_time else ["time"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
