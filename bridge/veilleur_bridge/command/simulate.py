"""`veilleur-bridge simulate`: a tablet that invents its notifications, or replays a log."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

from veilleur_bridge.command.identity import add_identity_arguments, identity_of
from veilleur_bridge.command.running import log_errors_alone
from veilleur_bridge.command.status_line import StatusLine
from veilleur_bridge.command.subcommand import Subcommand
from veilleur_bridge.command.written_values import clock_errors, rate, share, speed, whole_number
from veilleur_bridge.device_program import DeviceSettings
from veilleur_bridge.envelope import SourceInfo, SourceKind
from veilleur_bridge.lost import Sender
from veilleur_bridge.simulation.disorder import Disorder
from veilleur_bridge.simulation.invented import LOCALE, PACKAGES, invented
from veilleur_bridge.simulation.ledger import Ledger
from veilleur_bridge.simulation.moments import Moment, at_rate
from veilleur_bridge.simulation.replayed import packages_of, replayed
from veilleur_bridge.simulation.tablet import Behaviour, SimulatedTablet
from veilleur_bridge.stop_signal import stop_signal
from veilleur_bridge.wire.config import AppRule, DeviceConfig

_UNFINISHED: Final = 1
_PROGRAM: Final = "simulate"
_SPOOL: Final = "spool"
_TELL_EVERY_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 2.0


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("log", nargs="?", type=Path, metavar="LOG", help="a log of Veilleur's own format to replay (default: invented)")
    add("--speed", type=speed, default="1x", metavar="SPEED", help="how fast a log is replayed, as 60x")
    add(
        "--rate",
        type=rate,
        default="10/s",
        metavar="RATE",
        help="how many are invented, as 100/s (default 10/s), or max",
    )
    add("--count", type=whole_number, metavar="N", help="leave off when so many were made")
    add("--burst", type=whole_number, default=1, metavar="N", help="let so many happen at once")
    add("--reconnect-every", type=whole_number, metavar="N", help="leave and come back after so many")
    add("--duplicates", type=share, default=0.0, metavar="SHARE", help="send a share of them twice, as 2%%")
    add("--reorder", action="store_true", help="send in disorder")
    add(
        "--clock", type=clock_errors, default="+0s", metavar="ERROR", help="+1d, -2h, 1970, or several in turn: +1d,-1d"
    )
    add("--until-empty", action="store_true", help="end once all that was made is stored")
    add("--ledger", type=Path, metavar="FILE", help="write a JSON line for each envelope: device, epoch, seq, sha256")
    add_identity_arguments(parser)


def _run(arguments: argparse.Namespace) -> int:
    """Play the tablet until it is done, or told to stop."""
    log_errors_alone()
    settings = _settings(arguments)
    with ExitStack() as stack:
        ledger = Ledger(arguments.ledger, settings.sender.device) if arguments.ledger else None
        if ledger is not None:
            stack.callback(ledger.close)
        tablet = SimulatedTablet(settings, _behaviour(arguments), ledger, stop_signal())
        stack.callback(tablet.close)
        stack.enter_context(_telling(tablet, settings.sender.device))
        tablet.play(_moments(arguments, tablet.state().spool.next_seq))
        is_stored = tablet.wait_until_empty() if arguments.until_empty else tablet.wait()
    return _UNFINISHED if arguments.until_empty and not is_stored else 0


def _moments(arguments: argparse.Namespace, next_seq: int) -> Iterator[Moment]:
    """Return what is to happen; invented events go on where the spool was left."""
    if arguments.log is not None:
        return islice(replayed(arguments.log, arguments.speed), arguments.count)
    left = None if arguments.count is None else max(0, arguments.count - (next_seq - 1))
    return islice(at_rate(invented, arguments.rate, next_seq), left)


def _settings(arguments: argparse.Namespace) -> DeviceSettings:
    identity = identity_of(arguments, SourceKind.COMPANION)
    packages = PACKAGES if arguments.log is None else packages_of(arguments.log)
    return DeviceSettings(
        sender=Sender(identity.device, SourceInfo(SourceKind.COMPANION, _PROGRAM)),
        folder=identity.folder / _SPOOL,
        options=replace(identity.mqtt_options(), longest_pause_seconds=_LONGEST_PAUSE_S),
        locale=LOCALE,
        first_config=DeviceConfig(revision=0, apps=tuple(AppRule(package=package) for package in packages)),
    )


def _behaviour(arguments: argparse.Namespace) -> Behaviour:
    return Behaviour(
        burst=arguments.burst,
        reconnect_every=arguments.reconnect_every,
        disorder=Disorder(arguments.duplicates, arguments.reorder),
        clock_errors=arguments.clock,
    )


@contextmanager
def _telling(tablet: SimulatedTablet, device: str) -> Iterator[None]:
    """Show on standard error how far the tablet is, while the block runs and at its end."""
    over = threading.Event()
    columns = os.get_terminal_size(sys.stderr.fileno()).columns if sys.stderr.isatty() else None
    line = StatusLine(sys.stderr, columns=columns)

    def tell() -> None:
        while not over.wait(_TELL_EVERY_S):
            link = tablet.state().link
            line.show(f"{device}: {'sending' if link.is_up else link.last_error or 'connecting'}", _figures(tablet))

    thread = threading.Thread(target=tell, name="telling", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        line.end(f"{device}: stopped, {_figures(tablet)}")


def _figures(tablet: SimulatedTablet) -> str:
    dropped = sum(tablet.dropped.values())
    by_config = f", {dropped} dropped as the configuration asks" if dropped else ""
    return f"{tablet.spooled} made{by_config}, {tablet.state().spool.depth} waiting to be stored"


SIMULATE: Final = Subcommand(
    name="simulate",
    summary="a tablet that invents its notifications, or replays a log",
    description=(
        "Be a tablet of no person's, to try Veilleur with. It is a real device: it spools to disk, sends until the "
        "daemon's receipt covers it, obeys the configuration that the daemon sends, and goes on where it was cut off."
    ),
    examples=(
        "veilleur-bridge simulate --pair veilleur:eyJ2IjoxLCJkZXZpY2UiOi…",
        "veilleur-bridge simulate samples/restaurant-week.jsonl --speed 60x --until-empty --device salle-1",
        "veilleur-bridge simulate --rate max --count 5000 --duplicates 2% --reorder --until-empty --ledger made.jsonl",
    ),
    add_arguments=_add_arguments,
    run=_run,
)
