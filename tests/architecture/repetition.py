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
    seen: defaultdict[str, list[str]] = defaultdict(list)
    for source in sources:
        for name, node in source.functions():
            if sum(1 for _ in ast.walk(node)) >= FEWEST_NODES:
                seen[_shape(node)].append(source.at(node, name))
    return (" says the same as ".join(places) for places in seen.values() if len(places) > 1)


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
