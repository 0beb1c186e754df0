"""Which channels and chats an allow-list can name: those that this very device of this project was seen to capture."""

from __future__ import annotations

from tests.daemon.api.story import tell_story
from veilleur.model.scope import Scope
from veilleur.store.captured_places import captured_places
from veilleur.store.database import Database

WHATSAPP = "com.whatsapp"


def test_the_chats_of_one_device_are_told_and_no_other_s(database: Database) -> None:
    tell_story(database)

    every = captured_places(database, Scope(may_read_private=True), "salle-1", WHATSAPP)

    assert every.chats == ("Clients",)
    assert captured_places(database, Scope(may_read_private=True), "other", WHATSAPP).chats == ()
    assert captured_places(database, Scope("other", may_read_private=True), "salle-1", WHATSAPP).channels == ()
