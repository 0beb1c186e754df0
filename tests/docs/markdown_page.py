"""A Markdown page as these tests read it: prose, fenced blocks, links, and what its console blocks tell to type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE_CODE = re.compile(r"`[^`\n]+`")
_LINK = re.compile(r"\]\(([^()\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
_PROMPT = "$ "


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, its lines, and the number of its first line in the page."""

    language: str
    lines: tuple[str, ...]
    line_number: int


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a console block and what the page prints under it."""

    command: str
    printed: tuple[str, ...]
    line_number: int


@dataclass(frozen=True)
class Page:
    """One page, read from its file."""

    path: Path

    @cached_property
    def text(self) -> str:
        """The page as it is written."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def prose(self) -> str:
        """The page without what is code: fenced blocks and inline code."""
        return _INLINE_CODE.sub("", _FENCE.sub("", self.text))

    @property
    def inline_code(self) -> list[str]:
        """What stands between single backticks, a table's escaped bars as they are meant."""
        return [code[1:-1].replace("\\|", "|") for code in _INLINE_CODE.findall(_FENCE.sub("", self.text))]

    @property
    def blocks(self) -> list[Block]:
        """The fenced blocks, in order."""
        return [
            Block(found[1], tuple(found[2].splitlines()), self.text.count("\n", 0, found.start()) + 2)
            for found in _FENCE.finditer(self.text)
        ]

    @property
    def steps(self) -> list[Step]:
        """Every command of the console blocks, in order."""
        return [step for block in self.blocks if block.language == "console" for step in _steps_of(block)]

    @property
    def links(self) -> list[str]:
        """The targets of the links that lead to a file of the project."""
        return [target for target in _LINK.findall(self.prose) if not re.match(r"[a-z]+:", target)]

    @property
    def headings(self) -> list[str]:
        """The headings, in order."""
        return _HEADING.findall(_FENCE.sub("", self.text))

    @property
    def anchors(self) -> set[str]:
        """What a link may name after `#`, as GitHub makes it from the headings."""
        return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in self.headings}

    def leads_to(self, target: str) -> bool:
        """Whether a link of this page arrives at a file or folder, and at its anchor where it names one."""
        name, _, anchor = unquote(target).partition("#")
        arrived = self.path.parent / name if name else self.path
        return arrived.exists() and (not anchor or anchor in Page(arrived).anchors)


def _steps_of(block: Block) -> Iterator[Step]:
    assert block.lines[0].startswith(_PROMPT), f"line {block.line_number}: a console block begins with a command"
    starts = [number for number, line in enumerate(block.lines) if line.startswith(_PROMPT)]
    for start, following in pairwise([*starts, len(block.lines)]):
        printed = tuple(line.rstrip() for line in block.lines[start + 1 : following])
        yield Step(block.lines[start].removeprefix(_PROMPT), printed, block.line_number + start)
