"""The report of the sample week in a real browser: on paper, in both languages, asking nobody for anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import running_chromium
from tests.daemon.reports.sample_week import LOGO, WORDS, sample_week, week_report
from veilleur.model.report import Report
from veilleur.reports.logo import logo_address
from veilleur.reports.rendering import Presentation, report_page
from veilleur.wording.languages import Language

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
_PAGE = re.compile(rb"/Type\s*/Page\b")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    """Give the report of the sample's week, made before any browser runs."""
    with sample_week(tmp_path_factory.mktemp("week")) as database:
        yield week_report(database)


@pytest.fixture(scope="module")
def paper(report: Report) -> Iterator[Browser]:
    """Give a browser that ends with the module."""
    assert report.volume.count
    with running_chromium() as browser:
        yield browser


@pytest.mark.parametrize(("language", "heading"), [(Language.FRENCH, "Angles morts"), (Language.ENGLISH, "not seen")])
def test_a_report_fits_its_paper_and_asks_for_nothing(
    paper: Browser, report: Report, tmp_path: Path, language: Language, heading: str
) -> None:
    file = tmp_path / "report.html"
    shown = Presentation(language=language, words=WORDS[language], logo=logo_address(LOGO))
    file.write_text(report_page(report, shown), "utf-8")
    asked: list[str] = []
    troubles: list[str] = []
    page = paper.new_page(viewport={"width": 794, "height": 1123})
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: troubles.append(said.text))
    page.goto(file.as_uri())

    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert troubles == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("header img").evaluate("image => image.naturalWidth") > 0
    assert page.locator("h2", has_text=heading).count() == 1
    assert 2 <= len(_PAGE.findall(page.pdf(prefer_css_page_size=True, print_background=True))) <= 4
    page.close()
