"""A tenth of an app's wordings changes: it is noticed within fifty notifications, and the patterns proposed are right.

Seeds from 100 to 107 were never looked at while the rules were written; the long form takes seeds that nobody saw.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

import pytest

from tests.daemon.ingest.changed_apps import (
    ChangingApp,
    Figures,
    finder,
    measure,
    recent_of,
    seen_of,
    tiktok,
    whatsapp,
)
from tests.daemon.parsers.wording_mutations import stream
from veilleur.coverage.drift import has_drifted
from veilleur.parsers.languages import ANY_LANGUAGE

HELD_BACK = range(100, 108)
LANGUAGES = ("en", "fr", "ja")
FRESH_SEEDS = 8
APPS = pytest.mark.parametrize("make_app", [tiktok, whatsapp], ids=["tiktok", "whatsapp"])
MakeApp = Callable[[], ChangingApp]


@APPS
def test_a_change_is_noticed_in_time_and_nine_of_ten_wordings_are_read_right_again(
    make_app: MakeApp, tmp_path: Path
) -> None:
    measured = figures(make_app(), LANGUAGES, HELD_BACK, tmp_path)

    assert measured.changed > 30
    assert measured.late == 0, measured
    assert measured.right >= 0.9 * measured.changed, measured


@pytest.mark.soak
@pytest.mark.timeout(3_600)
@APPS
def test_so_it_is_in_every_language_with_seeds_never_seen(
    make_app: MakeApp, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app, seeds = make_app(), random.SystemRandom().sample(range(10_000, 10_000_000), FRESH_SEEDS)
    measured = figures(app, tuple(sorted(app.catalogues.keys() - {ANY_LANGUAGE})), seeds, tmp_path)
    with capsys.disabled():
        sys.stdout.write(f"\n{app.name}, seeds {seeds}: {measured}\n")

    assert measured.late == 0, (seeds, measured)
    assert measured.right >= 0.9 * measured.changed, (seeds, measured)


@APPS
@pytest.mark.parametrize("language", ["fr", "ko", "zh-Hant"])
def test_nothing_is_told_of_an_app_that_changed_nothing(make_app: MakeApp, language: str) -> None:
    app = make_app()
    unknown = finder(app)
    known = app.wordings(language, 1, share=0.0)

    shown = [one.envelope for _, one in islice(stream(known, random.Random(1), app.show), 200)]

    assert [one for one in shown if unknown.is_unknown(one)] == []
    assert not has_drifted(recent_of(app, unknown, shown))
    assert seen_of(app, unknown, known, random.Random(1)).texts == ()


def figures(app: ChangingApp, languages: Iterable[str], seeds: Iterable[int], folder: Path) -> Figures:
    unknown = finder(app)
    measured = Figures()
    for language in languages:
        for seed in seeds:
            measured.add(measure(app, unknown, language, seed, folder / f"{language}-{seed}"))
    return measured
