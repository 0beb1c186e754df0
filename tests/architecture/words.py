"""The glossary: one word for each thing, in file names and identifiers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.architecture.source_file import SourceFile

NAMELESS_MODULES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}

SYNONYMS = {
    "author": "actor",
    "authors": "actors",
    "chatroom": "conversation",
    "deadletter": "dead_letter",
    "deadletters": "dead_letters",
    "dlq": "dead_letter",
    "heartbeat": "canary or status",
    "notif": "notification",
    "notifs": "notifications",
    "outbox": "spool",
    "outlet": "receiver",
    "sentiment": "tone",
    "ticket": "case",
    "tickets": "cases",
    "watchlist": "watch plan",
}

_LAST_WORD_OF_AN_INSTANT = {"after", "at", "before", "now", "since", "until"}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def module_names_a_concept(source: SourceFile) -> Iterator[str]:
    """Find a file or folder whose name says nothing about what is inside."""
    for part in (*source.path.parent.parts, source.path.stem):
        if part in NAMELESS_MODULES:
            yield source.at(1, f"“{part}” names no concept: say what it does")


def identifiers_follow_the_glossary(source: SourceFile) -> Iterator[str]:
    """Find an identifier that uses another word for a thing that already has one."""
    for line, identifier in {(1, source.path.stem), *_identifiers(source.tree)}:
        for word in _WORD.findall(identifier):
            if (right := SYNONYMS.get(word.lower())) is not None:
                yield source.at(line, f"{identifier}: the glossary's word for “{word.lower()}” is “{right}”")


def _identifiers(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.lineno, node.name
            case ast.arg():
                yield node.lineno, node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.lineno, node.id
            case ast.Attribute(ctx=ast.Store()):
                yield node.lineno, node.attr
            case _:
                pass


def times_are_named_for_what_they_are(source: SourceFile) -> Iterator[str]:
    """Find a record's field that holds an instant and is not named `…_at`."""
    for name, node in source.classes():
        for field in node.body:
            match field:
                case ast.AnnAssign(target=ast.Name(id=word), annotation=kind) if _is_instant(kind):
                    if word.rpartition("_")[2] not in _LAST_WORD_OF_AN_INSTANT:
                        yield source.at(field, f"{name}.{word} is an instant: name it …_at")


def _is_instant(annotation: ast.expr) -> bool:
    return ast.unparse(annotation).removesuffix(" | None") in {"datetime", "datetime.datetime"}
