"""Whether a mention in hand is what a query asks for: the same answer that the database gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Final

from msgspec import Struct

from veilleur.model.kinds import MediaKind
from veilleur.model.mention import Mention
from veilleur.model.qualification import Qualification
from veilleur.query.expression import (
    AllOf,
    AnyOf,
    Between,
    Expression,
    Has,
    Is,
    Not,
    NumberField,
    OneOf,
    Part,
    Query,
    Since,
    State,
    TextColumn,
    Until,
    ValueField,
    Words,
)
from veilleur.query.tokens import fold, names_text, places_text, words_text

_NOTHING_SAID: Final = Qualification()


class Matchable(Struct, frozen=True):
    """A mention with its tokens, made once and asked many queries; each text begins and ends with a space."""

    mention: Mention
    texts: dict[TextColumn, str]


def matchable(mention: Mention) -> Matchable:
    """Return the mention ready to be asked whether it matches."""
    actor, conversation = mention.actor, mention.conversation
    texts = {
        TextColumn.WORDS: words_text(mention.body, mention.target, mention.hashtags),
        TextColumn.NAMES: names_text(actor.name, actor.handle, actor.phone) if actor else "",
        TextColumn.PLACES: places_text(conversation.title) if conversation else "",
    }
    return Matchable(mention, {column: f" {text} " for column, text in texts.items()})


Matches = Callable[[Matchable], bool]


def matcher(query: Query) -> Matches:
    """Return what tells whether the query asks for a mention; made once for many mentions."""
    return _always if query.expression is None else _matcher(query.expression)


def _always(_: Matchable) -> bool:
    return True


def _matcher(expression: Expression) -> Matches:
    match expression:
        case AllOf(parts):
            every = tuple(map(_matcher, parts))
            return lambda one: all(holds(one) for holds in every)
        case AnyOf(parts):
            some = tuple(map(_matcher, parts))
            return lambda one: any(holds(one) for holds in some)
        case Not(part):
            holds = _matcher(part)
            return lambda one: not holds(one)
        case Words(column=column):
            found = f" {expression.phrase}{'' if expression.is_prefix else ' '}"
            return lambda one: found in one.texts[column]
        case _:
            is_so = _fact(expression)
            return lambda one: is_so(one.mention)


def _fact(term: OneOf | Has | Is | Between | Since | Until) -> Callable[[Mention], bool]:
    match term:
        case OneOf():
            return _one_of(term)
        case Has(part):
            return _has(part)
        case Is(state):
            return _STATES[state]
        case Between(field, least, most):
            number = _NUMBERS[field]
            return lambda mention: _is_between(number(mention), least, most)
        case Since(at):
            return lambda mention: mention.happened_at >= at
        case Until(before):
            return lambda mention: mention.happened_at < before


def _is_between(number: float | None, least: float | None, most: float | None) -> bool:
    return number is not None and (least is None or number >= least) and (most is None or number <= most)


def _has(part: Part) -> Callable[[Mention], bool]:
    if part in _HELD:
        held = _HELD[part]
        return lambda mention: bool(held(mention))
    medium = MediaKind(part.value)
    return lambda mention: mention.media is not None and mention.media.kind == medium


def _one_of(term: OneOf) -> Callable[[Mention], bool]:
    if term.field is ValueField.TAG:
        tags = frozenset(map(fold, term.values))
        return lambda mention: any(fold(tag) in tags for tag in (mention.qualification or _NOTHING_SAID).tags)
    value = _VALUES[term.field]
    return lambda mention: value(mention) in term.values


def _tone(mention: Mention) -> str | None:
    return mention.qualification.tone if mention.qualification else None


def _others(mention: Mention) -> int | None:
    return mention.actor.others_count if mention.actor else None


_VALUES: Final[Mapping[ValueField, Callable[[Mention], str | None]]] = {
    ValueField.PLATFORM: attrgetter("platform"),
    ValueField.KIND: attrgetter("kind"),
    ValueField.LANGUAGE: attrgetter("language"),
    ValueField.REGION: attrgetter("region"),
    ValueField.VISIBILITY: attrgetter("visibility"),
    ValueField.DEVICE: attrgetter("device"),
    ValueField.APP: attrgetter("package"),
    ValueField.TONE: _tone,
}
_NUMBERS: Final[Mapping[NumberField, Callable[[Mention], float | None]]] = {
    NumberField.COUNT: attrgetter("count"),
    NumberField.OTHERS: _others,
    NumberField.CONFIDENCE: attrgetter("confidence"),
}
_HELD: Final[Mapping[Part, Callable[[Mention], object]]] = {
    Part.LINK: attrgetter("links"),
    Part.HASHTAG: attrgetter("hashtags"),
    Part.HANDLE: attrgetter("handles"),
    Part.EMOJI: attrgetter("emojis"),
    Part.FLAG: attrgetter("flags"),
    Part.TEXT: attrgetter("body"),
    Part.MEDIA: attrgetter("media"),
}
_STATES: Final[Mapping[State, Callable[[Mention], bool]]] = {
    State.EDITED: attrgetter("edited"),
    State.DELETED: attrgetter("deleted"),
    State.TREATED: lambda mention: (mention.qualification or _NOTHING_SAID).treated_at is not None,
    State.OFFTOPIC: lambda mention: (mention.qualification or _NOTHING_SAID).is_off_topic,
}
