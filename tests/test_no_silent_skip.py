"""The rule that CI counts a skipped test as a failure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SKIPPED = "import pytest\n\n\ndef test_it():\n    pytest.skip('no server here')\n"
SKIPPED_MODULE = "import pytest\n\npytest.skip('no server here', allow_module_level=True)\n"
PASSED = "def test_it():\n    pass\n"


def run_pytest(folder: Path, test: str, ci: str) -> subprocess.CompletedProcess[str]:
    """Run one test file in a pytest of its own."""
    (folder / "test_sample.py").write_text(test)
    command = [sys.executable, "-m", "pytest", "-p", "tests.no_silent_skip", "-p", "no:cacheprovider", str(folder)]
    return subprocess.run(
        [*command, f"--rootdir={folder}", "-c", os.devnull],
        env={**os.environ, "CI": ci, "PYTHONPATH": str(Path(__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("test", [SKIPPED, SKIPPED_MODULE])
def test_a_skip_fails_in_ci_and_says_why(tmp_path: Path, test: str) -> None:
    done = run_pytest(tmp_path, test, ci="true")

    assert done.returncode not in {0, pytest.ExitCode.NO_TESTS_COLLECTED}, done.stdout
    assert "no server here" in done.stdout


@pytest.mark.parametrize(("test", "ci"), [(SKIPPED, ""), (PASSED, "true")])
def test_a_skip_elsewhere_and_a_pass_in_ci_stay_what_they_are(tmp_path: Path, test: str, ci: str) -> None:
    assert run_pytest(tmp_path, test, ci).returncode == 0
