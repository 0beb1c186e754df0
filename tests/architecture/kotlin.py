"""The house's caps for Kotlin, read by indentation: the formatter's four spaces are what makes that enough."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from tests.architecture import sizes
from tests.architecture.source_file import PROJECT, project_files

_FUNCTION = re.compile(
    r"^(?P<indent> *)(?:@\w+(?:\([^)]*\))? )*(?P<modifiers>(?:\w+ )*)fun (?:<[^>]+> )?(?P<name>`[^`]+`|[\w.<>?]+)"
)
_CLASS = re.compile(r"^(?P<indent> *)(?:\w+ )*(?:class|interface|object) (?P<name>\w+)")
_HIDDEN = {"private", "protected", "internal", "override"}
_CONTINUES = re.compile(r"^ *[})\]]")


@dataclass(frozen=True, slots=True)
class KotlinFile:
    """One Kotlin file; `path` is relative to the project."""

    path: PurePosixPath
    text: str

    def at(self, number: int, message: str) -> str:
        """Say a finding the way compilers do."""
        return f"{self.path}:{number}: {message}"

    @property
    def lines(self) -> list[str]:
        """Its lines, without their ends."""
        return self.text.splitlines()

    @property
    def is_test(self) -> bool:
        """Whether it stands under a module's tests."""
        return "/src/test/" in str(self.path)


KotlinRule = Callable[[KotlinFile], Iterator[str]]


def kotlin_files() -> list[KotlinFile]:
    """Read every Kotlin file of the project."""
    paths = [path for path in project_files() if path.suffix == ".kt"]
    return [KotlinFile(path, (PROJECT / path).read_text()) for path in paths]


def file_is_short(source: KotlinFile) -> Iterator[str]:
    """Find a file past the cap."""
    count = len(source.lines)
    if count > sizes.MOST_FILE_LINES:
        yield source.at(1, f"{count} lines, at most {sizes.MOST_FILE_LINES}: this file does two things")


def functions_are_short(source: KotlinFile) -> Iterator[str]:
    """Find a function past the cap."""
    for index, line in enumerate(source.lines):
        if found := _FUNCTION.match(line):
            length = _block_length(source.lines, index, len(found["indent"]))
            if length > sizes.MOST_FUNCTION_LINES:
                yield source.at(index + 1, f"{found['name']} has {length} lines, at most {sizes.MOST_FUNCTION_LINES}")


def classes_are_small(source: KotlinFile) -> Iterator[str]:
    """Find a class with too many public functions of its own (overrides are another type's face, tests are cases)."""
    if source.is_test:
        return
    for index, line in enumerate(source.lines):
        if found := _CLASS.match(line):
            body = source.lines[index + 1 : index + _block_length(source.lines, index, len(found["indent"]))]
            public = list(_functions_at(body, len(found["indent"]) + 4))
            if len(public) > sizes.MOST_PUBLIC_METHODS:
                yield source.at(
                    index + 1, f"{found['name']} has {len(public)} public methods, at most {sizes.MOST_PUBLIC_METHODS}"
                )


def comments_are_few(source: KotlinFile) -> Iterator[str]:
    """Find a file with more comment lines than the conventions allow (KDoc is documentation, as docstrings are)."""
    comments = sum(1 for line in source.lines if line.lstrip().startswith("//"))
    if comments > max(1, int(len(source.lines) * sizes.MOST_COMMENT_SHARE)):
        yield source.at(
            1, f"{comments} of {len(source.lines)} lines are comments, at most {sizes.MOST_COMMENT_SHARE:.0%}"
        )


def core_knows_no_android(source: KotlinFile) -> Iterator[str]:
    """Find a mention of Android's classes where every decision must run on a plain JVM."""
    if not str(source.path).startswith(("companion/core/", "companion/tablet/")):
        return
    for number, line in enumerate(source.lines, start=1):
        if re.match(r"import (android|androidx|dalvik|com\.android)\.", line):
            yield source.at(number, "core imports Android: what only Android can do is app's")


def file_says_its_place(source: KotlinFile) -> Iterator[str]:
    """Find a source file whose first words, or first declaration, do not say what it is for (a test's name does)."""
    declared = re.search(r"^(?:(?!private )\w+ )*(?:class|interface|object|fun) ", source.text, flags=re.MULTILINE)
    if not source.is_test and declared and "/**" not in source.text[: declared.start()]:
        yield source.at(1, "no opening comment: say in one to three lines where this file stands on the line")


def _functions_at(body: list[str], indent: int) -> Iterator[str]:
    for line in body:
        found = _FUNCTION.match(line)
        if found and len(found["indent"]) == indent and not _HIDDEN.intersection(found["modifiers"].split()):
            yield found["name"]


def _block_length(lines: list[str], start: int, indent: int) -> int:
    """Count from a declaration to its last line: the next line as shallow as it, closing brackets excepted."""
    for index in range(start + 1, len(lines)):
        line = lines[index]
        if not line.strip() or len(line) - len(line.lstrip()) > indent:
            continue
        if not _CONTINUES.match(line):
            return len("\n".join(lines[start:index]).rstrip().splitlines())
        if line.rstrip().endswith(("}", ")")) and line.strip() in {"}", ")"}:
            return index - start + 1
    return len(lines) - start
