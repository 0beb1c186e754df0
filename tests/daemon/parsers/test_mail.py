"""Of a mail app, the mails of named senders are read and nothing else: no word of a private mail is in a mention."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.daemon.parsers.parser_parts import envelope_of
from veilleur.model.outcome import Ignored
from veilleur.parsers.catalogue import Use
from veilleur.parsers.catalogue_loading import load_catalogues
from veilleur.parsers.plaintext import make_plain
from veilleur.parsers.registry import builtin_parsers

GMAIL = "com.google.android.gm"
ENTRIES = [entry for catalogue in load_catalogues("gmail").values() for entry in catalogue.entries]
SENDERS = {entry.pattern for entry in ENTRIES if entry.meaning.use is Use.TITLE}
SUBJECTS = st.sampled_from([entry.example for entry in ENTRIES]) | st.text(max_size=20)
NEARLY = st.builds(lambda name, more: name + more, st.sampled_from(sorted(SENDERS)), st.text(min_size=1, max_size=3))
OTHERS = (st.text(max_size=20) | NEARLY | SUBJECTS).filter(
    lambda name: make_plain(name).text.rstrip(".。।") not in SENDERS
)
REGISTRY = builtin_parsers()


@given(OTHERS, SUBJECTS, SUBJECTS | st.none(), st.sampled_from(["fr-FR", "en", None, "ja"]))
@settings(max_examples=300, deadline=None)
def test_a_mail_of_anybody_else_is_private(title: str, subject: str, whole: str | None, locale: str | None) -> None:
    fields: dict[str, Any] = {"title": title, "text": subject, "big_text": whole}
    outcome = REGISTRY.read(envelope_of(GMAIL, fields, locale=locale)).outcome
    assert outcome in (Ignored("private_mail"), Ignored("redacted"))


def test_every_sender_names_the_platform_that_it_writes_of() -> None:
    assert [entry.place for entry in ENTRIES if entry.meaning.use is Use.TITLE and not entry.object] == []
