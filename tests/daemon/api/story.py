"""A few hours of the restaurant's story, put into a store by hand: public, private, group, ignored and unknown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from msgspec.structs import replace
from starlette.types import ASGIApp

from tests.daemon.delivery.outgoing import outgoing_with
from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.api.application import create_api
from veilleur.api.hosts import LOOPBACK_NAMES
from veilleur.model.arrival import Arrival, Sighting
from veilleur.model.kinds import Exactness, MediaKind, MentionKind, OutcomeKind, Visibility
from veilleur.model.parts import Actor, Media, OpenLink
from veilleur.model.readiness import PartState, Readiness
from veilleur.model.scope import Scope, TokenScope
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.tokens import create_token, list_tokens

NOW = datetime(2026, 11, 13, 12, 0, tzinfo=UTC)
PUBLIC_WORDS = "C'est vrai cette histoire de plastique ? #pouletrose"
PRIVATE_WORDS = "Et il y avait un morceau de film plastique dans la sauce."
GROUP_WORDS = "Quelqu'un connaît ce restaurant ? #pouletrose"
HOST_NAMES = LOOPBACK_NAMES | {"veilleur.test"}
READY = Readiness(is_ready=True, parts=(PartState("database", is_ok=True), PartState("broker", is_ok=True)))


def told(seq: int, *sightings: Sighting, outcome: OutcomeKind = OutcomeKind.PARSED) -> Arrival:
    """Return an envelope whose payload is JSON, as the codec leaves it."""
    made = arrival(seq, *sightings, outcome=outcome)
    words = [one.draft.body for one in sightings]
    envelope = {"v": 1, "id": made.envelope_id, "device": made.device, "notification": {"key": "k", "messages": words}}
    return replace(made, payload=msgspec.json.encode(envelope), changed=("otp",) if seq == 1 else ())


def full_sighting() -> Sighting:
    """Return a public mention in which every field says something."""
    made = sighting(PUBLIC_WORDS, sender="Tibo", kind=MentionKind.COMMENT, hashtags=("pouletrose",), at_ms=NOON_MS + 1)
    draft = replace(
        made.draft,
        actor=Actor("Tibo", "tibo", "+33639980199", 12),
        media=Media(MediaKind.VIDEO, 14),
        open=OpenLink("https://www.tiktok.com/@tibo", Exactness.PROFILE),
        target="ta vidéo",
        count=31,
    )
    shown = {"handles": ("tibo",), "links": ("https://example.org/",), "emojis": ("🙂",), "flags": ("invisible_marks",)}
    return replace(made, draft=draft, **shown)


def tell_story(database: Database) -> None:
    """Commit five envelopes: three mentions, one ignored, one that nobody understands."""
    private = sighting(PRIVATE_WORDS, sender="Solène", visibility=Visibility.PRIVATE, at_ms=NOON_MS + 2)
    group = sighting(GROUP_WORDS, visibility=Visibility.GROUP, hashtags=("pouletrose",), at_ms=NOON_MS + 3)
    batch = [
        told(1, full_sighting()),
        told(2, private),
        told(3, group),
        told(4, outcome=OutcomeKind.IGNORED),
        told(5, outcome=OutcomeKind.QUARANTINED),
    ]
    commit_batch(database, batch, now_ms=NOON_MS)


def make_token(
    database: Database, *scopes: TokenScope, project: str = "default", lifetime: timedelta | None = None
) -> str:
    """Return the secret of a new token; `lifetime` counts from NOW."""
    expires_at = None if lifetime is None else NOW + lifetime
    others = len(list_tokens(database, Scope(project)))
    name = f"test {others + 1}" if others else "test"
    return create_token(database, Scope(project), name, scopes, now=NOW, expires_at=expires_at)[1]


def api_of(database: Database, readiness: Readiness = READY) -> ASGIApp:
    """Return the API over a database, at NOW."""
    return create_api(
        database,
        clock=lambda: NOW,
        readiness=lambda: readiness,
        version="0.0.1",
        host_names=HOST_NAMES,
        outgoing=outgoing_with(),
        is_stopping=lambda: True,
    )


def sqlite_url(folder: Path) -> str:
    """Return the address of a database file in a folder."""
    return f"sqlite:///{folder / 'veilleur.db'}"
