"""With what a process reads: which catalogues of the user's, and which plug-ins."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from veilleur.app.plugins.messages import PluginChoice


class ParserChoice(Struct, frozen=True):
    """The user's catalogues, and where plug-ins are kept account of; None for the built-in parsers alone."""

    catalogues: Path | None = None
    plugins: PluginChoice | None = None
