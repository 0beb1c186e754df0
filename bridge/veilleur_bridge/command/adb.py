"""`veilleur-bridge adb`: an Android phone on a USB cable, or over Wi-Fi debugging, read by adb."""

from __future__ import annotations

import argparse
from typing import Final

from veilleur_bridge.command.durations import duration
from veilleur_bridge.command.identity import add_identity_arguments, identity_of
from veilleur_bridge.command.running import poll_list, run_device
from veilleur_bridge.command.subcommand import Subcommand
from veilleur_bridge.envelope import SourceKind
from veilleur_bridge.sources.adb import AdbList
from veilleur_bridge.sources.command_run import CommandRun

_TIMEOUT_SECONDS: Final = 20.0


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--serial", help="which phone, as `adb devices` lists it; needed where several are connected")
    parser.add_argument(
        "--interval",
        type=duration(least_seconds=0.5, most_seconds=3600),
        default=2.0,
        metavar="TIME",
        help="how long to wait between two looks (default: 2s); what comes and goes in between is not seen",
    )
    parser.add_argument("--adb", default="adb", metavar="PROGRAM", help="the adb to run (default: the one on PATH)")
    add_identity_arguments(parser)


def _run(arguments: argparse.Namespace) -> int:
    identity = identity_of(arguments, SourceKind.ADB)
    phone = AdbList(CommandRun(timeout_seconds=_TIMEOUT_SECONDS), adb=arguments.adb, serial=arguments.serial)
    return run_device(identity, SourceKind.ADB, arguments.interval, lambda parts: poll_list(parts, phone))


ADB: Final = Subcommand(
    name="adb",
    summary="a phone on this computer's USB port",
    description="Read a phone's notifications over adb, look by look. It needs USB debugging to be allowed.",
    examples=(
        "veilleur-bridge adb --pair veilleur:eyJ2IjoxLCJkZXZpY2UiOi…",
        "veilleur-bridge adb --serial R58N90ABCDE --interval 5s",
        "veilleur-bridge adb --mqtt-url mqtt://salle-1:secret@localhost:1883 --device salle-1",
    ),
    add_arguments=_add_arguments,
    run=_run,
)
