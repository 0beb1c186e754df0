"""The screen takes private numbers out of words, keeps everything else, and is quick about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bridge.envelopes import good_envelope, payload_of, with_words
from veilleur_bridge.codec import Codec, Decoded
from veilleur_bridge.json_tree import TreeCodec
from veilleur_bridge.redaction import Screen
from veilleur_bridge.redaction_rules import load_rules

_CODEC = Codec()
_SCREEN = Screen(load_rules(), _CODEC)
_CARD = "4111 1111 1111 1111"
_LARGE_BYTES = 64 * 1024
_MOST_SECONDS = 0.25


def decoded(payload: bytes) -> Decoded:
    read = _CODEC.decode(payload, topic_device=None)
    assert isinstance(read, Decoded), read
    return read


def screened(text: str) -> Decoded:
    return _SCREEN.screen(decoded(payload_of(with_words(text=text))))


def test_words_without_private_numbers_are_handed_on_as_they_are() -> None:
    clean = decoded(payload_of(good_envelope()))

    assert _SCREEN.screen(clean) is clean


def test_numbers_that_are_not_private_are_handed_on_as_they_are() -> None:
    clean = decoded(payload_of(with_words(title="+33 6 39 00 00 01", text="à 18:30 le 21/11/2026, 1 240 autres")))

    assert _SCREEN.screen(clean) is clean


@pytest.mark.privacy
def test_unknown_fields_and_other_changes_survive_the_screen() -> None:
    tree = good_envelope(later={"price": 1.10, "words": "Bonjour"}, removal_reason=None)
    tree["notification"] |= {"text": f"avant\0 {_CARD}", "sparkle": [1, None, "deux"]}

    screened = _SCREEN.screen(decoded(json.dumps(tree).encode()))

    stored = json.loads(screened.payload)
    assert stored["later"] == tree["later"]
    assert stored["notification"]["sparkle"] == [1, "deux"]
    assert stored["notification"]["text"] == "avant\ufffd [card]"
    assert screened.changed == ("nul:notification.text", "card:notification.text")


def test_an_event_without_notification_is_handed_on() -> None:
    lost = decoded(payload_of(good_envelope(event="lost", notification=None, through_seq=2000, reason="cap")))

    assert _SCREEN.screen(lost) is lost


@pytest.mark.privacy
def test_messages_beside_null_elements_are_found() -> None:
    tree = with_words(messages=[None, {"text": "Bonjour"}, None, {"text": f"carte {_CARD}"}])

    screened = _SCREEN.screen(decoded(payload_of(tree)))

    assert _CARD.encode() not in screened.payload
    assert screened.changed == ("card:notification.messages[1].text",)


@pytest.mark.privacy
@given(
    st.sampled_from(["Votre code : {}", "{} is your code", "{}是您的验证码", "Код {}. Никому", "code {}, puis {}"]),
    st.text("0123456789", min_size=4, max_size=8),
    st.sampled_from(["title", "text", "big_text", "ticker", "sub_text"]),
)
def test_no_code_beside_a_code_word_is_stored(sentence: str, code: str, field: str) -> None:
    screened = _SCREEN.screen(decoded(payload_of(with_words(**{field: sentence.replace("{}", code)}))))

    assert json.loads(screened.payload)["notification"][field] == sentence.replace("{}", "[otp]")


@pytest.mark.privacy
@given(st.text("0123456789", min_size=12, max_size=18), st.sampled_from(["", " ", "-", "\u00a0"]), st.integers(1, 8))
def test_no_card_number_is_stored_however_it_is_grouped(digits: str, separator: str, group: int) -> None:
    card = next(digits + last for last in "0123456789" if passes_luhn(digits + last))
    written = separator.join(card[at : at + group] for at in range(0, len(card), group))

    assert screened(f"ma carte ({written})").changed == ("card:notification.text",)


def passes_luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


@pytest.mark.privacy
@given(st.sampled_from(sorted(load_rules().iban.lengths.items())), st.data())
def test_no_iban_of_any_country_is_stored(country: tuple[str, int], data: st.DataObject) -> None:
    name, length = country
    account = data.draw(st.text("0123456789ABCXYZ", min_size=length - 4, max_size=length - 4))
    number = int("".join(str(int(character, 36)) for character in f"{account}{name}00"))
    iban = f"{name}{98 - number % 97:02d}{account}"
    spaced = " ".join(iban[at : at + 4] for at in range(0, length, 4))

    assert screened(f"IBAN {iban}.").changed == ("iban:notification.text",)
    assert screened(f"IBAN {spaced}.").changed == ("iban:notification.text",)


@pytest.mark.attack
@given(st.text(st.sampled_from("0123456789 -.:/+#éaFR[]code验\u0660\u00a0\n"), max_size=80))
def test_a_second_screening_finds_nothing_more(text: str) -> None:
    first = _SCREEN.screen(decoded(payload_of(with_words(title="code", text=text, text_lines=[text, "x"]))))
    again = decoded(first.payload)

    assert again.envelope == first.envelope
    assert _SCREEN.screen(again) is again


@pytest.mark.attack
@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "1-",
        "12 ",
        "4111 ",
        "4111 111111 ",
        "ES11 ",
        "code 4829 ",
        "code promo 1234 ",
        "a.fr/4111111111111111 ",
        "x",
    ],
)
def test_a_hostile_text_of_64_kib_is_screened_in_time(piece: str) -> None:
    text = (piece * _LARGE_BYTES)[: _LARGE_BYTES - 8] + "code1234"
    hostile = decoded(payload_of(with_words(text=text)))

    assert seconds_of(lambda: _SCREEN.screen(hostile)) < _MOST_SECONDS


def seconds_of(action: Callable[[], object]) -> float:
    """Return the processor time of the quickest of three runs."""
    spent = []
    for _ in range(3):
        started = process_time()
        action()
        spent.append(process_time() - started)
    return min(spent)


@pytest.mark.privacy
@pytest.mark.parametrize(
    "payload",
    [
        payload_of(with_words(text=f"carte {_CARD}") | {"v": 2}),
        payload_of(with_words(text=f"carte {_CARD}") | {"device": "Salon"}),
        payload_of(with_words(text=f"carte {_CARD}"))[:-3],
        payload_of(with_words(text=f"carte {_CARD} é")).replace("é".encode(), b"\xff"),
        payload_of({"title": "carte", "other": [{"deep": f"carte {_CARD}"}]}),
        payload_of([[f"carte {_CARD}"]]),
        f"carte {_CARD}".encode(),
    ],
)
def test_no_card_number_is_stored_with_a_dead_letter(payload: bytes) -> None:
    screened = _SCREEN.screen_refused(payload)

    assert _CARD.encode() not in screened.payload
    assert screened.payload.count(b"[card]") == 1
    assert [change.partition(":")[0] for change in screened.changed] == ["card"]


@pytest.mark.privacy
def test_a_code_under_its_heading_is_not_stored_with_a_dead_letter() -> None:
    payload = payload_of(with_words(title="Votre code", text="482913") | {"v": 2})

    assert b"482913" not in _SCREEN.screen_refused(payload).payload


def test_a_dead_letter_of_another_version_stays_readable() -> None:
    tree = with_words(text="code 482913", when_ms=4111111111111111, tag="4111111111111111") | {"v": 2}

    screened = TreeCodec().read(_SCREEN.screen_refused(payload_of(tree)).payload)

    tree["notification"]["text"] = "code [otp]"
    assert screened == tree


@pytest.mark.attack
@given(st.binary(max_size=300))
def test_no_dead_letter_makes_the_screen_raise(payload: bytes) -> None:
    screened = _SCREEN.screen_refused(payload)

    assert screened.changed or screened.payload == payload


@pytest.mark.attack
def test_a_dead_letter_of_deep_nesting_does_not_make_the_screen_raise() -> None:
    for levels in (500, 900, 100_000):
        payload = b"[" * levels + b'"carte 4111 1111 1111 1111"' + b"]" * levels

        assert b"[card]" in _SCREEN.screen_refused(payload).payload
