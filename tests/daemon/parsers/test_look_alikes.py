"""Names and words that look like others are flagged, and ordinary ones are not."""

from __future__ import annotations

import pytest

from veilleur.model.kinds import TextFlag
from veilleur.parsers.look_alikes import name_flags, passes_for_another
from veilleur.parsers.words import extract


@pytest.mark.parametrize("text", ["\u0440\u0430ypal", "voyez Nik\u0435", "\u0391pple Store"])
def test_a_latin_word_with_letters_that_pass_for_latin_is_flagged(text: str) -> None:
    assert passes_for_another(text)
    assert TextFlag.LOOK_ALIKES in extract(text, None).flags


@pytest.mark.parametrize(
    "text", ["Привет, Paul", "PRщик и SMMщик", "Élodie", "Αθήνα and Athens", "5 µm", "łódź", "iPhone'ы"]
)
def test_words_of_one_script_and_words_that_imitate_nobody_are_not(text: str) -> None:
    assert not passes_for_another(text)


@pytest.mark.parametrize(
    ("name", "shown", "flags"),
    [
        ("Ann", "Ann\nliked your video", ()),
        ("Ann", "\u2068Ann\u2069 liked your video", ()),
        ("Ann B", "Ann\u00a0B", ()),
        ("سارة", "\u200fسارة\u200e", ()),
        ("AnnB", "Ann\u202eB", (TextFlag.NAME_INVISIBLE_MARKS,)),
        ("Ann\u200bB", "Ann\u200bB", (TextFlag.NAME_INVISIBLE_MARKS,)),
        ("\u0410nn", "\u0410nn", (TextFlag.NAME_LOOK_ALIKES,)),
        ("A\u200bn\u0430", "A\u200bn\u0430", (TextFlag.NAME_INVISIBLE_MARKS, TextFlag.NAME_LOOK_ALIKES)),
    ],
)
def test_a_name_is_flagged_for_what_it_hides_and_not_for_what_stands_around_it(
    name: str, shown: str, flags: tuple[TextFlag, ...]
) -> None:
    assert name_flags(name, shown) == flags
