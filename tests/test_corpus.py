"""The report on a folder of real logs says of each file what was read of it and what is missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.bridge.sources.feed.feed_texts import atom, atom_entry
from tests.bridge.sources.log_reading import DUMPS
from tests.corpus import main, report


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "phones").mkdir()
    for name in ("android16.txt", "hyperos15.txt"):
        shutil.copy(DUMPS / name, tmp_path / "phones" / name)
    cut = (DUMPS / "samsung13.txt").read_text().partition("est-elle ouverte")[0]
    (tmp_path / "phones" / "cut.txt").write_text(cut)
    (tmp_path / "README.md").write_text("about the folder")
    (tmp_path / "chat.txt").write_text("[21/11/2026] Nadia: bonjour\n")
    (tmp_path / "own.jsonl").write_text('{"v":1,"device":"tablet-1"\n')
    (tmp_path / "alert.xml").write_bytes(atom(atom_entry(1), atom_entry(2)))
    (tmp_path / "page.xml").write_text("<html></html>")
    (tmp_path / "list.json").write_text('[{"key":"0|a|1|null|1","packageName":"a","when":""}]')
    return tmp_path


def test_each_file_has_its_line(folder: Path) -> None:
    lines = list(report(folder))
    assert lines.pop(4).startswith("    own.jsonl:1: ")
    assert lines == [
        "alert.xml: feed: 2 read; missing: nothing",
        "chat.txt: not read: of no known format",
        "list.json: termux: 1 read, 0 not; missing: time 1",
        "own.jsonl: veilleur: 0 read, 1 not; missing: nothing",
        "page.xml: not read: it is no RSS or Atom feed",
        "phones/android16.txt: dumpsys: 2 read, 0 not; missing: nothing",
        "phones/cut.txt: dumpsys: 1 read, 1 not; missing: nothing",
        "    cut.txt:45: the dump ends inside this record",
        "phones/hyperos15.txt: dumpsys: 1 read, 0 not; missing: title 1, text 1, messages 1, ticker 1",
    ]


def test_without_a_folder_it_says_how_to_name_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (main([]), main(["/nowhere"]), main([str(folder)])) == (2, 2, 0)
    written = capsys.readouterr()
    assert "/nowhere is no folder. Name a folder of logs: make corpus CORPUS=FOLDER" in written.err
    assert "chat.txt" in written.out
