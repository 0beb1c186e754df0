"""What a child may have said where a summary shows a line: names hold colons, and words do."""

from __future__ import annotations

import pytest

from veilleur.threads.summaries import words_in_line


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ok", {"ok"}),
        ("Ayo: ok", {"Ayo: ok", "ok"}),
        ("Clients (Lyon): Ayo: on my way: 5 min", {"Ayo: on my way: 5 min", "on my way: 5 min", "5 min"}),
        ("クラブ：アヨ：はい", {"アヨ：はい", "はい"}),
        ("at 5:30", {"at 5:30"}),
    ],
)
def test_a_line_is_a_childs_where_names_stand_before_its_words(line: str, words: set[str]) -> None:
    assert set(words_in_line(line)) == {line} | words


def test_a_line_of_colons_is_tried_a_few_times() -> None:
    assert len(list(words_in_line(": " * 10_000))) < 30
