"""What a person does: search with completion, by the keys alone, and watch mentions come in, also over a restart."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Browser, Route, StorageState, expect

from tests.architecture.source_file import PROJECT
from tests.browser.conftest import PASSWORD
from tests.browser.visit import PATIENCE_MS, Visit, visiting
from tests.servers.daemon import Daemon
from tests.waiting import until
from veilleur.store.instants import to_ms

_ASKED = 5
_NOTE_WHEN_SHOWN = """
window.shown_ms = {};
new MutationObserver(() => {
  for (const one of document.querySelectorAll(".mention .words")) window.shown_ms[one.textContent] ??= Date.now();
}).observe(document.querySelector("#stream"), {childList: true, subtree: true});
"""

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def visit(chromium: Browser, house: Daemon, administrator: StorageState) -> Iterator[Visit]:
    """Give the stream in a window of the administrator."""
    with visiting(chromium, house.url, state=administrator) as visit:
        visit.go("/")
        yield visit


def play_comment(house: Daemon, words: str, seq: int) -> None:
    """Play a log of one comment of now into the daemon's database: an older one may lie below what a page loads."""
    made = json.loads((PROJECT / "samples" / "one-comment.jsonl").read_text(encoding="utf-8"))
    at = datetime.now(UTC)
    made |= {"id": f"comment-{seq}", "epoch": "cafe", "seq": seq}
    made["captured_at"] = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    told = {"when_ms": to_ms(at), "posted_at_ms": to_ms(at), "text": f"lou a commenté : {words}"}
    made["notification"] |= {"key": f"0|com.zhiliaoapp.musically|{seq}|null|1", **told}
    log = Path(house.installation.folder) / f"comment-{seq}.jsonl"
    log.write_text(json.dumps(made) + "\n", encoding="utf-8")
    played = house.installation.run("replay", str(log))
    assert played.code == 0, played.err


def test_a_mention_appears_by_itself_also_after_the_daemon_restarted(visit: Visit, house: Daemon) -> None:
    live = visit.page.locator("#live")
    expect(live).to_have_attribute("data-state", "on", timeout=PATIENCE_MS)
    first = visit.page.locator(".mention .words").first.inner_text()

    play_comment(house, "premier mot en direct", 1)
    expect(visit.page.get_by_text("premier mot en direct")).to_be_visible(timeout=PATIENCE_MS)
    house.restart()
    play_comment(house, "second mot en direct", 2)
    expect(visit.page.get_by_text("second mot en direct")).to_be_visible(timeout=PATIENCE_MS)

    expect(live).to_have_attribute("data-state", "on", timeout=PATIENCE_MS)
    assert visit.page.get_by_text(first, exact=True).count() >= 1
    assert visit.page.locator(".mention", has_text="mot en direct").count() == 2


def test_the_live_line_comes_again_after_an_answer_that_is_none(visit: Visit, house: Daemon) -> None:
    """A browser tries again where a line was cut, and gives up for good where a proxy or a busy database answered.

    Broken line: `onerror` without `setTimeout(follow, …)`; it reported `[]`, and the page said that it tried again.
    """
    page, refused = visit.page, list[str]()

    def refuse_once(route: Route) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route.request.url)
            route.fulfill(status=503, body="")

    page.route("**/stream/live?**", refuse_once)
    visit.go("/?q=%23wieder")
    play_comment(house, "encore #wieder", 5)

    expect(page.locator(".mention .words")).to_have_text(["encore #wieder"])
    expect(page.locator("#live")).to_have_attribute("data-state", "on")
    assert len(refused) == 1


TOLD_LATE = """
const ask = window.fetch;
window.fetch = async (...about) => {
  const answer = await ask(...about);
  if (about[0] === "/preferences") {
    document.body.dataset.isTold = "true";
    await new Promise((go) => { window.letGo = go; });
  }
  return answer;
};
"""


def test_times_are_not_written_anew_under_somebody_s_hands(visit: Visit) -> None:
    """The browser's time zone is told late, while somebody has opened the menu already.

    Broken line: reloaded whoever had begun; it reported that a navigation had destroyed the page, the menu with it.
    """
    page, loaded = visit.page, list[str]()
    page.context.clear_cookies(name="veilleur_zone")
    page.add_init_script(TOLD_LATE)
    visit.go("/watches")
    page.locator("body[data-is-told]").wait_for()
    page.on("request", lambda one: loaded.append(one.url) if one.is_navigation_request() else None)
    page.locator(".account summary").press("Enter")
    page.evaluate("letGo()")

    assert page.evaluate("fetch('/conversations').then((answer) => answer.status)") == 200
    assert loaded == []
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    visit.go("/watches")
    expect(page.locator("body")).to_have_attribute("data-zone", "Europe/Paris")


def received_ms(house: Daemon, seq: int) -> int:
    """Return when a comment of `play_comment` was received, before it was read and committed."""
    where = f"file:{house.installation.data_dir / 'veilleur.db'}?mode=ro"
    with closing(sqlite3.connect(where, uri=True)) as database:
        query = "SELECT received_at FROM notifications WHERE epoch = 'cafe' AND seq = ?"
        return int(database.execute(query, (seq,)).fetchone()[0])


def test_a_mention_is_on_the_page_within_a_second(visit: Visit, house: Daemon) -> None:
    """Broken line: the server looked for news each 3 s (`LOOK_EVERY_S`); it reported [2001, 2675, 2984, 2764, 677]."""
    page = visit.page
    expect(page.locator("#live")).to_have_attribute("data-state", "on", timeout=PATIENCE_MS)
    page.evaluate(_NOTE_WHEN_SHOWN)
    took_ms = []
    for seq in range(11, 11 + _ASKED):
        play_comment(house, f"aussitôt {seq}", seq)
        expect(page.locator(".mention", has_text=f"aussitôt {seq}")).to_be_visible(timeout=PATIENCE_MS)
        took_ms.append(page.evaluate("window.shown_ms")[f"aussitôt {seq}"] - received_ms(house, seq))

    assert 0 < median(took_ms) <= 1_000, took_ms


def test_a_query_shows_only_what_it_asks_for_as_it_arrives(visit: Visit, house: Daemon) -> None:
    visit.go("/?q=%23seulement")
    expect(visit.page.locator("#live")).to_have_attribute("data-state", "on", timeout=PATIENCE_MS)

    play_comment(house, "autre chose", 3)
    play_comment(house, "oui #seulement", 4)

    expect(visit.page.locator(".mention .words")).to_have_text(["oui #seulement"], timeout=PATIENCE_MS)


def test_a_query_is_completed_and_sent_by_the_keys_alone(visit: Visit) -> None:
    page = visit.page
    page.keyboard.press("/")
    page.keyboard.type("kin")
    expect(page.get_by_role("option").first).to_contain_text("kind:")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#q")).to_have_value("kind:")
    page.keyboard.type("foll")
    expect(page.get_by_role("option")).to_have_count(2)
    expect(page.get_by_role("option").first).to_contain_text("kind:follow")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=kind*follow*")
    assert set(page.locator(".mention .kind").all_inner_texts()) == {"new follower"}
    assert visit.troubles == []


def test_what_was_typed_since_the_list_came_is_part_of_the_word_that_a_choice_completes(visit: Visit) -> None:
    """Seen to catch a choice that was put before it: `kind:kin`."""
    page = visit.page
    page.route("**/stream/completions?q=k*", lambda route: route.abort())
    page.keyboard.press("/")
    offered = page.get_by_role("option").filter(has_text="kind:").first
    expect(offered).to_be_visible()
    page.keyboard.type("kin")

    offered.click()

    expect(page.locator("#q")).to_have_value("kind:")


def test_escape_keeps_what_was_typed_and_away_the_list_that_is_still_coming(visit: Visit) -> None:
    """Broken line: `closeList` and the key `Escape` that know of no answer on its way; it reported an empty field."""
    page, late = visit.page, list[Route]()

    def hold(route: Route) -> None:
        late.append(route)

    page.route("**/stream/completions?**", hold)
    page.keyboard.press("/")
    page.keyboard.type("kin")
    until(lambda: page.title() and len(late) == 4, within_seconds=PATIENCE_MS / 1_000, what="each key is asked for")
    page.keyboard.press("Escape")
    with page.expect_response("**/stream/completions?q=kin**"):
        for route in late:
            route.continue_()
    page.unroute("**/stream/completions?**")

    assert page.evaluate("fetch('/conversations').then((answer) => answer.status)") == 200
    expect(page.locator("#q")).to_have_value("kin")
    expect(page.locator("#completions")).to_be_hidden()
    page.keyboard.type("d")
    expect(page.get_by_role("option").first).to_contain_text("kind:")


def test_an_error_stands_at_its_column_and_leads_there(visit: Visit) -> None:
    visit.go("/?q=plastique+kind:nonsense")
    expect(visit.page.get_by_role("alert")).to_contain_text("column 16")
    assert visit.page.locator("mark").inner_text() == "nonsense"

    visit.page.get_by_role("button", name="Go to the place").click()

    assert visit.page.locator("#q").evaluate("field => [field.selectionStart, field.value.length]") == [15, 23]


def test_the_keys_walk_through_the_stream_and_open_a_mention(visit: Visit) -> None:
    page = visit.page
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
    first = page.locator(".mention").first
    expect(first).to_be_focused()

    page.keyboard.press("Enter")

    page.wait_for_url("**/mentions/*")
    expect(page.get_by_role("heading", name="How it was read")).to_be_visible()


def test_older_mentions_come_by_themselves_each_once(visit: Visit) -> None:
    rows, end = visit.page.locator(".mention"), visit.page.locator(".end")

    def looks_for_more() -> bool:
        visit.page.keyboard.press("End")
        return end.count() == 1

    until(looks_for_more, within_seconds=5 * PATIENCE_MS / 1_000, what="the first mention of all is reached")
    ids = rows.evaluate_all("rows => rows.map((row) => row.id)")
    assert len(ids) == len(set(ids)) > 100
    days = visit.page.locator(".day").evaluate_all("days => days.map((day) => day.dataset.day)")
    assert days == sorted(set(days), reverse=True)


def test_signing_in_and_out_needs_no_mouse(chromium: Browser, house: Daemon, administrator: StorageState) -> None:
    assert administrator
    with visiting(chromium, house.url) as visit:
        visit.go("/conversations")
        page = visit.page
        expect(page.get_by_label("Name")).to_be_focused()
        page.keyboard.type("Nadia")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/conversations")
        page.locator("body[data-zone='Europe/Paris']").wait_for()
        page.locator(".account summary").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Sign out").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/sign-in")
        assert visit.troubles == []


def test_a_language_and_colours_are_chosen_and_kept(visit: Visit) -> None:
    page = visit.page
    page.locator(".account summary").click()
    page.get_by_role("button", name="Français").click()
    page.locator("html[lang='fr']").wait_for()
    page.locator(".account summary").click()
    page.get_by_role("button", name="Sombre").click()
    page.locator("html[data-theme='dark']").wait_for()

    visit.go("/devices")

    assert page.locator("html").get_attribute("lang") == "fr"
    assert visit.troubles == []


def test_a_tablet_s_code_is_shown_on_the_page(visit: Visit) -> None:
    visit.go("/devices")
    visit.page.get_by_label("Name of the device").fill("salon-9")
    visit.page.get_by_label("over a USB cable").check()
    expect(visit.page.get_by_label("Open the broker")).not_to_be_checked()
    visit.page.get_by_role("button", name="Show a code").click()

    visit.page.get_by_role("img", name="Pairing code as a QR code").wait_for()
    expect(visit.page.frame_locator("iframe").get_by_role("status")).to_contain_text("Waiting for the tablet")
    assert visit.violations() == []
    assert visit.troubles == []
