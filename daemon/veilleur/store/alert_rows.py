"""Rows of alerts as the records that everybody reads."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from sqlalchemy import Row

from veilleur.model.alert import Alert, AlertId, Reason
from veilleur.model.delivery import Severity
from veilleur.model.identity import MentionId
from veilleur.parsers.app_names import alarm_subject_name
from veilleur.store.instants import from_ms
from veilleur.wording.alert_words import alert_title

_REASONS: Final = msgspec.json.Decoder(Reason)


def alert_of(row: Row[Any]) -> Alert:
    """Return the alert of a row of `alerts` with its rule's name as `rule_name`."""
    reason = _REASONS.decode(row.reason)
    return Alert(
        id=AlertId(row.id),
        rule=row.rule_name,
        project=row.project_id,
        severity=Severity(row.severity),
        title=alert_title(reason, row.match_count, alarm_subject_name),
        reason=reason,
        match_count=row.match_count,
        mention_ids=tuple(MentionId(one) for one in row.mention_ids.split()),
        opened_at=from_ms(row.opened_at),
        last_at=from_ms(row.last_at),
        tell_at=from_ms(row.tell_at),
        told_count=row.told_count,
        told_at=from_ms(row.told_at),
        acknowledged_by=row.acknowledged_by,
        acknowledged_at=from_ms(row.acknowledged_at),
    )
