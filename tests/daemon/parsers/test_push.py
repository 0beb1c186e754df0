"""The reader of pushes does what an app's description says, and compiles wordings when a notification needs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.daemon.parsers.parser_parts import Fields, envelope_of
from veilleur.model.kinds import Exactness, MentionKind
from veilleur.model.outcome import Draft, Ignored, Outcome, Parsed, Quarantined
from veilleur.parsers.catalogue import Catalogue
from veilleur.parsers.catalogue_loading import load_catalogues
from veilleur.parsers.push import PushParser
from veilleur.parsers.source_app import load_source_app

PACKAGE = "org.example.walks"
APP = f'version = 1\nplatform = "walks"\npackages = ["{PACKAGE}"]\n'
WALKED = """
[[pattern]]
id = "walk"
pattern = "{actor} liked your walk"
kind = "like"
example = "Ayo liked your walk"
evidence = "seen"

[[pattern]]
id = "review"
pattern = "{actor} left a {stars} review of {target}"
kind = "review"
example = "Ayo left a 4-star review of the pier"
evidence = "seen"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "walks").mkdir()
    (tmp_path / "walks" / "en.toml").write_text(WALKED, encoding="utf-8")
    return tmp_path


def parser_of(folder: Path, description: str = "", loaded: list[str] | None = None) -> PushParser:
    path = folder / "walks" / "app.toml"
    path.write_text(APP + description, encoding="utf-8")

    def load() -> dict[str, Catalogue]:
        if loaded is not None:
            loaded.append("walks")
        return load_catalogues("walks", folder)

    return PushParser(load_source_app(path), load)


def read(parser: PushParser, fields: Fields) -> Outcome:
    return parser.parse(envelope_of(PACKAGE, fields))


def draft_of(outcome: Outcome) -> Draft:
    assert isinstance(outcome, Parsed), outcome
    (draft,) = outcome.mentions
    return draft


def test_wordings_are_compiled_once_and_only_when_words_are_read(folder: Path) -> None:
    loaded: list[str] = []
    parser = parser_of(folder, '[[channel]]\nid = "ads"\nkind = "ignored:noise"\nevidence = "seen"\n', loaded)
    assert parser.packages == {PACKAGE}
    assert read(parser, {"title": "Walks", "text": "5 % off", "channel": "ads"}) == Ignored("noise")
    assert loaded == []
    for _ in range(2):
        assert draft_of(read(parser, {"text": "Ayo liked your walk"})).kind is MentionKind.LIKE
    assert loaded == ["walks"]


def test_a_title_tells_only_where_the_description_says_so(folder: Path) -> None:
    fields = {"title": "Ayo liked your walk", "text": "along the pier"}
    assert read(parser_of(folder), fields) == Quarantined("unknown_wording")
    draft = draft_of(read(parser_of(folder, "titles_tell = true\n"), fields))
    assert (draft.actor and draft.actor.name, draft.target, draft.body) == ("Ayo", "along the pier", None)


def test_a_heading_of_the_description_is_no_name(folder: Path) -> None:
    draft = draft_of(
        read(parser_of(folder, 'headings = ["My walks"]\n'), {"title": "My walks", "text": "liked your walk"})
    )
    assert draft.actor is None


def test_a_channel_may_say_where_the_name_stands_and_what_its_words_are(folder: Path) -> None:
    channel = '[[channel]]\nid = "walks*"\nkind = "new_post"\nname = "text"\nwords = "target"\nevidence = "seen"\n'
    draft = draft_of(read(parser_of(folder, channel), {"title": "Along the pier", "text": "Ayo", "channel": "walks_7"}))
    assert (draft.actor and draft.actor.name, draft.target) == ("Ayo", "Along the pier")
    assert (draft.pattern, draft.confidence) == ("channel/walks", 0.8)


def test_words_beside_a_channel_that_is_silent_of_them_are_half_sure(folder: Path) -> None:
    channel = '[[channel]]\nid = "walks"\nkind = "new_post"\nevidence = "seen"\n'
    draft = draft_of(read(parser_of(folder, channel), {"title": "Ayo", "text": "Along the pier", "channel": "walks"}))
    assert (draft.target, draft.body, draft.confidence) == (None, None, 0.5)


def test_a_finer_category_is_asked_before_the_channel(folder: Path) -> None:
    description = (
        'category_extra = "push_category"\n'
        '[[channel]]\nid = "all"\nkind = "comment"\nevidence = "seen"\n'
        '[[category]]\nid = "tip"\nkind = "ignored:tip"\nevidence = "seen"\n'
    )
    parser = parser_of(folder, description)
    fields = {"title": "Ayo", "text": "nice", "channel": "all"}
    assert draft_of(read(parser, fields)).kind is MentionKind.COMMENT
    assert read(parser, {**fields, "extras": {"push_category": "tip"}}) == Ignored("tip")


def test_a_record_without_a_text_means_what_the_description_says(folder: Path) -> None:
    assert read(parser_of(folder), {"title": "Ayo"}) == Quarantined("unknown_wording")
    walking = parser_of(folder, 'without_text = "new_post"\n')
    assert draft_of(read(walking, {"title": "Ayo"})).kind is MentionKind.NEW_POST
    assert read(walking, {}) == Quarantined("no_words")
    assert read(walking, {"title": "Ayo", "text": "along the pier"}) == Quarantined("unknown_wording")
    assert read(parser_of(folder, 'without_text = "ignored:limitation"\n'), {}) == Ignored("limitation")


def test_a_review_without_words_has_its_rating_as_words(folder: Path) -> None:
    parser = parser_of(folder, 'search = "https://walks.example/?q={target}"\n')
    for stars in ("4-star", "4,5 stars", "★★★☆☆", "4/5", "⭐️⭐️"):
        draft = draft_of(read(parser, {"text": f"Ayo left a {stars} review of the pier"}))
        assert (draft.kind, draft.body, draft.target, draft.count) == (MentionKind.REVIEW, stars, "the pier", None)
        assert draft.open is not None
        assert (draft.open.url, draft.open.exactness) == ("https://walks.example/?q=the%20pier", Exactness.SEARCH)
    assert read(parser, {"text": "Ayo left a glowing review of the pier"}) == Quarantined("unknown_wording")


def test_what_is_of_kind_other_keeps_its_words_and_no_count(folder: Path) -> None:
    """Broken line: `_words` without its case of kind `other`; it reported no body. With the count kept: 12."""
    with (folder / "walks" / "en.toml").open("a", encoding="utf-8") as catalogue:
        catalogue.write(
            '[[pattern]]\nid = "seen"\npattern = "Your walk of {target} stands on {count} maps"\nkind = "other"\n'
            'example = "Your walk of the pier stands on 12 maps"\nevidence = "seen"\n'
        )
    draft = draft_of(read(parser_of(folder), {"text": " Your walk of the pier stands on 12 maps"}))
    assert (draft.body, draft.target, draft.count) == ("Your walk of the pier stands on 12 maps", "the pier", None)

    titled = parser_of(folder, "titles_tell = true\n")
    draft = draft_of(read(titled, {"title": "Your walk of the pier stands on 12 maps", "text": "See them all"}))
    assert (draft.body, draft.count) == ("Your walk of the pier stands on 12 maps", None)


def test_what_a_channel_tells_of_kind_other_keeps_its_words(folder: Path) -> None:
    """Broken line: `_WORDED_OR_OTHER` without `other`; it reported no body."""
    channel = '[[channel]]\nid = "tips"\nkind = "other"\nevidence = "seen"\n'
    draft = draft_of(read(parser_of(folder, channel), {"title": "Ayo", "text": "Along the pier", "channel": "tips"}))
    assert (draft.kind, draft.body) == (MentionKind.OTHER, "Along the pier")


def test_a_handle_is_read_out_of_the_shown_name(folder: Path) -> None:
    description = "handle = '(?:.* )?@([a-z_]{2,9})'\nprofile = \"https://walks.example/{handle}\"\n"
    parser = parser_of(folder, description)
    for shown, handle in (("@ayo_k", "ayo_k"), ("Ayo K @ayo_k", "ayo_k"), ("Ayo @ K", None)):
        draft = draft_of(read(parser, {"text": f"{shown} liked your walk"}))
        assert draft.actor is not None
        assert (draft.actor.name, draft.actor.handle) == (shown, handle)
        assert draft.open is not None
        assert draft.open.url == (f"https://walks.example/{handle}" if handle else None)
