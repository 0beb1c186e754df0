"""What each operation answers once the sample log is played; tests hold this to the schemas and to the sample."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import msgspec
from msgspec import Raw

from veilleur.api.alert_examples import alert_examples
from veilleur.api.delivery_examples import delivery_examples
from veilleur.api.problems import PROBLEM_CLASSES, ParameterError, Problem, ProblemKind, problem_fields
from veilleur.api.project_examples import project_examples
from veilleur.api.qualification_examples import qualification_examples
from veilleur.api.report_examples import report_examples
from veilleur.api.trend_examples import trend_examples
from veilleur.api.watch_examples import watch_examples
from veilleur.api.writing import listing_fields, page_fields
from veilleur.exports.csv_text import csv_chunks
from veilleur.exports.json_lines import json_line_chunks
from veilleur.exports.request import Chunks, ExportRequest
from veilleur.model.alarms import Alarm, AlarmCode
from veilleur.model.campaign import Campaign, CampaignKind, CampaignProposal
from veilleur.model.counts import Bucket, Count, Facet, FacetCounts, Grain, Timeline
from veilleur.model.coverage import Completeness, CoverageCause, CoverageInterval, Shortfall
from veilleur.model.device_config import first_config
from veilleur.model.device_health import ConfigStanding, DeviceHealth, SpoolStanding
from veilleur.model.drift import ParseRate
from veilleur.model.identity import MentionId, NotificationId
from veilleur.model.kinds import Exactness, MentionKind, OutcomeKind, TimeQuality, Visibility
from veilleur.model.listing import DeadLetter, Device, NotificationDetail, NotificationRow
from veilleur.model.mention import Mention
from veilleur.model.outcome import UNKNOWN_WORDING
from veilleur.model.parts import Actor, OpenLink
from veilleur.model.readiness import PartState, Readiness
from veilleur.model.scope import DEFAULT_PROJECT, TokenScope
from veilleur.model.wire import (
    alarm_fields,
    campaign_fields,
    completeness_fields,
    dead_letter_fields,
    device_fields,
    dump_line,
    facet_fields,
    health_fields,
    instant_text,
    mention_fields,
    notification_detail_fields,
    notification_fields,
    parse_rate_fields,
    proposal_fields,
    timeline_fields,
)
from veilleur_bridge.envelope import LostReason
from veilleur_bridge.refusal import RejectReason
from veilleur_bridge.wire.config import write_config

_CAPTURED_AT: Final = datetime(2026, 11, 13, 11, 41, 25, 127_000, tzinfo=UTC)
_RECEIVED_AT: Final = datetime(2026, 11, 13, 11, 41, 25, 316_000, tzinfo=UTC)
_MENTION_ID: Final = MentionId("01a1d4b66300dc42696bc4c85786cb07")
_ENVELOPE_ID: Final = "01a1d4b6-6307-7cc2-b7c8-47ee07bb7cf2"
_TIKTOK: Final = "com.zhiliaoapp.musically"
_WORDS: Final = "C'est vrai cette histoire de plastique ? #pouletrose"
_NEXT_CURSOR: Final = "1a1d4b663076cb07"
_DEVICE: Final = "salle-1"
_DEAD_BYTES: Final = b'{"v":1,"id":"01a1d4b6","device":"salle-1","captured_at":"2026-11-13 11:41"}'
_MEANING: Final = "of the kind comment, and since 2026-11-13 00:00"
_NOT_UNDERSTOOD_AT: Final = datetime(2026, 11, 14, 10, 20, 9, 127_000, tzinfo=UTC)
_ONLY_COUNTED_AT: Final = datetime(2026, 11, 13, 20, 40, 0, 101_000, tzinfo=UTC)
_OPENING: Final = "Bonjour, je voudrais en savoir plus sur votre brunch"


def response_examples() -> dict[str, Any]:
    """Return the answer of each operation, by operation id, as plain JSON values."""
    mention, row = _mention(), _row()
    detail = notification_detail_fields(_detail(row))
    config = Raw(write_config(replace(first_config(None), issued_at=_RECEIVED_AT)))
    unseen = _unseen()
    answers = {
        "search_mentions": page_fields("mentions", [mention_fields(mention)], _NEXT_CURSOR, unseen),
        "export_csv": _file_of(csv_chunks, mention),
        "export_jsonl": _file_of(json_line_chunks, mention),
        "export_xlsx": "(a workbook: the sheets `mentions` and `coverage`)",
        "export_parquet": "(a Parquet file: a column of each kind, instants in UTC)",
        "read_mention": {"mention": mention_fields(mention), "notification": detail},
        "read_facets": listing_fields("facets", [facet_fields(_facet())], unseen),
        "read_timeline": timeline_fields(_timeline()) | {"completeness": completeness_fields(unseen)},
        "list_notifications": page_fields("notifications", [notification_fields(row)], None, unseen),
        "read_notification": detail,
        "list_quarantine": page_fields("notifications", [notification_fields(_unknown_row())], None, unseen),
        "list_dead_letters": {"dead_letters": [dead_letter_fields(_dead_letter())], "next_cursor": None},
        "read_dead_letter": dead_letter_fields(_dead_letter()) | {"payload": b64encode(_DEAD_BYTES).decode()},
        "read_parse_rates": {"parse_rates": [parse_rate_fields(_parse_rate())], "next_cursor": None},
        "explain_query": {"query": "kind:comment since:2026-11-13", "language": "en", "meaning": _MEANING},
        "list_devices": listing_fields("devices", [device_fields(_device())], unseen),
        "read_device": health_fields(_health()),
        "read_device_config": config,
        "write_device_config": config,
        "read_previous_config": config,
        "read_coverage": completeness_fields(Completeness(known=True, intervals=(_gap(),))) | {"next_cursor": None},
        "list_alarms": {"alarms": [alarm_fields(_alarm())]},
        "list_campaigns": {"campaigns": [campaign_fields(_campaign())]},
        "propose_campaigns": {"proposals": [proposal_fields(CampaignProposal(_OPENING, 12))]},
        "read_campaign": campaign_fields(_campaign()),
        "write_campaign": campaign_fields(_campaign()),
        "remove_campaign": campaign_fields(_campaign()),
        **qualification_examples(),
        **watch_examples(mention_fields(mention)),
        **delivery_examples(mention.id),
        **report_examples(mention),
        **alert_examples(mention_fields(mention)),
        **trend_examples(mention.id),
        **project_examples(),
        "read_health": {"is_alive": True, "version": "0.1.0"},
        "read_readiness": Readiness(is_ready=True, parts=(PartState("database", is_ok=True),)),
    }
    return {operation: msgspec.json.decode(dump_line(answer)) for operation, answer in answers.items()}


def _facet() -> FacetCounts:
    return FacetCounts(Facet.KIND, (Count("comment", 31), Count("mention", 9)), total=40, without=0)


def _timeline() -> Timeline:
    begins_at = datetime(2026, 11, 9, tzinfo=UTC)
    return Timeline(Grain.WEEK, (Bucket(begins_at, begins_at + timedelta(days=7), 40),), total=40)


def _file_of(chunks: Chunks, mention: Mention) -> str:
    asked = ExportRequest(query="", zone=UTC, asked_at=_RECEIVED_AT, completeness=Completeness)
    return b"".join(chunks([mention], asked)).decode()


def _unknown_row() -> NotificationRow:
    return msgspec.structs.replace(
        _row(),
        id=NotificationId(258),
        envelope_id="01a1d992-5827-70a6-a1eb-ecba7b6b82ac",
        seq=258,
        outcome=OutcomeKind.QUARANTINED,
        reason=UNKNOWN_WORDING,
        mention_ids=(),
    )


def _dead_letter() -> DeadLetter:
    detail = "captured_at names no time zone, or no UTC time"
    return DeadLetter(
        id=1,
        device=_DEVICE,
        epoch=None,
        seq=None,
        received_at=_RECEIVED_AT,
        reason=RejectReason.BAD_FIELD.value,
        detail=detail,
        size_bytes=len(_DEAD_BYTES),
    )


def _parse_rate() -> ParseRate:
    return ParseRate(
        package=_TIKTOK,
        app_version="46.6.3",
        language="fr",
        channel="comment_push",
        day_at=_RECEIVED_AT.replace(hour=0, minute=0, second=0, microsecond=0),
        total=31,
        unknown=2,
    )


def problem_example(kind: ProblemKind) -> dict[str, Any]:
    """Return a problem of one kind."""
    about = PROBLEM_CLASSES[kind]
    match kind:
        case ProblemKind.WRONG_QUERY:
            expected = "a kind such as comment"
            problem = Problem(kind=kind, detail=f"column 6: expected {expected}", column=6, expected=expected)
        case ProblemKind.MISSING_SCOPE:
            problem = Problem(kind=kind, detail=about.remedy, missing_scope=TokenScope.READ_MENTIONS)
        case ProblemKind.WRONG_PARAMETER:
            error = ParameterError("limit", "Input should be less than or equal to 500")
            problem = Problem(kind=kind, detail=f"{error.parameter}: {error.reason}", errors=(error,))
        case _:
            problem = Problem(kind=kind, detail=about.remedy)
    example: dict[str, Any] = msgspec.json.decode(dump_line(problem_fields(problem)))
    return example


def _mention() -> Mention:
    return Mention(
        id=_MENTION_ID,
        notification_id=NotificationId(192),
        envelope_id=_ENVELOPE_ID,
        device=_DEVICE,
        project=DEFAULT_PROJECT,
        captured_at=_CAPTURED_AT,
        received_at=_RECEIVED_AT,
        occurred_at=None,
        happened_at=_CAPTURED_AT,
        time_quality=TimeQuality.CAPTURED,
        platform="tiktok",
        package=_TIKTOK,
        kind=MentionKind.COMMENT,
        visibility=Visibility.PUBLIC,
        actor=Actor("Tibo 🧢 Vbr"),
        conversation=None,
        target=None,
        body=_WORDS,
        hashtags=("pouletrose",),
        handles=(),
        links=(),
        emojis=(),
        language="fr",
        region=None,
        media=None,
        count=None,
        open=OpenLink("https://www.tiktok.com/search/user?q=Tibo%20%F0%9F%A7%A2%20Vbr", Exactness.SEARCH),
        edited=False,
        deleted=False,
        flags=(),
        parser="tiktok",
        parser_version=2,
        pattern="fr/comment",
        confidence=1.0,
    )


def _row() -> NotificationRow:
    return NotificationRow(
        id=NotificationId(192),
        envelope_id=_ENVELOPE_ID,
        device=_DEVICE,
        epoch="b7c1d05a9f4826e3",
        seq=192,
        package=_TIKTOK,
        received_at=_RECEIVED_AT,
        outcome=OutcomeKind.PARSED,
        reason=None,
        mention_ids=(_MENTION_ID,),
    )


def _detail(row: NotificationRow) -> NotificationDetail:
    shown = f"Tibo 🧢 Vbr a commenté : {_WORDS}"
    envelope = {
        "v": 1,
        "id": row.envelope_id,
        "device": row.device,
        "epoch": row.epoch,
        "seq": row.seq,
        "event": "posted",
        "captured_at": instant_text(_CAPTURED_AT),
        "source": {"kind": "companion", "version": "0.1.0"},
        "app": {"package": row.package, "label": "TikTok", "version": "46.6.3"},
        "locale": "fr-FR",
        "user": 0,
        "notification": {
            "key": "0|com.zhiliaoapp.musically|1049680|app_notify_ame|10213",
            "id": 1049680,
            "tag": "app_notify_ame",
            "is_group_summary": False,
            "channel": "comment_push",
            "channel_name": "Commentaires",
            "category": "social",
            "importance": 3,
            "visibility": 0,
            "flags": 16,
            "when_ms": 1794570085000,
            "ongoing": False,
            "title": "TikTok",
            "text": shown,
            "big_text": shown,
            "template": "android.app.Notification$BigTextStyle",
            "posted_at_ms": 1794570085120,
        },
    }
    payload = msgspec.json.encode(envelope)
    return NotificationDetail(row=row, payload=payload, sha256=sha256(payload).hexdigest(), changed=())


def _device() -> Device:
    return Device(
        name=_DEVICE,
        project=DEFAULT_PROJECT,
        is_paired=True,
        first_seen_at=datetime(2026, 11, 9, 7, 0, tzinfo=UTC),
        last_received_at=_RECEIVED_AT,
        notification_count=300,
    )


def _health() -> DeviceHealth:
    return DeviceHealth(
        device=_device(),
        is_online=True,
        told_at=_RECEIVED_AT,
        clock_offset_s=-0.042,
        epoch="b7c1d05a9f4826e3",
        spool=SpoolStanding(
            depth=0,
            size_bytes=4096,
            cap_bytes=268435456,
            oldest_at=None,
            first_seq=301,
            next_seq=301,
            stored_through_seq=300,
        ),
        source="companion",
        source_version="0.1.0",
        android="15",
        listener_is_bound=True,
        last_callback_at=_CAPTURED_AT,
        canary_age_s=212.5,
        battery_percent=97,
        is_charging=True,
        free_bytes=9_000_000_000,
        network="wifi",
        active_notifications={"com.whatsapp.w4b": 21},
        dropped={"app": 410},
        problems=(),
        config=ConfigStanding(
            asked_revision=1, asked_at=_RECEIVED_AT, in_force_revision=1, in_force_at=_RECEIVED_AT, error=None
        ),
        alarms=(_alarm(),),
    )


def _alarm() -> Alarm:
    return Alarm(
        code=AlarmCode.SATURATED,
        subject=f"{_DEVICE}:com.whatsapp.w4b",
        since_at=_RECEIVED_AT,
        until_at=None,
        detail="at least 20 active notifications: from 25 on Android sheds them",
    )


def _campaign() -> Campaign:
    return Campaign(
        name="brunch",
        project=DEFAULT_PROJECT,
        kind=CampaignKind.AD,
        openings=(_OPENING,),
        created_at=_RECEIVED_AT,
    )


def _unseen() -> Completeness:
    shortfalls = (Shortfall(CoverageCause.QUARANTINED, 1), Shortfall(CoverageCause.COLLAPSED, 1_337))
    intervals = tuple(
        CoverageInterval(device=_DEVICE, cause=cause, subject=package, since_at=at, until_at=at, count=1, detail=None)
        for cause, package, at in (
            (CoverageCause.QUARANTINED, "com.zhiliaoapp.musically", _NOT_UNDERSTOOD_AT),
            (CoverageCause.COLLAPSED, "com.whatsapp.w4b", _ONLY_COUNTED_AT),
        )
    )
    return Completeness(intervals=intervals, shortfalls=shortfalls)


def _gap() -> CoverageInterval:
    return CoverageInterval(
        device=_DEVICE,
        cause=CoverageCause.GAP,
        subject="b7c1d05a9f4826e3:118-120",
        since_at=_CAPTURED_AT,
        until_at=_RECEIVED_AT,
        count=3,
        detail=LostReason.CAP,
    )
