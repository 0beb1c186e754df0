"""A broker that found no room begins anew once there is some, and not before."""

from __future__ import annotations

from pathlib import Path

from veilleur_bridge.broker.full_disk import FullDisk

REFUSED = "[1] [ERR] JetStream failed to store a msg: write 2.blk: no space left on device\n"


def test_what_an_earlier_child_logged_is_passed_over_and_a_line_is_known_once_it_is_whole(tmp_path: Path) -> None:
    log = tmp_path / "broker.log"
    log.write_text(REFUSED)
    child = FullDisk(log, tmp_path)
    assert not child.is_over()

    with log.open("a") as file:
        file.write(REFUSED[:-1])
    assert not child.is_over()
    with log.open("a") as file:
        file.write("\n")
    assert child.is_over()


def test_a_log_that_was_begun_anew_or_is_not_there_is_read_from_its_beginning(tmp_path: Path) -> None:
    log = tmp_path / "broker.log"
    assert not FullDisk(log, tmp_path).is_over()
    log.write_text("[1] [INF] Server is ready\n" * 100)
    child = FullDisk(log, tmp_path)
    log.write_text(REFUSED)
    assert child.is_over()


def test_while_there_is_no_room_it_waits(tmp_path: Path) -> None:
    log = tmp_path / "broker.log"
    crowded, roomy = FullDisk(log, tmp_path, room_bytes=2**62), FullDisk(log, tmp_path, room_bytes=1)
    log.write_text(REFUSED)
    assert not crowded.is_over()
    assert roomy.is_over()
