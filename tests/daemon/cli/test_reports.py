"""`veilleur report make`: what it writes, here and by a server."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.daemon.cli.conftest import BOTH_PLACES, Run
from veilleur.model.scope import Scope
from veilleur.store.opening import open_database
from veilleur.store.report_additions import keep_logo, keep_words

PICTURE = "data:image/png;base64,AAAA"


@BOTH_PLACES
def test_a_report_holds_what_is_kept_for_reports_unless_it_is_given_others_or_told_to_be_bare(
    run: Run, data_dir: Path, tmp_path: Path
) -> None:
    """Broken line: the kept words asked for without the watch's name; it reported a page without `Kept words.`."""
    run("watch", "add", "strike", "strike")
    database = open_database(f"sqlite:///{data_dir / 'veilleur.db'}")
    now = datetime.now(UTC)
    assert keep_words(database, Scope(may_read_private=True), "strike", "Kept words.", by="lea", now=now)
    keep_logo(database, Scope(), PICTURE, by="lea", now=now)
    database.close()
    given = tmp_path / "given.txt"
    given.write_text("Given words.", "utf-8")

    def made(*options: str) -> tuple[bool, bool, bool]:
        """Say which of the kept words, the kept logo and the given words a report holds."""
        ran = run("report", "make", *options, "-o", "report.html", "--force")
        assert ran.code == 0, ran.err
        page = (tmp_path / "report.html").read_text("utf-8")
        return "Kept words." in page, PICTURE in page, "Given words." in page

    assert made("strike") == (True, True, False)
    assert made("strike", "--words", str(given)) == (False, True, True)
    assert made("strike", "--bare") == (False, False, False)
    assert made("strike", "--bare", "--words", str(given)) == (False, False, True)
    assert made("--query", "strike") == (False, True, False)
