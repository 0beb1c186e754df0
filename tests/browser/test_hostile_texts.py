"""Trial 56: hostile texts as sender, title, words and names, on every page that shows them: shown, and never run.

Broken while it was written: `{{ piece.text | safe }}` in `parts/words.html`. Each test then ended at the first page,
with "Executing inline script violates … The action has been blocked" among the troubles of the visit.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Browser, StorageState, expect

from tests.browser.past import COMMUNITY
from tests.browser.visit import Visit, visiting
from tests.servers.daemon import Daemon

pytestmark = [pytest.mark.browser, pytest.mark.attack, pytest.mark.timeout(300)]

IMAGE = "<img src=x onerror=alert(1)>"
WATCH = "<svg onload=alert(5)>&{{7*7}}"
PAGES = (
    "/?q=platform:tiktok",
    "/?q=in:svg",
    "/?q=%3Cscript%3Ealert(1)%3C/script%3E+%22%3E%3Cimg+src=x+onerror=alert(2)%3E",
    "/qualify?q=script",
    "/export?q=%22%3Cscript%3E%22",
    "/conversations",
    "/accounts?platform=whatsapp&who=script+alert",
    f"/accounts?platform=tiktok&who={quote_plus(IMAGE)}",
    "/hashtags/%3Cscript%3Ealert(1)",
    f"/reports?watch={quote_plus(WATCH)}",
    "/watches",
    "/trends?span=30d",
    "/trends/communities",
    "/wall?q=platform:whatsapp",
    "/state",
)
RUNS = "main :is(script, iframe, object, img:not([src^='/']), style, [onerror], [onload], [onmouseover])"
FOREIGN_DRAWING = "main svg:not(.icon, .graph, .life .bar)"


@pytest.fixture
def visit(chromium: Browser, house: Daemon, administrator: StorageState) -> Iterator[Visit]:
    """Give a window of the administrator."""
    with visiting(chromium, house.url, state=administrator) as visit:
        yield visit


def write_everywhere(visit: Visit) -> None:
    """Write hostile texts wherever a person can: a watch, a community's name."""
    page = visit.page
    visit.go("/new-watch")
    page.get_by_label("Name").fill(WATCH)
    page.get_by_label("Query").fill(f'"{IMAGE}"')
    page.get_by_label("What it is for").fill(WATCH)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WATCH)
    visit.go("/trends/communities")
    named = page.locator(".communities > li", has_text=f"#{COMMUNITY[0]}").first
    named.get_by_text("Give it a name").click()
    named.get_by_label("Name").fill(IMAGE)
    named.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name=IMAGE)).to_be_visible()


def test_hostile_texts_are_shown_as_text_on_every_page(visit: Visit) -> None:
    write_everywhere(visit)
    for path in (*PAGES, f"/watches/{quote_plus(WATCH).replace('+', '%20')}"):
        visit.page.goto(f"{visit.base}{path}")
        visit.settle()
        visit.page.locator("main").wait_for()
        assert (path, visit.page.locator(RUNS).count(), visit.page.locator(FOREIGN_DRAWING).count()) == (path, 0, 0)
    for query, text in (("body", "<script>alert('body')</script>"), ("onerror", IMAGE), ("raw", "{{ 7*7 }} ${7*7}")):
        visit.go(f"/?q={query}+platform:tiktok")
        expect(visit.page.locator(".mention .words", has_text=text).first).to_be_visible()
    assert [one for one in visit.troubles if "404" not in one] == []


def test_a_hostile_conversation_is_read_as_any_other(visit: Visit) -> None:
    visit.go("/?q=platform:whatsapp+in:script")
    visit.page.locator(".mention .place a").first.click()
    expect(visit.page.locator(".balloon .words").first).to_contain_text("alert(")
    assert visit.page.locator(RUNS).count() == 0
    visit.page.locator(".bubble .under a").last.click()
    expect(visit.page.locator("blockquote")).to_contain_text("alert(")
    assert visit.page.locator(RUNS).count() == 0
    assert visit.troubles == []


def test_an_analyst_s_hostile_words_run_nothing_in_the_report(visit: Visit) -> None:
    visit.go("/reports")
    page = visit.page
    page.get_by_text("A query instead of a watch").click()
    page.get_by_label("Title").fill(IMAGE)
    page.get_by_label("What you say of it").fill("<script>alert(7)</script>\n\n{{7*7}}")
    page.get_by_label("Period").fill("30d")
    with page.expect_popup() as opening:
        page.get_by_role("button", name="Look at it").click()
    report = opening.value
    said: list[str] = []
    report.on("console", lambda one: said.append(one.text))
    report.on("dialog", lambda one: said.append(one.message))
    expect(report.get_by_role("heading", level=1)).to_have_text(IMAGE)
    expect(report.get_by_text("{{7*7}}")).to_be_visible()
    assert report.locator("script, body [onerror]").count() == 0
    assert [*said, *visit.troubles] == []
