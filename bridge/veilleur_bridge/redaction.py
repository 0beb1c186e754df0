"""The privacy screen: takes one-time codes, card numbers and IBANs out of words before anything is stored."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from veilleur_bridge.codec import Codec, Decoded
from veilleur_bridge.json_tree import StringPlace, TreeCodec, string_places
from veilleur_bridge.notification_screen import NotificationScreen
from veilleur_bridge.number_screen import NumberScreen, Screened
from veilleur_bridge.redaction_rules import RedactionRules
from veilleur_bridge.words import WordReader


class ScreenedBytes(Struct, frozen=True):
    """Bytes that may be stored as a dead letter; `changed` names what was marked."""

    payload: bytes
    changed: tuple[str, ...] = ()


class Screen:
    """Screens what is about to be stored; made once, from the rules of the contract."""

    def __init__(self, rules: RedactionRules, codec: Codec) -> None:
        self._codec = codec
        self._notifications = NotificationScreen(rules)
        self._words = WordReader(rules.words)
        self._numbers = NumberScreen(rules)
        self._trees = TreeCodec()

    def screen(self, decoded: Decoded) -> Decoded:
        """Return what may be stored: `decoded` itself where its words hold nothing private.

        Otherwise envelope and payload hold marks instead, and `changed` names each place (`otp:notification.text`);
        unknown fields stay as they were. Screening twice changes nothing more.
        """
        notification = decoded.envelope.notification
        marks = self._notifications.marks(notification) if notification else ()
        if not marks:
            return decoded
        tree = self._codec.tree_of(decoded)
        for marked in marks:
            marked.place.put(tree["notification"], marked.text)
        changed = tuple(f"{kind}:{marked.place.path}" for marked in marks for kind in marked.kinds)
        return self._codec.with_tree(tree, decoded.changed + changed)

    def screen_refused(self, payload: bytes) -> ScreenedBytes:
        """Return what may be stored of bytes that are no envelope: the strings of a JSON tree, else the bytes as text.

        In a tree a string counts as words where its member is one of the rules' or where it holds white space.
        """
        try:
            tree = self._trees.read(payload)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return self._screen_text(payload)
        places = [place for place in string_places(tree) if self._words.may_be_words(place.member, place.text)]
        headings = [place.text for place in places if self._words.is_heading(place.member)]
        texts = self._numbers.screen([place.text for place in places], headings)
        kinds = _put_marks(places, texts)
        return ScreenedBytes(self._trees.write(tree), kinds) if kinds else ScreenedBytes(payload)

    def _screen_text(self, payload: bytes) -> ScreenedBytes:
        text = payload.decode("utf-8", "surrogateescape")
        screened = self._numbers.screen([text], [])[0]
        if not screened.kinds:
            return ScreenedBytes(payload)
        changed = tuple(f"{kind}:payload" for kind in screened.kinds)
        return ScreenedBytes(screened.text.encode("utf-8", "surrogateescape"), changed)


def _put_marks(places: list[StringPlace], texts: list[Screened]) -> tuple[str, ...]:
    kinds = []
    for place, text in zip(places, texts, strict=True):
        if text.kinds:
            place.holder[place.at] = text.text
            kinds += [f"{kind}:{place.member}" for kind in text.kinds]
    return tuple(dict.fromkeys(kinds))
