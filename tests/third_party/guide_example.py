"""The guide's plug-in as a project in a folder: what people copy is what is built, installed and run."""

from __future__ import annotations

from pathlib import Path

from tests.architecture.source_file import PROJECT

PACKAGE = "org.example.marche"
_GUIDE = PROJECT / "docs" / "guides" / "a-parser-plugin.md"


def write_project(folder: Path, *, before_parsing: str = "", version: str = "1.0.0") -> Path:
    """Write the guide's two files; `before_parsing` is a line that its `parse` begins with."""
    text = _GUIDE.read_text(encoding="utf-8")
    project = text.split("```toml\n")[1].split("```")[0].replace('version = "1.0.0"', f'version = "{version}"')
    module = text.split("```python\n")[1].split("```")[0]
    parse = "    def parse(self, envelope: Envelope) -> Outcome:\n"
    assert parse in module
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text(project, encoding="utf-8")
    (folder / "marche_parser.py").write_text(
        module.replace(parse, f"{parse}        {before_parsing}\n" if before_parsing else parse), encoding="utf-8"
    )
    return folder
