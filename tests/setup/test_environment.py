"""When `.venv` is filled again, and when a start need not wait for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from setup.environment import Environment, Lock


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """Give a checkout whose `.venv` holds nothing yet."""
    made = Environment(tmp_path)
    made.folder.mkdir()
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "requirements").mkdir()
    for lock in Lock:
        made.lock_file(lock).write_text(f"{lock}==1\n")
    return made


def test_nothing_is_current_before_the_first_installation(environment: Environment) -> None:
    assert environment.is_empty()
    assert not environment.is_current(Lock.RUN)


def test_what_was_installed_stays_current_until_its_lock_changes(environment: Environment) -> None:
    environment.remember(Lock.RUN)
    assert environment.is_current(Lock.RUN)

    environment.lock_file(Lock.RUN).write_text("run==2\n")

    assert not environment.is_current(Lock.RUN)
    assert not environment.is_empty()


def test_a_changed_project_file_asks_for_a_new_installation(environment: Environment) -> None:
    environment.remember(Lock.DEV)

    (environment.project / "pyproject.toml").write_text("[project]\nname = 'x'\n")

    assert not environment.is_current(Lock.DEV)


def test_the_developers_lock_serves_a_start_but_not_the_reverse(environment: Environment) -> None:
    environment.remember(Lock.DEV)
    assert environment.is_current(Lock.RUN)

    environment.forget()
    environment.remember(Lock.RUN)

    assert not environment.is_current(Lock.DEV)


def test_an_installation_that_broke_off_leaves_nothing_current(environment: Environment) -> None:
    environment.remember(Lock.RUN)

    environment.forget()

    assert environment.is_empty()
