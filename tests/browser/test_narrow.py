"""A phone of 360 pixels and the longest that people may write, in scripts without spaces: no page is wider than it.

Broken line: `.card` without `overflow-wrap: anywhere`, as it was; it reported `/plan` and five more pages as wider than
their window. Broken line: `.life` without `flex-wrap`, as it was; it reported communities' page too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, StorageState

from tests.browser.visit import Visit, visiting
from tests.servers.daemon import Daemon

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

LATIN, CHINESE, ARABIC = "W" * 100, "監" * 100, "مراقبةالمطعم" * 8
WATCH, RULE, PERSON, TARGET = LATIN, CHINESE, "人" * 64, "@" + "w" * 199
WEEKS = 52
MADE: Final[tuple[tuple[str, Mapping[str, str]], ...]] = (
    ("/new-watch", {"name": WATCH, "q": "#" + "pouletrose" * 12 + " OR " + CHINESE, "description": ARABIC * 10}),
    ("/new-watch", {"name": ARABIC, "q": "plastique"}),
    (
        "/new-alert-rule",
        {"name": RULE, "trigger": "every", "watch": WATCH, "at_least": "1", "window_minutes": "60", "words": ARABIC},
    ),
    ("/settings/people", {"name": PERSON, "role": "viewer"}),
    ("/settings/tokens", {"name": LATIN[:64], "read:mentions": "on"}),
    ("/plan", {"kind": "feed", "target": TARGET, "note": CHINESE * 5}),
    ("/reports/words", {"watch": WATCH, "words": LATIN * 9}),
    ("/devices/salle-1/capture", {"package": "com." + "w" * 200, "revision": "0"}),
)
PAGES = (
    "/",
    "/?q=" + "#" + "pouletrose" * 20,
    "/?q=kind:" + LATIN,
    "/watches",
    f"/watches/{WATCH}",
    f"/watches/{WATCH}/edit",
    f"/watches/{WATCH}/feeds",
    f"/watches/{quote(ARABIC)}",
    "/new-alert-rule",
    "/alert-rules",
    f"/alert-rules/{quote(RULE)}",
    "/reports",
    "/plan",
    "/settings",
    "/settings/tokens",
    "/settings/projects",
    "/settings/projects/default",
    "/devices/salle-1/capture",
    "/hashtags/" + quote("トレンド" * 20),
    f"/accounts?platform=tiktok&who={quote(CHINESE)}",
    "/trends/communities",
)
UNDONE: Final[tuple[tuple[str, Mapping[str, str]], ...]] = (
    (f"/alert-rules/{quote(RULE)}/archive", {}),
    ("/reports/words", {"watch": WATCH, "words": ""}),
    (f"/watches/{WATCH}/archive", {}),
    (f"/watches/{quote(ARABIC)}/archive", {}),
    (f"/settings/people/{quote(PERSON)}/removal", {}),
    ("/plan/removal", {"kind": "feed", "target": TARGET, "platform": "feed"}),
    ("/devices/salle-1/capture/undo", {"revision": "REVISION"}),
)
A_YEAR = """
weeks => document.querySelectorAll(".life").forEach((life) => {
  while (life.children.length < weeks) life.append(life.lastElementChild.cloneNode(true));
})
"""
STICKS_OUT = """
() => {
  const isCut = (one) => one && (getComputedStyle(one).overflowX !== "visible" || isCut(one.parentElement));
  const name = (one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 30)}`;
  const texts = [...document.querySelectorAll("main *")].filter((one) => one.checkVisibility() && !one.closest("svg"));
  const out = texts.filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !isCut(one.parentElement));
  const overlapped = [...document.querySelectorAll(".life li")].filter((one) => one.scrollWidth > one.clientWidth);
  const wide = document.documentElement.scrollWidth > innerWidth ? ["the page is wider than its window"] : [];
  return [...wide, ...out.map(name), ...overlapped.map((one) => `overlapped: ${name(one)}`)].slice(0, 5);
}
"""


def ask(visit: Visit, path: str, fields: Mapping[str, str]) -> int:
    """Send a form as its page would; return the status."""
    page = visit.page
    revision = page.locator("input[name=revision]").first
    held: dict[str, str | float | bool] = {"csrf": page.locator("body").get_attribute("data-csrf") or "", **fields}
    if fields.get("revision") == "REVISION":
        visit.go("/devices/salle-1/capture")
        held["revision"] = revision.input_value()
    answer = page.request.post(f"{visit.base}{path}", form=held, headers={"Origin": visit.base})
    return answer.status


def test_no_page_is_wider_than_a_phone_whatever_people_write(
    chromium: Browser, house: Daemon, administrator: StorageState
) -> None:
    wrong = {}
    with visiting(chromium, house.url, state=administrator, language="fr", width=360) as visit:
        visit.go("/devices/salle-1/capture")
        asked = visit.page.locator("input[name=revision]").first.input_value()
        for path, fields in MADE:
            status = ask(visit, path, {**fields, **({"revision": asked} if "revision" in fields else {})})
            assert status == 200, (path, status)
        for path in PAGES:
            visit.go(path)
            visit.settle()
            visit.page.evaluate(A_YEAR, WEEKS)
            visit.page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            wrong[path] = visit.page.evaluate(STICKS_OUT)
        for path, fields in UNDONE:
            ask(visit, path, fields)
    assert {path: found for path, found in wrong.items() if found} == {}
