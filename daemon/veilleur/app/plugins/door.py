"""Reads with plug-ins: a batch at a time in the child process, and what goes wrong there costs its own records only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Final

import structlog

from veilleur.app.plugins.installed import Plugin
from veilleur.app.plugins.messages import Answer, Ask, Budget, PluginChoice
from veilleur.app.plugins.process import Death, Died, PluginProcess
from veilleur.app.plugins.standing import DEATHS_OF_A_RECORD, Standing, Standings
from veilleur.model.kinds import Platform
from veilleur.model.outcome import Outcome, Quarantined
from veilleur.parsers.outcome_checks import is_platform, read_outcome
from veilleur.parsers.protocol import Fault, Reading
from veilleur_bridge.envelope import Envelope

log = structlog.get_logger()


_BY_DEATH: Final = {Death.OVER_TIME: Fault.OVER_BUDGET, Death.OVER_MEMORY: Fault.OVER_BUDGET}


class PluginDoor:
    """The plug-ins as this process reads with them; `close` ends their child."""

    def __init__(self, plugins: Sequence[Plugin], choice: PluginChoice, clock: Callable[[], datetime]) -> None:
        self._process = PluginProcess(choice.budget)
        standings = Standings(choice.folder, clock)
        self.parsers = tuple(PluggedParser(one, self._process, standings, choice.budget) for one in plugins)

    def close(self) -> None:
        """End the child, and note that nothing of it was left in the middle."""
        self._process.close()
        for parser in self.parsers:
            parser.close()


class PluggedParser:
    """One plug-in. It never raises; the third death of a day suspends it until somebody resumes or replaces it."""

    def __init__(self, plugin: Plugin, process: PluginProcess, standings: Standings, budget: Budget) -> None:
        self.name = plugin.distribution
        self.packages = plugin.packages
        self._plugin = plugin
        self._process = process
        self._standings = standings
        self._seconds = budget.seconds
        self._has_begun = False
        self._version = 0
        self._platform: str = Platform.OTHER

    def read(self, envelopes: Sequence[Envelope]) -> list[Reading]:
        """Return a reading for each envelope, in order.

        Where the child dies over one of them, the others are asked for again, in half the time. Where it dies before
        it begins with one, they are asked for again one by one, and from then on such a death costs the one asked for.
        """
        is_careful = self._begin()
        standing = self._standings.of(self._plugin)
        outcomes: list[Outcome | None] = [
            Quarantined(Fault.UNREAD) if _is_deadly(one, standing) else None for one in envelopes
        ]
        seconds = self._seconds
        while waiting := [place for place, outcome in enumerate(outcomes) if outcome is None]:
            if standing.suspended_at is not None:
                _fill(outcomes, waiting, Fault.SUSPENDED)
                break
            places = waiting[:1] if is_careful else waiting
            try:
                answer = self._ask([envelopes[place] for place in places], seconds, is_careful=is_careful)
            except OverflowError:
                # A number that no message between processes holds stands in one of them: it is found alone.
                _fill(outcomes, places[:1] if len(places) == 1 else (), Fault.FAILED)
                is_careful = True
                continue
            if isinstance(answer, Died):
                fallen = _fallen(answer, places, is_careful=is_careful)
                _fill(outcomes, fallen, _BY_DEATH.get(answer.death, Fault.DIED))
                standing = self._note_death(answer, [envelopes[place] for place in fallen])
                is_careful |= not fallen
                seconds = self._seconds / 2
            else:
                self._take(answer, places, outcomes)
        return [self.reading(one or Quarantined(Fault.FAILED)) for one in outcomes]

    def reading(self, outcome: Outcome) -> Reading:
        """Return an outcome that was found without asking the plug-in, as its reading."""
        return Reading(outcome, self.name, self._version, self._platform)

    def close(self) -> None:
        """Note that this process is done with the plug-in."""
        if self._has_begun:
            self._standings.end(self._plugin)

    def _begin(self) -> bool:
        """Return whether records are to be read one by one: once, after somebody ended uncleanly over this plug-in."""
        if self._has_begun:
            return False
        self._has_begun = True
        return self._standings.begin(self._plugin)

    def _ask(self, envelopes: Sequence[Envelope], seconds: float, *, is_careful: bool) -> Answer | Died:
        if is_careful:
            self._standings.alone(self._plugin, _digest(envelopes[0]))
        answer = self._process.ask(Ask(0, self._plugin.target, envelopes), seconds)
        if is_careful:
            self._standings.alone(self._plugin, "")
        return answer

    def _take(self, answer: Answer, places: Sequence[int], outcomes: list[Outcome | None]) -> None:
        if answer.refused is not None or not is_platform(answer.platform):
            _fill(outcomes, places, Fault.REFUSED)
            log.error("plug-in refused", parser=self.name, reason=answer.refused)
            return
        self._version, self._platform = answer.version, answer.platform
        for place, packed in zip(places, answer.outcomes, strict=True):
            outcomes[place] = read_outcome(packed) or Quarantined(Fault.FAILED)

    def _note_death(self, died: Died, fallen: Sequence[Envelope]) -> Standing:
        """Count a death, of the record as well that was under way."""
        is_told = died.place is not None and bool(fallen)
        standing = self._standings.died(self._plugin, _digest(fallen[0]) if is_told else None)
        log.error(
            "plug-in ended",
            parser=self.name,
            death=died.death.value,
            deaths=len(standing.deaths),
            is_suspended=standing.suspended_at is not None,
        )
        return standing


def _fallen(died: Died, places: Sequence[int], *, is_careful: bool) -> Sequence[int]:
    """Return the place of the record that was under way; where none was, that of the one asked for alone, if so."""
    if died.place is not None and died.place < len(places):
        return [places[died.place]]
    return places if is_careful else ()


def _fill(outcomes: list[Outcome | None], places: Sequence[int], fault: Fault) -> None:
    for place in places:
        outcomes[place] = Quarantined(fault)


def _is_deadly(envelope: Envelope, standing: Standing) -> bool:
    return bool(standing.records) and standing.records.get(_digest(envelope), 0) >= DEATHS_OF_A_RECORD


def _digest(envelope: Envelope) -> str:
    return blake2b(f"{envelope.device} {envelope.id}".encode("utf-8", "replace"), digest_size=12).hexdigest()
