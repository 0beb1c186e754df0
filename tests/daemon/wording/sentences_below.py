"""Every sentence that code below the pages can tell in English, as its source spells it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.architecture.source_file import PROJECT

ROOTS = (PROJECT / "daemon" / "veilleur", PROJECT / "bridge" / "veilleur_bridge")
TELLING = {
    "AlarmKey",
    "Answer",
    "BrokerFinding",
    "DeadArrival",
    "PartState",
    "Refusal",
    "_note_down",
    "raise_alarm",
    "settle_alarms",
}
"""What a page shows passes through one of these, or is raised as one of the next."""
RAISED = re.compile(
    r"(Broker|Catalogue|Port|Address|Pairing|Parser|Device|Dynamic|Store|Login|Certificate|Protocol|Missing|Receiver)\w*"
    r"(Error|Taken|Wrong|Security|Conflict|Elsewhere|Busy|Damaged|Refused|Extra)|Refused|StoreRefused|NoDynamicSecurity"
)
FURTHER = {
    "coverage/states.py": "an alarm tells what a state says of the listener",
    "delivery/connect_guard.py": "a refused address is told by the sending",
    "device_program.py": "a device's status tells it, as the companion's does",
    "ingest/wordless.py": "a part of the daemon tells its failure",
}
ELSEWHERE = {
    "api": "programs are told in English",
    "cli": "commands tell in English",
    "client": "commands tell in English",
    "command": "the bridge's own commands tell in English",
    "dashboard": "the pages' own words stand in the catalogue",
    "migrations": "no page runs one",
    "model": "its refusals stand in the catalogue",
    "reports": "its refusals stand in the catalogue",
    "simulation": "a simulated tablet is a command",
    "spool": "runs on a device",
    "sources": "logs are read by commands; the sample's are good",
    "app/devices.py": "`veilleur device pair` prints it",
    "app/desk": "commands tell in English",
    "app/new_app.py": "`veilleur parsers new` and `allow` tell it",
    "app/plugins/child.py": "`veilleur parsers` tells it",
    "app/plugins/door.py": "tells codes alone",
    "app/plugins/installed.py": "refuses the start: `veilleur up` tells it",
    "app/republishing.py": "the log tells it",
    "app/sending.py": "`veilleur send` tells it",
    "app/up.py": "`veilleur up` prints it, and its part tells what the bridge says",
    "broker/running.py": "commands ask for a broker that runs",
    "device_link.py": "runs on a device",
    "pairing.py": "read on the device that a code is given to",
    "publish.py": "commands and the log tell it",
}
"""Folders and modules of which no page shows a sentence, and why."""
_SOUGHT = "sought in what others say"
_PRINTED = "`veilleur up` prints it"
_STARTING = "refuses the start, which commands tell"
_LEDGER = "the ledger of what was not seen keeps it, which API and commands tell"
NO_SENTENCES = {
    "Bad user name or password": _SOUGHT,
    "Client not found": _SOUGHT,
    "Connection refused": _SOUGHT,
    "Name or service not known": _SOUGHT,
    "Network is unreachable": _SOUGHT,
    "No connection to the broker yet, and Veilleur goes on trying: {}": _PRINTED,
    "No route to host": _SOUGHT,
    "No space left": _SOUGHT,
    "Not authorized": _SOUGHT,
    "Role already exists": _SOUGHT,
    "Role not found": _SOUGHT,
    "Unsupported protocol version": _SOUGHT,
    "disk image": _SOUGHT,
    "disk is full": _SOUGHT,
    "not a database": _SOUGHT,
    "unspecified error": _SOUGHT,
    "API and pages on {}; Ctrl+C ends it": _PRINTED,
    "it has not answered yet": _PRINTED,
    "taking notifications from {}; Ctrl+C ends it": _PRINTED,
    "VEILLEUR_DATABASE_URL is no database address: use {} ({})": _STARTING,
    "VEILLEUR_DATABASE_URL: {} is not supported, use {}": _STARTING,
    "no driver for {}: pip install 'veilleur[postgresql]' and use postgresql+psycopg://…": _STARTING,
    "sqlite:///FILE or postgresql+psycopg://…": _STARTING,
    "{}: this file is another program's database: choose another VEILLEUR_DATABASE_URL": _STARTING,
    "{}: {}; write networks such as 192.168.1.0/24, separated by commas": _STARTING,
    "at least {} active notifications: Android sheds further ones": _LEDGER,
    "back: its system had started anew, and nothing was captured until then": _LEDGER,
    "back: what it captured meanwhile comes out of its spool": _LEDGER,
    "it left the broker, or its connection broke": _LEDGER,
    "no status for longer than three of its intervals": _LEDGER,
    "This receiver works: what Veilleur has to tell comes here.": "the words of a trial",
    "Veilleur: a trial": "the words of a trial",
    "{} (sent again: it may have come before)": "stands in the catalogue",
    "adb reverse tcp:{} tcp:{}": "a command",
    "apps gone silent": "a rule's name",
    "broker watch": "a thread's name",
    "delivery {}": "what a seal is about",
    "own resources": "a library's name",
    "receiver {}": "what a seal is about",
    "veilleur broker certificate --new-key": "a command",
    "veilleur broker certificate --renew": "a command",
    "{}: category": "a place in a file",
    "{}: channel": "a place in a file",
    "{}: without_text": "a place in a file",
}
"""What looks like a sentence of those modules and is none that a page shows, and why."""
_CODE = re.compile(
    r"\n|\(\?P<|^\^#|^\w+ = "
    r"|^(?:BEGIN|PRAGMA|REPEATABLE|SELECT|CONNECT|SUB|PUB) |^<p |:#\w{6};|^(?:from|import|Basic|Veilleur) "
)


def told_below(*, with_exceptions: bool = False) -> dict[str, str]:
    """Return each sentence with `{}` for what it names, and the module that tells it; with what is said to be none."""
    return {
        form: name
        for root in ROOTS
        for path in sorted(root.rglob("*.py"))
        if not _is_elsewhere(name := path.relative_to(root).as_posix())
        if _tells(tree := ast.parse(path.read_text("utf-8")), name)
        for form in _forms(tree)
        if with_exceptions or form not in NO_SENTENCES
    }


def holes_alike(form: str) -> str:
    """Return a form with `{}` for each hole, several that are joined told as one."""
    bare = re.sub(r"\{\w*\}|%\(\w+\)s|%[ds]", "{}", form)
    return re.sub(r"\{\}(?:(?:: |; |, )\{\})+$", "{}", bare)


def _is_elsewhere(name: str) -> bool:
    return any(name == one or name.startswith(f"{one}/") or f"/{one}/" in f"/{name}" for one in ELSEWHERE)


def _tells(tree: ast.Module, name: str) -> bool:
    called = {_name(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return name in FURTHER or any(one in TELLING or RAISED.fullmatch(one) for one in called)


def _forms(tree: ast.Module) -> Iterator[str]:
    passed = set(_not_told(tree))
    for node in ast.walk(tree):
        if node not in passed and (form := _form(node)) and _is_sentence(form):
            yield form


def _form(node: ast.AST) -> str | None:
    match node:
        case ast.Constant(value=str() as text):
            return holes_alike(text)
        case ast.JoinedStr(values=values):
            return holes_alike("".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in values))
        case _:
            return None


def _is_sentence(form: str) -> bool:
    words = re.findall(r"[A-Za-z]+", form)
    is_said = len(words) > 1 or "{}" in form
    return is_said and " " in form.strip() and any(len(word) > 1 for word in words) and not _CODE.search(form)


def _not_told(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield docstrings, what is logged, calls' names of threads, and the pieces of f-strings."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant()):
                yield node.value
            case ast.JoinedStr():
                yield from node.values
            case ast.Call(func=ast.Attribute(value=ast.Name(id="log"))):
                yield from ast.walk(node)
            case ast.keyword(arg="name"):
                yield from ast.walk(node)
            case _:
                pass


def _name(called: ast.expr) -> str:
    match called:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""
