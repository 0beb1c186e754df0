"""The privacy screen over one notification, with the standard library alone: devices run it before they spool."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from veilleur_bridge.envelope import Notification
from veilleur_bridge.number_screen import NumberScreen, may_hold_numbers
from veilleur_bridge.redaction_rules import RedactionKind, RedactionRules, with_further_words
from veilleur_bridge.wire.config import RedactionChoice
from veilleur_bridge.words import PlacedText, WordReader


@dataclass(frozen=True, slots=True)
class MarkedText:
    """The text that is to stand in a place instead of the one found there, and the kinds of mark in it."""

    place: PlacedText
    text: str
    kinds: tuple[RedactionKind, ...]


class ScreenedNotification(NamedTuple):
    """A notification that may be kept; `redacted` is what an envelope's member of that name lists."""

    notification: Notification
    redacted: tuple[RedactionKind, ...] = ()


def screen_by(rules: RedactionRules, choice: RedactionChoice | None) -> NotificationScreen:
    """Return the screen that a device's configuration asks for; without a choice all kinds by the rules alone."""
    if choice is None:
        return NotificationScreen(rules)
    wanted = {RedactionKind.OTP: choice.otp, RedactionKind.CARD: choice.card, RedactionKind.IBAN: choice.iban}
    kinds = frozenset(kind for kind, is_wanted in wanted.items() if is_wanted is not False)
    return NotificationScreen(with_further_words(rules, choice.code_words or (), choice.not_code_words or ()), kinds)


class NotificationScreen:
    """Screens notifications by the rules of the contract; `kinds` are those it looks for."""

    def __init__(self, rules: RedactionRules, kinds: Container[RedactionKind] = frozenset(RedactionKind)) -> None:
        self._words = WordReader(rules.words)
        self._numbers = NumberScreen(rules, kinds)

    def marks(self, notification: Notification) -> Sequence[MarkedText]:
        """Return each text that holds something private, as it is to stand; none for most notifications."""
        if not may_hold_numbers(self._words.joined(notification)):
            return ()
        places = self._words.placed(notification)
        texts = self._numbers.screen([place.text for place in places], self._words.headings(notification))
        found = zip(places, texts, strict=True)
        return [MarkedText(place, screened.text, screened.kinds) for place, screened in found if screened.kinds]

    def screen(self, notification: Notification) -> ScreenedNotification:
        """Return the notification with marks in the place of private numbers; screening twice changes nothing more."""
        marks = self.marks(notification)
        for marked in marks:
            notification = marked.place.replaced_in(notification, marked.text)
        kinds = dict.fromkeys(kind for marked in marks for kind in marked.kinds)
        return ScreenedNotification(notification, tuple(kinds))
