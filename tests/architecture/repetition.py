"""Functions that say the same thing twice, whatever their names and the names of their variables."""

from __future__ import annotations

import ast
import copy
from collections import defaultdict
from collections.abc import Iterable, Iterator

from tests.architecture.source_file import Function, SourceFile

FEWEST_NODES = 60


def repeated_functions(sources: Iterable[SourceFile]) -> Iterator[str]:
    """Find functions whose bodies are equal once their own variables are numbered."""
    alike: defaultdict[tuple[type[ast.AST], ...], list[tuple[Function, str]]] = defaultdict(list)
    for source in sources:
        for name, node in source.functions():
            kinds = _kinds(node)
            if len(kinds) >= FEWEST_NODES:
                alike[kinds].append((node, source.at(node, name)))
    seen: defaultdict[str, list[str]] = defaultdict(list)
    for node, place in (one for group in alike.values() if len(group) > 1 for one in group):
        seen[_shape(node)].append(place)
    return (" says the same as ".join(places) for places in seen.values() if len(places) > 1)


def _kinds(function: Function) -> tuple[type[ast.AST], ...]:
    """Return the kinds of the nodes of the body: a shape costs a copy, and only those equal in this can share one."""
    said = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return tuple(type(node) for part in (function.args, *said) for node in ast.walk(part))


def _shape(function: Function) -> str:
    bare = copy.deepcopy(function)
    bare.name, bare.decorator_list = "", []
    if ast.get_docstring(bare) is not None:
        bare.body = bare.body[1:]
    numbers: dict[str, str] = {}
    stored = (node.id for node in ast.walk(bare) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    for own in (*(node.arg for node in ast.walk(bare) if isinstance(node, ast.arg)), *stored):
        numbers.setdefault(own, f"v{len(numbers)}")
    for node in ast.walk(bare):
        if isinstance(node, ast.arg):
            node.arg = numbers[node.arg]
        elif isinstance(node, ast.Name):
            node.id = numbers.get(node.id, node.id)
    return ast.dump(bare)
