"""What a reader has passed on before: a messenger posts its whole thread again with each new message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from veilleur.ingest.sighting import identify
from veilleur.model.identity import MentionId, MessageSlot, Owner

_REMEMBERED_MESSAGES: Final = 4_096


class Repeats:
    """The messages that one reader has passed on whole, the latest some thousands, and when each was captured.

    It may be wrong (what was passed on may never be stored): whoever commits looks whether each is told, and reads the
    notification again where one is not.
    """

    def __init__(self, remembered: int = _REMEMBERED_MESSAGES) -> None:
        self._remembered = remembered
        self._passed_on: dict[tuple[Owner, MessageSlot], tuple[MentionId, int]] = {}

    def pass_on(self, owner: Owner, places: Sequence[MessageSlot], captured_at_ms: int) -> tuple[MentionId, ...]:
        """Return those at the beginning that were passed on as captured before that moment.

        The others count as passed on whole from now on; of too many the oldest are forgotten.
        """
        repeated: list[MentionId] = []
        for place in places:
            held = self._passed_on.get((owner, place))
            if held is None or held[1] >= captured_at_ms:
                break
            repeated.append(held[0])
        for place in places[len(repeated) :]:
            self._remember((owner, place), captured_at_ms)
        while len(self._passed_on) > self._remembered:
            del self._passed_on[next(iter(self._passed_on))]
        return tuple(repeated)

    def _remember(self, message: tuple[Owner, MessageSlot], captured_at_ms: int) -> None:
        held = self._passed_on.get(message)
        if held is None:
            self._passed_on[message] = (identify(*message)[0], captured_at_ms)
        else:
            self._passed_on[message] = (held[0], min(held[1], captured_at_ms))
