"""Habits that hide something: late imports, broad catches, bare exemptions, sleeps and patches in tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator

from tests.architecture.source_file import Rule, SourceFile

_BROAD = {"Exception", "BaseException"}
_LOADERS = {"importlib.import_module", "import_module", "__import__"}
_MARKS = {"pytest.mark.skip", "pytest.mark.xfail"}
_CALLS = {"pytest.skip", "pytest.xfail"}
_BARE_EXEMPTION = re.compile(r"#\s*(noqa(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)?|type:\s*ignore(\[[\w, -]*\])?)\s*$")


def imports_stand_at_the_top(allowed: Collection[str]) -> Rule:
    """Make the rule that finds an import inside a function, but for the listed `path::function`.

    A test may load a module by its name.
    """

    def find(source: SourceFile) -> Iterator[str]:
        for name, node in source.functions():
            late = [child for child in ast.walk(node) if _imports(child) or (_loads(child) and not source.is_test)]
            if late and f"{source.path}::{name}" not in allowed:
                yield source.at(late[0], f"{name} imports: the layers are wrong, mend them")

    return find


def broad_catches(source: SourceFile) -> Iterator[tuple[str, int]]:
    """Yield `path::function` and the line of what catches or suppresses any exception (and does not raise it again)."""
    for node, owner in _with_owner(source):
        if _catches_everything(node):
            yield f"{source.path}::{owner}", getattr(node, "lineno", 1)


def catches_are_narrow(allowed: Collection[str]) -> Rule:
    """Make the rule that finds a broad `except` outside the listed boundaries."""

    def find(source: SourceFile) -> Iterator[str]:
        for place, line in broad_catches(source):
            if place not in allowed:
                yield source.at(line, f"{place} catches everything: name the exception, or list the boundary")

    return find


def exemptions_state_their_reason(source: SourceFile) -> Iterator[str]:
    """Find a linter or type exemption that does not say why."""
    for number, line in enumerate(source.text.splitlines(), start=1):
        if _BARE_EXEMPTION.search(line):
            yield source.at(number, "an exemption states its reason beside it")


def tests_never_sleep(source: SourceFile) -> Iterator[str]:
    """Find a test that waits for a length of time instead of a condition."""
    yield from _test_calls(source, lambda name: name.split(".")[-1] == "sleep", "wait on a condition (tests.waiting)")


def tests_patch_nothing(source: SourceFile) -> Iterator[str]:
    """Find a test that puts something else in the place of real code."""
    yield from _test_calls(
        source,
        lambda name: name.endswith(("monkeypatch.setattr", "mock.patch", "patch.object")) or name == "patch",
        "nobody patches: hand in a fake that implements the protocol",
    )


def skips_state_their_reason(source: SourceFile) -> Iterator[str]:
    """Find a skip or an expected failure without a reason."""
    for node in ast.walk(source.tree):
        match node:
            case ast.Attribute() if ast.unparse(node) in _MARKS and not _has_reason(source.tree, node):
                yield source.at(node, f"{ast.unparse(node)} without reason=")
            case ast.Call(func=function, args=[], keywords=[]) if ast.unparse(function) in _CALLS:
                yield source.at(node, f"{ast.unparse(function)} without a reason")


def _has_reason(tree: ast.Module, mark: ast.Attribute) -> bool:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.func is mark)
    return any(keyword.arg == "reason" for call in calls for keyword in call.keywords)


def _test_calls(source: SourceFile, is_wrong: Callable[[str], bool], advice: str) -> Iterator[str]:
    if not source.is_test:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and is_wrong(name := ast.unparse(node.func)):
            yield source.at(node, f"{name}: {advice}")


def _imports(node: ast.AST) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _loads(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in _LOADERS


def _catches_everything(node: ast.AST) -> bool:
    match node:
        case ast.ExceptHandler(body=[*_, ast.Raise(exc=None)]):
            return False
        case ast.ExceptHandler(type=None):
            return True
        case ast.ExceptHandler(type=ast.Tuple(elts=caught)):
            return any(ast.unparse(kind) in _BROAD for kind in caught)
        case ast.ExceptHandler(type=ast.expr() as kind):
            return ast.unparse(kind) in _BROAD
        case ast.Call(func=function, args=caught) if ast.unparse(function).endswith("suppress"):
            return any(ast.unparse(kind) in _BROAD for kind in caught)
    return False


def _with_owner(source: SourceFile) -> Iterator[tuple[ast.AST, str]]:
    owners = {node: name for name, function in source.functions() for node in ast.walk(function)}
    return ((node, owners.get(node, "<module>")) for node in ast.walk(source.tree))
