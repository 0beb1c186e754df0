"""Projects: made and renamed, filled with devices and people, parted from each other, removed while empty."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.model.coverage import CoverageCause, CoverageFilter
from veilleur.model.device_config import first_config
from veilleur.model.errors import DeviceElsewhere, PersonRefused, ProjectRefused
from veilleur.model.people import Role, Standing
from veilleur.model.scope import Scope, TokenScope
from veilleur.model.watch import WatchDraft
from veilleur.query.expression import EVERYTHING
from veilleur.store.alert_rules import add_built_in_rules
from veilleur.store.commit import commit_batch
from veilleur.store.coverage import list_coverage
from veilleur.store.coverage_rows import LedgerRow, StateChanges, write_states
from veilleur.store.database import Database
from veilleur.store.device_configs import config_before, give_first_config, newest_config, save_config
from veilleur.store.devices import known_devices, list_devices
from veilleur.store.invitations import accept_invitation, find_invitation, invite_person
from veilleur.store.mentions import page_mentions
from veilleur.store.pairing import set_password
from veilleur.store.people import add_person, change_standing, list_people, remove_person
from veilleur.store.project_removal import remove_project
from veilleur.store.projects import find_project, let_person_in, list_projects, save_project, take_device
from veilleur.store.tokens import create_token, revoke_token
from veilleur.store.unknown_rows import newest_unknown
from veilleur.store.watches import save_watch
from veilleur.store.web_sessions import begin_person_session, read_session, switch_project

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FIRST = Scope(may_read_private=True)
DUPONT = Scope("dupont", may_read_private=True)
HASH = "a hash"


@pytest.fixture
def dupont(database: Database) -> Database:
    """Give a store with a second project."""
    save_project(database, "dupont", "Maison Dupont", now=NOON)
    return database


def person_of(database: Database, project: str, name: str, role: Role = Role.VIEWER) -> int:
    """Let a person in who has chosen a password; return their row's id."""
    let_in = let_person_in(database, project, name, Standing(role), now=NOON)
    assert let_in is not None
    assert let_in.invitation is not None
    accepted = accept_invitation(database, let_in.invitation, name, HASH, now=NOON)
    assert accepted is not None
    return accepted


def test_a_project_is_made_renamed_and_told_with_what_it_holds(dupont: Database) -> None:
    set_password(dupont, DUPONT, "salon-2", HASH, NOON_MS)
    commit_batch(dupont, [arrival(1, sighting("froid"), device="salon-2")], now_ms=NOON_MS)
    save_watch(dupont, DUPONT, "froid", WatchDraft(query="froid", zone="UTC"), by="cli", now=NOON)
    person_of(dupont, "dupont", "Zoé")

    renamed = save_project(dupont, "dupont", " Dupont & fils ", now=NOON + HOUR)

    assert (renamed.name, renamed.created_at) == ("Dupont & fils", NOON)
    assert (renamed.devices, [one.name for one in renamed.people]) == (("salon-2",), ["Zoé"])
    assert (renamed.watch_count, renamed.mention_count) == (1, 1)
    assert [one.id for one in list_projects(dupont)] == ["dupont", "default"]
    assert find_project(dupont, "durand") is None


@pytest.mark.parametrize(("project", "name"), [("Dupont", "x"), ("d", " "), ("d", "x" * 65), ("d", "a\nb"), ("", "x")])
def test_an_id_or_a_name_that_cannot_be_is_refused(dupont: Database, project: str, name: str) -> None:
    with pytest.raises(ProjectRefused):
        save_project(dupont, project, name, now=NOON)
    assert len(list_projects(dupont)) == 2


def test_two_projects_never_have_one_name(dupont: Database) -> None:
    with pytest.raises(ProjectRefused, match="another project has this name"):
        save_project(dupont, "autre", "Maison Dupont", now=NOON)


@pytest.mark.privacy
def test_a_device_is_paired_into_the_project_that_pairs_it_and_never_out_of_anothers(dupont: Database) -> None:
    """Broken line: `_refuse_elsewhere` left out of `own_device`: another project took the account over."""
    set_password(dupont, DUPONT, "salon-2", HASH, NOON_MS)

    assert [one.name for one in list_devices(dupont, DUPONT)] == ["salon-2"]
    assert list_devices(dupont, FIRST) == ()
    with pytest.raises(DeviceElsewhere, match="choose another name"):
        set_password(dupont, FIRST, "salon-2", "theirs", NOON_MS)


@pytest.mark.privacy
def test_what_a_moved_device_sent_before_stays_and_what_it_sends_then_is_the_others(dupont: Database) -> None:
    """Broken line: the project left out of `list_devices`' count: the new project was told of both."""
    commit_batch(dupont, [arrival(1, sighting("avant"))], now_ms=NOON_MS)

    assert take_device(dupont, "dupont", "salle-1", now=NOON + HOUR)
    commit_batch(dupont, [arrival(2, sighting("après", at_ms=NOON_MS + 1))], now_ms=NOON_MS)

    for scope, words in ((FIRST, "avant"), (DUPONT, "après")):
        assert [one.body for one in page_mentions(dupont, scope, EVERYTHING, limit=9).mentions] == [words]
    assert [one.notification_count for one in list_devices(dupont, DUPONT)] == [1]
    assert list_devices(dupont, FIRST) == ()
    assert not take_device(dupont, "dupont", "nowhere", now=NOON)
    assert not take_device(dupont, "durand", "salle-1", now=NOON)


@pytest.mark.privacy
def test_a_moved_device_keeps_what_is_asked_of_it_and_not_what_was_asked_before(dupont: Database) -> None:
    """Broken line: `_forget_former` left out: the new project was shown the chats of the former."""
    with dupont.writing() as connection:
        row = known_devices(connection, ["salle-1"], NOON_MS)["salle-1"]
    give_first_config(dupont, row.id, first_config("companion"), now=NOON)
    asked = newest_config(dupont, FIRST, "salle-1")
    assert asked is not None
    save_config(dupont, FIRST, "salle-1", asked.config, now=NOON)

    take_device(dupont, "dupont", "salle-1", now=NOON + HOUR)

    kept = newest_config(dupont, DUPONT, "salle-1")
    assert kept is not None
    assert kept.config.revision == asked.config.revision + 1
    assert config_before(dupont, DUPONT, "salle-1") is None
    assert newest_config(dupont, FIRST, "salle-1") is None


def test_what_a_device_does_not_see_as_it_moves_is_told_to_each_project_for_its_time(dupont: Database) -> None:
    with dupont.writing() as connection:
        row = known_devices(connection, ["salle-1"], NOON_MS)["salle-1"]
    offline = LedgerRow(
        device_id=row.id, cause=CoverageCause.OFFLINE, subject="device", since_ms=NOON_MS, until_ms=None
    )
    write_states(dupont, StateChanges((offline,)))

    take_device(dupont, "dupont", "salle-1", now=NOON + HOUR)

    [before] = list_coverage(dupont, FIRST, CoverageFilter()).intervals
    [since] = list_coverage(dupont, DUPONT, CoverageFilter()).intervals
    assert (before.since_at, before.until_at) == (NOON, NOON + HOUR)
    assert (since.since_at, since.until_at) == (NOON + HOUR, None)


def test_a_person_of_two_projects_looks_at_one_at_a_time_with_the_role_of_each(dupont: Database) -> None:
    nadia = person_of(dupont, "default", "Nadia", Role.ADMIN)
    assert let_person_in(dupont, "dupont", "nadia", Standing(Role.VIEWER), now=NOON) is not None
    cookie = begin_person_session(dupont, nadia, now=NOON)
    assert cookie is not None

    seen = [read_session(dupont, cookie, now=NOON)]
    assert switch_project(dupont, cookie, "dupont")
    seen.append(read_session(dupont, cookie, now=NOON))

    assert [(one.project, one.role, one.runs_server) for one in seen if one] == [
        ("default", Role.ADMIN, True),
        ("dupont", Role.VIEWER, True),
    ]
    assert all(one and [name.id for name in one.projects] == ["dupont", "default"] for one in seen)
    assert not switch_project(dupont, cookie, "durand")


@pytest.mark.privacy
def test_nobody_looks_at_a_project_that_they_do_not_belong_to(dupont: Database) -> None:
    """Broken line: the membership left out of `switch_project`: the browser looked at the first project."""
    zoe = person_of(dupont, "dupont", "Zoé", Role.ADMIN)
    cookie = begin_person_session(dupont, zoe, now=NOON)
    assert cookie is not None

    assert not switch_project(dupont, cookie, "default")
    signed_in = read_session(dupont, cookie, now=NOON)
    assert signed_in is not None
    assert (signed_in.project, signed_in.runs_server) == ("dupont", False)


@pytest.mark.privacy
def test_a_projects_administrator_makes_no_link_for_somebody_of_another_project_too(dupont: Database) -> None:
    """A link sets the password that lets into all of them. Broken line: the count of memberships left out."""
    person_of(dupont, "default", "Nadia", Role.ADMIN)
    let_person_in(dupont, "dupont", "Nadia", Standing(), now=NOON)

    with pytest.raises(PersonRefused, match="whoever runs the server"):
        invite_person(dupont, DUPONT, "Nadia", now=NOON)
    assert invite_person(dupont, FIRST, "Nadia", now=NOON, runs_server=True) is not None


@pytest.mark.privacy
def test_a_link_made_before_somebody_was_let_into_another_project_ends(dupont: Database) -> None:
    """Broken line: the deletion of links left out of `let_in`: whoever held the old one came into both projects."""
    person_of(dupont, "dupont", "Zoé")
    secret = invite_person(dupont, DUPONT, "Zoé", now=NOON)
    assert secret is not None

    let_person_in(dupont, "default", "Zoé", Standing(), now=NOON)

    assert find_invitation(dupont, secret, now=NOON) is None


def test_a_person_leaves_one_project_and_stays_in_the_other(dupont: Database) -> None:
    nadia = person_of(dupont, "default", "Nadia", Role.ADMIN)
    let_person_in(dupont, "dupont", "Nadia", Standing(), now=NOON)
    here, there = (begin_person_session(dupont, nadia, now=NOON) for _ in range(2))
    assert here is not None
    assert there is not None
    assert switch_project(dupont, there, "dupont")

    assert remove_person(dupont, DUPONT, "Nadia")

    assert read_session(dupont, there, now=NOON) is None
    assert read_session(dupont, here, now=NOON) is not None
    assert list_people(dupont, DUPONT) == ()
    assert remove_person(dupont, FIRST, "Nadia")
    assert add_person(dupont, FIRST, "Nadia", Standing(), now=NOON).has_password is False


def test_a_role_is_changed_in_one_project_alone(dupont: Database) -> None:
    person_of(dupont, "default", "Nadia", Role.ADMIN)
    let_person_in(dupont, "dupont", "Nadia", Standing(), now=NOON)

    assert change_standing(dupont, DUPONT, "Nadia", Standing(Role.ANALYST))

    assert [list_people(dupont, scope)[0].standing.role for scope in (FIRST, DUPONT)] == [Role.ADMIN, Role.ANALYST]


@pytest.mark.privacy
def test_wordings_that_nobody_knew_are_told_to_their_project_alone(dupont: Database) -> None:
    """Broken line: the project left out of `newest_unknown`: the other's words were proposed."""
    commit_batch(dupont, [arrival(1, sighting("lu"))], now_ms=NOON_MS)

    assert len(newest_unknown(dupont, FIRST, limit=9)) == 1
    assert newest_unknown(dupont, DUPONT, limit=9) == []
    assert newest_unknown(dupont, Scope(), limit=9) == []


def test_an_empty_project_is_removed_with_who_belonged_to_it_and_its_built_in_rule(dupont: Database) -> None:
    person_of(dupont, "default", "Nadia", Role.ADMIN)
    let_person_in(dupont, "dupont", "Nadia", Standing(), now=NOON)
    add_built_in_rules(dupont, now=NOON)
    token, _ = create_token(dupont, DUPONT, "script", [TokenScope.READ_MENTIONS], now=NOON)
    revoke_token(dupont, DUPONT, token.id, now=NOON)

    assert remove_project(dupont, "dupont")

    assert [one.id for one in list_projects(dupont)] == ["default"]
    assert not remove_project(dupont, "dupont")


@pytest.mark.parametrize("held", ["devices", "people who belong to no other", "valid tokens", "watches", "mentions"])
def test_a_project_that_holds_something_stays_and_says_what(dupont: Database, held: str) -> None:
    match held:
        case "devices":
            set_password(dupont, DUPONT, "salon-2", HASH, NOON_MS)
        case "people who belong to no other":
            person_of(dupont, "dupont", "Zoé")
        case "valid tokens":
            create_token(dupont, DUPONT, "script", [TokenScope.READ_MENTIONS], now=NOON)
        case "watches":
            save_watch(dupont, DUPONT, "froid", WatchDraft(query="froid", zone="UTC"), by="cli", now=NOON)
        case _:
            set_password(dupont, DUPONT, "salon-2", HASH, NOON_MS)
            commit_batch(dupont, [arrival(1, sighting("froid"), device="salon-2")], now_ms=NOON_MS)
            take_device(dupont, "default", "salon-2", now=NOON)

    with pytest.raises(ProjectRefused, match=held):
        remove_project(dupont, "dupont")
    assert find_project(dupont, "dupont") is not None


def test_the_first_project_stays(database: Database) -> None:
    with pytest.raises(ProjectRefused, match="the first project stays"):
        remove_project(database, "default")
