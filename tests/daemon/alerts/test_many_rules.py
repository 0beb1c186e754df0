"""A hundred rules that everything matches cost what a hundred rules cost, however many mentions came."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tests.daemon.alerts.alerting_house import House
from tests.daemon.store.arrivals import sighting
from veilleur.model.alert import AlertRuleDraft, AlertTrigger
from veilleur.store.database import Database
from veilleur.store.instants import to_ms

_RULES = 20


@contextmanager
def counted_statements(database: Database) -> Iterator[list[str]]:
    """Give the statements that the block runs."""
    run: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        run.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield run
    event.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("trigger", [AlertTrigger.EVERY, AlertTrigger.COUNT, AlertTrigger.NEW_ACTOR])
def test_what_many_rules_write_and_ask_grows_with_the_rules_and_not_with_the_mentions(
    database: Database, trigger: AlertTrigger
) -> None:
    """Seen to fail on a statement or two for each finding, and on a question for each mention and rule."""
    house = House(database)
    for number in range(_RULES):
        draft = AlertRuleDraft(trigger=trigger, watch="strike", cool_down_minutes=60)
        house.rule(f"rule {number}", draft)
    house.arrive(
        [
            sighting(f"strike {number}", at_ms=to_ms(house.now) + number, sender=f"p{number % 150}")
            for number in range(300)
        ]
    )

    with counted_statements(database) as run:
        house.follow()

    assert len(house.alerts()) == _RULES
    assert {one.match_count for one in house.alerts()} == {150 if trigger is AlertTrigger.NEW_ACTOR else 300}
    assert len(run) < 12 * _RULES
