"""A real spool that notes in a ledger what it took, and hands its records out in disorder where asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from veilleur_bridge.delivery import Clock
from veilleur_bridge.simulation.disorder import Disorder
from veilleur_bridge.simulation.ledger import Ledger
from veilleur_bridge.spool.contents import SpoolItem, SpoolRecord
from veilleur_bridge.spool.spool import MakeEnvelope, Spool

_READ_AT_ONCE = 500


class SimulatedSpool(Spool):
    """A spool whose records are noted once they are on disk, also those of a run that was killed before it could."""

    def __init__(
        self, folder: Path, *, clock: Clock, cap_bytes: int, ledger: Ledger | None, disorder: Disorder
    ) -> None:
        super().__init__(folder, clock=clock, cap_bytes=cap_bytes)
        self._ledger = ledger
        self._disorder = disorder
        self._note_what_was_cut_off()

    def append_many(self, makers: Sequence[MakeEnvelope]) -> range:
        """Append as any spool does, and note it."""
        noted: list[tuple[int, bytes]] = []

        def noting(make: MakeEnvelope) -> MakeEnvelope:
            def made(epoch: str, seq: int) -> bytes:
                payload = make(epoch, seq)
                noted.append((seq, payload))
                return payload

            return made

        given = super().append_many([noting(make) for make in makers])
        if self._ledger is not None:
            self._ledger.note(self.epoch, noted)
        return given

    def read(self, from_seq: int, limit: int) -> list[SpoolItem]:
        """Return what any spool would, in disorder."""
        return self._disorder.applied(super().read(from_seq, limit))

    def _note_what_was_cut_off(self) -> None:
        while self._ledger is not None and (seq := self._ledger.through(self.epoch) + 1) < self.next_seq:
            items = super().read(max(seq, self.first_seq), _READ_AT_ONCE)
            records = [(item.seq, item.payload) for item in items if isinstance(item, SpoolRecord)]
            if not records:
                return
            self._ledger.note(self.epoch, records)
