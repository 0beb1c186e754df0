"""What is stored as JSON is read by decoders that were made at import, before there is a second thread."""

from __future__ import annotations

import ast
from pathlib import Path

from veilleur.delivery import sender
from veilleur.store import database

FOLDERS = [Path(str(module.__file__)).parent for module in (sender, database)]


def decodes_by_type(source: Path) -> list[str]:
    """Return where a module has msgspec find out about a type as it decodes."""
    calls = [node for node in ast.walk(ast.parse(source.read_text("utf-8"))) if isinstance(node, ast.Call)]
    named = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "decode"]
    return [f"{source.name}:{call.lineno}" for call in named if any(word.arg == "type" for word in call.keywords)]


def test_no_thread_has_msgspec_find_out_about_a_type() -> None:
    """Seen: two threads that read the alert rules at one start ended the daemon, "Segmentation fault" in `_rule`.

    Broken, and caught: `decode(row.draft, type=AlertRuleDraft)` in store/alert_rules.py.
    """
    found = [place for folder in FOLDERS for source in sorted(folder.glob("*.py")) for place in decodes_by_type(source)]
    assert found == []
