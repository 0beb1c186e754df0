"""The reference pages say what the code does today."""

from __future__ import annotations

import pytest

from docs.generate import REFERENCE, pages

PAGES = pages()


@pytest.mark.parametrize("name", PAGES)
def test_a_reference_page_is_what_the_code_gives(name: str) -> None:
    assert (REFERENCE / name).read_text() == PAGES[name], "run make docs"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("commands.md", "## `veilleur token create`"),
        ("bridge-commands.md", "## `veilleur-bridge feed`"),
        ("settings.md", "`VEILLEUR_DATA_DIR`"),
        ("api.md", "`GET /api/v1/mentions/{mention_id}`"),
    ],
)
def test_every_part_of_the_surface_is_reached(name: str, said: str) -> None:
    assert said in PAGES[name]
