"""How what is captured is cleared from the tablet, per app and per channel, as a person chooses it in two languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, StorageState, expect

from tests.browser.visit import visiting
from tests.servers.daemon import Daemon

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PAGE = "/devices/salle-1/capture"
TIKTOK = "com.zhiliaoapp.musically"
WORDS = {
    "en": {
        "whole": "Once captured, a notification on the tablet",
        "apart": "Channels that are treated otherwise",
        "another": "Another channel, by its id",
        "its": "Its notifications",
        "stay": "stay",
        "save": "Save",
        "cleared": "notifications are cleared once there are 7 · live_push stay",
    },
    "fr": {
        "whole": "Une fois captée, la notification sur la tablette",
        "apart": "Canaux traités autrement",
        "another": "Un autre canal, par son identifiant",
        "its": "Ses notifications",
        "stay": "restent",
        "save": "Enregistrer",
        "cleared": "les notifications sont effacées dès qu’il y en a 7 · live_push restent",
    },
}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_app_is_cleared_its_way_and_a_channel_its_own(
    chromium: Browser, house: Daemon, administrator: StorageState, language: str
) -> None:
    """Broken line: a channel given by its id was kept under another name; it reported `-live_push stay` on the card."""
    words = WORDS[language]
    with visiting(chromium, house.url, state=administrator, language=language, width=360) as visit:
        page = visit.page
        visit.go(f"{PAGE}/{TIKTOK}")
        page.get_by_label(words["whole"]).select_option("from_count")
        page.get_by_role("spinbutton").fill("7")
        page.locator("details.apart summary", has_text=words["apart"]).focus()
        page.keyboard.press("Enter")
        page.get_by_label(words["another"]).fill("live_push")
        page.get_by_label(words["its"]).select_option(label=words["stay"])
        assert visit.violations() == []
        page.get_by_role("button", name=words["save"]).focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{PAGE}")
        expect(page.locator("li.card", has_text=TIKTOK)).to_contain_text(words["cleared"])
        visit.go(f"{PAGE}/{TIKTOK}")
        expect(page.get_by_role("combobox", name="live_push")).to_have_value("never")
        page.get_by_role("combobox", name="live_push").select_option("")
        page.get_by_role("button", name=words["save"]).click()
        page.wait_for_url(f"**{PAGE}")
        expect(page.locator("li.card", has_text=TIKTOK)).not_to_contain_text("live_push")

        assert visit.troubles == []
