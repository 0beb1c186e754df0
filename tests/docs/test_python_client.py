"""The guide to the typed client: its programs run, in their order, against a server that holds the sample."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.architecture.source_file import PROJECT
from tests.daemon.api.sample_server import sample_database
from tests.servers.ports import free_port
from veilleur.app.serving import running_server
from veilleur.app.settings import load_settings
from veilleur.model.scope import Scope, TokenScope
from veilleur.store.tokens import create_token

GUIDE = PROJECT / "docs" / "guides" / "python-client.md"
_PROGRAM = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)


def test_every_program_of_the_guide_runs_and_says_what_it_should(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    programs = _PROGRAM.findall(GUIDE.read_text())
    with sample_database(tmp_path) as database:
        scopes = frozenset({TokenScope.READ_MENTIONS, TokenScope.READ_PRIVATE})
        _, token = create_token(database, Scope(), "guide", scopes, now=datetime.now(UTC))
        monkeypatch.setenv("VEILLEUR_TOKEN", token)
        with running_server(load_settings(http_port=free_port()), database, tuple) as address:
            monkeypatch.setenv("VEILLEUR_SERVER", address)
            names: dict[str, object] = {}
            for program in programs:
                exec(compile(program, str(GUIDE), "exec"), names)  # the guide's own words are what is tested

    said = capsys.readouterr().out
    assert len(programs) == 4
    for words in ("#pouletrose", " of ", "offline", "dans la langue fr", "column 6 expected", "veilleur token create"):
        assert words in said, words
    assert token not in said
