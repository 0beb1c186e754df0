"""A watch, its back-test, an alert rule and its test, as a person makes them; and what each role sees of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.conftest import PASSWORD
from tests.browser.visit import PATIENCE_MS, Visit, visiting
from tests.servers.daemon import Daemon
from tests.servers.hook import Fault, Hook, running_hook

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def visit(chromium: Browser, house: Daemon, administrator: StorageState) -> Iterator[Visit]:
    """Give a window of the administrator."""
    with visiting(chromium, house.url, state=administrator) as visit:
        yield visit
        assert visit.troubles == []


@pytest.fixture
def hook() -> Iterator[Hook]:
    """Give a server that takes webhooks."""
    with running_hook() as running:
        yield running


def make_receiver(visit: Visit, name: str, address: str) -> None:
    """Make a receiver on the page of receivers."""
    visit.go("/settings/receivers")
    visit.page.get_by_label("Name").fill(name)
    visit.page.get_by_label("Address").fill(address)
    visit.page.get_by_role("button", name="Make a receiver").click()
    expect(visit.page.get_by_text(f"{name} was made.")).to_be_visible()


def remove_receiver(visit: Visit, name: str) -> None:
    """Remove a receiver, after the question."""
    visit.go("/settings/receivers")
    card = visit.page.locator("li.card", has_text=name)
    card.locator("summary").click()
    card.get_by_role("button", name=f"Remove {name}").click()
    expect(card).to_have_count(0)


def test_a_watch_its_back_test_an_alert_and_its_test(visit: Visit, hook: Hook) -> None:
    page = visit.page
    make_receiver(visit, "table", hook.url)
    secret = page.get_by_label("Secret").input_value()
    visit.go("/new-watch?q=plastique")
    page.get_by_label("Name").fill("Plastic")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Alert on this").click()
    assert visit.violations() == []
    page.get_by_label("Name").fill("Plastic in numbers")
    page.get_by_label("Tell somebody").select_option("count")
    page.get_by_label("So many mentions").fill("2")
    page.get_by_label("table").check()
    page.get_by_role("button", name="Try it on the last 30 days").click()
    trial = page.locator("#backtest .verdict")
    expect(trial).to_contain_text("It would have told you")
    before = trial.inner_text()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Plastic in numbers")).to_be_visible()
    page.get_by_role("button", name="Try it on the last 30 days").click()
    expect(trial).to_have_text(before)
    assert visit.violations() == []

    page.get_by_role("button", name="Send a test").click()

    expect(page.locator("#trial li", has_text="table")).to_contain_text("has arrived", timeout=PATIENCE_MS)
    assert visit.violations() == []
    assert [one.is_signed_with(secret) for one in hook.came] == [True]
    assert "Plastic in numbers" in hook.came[0].body.decode()
    rests_and_goes_on(page)
    remove_receiver(visit, "table")


def rests_and_goes_on(page: Page) -> None:
    """Let the rule rest and take that back, by the keys alone."""
    page.get_by_role("link", name="Plastic in numbers").click()
    page.get_by_role("button", name="Let it rest").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("nobody is told.")).to_be_visible()
    page.get_by_role("button", name="Let it go on").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Let it rest")).to_be_visible()


def test_a_test_that_was_refused_says_so_for_that_receiver(visit: Visit, hook: Hook) -> None:
    hook.always = Fault.BROKEN
    make_receiver(visit, "broken", hook.url)
    page = visit.page
    page.get_by_role("button", name="Send a test (broken)").click()
    expect(page.get_by_role("status")).to_contain_text("the receiver refused it")

    visit.go("/alert-rules")
    page.get_by_role("link", name="apps gone silent").click()
    page.get_by_role("button", name="Send a test").click()

    refused = page.locator("#trial li", has_text="broken")
    expect(refused).to_contain_text("the receiver refused it", timeout=PATIENCE_MS)
    expect(refused).to_contain_text("It is tried again at")
    remove_receiver(visit, "broken")


@pytest.mark.parametrize(
    ("role", "sees", "is_forbidden"),
    [
        ("viewer", ["/", "/watches", "/alerts", "/alert-rules", "/devices"], ["/new-watch", "/new-alert-rule"]),
        ("analyst", ["/new-watch", "/new-alert-rule", "/alert-rules"], ["/settings", "/settings/receivers"]),
        ("admin", ["/settings", "/settings/receivers", "/devices/salle-1/capture"], []),
    ],
)
def test_each_role_sees_what_it_may_and_is_told_kindly_what_it_may_not(
    visit: Visit, chromium: Browser, house: Daemon, role: str, sees: list[str], is_forbidden: list[str]
) -> None:
    link = invited(visit, f"Une {role}", role)
    with visiting(chromium, house.url) as theirs:
        page = theirs.page
        theirs.go(link.removeprefix(house.url))
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Start").click()
        page.locator("body[data-zone='Europe/Paris']").wait_for()
        for path in sees:
            theirs.go(path)
            assert page.locator("main h1").inner_text() != "This is not yours to do", path
        is_writer, is_admin = role != "viewer", role == "admin"
        theirs.go("/watches")
        expect(page.get_by_role("link", name="Make a watch")).to_have_count(int(is_writer))
        expect(page.get_by_role("navigation").get_by_role("link", name="Settings")).to_have_count(int(is_admin))
        theirs.go("/devices")
        expect(page.get_by_role("button", name="Show a code")).to_have_count(int(is_admin))
        assert theirs.troubles == []
        for path in is_forbidden:
            theirs.go(path)
            expect(page.get_by_role("heading", name="This is not yours to do")).to_be_visible()
            expect(page.get_by_text("An administrator can give you another role.")).to_be_visible()
            assert theirs.violations() == []


def invited(visit: Visit, name: str, role: str) -> str:
    """Add a person on the page of people and return their link."""
    visit.go("/settings")
    page = visit.page
    page.locator("#name").fill(name)
    page.locator(f"form[action='/settings/people'] input[value='{role}']").check()
    page.get_by_role("button", name="Add, and show a link").click()
    return page.get_by_label("Link").input_value()
