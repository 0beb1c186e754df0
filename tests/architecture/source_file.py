"""A Python file as the rules see it: where it stands, its text and its tree."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

PROJECT = Path(__file__).resolve().parent.parent.parent
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of the project, parsed; `path` is relative to the project."""

    path: PurePosixPath
    text: str
    tree: ast.Module

    @classmethod
    def parse(cls, path: str, text: str) -> SourceFile:
        """Parse the text of a Python file."""
        return cls(PurePosixPath(path), text, ast.parse(text, path))

    @property
    def is_test(self) -> bool:
        """Whether it belongs to the tests."""
        return self.path.parts[0] == "tests"

    def at(self, node: ast.AST | int, message: str) -> str:
        """Say a finding the way compilers do, so that an editor can jump to it."""
        line = node if isinstance(node, int) else getattr(node, "lineno", 1)
        return f"{self.path}:{line}: {message}"

    def functions(self) -> Iterator[tuple[str, Function]]:
        """Yield every function with its dotted name inside the file."""
        return ((name, node) for name, node in self.definitions() if isinstance(node, Function))

    def classes(self) -> Iterator[tuple[str, ast.ClassDef]]:
        """Yield every class with its dotted name inside the file."""
        return ((name, node) for name, node in self.definitions() if isinstance(node, ast.ClassDef))

    def definitions(self) -> Iterator[tuple[str, ast.AST]]:
        """Yield every class and function, outer before inner, with its dotted name inside the file."""
        waiting: list[tuple[str, ast.AST]] = [("", self.tree)]
        while waiting:
            prefix, parent = waiting.pop()
            for child in ast.iter_child_nodes(parent):
                name = prefix
                if isinstance(child, ast.ClassDef | Function):
                    name = f"{prefix}.{child.name}".lstrip(".")
                    yield name, child
                waiting.append((name, child))


Rule = Callable[[SourceFile], Iterator[str]]


def project_files() -> list[PurePosixPath]:
    """List every file that is, or is about to be, under version control."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"]
    listed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    paths = (PurePosixPath(name) for name in listed.split("\0") if name)
    return sorted(path for path in paths if (PROJECT / path).is_file() and not (PROJECT / path).is_symlink())


def python_files() -> list[SourceFile]:
    """Parse every Python file of the project."""
    paths = (path for path in project_files() if path.suffix == ".py")
    return [SourceFile.parse(str(path), (PROJECT / path).read_text()) for path in paths]
