"""A past to look back on: hashtags that stand together, a burst, and a time that nobody saw."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update

from tests.architecture.source_file import PROJECT
from tests.servers.daemon import Installation
from veilleur.model.coverage import CoverageCause
from veilleur.model.scope import Scope
from veilleur.model.trends import Burst, FoundBurst, TrendKey, TrendKind
from veilleur.query.expression import Query, Words
from veilleur.store.instants import to_ms
from veilleur.store.mentions import every_mention
from veilleur.store.opening import open_database
from veilleur.store.tables import coverage_intervals, devices
from veilleur.store.trend_bursts import keep_bursts

BURST_TAG = "greve"
COMMUNITY = ("ratp", "metro", "greve", "ligne13", "transport", "idfm", "pannes")
_DINNER = ("gourmandise", "restaurantparisien", "مطعم", "dégustation", "chefàdomicilepourtous")
_NAMES = ("lou", "Jean-Baptiste de la Tour d’Auvergne-Lauraguais", "سارة", "👩‍🍳 cheffe", "zoé")
_DAYS = 28
PAST_MENTIONS = 4 * _DAYS


def write_past_log(path: Path, now: datetime) -> Path:
    """Write a log of comments of four weeks until an hour ago, half of them with the hashtags of a community."""
    comment = json.loads((PROJECT / "samples" / "one-comment.jsonl").read_text(encoding="utf-8"))
    lines = []
    for seq in range(1, PAST_MENTIONS + 1):
        at = now - timedelta(hours=1, days=_DAYS) + timedelta(hours=6 * seq)
        words = " ".join(f"#{tag}" for tag in _tags(seq))
        made = json.loads(json.dumps(comment))
        made |= {"id": f"past-{seq}", "epoch": "beef", "seq": seq}
        made["captured_at"] = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        made["notification"] |= {
            "key": f"0|com.zhiliaoapp.musically|{7_000 + seq}|null|1",
            "when_ms": to_ms(at),
            "posted_at_ms": to_ms(at),
            "text": f"{_NAMES[seq % len(_NAMES)]} a commenté : {words} encore une fois",
        }
        lines.append(json.dumps(made, ensure_ascii=False))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _tags(seq: int) -> list[str]:
    """Return all but one of a community's hashtags for every other comment, and one that no other has for the rest."""
    if seq % 2:
        return [f"jour{seq}"]
    tags = COMMUNITY if seq % 4 else _DINNER
    return [tag for place, tag in enumerate(tags) if place != seq // 4 % len(tags)]


def keep_past(installation: Installation, now: datetime) -> None:
    """Keep what only time brings: a burst, and hours that the device, which was there for weeks, did not see."""
    database = open_database(installation.database_url)
    tagged = next(every_mention(database, Scope(), Query(Words((f"#{BURST_TAG}",), f"#{BURST_TAG}"))))
    burst = Burst(
        key=TrendKey(TrendKind.HASHTAG, BURST_TAG),
        window_s=600,
        count=12,
        usual=0.25,
        most_before=2,
        chance=1e-9,
        began_at=tagged.happened_at - timedelta(hours=3),
        seen_at=tagged.happened_at,
    )
    found = FoundBurst(project="default", is_private=False, burst=burst, mention_ids=(tagged.id,))
    with database.writing() as connection:
        keep_bursts(connection, [found])
        device = connection.execute(select(devices.c.id).where(devices.c.name == "salle-1")).scalar_one()
        first_ms = to_ms(now - timedelta(days=_DAYS))
        connection.execute(update(devices).where(devices.c.id == device).values(first_seen_at=first_ms))
        connection.execute(coverage_intervals.insert(), list(_holes(device, now)))
    database.close()


def _holes(device: int, now: datetime) -> list[dict[str, object]]:
    noon = datetime(now.year, now.month, now.day, 12, tzinfo=UTC)
    spans = (
        (CoverageCause.OFFLINE, "device", 9, timedelta(hours=16)),
        (CoverageCause.LISTENER_DEAD, "device", 6, timedelta(hours=3)),
        (CoverageCause.GAP, "f00d:3-5", 4, timedelta(minutes=2)),
    )
    return [
        {
            "project_id": "default",
            "device_id": device,
            "cause": cause.value,
            "subject": subject,
            "since": to_ms(noon - timedelta(days=days, hours=8)),
            "until": to_ms(noon - timedelta(days=days, hours=8) + length),
        }
        for cause, subject, days, length in spans
    ]
