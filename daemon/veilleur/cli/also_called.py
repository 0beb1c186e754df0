"""Words that people try for a command before they know its name."""

from __future__ import annotations

from typing import Any

from veilleur.cli.plain_words import PlainGroup


def also_called(**meant: str) -> type[PlainGroup]:
    """Return a kind of group that takes each of these words for the command it names, and shows none of them."""

    class AlsoCalled(PlainGroup):
        def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - Typer names no types of its own
            return super().resolve_command(ctx, [meant.get(args[0], args[0]), *args[1:]])

    return AlsoCalled
