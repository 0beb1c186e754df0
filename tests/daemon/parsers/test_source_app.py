"""An ordinary app is a file: what it may hold, what of it is refused and why, and how channels are found in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from veilleur.model.errors import CatalogueError
from veilleur.model.kinds import MentionKind
from veilleur.parsers.catalogue import Meaning
from veilleur.parsers.catalogue_loading import catalogues_later, load_catalogues
from veilleur.parsers.source_app import NamePlace, Reader, SourceApp, WordsAre, load_source_app, source_apps

HEAD = 'version = 1\nplatform = "quartier"\npackages = ["org.example.quartier"]\n'
CHANNELS = """
channel_suffix = "_account_"

[[channel]]
id = "posts"
kind = "new_post"
also = ["share"]
words = "target"
evidence = "seen"

[[channel]]
id = "*-advice"
kind = "ignored:recommendation_noise"
evidence = "inferred"

[[channel]]
id = "activity*"
also = ["like", "comment"]
ignored = ["promotion"]
name = "text"
evidence = "inferred"
"""


def app_in(folder: Path, text: str, name: str = "quartier") -> SourceApp:
    path = folder / name / "app.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return load_source_app(path)


def test_an_app_is_named_by_its_folder_and_is_read_as_pushes(tmp_path: Path) -> None:
    app = app_in(tmp_path, HEAD)

    assert (app.name, app.version, app.platform) == ("quartier", 1, "quartier")
    assert app.packages == {"org.example.quartier"}
    assert app.reader is Reader.PUSH
    assert app.channels.find("anything") is None


def test_a_channel_is_found_by_its_id_its_account_or_its_beginning_and_end(tmp_path: Path) -> None:
    app = app_in(tmp_path, HEAD + CHANNELS)
    find = app.channels.find

    posts = find("posts_account_2", app.channel_suffix)
    assert posts is not None
    assert (posts.kind, posts.words, posts.name) == (MentionKind.NEW_POST, WordsAre.TARGET, NamePlace.TITLE)
    assert posts.accepts(Meaning(kind=MentionKind.SHARE))
    assert not posts.accepts(Meaning(kind=MentionKind.LIKE))
    assert posts.accepts(Meaning(ignored="anything"))
    advice, activity = find("7-advice"), find("activity_new")
    assert advice is not None
    assert (advice.kind, advice.noise) == (None, "recommendation_noise")
    assert activity is not None
    assert not activity.accepts(Meaning(ignored="anything"))
    assert activity.accepts(Meaning(ignored="promotion"))
    assert find("my-advice-7") is find(None) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("version = 1\n", "platform"),
        (HEAD.replace("version = 1", "version = 0"), "counts from 1"),
        (HEAD.replace('"quartier"', '"Le Quartier"'), "no name"),
        (HEAD.replace('["org.example.quartier"]', "[]"), "at least one package"),
        (HEAD.replace("org.example.quartier", "quartier"), "no package"),
        (HEAD + 'handle = "(a"\n', "no expression"),
        (HEAD + r'handle = "(?=a)"' + "\n", "no expression"),
        (HEAD + 'profile = "javascript:alert(1)"\n', "no web address"),
        (HEAD + "colour = 1\n", "colour"),
        (HEAD + '[[channel]]\nid = "a"\nkind = "lik"\nevidence = "seen"\n', "channel 1: kind `lik`"),
        (HEAD + '[[channel]]\nid = "a"\nkind = "title"\nevidence = "seen"\n', "channel 1: kind `title`"),
        (HEAD + '[[channel]]\nid = "a"\nkind = "like"\n', "channel 1: .*evidence"),
        (HEAD + '[[channel]]\nid = "a"\nevidence = "seen"\n', "channel 1: name the `kind`"),
        (HEAD + 2 * '[[channel]]\nid = "a"\nkind = "like"\nevidence = "seen"\n', "`a` stands twice"),
    ],
)
def test_a_wrong_app_names_its_file_and_reason(text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=rf"app\.toml.*{reason}"):
        app_in(tmp_path, text)


def test_a_users_app_takes_the_place_of_one_of_its_name(tmp_path: Path) -> None:
    shipped = [app.name for app in source_apps()]
    app_in(tmp_path, HEAD)

    assert sorted({*shipped, "quartier"}) == [app.name for app in source_apps(tmp_path)]


def test_what_an_app_is_is_no_language_of_its_wordings(tmp_path: Path) -> None:
    app_in(tmp_path, HEAD)

    assert load_catalogues("quartier", tmp_path) == {}


def test_a_users_wordings_are_checked_before_they_are_needed(tmp_path: Path) -> None:
    app_in(tmp_path, HEAD)
    (tmp_path / "quartier" / "fr.toml").write_text("nonsense = [", encoding="utf-8")

    with pytest.raises(CatalogueError, match=r"fr\.toml"):
        catalogues_later("quartier", tmp_path)
    assert "fr" in catalogues_later("tiktok", tmp_path)()
