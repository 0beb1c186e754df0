"""From nothing to a first watch: by the sample log, and by a tablet that is paired with the code on the page."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import segno
from playwright.sync_api import Browser, Locator, Page, expect

from tests.architecture.source_file import PROJECT
from tests.browser.conftest import PASSWORD, running_chromium
from tests.browser.visit import PATIENCE_MS, Visit, visiting
from tests.servers.daemon import Daemon, running_daemon
from tests.servers.hook import Hook, running_hook

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SLOW_MS = 120_000
SIMULATOR = Path(sysconfig.get_path("scripts")) / "veilleur-bridge"
TABLET = "salon-1"


@pytest.fixture(scope="module")
def empty_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """Run `veilleur up` over nothing."""
    with running_daemon(tmp_path_factory.mktemp("empty"), VEILLEUR_DELIVERY_NETWORKS="127.0.0.0/8") as daemon:
        yield daemon


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a browser that ends with the module."""
    with running_chromium() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def visit(browser: Browser, empty_house: Daemon) -> Iterator[Visit]:
    """Give the window of whoever opened the link of the first start; one test goes on where the one before left off."""
    printed = re.search(r"http://\S+(/welcome/\S+)", empty_house.said)
    assert printed is not None, empty_house.said
    with visiting(browser, empty_house.url) as visit:
        visit.go(printed[1])
        visit.page.get_by_label("Name").fill("Nadia")
        visit.page.get_by_label("Password").fill(PASSWORD)
        visit.page.get_by_role("button", name="Start").click()
        visit.page.locator("body[data-zone='Europe/Paris']").wait_for()
        yield visit
        assert visit.troubles == []


def done(page: Page) -> Locator:
    """Return the steps that the page says are done."""
    return page.locator(".steps .done")


@contextmanager
def simulated_tablet(folder: Path, code: str) -> Iterator[None]:
    """Run the project's own simulated tablet, paired by what the page shows, on which the sample's comment happens."""
    log = PROJECT / "samples" / "one-comment.jsonl"
    command = [str(SIMULATOR), "simulate", str(log), "--speed", "1000x", "--pair", "-", "--state-dir", str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=os.environ
    ) as tablet:
        assert tablet.stdin is not None
        tablet.stdin.write(code.encode() + b"\n")
        tablet.stdin.close()
        try:
            yield
        finally:
            tablet.send_signal(signal.SIGTERM)


def test_from_pairing_by_the_code_on_the_page_to_the_first_mention(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    visit.go("/")
    page.get_by_role("link", name="First steps").last.click()
    expect(done(page)).to_have_count(0)
    assert visit.violations() == []
    page.get_by_label("Name of the device").fill(TABLET)
    page.get_by_label("over a USB cable").check()
    page.get_by_role("button", name="Show a code").click()
    drawn = page.get_by_role("img", name="Pairing code as a QR code")
    expect(drawn).to_be_visible()
    code = page.locator("#pairing pre code").text_content() or ""
    picture = segno.make(code, error="l", micro=False).svg_inline(border=3, light="#fff", omitsize=True)
    lines = re.findall(r' d="([^"]+)"', picture)
    assert drawn.locator("path").evaluate_all("paths => paths.map((path) => path.getAttribute('d'))") == lines
    expect(page.get_by_text("Waiting for the tablet …")).to_be_visible()
    assert visit.violations() == []
    page.evaluate("document.body.dataset.loadedOnce = 'true'")

    with simulated_tablet(tmp_path, code):
        expect(page.get_by_text("The tablet has connected.")).to_be_visible(timeout=SLOW_MS)
        expect(page.locator(".first-mention .words")).not_to_be_empty(timeout=SLOW_MS)
        expect(page.get_by_text(f"{TABLET} captures: TikTok")).to_be_visible(timeout=SLOW_MS)
        expect(page.locator(".steps")).to_contain_text("The tablet goes by it.", timeout=SLOW_MS)
        assert page.locator("body[data-loaded-once]").count() == 1
        expect(done(page)).to_have_count(4)
        chooses_what_is_captured(visit)


def chooses_what_is_captured(visit: Visit) -> None:
    """Narrow what the tablet captures and add an app, by the keys alone, and see the tablet take it over."""
    page = visit.page
    page.locator(f"#step-capture-{TABLET}").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/devices/{TABLET}/capture")
    expect(page.get_by_text("In force: the tablet goes by what was chosen")).to_be_visible(timeout=SLOW_MS)
    assert visit.violations() == []
    page.get_by_label("App, or its package").focus()
    page.keyboard.type("com.instagram.android")
    page.keyboard.press("Enter")
    page.wait_for_url("**/capture/com.instagram.android")
    expect(page.get_by_role("heading", name="Instagram")).to_be_visible()
    assert visit.violations() == []
    page.get_by_label("only these chats").focus()
    page.keyboard.press("Space")
    page.get_by_label("Other chats by their title").focus()
    page.keyboard.type("Clients (Lyon)")
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/capture")
    expect(page.locator("li", has_text="com.instagram.android")).to_contain_text("only these chats: Clients (Lyon)")
    expect(page.get_by_text("In force: the tablet goes by what was chosen")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_text("is in force since")).to_be_visible(timeout=SLOW_MS)
    page.get_by_role("button", name="Take the last change back").click()
    expect(page.locator("li", has_text="com.instagram.android")).to_contain_text("every chat")


def test_from_the_sample_log_to_the_first_watch_and_an_alert_that_arrives(visit: Visit) -> None:
    page = visit.page
    visit.go("/start")
    page.set_default_timeout(SLOW_MS)
    page.get_by_role("button", name="Play the sample week").press("Enter")
    expect(page.locator(".steps")).to_contain_text("from salle-1", timeout=SLOW_MS)
    page.set_default_timeout(PATIENCE_MS)
    page.get_by_role("link", name="Make a watch").click()
    page.get_by_label("Name").fill("Plastique")
    page.get_by_label("Query").fill("plastique")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/start")
    expect(page.get_by_role("link", name="Plastique")).to_be_visible()
    expect(done(page).filter(has_text="Make a first watch")).to_be_visible()
    with running_hook() as hook:
        makes_and_tests_an_alert(visit, hook)
    expect(done(page).filter(has_text="Test it")).to_be_visible()
    assert visit.violations() == []


def makes_and_tests_an_alert(visit: Visit, hook: Hook) -> None:
    """Follow the steps to a receiver, a rule and its test."""
    page = visit.page
    page.get_by_role("link", name="Make a receiver").click()
    page.get_by_label("Name").fill("équipe")
    page.get_by_label("Address").fill(hook.url)
    page.get_by_role("button", name="Make a receiver").click()
    expect(page.get_by_text("équipe was made.")).to_be_visible()
    visit.go("/start")
    page.get_by_role("link", name="Make a rule").click()
    expect(page.get_by_label("Watch")).to_have_value("Plastique")
    page.get_by_label("Name").fill("Plastique !")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/start")
    page.get_by_role("button", name="Send a test").click()
    expect(page.locator("#trial")).to_contain_text("has arrived", timeout=PATIENCE_MS)
    assert len(hook.came) == 1
    visit.go("/start")
