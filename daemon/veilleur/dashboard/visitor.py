"""One visit: who looks, and how they wish to see it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hmac import compare_digest
from zoneinfo import ZoneInfo

from veilleur.model.people import SignedIn
from veilleur.wording.languages import Language


class Theme(StrEnum):
    """Light, dark, or as the visitor's system has it."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Visitor:
    """One visit; `csrf` is what a form of theirs must hold, None while nobody is signed in."""

    language: Language
    zone: ZoneInfo
    theme: Theme
    signed_in: SignedIn | None
    csrf: str | None
    path: str

    def sent_it(self, csrf: str) -> bool:
        """Return whether a form comes from a page that was made for this session."""
        return self.csrf is not None and compare_digest(self.csrf.encode(), csrf.encode("utf-8", "surrogatepass"))
