"""One browser for all, and a Veilleur that holds the sample week and hostile texts, with somebody signed in."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, StorageState, expect, sync_playwright

from tests.architecture.source_file import PROJECT
from tests.browser.hostile import write_hostile_log
from tests.browser.past import keep_past, write_past_log
from tests.browser.visit import PATIENCE_MS, visiting
from tests.servers.daemon import Daemon, running_daemon

SCREENSHOTS = "VEILLEUR_SCREENSHOTS"
PASSWORD = "four words well chosen"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

expect.set_options(timeout=PATIENCE_MS)


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Run Debian's chromium; Playwright's own browsers are never downloaded.

    While Playwright runs, this thread's event loop runs too: whatever else calls `asyncio.run` in it fails.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def chromium(administrator: StorageState) -> Iterator[Browser]:
    """Give a browser that ends with the module: the tests of other folders need the event loop for themselves.

    It waits for `administrator`, who has a browser for a moment: there cannot be two at once.
    """
    assert administrator
    with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """Run `veilleur up` over the sample week, hostile texts and a past of four weeks."""
    folder = tmp_path_factory.mktemp("house")
    with running_daemon(folder, VEILLEUR_DELIVERY_NETWORKS="127.0.0.0/8") as daemon:
        now = datetime.now(UTC)
        hostile = write_hostile_log(folder / "hostile.jsonl")
        past = write_past_log(folder / "past.jsonl", now)
        whole = folder / "whole.jsonl"
        logs = (PROJECT / "samples" / "restaurant-week.jsonl", hostile, past)
        whole.write_text("".join(log.read_text(encoding="utf-8") for log in logs), encoding="utf-8")
        played = daemon.installation.run("replay", str(whole))
        assert played.code == 0, played.err
        keep_past(daemon.installation, now)
        yield daemon


@pytest.fixture(scope="session")
def administrator(house: Daemon) -> StorageState:
    """Become the first administrator by the link that the start printed; return the browser's cookies."""
    printed = re.search(r"http://\S+(/welcome/\S+)", house.said)
    assert printed is not None, house.said
    with running_chromium() as browser, visiting(browser, house.url) as visit:
        visit.go(printed[1])
        visit.page.get_by_label("Name").fill("Nadia")
        visit.page.get_by_label("Password").fill(PASSWORD)
        visit.page.get_by_role("button", name="Start").press("Enter")
        visit.page.wait_for_url(f"{house.url}/")
        visit.page.locator("body[data-zone='Europe/Paris']").wait_for()
        assert visit.troubles == []
        return visit.page.context.storage_state()


@pytest.fixture(scope="session")
def screenshots() -> Path | None:
    """Return the folder that pictures are kept in, where the run was told one."""
    folder = os.environ.get(SCREENSHOTS)
    return None if folder is None else Path(folder)
