"""The guides and the concepts show what they print, in both languages the same."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from tests.architecture.source_file import PROJECT
from tests.docs.markdown_page import Page
from tests.docs.newcomer import Newcomer
from tests.servers.daemon import Daemon

DOCS = PROJECT / "docs"
FIRST_STEPS = Page(DOCS / "guides" / "first-steps.md")
PREMIERS_PAS = Page(DOCS / "guides" / "premiers-pas.md")
WITHOUT_THE_APP = Page(DOCS / "guides" / "without-the-app.md")
SANS_L_APPLICATION = Page(DOCS / "guides" / "sans-l-application.md")
COVERAGE = Page(DOCS / "guides" / "coverage.md")
COMPLETUDE = Page(DOCS / "guides" / "completude.md")
CONNECT_A_DEVICE = Page(DOCS / "guides" / "connect-a-device.md")
CONNECTER_UN_APPAREIL = Page(DOCS / "guides" / "connecter-un-appareil.md")
NEW_WORDINGS = Page(DOCS / "guides" / "new-wordings.md")
LIBELLES_CHANGES = Page(DOCS / "guides" / "libelles-changes.md")
TABLET = Page(DOCS / "guides" / "tablet.md")
TABLETTE = Page(DOCS / "guides" / "tablette.md")
A_NEW_APP = Page(DOCS / "guides" / "a-new-app.md")
UNE_NOUVELLE_APPLICATION = Page(DOCS / "guides" / "une-nouvelle-application.md")
IMPORT_THE_PAST = Page(DOCS / "guides" / "import-the-past.md")
IMPORTER_LE_PASSE = Page(DOCS / "guides" / "importer-le-passe.md")
CAMPAIGNS = Page(DOCS / "guides" / "campaigns.md")
CAMPAGNES = Page(DOCS / "guides" / "campagnes.md")
EXPORTS = Page(DOCS / "guides" / "exports.md")
EXPORTER = Page(DOCS / "guides" / "exporter.md")
WATCHES = Page(DOCS / "guides" / "watches.md")
VEILLES = Page(DOCS / "guides" / "veilles.md")
FEEDS = Page(DOCS / "guides" / "feeds.md")
FLUX = Page(DOCS / "guides" / "flux.md")
REPORTS = Page(DOCS / "guides" / "reports.md")
REVUES = Page(DOCS / "guides" / "revues.md")
TRENDS = Page(DOCS / "guides" / "trends.md")
TENDANCES = Page(DOCS / "guides" / "tendances.md")
WATCH_PLAN = Page(DOCS / "guides" / "watch-plan.md")
ALERTS = Page(DOCS / "guides" / "alerts.md")
ALERTES = Page(DOCS / "guides" / "alertes.md")
PROJECTS = Page(DOCS / "guides" / "projects.md")
PROJETS = Page(DOCS / "guides" / "projets.md")
TWINS = [
    (FIRST_STEPS, PREMIERS_PAS),
    (WITHOUT_THE_APP, SANS_L_APPLICATION),
    (COVERAGE, COMPLETUDE),
    (CONNECT_A_DEVICE, CONNECTER_UN_APPAREIL),
    (NEW_WORDINGS, LIBELLES_CHANGES),
    (TABLET, TABLETTE),
    (A_NEW_APP, UNE_NOUVELLE_APPLICATION),
    (IMPORT_THE_PAST, IMPORTER_LE_PASSE),
    (CAMPAIGNS, CAMPAGNES),
    (EXPORTS, EXPORTER),
    (WATCHES, VEILLES),
    (FEEDS, FLUX),
    (REPORTS, REVUES),
    (TRENDS, TENDANCES),
    (ALERTS, ALERTES),
    (PROJECTS, PROJETS),
]
ENGLISH_OF = {french.path.name: english.path.name for english, french in TWINS}
FRENCH = pytest.mark.parametrize("page", [french for _, french in TWINS], ids=lambda page: page.path.stem)
WHAT_A_MENTION_IS = Page(DOCS / "concepts" / "what-a-mention-is.md")

_UNBOUND = re.compile(r" [:;!?»%]|«(?!\u00a0)|(?<!\u00a0)»|\w[:;!?](?=\s|$)")
_NOT_OUR_FRENCH = re.compile(r"\b(tu|ton|ta|tes|couverture|watch|ticket|sentiment|dispositif|auteur)\b", re.IGNORECASE)


@pytest.mark.parametrize(
    "page",
    [FIRST_STEPS, PREMIERS_PAS, COVERAGE, WATCHES, FEEDS, ALERTS, EXPORTS, WATCH_PLAN, WHAT_A_MENTION_IS],
    ids=lambda page: page.path.stem,
)
def test_a_page_shows_what_it_prints(page: Page, daemon: Daemon) -> None:
    Newcomer(daemon, zone="Europe/Paris").follow(page)


@pytest.mark.parametrize(("english", "french"), TWINS, ids=lambda page: page.path.stem)
def test_both_languages_show_the_same_boxes_tables_and_links(english: Page, french: Page) -> None:
    assert [(step.command, step.printed) for step in english.steps] == [
        (step.command, step.printed) for step in french.steps
    ]
    assert len(english.headings) == len(french.headings)
    assert numbers(english) == numbers(french)
    assert [block.lines for block in english.blocks] == [block.lines for block in french.blocks]
    assert len(english.text.split("\n|")) == len(french.text.split("\n|"))
    assert french.path.name in english.links
    assert english.path.name in french.links
    assert in_english(english.links) == in_english(french.links)


def in_english(links: Iterable[str]) -> set[str]:
    """Return what a page links to, by the English name of each: a French page may lead to French ones."""
    return {ENGLISH_OF.get(link, link.replace(".fr.png", ".png")) for link in links}


def numbers(page: Page) -> list[str]:
    """Return the figures of a page's tables, in order."""
    return re.findall(r"\| (\d+) \|", page.text)


def test_the_counts_that_a_guide_explains_are_those_it_prints() -> None:
    printed = "\n".join(FIRST_STEPS.steps[2].printed)

    assert numbers(FIRST_STEPS) == re.findall(r"(?:parsed|ignored|quarantined|dead) +(\d+)", printed)


@FRENCH
def test_french_keeps_its_punctuation_with_the_word_before_it(page: Page) -> None:
    lines = enumerate(page.prose.splitlines(), start=1)

    assert [(number, found[0]) for number, line in lines if (found := _UNBOUND.search(line))] == []


@FRENCH
def test_french_says_vous_and_no_other_word_than_the_glossarys(page: Page) -> None:
    assert _NOT_OUR_FRENCH.findall(page.prose) == []
    assert "vous" in page.prose


def test_french_uses_the_glossarys_words() -> None:
    for word in ("non comprises", "un compte", "citations (@)"):
        assert word in PREMIERS_PAS.text
    for word in ("complétude", "angles morts", "non comprises", "libellé changé"):
        assert word in COMPLETUDE.text
    for word in ("Libellés changés", "non comprises"):
        assert word in LIBELLES_CHANGES.text


@pytest.mark.parametrize("text", ["prêt : oui", "prêt: oui", "« oui\u00a0»", "«\u00a0oui »", "vraiment ?"])
def test_french_set_in_the_english_way_would_be_found(text: str) -> None:
    assert _UNBOUND.search(text)
