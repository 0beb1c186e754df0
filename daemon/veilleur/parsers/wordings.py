"""Which catalogue entry a text is, and what stands in its slots, over all languages at once.

A push names its actor in the text ("Ann liked your video") or in the title ("Ann" / "liked your
video"): every pattern that begins with {actor} is compiled for both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from veilleur.parsers.catalogue import Catalogue, Entry, Meaning, Slot
from veilleur.parsers.languages import LanguageOrder
from veilleur.parsers.linear import Expression, Span
from veilleur.parsers.near_wordings import NearWordings
from veilleur.parsers.plaintext import Plain, as_shown, make_plain
from veilleur.parsers.wording_forms import FULL_STOPS, ActorPlace, Form, expression_of, forms_of
from veilleur.parsers.wording_index import WordingIndex
from veilleur.parsers.written_numbers import read_number

Accepts = Callable[[Meaning], bool]
_NO_FORMS: Final[tuple[Form, ...]] = ()


class Found(Struct, frozen=True, kw_only=True):
    """The entry that a text is, and its slots as shown; `others` counts the people beside the first one named."""

    entry: Entry
    actor: str | None = None
    others: int | None = None
    target: str | None = None
    body: str | None = None
    stars: str | None = None
    count: int | None = None
    duration_s: int | None = None

    @property
    def pattern(self) -> str:
        """Return the name that a mention keeps of the wording."""
        return f"{self.entry.language}/{self.entry.name}"


class _Fit(Struct, frozen=True):
    """A form that the whole text is, and where its slots stand."""

    form: Form
    spans: tuple[Span, ...]
    rank: tuple[int, ...]


class Matcher:
    """The entries of every language of one app, for one place of the actor.

    Forms without slots are looked up by their text; the others by their fixed words, and only the
    expressions of those found are compiled and run.
    """

    __slots__ = ("_exact", "_expressions", "_fold", "_forms", "_index")

    def __init__(self, catalogues: Mapping[str, Catalogue], actor_place: ActorPlace) -> None:
        self._fold = actor_place is ActorPlace.IN_TITLE
        forms = [
            form
            for catalogue in catalogues.values()
            for entry in catalogue.entries
            for form in forms_of(entry, catalogue.several, actor_place)
        ]
        self._exact: dict[str, tuple[Form, ...]] = {}
        for form in forms:
            if not form.groups:
                key = self._exact_key(form.source)
                self._exact[key] = (*self._exact.get(key, _NO_FORMS), form)
        self._forms = tuple(form for form in forms if form.groups)
        self._expressions: dict[int, Expression] = {}
        self._index = WordingIndex(self._forms)

    def candidates(self, plain: Plain) -> list[int | Form]:
        """Return the forms that the whole text is or may be: those without slots, and the places of the others."""
        found: list[int | Form] = [*self._exact.get(self._exact_key(plain.text), _NO_FORMS)]
        if self._forms:
            found += self._index.candidates(plain)
        return found

    def best_of(
        self,
        candidates: Sequence[int | Form],
        plain: Plain,
        ranks: Mapping[str, int],
        accepts: Accepts,
        version: str | None,
    ) -> Found | None:
        """Return the best reading of the whole text in the first language that has an accepted one.

        Best is: of the app's version, still shown, without slots, the shortest actor, the most fixed words. A body may
        imitate a wording ("Ann commented: Bob started following you"), a name hardly ever.
        """
        by_rank: dict[int, list[int | Form]] = {}
        for one in candidates:
            entry = (one if isinstance(one, Form) else self._forms[one]).entry
            if accepts(entry.meaning):
                by_rank.setdefault(ranks[entry.language], []).append(one)
        for rank in sorted(by_rank):
            fits = [fit for one in by_rank[rank] if (fit := self._fit(one, plain, version)) is not None]
            if fits:
                best = min(fits, key=_rank_of) if len(fits) > 1 else fits[0]
                return _fill(best.form, best.spans, plain)
        return None

    def _fit(self, one: int | Form, plain: Plain, version: str | None) -> _Fit | None:
        if isinstance(one, Form):
            return _Fit(one, (), (*_age(one.entry, version), 0, 0, -one.weight, 0))
        form, spans = self._forms[one], self._expression(one).spans(plain.data)
        if spans is None:
            return None
        return _Fit(form, spans, (*_age(form.entry, version), 1, _actor_length(form, spans), -form.weight, one))

    def _expression(self, index: int) -> Expression:
        expression = self._expressions.get(index)
        if expression is None:
            expression = self._expressions[index] = Expression(expression_of(self._forms[index], fold_first=self._fold))
        return expression

    def _exact_key(self, text: str) -> str:
        key = text.rstrip(FULL_STOPS)
        return key[:1].lower() + key[1:] if self._fold else key


class Wordings:
    """All wordings of one app: the locale's language is tried first, then English, then the others."""

    __slots__ = ("_entries", "_headings", "_matchers", "_near", "_order", "_own_names")

    def __init__(self, catalogues: Mapping[str, Catalogue], headings: Iterable[str] = ()) -> None:
        self._entries = [entry for catalogue in catalogues.values() for entry in catalogue.entries]
        self._near: NearWordings | None = None
        self._matchers = {place: Matcher(catalogues, place) for place in ActorPlace}
        every = (*headings, *(heading for catalogue in catalogues.values() for heading in catalogue.headings))
        self._headings = frozenset(make_plain(heading).text for heading in every)
        self._own_names = frozenset(name for catalogue in catalogues.values() for name in catalogue.own_names)
        self._order = LanguageOrder(catalogues)

    def find(
        self, plain: Plain, locale: str | None, accepts: Accepts, place: ActorPlace, version: str | None = None
    ) -> Found | None:
        """Return what the whole text is in the first language that knows it, None where none does."""
        if not plain.text:
            return None
        matcher = self._matchers[place]
        candidates = matcher.candidates(plain)
        return matcher.best_of(candidates, plain, self._order.ranks(locale), accepts, version) if candidates else None

    def is_nearly_known(self, plain: Plain, accepts: Accepts) -> bool:
        """Whether a text that is no wording has most of the words of one."""
        # Made when first asked for: only messengers ask, and for each app it is a megabyte.
        if self._near is None:
            self._near = NearWordings(self._entries)
        return self._near.has_one_near(plain.text, accepts)

    def is_heading(self, title: Plain) -> bool:
        """Whether this title is known to name nobody (the app, a section of its inbox)."""
        return title.text in self._headings

    def is_own_name(self, name: str) -> bool:
        """Whether the app calls the tablet's own account so, in any language."""
        return name in self._own_names


def _rank_of(fit: _Fit) -> tuple[int, ...]:
    return fit.rank


def _age(entry: Entry, version: str | None) -> tuple[int, int]:
    """Return what ranks a wording by the app's version: its own first, then, where unknown, what is still shown."""
    return (not entry.versions.include(version), bool(entry.versions.until))


def _actor_length(form: Form, spans: Sequence[Span]) -> int:
    if not form.named:
        return 0
    start, end = spans[form.shown[0][1]]
    return end - start


def _fill(form: Form, spans: Sequence[Span], plain: Plain) -> Found:
    if not spans:
        return Found(entry=form.entry)
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


def _number_in(form: Form, spans: Sequence[Span], plain: Plain, slot: Slot) -> int | None:
    words = _plain_words(form, spans, plain, slot)
    return read_number(words, form.entry.language) if words else None


def _seconds_in(form: Form, spans: Sequence[Span], plain: Plain) -> int | None:
    words = _plain_words(form, spans, plain, Slot.DURATION)
    if words is None:
        return None
    seconds = 0
    for part in words.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds


def _plain_words(form: Form, spans: Sequence[Span], plain: Plain, slot: Slot) -> str | None:
    if slot not in form.groups:
        return None
    start, end = spans[form.groups.index(slot)]
    return plain.data[start:end].decode()
