"""Examples at the end of a command's help."""

from __future__ import annotations

from rich.markup import escape


def examples(*examples: tuple[str, str]) -> str:
    """Return the help's last paragraphs: what each command line does, and the line, ready to be copied."""
    shown = (f"{escape(does)}:\n  [bold]{escape(line)}[/bold]" for line, does in examples)
    return "\n\n".join(("[dim]Examples[/dim]", *shown))
