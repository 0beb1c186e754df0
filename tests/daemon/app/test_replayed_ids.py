"""The same log makes the same ids in every database, also of a record that tells no time."""

from __future__ import annotations

import json
from pathlib import Path

from veilleur.app.replaying import ReplayOptions, replay_files
from veilleur.app.settings import Settings
from veilleur.model.identity import MentionId
from veilleur.model.scope import Scope
from veilleur.query.expression import EVERYTHING
from veilleur.store.mentions import every_mention
from veilleur.store.opening import open_database


def timeless(package: str, key: str, title: str, content: str) -> dict[str, str]:
    """Return what Termux prints of a notification whose app set no time."""
    return {"packageName": package, "key": key, "title": title, "content": content, "when": "1970-01-01 01:00:00"}


LIST = [
    timeless("com.zhiliaoapp.musically", "0|com.zhiliaoapp.musically|1|null|1", "TikTok", "Nadia commented: cold soup"),
    timeless("com.whatsapp", "0|com.whatsapp|2|null|1", "Nadia", "the soup was cold"),
    timeless("org.example.press", "0|org.example.press|3|null|1", "Press", "Soup is cold all over town"),
]


def ids_of(folder: Path, log: Path) -> list[MentionId]:
    """Replay a log into an empty database; return the ids of its mentions."""
    settings = Settings(data_dir=folder)
    replay_files(settings, [log], ReplayOptions(device="salon-1"), lambda _progress: None)
    database = open_database(settings.effective_database_url)
    found = sorted(mention.id for mention in every_mention(database, Scope(may_read_private=True), EVERYTHING))
    database.close()
    return found


def test_a_log_without_times_makes_the_same_ids_twice(tmp_path: Path) -> None:
    log = tmp_path / "list.json"
    log.write_text(json.dumps(LIST))

    first, second = ids_of(tmp_path / "first", log), ids_of(tmp_path / "second", log)

    assert len(first) >= 2
    assert first == second
