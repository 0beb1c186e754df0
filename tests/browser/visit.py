"""A visit in a real browser that notes whatever a page may not do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request, StorageState, expect

_TELL_VIOLATIONS = (
    "addEventListener('securitypolicyviolation', "
    "(event) => console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))"
)
_SERIOUS = {"serious", "critical"}
PATIENCE_MS = 20_000


@dataclass  # no slots: Playwright marks the methods that it calls
class Visit:
    """One page of a browser; `troubles` is what it did wrong: errors, policy reports, dialogs, other hosts."""

    page: Page
    base: str
    troubles: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open a page of the site and wait until it is loaded."""
        self.page.goto(f"{self.base}{path}")
        self.page.locator("main").wait_for()

    def settle(self) -> None:
        """Wait until the page has loaded the parts that it loads by itself."""
        expect(self.page.locator("[hx-trigger=load]:empty, .counting")).to_have_count(0, timeout=PATIENCE_MS)

    def note_console(self, said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            self.troubles.append(said.text)

    def note_dialog(self, dialog: Dialog) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def note_request(self, asked: Request) -> None:
        if urlsplit(asked.url).netloc != urlsplit(self.base).netloc:
            self.troubles.append(asked.url)

    def violations(self) -> list[str]:
        """Return what axe finds seriously wrong with the page as it stands."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{one['id']} {node['target']}: {node['failureSummary']}"
            for one in found
            if one["impact"] in _SERIOUS
            for node in one["nodes"]
        ]


@contextmanager
def visiting(
    browser: Browser,
    base: str,
    *,
    state: StorageState | None = None,
    language: str = "en",
    scheme: str = "light",
    width: int = 1024,
) -> Iterator[Visit]:
    """Open a window as wide as this, as somebody with this language and these cookies."""
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="fr-FR" if language == "fr" else "en-GB",
        timezone_id="Europe/Paris",
        storage_state=state,
    )
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(_TELL_VIOLATIONS)
    visit = Visit(context.new_page(), base)
    visit.page.on("console", visit.note_console)
    visit.page.on("pageerror", lambda error: visit.troubles.append(str(error)))
    visit.page.on("dialog", visit.note_dialog)
    visit.page.on("request", visit.note_request)
    try:
        yield visit
    finally:
        context.close()
