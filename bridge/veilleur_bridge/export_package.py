"""The packages under which exported messages travel: no app's own, so that a parser of theirs reads them."""

from __future__ import annotations

from enum import StrEnum


class ExportPackage(StrEnum):
    """One for each app whose exports are read."""

    WHATSAPP = "whatsapp.export"
    TELEGRAM = "telegram.export"
    TIKTOK = "tiktok.export"
