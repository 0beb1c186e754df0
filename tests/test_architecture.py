"""The house's own rules, held against every file of the project; `tests/architecture/` says how each is checked."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.architecture import habits, kotlin, repetition, sizes, words
from tests.architecture.contracts import lint_imports
from tests.architecture.kotlin import KotlinRule, kotlin_files
from tests.architecture.source_file import PROJECT, Rule, SourceFile, project_files, python_files
from tests.architecture.tracked_text import forbidden_text

LATE_IMPORTS = {
    "daemon/veilleur/app/outgoing.py::KnownChannels._services": "apprise is 26 MB, and wanted by its users alone",
    "daemon/veilleur/cli/wiring.py::__getattr__": "`--help` answers without a web server or a database being imported",
    "daemon/veilleur/exports/mentions.py::_maker": "Parquet's library is an extra, and Excel's is wanted rarely",
}

MOST_BROAD_CATCHES = 8
BROAD_CATCHES = {
    "bridge/veilleur_bridge/broker/supervision.py::Supervision._contain": "the broker starts again, whatever ended it",
    "bridge/veilleur_bridge/mqtt/link.py::MqttLink._run": "an MQTT thread that dies looks connected: it starts again",
    "daemon/veilleur/api/boundary.py::HttpBoundary.__call__": "one request fails, with a problem document",
    "daemon/veilleur/app/lasting.py::LastingThread._turn_once": "one turn fails, with a log line; the next one follows",
    "daemon/veilleur/cli/entry.py::main": "a person reads one sentence, never a traceback",
    "daemon/veilleur/parsers/containing.py::contained": "a parser that fails quarantines one notification",
    "daemon/veilleur/app/reading_process.py::_run": "a process of its own ends with a code, never with a traceback",
    "daemon/veilleur/ingest/worker.py::Worker._persist": "a step is tried again until it holds; no batch is skipped",
}

RULES: dict[str, Rule] = {
    "a file is short": sizes.file_is_short,
    "a function is short": sizes.functions_are_short,
    "a class has a small face": sizes.classes_are_small,
    "comments are few": sizes.comments_are_few,
    "a module says its place": sizes.module_says_its_place,
    "a module names a concept": words.module_names_a_concept,
    "identifiers follow the glossary": words.identifiers_follow_the_glossary,
    "instants are named …_at": words.times_are_named_for_what_they_are,
    "imports stand at the top": habits.imports_stand_at_the_top(LATE_IMPORTS),
    "catches are narrow": habits.catches_are_narrow(BROAD_CATCHES),
    "exemptions state their reason": habits.exemptions_state_their_reason,
    "skips state their reason": habits.skips_state_their_reason,
    "tests never sleep": habits.tests_never_sleep,
    "tests patch nothing": habits.tests_patch_nothing,
}

KOTLIN_RULES: dict[str, KotlinRule] = {
    "a file is short": kotlin.file_is_short,
    "a function is short": kotlin.functions_are_short,
    "a class has a small face": kotlin.classes_are_small,
    "comments are few": kotlin.comments_are_few,
    "core knows no Android": kotlin.core_knows_no_android,
    "a file says its place": kotlin.file_says_its_place,
}

SOURCE_ROOTS = ("bridge", "daemon", "tests")


@pytest.fixture(scope="module")
def sources() -> list[SourceFile]:
    return python_files()


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_every_file_keeps_the_rule(sources: list[SourceFile], rule: Rule) -> None:
    assert_none(finding for source in sources for finding in rule(source))


@pytest.mark.parametrize("rule", KOTLIN_RULES.values(), ids=KOTLIN_RULES.keys())
def test_every_kotlin_file_keeps_the_rule(rule: KotlinRule) -> None:
    files = kotlin_files()

    assert files, "no Kotlin file found"
    assert_none(finding for source in files for finding in rule(source))


def test_no_function_says_what_another_says(sources: list[SourceFile]) -> None:
    # A migration keeps what it needs as it was on its day.
    live = [source for source in sources if "/store/migrations/" not in str(source.path)]
    assert_none(repetition.repeated_functions(live))


def test_every_listed_broad_catch_is_still_there_and_they_are_few(sources: list[SourceFile]) -> None:
    found = {place for source in sources for place, _ in habits.broad_catches(source)}

    assert set(BROAD_CATCHES) <= found
    assert len(BROAD_CATCHES) <= MOST_BROAD_CATCHES


def test_source_roots_are_no_packages() -> None:
    assert_none(f"{root}/__init__.py makes “{root}” importable" for root in SOURCE_ROOTS if is_package(root))


def is_package(root: str) -> bool:
    return (PROJECT / root / "__init__.py").exists()


def test_no_file_names_a_host_a_machine_or_open_work() -> None:
    texts = ((path, (PROJECT / path).read_bytes()) for path in project_files())
    readable = ((path, raw.decode()) for path, raw in texts if b"\0" not in raw and is_utf8(raw))

    assert_none(finding for path, text in readable for finding in forbidden_text(path, text))


def is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_imports_keep_the_contracts() -> None:
    done = lint_imports(PROJECT)

    assert done.returncode == 0, done.stdout + done.stderr


def assert_none(findings: Iterable[str]) -> None:
    """Fail with one finding a line."""
    listed = list(findings)
    if listed:
        pytest.fail("\n".join(listed), pytrace=False)
