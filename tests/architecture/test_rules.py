"""Each rule finds what it is for in a small bad sample, and nothing in its good twin."""

from __future__ import annotations

import re
import shutil
from pathlib import Path, PurePosixPath

import pytest

from tests.architecture import habits, repetition, sizes, words
from tests.architecture.contracts import lint_imports
from tests.architecture.source_file import PROJECT, Rule, SourceFile
from tests.architecture.tracked_text import forbidden_text

SAMPLE = "daemon/veilleur/store/sample.py"
TEST_SAMPLE = "tests/test_sample.py"


def lines(count: int, indent: str = "") -> str:
    """Write that many statements."""
    return f"{indent}x = 1\n" * count


def methods(count: int) -> str:
    """Write a class with that many public methods, and a private one."""
    return "class C:\n    def _p(self): ...\n" + "".join(f"    def m{n}(self): ...\n" for n in range(count))


def field(name: str, kind: str) -> str:
    """Write a record with one field."""
    return f"class C:\n    {name}: {kind}\n"


def caught(handler: str) -> str:
    """Write a function with one handler."""
    return f"def f():\n    try:\n        g()\n    {handler}:\n        h()\n"


PAIRS: list[tuple[Rule, str, str]] = [
    (sizes.file_is_short, lines(401), lines(400)),
    (sizes.functions_are_short, "def f():\n" + lines(50, "    "), "def f():\n" + lines(49, "    ")),
    (sizes.classes_are_small, methods(11), methods(10)),
    (sizes.comments_are_few, "# a\n# b\n" + lines(31), "# a\n# b\n" + lines(32)),
    (sizes.module_says_its_place, '""\nx = 1\n', '"""Where it stands."""\nx = 1\n'),
    (sizes.module_says_its_place, "x = 1\n", ""),
    (words.identifiers_follow_the_glossary, "def find_author(): ...\n", "def find_actor(): ...\n"),
    (words.identifiers_follow_the_glossary, "class PostAuthor: ...\n", "class Authority: ...\n"),
    (words.identifiers_follow_the_glossary, "def f(author): ...\n", "from m import author\n"),
    (words.identifiers_follow_the_glossary, "x.author = 1\n", "f(x.author)\n"),
    (words.identifiers_follow_the_glossary, "author: str\n", "actor: str\n"),
    (words.times_are_named_for_what_they_are, field("sent", "datetime | None"), field("sent_at", "datetime")),
    (habits.imports_stand_at_the_top([]), "def f():\n    import json\n", "import json\n"),
    (habits.imports_stand_at_the_top([]), "def f():\n    import_module('json')\n", "def f(): ...\n"),
    (
        habits.imports_stand_at_the_top([f"{SAMPLE}::f"]),
        "def g():\n    from json import loads\n",
        "def f():\n    from json import loads\n",
    ),
    (habits.catches_are_narrow([]), caught("except Exception"), caught("except ValueError")),
    (habits.catches_are_narrow([]), caught("except Exception"), caught("except Exception") + "        raise\n"),
    (habits.catches_are_narrow([]), caught("except"), caught("except (OSError, ValueError)")),
    (habits.catches_are_narrow([]), caught("except (OSError, BaseException)"), "x = Exception\n"),
    (habits.catches_are_narrow([]), "with suppress(Exception):\n    g()\n", "with suppress(OSError):\n    g()\n"),
    (habits.catches_are_narrow([f"{SAMPLE}::f"]), "try:\n    g()\nexcept Exception:\n    h()\n", caught("except")),
    (habits.exemptions_state_their_reason, "x = 1  # noqa: E741\n", "x = 1  # noqa: E741 - the formula's own letter\n"),
    (habits.exemptions_state_their_reason, "x = 1  # noqa\n", "x = '# noqa is a word'\n"),
    (habits.exemptions_state_their_reason, "f()  # type: ignore[arg-type]\n", "f()  # type: ignore[arg-type] # why\n"),
    (habits.skips_state_their_reason, "pytest.skip()\n", "pytest.skip('no server')\n"),
    (
        habits.skips_state_their_reason,
        "@pytest.mark.xfail\ndef f(): ...\n",
        "@pytest.mark.xfail(reason='upstream')\ndef f(): ...\n",
    ),
    (habits.skips_state_their_reason, "@pytest.mark.skip()\ndef f(): ...\n", "pytest.mark.soak\n"),
]

TEST_PAIRS: list[tuple[Rule, str, str]] = [
    (habits.tests_never_sleep, "time.sleep(1)\n", "until(look)\n"),
    (habits.tests_never_sleep, "async def f():\n    await asyncio.sleep(0)\n", "sleep_seconds = 1\n"),
    (habits.tests_patch_nothing, "monkeypatch.setattr(a, 'b', 1)\n", "monkeypatch.setenv('A', 'b')\n"),
    (habits.tests_patch_nothing, "with mock.patch('a.b'): ...\n", "client.patch('/a')\n"),
]

REPEATED = """
def {name}({a}):
    '''{name}.'''
    total = 0
    for {b} in {a}:
        if {b} > 3 and {b} % 2 == 0:
            total += {b} * {b} - 1
        elif {b} < {limit}:
            total -= {b} // 3
    return total + len({a}) * 7
"""


@pytest.mark.parametrize(("rule", "bad", "good"), PAIRS)
def test_the_rule_tells_bad_from_good(rule: Rule, bad: str, good: str) -> None:
    assert list(rule(SourceFile.parse(SAMPLE, bad))) != []
    assert list(rule(SourceFile.parse(SAMPLE, good))) == []


@pytest.mark.parametrize(("rule", "bad", "good"), TEST_PAIRS)
def test_the_rule_for_tests_tells_bad_from_good(rule: Rule, bad: str, good: str) -> None:
    assert list(rule(SourceFile.parse(TEST_SAMPLE, bad))) != []
    assert list(rule(SourceFile.parse(TEST_SAMPLE, good))) == []
    assert list(rule(SourceFile.parse(SAMPLE, bad))) == []


@pytest.mark.parametrize("path", ["daemon/veilleur/store/utils.py", "tests/helpers/clock.py"])
def test_a_module_named_for_nothing_is_found(path: str) -> None:
    assert list(words.module_names_a_concept(SourceFile.parse(path, ""))) != []
    assert list(words.module_names_a_concept(SourceFile.parse(SAMPLE, ""))) == []


def test_migrations_may_be_long() -> None:
    long = SourceFile.parse("daemon/veilleur/store/migrations/versions/v1.py", lines(401))

    assert list(sizes.file_is_short(long)) == []


def test_the_same_function_under_other_names_is_found() -> None:
    first = SourceFile.parse("a.py", REPEATED.format(name="sum_up", a="values", b="value", limit=2))
    second = SourceFile.parse("b.py", REPEATED.format(name="add", a="rows", b="row", limit=2))
    other = SourceFile.parse("c.py", REPEATED.format(name="add", a="rows", b="row", limit=9))

    assert list(repetition.repeated_functions([first, second, other])) == [
        "a.py:2: sum_up says the same as b.py:2: add",
    ]


@pytest.mark.parametrize(
    ("said", "forbidden"),
    [
        ("https://" + "pypi" + ".org/simple", True),
        ("see " + "/wo" + "rk/main", True),
        ("# TO" + "DO: later", True),
        ("docs/wo" + "rk/flow and network/", False),
        ("the TO" + "DOS of a day", False),
    ],
)
def test_text_that_no_file_may_hold_is_found(said: str, forbidden: bool) -> None:
    assert bool(list(forbidden_text(PurePosixPath("README.md"), said))) is forbidden


@pytest.mark.parametrize(
    ("module", "statement", "contract"),
    [
        ("daemon/veilleur/model/outcome.py", "import veilleur.store", "Imports point down"),
        ("daemon/veilleur/query/__init__.py", "import veilleur.parsers", "siblings apart"),
        ("daemon/veilleur/api/__init__.py", "import veilleur.dashboard", "siblings apart"),
        ("bridge/veilleur_bridge/envelope.py", "import veilleur.model", "The bridge never imports veilleur"),
        ("bridge/veilleur_bridge/envelope.py", "import sqlite3", "The bridge knows no database"),
        ("daemon/veilleur/ingest/__init__.py", "import sqlalchemy", "SQLAlchemy, Alembic and SQLite only in store"),
        ("daemon/veilleur/store/__init__.py", "import fastapi", "FastAPI only in api and dashboard"),
        ("daemon/veilleur/app/__init__.py", "import rich", "Typer and Rich only in cli"),
        ("daemon/veilleur/ingest/__init__.py", "import paho.mqtt.client", "MQTT clients only in the bridge"),
        ("daemon/veilleur/query/__init__.py", "import time", "know no clock"),
        ("daemon/veilleur/new_layer.py", "x = 1", "Imports point down"),
    ],
)
def test_an_import_against_the_layers_breaks_its_contract(
    tmp_path: Path, module: str, statement: str, contract: str
) -> None:
    for part in ("bridge", "daemon", "pyproject.toml"):
        copy = shutil.copytree if (PROJECT / part).is_dir() else shutil.copy
        copy(PROJECT / part, tmp_path / part)
    with (tmp_path / module).open("a") as file:
        file.write(f"\n{statement}\n")

    done = lint_imports(tmp_path)

    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(rf"{contract}.*BROKEN", done.stdout), done.stdout
