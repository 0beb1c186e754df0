"""A device screens what its configuration asks it to, before anything reaches its spool."""

from __future__ import annotations

import pytest

from veilleur_bridge.envelope import Message, Notification
from veilleur_bridge.notification_screen import NotificationScreen, screen_by
from veilleur_bridge.redaction_rules import RedactionKind, load_rules
from veilleur_bridge.wire.config import RedactionChoice

pytestmark = pytest.mark.privacy

_CARD = "4111 1111 1111 1111"
_ALL_BUT = {
    RedactionKind.OTP: RedactionChoice(otp=False),
    RedactionKind.CARD: RedactionChoice(card=False),
    RedactionKind.IBAN: RedactionChoice(iban=False),
}


def test_words_without_private_numbers_are_handed_on_as_they_are() -> None:
    shown = Notification(key="k", text="a commenté à 18:30", messages=(Message(text="2026"),))

    screened = NotificationScreen(load_rules()).screen(shown)

    assert screened.notification is shown
    assert screened.redacted == ()


def test_every_place_of_words_is_marked_and_the_rest_stays() -> None:
    shown = Notification(
        key=_CARD,
        title="Banque",
        text_lines=("rien", f"carte {_CARD}"),
        messages=(Message(sender="Nadia", text="bonjour"), Message(sender="Paul", at_ms=7, text=f"prends {_CARD}")),
        extras={"note": f"carte {_CARD}", "count": 3},
    )

    screened = NotificationScreen(load_rules()).screen(shown)

    assert screened.notification == Notification(
        key=_CARD,
        title="Banque",
        text_lines=("rien", "carte [card]"),
        messages=(Message(sender="Nadia", text="bonjour"), Message(sender="Paul", at_ms=7, text="prends [card]")),
        extras={"note": "carte [card]", "count": 3},
    )
    assert screened.redacted == (RedactionKind.CARD,)


@pytest.mark.parametrize("kind", RedactionKind)
def test_a_kind_that_is_switched_off_is_left_in_its_place(kind: RedactionKind) -> None:
    words = {"otp": "code 482913", "card": f"carte {_CARD}", "iban": "BE68 5390 0754 7034"}
    shown = Notification(key="k", text_lines=tuple(words.values()))

    screened = screen_by(load_rules(), _ALL_BUT[kind]).screen(shown)

    assert screened.notification.text_lines is not None
    assert words[kind] in screened.notification.text_lines
    assert set(screened.redacted) == set(RedactionKind) - {kind}


def test_words_of_the_configuration_count_as_those_of_the_rules() -> None:
    choice = RedactionChoice(code_words=("sésame",), not_code_words=("code maison",))
    screen = screen_by(load_rules(), choice)

    assert screen.screen(Notification(key="k", text="Sésame : 482913")).notification.text == "Sésame : [otp]"
    assert screen.screen(Notification(key="k", text="code maison 482913")).redacted == ()
