"""Caps on files, functions and classes, and on how much of a file is comment."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator

from tests.architecture.source_file import Function, SourceFile

MOST_FILE_LINES = 400
MOST_FUNCTION_LINES = 50
MOST_PUBLIC_METHODS = 10
MOST_COMMENT_SHARE = 0.06
_UNCAPPED = "daemon/veilleur/store/migrations/"


def file_is_short(source: SourceFile) -> Iterator[str]:
    """Find a file past the cap (migrations are exempt)."""
    lines = source.text.count("\n")
    if lines > MOST_FILE_LINES and not str(source.path).startswith(_UNCAPPED):
        yield source.at(1, f"{lines} lines, at most {MOST_FILE_LINES}: this file does two things")


def functions_are_short(source: SourceFile) -> Iterator[str]:
    """Find a function past the cap (migrations are exempt)."""
    if str(source.path).startswith(_UNCAPPED):
        return
    for name, node in source.functions():
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if lines > MOST_FUNCTION_LINES:
            yield source.at(node, f"{name} has {lines} lines, at most {MOST_FUNCTION_LINES}")


def classes_are_small(source: SourceFile) -> Iterator[str]:
    """Find a class with too many public methods (properties count: they are its face too)."""
    for name, node in source.classes():
        public = [child.name for child in node.body if isinstance(child, Function) and not child.name.startswith("_")]
        if len(public) > MOST_PUBLIC_METHODS:
            yield source.at(node, f"{name} has {len(public)} public methods, at most {MOST_PUBLIC_METHODS}")


def comments_are_few(source: SourceFile) -> Iterator[str]:
    """Find a file in which more lines are comments than the conventions allow (one is always allowed)."""
    tokens = tokenize.generate_tokens(io.StringIO(source.text).readline)
    comments = sum(1 for token in tokens if token.type == tokenize.COMMENT and token.line.lstrip().startswith("#"))
    lines = source.text.count("\n")
    if comments > max(1, int(lines * MOST_COMMENT_SHARE)):
        yield source.at(1, f"{comments} of {lines} lines are comments, at most {MOST_COMMENT_SHARE:.0%}")


def module_says_its_place(source: SourceFile) -> Iterator[str]:
    """Find a module without a docstring, or with an empty one."""
    if source.text.strip() and not (ast.get_docstring(source.tree) or "").strip():
        yield source.at(1, "no docstring: open with one to three lines on this module's place on the line")
