"""What can happen in the story: one record for each kind of moment, with what it should become."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class App:
    """An app of the tablet; `uid` is the number that Android puts at the end of its keys."""

    package: str
    label: str
    version: str
    uid: int


@dataclass(frozen=True, slots=True)
class Chat:
    """A WhatsApp conversation; `jid` is its shortcut id."""

    app: App
    name: str
    jid: str

    @property
    def is_group(self) -> bool:
        """Tell a group from a person."""
        return self.jid.endswith("@g.us")


@dataclass(frozen=True, slots=True)
class Told:
    """The mention that a moment should become; `fold` names the aggregate that it is one wording of."""

    kind: str
    platform: str
    visibility: str
    actor: str | None = None
    body: str | None = None
    media: str | None = None
    fold: str | None = None
    others_count: int | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """One sentence of TikTok in both languages; `{who}`, `{words}` and `{others}` are its slots."""

    channel: str
    fr: str
    en: str
    kind: str | None
    visibility: str = "public"
    ignored_as: str | None = None
    names_actor: bool = True


@dataclass(frozen=True, slots=True)
class Says:
    """Somebody writes; `shown` is what the notification shows where that is not the bare words."""

    at: str
    chat: Chat
    words: str | None
    by: str | None = None
    shown: str | None = None
    mime: str | None = None
    media: str | None = None
    kind: str | None = None
    reposts_all: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """The restaurant answers from the tablet: its own words join the thread, and are no mention."""

    at: str
    chat: Chat
    words: str


@dataclass(frozen=True, slots=True)
class Deletes:
    """Somebody takes a message back: the thread is shown again with other words in its place."""

    at: str
    chat: Chat
    words: str


@dataclass(frozen=True, slots=True)
class Opens:
    """The conversation is read elsewhere, and the app withdraws its notification."""

    at: str
    chat: Chat


@dataclass(frozen=True, slots=True)
class Pushes:
    """TikTok tells something; the same `slot` shown again grows in place."""

    at: str
    wording: Wording
    who: str = ""
    words: str | None = None
    others: int | None = None
    slot: str | None = None
    who_in_title: bool = False


@dataclass(frozen=True, slots=True)
class Shows:
    """Something that is nobody's word: progress, a session, a count, a canary; or a call (`told`).

    `noise` stands for whichever reason a parser gives: ongoing, backup, media, a session.
    """

    at: str
    app: App
    number: int
    channel: str
    title: str
    text: str
    ignored_as: str = "noise"
    told: Told | None = None
    tag: str | None = None
    category: str | None = None
    progress: int | None = None
    is_ongoing: bool = False


@dataclass(frozen=True, slots=True)
class Hides:
    """What `Shows` or `Pushes` put up goes away: one number, one channel, or all that the app has up."""

    at: str
    app: App
    reason: str
    number: int | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Publishes:
    """A press feed carries an item."""

    at: str
    feed: str
    entry: str
    title: str
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class FallsAsleep:
    """The tablet's battery saver stops the companion: what happens now is captured by nobody."""

    at: str


@dataclass(frozen=True, slots=True)
class WakesUp:
    """The companion is back and catches up with what is still in the status bar."""

    at: str


@dataclass(frozen=True, slots=True)
class TurnsTo:
    """Somebody switches the tablet's language."""

    at: str
    locale: str


Moment = (
    Says | Answers | Deletes | Opens | Pushes | Shows | Hides | Publishes | FallsAsleep | WakesUp | TurnsTo
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the week and its moments, in order; times are the restaurant's (UTC+1)."""

    date: date
    moments: tuple[Moment, ...]
