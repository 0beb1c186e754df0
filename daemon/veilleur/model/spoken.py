"""`N_` marks a text that people read, for the catalogue, where what translates it stands in a layer above."""

from __future__ import annotations


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """Return the text as it is."""
    return text
