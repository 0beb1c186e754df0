"""Of many notifications it shows that a name is behind a beginning of the app's, or at the end of the words."""

from __future__ import annotations

import pytest
from msgspec import structs

from veilleur.model.drift import ReadName
from veilleur.parsers.hidden_names import NamedText, behind_beginnings, count_behind_beginnings, name_at_end
from veilleur.parsers.proposals import UnknownText

PEOPLE = frozenset({"Ann Lee", "Bob", "Farid", "Jo", "林さん", "ゆき", "まこと"})


def named(*actors: str) -> list[NamedText]:
    return [NamedText(text_of(actor, number), "en/like_video", actor) for number, actor in enumerate(actors)]


def text_of(actor: str, number: int) -> UnknownText:
    return UnknownText(
        notification_id=number,
        app="tiktok",
        package="com.zhiliaoapp.musically",
        language="en",
        channel=None,
        name=None,
        text=f"{actor} liked your video",
    )


def doubted(*actors: str) -> list[str]:
    return [one.text.removesuffix(" liked your video") for one in behind_beginnings(named(*actors), PEOPLE)]


BEGINNINGS = pytest.mark.parametrize("beginning", ["Breaking: ", "Breaking ", "✨ ", "Update - ", "【新着】"])


@BEGINNINGS
def test_what_stands_before_several_known_names_is_the_apps(beginning: str) -> None:
    actors = [f"{beginning}{name}" for name in ("Ann Lee", "Bob", "Zoé")]

    assert doubted("Bob", *actors) == actors


@BEGINNINGS
def test_what_stands_before_two_names_alone_may_be_of_a_name(beginning: str) -> None:
    """Seen to fail with a `_LEAST_NAMES` of 1."""
    assert doubted("Farid", f"{beginning}Ann Lee", f"{beginning}Bob") == []


def test_a_beginning_is_found_in_a_script_without_spaces() -> None:
    """Seen to fail without UNSPACED in `_starts`, which then looks behind spaces and signs alone."""
    actors = [f"新着{name}" for name in ("林さん", "ゆき", "まこと")]

    assert doubted("ゆき", *actors) == actors


def test_a_sign_before_many_names_needs_none_of_them_known() -> None:
    actors = [f"✨ {name}" for name in ("Una", "Zoé", "Yves", "Xenia", "Vic")]

    assert doubted("Bob", *actors) == actors
    assert doubted(*actors[:4]) == []


def test_people_who_share_a_word_are_people() -> None:
    """Seen to fail where `_is_the_apps` took five behind a word for enough: one of these is a known name."""
    assert doubted("Le Bob", "Le Figaro", "Le Parisien", "Le Point", "Le Progrès") == []


def test_a_beginning_is_of_one_wording() -> None:
    """Seen to fail with all patterns of an app in one heap."""
    some = named("Breaking: Ann Lee", "Breaking: Bob", "Breaking: Jo")
    other = structs.replace(some[2], pattern="en/follow")

    assert len(list(behind_beginnings(some, PEOPLE))) == 3
    assert list(behind_beginnings([*some[:2], other], PEOPLE)) == []


def test_a_beginning_that_others_go_on_without_is_a_name() -> None:
    some = ("✨ Una", "Zoé", "✨ Yves", "Xenia", "✨ Vic", "✨ Bob", "Jo", "✨ Ann Lee", "Ugo", "Ed")

    assert doubted(*some) == []


def read_names(**of_pattern: tuple[str, ...]) -> list[ReadName]:
    return [ReadName(pattern, actor) for pattern, actors in of_pattern.items() for actor in actors]


WHOLE = read_names(follow=("Ann Lee", "Bob", "Farid", "Jo"))


@pytest.mark.parametrize(
    "newest",
    [
        {"like": ("✨ Bob", "✨ Jo")},
        {"like": ("Update - Ann Lee", "Update - Bob", "Update - Una")},
        {"like": ("Breaking Bob", "Breaking Jo"), "reply": ("Breaking Bob", "Breaking Farid")},
    ],
    ids=["a sign", "a dash", "a word, in two wordings"],
)
def test_that_something_stands_before_names_is_told_sooner_than_it_is_proposed(
    newest: dict[str, tuple[str, ...]],
) -> None:
    seen = read_names(**newest)

    assert count_behind_beginnings(seen, WHOLE) == len(seen)


@pytest.mark.parametrize(
    "newest",
    [
        {"like": ("Le Bob", "Le Jo")},
        {"like": ("✨ Bob", "✨ Bob")},
        {"like": ("✨ Una", "✨ Zoé")},
        {"like": ("✨ Bob",), "reply": ("✨ Jo",)},
        {"like": ("✨ Bob", "Una", "✨ Jo")},
        {"like": ("✨ Bob", "✨ Jo"), "reply": ("✨ Zoé", "Una"), "share": ("✨ Farid", "Vic")},
    ],
    ids=["a word", "one person", "nobody known", "one of each wording", "not all", "other wordings too"],
)
def test_what_people_call_themselves_is_no_change(newest: dict[str, tuple[str, ...]]) -> None:
    assert count_behind_beginnings(read_names(**newest), WHOLE) == 0


def test_the_name_that_ends_the_words_stands_behind_the_same_word() -> None:
    assert name_at_end(["la carte von Ann Lee", "so good von Bob", "9 von Jo"], PEOPLE) == " von "
    assert name_at_end(["la carte la nuit – Ann Lee", "la soupe la – Bob", "miam la – Una"], PEOPLE) == " – "


def test_a_known_name_decides_before_the_shortest() -> None:
    """Seen to fail without the count of known names in `rank`, which then told " von "."""
    said = ["so good – Ann von Lee", "miam – Bo von Kim", "9 – Jo von Ho"]

    assert name_at_end(said, {"Ann von Lee", "Bo von Kim"}) == " – "
    assert name_at_end(said, frozenset()) == " von "


@pytest.mark.parametrize(
    "said",
    [
        ["la carte", "so good", "miam"],
        ["la carte von Ann Lee", "so good von Bob"],
        ["la carte von Ann Lee", "so good von Bob", "9 at noon Jo"],
        ["la carte by us", "so good by us", "miam by us"],
        ["la carte – of all the places here", "so good – that I come back again", "miam – and nobody else was there"],
    ],
    ids=["no word between", "two alone", "not in all", "one name", "long"],
)
def test_words_that_end_with_no_name_are_left_whole(said: list[str]) -> None:
    """Each seen to fail without the condition of `name_at_end` that it is named after."""
    assert name_at_end(said, PEOPLE) is None
