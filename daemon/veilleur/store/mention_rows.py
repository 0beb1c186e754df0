"""A mention as a row, and a row as a mention."""

from __future__ import annotations

from typing import Any, Final

from msgspec import defstruct
from sqlalchemy import Row

from veilleur.model.arrival import Arrival, Sighting
from veilleur.model.identity import FoldId, MentionId, NotificationId
from veilleur.model.kinds import Exactness, MediaKind, MentionKind, TimeQuality, Visibility
from veilleur.model.mention import Mention
from veilleur.model.outcome import Draft
from veilleur.model.parts import Actor, Conversation, Media, OpenLink
from veilleur.store.instants import from_ms
from veilleur.store.tables import mentions

COLUMNS: Final = tuple(str(column.name) for column in mentions.columns)
# A row of the driver looks each name up: a third of the time of a page went there.
_Stored: Final[Any] = defstruct("Stored", COLUMNS, gc=False)
# Twice as fast as to ask the enumeration.
_KINDS: Final = {kind.value: kind for kind in MentionKind}
_VISIBILITIES: Final = {visibility.value: visibility for visibility in Visibility}
_QUALITIES: Final = {quality.value: quality for quality in TimeQuality}
_NO_ACTOR: Final = Actor(name="")
_NO_CONVERSATION: Final = Conversation(id="")
Cells = tuple[Any, ...]
_LISTED: Final = "\n"


def mention_row(  # noqa: PLR0913 - one row, its key and its provenance
    order: int,
    project: str,
    notification_id: int,
    arrival: Arrival,
    sighting: Sighting,
    *,
    fold: FoldId | None,
    is_deleted: bool,
) -> Cells:
    """Return the row of a mention in the order of COLUMNS."""
    draft = sighting.draft
    return (
        order,
        sighting.id,
        project,
        notification_id,
        *_sighted(arrival, sighting),
        draft.kind.value,
        draft.visibility.value,
        *_told_of(draft),
        draft.target,
        draft.body,
        *_found_in_words(sighting),
        *_beside_words(draft),
        is_deleted,
        False,
        _joined(sighting.flags),
        arrival.reading.parser,
        arrival.reading.parser_version,
        draft.pattern,
        draft.confidence,
        fold,
        sighting.slot,
        True,
    )


def _sighted(arrival: Arrival, sighting: Sighting) -> Cells:
    """Return `envelope_id` to `package`."""
    return (
        arrival.envelope_id,
        arrival.device,
        arrival.captured_at_ms,
        arrival.received_at_ms,
        sighting.occurred_at_ms,
        sighting.happened_at_ms,
        sighting.time_quality.value,
        sighting.draft.platform or arrival.reading.platform,
        arrival.package,
    )


def _told_of(draft: Draft) -> Cells:
    """Return `actor_name` to `conversation_is_group`."""
    actor, conversation = draft.actor or _NO_ACTOR, draft.conversation or _NO_CONVERSATION
    who = (actor.name or None, actor.handle, actor.phone, actor.others_count)
    return (*who, conversation.id or None, conversation.title, conversation.is_group)


def _found_in_words(sighting: Sighting) -> Cells:
    """Return `hashtags` to `region`."""
    found = (sighting.hashtags, sighting.handles, sighting.links, sighting.emojis)
    return (*map(_joined, found), sighting.language, sighting.region)


def _beside_words(draft: Draft) -> Cells:
    """Return `media_kind` to `open_exactness`."""
    media, link = draft.media, draft.open
    shown = (media.kind.value, media.duration_s) if media else (None, None)
    opened = (link.url, link.exactness.value) if link else (None, None)
    return (*shown, draft.count, *opened)


def mention_of(row: Row[Any]) -> Mention:
    """Return the mention that a row holds whose last columns are those of `mentions`."""
    return _mention(_Stored(*row[-len(COLUMNS) :]))


def _mention(row: Any) -> Mention:  # noqa: ANN401 - `_Stored`, made of the table's columns
    return Mention(
        id=MentionId(row.id),
        notification_id=NotificationId(row.notification_id),
        envelope_id=row.envelope_id,
        device=row.device,
        project=row.project_id,
        captured_at=from_ms(row.captured_at),
        received_at=from_ms(row.received_at),
        occurred_at=from_ms(row.occurred_at),
        happened_at=from_ms(row.happened_at),
        time_quality=_QUALITIES[row.time_quality],
        platform=row.platform,
        package=row.package,
        kind=_KINDS[row.kind],
        visibility=_VISIBILITIES[row.visibility],
        actor=_actor(row),
        conversation=_conversation(row),
        target=row.target,
        body=row.body,
        hashtags=read_list(row.hashtags),
        handles=read_list(row.handles),
        links=read_list(row.links),
        emojis=read_list(row.emojis),
        language=row.language,
        region=row.region,
        media=Media(MediaKind(row.media_kind), row.media_duration_s) if row.media_kind else None,
        count=row.count,
        open=OpenLink(row.open_url, Exactness(row.open_exactness)) if row.open_exactness else None,
        edited=row.edited,
        deleted=row.deleted,
        flags=read_list(row.flags),
        parser=row.parser,
        parser_version=row.parser_version,
        pattern=row.pattern,
        confidence=row.confidence,
    )


def _actor(row: Any) -> Actor | None:  # noqa: ANN401 - `_Stored`
    if row.actor_name is None:
        return None
    return Actor(row.actor_name, row.actor_handle, row.actor_phone, row.actor_others_count)


def _conversation(row: Any) -> Conversation | None:  # noqa: ANN401 - `_Stored`
    if row.conversation_id is None:
        return None
    return Conversation(row.conversation_id, row.conversation_title, row.conversation_is_group)


def _joined(values: tuple[str, ...]) -> str | None:
    return _LISTED.join(values) if values else None


def read_list(text: str | None) -> tuple[str, ...]:
    """Return the values that a column keeps as one text."""
    return tuple(text.split(_LISTED)) if text else ()
