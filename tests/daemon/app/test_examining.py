"""What doctor says of a database that it cannot open."""

from __future__ import annotations

from pathlib import Path

import pytest

from veilleur.app.examining import examine
from veilleur.app.settings import Settings


@pytest.mark.fault
@pytest.mark.parametrize(
    ("content", "said", "advice"),
    [
        (b"no database, but long enough to be taken for one" * 30, "is damaged", "restore a backup"),
        (None, "unable to open", None),
    ],
)
def test_a_backup_is_advised_for_damage_alone(
    tmp_path: Path, content: bytes | None, said: str, advice: str | None
) -> None:
    file = tmp_path / "veilleur.db"
    file.mkdir() if content is None else file.write_bytes(content)

    (finding,) = examine(Settings(data_dir=tmp_path))

    assert not finding.is_ok
    assert said in finding.detail
    assert finding.advice == advice
