"""Which catalogue entry a text is, and what stands in its slots: one linear pass per language.

A push names its actor in the text ("Ann liked your video") or in the title ("Ann" / "liked your
video"): every pattern that begins with {actor} is compiled for both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final

from msgspec import Struct

from veilleur.model.errors import CatalogueError
from veilleur.parsers.catalogue import ANY_LANGUAGE, Catalogue, Entry, Meaning, Slot, slots_of
from veilleur.parsers.linear import Expression, ExpressionSet, Span, escape
from veilleur.parsers.plaintext import Plain, as_shown, make_plain
from veilleur.parsers.written_numbers import NUMBER_PATTERN, read_number

Accepts = Callable[[Meaning], bool]

_REMEMBERED_LOCALES: Final = 256
_FALLBACK_LANGUAGE: Final = "en"
_SAID: Final = ": {body}"
_SPLIT: Final = re.compile(r"(\{[a-z]+\})")
_SLOT_EXPRESSIONS: Final = {
    Slot.ACTOR: r"([^\n]+?)",
    Slot.OTHERS: f"({NUMBER_PATTERN})",
    Slot.TARGET: r"([^\n]+?)",
    Slot.BODY: r"((?s:.+))",
    Slot.COUNT: f"({NUMBER_PATTERN})",
    Slot.DURATION: r"([0-9]{1,3}(?::[0-9]{2}){1,2})",
}


_SHOWN: Final = (str(Slot.ACTOR), str(Slot.TARGET), str(Slot.BODY))


class ActorPlace(StrEnum):
    """Where the text at hand names its actor."""

    IN_TEXT = "in_text"
    IN_TITLE = "in_title"


class Found(Struct, frozen=True, kw_only=True):
    """The entry that a text is, and its slots as shown; `others` counts the people beside the first one named."""

    entry: Entry
    actor: str | None = None
    others: int | None = None
    target: str | None = None
    body: str | None = None
    count: int | None = None
    duration_s: int | None = None

    @property
    def pattern(self) -> str:
        """Return the name that a mention keeps of the wording."""
        return f"{self.entry.language}/{self.entry.name}"


class _Form(Struct, frozen=True):
    """One compiled shape of an entry; `weight` is how many characters of it are fixed words.

    `shown` names the slots given back as shown, with their first and last group; `named` counts the actors.
    """

    entry: Entry
    source: str
    weight: int
    groups: tuple[str, ...]
    shown: tuple[tuple[str, int, int], ...]
    named: int


class Matcher:
    """The entries of one catalogue, for one place of the actor, compiled into one set.

    Forms without slots are looked up by their text; the others are chosen by the set, and only the
    chosen one's own expression is run.
    """

    __slots__ = ("_exact", "_expressions", "_fold", "_forms", "_set")

    def __init__(self, catalogue: Catalogue, actor_place: ActorPlace) -> None:
        self._fold = actor_place is ActorPlace.IN_TITLE
        forms = [form for entry in catalogue.entries for form in _forms(entry, catalogue.several, actor_place)]
        self._exact = {self._exact_key(form.source): form for form in forms if not form.groups}
        self._forms = tuple(form for form in forms if form.groups)
        sources = [_expression(form.source, fold_first=self._fold) for form in self._forms]
        self._expressions = tuple(Expression(source) for source in sources)
        self._set = ExpressionSet(sources)

    def find(self, plain: Plain, accepts: Accepts) -> Found | None:
        """Return the best reading of the whole text: the shortest actor, then the most fixed words.

        A body may imitate a wording ("Ann commented: Bob started following you"), a name hardly ever.
        """
        exact = self._exact.get(self._exact_key(plain.text))
        if exact is not None and accepts(exact.entry.meaning):
            return Found(entry=exact.entry)
        best: tuple[int, int] | None = None
        chosen: tuple[_Form, tuple[Span, ...]] | None = None
        for index in self._set.matching(plain.data):
            form = self._forms[index]
            spans = self._expressions[index].spans(plain.data) if accepts(form.entry.meaning) else None
            if spans is None:
                continue
            rank = (_actor_length(form, spans), -form.weight)
            if best is None or rank < best:
                best, chosen = rank, (form, spans)
        return _fill(chosen[0], chosen[1], plain) if chosen else None

    def _exact_key(self, text: str) -> str:
        key = text.rstrip(".")
        return key[:1].lower() + key[1:] if self._fold else key


class Wordings:
    """All wordings of one app: the locale's language is tried first, then English, then the others."""

    __slots__ = ("_default_order", "_headings", "_matchers", "_orders")

    def __init__(self, catalogues: Mapping[str, Catalogue]) -> None:
        self._matchers = {
            place: {language: Matcher(catalogue, place) for language, catalogue in catalogues.items()}
            for place in ActorPlace
        }
        self._headings = frozenset(
            make_plain(heading).text for catalogue in catalogues.values() for heading in catalogue.headings
        )
        self._default_order = _order(catalogues, _FALLBACK_LANGUAGE)
        self._orders = {language: _order(catalogues, language) for language in catalogues}
        for catalogue in catalogues.values():
            _check_examples(catalogue, self._matchers[ActorPlace.IN_TEXT][catalogue.language])

    def find(self, plain: Plain, locale: str | None, accepts: Accepts, place: ActorPlace) -> Found | None:
        """Return what the whole text is in the first language that knows it, None where none does."""
        if not plain.text:
            return None
        matchers = self._matchers[place]
        for language in self._orders.get(_language_of(locale), self._default_order):
            found = matchers[language].find(plain, accepts)
            if found is not None:
                return found
        return None

    def is_heading(self, title: Plain) -> bool:
        """Whether this title is known to name nobody (the app, a section of its inbox)."""
        return title.text in self._headings


@lru_cache(_REMEMBERED_LOCALES)
def _language_of(locale: str | None) -> str:
    return locale.replace("_", "-").partition("-")[0].lower() if locale else ""


def _order(languages: Iterable[str], first: str) -> tuple[str, ...]:
    """Put `first` first, English second, the wordings of no language last."""
    rank = {first: 0, _FALLBACK_LANGUAGE: 1, ANY_LANGUAGE: 3}
    return tuple(sorted(languages, key=lambda language: (rank.get(language, 2), language)))


def _forms(entry: Entry, several: Sequence[str], actor_place: ActorPlace) -> Iterable[_Form]:
    """Yield the entry's shapes; "and 4 others" is never a name, so several people may also lack the first."""
    actors = f"{{{Slot.ACTORS}}}"
    is_several = actors in entry.pattern
    sources = [entry.pattern.replace(actors, way) for way in several] if is_several else [entry.pattern]
    nameless = [shape for shape in map(_without_actor, sources) if shape is not None]
    shapes = nameless if actor_place is ActorPlace.IN_TITLE else [*sources, *(nameless if is_several else ())]
    for shape in shapes:
        yield _form(entry, make_plain(shape).text)


def _form(entry: Entry, source: str) -> _Form:
    groups = slots_of(source)
    last = {slot: index for index, slot in enumerate(groups)}
    shown = tuple((slot, groups.index(slot), last[slot]) for slot in _SHOWN if slot in last)
    return _Form(entry, source, len(_SPLIT.sub("", source)), groups, shown, groups.count(Slot.ACTOR))


def _without_actor(source: str) -> str | None:
    """Return the wording as it stands under a title that names the actor; None where it cannot."""
    lead = f"{{{Slot.ACTOR}}} "
    rest = source.removeprefix(lead)
    return rest if source.startswith(lead) and f"{{{Slot.ACTOR}}}" not in rest else None


def _expression(source: str, *, fold_first: bool) -> str:
    """Return the expression of a pattern; a final full stop, and words after a final colon, may be missing."""
    fixed = source.rstrip(".")
    said = fixed.removesuffix(_SAID)
    pieces = [piece for piece in _SPLIT.split(f"{said}:" if said != fixed else fixed) if piece]
    expressions = [
        _SLOT_EXPRESSIONS[Slot(piece[1:-1])] if _SPLIT.fullmatch(piece) else _literal(piece) for piece in pieces
    ]
    if fold_first and source[0].isalpha():
        expressions[0] = f"(?i:{source[0]}){_literal(pieces[0][1:])}"
    ending = f"(?: {_SLOT_EXPRESSIONS[Slot.BODY]})?" if said != fixed else r"\.?"
    return "".join(expressions) + ending


def _literal(words: str) -> str:
    return escape(words).replace(r"\ \:", r" ?:").replace(r"\ ", " ")


def _actor_length(form: _Form, spans: tuple[Span, ...]) -> int:
    if not form.named:
        return 0
    start, end = spans[form.shown[0][1]]
    return end - start


def _fill(form: _Form, spans: tuple[Span, ...], plain: Plain) -> Found:
    wanted = [(spans[first][0], spans[last][1]) for _, first, last in form.shown]
    shown = {slot: words for (slot, _, _), words in zip(form.shown, as_shown(plain, wanted), strict=True)}
    others = _number_in(form, spans, plain, Slot.OTHERS)
    return Found(
        entry=form.entry,
        others=(others or 0) + form.named - 1 if form.named > 1 else others,
        count=_number_in(form, spans, plain, Slot.COUNT),
        duration_s=_seconds_in(form, spans, plain),
        **shown,
    )


def _number_in(form: _Form, spans: tuple[Span, ...], plain: Plain, slot: Slot) -> int | None:
    words = _plain_words(form, spans, plain, slot)
    return read_number(words) if words else None


def _seconds_in(form: _Form, spans: tuple[Span, ...], plain: Plain) -> int | None:
    words = _plain_words(form, spans, plain, Slot.DURATION)
    if words is None:
        return None
    seconds = 0
    for part in words.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds


def _plain_words(form: _Form, spans: tuple[Span, ...], plain: Plain, slot: Slot) -> str | None:
    if slot not in form.groups:
        return None
    start, end = spans[form.groups.index(slot)]
    return plain.data[start:end].decode()


def _check_examples(catalogue: Catalogue, matcher: Matcher) -> None:
    for entry in catalogue.entries:
        found = matcher.find(make_plain(entry.example), lambda _meaning: True)
        if found is None:
            raise CatalogueError(f"{entry.place}: the example does not match the pattern")
        if found.entry is not entry:
            raise CatalogueError(f"{entry.place}: the example is read by `{found.entry.name}` ({found.entry.place})")
