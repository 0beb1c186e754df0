"""A command that works on the machine it runs on: what that needs is no server's to give."""

from __future__ import annotations

from typing import Any, Final

from veilleur.cli.plain_words import PlainCommand

_OPTION: Final = "--server"


class LocalCommand(PlainCommand):
    """Refuses `--server` with a sentence, where other commands would say that there is no such option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - Typer names no context of its own
        if any(word.partition("=")[0] == _OPTION for word in args):
            ctx.fail(
                f"{ctx.command_path} works on the machine that it runs on: run it on the server, without {_OPTION}"
            )
        return super().parse_args(ctx, args)
