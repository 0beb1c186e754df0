"""Plays the week's moments, in order, into the tablet, and remembers what each should become."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import singledispatchmethod
from typing import Final

from samples.story import others, whatsapp
from samples.story.cast import FEED, TIKTOK
from samples.story.moments import (
    Answers,
    App,
    Chat,
    Day,
    Deletes,
    FallsAsleep,
    Hides,
    Opens,
    Publishes,
    Pushes,
    Says,
    Shows,
    Told,
    TurnsTo,
    WakesUp,
)
from samples.story.tablet import Tablet, Verdict
from samples.story.whatsapp import Line

LOCAL: Final = timezone(timedelta(hours=1))
FIRST_PUSH: Final = 1048200
PUSH_STEP: Final = 37
FEED_DELAY_MS: Final = 512_000

Threads = dict[Chat, list[Line]]


@dataclass(slots=True)
class Stage:
    """Holds the tablet, the conversations on it, and every mention that the story told."""

    tablet: Tablet = field(default_factory=Tablet)
    threads: Threads = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    slots: dict[str, tuple[int, int]] = field(default_factory=dict)
    label: str = ""
    at_ms: int = 0

    def play_all(self, days: Iterable[Day]) -> None:
        """Play every moment of every day."""
        for day in days:
            for moment in day.moments:
                local = datetime.fromisoformat(f"{day.date.isoformat()}T{moment.at}").replace(tzinfo=LOCAL)
                self.label = f"{day.date.isoformat()} {moment.at}"
                self.at_ms = int(local.timestamp()) * 1000
                self.play(moment)

    @singledispatchmethod
    def play(self, moment: object) -> None:
        """Play one moment at the present time of the stage."""
        raise TypeError(moment)

    @play.register
    def _says(self, moment: Says) -> None:
        chat = moment.chat
        kind = moment.kind or ("group_message" if chat.is_group else "direct_message")
        sender = moment.by or chat.name
        self._tell(
            Told(
                kind,
                "whatsapp",
                "group" if chat.is_group else "private",
                sender,
                moment.words if moment.kind is None else None,
                moment.media,
            )
        )
        text = moment.shown or moment.words or ""
        self.threads.setdefault(chat, []).append(Line(self.at_ms, sender, text, moment.mime, self.label))
        self._show_thread(chat)
        if moment.reposts_all:
            for offset, other in enumerate(c for c in self._open_chats(chat.app) if c != chat):
                self._show_thread(other, delay_ms=430 + 11 * offset)
        self._show_summary(chat.app)

    @play.register
    def _answers(self, moment: Answers) -> None:
        self.threads[moment.chat].append(Line(self.at_ms, None, moment.words))
        self._show_thread(moment.chat)

    @play.register
    def _deletes(self, moment: Deletes) -> None:
        line = next(line for line in self.threads[moment.chat] if line.text == moment.words)
        line.text = whatsapp.DELETED[self.tablet.language]
        self.deleted.add(line.label or "")
        line.label = None
        self._show_thread(moment.chat, is_silent=True)
        self._show_summary(moment.chat.app)

    @play.register
    def _opens(self, moment: Opens) -> None:
        del self.threads[moment.chat]
        app = moment.chat.app
        self.tablet.take_down(self.at_ms + 210, whatsapp.child_key(moment.chat), "REASON_APP_CANCEL")
        if self._open_chats(app):
            self._show_summary(app)
        else:
            self.tablet.take_down(self.at_ms + 236, whatsapp.summary_key(app), "REASON_APP_CANCEL")

    @play.register
    def _pushes(self, moment: Pushes) -> None:
        wording = moment.wording
        slot = moment.slot or self.label
        number, when_ms = self.slots.setdefault(slot, (FIRST_PUSH + PUSH_STEP * len(self.slots), self.at_ms))
        verdict = Verdict("quarantined")
        if wording.ignored_as:
            verdict = Verdict("ignored", wording.ignored_as)
        elif wording.kind:
            self._tell(
                Told(
                    wording.kind,
                    "tiktok",
                    wording.visibility,
                    moment.who,
                    moment.words,
                    fold=moment.slot,
                    others_count=moment.others,
                )
            )
            verdict = Verdict("parsed", labels=(self.label,))
        fields = others.push(moment, number, when_ms, self.tablet.language)
        self.tablet.show(self.at_ms + 120, TIKTOK, fields, verdict)

    @play.register
    def _shows(self, moment: Shows) -> None:
        verdict = Verdict("ignored", moment.ignored_as)
        if moment.told:
            self._tell(moment.told)
            verdict = Verdict("parsed", labels=(self.label,))
        self.tablet.show(self.at_ms + 90, moment.app, others.shown(moment, self.at_ms), verdict)

    @play.register
    def _hides(self, moment: Hides) -> None:
        keys = [
            key
            for key, standing in self.tablet.bar.items()
            if standing.app == moment.app
            and moment.number in (None, standing.fields["id"])
            and moment.channel in (None, standing.fields["channel"])
        ]
        for index, key in enumerate(keys):
            self.tablet.take_down(self.at_ms + 150 + 9 * index, key, moment.reason)

    @play.register
    def _publishes(self, moment: Publishes) -> None:
        self._tell(Told("article", "feed", "public"))
        fields = others.feed_item(moment, self.at_ms - FEED_DELAY_MS)
        self.tablet.feed(self.at_ms, FEED, fields, Verdict("parsed", labels=(self.label,)))

    @play.register
    def _falls_asleep(self, _moment: FallsAsleep) -> None:
        self.tablet.fall_asleep(self.at_ms)

    @play.register
    def _wakes_up(self, _moment: WakesUp) -> None:
        self.tablet.wake_up(self.at_ms)

    @play.register
    def _turns_to(self, moment: TurnsTo) -> None:
        self.tablet.locale = moment.locale

    def _tell(self, told: Told) -> None:
        if self.label in self.told:
            raise ValueError(self.label)
        self.told[self.label] = told

    def _open_chats(self, app: App) -> Threads:
        return {chat: lines for chat, lines in self.threads.items() if chat.app == app}

    def _show_thread(self, chat: Chat, *, delay_ms: int = 380, is_silent: bool = False) -> None:
        lines = self.threads[chat]
        labels = tuple(line.label for line in lines if line.label)
        fields = whatsapp.child(chat, lines, self.tablet.language, is_silent=is_silent)
        self.tablet.show(self.at_ms + delay_ms, chat.app, fields, Verdict("parsed", labels=labels))

    def _show_summary(self, app: App) -> None:
        fields = whatsapp.summary(app, self._open_chats(app), self.tablet.language)
        self.tablet.show(self.at_ms + 560, app, fields, Verdict("ignored", "summary"))
