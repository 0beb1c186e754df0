"""What no file under version control may say: where one machine keeps things, which host served it, work left open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

# Written in parts, so that this file does not say them either.
_HOSTS = (
    ("pypi", "org"),
    ("files.pythonhosted", "org"),
    ("static.crates", "io"),
    ("index.crates", "io"),
    ("registry.npmjs", "org"),
    ("proxy.golang", "org"),
    ("repo.maven.apache", "org"),
    ("repo1.maven", "org"),
    ("deb.debian", "org"),
)
_MACHINE_PATHS = (("/wo", "rk/"), ("/ro", "ot/"), ("/tmp", "/v/"))
_OPEN_ENDS = (("TO", "DO"), ("FIX", "ME"))

_HOST = re.compile("|".join(re.escape(".".join(parts)) for parts in _HOSTS))
_MACHINE_PATH = re.compile("|".join(r"(?<![\w.])" + re.escape("".join(parts)) for parts in _MACHINE_PATHS))
_OPEN_END = re.compile(r"\b(" + "|".join("".join(parts) for parts in _OPEN_ENDS) + r")\b")

_FORBIDDEN = {
    _HOST: "names a registry's host: its client is configured on each machine",
    _MACHINE_PATH: "names a path of one machine",
    _OPEN_END: "leaves work open: do it, or file an issue",
}


def forbidden_text(path: PurePosixPath, text: str) -> Iterator[str]:
    """Find what must not be said, line by line."""
    for number, line in enumerate(text.splitlines(), start=1):
        for pattern, message in _FORBIDDEN.items():
            if found := pattern.search(line):
                yield f"{path}:{number}: “{found[0]}” {message}"
