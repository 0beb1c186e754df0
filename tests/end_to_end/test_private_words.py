"""At the most talkative log level, through good and bad input, no word of a notification reaches any log."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.bridge.mqtt.mqtt_parts import publish_all
from tests.end_to_end.api_reader import ApiReader
from tests.end_to_end.hostile_messages import SECRET, hostile_messages, with_nul
from tests.end_to_end.made_envelopes import TOPIC
from tests.end_to_end.test_any_order import LINES, WEEK_TOPIC
from tests.end_to_end.test_sample_week import WEEK
from tests.servers.daemon import running_daemon

FIELDS = {"title", "text", "big_text", "sub_text", "sender", "conversation_title", "lines", "messages", "shortcut_id"}
# words of our own sentences, among them what is said of a broker that is slow and of a process that was lost
OURS = {"veilleur", "https", "version", "message", "messages", "started", "takes"}
_SHORTEST_WORD = 5


@pytest.mark.privacy
def test_no_log_holds_a_word_of_a_message_a_name_or_a_number(tmp_path: Path) -> None:
    """Seen to catch a `Worker._run` that logged at debug level what it took."""
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(b"\n".join(one.payload.replace(b"\n", b" ") for one in hostile_messages(1)))
    with running_daemon(tmp_path, VEILLEUR_LOG_LEVEL="debug") as daemon:
        broker = daemon.installation.broker().url()
        publish_all(broker, [one.payload for one in hostile_messages(1)], TOPIC)
        publish_all(broker, [with_nul(90), *LINES[:150]], WEEK_TOPIC)
        replayed = [daemon.installation.run("replay", str(log)) for log in (WEEK, bad)]
        daemon.stop()
        logs = [daemon.said, *(ran.err for ran in replayed), *written_below(tmp_path / "data")]

    assert len("".join(logs)) > 1_000
    assert words_in("\n".join(logs)) & private_words() == set()


def ask_by_name(api: ApiReader) -> None:
    """Ask for somebody's messages, rightly and wrongly."""
    assert api.every_mention('from:"Solène Vautrelle"')
    for path in ("mentions?q=kind:Vautrelle", "notifications/Solène"):
        assert httpx.get(f"{api.url}/api/v1/{path}", timeout=60).status_code >= 400


def private_words() -> set[str]:
    """Return every word and number of the sample and of the hostile messages that a log has no reason to hold."""
    said = [text for line in LINES for text in strings_of(json.loads(line)["notification"])]
    return words_in(" ".join([*said, SECRET])) - OURS


def strings_of(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, str) and name in FIELDS:
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from strings_of(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_of(inner, name)


def words_in(text: str) -> set[str]:
    return {word.casefold() for word in re.findall(rf"\w{{{_SHORTEST_WORD},}}", text)}


def written_below(folder: Path) -> list[str]:
    """Return what stands in the log files below a folder."""
    return [path.read_text(errors="replace") for path in folder.rglob("*.log*")]
