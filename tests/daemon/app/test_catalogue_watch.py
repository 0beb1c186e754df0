"""A change in the user's catalogues is read without a restart; one that is wrong changes nothing but the log."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bridge.envelopes import good_envelope, payload_of
from veilleur.app.reading import CatalogueWatch, build_reader
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


def outcome_of(reader: Reader) -> str:
    tree = good_envelope()
    tree["app"] = {"package": "com.zhiliaoapp.musically"}
    tree["notification"] = {"key": "k", "title": "TikTok", "text": "Ayo waved at you"}
    arrival = reader.read(Delivery(payload_of(tree), datetime(2026, 2, 2, tzinfo=UTC), "test"))
    assert isinstance(arrival, Arrival)
    return str(arrival.reading.outcome)


def test_catalogues_are_read_again_when_they_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, hands = tmp_path / "catalogues", Hands()
    watch, reader = CatalogueWatch(folder, hands), build_reader(folder)
    path = folder / "tiktok" / "en.toml"

    def after(seconds: float) -> str:
        hands.now += seconds
        watch.renew(reader)
        return outcome_of(reader)

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
