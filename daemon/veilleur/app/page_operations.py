"""Wires what pages set going: pairing, the sample log, and patterns for wordings that nobody knew."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from importlib.resources import as_file, files
from typing import Final

from veilleur.app.candidate_catalogues import take_catalogues
from veilleur.app.network import is_open, open_network
from veilleur.app.pairing import PairingWish, Reach, make_pairing
from veilleur.app.patterns import Proposal, additions_of, suggest, write_additions
from veilleur.app.settings import Settings
from veilleur.dashboard.operations import ProposedPattern, Refused
from veilleur.model.errors import VeilleurError
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur_bridge.errors import BridgeError

_KEY_LENGTH: Final = 16
_RUN: Final = "from veilleur.cli.entry import main; main()"
_SAYS: Final = "veilleur: "
"""How a command begins its last sentence."""
_ENDS_WITHIN_S: Final = 300


class PageOperations:
    """The operations over one database and its settings.

    What reads logs runs as a command in a process of its own: its memory and its logs are not the daemon's.
    """

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database

    def pair(self, scope: Scope, device: str, *, over_usb: bool, opens_network: bool) -> str:
        """Make a pairing code, opening the embedded broker to the network where that was agreed to."""
        try:
            if opens_network and self._settings.mqtt_url is None and not is_open(self._settings):
                open_network(self._settings)
            wish = PairingWish(scope=scope, device=device, reach=Reach.USB if over_usb else Reach.NETWORK)
            return make_pairing(self._settings, self._database, wish).page_path
        except (VeilleurError, BridgeError) as error:
            raise Refused(str(error)) from error

    def play_sample(self) -> None:
        """Play the sample week that stands in the package."""
        with as_file(files("veilleur.app") / "samples" / "restaurant-week.jsonl") as path:
            self._run("replay", str(path))

    def proposed_patterns(self, scope: Scope) -> Sequence[ProposedPattern]:
        """Return a pattern for each shape of unknown wording of the project."""
        return [_told(one) for one in suggest(self._settings, scope)]

    def accept_pattern(self, scope: Scope, key: str) -> None:
        """Add a proposed pattern to the user's catalogues, and read again what nobody understood."""
        chosen = [one for one in suggest(self._settings, scope) if _key(one) == key]
        if not chosen:
            raise Refused("it is not proposed any more: load the page again")
        try:
            take_catalogues(self._settings, partial(write_additions, additions=additions_of(chosen)))
        except VeilleurError as error:
            raise Refused(str(error)) from error
        self._run("quarantine", "retry")

    def _run(self, *arguments: str) -> None:
        """Run a command over this database; raises Refused with what it said."""
        ours = {
            "VEILLEUR_DATA_DIR": str(self._settings.data_dir),
            "VEILLEUR_KEY_DIR": str(self._settings.key_dir),
            "VEILLEUR_DATABASE_URL": self._settings.effective_database_url,
        }
        command = [sys.executable, "-c", _RUN, *arguments]
        try:
            done = subprocess.run(
                command, capture_output=True, check=False, env=os.environ | ours, timeout=_ENDS_WITHIN_S
            )
        except subprocess.TimeoutExpired as error:
            raise Refused(f"it did not end within {_ENDS_WITHIN_S} s") from error
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise Refused(said.removeprefix(_SAYS))


def _told(proposal: Proposal) -> ProposedPattern:
    return ProposedPattern(
        key=_key(proposal),
        app=proposal.app,
        language=proposal.language,
        pattern=proposal.pattern,
        kind=proposal.kind,
        example=proposal.example,
        count=proposal.count,
    )


def _key(proposal: Proposal) -> str:
    return sha256(f"{proposal.app}\0{proposal.language}\0{proposal.as_toml()}".encode()).hexdigest()[:_KEY_LENGTH]
