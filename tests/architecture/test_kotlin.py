"""The rules for Kotlin find what they are for."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from tests.architecture import kotlin
from tests.architecture.kotlin import KotlinFile, KotlinRule

LONG_BODY = "        step()\n" * 60
OPENING = "/** A place. */\npackage veilleur\n\n"


def source(text: str, path: str = "companion/core/src/main/kotlin/Sample.kt") -> KotlinFile:
    return KotlinFile(PurePosixPath(path), text)


@pytest.mark.parametrize(
    ("rule", "text", "said"),
    [
        (kotlin.file_is_short, "val x = 1\n" * 401, "401 lines"),
        (
            kotlin.functions_are_short,
            f"class A {{\n    private fun long() {{\n{LONG_BODY}    }}\n}}\n",
            "long has 62 lines",
        ),
        (
            kotlin.functions_are_short,
            f"    fun long(\n        a: Int,\n    ) {{\n{LONG_BODY}    }}\n",
            "long has 64 lines",
        ),
        (kotlin.functions_are_short, f"fun long() =\n{LONG_BODY}\nfun short() = 1\n", "long has 61 lines"),
        (kotlin.classes_are_small, "class Wide {\n" + "    fun go() = 1\n" * 11 + "}\n", "Wide has 11 public"),
        (kotlin.comments_are_few, "// one\n// two\nval x = 1\n", "2 of 3 lines"),
        (kotlin.core_knows_no_android, "import android.os.Bundle\n", "core imports Android"),
        (kotlin.file_says_its_place, "package veilleur\n\nclass A\n", "no opening comment"),
    ],
)
def test_what_breaks_a_rule_is_found(rule: KotlinRule, text: str, said: str) -> None:
    assert said in next(iter(rule(source(text))), "nothing")


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (kotlin.functions_are_short, "class A {\n" + "    fun short() {\n        step()\n    }\n\n" * 30 + "}\n"),
        (
            kotlin.classes_are_small,
            "class A {\n" + "    private fun go() = 1\n    override fun on() = 1\n" * 11 + "}\n",
        ),
        (kotlin.classes_are_small, "class A {\n    fun go() = 1\n}\n\n" * 11),
        (kotlin.comments_are_few, OPENING + "// Android 8 forces this.\nval x = 1\n"),
        (kotlin.file_says_its_place, OPENING + "val x = 1\n"),
        (kotlin.file_says_its_place, "package veilleur\n\n/** What A is. */\nclass A\n"),
    ],
)
def test_what_keeps_a_rule_is_left_alone(rule: KotlinRule, text: str) -> None:
    assert list(rule(source(text))) == []


def test_the_app_may_name_android() -> None:
    in_app = source("import android.os.Bundle\n", path="companion/app/src/main/kotlin/Sample.kt")

    assert list(kotlin.core_knows_no_android(in_app)) == []
