"""Every action of every page, by the keyboard alone: reached by Tab, shown where it stands, done by its key.

Broken line: `tabindex="-1"` on the summary of `parts/sure.html`; it reported that "New link …" cannot be reached.
Broken line: `button:focus-visible { outline: none; }`; it reported buttons as not shown. Before its list was whole it
reported each route that no step had asked, `/start/pairing` among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Browser, Locator, Page, StorageState, expect

from tests.architecture.source_file import PROJECT
from tests.browser.keys import Keys
from tests.browser.visit import PATIENCE_MS, visiting
from tests.servers.daemon import Daemon
from tests.servers.hook import Hook, running_hook
from veilleur.dashboard.pages import ROUTERS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ELSEWHERE = {
    "/welcome/{secret}": "conftest.py",
    "/sign-in": "test_using.py",
    "/sign-out": "test_using.py",
    "/state/patterns": "test_quarantine.py",
    "/project": "test_projects.py",
    "/settings/projects/{project}/devices": "test_projects.py",
    "/devices/{name}/capture/{package}": "test_capture.py",
    "/start/sample": "test_first_run.py",
}
"""What another test does by its keys, since it takes something that is there once, or is about that alone."""
ONLY_LIVE = {"/watches/{name}/seen", "/alerts/{alert_id}/acknowledgement", "/alerts/link/{secret}"}
"""What needs a mention or an alert that comes live: a form of one button, as those that are pressed here."""


class Press(NamedTuple):
    """Go to what has this role and name (or is found by `css`), and press."""

    role: str
    name: str = ""
    key: str = "Enter"

    def do(self, keys: Keys, page: Page) -> None:
        keys.press(found(page, self.role, self.name), self.key)


class Write(NamedTuple):
    """Go to a field and write; in a list of choices this picks the one that begins so."""

    label: str
    text: str
    role: str = "field"

    def do(self, keys: Keys, page: Page) -> None:
        field = page.get_by_label(self.label, exact=True).locator("visible=true").first
        if self.text.startswith("key:"):
            keys.press(field, self.text.removeprefix("key:"))
        else:
            keys.write(field, self.text)
            page.keyboard.press("Escape")


class File(NamedTuple):
    """Go to the field of a file, open the choice by its key, and choose."""

    label: str
    path: str

    def do(self, keys: Keys, page: Page) -> None:
        keys.reach(page.get_by_label(self.label, exact=True))
        with page.expect_file_chooser() as chosen:
            page.keyboard.press("Space")
        chosen.value.set_files(PROJECT / self.path)


class Keep(NamedTuple):
    """Go to a button and press; a file comes of it."""

    name: str

    def do(self, keys: Keys, page: Page) -> None:
        keys.reach(found(page, "button", self.name))
        with page.expect_download() as kept:
            page.keyboard.press("Enter")
        assert kept.value.failure() is None


class Action(NamedTuple):
    """What is done on a page, and the text or the part of the page that tells that it was."""

    path: str | None
    steps: tuple[Press | Write | File | Keep, ...]
    shows: str


def found(page: Page, role: str, name: str) -> Locator:
    """Return what a person would take: the first that is to be seen."""
    if role == "css":
        return page.locator(name).locator("visible=true").first
    if role == "summary":
        return page.locator("summary", has_text=name).locator("visible=true").first
    pattern = re.compile(re.escape(name) + r"(\s|$|\()")
    return page.get_by_role(role, name=pattern).locator("visible=true").first  # type: ignore[arg-type]  # one of ARIA's


READING = (
    Action("/?q=plastique", (Press("button", "hour"),), "css:#timeline [aria-pressed=true] >> text=hour"),
    Action(None, (Press("summary", "As a table"),), "css:#timeline details[open]"),
    Action("/?q=plastique", (Press("button", "Keys"), Press("button", "Close")), "css:#keys-dialog:not([open])"),
    Action("/?q=plastique", (Press("button", "Qualify"), Press("button", "Neutral")), "Said."),
    Action(None, (Press("button", "Undo"),), "Undone."),
    Action("/?q=plastique", (Press("css", "a.when"),), "How it was read"),
    Action(None, (Press("button", "Treated"),), "css:button[value=treated][aria-pressed=true]"),
    Action(None, (Press("button", "Treated"),), "css:button[value=treated]:not([aria-pressed])"),
    Action(None, (Write("Tags", "keyed"), Press("button", "Keep")), "css:#tags[value=keyed]"),
    Action(None, (Write("Tags", " "), Press("button", "Keep")), "css:#tags[value='']"),
    Action("/qualify?q=plastique", (Write("Tags to add", "keyed"), Press("button", "Go on")), "Say this of"),
    Action(
        None, (Press("button", "Yes, say it"), Press("button", "Undo")), "css:main:not(:has(button)) >> text=undone"
    ),
    Action("/export?q=plastique", (Press("css", "[name=format]:checked", "ArrowDown"), Keep("Download")), "css:main"),
    Action(
        "/trends/communities",
        (Press("summary", "Give it a name"), Write("Name", "Keyed"), Press("button", "Save")),
        "css:h2 >> text=Keyed",
    ),
    Action(
        None,
        (Press("summary", "Call it something else"), Press("button", "Take the name back")),
        "css:main:not(:has(h2:has-text('Keyed')))",
    ),
    Action("/wall", (Press("link", "Back to the mentions"),), "Watch this"),
    Action("/watches", (Press("css", ".account summary"), Press("button", "Dark")), "css:html[data-theme=dark]"),
    Action(None, (Press("css", ".account summary"), Press("button", "Français")), "css:html[lang=fr]"),
)

SETTLING = (
    Action(
        "/plan",
        (
            Write("Its @handle, title or #hashtag", "@keyed"),
            Write("Device that follows it", "key:s"),
            Press("button", "Enter"),
        ),
        "css:li.card >> text=@keyed",
    ),
    Action(None, (Press("summary", "Take out …"), Press("button", "Take out")), "css:main:not(:has(li.card))"),
    Action(
        "/settings/tokens", (Write("What uses it", "keyed"), Press("button", "Make a token")), "css:input[readonly]"
    ),
    Action(None, (Press("css", "li:has-text('keyed') summary"), Press("button", "Revoke keyed")), "revoked"),
    Action("/settings", (Write("Name", "Kim"), Press("button", "Add, and show a link")), "css:input[readonly]"),
    Action(
        "/settings",
        (Write("Role", "key:a"), Press("button", "Keep")),
        "css:option[value=analyst][selected], option[value=admin][selected]",
    ),
    Action(None, (Press("button", "New link"),), "css:input[readonly]"),
    Action(
        "/settings",
        (Press("summary", "Remove …"), Press("button", "Remove Kim")),
        "css:main:not(:has(bdi:text('Kim')))",
    ),
    Action("/settings/projects", (Write("Name", "Keyed client"), Press("button", "Make it")), "Let somebody in"),
    Action(None, (Write("Name", "Kim"), Press("button", "Let in")), "css:input[readonly]"),
    Action(
        "/settings/projects/keyed-client",
        (
            Press("css", "#project-name", "Control+a"),
            Press("css", "#project-name", "Delete"),
            Press("css", "#project-name", "K"),
            Press("css", "form[action$='/name'] button"),
        ),
        "css:h1 bdi:text-is('K')",
    ),
    Action(
        None,
        (Press("css", "li:has-text('Kim') summary"), Press("button", "Take Kim out")),
        "css:main:not(:has(li:has-text('Kim')))",
    ),
    Action(None, (Press("summary", "Remove the project …"), Press("button", "Remove K")), "Make a project"),
    Action(
        "/devices",
        (
            Write("Name of the device", "salon-8"),
            Press("css", "[name=reach]:checked", "ArrowDown"),
            Press("button", "Show a code"),
        ),
        "css:iframe",
    ),
    Action(
        "/start",
        (
            Write("Name of the device", "salon-7"),
            Press("css", "[name=reach]:checked", "ArrowDown"),
            Press("button", "Show a code"),
        ),
        "css:[aria-label*='QR'], [alt*='QR']",
    ),
    Action(
        "/devices/salle-1/capture",
        (Write("App, or its package", "com.example.keyed"), Press("button", "Capture this app")),
        "css:h1",
    ),
    Action(
        "/devices/salle-1/capture",
        (Press("button", "Capture no longer (com.example.keyed)"),),
        "css:main:not(:has(li.card:has-text('com.example.keyed')))",
    ),
    Action(
        None,
        (Press("checkbox", "Keep thumbnails: they may show people", "Space"), Press("button", "Save")),
        "css:input[name=pictures]",
    ),
    Action(None, (Press("button", "Take the last change back"),), "css:input[name=pictures]"),
)


WATCHING = (
    Action(
        "/new-watch",
        (Write("Name", "By keys"), Write("Query", "plastique"), Press("button", "Save")),
        "What is new",
    ),
    Action(None, (Press("button", "Try it"),), "css:#backtest .verdict"),
    Action(None, (Press("link", "Edit"), Write("What it is for (may stay empty)", "x"), Press("button", "Save")), "x"),
    Action(None, (Press("link", "Atom feeds"), Press("button", "Make a feed")), "shown this once"),
    Action(None, (Press("summary", "New link …"), Press("button", "Renew feed")), "shown this once"),
    Action(None, (Press("summary", "Revoke …"), Press("button", "Revoke feed")), "revoked"),
)


def telling(hook: str) -> tuple[Action, ...]:
    """Return what is done with receivers and rules."""
    return (
        Action(
            "/settings/receivers",
            (Write("Name", "keyed"), Write("Address", hook), Press("button", "Make a receiver")),
            "keyed was made.",
        ),
        Action(None, (Press("button", "Send a test"),), "css:.good-news"),
        Action(
            "/new-alert-rule",
            (Write("Name", "Rule by keys"), Write("Watch", "key:B"), Press("button", "Try it on")),
            "css:#backtest .verdict",
        ),
        Action(None, (Press("button", "Save"),), "Would it have alerted?"),
        Action(
            None,
            (Press("link", "Edit"), Write("So many mentions", "3"), Press("button", "Save")),
            "Would it have alerted?",
        ),
        Action(None, (Press("button", "Send a test"),), "has arrived"),
        Action("/alert-rules/Rule%20by%20keys", (Press("button", "Let it rest"),), "nobody is told."),
        Action(None, (Press("button", "Let it go on"), Press("button", "Let it rest")), "nobody is told."),
    )


REPORTING = (
    Action(
        "/reports",
        (Press("summary", "A query instead"), Write("Title", "By keys"), Write("Period", "30d"), Keep("Download")),
        "css:main",
    ),
    Action(
        "/reports",
        (
            Press("summary", "Keep words for a watch"),
            Write("What its reports say", "words"),
            Press("button", "Keep these words"),
        ),
        "css:details.kept-words bdi",
    ),
    Action(
        None,
        (
            Press("css", "details.kept-words summary"),
            Write("What its reports say; emptied, nothing is kept", " "),
            Press("button", "Save"),
        ),
        "css:main:not(:has(details.kept-words bdi))",
    ),
    Action(
        "/reports",
        (File("Picture to keep", "docs/images/companion-pairing.png"), Press("button", "Keep this logo")),
        "css:img.kept-logo",
    ),
    Action(
        None,
        (Press("summary", "Remove the logo …"), Press("button", "Remove the logo")),
        "css:main:not(:has(img.kept-logo))",
    ),
    Action("/reports", (Press("summary", "Schedule a report"), Press("button", "Schedule")), "each Monday"),
    Action(None, (Press("summary", "End …"), Press("button", "End the report")), "No report is sent by itself yet."),
    Action("/watches/By%20keys", (Press("button", "Archive"),), "it watches nothing"),
    Action(None, (Press("button", "Restore"), Press("button", "Archive")), "it watches nothing"),
    Action("/settings/receivers", (Press("summary", "Remove …"), Press("button", "Remove keyed")), "No receiver yet"),
)


def actions(hook: str) -> tuple[Action, ...]:
    """Return what is done, in this order: what is made by some is what others change and take away again."""
    return (*WATCHING, *telling(hook), *REPORTING, *SETTLING, *READING)


@pytest.fixture
def hook() -> Iterator[Hook]:
    """Give a server that takes webhooks."""
    with running_hook() as running:
        yield running


def is_told(page: Page, shows: str) -> None:
    """Wait until the page shows that something was done."""
    if shows.startswith("css:"):
        expect(page.locator(shows.removeprefix("css:")).first).to_be_attached(timeout=PATIENCE_MS)
    else:
        expect(page.get_by_text(shows).locator("visible=true").first).to_be_visible(timeout=PATIENCE_MS)


def test_every_action_of_every_page_is_done_by_the_keys_alone(
    chromium: Browser, house: Daemon, administrator: StorageState, hook: Hook
) -> None:
    with visiting(chromium, house.url, state=administrator) as visit:
        page, asked, keys = visit.page, set[str](), Keys(visit)
        page.on("request", lambda one: asked.add(urlsplit(one.url).path) if one.method == "POST" else None)
        for path, steps, shows in actions(hook.url):
            if path is not None:
                keys.open(path)
            for step in steps:
                step.do(keys, page)
            is_told(page, shows)
        assert keys.unseen == []
        assert visit.troubles == []

    posts = [
        one
        for router in ROUTERS
        for one in router().routes
        if isinstance(one, APIRoute) and "POST" in (one.methods or ())
    ]
    never = [one.path for one in posts if not any(one.path_regex.match(path) for path in asked)]
    assert set(never) <= ELSEWHERE.keys() | ONLY_LIVE
