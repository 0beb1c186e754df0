"""Whatever code below the pages tells in English is told in French to who reads the pages in French."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from typing import Final

import pytest
from msgspec import structs

from tests.architecture.source_file import PROJECT
from tests.daemon.wording.sentences_below import NO_SENTENCES, holes_alike, told_below
from tests.daemon.wording.test_texts import UNBOUND
from veilleur.coverage.alarms import CLOCK_WRONG
from veilleur.ingest.unstorable import UNSTORABLE
from veilleur.model.alert import AlertTrigger, Reason
from veilleur.model.outcome import UNKNOWN_WORDING
from veilleur.parsers.generic import NO_PARSER
from veilleur.parsers.protocol import Fault
from veilleur.store.dead import UNPAIRED
from veilleur.store.sorting import SEQ_CONFLICT
from veilleur.wording.alert_words import alert_title
from veilleur.wording.languages import Language
from veilleur.wording.retelling import retold
from veilleur_bridge.device_program import DeviceProblem
from veilleur_bridge.envelope import LostReason
from veilleur_bridge.refusal import RejectReason
from veilleur_bridge.sources.look import Problem

CODES: Final = "codes"
FOREIGN: Final = "foreign"
DAEMON = PROJECT / "daemon" / "veilleur"
COMPANION = PROJECT / "companion"
KOTLIN = (
    "core/src/main/kotlin/veilleur/companion/core/device/DeviceSettings.kt",
    "app/src/main/kotlin/veilleur/companion/checklist/Checklist.kt",
)
_HOLE = re.compile(r"\{(\w+)\}")
_CODE_GIVEN = re.compile(r'(?:Quarantined\(|return )"([a-z]+_[a-z_]+)"')
_CODE_OF_KOTLIN = re.compile(r'^    [A-Z_]+\("([a-z_]+)"\),$', re.MULTILINE)
_SENTENCE_OF_KOTLIN = re.compile(r'error = if \(config == null\) "([^"]+)"')

French = dict[str, dict[str, str | list[str]]]


@pytest.fixture(scope="module")
def french() -> French:
    """Read the sentences and codes as French tells them."""
    return tomllib.loads((DAEMON / "wording" / "phrases" / "told_fr.toml").read_text("utf-8"))


def test_every_sentence_below_the_pages_is_told_in_french_and_none_is_left_over(french: French) -> None:
    """Whoever writes a new one, or other words for one, adds its French to `told_fr.toml`.

    Broken line: "clear them" of the alarm on a full tablet as "empty them"; it reported that sentence and its module.
    """
    ours = {
        holes_alike(english) for name, section in french.items() if name not in {CODES, FOREIGN} for english in section
    }
    below = told_below()

    assert {form: home for form, home in below.items() if form not in ours} == {}
    assert ours - below.keys() == set()


def test_what_is_said_to_be_no_sentence_still_stands_somewhere() -> None:
    """Broken line: one more exception, of a sentence that nobody tells; it reported that one."""
    assert NO_SENTENCES.keys() - told_below(with_exceptions=True).keys() == set()


def test_every_code_that_a_page_shows_is_told_in_french_and_none_is_left_over(french: French) -> None:
    """Broken line: a parser that says `Quarantined("no_text")`; it reported that code."""
    of_parsers = chain.from_iterable(
        _CODE_GIVEN.findall(path.read_text("utf-8")) for path in sorted((DAEMON / "parsers").glob("*.py"))
    )
    of_companion = chain.from_iterable(
        _CODE_OF_KOTLIN.findall((COMPANION / path).read_text("utf-8")) for path in KOTLIN
    )
    enums = (RejectReason, LostReason, DeviceProblem, Fault, Problem)
    named = {CLOCK_WRONG, UNSTORABLE, UNPAIRED, SEQ_CONFLICT, UNKNOWN_WORDING, NO_PARSER}
    given = named.union(of_parsers, of_companion, *enums)

    assert given - french[CODES].keys() == set()
    assert french[CODES].keys() - given == set()


def test_the_companion_and_the_bridge_refuse_a_configuration_by_one_sentence(french: French) -> None:
    """Broken line: the companion's "newest" as "last"; it reported two sentences."""
    source = COMPANION / "core/src/main/kotlin/veilleur/companion/core/device/ConfigInForce.kt"
    said = _SENTENCE_OF_KOTLIN.findall(source.read_text("utf-8"))

    assert [re.sub(r"\$\{[\w.]+\}", "{}", one) for one in said] == [holes_alike(one) for one in french["devices"]]


def test_each_sentence_is_read_as_itself_whatever_it_names(french: French) -> None:
    """Broken line: what stands between holes read as an expression; it reported every sentence that asks something."""
    wrong = []
    for section, pairs in french.items():
        for english, told in pairs.items() if section != CODES else ():
            names = {name: f"{7 + place}" for place, name in enumerate(_HOLE.findall(english))}
            expected = (told if isinstance(told, str) else told[-1]).format(**names)
            if retold(_filled(english, names), Language.FRENCH) != expected:
                wrong.append(english)

    assert wrong == []


def test_french_is_set_as_french_and_names_what_english_names(french: French) -> None:
    """Broken line: an English apostrophe in `n’est`; it reported that sentence."""
    for english, told in chain.from_iterable(section.items() for section in french.values()):
        for one in [told] if isinstance(told, str) else told:
            bare = re.sub(r"`[^`]*`|'veilleur\[\{\w+\}\]'", "", one)
            assert not UNBOUND.search(bare), one
            assert set(_HOLE.findall(one)) <= set(_HOLE.findall(english)), one
            assert set(_HOLE.findall(english)) - set(_HOLE.findall(one)) <= {"number"}, one


@pytest.mark.parametrize(
    ("english", "told"),
    [
        (
            "no status since 2026-11-20 08:30 UTC: is it charged, on, and in its network?",
            "aucun état depuis le 20 nov. 2026, 08:30 UTC : est-il chargé, allumé et dans son réseau ?",
        ),
        (
            (
                "3,412 notifications have not come, though later ones have (EPOCH:FROM-THROUGH a:1-2, a:4-5, a:7-9 "
                "and 2 more)"
            ),
            (
                "3 412 notifications ne sont pas venues, alors que de plus récentes sont là (SÉRIE:DE-À a:1-2, "
                "a:4-5, a:7-9 et "
                "2 de plus)"
            ),
        ),
        (
            "1 notifications have not come, though later ones have (EPOCH:FROM-THROUGH a:1-1)",
            "1 notification n’est pas venue, alors que de plus récentes sont là (SÉRIE:DE-À a:1-1)",
        ),
        ("clock_wrong, no_receipt", "horloge fausse, ce qu’il a envoyé n’a pas de reçu"),
        (
            "in the last hour 12 payloads could not be read (bad_field, of_tomorrow): `veilleur coverage` tells when",
            (
                "au cours de la dernière heure, 12 messages n’ont pas pu être lus (champ incorrect, of_tomorrow) : "
                "`veilleur "
                "coverage` dit quand"
            ),
        ),
        (
            (
                "it acknowledged 2,000 messages for a reader that was away, and kept 100: it had forgotten the reader; "
                "mosquitto: max_queued_messages 0 and max_queued_bytes 0 (deploy/mosquitto has a tried configuration); "
                "tablets send again what is missing"
            ),
            (
                "il a confirmé 2 000 messages pour un lecteur absent, et en a gardé 100 : il avait oublié le lecteur ; "
                "mosquitto : max_queued_messages 0 et max_queued_bytes 0 (deploy/mosquitto a une configuration "
                "éprouvée) ; les "
                "tablettes renvoient ce qui manque"
            ),
        ),
        (
            (
                "the account does not work: salle-1 comes in, but nothing passes on its receipt, config: give the "
                "account the "
                "rules of deploy/mosquitto/veilleur.acl"
            ),
            (
                "le compte ne fonctionne pas : salle-1 entre, mais rien ne passe sur receipt, config : donnez au "
                "compte les "
                "règles de deploy/mosquitto/veilleur.acl"
            ),
        ),
        (
            (
                "the certificate of the broker at mqtts://h:8883 holds until 2026-12-05: renew it (`veilleur broker "
                "certificate "
                "--renew` at the embedded broker; keep its key, tablets trust it)"
            ),
            (
                "le certificat du courtier à mqtts://h:8883 est valable jusqu’au 5 décembre 2026 : renouvelez-le "
                "(`veilleur "
                "broker certificate --renew` pour le courtier intégré ; gardez sa clé, les tablettes s’y fient)"
            ),
        ),
        (
            "no broker answers at mqtt://127.0.0.1:1883: [Errno 111] Connection refused",
            "aucun courtier ne répond à mqtt://127.0.0.1:1883 : connexion refusée",
        ),
        (
            "no broker answers at mqtt://127.0.0.1:1883: [Errno 999] Of another planet",
            "aucun courtier ne répond à mqtt://127.0.0.1:1883 : Of another planet",
        ),
        (
            (
                "the address is refused: it leads into the own network, where nothing is sent unless "
                "VEILLEUR_DELIVERY_NETWORKS names it (such as 192.168.1.20/32)"
            ),
            (
                "l’adresse est refusée : elle mène au réseau interne, où rien n’est envoyé à moins que "
                "VEILLEUR_DELIVERY_NETWORKS ne la nomme (par exemple 192.168.1.20/32)"
            ),
        ),
        (
            "silent for 9 h, usually 40 min: is the app logged out? Look on the tablet",
            "silencieuse depuis 9 h, d’habitude 40 min : est-elle déconnectée ? Regardez sur la tablette",
        ),
        (
            "tiktok/fr.toml: Invalid value (at line 3, column 2)",
            "tiktok/fr.toml : valeur incorrecte (ligne 3, colonne 2)",
        ),
        (
            "fr.toml, line 3: unknown slot {{x}}; known are actor, text",
            "fr.toml, ligne 3 : emplacement inconnu {x} ; on connaît actor, text",
        ),
    ],
)
def test_what_is_told_below_is_told_in_french(english: str, told: str) -> None:
    """Broken line: the first reading instead of the one that leaves least; it reported that of the certificate."""
    found = retold(english.replace("{{", "{").replace("}}", "}"), Language.FRENCH)

    assert found is not None
    assert re.sub("[\u00a0\u202f]", " ", found) == told


def test_english_stays_as_it_is_and_what_nobody_translated_is_told_as_unknown() -> None:
    """Broken line: `kind` and `line` may hold anything; it reported "refused is what it was dans noon"."""
    assert retold("something new", Language.ENGLISH) == "something new"
    assert retold("something new: of a former release", Language.FRENCH) is None
    assert retold("refused is what it was at noon: by nobody that is known here", Language.FRENCH) is None
    assert retold("x" * 100_000, Language.FRENCH) is None


def test_what_a_stranger_joined_of_hundreds_is_not_read_piece_by_piece() -> None:
    """Each joint doubles what there is to try. Broken line: no bound on joints; it reported the whole in French."""
    assert retold("; ".join(["no connection"] * 3), Language.FRENCH) is not None
    assert retold("; ".join(["no connection"] * 60), Language.FRENCH) is None


def _filled(english: str, names: dict[str, str]) -> str:
    return _HOLE.sub(lambda hole: names[hole[1]], english)


def test_an_alert_told_in_french_says_what_the_alarm_says_or_its_name_where_nobody_translated_that() -> None:
    """Broken line: what an alarm says told in English alone; it reported the alarm's name in place of its words."""
    known = Reason(
        trigger=AlertTrigger.PARSER_DRIFT,
        subject="TikTok",
        detail="3 of its last 50 notifications have words that no pattern knows: "
        "`veilleur patterns suggest` proposes patterns",
    )
    of_before = structs.replace(known, detail="three wordings are odd")

    assert "3 de ses 50 dernières notifications" in alert_title(known, 1, str, Language.FRENCH)
    assert (
        alert_title(of_before, 1, str, Language.FRENCH)
        == "TikTok\u00a0: Libellé changé\u00a0: une application dit autrement"
    )
    assert alert_title(of_before, 1, str, Language.ENGLISH) == "TikTok: three wordings are odd"
