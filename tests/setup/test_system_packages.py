"""What `make test-setup` says of a package set, before it touches the system."""

from __future__ import annotations

from pathlib import Path

import pytest

from setup.system_packages import CANNOT_INSTALL, main, missing


def test_a_package_whose_file_is_absent_is_missing(tmp_path: Path) -> None:
    here, nowhere = tmp_path / "here", tmp_path / "nowhere"
    here.touch()

    assert missing({"present": here, "absent": nowhere}) == ["absent"]


@pytest.mark.parametrize("arguments", [[], ["unknown"], ["servers", "chroot"]])
def test_an_unknown_set_is_refused_with_the_known_ones(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == CANNOT_INSTALL
    assert "servers|chroot" in capsys.readouterr().err
