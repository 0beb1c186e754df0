"""What a device captures, on its page: chosen, narrowed, taken back, refused, and told as it stands at the tablet."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.daemon.dashboard.visiting import Browser, Clock, pages_of, person_in
from tests.daemon.store.device_rows import online, tell_status
from veilleur.model.people import Role
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.device_configs import newest_config
from veilleur.store.tables import devices
from veilleur_bridge.wire.config import AutoClear, ClearMode, DeviceConfig, Selection, SelectionMode
from veilleur_bridge.wire.status import WatchedApp

PAGE = "/devices/salle-1/capture"
TIKTOK = "com.zhiliaoapp.musically"


@pytest.fixture
def browser(database: Database) -> Browser:
    """Give the browser of an administrator."""
    return signed_in(database)


def signed_in(database: Database, role: Role = Role.ADMIN, *, reads_private: bool = True) -> Browser:
    person_in(database, role, reads_private=reads_private)
    browser = Browser(pages_of(database))
    browser.sign_in()
    return browser


def asked(database: Database) -> DeviceConfig:
    newest = newest_config(database, Scope(), "salle-1")
    assert newest is not None
    return newest.config


def packages(database: Database) -> list[str]:
    return [rule.package for rule in asked(database).apps]


def tell(database: Database, revision: int, error: str | None = None) -> None:
    """Have the tablet say by which revision it goes."""
    with database.reading() as connection:
        device_id = int(connection.execute(select(devices.c.id).where(devices.c.name == "salle-1")).scalar_one())
    status = replace(
        online("e1", Clock().at, next_seq=7),
        config_revision=revision,
        config_error=error,
        watched_apps=(WatchedApp(package=TIKTOK, installed=False),),
    )
    tell_status(database, device_id, status, Clock().at)


def test_one_more_app_is_captured_and_taken_back(database: Database, browser: Browser) -> None:
    browser.get(PAGE)
    browser.post(f"{PAGE}/choices", revision="0", clear="never")
    answer = browser.post(PAGE, package="com.instagram.android", revision="1")

    assert answer.headers["Location"] == f"{PAGE}/com.instagram.android"
    assert "com.instagram.android" in packages(database)
    browser.post(f"{PAGE}/undo", revision="2")
    assert "com.instagram.android" not in packages(database)
    assert asked(database).revision == 3


def test_an_app_is_narrowed_to_channels_and_chats(database: Database, browser: Browser) -> None:
    browser.post(PAGE, package=TIKTOK, revision="0")
    form = {"channels": "except", "more_channels": "live_push\r\n", "chats": "only", "more_chats": "Équipe <b>"}
    ticked = {"chats:Comité": "on"}

    answer = browser.post(f"{PAGE}/{TIKTOK}", revision="1", clear="from_count", from_count="3", **form, **ticked)

    assert answer.status_code == 303
    rule = next(rule for rule in asked(database).apps if rule.package == TIKTOK)
    assert rule.channels == Selection(SelectionMode.EXCEPT, ("live_push",))
    assert rule.chats == Selection(SelectionMode.ONLY, ("Comité", "Équipe <b>"))
    assert rule.auto_clear == AutoClear(ClearMode.FROM_COUNT, 3)
    assert "Équipe &lt;b&gt;" in browser.get(PAGE).text


def test_a_channel_is_cleared_its_own_way_and_as_the_app_again(database: Database, browser: Browser) -> None:
    """Broken line: a count that only a channel needs was left out; it reported `from_count` None."""
    browser.post(PAGE, package=TIKTOK, revision="0")
    page = f"{PAGE}/{TIKTOK}"
    fields = {"clear": "never", "from_count": "7", "clear_channel": " likes ", "clear_channel_way": "from_count"}

    browser.post(page, revision="1", **fields, **{"clear:live_push": "always", "clear:other": "", "clear:bad": "x"})

    rule = next(rule for rule in asked(database).apps if rule.package == TIKTOK)
    channels = {"live_push": ClearMode.ALWAYS, "likes": ClearMode.FROM_COUNT}
    assert rule.auto_clear == AutoClear(ClearMode.NEVER, 7, channels)
    listed = browser.get(page).text
    assert 'name="clear:live_push"' in listed
    assert 'name="clear:likes"' in listed
    browser.post(page, revision="2", **{"clear": "", "clear:live_push": "always", "clear:likes": ""})
    rule = next(rule for rule in asked(database).apps if rule.package == TIKTOK)
    assert rule.auto_clear == AutoClear(ClearMode.NEVER, channels={"live_push": ClearMode.ALWAYS})
    browser.post(page, revision="3", **{"clear": "", "clear:live_push": ""})
    assert next(rule for rule in asked(database).apps if rule.package == TIKTOK).auto_clear is None


def test_since_when_the_tablet_goes_by_it_is_told_in_both_languages(database: Database, browser: Browser) -> None:
    """Broken line: an app's own page left the standing out; it reported [True, False, True]."""
    browser.post(PAGE, package=TIKTOK, revision="0")
    tell(database, 1)
    browser.post(f"{PAGE}/choices", revision="1", clear="never")
    assert "Revision 2 is asked since" in browser.get("/devices/salle-1").text
    places = (PAGE, f"{PAGE}/{TIKTOK}", "/devices/salle-1")
    assert ["Revision 1 is in force since" in browser.get(path).text for path in places] == [True] * 3
    browser.headers["Accept-Language"] = "fr"
    assert ["La révision 1 est en vigueur depuis le" in browser.get(path).text for path in places] == [True] * 3


def test_only_these_without_any_is_refused(database: Database, browser: Browser) -> None:
    browser.post(PAGE, package=TIKTOK, revision="0")

    answer = browser.post(f"{PAGE}/{TIKTOK}", revision="1", channels="only")

    assert answer.status_code == 422
    assert "needs at least one" in answer.text
    assert asked(database).revision == 1


def test_a_change_that_came_between_is_not_written_over(database: Database, browser: Browser) -> None:
    browser.post(PAGE, package="com.instagram.android", revision="0")

    answer = browser.post(f"{PAGE}/com.instagram.android/removal", revision="0")

    assert answer.status_code == 422
    assert "revision 1 came between" in answer.text
    assert "com.instagram.android" in packages(database)


def test_what_holds_for_all_apps_is_chosen(database: Database, browser: Browser) -> None:
    fields = {"redaction.otp": "on", "noise.media": "on", "pictures": "on", "redaction.code_words": "sésame, mot"}

    browser.post(f"{PAGE}/choices", revision="0", clear="always", **fields)

    config = asked(database)
    assert config.pictures is True
    assert config.redaction is not None
    assert (config.redaction.otp, config.redaction.card) == (True, False)
    assert config.redaction.code_words == ("sésame", "mot")
    assert config.auto_clear == AutoClear(ClearMode.ALWAYS)
    page = browser.get(PAGE).text
    assert '<input type="checkbox" name="redaction.otp" checked>' in page
    assert '<input type="checkbox" name="redaction.card">' in page


def test_the_page_tells_whether_the_tablet_goes_by_it(database: Database, browser: Browser) -> None:
    assert "connects for the first time" in browser.get(PAGE).text
    browser.post(PAGE, package="com.instagram.android", revision="0")
    assert "nobody knows whether it goes by it" in browser.get(PAGE).text
    tell(database, 0)
    waiting = browser.get_part(f"{PAGE}/standing").text
    assert "Waiting for the tablet" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    tell(database, 1)
    in_force = browser.get_part(f"{PAGE}/standing").text
    assert "In force" in in_force
    assert "hx-trigger" not in in_force
    tell(database, 0, "apps[0]")
    assert "The tablet refused this" in browser.get(PAGE).text
    assert "not installed on the tablet" in browser.get(PAGE).text


def test_what_is_no_package_is_told(database: Database, browser: Browser) -> None:
    for package in ("", "x", "../etc", "a b.c", "<b>.x"):
        answer = browser.post(PAGE, package=package, revision="0")

        assert answer.status_code == 422
        assert "named by its package" in answer.text
    assert newest_config(database, Scope(), "salle-1") is None


@pytest.mark.attack
def test_others_look_and_change_nothing(database: Database) -> None:
    browser = signed_in(database, Role.ANALYST)
    page = browser.get(PAGE)

    assert page.status_code == 200
    assert f'action="{PAGE}' not in page.text
    for path in ("", "/choices", "/undo", f"/{TIKTOK}", f"/{TIKTOK}/removal"):
        assert browser.post(f"{PAGE}{path}", package=TIKTOK, revision="0").status_code in {403, 404}
    assert newest_config(database, Scope(), "salle-1") is None


@pytest.mark.attack
def test_whoever_may_not_read_private_mentions_is_told_no_chats(database: Database) -> None:
    browser = signed_in(database, Role.VIEWER, reads_private=False)

    assert browser.get(PAGE).status_code == 403
    assert PAGE not in browser.get("/devices/salle-1").text
