"""Takes the pictures of the pages with Debian's chromium, of a Veilleur that holds the sample week and a past.

veilleur replay samples/restaurant-week.jsonl
veilleur replay past.jsonl    # what tests/browser/past.py writes; its `keep_past` adds a burst and what was not seen
veilleur project add dupont "Maison Dupont"
veilleur project let-in dupont Zoé --role analyst
veilleur watch add froid "froid OR tiède"
python docs/images/pages.py "$(veilleur token create pictures --scope read:mentions --scope read:private --scope admin)"
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, expect, sync_playwright

_FOLDER: Final = Path(__file__).parent
_FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
_LOADING: Final = "[hx-trigger=load]:empty, .counting"
_LOADED: Final = {
    "hashtag": "/hashtags/greve",
    "communities": "/trends/communities",
    "coverage": "/state/coverage",
    "projects": "/settings/projects",
}
_PICTURES: Final = (("en-GB", "light", ""), ("fr-FR", "dark", ".fr"))


def take(browser: Browser, address: str, token: str) -> None:
    """Take the stream, a conversation and pages of looking back, in English by day and in French by night."""
    for locale, scheme, suffix in _PICTURES:
        context = browser.new_context(
            viewport={"width": 1200, "height": 760},
            color_scheme="dark" if scheme == "dark" else "light",
            locale=locale,
            timezone_id="Europe/Paris",
        )
        page = context.new_page()
        page.goto(f"{address}/sign-in")
        page.locator("#password").fill(token)
        page.locator(".card button").click()
        page.locator("body[data-zone='Europe/Paris'] .mention").first.wait_for()
        page.goto(f"{address}/?q=plastique+OR+%23pouletrose")
        page.locator("#live[data-state='on']").wait_for()
        expect(page.locator(_LOADING)).to_have_count(0)
        page.screenshot(path=_FOLDER / f"stream{suffix}.png")
        page.goto(f"{address}/conversations")
        page.locator(".threads a", has_text="Gourmands").click()
        page.locator(".bubble").first.wait_for()
        page.screenshot(path=_FOLDER / f"conversation{suffix}.png")
        for name, path in _LOADED.items():
            page.goto(f"{address}{path}")
            expect(page.locator(_LOADING)).to_have_count(0)
            page.screenshot(path=_FOLDER / f"{name}{suffix}.png")
        context.close()


def main(token: str, address: str = "http://127.0.0.1:8787") -> None:
    """Start the browser and take every picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(_FLAGS))
        take(browser, address, token)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
