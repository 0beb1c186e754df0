"""How a conversation began is what its earliest message says, whatever arrived first and whichever campaign came."""

from __future__ import annotations

from itertools import permutations

import pytest
from msgspec.structs import replace

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from tests.daemon.store.conftest import database, migrated_postgres_url
from veilleur.campaigns.origins import Origins
from veilleur.model.arrival import Arrival
from veilleur.model.campaign import CampaignKind, Origin
from veilleur.model.identity import MessageSlot, Owner, mention_id
from veilleur.model.kinds import MentionKind, Visibility
from veilleur.model.parts import Conversation
from veilleur.model.scope import Scope
from veilleur.query.expression import EVERYTHING
from veilleur.store.campaigns import list_campaigns, remove_campaign, rename_campaign, save_campaign
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.instants import from_ms
from veilleur.store.mentions import every_mention
from veilleur.store.openings import every_first_words

__all__ = ["database", "migrated_postgres_url"]

OWN = Scope(may_read_private=True)
OPENING = "Bonjour, je voudrais en savoir plus sur votre brunch du dimanche"
NOW = from_ms(NOON_MS)


CHAT = "33600000001@s.whatsapp.net"
EXPORT = "whatsapp.export"


def message(
    seq: int,
    words: str,
    *,
    conversation: str = CHAT,
    package: str = "com.whatsapp",
    device: str = "salle-1",
    fold: str | None = None,
) -> Arrival:
    made = sighting(
        words, at_ms=NOON_MS + seq, kind=MentionKind.DIRECT_MESSAGE, visibility=Visibility.PRIVATE, fold=fold
    )
    draft = replace(made.draft, conversation=Conversation(conversation, "Nadia", False))
    indexed = replace(made.tokens, places="nadia")
    own = mention_id(Owner(device, 0, package), MessageSlot(conversation, "Nadia", NOON_MS + seq, words))
    one = arrival(seq, replace(made, id=own, draft=draft, tokens=indexed, slot=None), device=device)
    return replace(one, package=package)


def origins(database: Database, scope: Scope = OWN) -> dict[str | None, Origin | None]:
    told = Origins(database, scope).told(every_mention(database, scope, EVERYTHING))
    return {one.body: one.origin for one in told}


def commit(database: Database, *parts: Arrival) -> None:
    for part in parts:
        commit_batch(database, [part], now_ms=NOON_MS)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_earliest_message_decides_in_every_order_of_arrival(
    database: Database, order: tuple[int, int, int]
) -> None:
    save_campaign(database, OWN, "brunch", CampaignKind.AD, (OPENING,), now=NOW)
    parts = [
        message(1, "Bonjour je voudrais en savoir plus sur votre brunch du dimanche 😊"),
        message(2, "C'est combien ?"),
        message(3, OPENING, conversation="33600000002@s.whatsapp.net"),
    ]
    commit(database, *(parts[place] for place in order))
    sure = Origin(CampaignKind.AD, "brunch", 1.0)
    assert set(origins(database).values()) == {sure}


def test_an_opening_that_is_not_the_first_message_tells_nothing(database: Database) -> None:
    save_campaign(database, OWN, "brunch", CampaignKind.AD, (OPENING,), now=NOW)
    commit(database, message(2, OPENING))
    assert origins(database)[OPENING] is not None
    commit(database, message(1, "Une question sur ma commande"))
    assert set(origins(database).values()) == {None}


def test_the_past_that_was_imported_tells_how_a_live_conversation_began(database: Database) -> None:
    save_campaign(database, OWN, "brunch", CampaignKind.LINK, (OPENING,), now=NOW)
    commit(database, message(5, "Et demain ?"), message(1, OPENING, conversation="Nadia", package=EXPORT))
    assert origins(database)["Et demain ?"] == Origin(CampaignKind.LINK, "brunch", 1.0)


def test_a_customer_who_wrote_to_two_tablets_began_two_conversations(database: Database) -> None:
    save_campaign(database, OWN, "brunch", CampaignKind.AD, (OPENING,), now=NOW)
    commit(database, message(1, "Vous livrez ?"), message(2, OPENING, device="salle-2"))
    commit(database, message(3, OPENING, package="com.whatsapp.w4b"))
    assert origins(database)["Vous livrez ?"] is None
    told = [one.origin for one in Origins(database, OWN).told(every_mention(database, OWN, EVERYTHING))]
    assert [origin.campaign if origin else None for origin in told] == ["brunch", "brunch", None]


@pytest.mark.parametrize("other", [{"device": "salle-2"}, {"conversation": "33600000002@s.whatsapp.net"}])
def test_an_export_whose_title_two_conversations_have_began_neither(database: Database, other: dict[str, str]) -> None:
    save_campaign(database, OWN, "brunch", CampaignKind.AD, (OPENING,), now=NOW)
    commit(database, message(5, "Et demain ?"), message(6, "Une facture ?", **other))
    commit(database, message(1, OPENING, conversation="Nadia", package=EXPORT, device="import"))
    told = origins(database)
    assert (told["Et demain ?"], told["Une facture ?"]) == (None, None)


def test_of_two_conversations_of_one_title_an_export_began_the_one_it_is_a_twin_of(database: Database) -> None:
    save_campaign(database, OWN, "brunch", CampaignKind.AD, (OPENING,), now=NOW)
    commit(database, message(5, "Et demain ?", fold="t1"), message(6, "Une facture ?", device="salle-2"))
    commit(database, message(1, OPENING, conversation="Nadia", package=EXPORT, device="import"))
    commit(database, message(7, "Et demain ?", conversation="Nadia", package=EXPORT, device="import", fold="t1"))
    told = origins(database)
    assert told["Et demain ?"] == Origin(CampaignKind.AD, "brunch", 1.0)
    assert told["Une facture ?"] is None


def test_an_export_replayed_as_a_tablets_own_is_of_that_tablet(database: Database) -> None:
    save_campaign(database, OWN, "brunch", CampaignKind.AD, (OPENING,), now=NOW)
    commit(database, message(5, "Et demain ?"), message(6, "Une facture ?", device="salle-2"))
    commit(database, message(1, OPENING, conversation="Nadia", package=EXPORT))
    told = origins(database)
    assert told["Et demain ?"] == Origin(CampaignKind.AD, "brunch", 1.0)
    assert told["Une facture ?"] is None


def test_a_campaign_that_comes_changes_or_goes_changes_what_is_told_at_once(database: Database) -> None:
    commit(database, message(1, OPENING))
    assert origins(database)[OPENING] is None
    save_campaign(database, OWN, "brunch", CampaignKind.AD, (OPENING,), now=NOW)
    save_campaign(database, OWN, "brunch", CampaignKind.QR, (OPENING, "autre"), now=NOW)
    assert rename_campaign(database, OWN, "brunch", "brunch-2026")
    assert not rename_campaign(database, OWN, "brunch", "elsewhere")
    assert origins(database)[OPENING] == Origin(CampaignKind.QR, "brunch-2026", 1.0)
    assert [one.openings for one in list_campaigns(database, OWN)] == [(OPENING, "autre")]
    assert remove_campaign(database, OWN, "brunch-2026")
    assert not remove_campaign(database, OWN, "brunch-2026")
    assert origins(database)[OPENING] is None


def test_another_project_knows_neither_campaign_nor_conversation(database: Database) -> None:
    save_campaign(database, OWN, "brunch", CampaignKind.AD, (OPENING,), now=NOW)
    commit(database, message(1, OPENING))
    assert list_campaigns(database, Scope("other", may_read_private=True)) == ()
    assert origins(database, Scope()) == {}


def test_a_conversation_that_was_captured_and_exported_began_once(database: Database) -> None:
    for place in (1, 2, 3):
        first = message(place, OPENING, conversation=f"3360000000{place}@s.whatsapp.net", fold=f"t{place}")
        export = message(
            place, OPENING, conversation=f"Nadia {place}", package=EXPORT, device="import", fold=f"t{place}"
        )
        later = message(90 + place, "Merci", conversation=f"Nadia {place}", package=EXPORT, device="import")
        commit(database, first, export, later)
    assert list(every_first_words(database, OWN)) == [OPENING] * 3


def test_the_same_person_on_two_tablets_began_two_conversations(database: Database) -> None:
    commit(database, message(1, "Vous livrez ?"), message(2, OPENING, device="salle-2"))
    assert list(every_first_words(database, OWN)) == ["Vous livrez ?", OPENING]
