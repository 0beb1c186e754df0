"""`veilleur-bridge feed`: RSS and Atom feeds, Google Alerts among them."""

from __future__ import annotations

import argparse
from typing import Final
from urllib.parse import urlsplit

from veilleur_bridge.command.durations import duration
from veilleur_bridge.command.identity import add_identity_arguments, identity_of
from veilleur_bridge.command.running import DeviceParts, run_device
from veilleur_bridge.command.subcommand import Subcommand
from veilleur_bridge.envelope import SourceKind
from veilleur_bridge.sources.feed.fetching import WEB_SCHEMES, FeedFetcher
from veilleur_bridge.sources.feed.polling import FeedPolling
from veilleur_bridge.sources.feed.watched_feed import FeedTools
from veilleur_bridge.sources.polling import Poller

_TIMEOUT_SECONDS: Final = 20.0
_USER_AGENT: Final = "Veilleur (feed reader)"
_MEMORY: Final = "feeds.json"


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("urls", nargs="+", type=_feed_url, metavar="URL", help="the address of a feed, http or https")
    parser.add_argument(
        "--interval",
        type=duration(least_seconds=60, most_seconds=86_400),
        default=900.0,
        metavar="TIME",
        help="how long to wait between two looks at one feed (default: 15m, at least 1m)",
    )
    add_identity_arguments(parser)


def _feed_url(written: str) -> str:
    try:
        parts = urlsplit(written.strip())
        is_usable = parts.scheme in WEB_SCHEMES and bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable:
        raise argparse.ArgumentTypeError("a feed's address begins with https:// or http:// and holds no password")
    return parts._replace(fragment="").geturl()


def _run(arguments: argparse.Namespace) -> int:
    identity = identity_of(arguments, SourceKind.FEED)

    def make_poller(parts: DeviceParts) -> Poller:
        fetcher = FeedFetcher(user_agent=_USER_AGENT, clock=parts.clock, timeout_seconds=_TIMEOUT_SECONDS)
        tools = FeedTools(fetcher=fetcher, offer=parts.offer, clock=parts.clock, pace=parts.pace)
        return FeedPolling(arguments.urls, tools, parts.folder / _MEMORY, parts.report)

    return run_device(identity, SourceKind.FEED, arguments.interval, make_poller)


FEED: Final = Subcommand(
    name="feed",
    summary="RSS and Atom feeds, Google Alerts among them",
    description=(
        "Read feeds politely and tell each entry once. A Google Alert for site:tiktok.com, delivered to “RSS feed”, "
        "brings public TikTok posts. The pages behind the entries are never fetched."
    ),
    examples=(
        "veilleur-bridge feed --pair veilleur:eyJ2IjoxLCJkZXZpY2UiOi… https://www.google.com/alerts/feeds/0123/4567",
        "veilleur-bridge feed --interval 30m https://example.org/a.xml https://example.org/b.xml",
    ),
    add_arguments=_add_arguments,
    run=_run,
)
