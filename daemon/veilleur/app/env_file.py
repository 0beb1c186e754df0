"""Looks through what names settings before they are read: a mistake in it is told, where it would pass unseen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Final

from dotenv.parser import Binding, parse_stream

from veilleur.model.errors import SettingsError

PREFIX: Final = "VEILLEUR_"
"""What the name of each of our variables begins with."""
_OF_THE_BRIDGE: Final = f"{PREFIX}BRIDGE_"


def check_env_file(path: Path) -> tuple[str, ...]:
    """Return the names that a `.env` file sets, none where it is missing; raises SettingsError naming a broken line."""
    if path.is_dir():
        raise SettingsError(f"{path} is a folder: it must be a file of lines NAME=value, or not be there")
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8 (byte {error.start + 1}): save it as UTF-8") from error
    bindings = list(parse_stream(StringIO(text)))
    for binding in bindings:
        if _is_broken(binding):
            line = binding.original.line + _empty_lines_before(binding)
            raise SettingsError(f"{path}, line {line} cannot be read: write NAME=value, quotes closed")
    return tuple(binding.key for binding in bindings if binding.key)


def unknown_settings(given: Iterable[str], known: Sequence[str]) -> Iterator[str]:
    """Yield a sentence for each variable that has our prefix and names none of the fields `known`.

    Those of `veilleur-bridge`, which may run beside us, are not ours to judge.
    """
    variables = [f"{PREFIX}{name.upper()}" for name in known]
    for name in given:
        written = name.upper()
        is_ours = written.startswith(PREFIX) and not written.startswith(_OF_THE_BRIDGE)
        if is_ours and written not in variables:
            near = get_close_matches(written, variables, n=1, cutoff=0.8)
            advice = f"{near[0]} is one" if near else "`veilleur config` lists those there are"
            yield f"{name} is no setting, and does nothing: {advice}"


def _is_broken(binding: Binding) -> bool:
    is_ours = binding.key is not None and binding.key.upper().startswith(PREFIX)
    return binding.error or (is_ours and binding.value is None)


def _empty_lines_before(binding: Binding) -> int:
    original = binding.original.string
    return original[: len(original) - len(original.lstrip())].count("\n")
