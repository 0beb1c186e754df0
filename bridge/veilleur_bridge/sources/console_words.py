"""Words that a Windows console misread: PowerShell's `>` takes adb's UTF-8 for the console's old code page.

In cp850 two letters can be UTF-8 by chance ("Íñigo"), so it is tried only where frames stand, or what an apostrophe or
an emoji becomes: nobody types those.
"""

from __future__ import annotations

import re
from typing import Final

_CODE_PAGE_OF_THE_US: Final = "cp437"
_CODE_PAGE_OF_WESTERN_EUROPE: Final = "cp850"
_CANNOT_BE_MEANT: Final = re.compile(r"[─-╬▀▄█]|ÔÇ|\xadƒ")
_CONTROLS: Final = re.compile(r"[\x80-\x9f]")


def repair_console_words(line: str) -> str:
    """Return the line as it was sent, where every misread byte of it makes UTF-8 again; else the line itself."""
    if line.isascii():
        return line
    repaired = _read_back(line, _CODE_PAGE_OF_THE_US)
    if repaired is None and _CANNOT_BE_MEANT.search(line):
        repaired = _read_back(line, _CODE_PAGE_OF_WESTERN_EUROPE)
    return line if repaired is None else repaired


def _read_back(line: str, code_page: str) -> str | None:
    try:
        repaired = line.encode(code_page).decode("utf-8")
    except UnicodeError:
        return None
    return None if _CONTROLS.search(repaired) else repaired
