"""A plug-in that misbehaves on request, installed from its wheel, and a door that it is read through."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.daemon.parsers.parser_parts import envelope_of
from tests.third_party.wheels import UNRULY, install_wheel
from veilleur.app.clock import utc_now
from veilleur.app.plugins.door import PluginDoor
from veilleur.app.plugins.installed import Plugin, installed_plugins
from veilleur.app.plugins.messages import Budget, PluginChoice
from veilleur.parsers.protocol import Reading
from veilleur_bridge.envelope import Envelope

PACKAGE = "org.example.unruly"
BUDGET = Budget(seconds=2.0, memory_mb=768)
Read = Callable[..., list[Reading]]


@pytest.fixture(scope="session")
def unruly_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder that the unruly plug-in's wheel is installed in."""
    return install_wheel(UNRULY, tmp_path_factory.mktemp("unruly"))


@pytest.fixture
def installed(unruly_site: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Plugin]:
    """Install the plug-in for this test; give its parsers by the package that each reads."""
    monkeypatch.syspath_prepend(str(unruly_site))
    monkeypatch.setenv("PYTHONPATH", str(unruly_site), prepend=os.pathsep)
    return {package: plugin for plugin in installed_plugins() for package in plugin.packages}


@pytest.fixture
def choice(tmp_path: Path) -> PluginChoice:
    return PluginChoice(tmp_path / "plug-ins", BUDGET)


@pytest.fixture
def door(installed: dict[str, Plugin], choice: PluginChoice) -> Iterator[PluginDoor]:
    with closing(PluginDoor(sorted(set(installed.values())), choice, utc_now)) as opened:
        yield opened


@pytest.fixture
def read(door: PluginDoor) -> Read:
    """Read one notification for each of these texts as one batch of a package."""

    def read_batch(texts: Sequence[str], package: str = PACKAGE) -> list[Reading]:
        [parser] = [one for one in door.parsers if package in one.packages]
        return parser.read([saying(text, number, package) for number, text in enumerate(texts)])

    return read_batch


def saying(text: str, number: int = 0, package: str = PACKAGE) -> Envelope:
    """Return a notification of these words, another one for each number and text."""
    envelope = envelope_of(package, {"title": "Ayo", "text": text})
    return replace(envelope, id=f"{text} {number}")
