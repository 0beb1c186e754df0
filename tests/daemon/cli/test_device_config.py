"""`veilleur device config`: a change is shown with what it means, kept as a revision, and can be taken back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.daemon.cli.conftest import BOTH_PLACES, Keep, Run
from tests.daemon.store.arrivals import arrival, sighting
from tests.daemon.store.device_rows import online, tell_status
from veilleur.store.opening import open_database

CONFIG = ("device", "config")
W4B = "com.whatsapp.w4b"


@pytest.fixture(autouse=True)
def device(keep: Keep) -> None:
    """Make a device known."""
    keep(arrival(1, sighting("hello")))


def captured(run: Run) -> dict[str, dict[str, object]]:
    apps = json.loads(run(*CONFIG, "export", "salle-1").out)["apps"]
    return {app.pop("package"): app for app in apps}


@BOTH_PLACES
def test_a_new_device_is_asked_for_tiktok_and_whatsapp(run: Run) -> None:
    assert captured(run) == {
        "com.zhiliaoapp.musically": {"auto_clear": {"mode": "always"}},
        "com.ss.android.ugc.trill": {"auto_clear": {"mode": "always"}},
        "com.whatsapp": {"auto_clear": {"mode": "from_count", "from_count": 20}},
        W4B: {"auto_clear": {"mode": "from_count", "from_count": 20}},
    }
    shown = run(*CONFIG, "show", "salle-1").out
    assert "Nothing is asked of it yet" in shown
    assert "redaction.otp" in shown


@BOTH_PLACES
def test_a_change_shows_before_and_after_what_it_means_and_how_to_take_it_back(run: Run) -> None:
    ran = run(*CONFIG, "allow", "salle-1", W4B, "--chat", "Clients (Lyon)", "--clear", "never")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        f"- {W4B}: every channel, every chat, cleared from 20 active on",
        f"+ {W4B}: every channel, only the chats “Clients (Lyon)”, never cleared",
        "  what is not chosen is only counted, and never leaves the tablet",
    ]
    assert "device config undo salle-1" in ran.err
    assert captured(run)[W4B] == {
        "chats": {"mode": "only", "listed": ["Clients (Lyon)"]},
        "auto_clear": {"mode": "never"},
    }


@BOTH_PLACES
def test_what_is_not_said_of_an_app_stays_as_it_was(run: Run) -> None:
    run(*CONFIG, "allow", "salle-1", W4B, "--except-chat", "Famille", "--channel", "chats")
    run(*CONFIG, "allow", "salle-1", W4B, "--all-chats", "--pictures")
    assert captured(run)[W4B] == {
        "channels": {"mode": "only", "listed": ["chats"]},
        "chats": {"mode": "all"},
        "pictures": True,
        "auto_clear": {"mode": "from_count", "from_count": 20},
    }


@BOTH_PLACES
def test_an_app_is_added_and_taken_off(run: Run) -> None:
    assert run(*CONFIG, "allow", "salle-1", "org.example").out.startswith("+ org.example: every channel")
    assert run(*CONFIG, "disallow", "salle-1", "org.example").out.startswith("- org.example: every channel")
    assert "org.example" not in captured(run)
    refused = run(*CONFIG, "disallow", "salle-1", "org.example")
    assert (refused.code, refused.out) == (1, "")
    assert "com.whatsapp" in refused.err


@BOTH_PLACES
def test_a_choice_is_set_and_a_wrong_one_names_what_there_is(run: Run) -> None:
    assert run(*CONFIG, "set", "salle-1", "redaction.otp", "off").out.splitlines()[:2] == [
        "- redaction.otp: on",
        "+ redaction.otp: off",
    ]
    run(*CONFIG, "set", "salle-1", "redaction.code_words", "laissez-passer, sésame,")
    exported = json.loads(run(*CONFIG, "export", "salle-1").out)
    assert exported["redaction"] == {
        "otp": False,
        "card": True,
        "iban": True,
        "code_words": ["laissez-passer", "sésame"],
    }
    for key, value, said in (
        ("otp", "off", "redaction.otp"),
        ("pictures", "yes", "on nor off"),
        ("status_interval_s", "1", "from 5 to 3600"),
        ("auto_clear", "51", "1 to 50"),
    ):
        refused = run(*CONFIG, "set", "salle-1", key, value)
        assert (refused.code, refused.out) == (1, "")
        assert said in refused.err


@BOTH_PLACES
def test_nothing_is_asked_where_nothing_changes(run: Run) -> None:
    run(*CONFIG, "set", "salle-1", "pictures", "on")
    before = run(*CONFIG, "export", "salle-1").out
    assert "Nothing changes" in run(*CONFIG, "set", "salle-1", "pictures", "on").err
    assert run(*CONFIG, "export", "salle-1").out == before


@BOTH_PLACES
def test_the_first_change_too_can_be_taken_back(run: Run) -> None:
    before = captured(run)
    run(*CONFIG, "disallow", "salle-1", W4B)
    ran = run(*CONFIG, "undo", "salle-1")
    assert ran.out.startswith(f"+ {W4B}")
    assert captured(run) == before
    assert json.loads(run(*CONFIG, "export", "salle-1").out)["revision"] == 3


@BOTH_PLACES
def test_another_device_takes_an_exported_file(run: Run, tmp_path: Path) -> None:
    run(*CONFIG, "allow", "salle-1", W4B, "--chat", "Clients")
    (tmp_path / "one.json").write_text(run(*CONFIG, "export", "salle-1").out)
    run("device", "add", "salon-2")
    assert run(*CONFIG, "import", "salon-2", "one.json").code == 0
    other = json.loads(run(*CONFIG, "export", "salon-2").out)["apps"]
    assert {app.pop("package"): app for app in other} == captured(run)


@pytest.mark.parametrize(
    ("text", "said"), [('{"v":1,"apps":[{"name":"x"}]}', "revision, package"), ("not json", "no JSON object")]
)
@BOTH_PLACES
def test_a_file_that_is_none_names_what_is_wrong(run: Run, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "bad.json").write_text(text)
    refused = run(*CONFIG, "import", "salle-1", "bad.json")
    assert (refused.code, refused.out) == (1, "")
    assert said in refused.err


@BOTH_PLACES
def test_whether_the_device_goes_by_it_is_shown(run: Run, data_dir: Path) -> None:
    run(*CONFIG, "set", "salle-1", "pictures", "on")
    database = open_database(f"sqlite:///{data_dir / 'veilleur.db'}")
    for revision, error, said in (
        (1, None, "still goes by revision 1"),
        (2, None, "the device goes by it since 2026-11-10"),
        (1, "apps: too many", "refused it: apps: too many"),
    ):
        tell_status(database, 1, online(config_revision=revision, config_error=error))
        assert said in " ".join(run(*CONFIG, "show", "salle-1").out.split())
    database.close()


@BOTH_PLACES
def test_a_device_that_is_not_there_is_said_so(run: Run) -> None:
    for command in (("show",), ("export",), ("undo",)):
        refused = run(*CONFIG, *command, "salon-9")
        assert (refused.code, refused.out, refused.err.count("\n")) == (1, "", 1)
