"""A catalogue that is wrong is refused with file, line and reason; a user's own overrides and extends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.daemon.parsers.parser_parts import TIKTOK, envelope_of, only_draft
from veilleur.model.errors import CatalogueError
from veilleur.model.kinds import MentionKind
from veilleur.model.outcome import Ignored, Parsed, Quarantined
from veilleur.parsers.catalogue_checks import check_catalogue
from veilleur.parsers.catalogue_loading import BUILT_IN, folder_state, load_catalogues
from veilleur.parsers.registry import builtin_parsers
from veilleur_bridge.envelope import AppInfo

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
        (entry("{actor} likes", "Ayo likes", kind="amend:edited"), "line 2: kind `amend:edited`"),
        (entry("{actor} likes", "Ayo dislikes"), "line 2: the example does not match"),
        (STARS + STARS, "line 9: id `own_like` stands already at .*line 2"),
        (
            STARS + entry("{actor} liked your video", "Ayo liked your video", name="b"),
            "line 9: the words of `b` are .*`like_",
        ),
        (
            STARS + entry("{target} smiled at your clip", "Ayo smiled", name="b"),
            "line 9: the example does not match",
        ),
        (
            STARS + entry("{actor} sprinkled {target} over your clip", "Ayo sprinkled stars over your clip", name="b"),
            "line 9: the example is read by `own_like`",
        ),
        (STARS + 'since = "newest"\n', "line 2: `newest` is no version"),
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
    own = 'headings = ["Toiminta"]\n' + entry("{actor} tykkäsi videostasi", "Ayo tykkäsi videostasi")
    registry = builtin_parsers(folder_with(tmp_path, own, "fi"))
    fields = {"title": "Toiminta", "text": "Aino K tykkäsi videostasi"}
    draft = only_draft(registry, TIKTOK, fields, locale="fi-FI")
    assert (draft.pattern, draft.actor and draft.actor.name) == ("fi/own_like", "Aino K")


def test_a_users_headings_stand_beside_the_built_in_ones(tmp_path: Path) -> None:
    registry = builtin_parsers(folder_with(tmp_path, 'headings = ["Your week"]\n' + STARS))
    for heading in ("Your week", "New followers"):
        draft = only_draft(registry, TIKTOK, {"title": heading, "text": "a new star", "channel": "digg_push"})
        assert draft.actor is None


def test_a_wording_of_another_version_of_the_app_is_read_where_no_better_one_is(tmp_path: Path) -> None:
    old = entry("{actor} waved at you", "Ayo waved at you", kind="like", name="old") + 'until = "43.1"\n'
    new = entry("{actor} waved at you", "Ayo waved at you", kind="follow", name="new") + 'since = "43.2"\n'
    registry = builtin_parsers(folder_with(tmp_path, old + new))
    envelope = envelope_of(TIKTOK, {"text": "Ayo waved at you"})
    for version, kind in (("43.1.4", MentionKind.LIKE), ("46.6.3", MentionKind.FOLLOW), (None, MentionKind.FOLLOW)):
        outcome = registry.read(replace(envelope, app=AppInfo(TIKTOK, version=version))).outcome
        assert isinstance(outcome, Parsed)
        assert outcome.mentions[0].kind is kind
    only_old = entry("{actor} waved at you", "Ayo waved at you", name="old") + 'until = "43.1"\n'
    later = builtin_parsers(folder_with(tmp_path / "later", only_old))
    assert isinstance(later.read(replace(envelope, app=AppInfo(TIKTOK, version="46.6.3"))).outcome, Parsed)


@pytest.mark.parametrize(
    ("path", "reason"), [("titkok/en.toml", "no parser reads `titkok`"), ("tiktok/English.toml", "language")]
)
def test_a_file_where_nobody_looks_is_refused(path: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / path).parent.mkdir()
    (tmp_path / path).write_text(STARS, encoding="utf-8")
    with pytest.raises(CatalogueError, match=reason):
        builtin_parsers(tmp_path)


def test_the_state_of_a_folder_changes_with_its_files(tmp_path: Path) -> None:
    states = [folder_state(None), folder_state(folder_with(tmp_path, STARS))]
    (tmp_path / "tiktok" / "en.toml").write_text(STARS + "\n", encoding="utf-8")
    states.append(folder_state(tmp_path))
    (tmp_path / "tiktok" / "en.toml").rename(tmp_path / "tiktok" / "vi.toml")
    states.append(folder_state(tmp_path))
    assert len(set(states)) == len(states)


def test_the_guides_example_is_read_as_it_stands(tmp_path: Path) -> None:
    guide = Path(__file__).parents[3] / "docs" / "guides" / "catalogues.md"
    written = guide.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
    draft = only_draft(builtin_parsers(folder_with(tmp_path, written)), TIKTOK, {"text": "Ayo waved at your video"})
    assert (draft.kind, draft.pattern) == (MentionKind.LIKE, "en/own_wave")


@pytest.mark.parametrize("app", sorted(folder.name for folder in BUILT_IN.iterdir()))
def test_the_catalogues_that_ship_pass_the_checks_of_a_users(app: str) -> None:
    for catalogue in load_catalogues(app).values():
        check_catalogue(catalogue)


def test_an_empty_user_folder_changes_nothing(tmp_path: Path) -> None:
    assert load_catalogues("tiktok", tmp_path) == load_catalogues("tiktok")
