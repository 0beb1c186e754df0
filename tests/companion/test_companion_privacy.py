"""Trials 81, 82 and 83 with the companion's core as the tablet: what must not leave it is in no byte behind it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.architecture.source_file import PROJECT
from tests.companion.companion_tablet import SHOWN_LOG
from tests.companion.place import TABLET, CompanionPlace, companion_place
from tests.companion.shown import TIKTOK, WHATSAPP, bodies, comment, comments, message
from tests.companion.tablet_spool import spooled_offline
from tests.waiting import until

pytestmark = pytest.mark.privacy
STATUS_INTERVAL_S = 10
TOLD_WITHIN_SECONDS = 60.0
CANARY = "zibeline-81-quokka"
CHAT, OTHER_CHAT = "Clients VIP", "Famille Baladin"
CONFIG = {
    "v": 1,
    "revision": 1,
    "apps": [
        {"package": TIKTOK, "channels": {"mode": "only", "listed": ["comment_push"]}},
        {"package": WHATSAPP, "chats": {"mode": "only", "listed": [CHAT]}},
    ],
}
NUMBERS = {
    "otp": ("Votre code de vérification est 482913", "482913"),
    "card": ("Carte 4111 1111 1111 1111 enregistrée", "4111 1111"),
    "iban": ("Virement vers FR76 3000 6000 0112 3456 7890 189", "3000 6000"),
}


def test_81_a_chat_channel_or_app_that_is_not_on_the_list_leaves_no_byte_behind(tmp_path: Path) -> None:
    """Trial 81, in the spool's sealed records too.

    Seen to catch a `CapturePolicy.reasonToDrop` without its look at chats: its words were in the spool.
    """
    unwanted = [message(901, OTHER_CHAT, CANARY), comment(902, CANARY), comment(903, CANARY)]
    unwanted[1]["notification"]["channel"] = "live_push"
    unwanted[2]["app"]["package"] = "com.example.bank"
    shown = [*unwanted, message(904, CHAT, "une table pour douze"), *comments(3), *unwanted]
    config = tmp_path / "config.json"
    config.write_text(json.dumps(CONFIG))
    spooled = b"".join(spooled_offline(tmp_path / "offline", TABLET, shown, "--config", str(config)))
    assert b"une table pour douze" in spooled
    assert [words for words in (CANARY, OTHER_CHAT) if words.encode() in spooled] == []

    with companion_place(tmp_path) as place, place.tablet() as tablet:
        place.daemon.start()
        tablet.start(shown, "--config", str(config), "--until-drained")
        tablet.wait_until_drained()

        assert place.bodies() == sorted([*bodies(3), "une table pour douze"])
        assert files_that_hold(CANARY, place) == files_that_hold(OTHER_CHAT, place) == []
        assert "6 dropped as the configuration asks" in tablet.said


def test_82_codes_cards_and_ibans_are_gone_before_the_spool_and_counted(tmp_path: Path) -> None:
    """Trial 82, in the spool's sealed records and in the counts of the status too.

    Seen to catch a `NotificationScreen.screen` that looks for no numbers: no mark was in the spool; and an
    `EventCounts.addSpooled` that counts no `redacted`: not within 60 s told by the status.
    """
    shown = [message(number, CHAT, words) for number, (words, _) in enumerate(NUMBERS.values(), 1)]
    spooled = b"".join(spooled_offline(tmp_path / "offline", TABLET, shown))
    assert [kind for kind in NUMBERS if f"[{kind}]".encode() not in spooled] == []
    assert [secret for _, secret in NUMBERS.values() if secret.encode() in spooled] == []

    with companion_place(tmp_path) as place, place.tablet() as tablet:
        with place.statuses() as statuses:
            tablet.start([*shown, *comments(3, first=10)], "--config", str(often_telling(tmp_path)), "--until-drained")
            until(
                lambda: statuses.last().get("redacted") == dict.fromkeys(NUMBERS, 1),
                within_seconds=TOLD_WITHIN_SECONDS,
                what="the status counts what was redacted",
            )
        place.daemon.start()
        tablet.wait_until_drained()

        assert [one.get("redacted") for one in place.raw()[: len(NUMBERS)]] == [[kind] for kind in NUMBERS]
        for _, secret in NUMBERS.values():
            assert files_that_hold(secret, place) == []


def test_83_words_that_android_hid_are_told_as_hidden_and_are_never_a_mention(tmp_path: Path) -> None:
    """Trial 83. Seen to catch a `NotificationScreen.screen` that never asks `isHidden`: no `redacted`, all None."""
    hidden = json.loads((PROJECT / "bridge" / "contract" / "redaction" / "hidden.json").read_text(encoding="utf-8"))
    sentences = [sentence for told in hidden["sentences"].values() for sentence in told]
    with companion_place(tmp_path) as place, place.tablet() as tablet:
        place.daemon.start()
        shown = [message(number, CHAT, sentence) for number, sentence in enumerate(sentences, 1)]
        tablet.start([*shown, message(100, CHAT, "une table pour douze")], "--until-drained")
        tablet.wait_until_drained()

        assert [one.get("redacted") for one in place.raw()] == [["sensitive"]] * len(sentences) + [None]
        assert place.bodies() == ["une table pour douze"]


def often_telling(folder: Path) -> Path:
    """Return a config file with all apps in it and the shortest time between two statuses."""
    config = folder / "often.json"
    apps = [{"package": package} for package in (TIKTOK, WHATSAPP)]
    config.write_text(json.dumps({"v": 1, "revision": 1, "apps": apps, "status_interval_s": STATUS_INTERVAL_S}))
    return config


def files_that_hold(words: str, place: CompanionPlace) -> list[str]:
    """Return the files of tablet, broker and daemon, logs included, in which the words stand.

    `SHOWN_LOG` is left out: it is what Android showed.
    """
    files = [path for path in place.folder.rglob("*") if path.is_file() and path.name != SHOWN_LOG]
    assert any(path.name == "veilleur.db" for path in files)
    return [str(path) for path in files if words.casefold().encode() in path.read_bytes().lower()]
