"""A catalogue that is wrong is refused with file, line and reason; a user's own overrides and extends."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.daemon.parsers.parser_parts import TIKTOK, envelope_of, only_draft
from veilleur.model.errors import CatalogueError
from veilleur.model.kinds import MentionKind
from veilleur.model.outcome import Ignored, Quarantined
from veilleur.parsers.catalogue import load_catalogues
from veilleur.parsers.registry import builtin_parsers

ENTRY = """
[[pattern]]
id = "{id}"
pattern = "{pattern}"
kind = "{kind}"
example = "{example}"
evidence = "seen"
"""


def entry(pattern: str, example: str, kind: str = "like", name: str = "own_like") -> str:
    return ENTRY.format(id=name, pattern=pattern, kind=kind, example=example)


def folder_with(folder: Path, text: str, language: str = "en") -> Path:
    path = folder / "tiktok" / f"{language}.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return folder


STARS = entry("{actor} sprinkled stars over your clip", "Ayo sprinkled stars over your clip")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[pattern]\n", "line 1"),
        ("\n\n" + entry("{who} likes", "Ayo likes"), r"line 4: unknown slot \{who\}"),
        (entry("{actor}{body}", "x"), "line 2: two slots need words between them"),
        (entry("{actor} {body}", "Ayo x"), "line 2: a pattern of slots alone"),
        (entry("{actor} likes", "Ayo likes", kind="lik"), "line 2: kind `lik`"),
        (entry("{actor} likes", "Ayo likes", kind="ignored:"), "line 2: kind `ignored:`"),
        (entry("{actor} likes", "Ayo dislikes"), "line 2: the example does not match"),
        (STARS + STARS, "line 9: id `own_like` stands already at .*line 2"),
        (STARS + entry("{actor} liked your video", "Ayo liked your video", name="b"), "line 9: the example is read by"),
        (STARS.replace("evidence", "proof"), "line 2: .*evidence|line 2: .*proof"),
        (STARS.replace('"seen"', '"maybe"'), "line 2: .*maybe"),
        ('pattern = [{id = "a"}]\n', "under a line"),
        ("colour = 1\n", "colour"),
        (entry("{actor} likes {count}", "Ayo likes 2") + "media = 3\n", "line 2: .*media"),
    ],
)
def test_a_wrong_catalogue_names_its_place_and_reason(text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=rf"en\.toml.*{reason}"):
        builtin_parsers(folder_with(tmp_path, text))


def test_a_users_folder_extends_the_built_in_catalogue(tmp_path: Path) -> None:
    fields = {"title": "TikTok", "text": "Ayo sprinkled stars over your clip"}
    assert builtin_parsers().read(envelope_of(TIKTOK, fields)).outcome == Quarantined("unknown_wording")
    own = builtin_parsers(folder_with(tmp_path, STARS))
    assert only_draft(own, TIKTOK, fields).kind is MentionKind.LIKE
    assert only_draft(own, TIKTOK, {"text": "Ayo liked your video."}).pattern == "en/like_video"


def test_a_users_entry_takes_the_place_of_the_built_in_one(tmp_path: Path) -> None:
    own = entry("{actor} liked your video", "Ayo liked your video", kind="ignored:not_wanted", name="like_video")
    registry = builtin_parsers(folder_with(tmp_path, own))
    outcome = registry.read(envelope_of(TIKTOK, {"text": "Ayo liked your video."})).outcome
    assert outcome == Ignored("not_wanted")


def test_a_user_may_bring_another_language(tmp_path: Path) -> None:
    own = 'headings = ["Hoạt động"]\n' + entry("{actor} đã thích video của bạn", "Ayo đã thích video của bạn")
    registry = builtin_parsers(folder_with(tmp_path, own, "vi"))
    fields = {"title": "Hoạt động", "text": "Minh An đã thích video của bạn"}
    draft = only_draft(registry, TIKTOK, fields, locale="vi-VN")
    assert (draft.pattern, draft.actor and draft.actor.name) == ("vi/own_like", "Minh An")


def test_a_users_headings_stand_beside_the_built_in_ones(tmp_path: Path) -> None:
    registry = builtin_parsers(folder_with(tmp_path, 'headings = ["Your week"]\n' + STARS))
    for heading in ("Your week", "New followers"):
        draft = only_draft(registry, TIKTOK, {"title": heading, "text": "a new star", "channel": "digg_push"})
        assert draft.actor is None


def test_an_empty_user_folder_changes_nothing(tmp_path: Path) -> None:
    assert load_catalogues("tiktok", tmp_path) == load_catalogues("tiktok")
