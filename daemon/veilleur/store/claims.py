"""What others say that this database has receipted: held against what it has."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, select

from veilleur.store.among import among
from veilleur.store.database import Database
from veilleur.store.receipts import FORMER_STORE, STORE
from veilleur.store.tables import devices, epochs, facts


class Verdict(StrEnum):
    """What a claim tells of this database."""

    TRUE = "true"
    BEHIND = "behind"  # it once had more: it is a copy of an earlier day
    FOREIGN = "foreign"  # it is another database's


class Claim(NamedTuple):
    """A receipt as it stands on a topic, or as a device goes by it."""

    device: str
    store: str
    epoch: str
    through_seq: int
    is_published_now: bool


class JudgedClaim(NamedTuple):
    """A claim, how far this database has come itself, and what follows."""

    claim: Claim
    watermark: int
    verdict: Verdict


def judge_claims(database: Database, claims: Sequence[Claim]) -> list[JudgedClaim]:
    """Hold claims against this database; nothing is concluded before its first round."""
    if not claims:
        return []
    with database.reading() as connection:
        own = _own_stores(connection)
        watermarks = _watermarks(connection, claims)
    judged: list[JudgedClaim] = []
    for claim in claims if own else ():
        watermark = watermarks.get((claim.device, claim.epoch), 0)
        verdict = Verdict.BEHIND if claim.through_seq > watermark else Verdict.TRUE
        judged.append(JudgedClaim(claim, watermark, verdict if claim.store in own else Verdict.FOREIGN))
    return judged


def _own_stores(connection: Connection) -> frozenset[str]:
    """Return this database's id and those that it had before."""
    rows = connection.execute(select(facts).where((facts.c.name == STORE) | facts.c.name.startswith(FORMER_STORE)))
    return frozenset(row.value for row in rows)


def _watermarks(connection: Connection, claims: Sequence[Claim]) -> dict[tuple[str, str], int]:
    names = sorted({claim.device for claim in claims})
    query = select(devices.c.name, epochs.c.epoch, epochs.c.watermark).join(devices)
    rows = connection.execute(query.where(among(connection, devices.c.name, names)))
    return {(row.name, row.epoch): row.watermark for row in rows}
