"""Says in another language what was expected where a query cannot be read; the wordings are in `phrases/`."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

_TRANSLATED: Final = frozenset({"fr"})
_HOLE: Final = "{}"


def expected_in(language: str, expected: str) -> str | None:
    """Return what a QueryError expected in this language; None where nobody has translated it."""
    if language in _TRANSLATED:
        for form, translated in _forms(language):
            if (found := form.fullmatch(expected)) is not None:
                return translated.format(*found.groups())
    return None


@cache
def _forms(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    path = files("veilleur.query") / "phrases" / f"expected_{language}.toml"
    wordings: dict[str, str] = tomllib.loads(path.read_text("utf-8"))
    return tuple((_form(english), translated) for english, translated in wordings.items())


def _form(english: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(map(re.escape, english.split(_HOLE))), re.DOTALL)
