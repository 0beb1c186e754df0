"""Qualification and watches as a person works with them: keys, mouse, undo, a question before many, a trial."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import APIResponse, Browser, Locator, Route, StorageState, expect

from tests.browser.past import BURST_TAG, PAST_MENTIONS
from tests.browser.visit import PATIENCE_MS, Visit, visiting
from tests.servers.daemon import Daemon
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def visit(chromium: Browser, house: Daemon, administrator: StorageState) -> Iterator[Visit]:
    """Give a window of the administrator."""
    with visiting(chromium, house.url, state=administrator) as visit:
        yield visit
        assert visit.troubles == []


def past_tag(back: int) -> str:
    """Return the query of one mention of the past, which no other test asks for: what is said of it is said here."""
    return f"%23jour{PAST_MENTIONS - 2 * back + 1}"


def said(row: Locator) -> Locator:
    return row.locator(".note.is-said")


def test_one_key_each_says_takes_back_and_undoes(visit: Visit) -> None:
    visit.go(f"/?q={past_tag(1)}")
    page, row = visit.page, visit.page.locator(".mention").first
    page.keyboard.press("j")
    expect(row).to_be_focused()

    page.keyboard.press("n")
    expect(said(row)).to_have_text(["negative"])
    expect(row).to_be_focused()
    page.keyboard.press("o")
    expect(said(row)).to_have_text(["negative", "off-topic"])
    page.keyboard.press("n")
    expect(said(row)).to_have_text(["off-topic"])
    page.keyboard.press("u")
    expect(said(row)).to_have_text(["negative", "off-topic"])
    page.keyboard.press("#")
    page.keyboard.type("sauce presse")
    page.keyboard.press("Enter")
    expect(said(row)).to_have_text(["negative", "off-topic", "presse", "sauce"])
    assert visit.violations() == []
    for key in ("n", "o"):
        page.keyboard.press(key)
    expect(said(row)).to_have_text(["presse", "sauce"])


def test_tags_typed_while_the_row_came_anew_leave_the_keys_where_they_were(visit: Visit) -> None:
    """A colleague says something of the row while its tags are being typed here.

    Broken lines: the focus went to the row as it was when the dialog opened, and the next key was unheard ("inactive");
    the tags typed stood for all, and took away what the colleague had added.
    """
    visit.go(f"/?q={past_tag(2)}")
    page, row = visit.page, visit.page.locator(".mention")
    row.focus()
    page.keyboard.press("#")
    expect(page.get_by_role("dialog")).to_be_visible()
    with visiting_again(visit) as colleague:
        theirs = colleague.page.locator(".mention")
        theirs.focus()
        colleague.page.keyboard.press("#")
        colleague.page.keyboard.type("sauce")
        colleague.page.keyboard.press("Enter")
        expect(said(theirs)).to_have_text(["sauce"])
    expect(said(row)).to_have_text(["sauce"])

    page.keyboard.type("presse")
    page.keyboard.press("Enter")

    expect(said(row)).to_have_text(["presse", "sauce"])
    expect(row).to_be_focused()
    page.keyboard.press("e")
    expect(said(row)).to_have_text(["neutral", "presse", "sauce"])


@contextmanager
def visiting_again(visit: Visit) -> Iterator[Visit]:
    """Open a second window of the same person on the same page."""
    browser = visit.page.context.browser
    assert browser is not None
    with visiting(browser, visit.base, state=visit.page.context.storage_state()) as second:
        second.go(visit.page.url.removeprefix(visit.base))
        yield second


def test_keys_pressed_before_an_answer_has_come_act_one_after_another(visit: Visit) -> None:
    """The first answer is late; on this page no live line would mend what it brings.

    Broken line: each key sent at once; the late answer was shown as what stands, and it reported `['negative']`.
    Broken line: the focus kept by where it was when the key was sent; it reported the row gone on to as "inactive".
    """
    late: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if asked.count(route.request.url) == 1 and not late:
            late.append((route, route.fetch()))
        else:
            route.continue_()

    visit.go(f"/hashtags/{BURST_TAG}")
    page, asked = visit.page, list[str]()
    page.on("request", lambda one: asked.append(one.url) if one.method == "POST" else None)
    page.route("**/qualification**", hold)
    row, after = page.locator(".mention").nth(3), page.locator(".mention").nth(4)
    row.focus()
    page.keyboard.press("n")
    until(lambda: page.title() and late, within_seconds=PATIENCE_MS / 1_000, what="the first answer is held")
    for key in ("o", "j", "n", "u"):
        page.keyboard.press(key)
    ((route, answer),) = late
    route.fulfill(response=answer)

    expect(page.get_by_role("status")).to_contain_text("Undone.")
    expect(said(row)).to_have_text(["negative", "off-topic"])
    expect(said(after)).to_have_count(0)
    expect(after).to_be_focused()


def test_the_mouse_reaches_what_the_keys_do_and_help_tells_the_keys(visit: Visit) -> None:
    visit.go(f"/?q={past_tag(3)}")
    page, row = visit.page, visit.page.locator(".mention")
    row.get_by_role("button", name="Qualify").click()
    row.get_by_role("button", name="Treated").click()
    expect(said(row)).to_contain_text(["treated by Nadia"])
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(said(row)).to_have_count(0)

    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("next, previous mention")
    assert visit.violations() == []
    page.get_by_label("Single keys act in this browser").uncheck()
    page.keyboard.press("Escape")
    row.focus()
    page.keyboard.press("p")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(said(row)).to_have_count(0)


def test_many_are_qualified_after_a_question_and_taken_back(visit: Visit) -> None:
    visit.go("/?q=plastique+kind:comment")
    page = visit.page
    page.get_by_role("link", name="Qualify all").click()
    page.get_by_label("negative").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="Yes, say it")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Said of")).to_be_visible()
    visit.go("/?q=plastique+kind:comment+tone:negative")
    expect(page.locator(".mention .tone-negative").first).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Undone by Nadia")


def test_the_timeline_narrows_the_query_by_mouse_and_by_keys(visit: Visit) -> None:
    visit.go("/?q=plastique")
    page = visit.page
    expect(page.locator(".chart canvas")).to_be_visible()
    assert visit.violations() == []
    page.get_by_role("button", name="week").click()
    expect(page.get_by_role("button", name="week")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="day").click()
    expect(page.get_by_role("button", name="day")).to_have_attribute("aria-pressed", "true")

    page.locator(".as-table summary").focus()
    page.keyboard.press("Enter")
    page.locator(".as-table a").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=plastique+on*")
    shown = page.locator(".mention").count()
    visit.go("/?q=plastique")
    bars = page.locator(".chart .u-over")
    bars.click(position={"x": 4, "y": 20}, timeout=PATIENCE_MS)
    page.wait_for_url("**/?q=plastique+on*")
    expect(page.locator(".mention")).to_have_count(shown)


def test_a_query_becomes_a_watch_after_it_was_tried_on_the_past(visit: Visit) -> None:
    visit.go("/?q=plastique")
    page = visit.page
    page.get_by_role("link", name="Watch this").click()
    page.get_by_label("Name").fill("Sauce & plastique")
    page.get_by_label("Try it on the last").select_option("90")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("status")).to_contain_text("It would have told you")
    assert visit.violations() == []

    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", name="Sauce & plastique")).to_be_visible()
    assert visit.violations() == []
    page.get_by_role("button", name="Archive").click()
    expect(page.get_by_text("it watches nothing until it is restored")).to_be_visible()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("button", name="Archive")).to_be_visible()


@pytest.mark.parametrize(("language", "first"), [("fr", b"\xef\xbb\xbf"), ("en", b"id,")])
def test_a_spreadsheet_is_downloaded_in_the_reader_s_dialect(
    chromium: Browser, house: Daemon, administrator: StorageState, language: str, first: bytes
) -> None:
    with visiting(chromium, house.url, state=administrator, language=language) as visit:
        visit.go("/export?q=plastique")
        visit.page.get_by_label("CSV").first.check()
        with visit.page.expect_download() as download:
            visit.page.locator("main button").click()
        content = download.value.path().read_bytes()

    assert download.value.suggested_filename.endswith(".csv")
    assert content.startswith(first)
    assert "plastique" in content.decode()
