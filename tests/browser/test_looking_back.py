"""What a person looks at: hashtags, accounts, bursts, communities, reports, feeds, and what was not seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, StorageState, expect

from tests.browser.past import BURST_TAG, COMMUNITY
from tests.browser.visit import Visit, visiting
from tests.daemon.reports.sample_week import LOGO
from tests.servers.daemon import Daemon

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

BURST_PIXELS = """
box => {
  const canvas = box.querySelector("canvas");
  const [r, g, b] = getComputedStyle(box).textDecorationColor.match(/\\d+/g).map(Number);
  const dots = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let found = 0;
  for (let at = 0; at < dots.length; at += 4) if (dots[at] === r && dots[at + 1] === g && dots[at + 2] === b) found++;
  return found;
}
"""


@pytest.fixture
def visit(chromium: Browser, house: Daemon, administrator: StorageState) -> Iterator[Visit]:
    """Give a window of the administrator; whatever the page did wrong fails the test."""
    with visiting(chromium, house.url, state=administrator) as visit:
        yield visit
        assert visit.troubles == []


def test_the_keys_lead_from_a_row_to_its_account_and_on_to_a_hashtag(visit: Visit) -> None:
    page = visit.page
    visit.go(f"/?q=%23{BURST_TAG}")
    page.locator(".mention .by").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts?**")
    visit.settle()
    expect(page.get_by_role("heading", name="Where")).to_be_visible()

    page.locator(".facets a", has_text=f"#{COMMUNITY[0]}").focus()
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/hashtags/{COMMUNITY[0]}")
    expect(page.get_by_role("heading", name="With whom")).to_be_visible()
    assert visit.violations() == []


def test_a_burst_stands_on_the_timeline_and_beneath_it_in_words(visit: Visit) -> None:
    visit.go(f"/hashtags/{BURST_TAG}")
    visit.settle()
    chart = visit.page.locator(".chart")

    expect(visit.page.locator(".bursts li")).to_contain_text("12 in 10 minutes, usually 0.25")
    expect(chart.locator("canvas")).to_be_visible()
    assert chart.evaluate(BURST_PIXELS) > 20
    visit.go("/?q=kind:direct_message")
    visit.settle()
    expect(visit.page.locator(".chart canvas")).to_be_visible()
    assert visit.page.locator(".chart").evaluate(BURST_PIXELS) == 0


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Week by week"), ("fr", "Semaine par semaine")],
)
def test_a_community_tells_its_life_week_by_week_in_words_as_well(
    chromium: Browser, house: Daemon, administrator: StorageState, language: str, said: str
) -> None:
    """Broken line: bars without their counts; it reported that no week told one."""
    with visiting(chromium, house.url, state=administrator, language=language, width=360) as visit:
        visit.go("/trends/communities")
        card = visit.page.locator(".communities > li", has_text=f"#{COMMUNITY[0]}").first
        expect(card).to_contain_text(said)
        weeks = card.locator(".life li").all_inner_texts()
        told = [re.fullmatch(r"(\d+) \((\d+)\)\s+\d+ \S+", week) for week in weeks]
        counts = [int(one[1]) for one in told if one is not None]
        bars = card.locator(".life rect").evaluate_all("all => all.map((one) => Number(one.getAttribute('height')))")
        stated = re.match(r"\d+", card.locator("h2 small").inner_text())

        assert len(counts) == len(weeks) >= 4
        assert stated is not None
        assert sum(counts) == int(stated[0])
        assert bars == pytest.approx([40 * one / max(counts) for one in counts], abs=0.1)
        assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert [*visit.troubles, *visit.violations()] == []


def test_a_community_is_drawn_told_in_a_table_and_named_by_the_keys(visit: Visit) -> None:
    page = visit.page
    visit.go("/trends/communities")
    card = page.locator(".communities > li", has_text=f"#{COMMUNITY[0]}").first
    expect(card.locator("circle")).to_have_count(len(COMMUNITY))
    assert card.locator("line").count() >= len(COMMUNITY) - 1
    card.get_by_text("As a table").focus()
    page.keyboard.press("Enter")
    expect(card.locator("tbody tr")).to_have_count(len(COMMUNITY))
    assert visit.violations() == []

    card.locator(".naming summary").focus()
    page.keyboard.press("Enter")
    card.get_by_label("Name").fill("Les transports")
    page.keyboard.press("Enter")
    named = page.locator(".communities > li", has=page.get_by_role("heading", name="Les transports"))
    named.locator(".naming summary").click()
    named.get_by_role("button", name="Take the name back").click()
    expect(page.get_by_role("heading", name="Les transports")).to_have_count(0)
    visit.settle()
    page.locator("svg.graph a", has_text=f"#{BURST_TAG}").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/hashtags/{BURST_TAG}")


def test_trends_tell_now_beside_before(visit: Visit) -> None:
    visit.go("/trends?span=30d")
    visit.settle()
    page = visit.page

    expect(page.locator("#rising-hashtag + div tbody tr").first).to_be_visible()
    expect(page.get_by_role("link", name=f"#{BURST_TAG}").first).to_be_visible()
    expect(page.get_by_role("link", name="thirty days")).to_have_attribute("aria-current", "true")


def test_a_report_is_looked_at_with_words_and_logo_and_kept_as_a_file(
    visit: Visit, screenshots: Path | None, tmp_path: Path
) -> None:
    page = visit.page
    logo = tmp_path / "logo.svg"
    logo.write_bytes(LOGO)
    visit.go("/reports")
    page.get_by_text("A query instead of a watch").click()
    page.get_by_label("Title").fill("Transports")
    page.get_by_role("combobox", name="Query").fill(f"#{COMMUNITY[0]}")
    page.get_by_label("Period").fill("30d")
    page.get_by_label("What you say of it").fill("Semaine calme.")
    page.get_by_label("Logo").set_input_files(logo)
    with page.expect_popup() as opening:
        page.get_by_role("button", name="Look at it").click()
    report = opening.value
    expect(report.get_by_text("Semaine calme.")).to_be_visible()
    assert report.locator("header img").evaluate("image => image.naturalWidth") > 0
    if screenshots is not None:
        report.screenshot(path=screenshots / "report.1024.light.en.png", full_page=True)
    with page.expect_download() as taking:
        page.get_by_role("button", name="Download").click()

    assert taking.value.suggested_filename == "Transports-30d.html"


@pytest.mark.parametrize(
    ("language", "keep", "look", "removes"),
    [
        ("en", ("Keep this logo", "Keep words for a watch", "Keep these words"), "Look at it", "Remove the logo"),
        (
            "fr",
            ("Garder ce logo", "Garder un texte pour une veille", "Garder ce texte"),
            "La regarder",
            "Retirer le logo",
        ),
    ],
)
def test_words_and_a_logo_are_kept_for_the_next_report_and_removed(
    chromium: Browser,
    house: Daemon,
    administrator: StorageState,
    tmp_path: Path,
    language: str,
    keep: tuple[str, str, str],
    look: str,
    removes: str,
) -> None:
    """Broken line: the picture's type left out; it reported a logo that is 0 pixels wide."""
    logo = tmp_path / "logo.svg"
    logo.write_bytes(LOGO)
    with visiting(chromium, house.url, state=administrator, language=language) as visit:
        page, name = visit.page, f"Gardée {language}"
        visit.go(f"/new-watch?q=%23{COMMUNITY[0]}")
        page.locator("input[name=name]").fill(name)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        visit.go("/reports")
        page.locator("#kept-logo").set_input_files(logo)
        page.get_by_role("button", name=keep[0]).click()
        expect(page.locator("img.kept-logo")).to_be_visible()
        assert page.locator("img.kept-logo").evaluate("image => image.naturalWidth") > 0
        page.get_by_text(keep[1]).click()
        page.locator("#kept-watch").select_option(name)
        page.locator("#kept-new").fill("Semaine gardée.")
        page.get_by_role("button", name=keep[2]).click()
        expect(page.locator(".kept-words summary", has_text=name)).to_be_visible()
        assert visit.violations() == []
        page.locator("#watch").select_option(name)
        with page.expect_popup() as opening:
            page.get_by_role("button", name=look).click()
        expect(opening.value.get_by_text("Semaine gardée.")).to_be_visible()
        assert opening.value.locator("header img").evaluate("image => image.naturalWidth") > 0
        page.locator("summary", has_text=removes).click()
        page.get_by_role("button", name=removes).click()
        expect(page.locator("img.kept-logo")).to_have_count(0)
        page.locator(".kept-words summary", has_text=name).click()
        page.get_by_role("textbox").and_(page.locator("#kept-1")).fill("")
        page.locator(".kept-words button").first.click()
        expect(page.locator(".kept-words summary", has_text=name)).to_have_count(0)
        assert visit.troubles == []


def test_a_report_that_cannot_be_made_says_why_beside_its_field(visit: Visit) -> None:
    visit.go("/reports")
    page = visit.page
    page.get_by_text("A query instead of a watch").click()
    page.get_by_label("Title").fill("Transports")
    page.get_by_label("Period").fill("someday")
    with page.expect_popup() as opening:
        page.get_by_role("button", name="Look at it").click()

    expect(opening.value.get_by_role("alert")).to_contain_text("This period cannot be read:")
    expect(opening.value.get_by_label("Title")).to_have_value("Transports")


def test_a_report_is_scheduled_and_ended(visit: Visit, house: Daemon) -> None:
    page = visit.page
    added = house.installation.run("receiver", "add", "direction", "https://hooks.example.org/veilleur")
    assert added.code == 0, added.err
    make_watch(visit, "Trafic")
    visit.go("/reports")
    page.get_by_text("Schedule a report").click()
    form = page.locator("form[action='/reports/schedules']")
    form.get_by_label("Watch").select_option("Trafic")
    form.get_by_label("direction").check()
    form.get_by_label("At (Europe/Paris)").fill("07:15")
    assert visit.violations() == []
    form.get_by_role("button", name="Schedule").click()
    listed = page.locator(".entries li", has_text="Trafic")
    expect(listed).to_contain_text("each Monday, 07:15 (Europe/Paris) · to direction")

    listed.get_by_text("End …").click()
    listed.get_by_role("button", name="End the report of Trafic").click()

    expect(page.get_by_text("No report is sent by itself yet.")).to_be_visible()
    removed = house.installation.run("receiver", "remove", "direction", "--yes")
    assert removed.code == 0, removed.err


def test_a_feed_s_link_is_made_copied_renewed_and_revoked(visit: Visit) -> None:
    page = visit.page
    make_watch(visit, "Flux")
    page.get_by_role("link", name="Atom feeds").click()
    page.get_by_role("button", name="Make a feed").click()
    first = page.get_by_label("Link of the feed").input_value()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    with urlopen(first) as feed:
        assert b"<feed" in feed.read()
    assert visit.violations() == []

    page.get_by_text("New link …").click()
    page.get_by_role("button", name=re.compile("Renew feed")).click()
    second = page.get_by_label("Link of the feed").input_value()
    assert second != first
    assert status_of(first) == 404
    page.get_by_text("Revoke …").click()
    page.get_by_role("button", name=re.compile("Revoke feed")).click()
    expect(page.get_by_text(re.compile("revoked"))).to_be_visible()
    assert status_of(second) == 410


def test_what_was_not_seen_is_told_day_by_day_in_words(visit: Visit) -> None:
    visit.go("/state")
    visit.page.get_by_role("link", name="What was not seen").click()
    card = visit.page.locator("#salle-1")

    expect(card.locator(".calendar li")).to_have_count(28)
    assert card.locator(".calendar .dark").count() == 1
    expect(card.locator(".holes")).to_contain_text("not seen for 16 hours")
    expect(card.locator(".holes")).to_contain_text("the device was offline")
    expect(card.locator(".holes")).to_contain_text("1 hole (notifications that never arrived)")
    visit.page.get_by_role("link", name="Four weeks earlier").click()
    expect(visit.page.get_by_role("link", name="Four weeks later")).to_be_visible()


def make_watch(visit: Visit, name: str) -> None:
    visit.go(f"/new-watch?q=%23{COMMUNITY[0]}")
    visit.page.get_by_label("Name").fill(name)
    visit.page.get_by_role("button", name="Save").click()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(name)


def status_of(address: str) -> int:
    try:
        with urlopen(address) as answer:
            return int(answer.status)
    except HTTPError as refused:
        with refused:
            return refused.code
