"""The companion's core paired by a code: it trusts one key, at whichever address, and is silent to everybody else."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.attacks.eavesdropper import listening_on_the_line
from tests.attacks.places import paired
from tests.companion.companion_tablet import companion_tablet, paired_by
from tests.companion.place import TABLET
from tests.companion.shown import bodies, comments
from tests.companion.tablet_spool import count_in
from tests.end_to_end.api_reader import ApiReader
from tests.servers.daemon import Daemon, Installation, Role, running_over
from tests.servers.ports import free_port
from tests.waiting import until
from veilleur_bridge.pairing import PairingCode

COUNT = 20
HEARD_WITHIN_SECONDS = 60.0
OTHER_KEY = "0" * 64


def opened(folder: Path, stack: ExitStack) -> tuple[Daemon, PairingCode]:
    """Run a daemon whose embedded broker is open, and pair a tablet with it."""
    installation = Installation(folder / "daemon")
    assert installation.run("broker", "open", "--address", "127.0.0.1").code == 0
    daemon = stack.enter_context(running_over(installation, Role.UP))
    return daemon, paired(installation, TABLET)


def test_a_tablet_with_a_code_finds_its_server_at_the_address_that_answers(tmp_path: Path) -> None:
    """Seen to catch a `Whereabouts.next` that stays at the first address: the tablet went on after 40 s."""
    with ExitStack() as stack:
        daemon, code = opened(tmp_path, stack)
        nobody = f"mqtts://127.0.0.1:{free_port()}"
        several = replace(code, addresses=(nobody, f"mqtts://[::1]:{free_port()}", *code.addresses))
        tablet = stack.enter_context(companion_tablet(tmp_path / "tablet", paired_by(several)))
        assert daemon.installation.run("device", "config", "allow", TABLET, "com.zhiliaoapp.musically").code == 0
        tablet.start(comments(COUNT), "--until-drained")
        tablet.wait_until_drained()

        found = sorted(mention["body"] for mention in ApiReader.of(daemon).every_mention())
        assert found == bodies(COUNT)


@pytest.mark.attack
def test_30_a_server_of_another_key_is_told_nothing_and_the_spool_keeps_everything(tmp_path: Path) -> None:
    """Trial 30. Seen to catch a `PinnedTrust` that compares nothing: connected, it made no third try in 60 s."""
    with ExitStack() as stack:
        daemon, code = opened(tmp_path, stack)
        line = stack.enter_context(listening_on_the_line(daemon.installation.mqtt_port))
        wrong = replace(code, addresses=(f"mqtts://127.0.0.1:{line.port}",), key_sha256=OTHER_KEY)
        tablet = stack.enter_context(companion_tablet(tmp_path / "tablet", paired_by(wrong)))
        tablet.start(comments(COUNT))
        until(lambda: len(line.heard) >= 3, within_seconds=HEARD_WITHIN_SECONDS, what="it goes on trying")
        spool = tmp_path / "tablet" / "state"
        until(lambda: count_in(spool) >= COUNT, within_seconds=HEARD_WITHIN_SECONDS, what="all is spooled")
        tablet.stop()

        for words in (b"MQTT", TABLET.encode(), code.secret.encode(), b"plate number"):
            assert not line.said_in_clear(words), words
        assert "not trusted, nothing was sent" in tablet.said
        (waiting,) = re.findall(r"(\d+) waiting to be stored", tablet.said)
        assert int(waiting) >= COUNT
