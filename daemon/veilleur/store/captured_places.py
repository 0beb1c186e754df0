"""The channels and chats that a device was seen to capture of one app: what its allow-list can name."""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from sqlalchemy import func, select

from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.tables import mentions
from veilleur.store.tally_tables import parse_rates
from veilleur.store.visible import visible

MOST_PLACES: Final = 40
_LOOKED_THROUGH: Final = 5_000


class CapturedPlaces(Struct, frozen=True):
    """Channels of the app anywhere in the project, and the device's chats of it, the newest first.

    Channels are known from private notifications too: a reader without those is told none.
    """

    channels: tuple[str, ...]
    chats: tuple[str, ...]


def captured_places(database: Database, scope: Scope, device: str, package: str) -> CapturedPlaces:
    """Return what this reader may know of; chats are those of the device's newest 5,000 mentions of the app."""
    told = parse_rates.c
    is_its = (told.project_id == scope.project) & (told.package == package) & (told.channel != "")
    channels = select(told.channel).where(is_its).group_by(told.channel).order_by(told.channel).limit(MOST_PLACES)
    of_app = visible(scope) & (mentions.c.device == device) & (mentions.c.package == package)
    title = func.coalesce(mentions.c.conversation_title, mentions.c.actor_name)
    newest = select(title).where(of_app, mentions.c.conversation_id.is_not(None), title.is_not(None))
    with database.reading() as connection:
        titles = connection.execute(newest.order_by(mentions.c.ord.desc()).limit(_LOOKED_THROUGH)).scalars()
        chats = tuple(dict.fromkeys(titles))[:MOST_PLACES]
        known = tuple(connection.execute(channels).scalars()) if scope.may_read_private else ()
    return CapturedPlaces(known, chats)
