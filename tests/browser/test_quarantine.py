"""What nobody understood is read once a proposed pattern was accepted on the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, StorageState, expect

from tests.browser.visit import visiting
from tests.servers.daemon import Daemon

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

READ_AGAIN_WITHIN_MS = 120_000


def test_an_accepted_pattern_has_the_row_read_again(
    chromium: Browser, house: Daemon, administrator: StorageState
) -> None:
    with visiting(chromium, house.url, state=administrator) as visit:
        page = visit.page
        visit.go("/?q=confidence:>0+kind:other")
        before = page.locator(".mention").count()
        visit.go("/state")
        page.get_by_role("link", name="See proposed patterns").click()
        proposed = page.locator("section.card").first
        expect(proposed).to_contain_text("Ton adresse change de couleur sur {count} plans de table du quartier")
        assert visit.violations() == []

        page.set_default_timeout(READ_AGAIN_WITHIN_MS)
        proposed.get_by_role("button", name="Accept").press("Enter")

        expect(page.get_by_role("heading", name="Nothing to propose")).to_be_visible(timeout=READ_AGAIN_WITHIN_MS)
        visit.go("/state")
        expect(page.get_by_text("Everything that arrived was understood.")).to_be_visible()
        visit.go("/?q=confidence:>0+kind:other")
        expect(page.locator(".mention")).to_have_count(before + 1)
        assert visit.troubles == []
