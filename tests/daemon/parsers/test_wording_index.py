"""The index proposes every pattern that a text is: what it leaves out, no expression would have matched."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from veilleur.parsers.catalogue_loading import load_catalogues
from veilleur.parsers.linear import Expression
from veilleur.parsers.plaintext import make_plain
from veilleur.parsers.wording_forms import ActorPlace, Form, expression_of, forms_of
from veilleur.parsers.wording_index import WordingIndex

CATALOGUES = [catalogue for app in ("tiktok", "whatsapp") for catalogue in load_catalogues(app).values()]
NAMES = ["Ayo", "commented: the podcast", "a liked your video fan", "Clients (Lyon): B", "さくら", "12", ": ", "x："]
ENDS = ["", ".", "。", "।", "...", " ", "!"]


def forms_in(place: ActorPlace) -> tuple[Form, ...]:
    entries = [(entry, catalogue.several) for catalogue in CATALOGUES for entry in catalogue.entries]
    return tuple(form for entry, several in entries for form in forms_of(entry, several, place) if form.groups)


FORMS = {place: forms_in(place) for place in ActorPlace}
INDEXES = {place: WordingIndex(forms) for place, forms in FORMS.items()}


@given(st.sampled_from(ActorPlace), st.data())
@settings(max_examples=1_500, deadline=None)
def test_a_text_of_a_pattern_is_proposed_for_it(place: ActorPlace, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(FORMS[place]) - 1))
    form = FORMS[place][index]
    text = form.source
    for slot in form.groups:
        filling = data.draw(st.sampled_from(["3", "1,240"] if slot in ("count", "others") else NAMES))
        text = text.replace(f"{{{slot}}}", "0:07" if slot == "duration" else filling, 1)
    text = data.draw(
        st.sampled_from([text, text.removesuffix("."), text[:1].upper() + text[1:], text.replace(" :", ":")])
    )
    plain = make_plain(text + data.draw(st.sampled_from(ENDS)))
    expression = Expression(expression_of(form, fold_first=place is ActorPlace.IN_TITLE))
    if expression.spans(plain.data) is not None:
        assert index in INDEXES[place].candidates(plain)
