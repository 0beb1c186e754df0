"""An app that changed a tenth of its wordings, from the first notification to the patterns accepted."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path

from msgspec import Struct, structs

from tests.daemon.parsers import whatsapp_mutations, wording_mutations
from tests.daemon.parsers.whatsapp_mutations import CALLS
from tests.daemon.parsers.wording_mutations import Show, Shown, Wording, stream
from veilleur.coverage.drift import has_drifted
from veilleur.ingest.unknown_wordings import UnknownWordings, UnknownWords
from veilleur.model.drift import ReadName, RecentWordings
from veilleur.model.kinds import MentionKind
from veilleur.model.outcome import Draft, Ignored, Outcome, Parsed
from veilleur.parsers.acceptance import acceptable
from veilleur.parsers.catalogue import Catalogue, Entry
from veilleur.parsers.catalogue_loading import load_catalogues
from veilleur.parsers.conversation_message import accept_in_message
from veilleur.parsers.proposals import propose
from veilleur.parsers.registry import ParserRegistry, builtin_parsers
from veilleur_bridge.codec import Codec
from veilleur_bridge.envelope import Envelope

SEEN_OF_EACH = 6
LOOKED_AT = 50
BEFORE = 600


class ChangingApp(Struct, frozen=True):
    """How an app's wordings are changed and shown, and when one is read right."""

    name: str
    catalogues: dict[str, Catalogue]
    change: Callable[..., list[Wording]]
    show: Show
    is_right: Callable[[Wording, dict[str, str], Outcome], bool]

    def wordings(self, language: str, seed: int, *, share: float = 0.1) -> list[Wording]:
        return self.change(list(self.catalogues[language].entries), seed, share=share)


class Figures(Struct):
    """What was measured over many seeds: late alarms, and changed wordings read right after acceptance."""

    runs: int = 0
    late: int = 0
    changed: int = 0
    right: int = 0

    def add(self, other: Figures) -> None:
        self.runs += other.runs
        self.late += other.late
        self.changed += other.changed
        self.right += other.right


def tiktok() -> ChangingApp:
    return ChangingApp(
        "tiktok", load_catalogues("tiktok"), wording_mutations.wordings, wording_mutations.show, _is_right_on_tiktok
    )


def whatsapp() -> ChangingApp:
    return ChangingApp(
        "whatsapp",
        load_catalogues("whatsapp"),
        whatsapp_mutations.wordings,
        whatsapp_mutations.show,
        _is_right_on_whatsapp,
    )


def finder(app: ChangingApp) -> UnknownWordings:
    return UnknownWordings(Codec(), builtin_parsers(), {app.name: app.catalogues})


def measure(app: ChangingApp, unknown: UnknownWordings, language: str, seed: int, folder: Path) -> Figures:
    """Change the app by this seed; count a late alarm, and what is read right once all proposals are accepted.

    What this shape of notification does not show right even unchanged is left out.
    """
    chance = random.Random(seed)
    before = builtin_parsers()
    known = [one for one in app.wordings(language, seed) if shows_right(app, before, one)]
    registry = taught(app, seen_of(app, unknown, known, chance), folder)
    changed = [one for one in known if one.change]
    right = sum(
        reads_all(app, registry, one, [app.show(one, chance, 9) for _ in range(SEEN_OF_EACH)]) for one in changed
    )
    return Figures(1, not alarms_in_time(app, unknown, known, random.Random(seed)), len(changed), right)


def shows_right(app: ChangingApp, before: ParserRegistry, wording: Wording) -> bool:
    """Whether the wording as it was is read right where `show` puts it."""
    shown = app.show(structs.replace(wording, pattern=wording.entry.pattern), random.Random(1), 1)
    return app.is_right(wording, shown.slots, before.read(shown.envelope).outcome)


def alarms_in_time(app: ChangingApp, unknown: UnknownWordings, known: list[Wording], chance: random.Random) -> bool:
    shown = islice(stream(known, chance, app.show), LOOKED_AT)
    return has_drifted(recent_of(app, unknown, [one.envelope for _, one in shown]))


def recent_of(app: ChangingApp, unknown: UnknownWordings, newest: Sequence[Envelope]) -> RecentWordings:
    """Return what the store would count of these, after many of which none was unknown."""
    parsers = builtin_parsers()
    is_unknown = [unknown.is_unknown(one) for one in newest]
    drafts = [
        _only_draft(parsers.read(one).outcome) for one, unread in zip(newest, is_unknown, strict=True) if not unread
    ]
    named = tuple(ReadName(one.pattern, one.actor.name) for one in drafts if one and one.actor)
    return RecentWordings(app.name, len(newest), sum(is_unknown), BEFORE, 0, named)


def seen_of(app: ChangingApp, unknown: UnknownWordings, known: list[Wording], chance: random.Random) -> UnknownWords:
    """Return what is gathered from a log that shows each wording of the app a few times, in any order."""
    places = [(one, number) for one in known for number in range(SEEN_OF_EACH)]
    shown = [app.show(one, chance, at).envelope for at, (one, _) in enumerate(places)]
    return unknown.gather(enumerate(chance.sample(shown, len(shown))))


def taught(app: ChangingApp, found: UnknownWords, folder: Path) -> ParserRegistry:
    """Return the parsers with every proposal for these texts in the user's folder."""
    (folder / app.name).mkdir(parents=True)
    catalogues = {app.name: app.catalogues}
    for proposal in acceptable(propose(found.texts, catalogues, found.names), catalogues):
        with (folder / app.name / f"{proposal.language}.toml").open("a", encoding="utf-8") as file:
            file.write(proposal.as_toml() + "\n")
    return builtin_parsers(folder)


def reads_all(app: ChangingApp, registry: ParserRegistry, wording: Wording, shown: Iterable[Shown]) -> bool:
    outcomes = [(one, registry.read(one.envelope).outcome) for one in shown]
    return all(_is_by_proposals(outcome) and app.is_right(wording, one.slots, outcome) for one, outcome in outcomes)


def _is_by_proposals(outcome: Outcome) -> bool:
    return not isinstance(outcome, Parsed) or all("suggested_" in draft.pattern for draft in outcome.mentions)


def _is_right_on_tiktok(wording: Wording, slots: dict[str, str], outcome: Outcome) -> bool:
    """Whether kind, actor, target, body and count are those that were put in."""
    draft = _only_draft(outcome)
    return draft is not None and _says(draft, slots, wording.entry.meaning.kind, slots["actor"])


def _is_right_on_whatsapp(wording: Wording, slots: dict[str, str], outcome: Outcome) -> bool:
    """Whether the outcome is the one of the wording before its change, with what was put in."""
    entry = wording.entry
    meaning = entry.meaning
    if meaning.ignored is not None:
        return outcome == Ignored(meaning.ignored)
    if meaning.amends is not None:
        return isinstance(outcome, Parsed) and bool(outcome.amendments) and not outcome.mentions
    draft = _only_draft(outcome)
    if draft is None:
        return False
    if meaning.kind is MentionKind.GROUP_EVENT:
        return (draft.kind, draft.actor and draft.actor.name) == (meaning.kind, slots["actor"])
    if meaning.kind in CALLS:  # of when it was missed, a mention says nothing
        slots = {name: value for name, value in slots.items() if name != "body"}
    actor = slots["sender"] if accept_in_message(meaning) else slots.get("actor", slots["sender"])
    return _has_its_media(draft, entry, slots) and _says(
        draft, slots, meaning.kind or MentionKind.DIRECT_MESSAGE, actor
    )


def _only_draft(outcome: Outcome) -> Draft | None:
    if not isinstance(outcome, Parsed) or len(outcome.mentions) != 1:
        return None
    [draft] = outcome.mentions
    return draft


def _says(draft: Draft, slots: dict[str, str], kind: MentionKind | None, actor: str) -> bool:
    count = int(slots["count"]) if "count" in slots else None
    read = (draft.kind, draft.actor.name if draft.actor else None, draft.target, draft.body, draft.count)
    return read == (kind, actor, slots.get("target"), slots.get("body"), count)


def _has_its_media(draft: Draft, entry: Entry, slots: dict[str, str]) -> bool:
    minutes, _, seconds = slots.get("duration", "").partition(":")
    length_s = int(minutes) * 60 + int(seconds) if minutes else None
    media = draft.media
    return (media and media.kind, media and media.duration_s) == (entry.media, length_s)
