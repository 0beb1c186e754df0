"""Where words stand in a notification: the texts that the rules name, and the place of each in the payload's tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from veilleur_bridge.envelope import Notification
from veilleur_bridge.redaction_rules import WordRules

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class PlacedText:
    """One text, and the members and indexes that lead to it from the notification."""

    place: Place
    text: str

    @property
    def path(self) -> str:
        """The place as a dead letter or a changed list names it: `notification.messages[2].text`."""
        return "notification" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.place)

    def put(self, notification: Any, text: str) -> None:  # noqa: ANN401 - a tree of JSON
        """Put another text in this place of a notification's tree."""
        *parents, last = self.place
        for step in parents:
            notification = notification[step]
        notification[last] = text

    def replaced_in(self, notification: Notification, text: str) -> Notification:
        """Return the notification with another text in this place."""
        changed: Notification = _replaced(notification, self.place, text)
        return changed


class WordReader:
    """Reads the words of notifications, and nothing else of them."""

    def __init__(self, rules: WordRules) -> None:
        self._rules = rules
        self._single_names = (*rules.heading, *rules.texts)
        self._singles = attrgetter(*self._single_names)
        self._lists = attrgetter(*rules.lists)
        self._threads = attrgetter(*rules.messages)
        self._names = frozenset({*self._single_names, *rules.lists})

    def joined(self, notification: Notification) -> str:
        """Return every text in one string, quickly."""
        words = [text for text in self._singles(notification) if text]
        for texts in self._lists(notification):
            if texts:
                words += texts
        for messages in self._threads(notification):
            if messages:
                words += [message.text for message in messages if message.text]
        if notification.extras:
            words += [text for _, text in self._extras(notification)]
        return "\n".join(words)

    def placed(self, notification: Notification) -> list[PlacedText]:
        """Return every text with its place."""
        found: list[tuple[Place, str | None]] = [
            ((name,), text) for name, text in zip(self._single_names, self._singles(notification), strict=True)
        ]
        for name, texts in zip(self._rules.lists, self._lists(notification), strict=True):
            found += [((name, index), text) for index, text in enumerate(texts or ())]
        for name, messages in zip(self._rules.messages, self._threads(notification), strict=True):
            found += [((name, index, "text"), message.text) for index, message in enumerate(messages or ())]
        found += [(("extras", name), text) for name, text in self._extras(notification)]
        return [PlacedText(place, text) for place, text in found if text]

    def headings(self, notification: Notification) -> list[str]:
        """Return what stands above the texts and may announce a code in them; none above a thread of messages."""
        if any(self._threads(notification)):
            return []
        heading = self._singles(notification)[: len(self._rules.heading)]
        return [text for text in heading if text]

    def is_heading(self, member: str) -> bool:
        """Tell whether a member of this name stands above the texts."""
        return member in self._rules.heading

    def may_be_words(self, member: str, text: str) -> bool:
        """Tell whether a string that is in no known place is to be read as words."""
        return member in self._names or _is_phrase(text)

    def _extras(self, notification: Notification) -> Iterator[tuple[str, str]]:
        for name, value in (notification.extras or {}).items():
            if isinstance(value, str) and _is_phrase(value):
                yield name, value


def _replaced(holder: Any, place: Place, text: str) -> Any:  # noqa: ANN401 - a record, a tuple or a text in one
    if not place:
        return text
    step, *rest = place
    if isinstance(holder, tuple):
        return tuple(_replaced(item, tuple(rest), text) if at == step else item for at, item in enumerate(holder))
    if isinstance(holder, dict):
        return holder | {step: _replaced(holder[step], tuple(rest), text)}
    name = str(step)
    return replace(holder, **{name: _replaced(getattr(holder, name), tuple(rest), text)})


def _is_phrase(text: str) -> bool:
    return len(text.split(None, 1)) > 1
