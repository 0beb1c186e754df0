"""A change in the user's catalogues is read without a restart; one that is wrong changes nothing but the log."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bridge.envelopes import good_envelope, payload_of
from veilleur.app.parser_choice import ParserChoice
from veilleur.app.reading import line_teller, opened_line
from veilleur.ingest.reading import Reader
from veilleur.model.arrival import Arrival
from veilleur_bridge.delivery import Delivery

WAVED = """
[[pattern]]
id = "wave"
pattern = "{actor} waved at you"
kind = "like"
example = "Ayo waved at you"
evidence = "seen"
"""


class Hands:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


RECEIVED_AT = datetime(2026, 2, 2, tzinfo=UTC)


def waved() -> bytes:
    tree = good_envelope()
    tree["app"] = {"package": "com.zhiliaoapp.musically"}
    tree["notification"] = {"key": "k", "title": "TikTok", "text": "Ayo waved at you"}
    return payload_of(tree)


def outcome_of(reader: Reader) -> str:
    arrival = reader.read(Delivery(waved(), RECEIVED_AT, "test"))
    assert isinstance(arrival, Arrival)
    return str(arrival.reading.outcome)


def test_catalogues_are_read_again_when_they_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, hands = tmp_path / "catalogues", Hands()
    path = folder / "tiktok" / "en.toml"
    with opened_line(ParserChoice(folder), hands) as line:

        def after(seconds: float) -> str:
            hands.now += seconds
            line.renew()
            return outcome_of(line.reader)

        assert after(5) == "quarantined"
        path.parent.mkdir(parents=True)
        path.write_text(WAVED, encoding="utf-8")
        assert after(0.5) == "quarantined"  # looked at less than a second ago
        assert after(0.6) == "parsed"
        path.write_text(WAVED.replace("{actor}", "{who}"), encoding="utf-8")
        assert after(5) == "parsed"
        assert "unknown slot {who}" in capsys.readouterr().out
        path.unlink()
        assert after(5) == "quarantined"


def test_who_tells_late_messages_reads_with_the_catalogues_of_today(tmp_path: Path) -> None:
    folder, hands = tmp_path / "catalogues", Hands()
    teller = line_teller(folder, hands)

    def told() -> str:
        hands.now += 5
        [arrival] = teller.read_again([(waved(), RECEIVED_AT)])
        assert arrival is not None
        return str(arrival.reading.outcome)

    assert told() == "quarantined"
    (folder / "tiktok").mkdir(parents=True)
    (folder / "tiktok" / "en.toml").write_text(WAVED, encoding="utf-8")
    assert told() == "parsed"
