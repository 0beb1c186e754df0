"""Two people of two projects in two browsers: each sees theirs, and nothing of the other's."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, StorageState, expect

from tests.browser.conftest import PASSWORD
from tests.browser.test_every_page import PAGES
from tests.browser.visit import PATIENCE_MS, Visit, visiting
from tests.servers.daemon import Daemon

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CLIENT = "Boulangerie Ferrand"
THEIRS = "un mot de la boulangerie"
OURS = ("pouletrose", "salle-1", "plastique", "Solène")


def play_theirs(house: Daemon) -> None:
    """Have the tablet of the other project capture a comment."""
    made = json.loads((Path(__file__).parents[2] / "samples" / "one-comment.jsonl").read_text(encoding="utf-8"))
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    made |= {"id": "ferrand-1", "device": "fournil", "epoch": "fe44", "seq": 1, "captured_at": at}
    made["notification"] |= {"key": "0|com.zhiliaoapp.musically|9|null|1", "text": f"lou a commenté : {THEIRS}"}
    log = Path(house.installation.folder) / "fournil.jsonl"
    log.write_text(json.dumps(made) + "\n", encoding="utf-8")
    played = house.installation.run("replay", str(log))
    assert played.code == 0, played.err


def join(chromium: Browser, house: Daemon, link: str) -> StorageState:
    """Choose a password at a link; return the new person's cookies."""
    with visiting(chromium, house.url) as visit:
        visit.page.goto(link)
        visit.page.get_by_label("Password").fill(PASSWORD)
        visit.page.get_by_role("button", name="Start").click()
        visit.page.wait_for_url(f"{house.url}/")
        visit.page.locator("body[data-zone='Europe/Paris']").wait_for()
        return visit.page.context.storage_state()


def make_project(visit: Visit) -> str:
    """Make a project with a device and a person by its pages; return the person's link."""
    page = visit.page
    visit.go("/settings/projects")
    page.get_by_label("Name", exact=True).fill(CLIENT)
    page.get_by_role("button", name="Make it").click()
    page.get_by_role("heading", name=CLIENT).wait_for()
    page.get_by_text("Move a device here …").click()
    page.get_by_label("Device", exact=True).select_option("fournil")
    page.get_by_role("button", name="Move it").press("Enter")
    expect(page.get_by_text("fournil", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    form = page.locator("form", has=page.get_by_role("button", name="Let in"))
    form.get_by_label("Name").fill("Zoé Ferrand")
    form.get_by_label("administrator").check()
    form.get_by_label("reads private mentions").check()
    form.get_by_role("button", name="Let in").click()
    return page.get_by_label("Link", exact=True).input_value()


@pytest.fixture(scope="module")
def zoe(chromium: Browser, house: Daemon, administrator: StorageState) -> StorageState:
    """Make a project with a tablet that has captured a comment, and give the browser of its administrator."""
    paired = house.installation.run("device", "pair", "fournil", "--usb", "--no-wait")
    assert paired.code == 0, paired.err
    with visiting(chromium, house.url, state=administrator) as visit:
        link = make_project(visit)
        assert visit.troubles == []
    play_theirs(house)
    return join(chromium, house, link)


def test_each_of_two_people_sees_their_project_and_nothing_of_the_others(
    chromium: Browser, house: Daemon, administrator: StorageState, zoe: StorageState
) -> None:
    with visiting(chromium, house.url, state=zoe) as hers:
        hers.go("/")
        expect(hers.page.locator(".mention .words")).to_have_text([THEIRS], timeout=PATIENCE_MS)
        for name, path in PAGES.items():
            hers.go(path)
            shown = hers.page.locator("main").inner_text()
            assert [words for words in OURS if words in shown and words not in unquote(path)] == [], name
    with visiting(chromium, house.url, state=administrator) as ours:
        ours.go("/?q=boulangerie")
        ours.settle()
        expect(ours.page.locator(".mention")).to_have_count(0)


def test_who_is_in_both_changes_from_one_to_the_other_in_the_header(
    chromium: Browser, house: Daemon, zoe: StorageState
) -> None:
    assert zoe
    with visiting(chromium, house.url) as visit:
        page = visit.page
        visit.go("/sign-in")
        page.get_by_label("Name").fill("Nadia")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{house.url}/")
        page.locator("body[data-zone='Europe/Paris']").wait_for()
        page.locator(".account summary").press("Enter")
        page.get_by_role("button", name=CLIENT).press("Enter")

        expect(page.locator(".account .who")).to_contain_text(CLIENT, timeout=PATIENCE_MS)
        expect(page.locator(".mention .words")).to_have_text([THEIRS], timeout=PATIENCE_MS)
        page.locator(".account summary").press("Enter")
        assert visit.violations() == []
        page.get_by_role("button", name="default").press("Enter")
        expect(page.locator(".account .who")).to_contain_text("default", timeout=PATIENCE_MS)
        expect(page.locator(".mention").nth(1)).to_be_visible(timeout=PATIENCE_MS)
        assert visit.troubles == []
