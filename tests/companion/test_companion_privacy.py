"""Trials 81, 82 and 83 with the companion's core as the tablet: what must not leave it is in no byte behind it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.architecture.source_file import PROJECT
from tests.companion.companion_tablet import SHOWN_LOG
from tests.companion.place import CompanionPlace, companion_place
from tests.companion.shown import TIKTOK, WHATSAPP, bodies, comment, comments, message

pytestmark = pytest.mark.privacy
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
    """Trial 81. Seen to catch a `CapturePolicy.reasonToDrop` without its look at chats: its words were a mention."""
    unwanted = [message(901, OTHER_CHAT, CANARY), comment(902, CANARY), comment(903, CANARY)]
    unwanted[1]["notification"]["channel"] = "live_push"
    unwanted[2]["app"]["package"] = "com.example.bank"
    shown = [*unwanted, message(904, CHAT, "une table pour douze"), *comments(3), *unwanted]
    config = tmp_path / "config.json"
    config.write_text(json.dumps(CONFIG))
    with companion_place(tmp_path) as place, place.tablet() as tablet:
        place.daemon.start()
        tablet.start(shown, "--config", str(config), "--until-drained")
        tablet.wait_until_drained()

        assert place.bodies() == sorted([*bodies(3), "une table pour douze"])
        assert files_that_hold(CANARY, place) == []
        assert "6 dropped as the configuration asks" in tablet.said


def test_82_codes_cards_and_ibans_are_gone_before_the_spool_and_counted(tmp_path: Path) -> None:
    """Trial 82. Seen to catch a `NotificationScreen.screen` that looks for no numbers: no `redacted`, all None."""
    shown = [message(number, CHAT, words) for number, (words, _) in enumerate(NUMBERS.values(), 1)]
    with companion_place(tmp_path) as place, place.tablet() as tablet:
        place.daemon.start()
        tablet.start([*shown, *comments(3, first=10)], "--until-drained")
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


def files_that_hold(words: str, place: CompanionPlace) -> list[str]:
    """Return the files of tablet, broker and daemon, logs included, in which the words stand.

    `SHOWN_LOG` is left out: it is what Android showed.
    """
    files = [path for path in place.folder.rglob("*") if path.is_file() and path.name != SHOWN_LOG]
    assert any(path.name == "veilleur.db" for path in files)
    return [str(path) for path in files if words.casefold().encode() in path.read_bytes().lower()]
