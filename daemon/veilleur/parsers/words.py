"""What stands inside the words of a mention: hashtags, handles, links, emoji, hidden marks. Nothing is fetched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from veilleur.model.kinds import TextFlag
from veilleur.parsers.look_alikes import hides_marks, passes_for_another

_JOINERS: Final = "\u200c\u200d"
_HASHTAG_SIGNS: Final = re.compile("[#＃]")
_HANDLE_SIGNS: Final = re.compile("[@＠]")
_SIGNED: Final = re.compile(r"[#＃@＠][^\s#＃@＠]+")
_LINK: Final = re.compile(r"(?:https?://|www\.)[^\s<>\"«»]+", re.IGNORECASE)
_AFTER_LINK: Final = ".,;:!?…'’”*_~"
_BRACKETS: Final = {")": "(", "]": "[", "}": "{"}
_LONGEST_WORD: Final = 256
_LONGEST_TEXT: Final = 16_384
# The characters of Unicode's emoji-data.txt with the property Emoji, letters of flags and keycaps apart.
_PICTURE: Final = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa\u24c2"
    "\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u2604\u260e\u2611\u2614\u2615\u2618\u261d\u2620\u2622\u2623\u2626\u262a"
    "\u262e\u262f\u2638-\u263a\u2640\u2642\u2648-\u2653\u265f\u2660\u2663\u2665\u2666\u2668\u267b\u267e\u267f\u2692-\u2697"
    "\u2699\u269b\u269c\u26a0\u26a1\u26a7\u26aa\u26ab\u26b0\u26b1\u26bd\u26be\u26c4\u26c5\u26c8\u26ce\u26cf\u26d1\u26d3"
    "\u26d4\u26e9\u26ea\u26f0-\u26f5\u26f7-\u26fa\u26fd\u2702\u2705\u2708-\u270d\u270f\u2712\u2714\u2716\u271d\u2721\u2728"
    "\u2733\u2734\u2744\u2747\u274c\u274e\u2753-\u2755\u2757\u2763\u2764\u2795-\u2797\u27a1\u27b0\u27bf\u2934\u2935"
    "\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299\U0001f004\U0001f0cf\U0001f170-\U0001f19a"
    "\U0001f201-\U0001f265\U0001f300-\U0001f64f\U0001f680-\U0001f6ff\U0001f7e0-\U0001f7eb\U0001f7f0\U0001f900-\U0001faff"
)
_FLAG_LETTER: Final = "\U0001f1e6-\U0001f1ff"
_ONE_PICTURE: Final = f"[{_PICTURE}](?:[\U0001f3fb-\U0001f3ff\ufe0f\U000e0020-\U000e007f])*"
EMOJI: Final = re.compile(
    # UTS #51 ED-17: each alternative begins with other characters, so nothing is tried twice.
    f"[{_FLAG_LETTER}]{{2}}|[0-9#*]\ufe0f?\u20e3|{_ONE_PICTURE}(?:\u200d{_ONE_PICTURE})*",
)
_PICTURED: Final = re.compile(f"[{_PICTURE}{_FLAG_LETTER}\u20e3]")
# Shown as letters unless U+FE0F asks for the picture.
_USUALLY_LETTERS: Final = frozenset("©®™ℹ‼⁉↔↕↖↗↘↙〰〽")


class Extracts(Struct, frozen=True):
    """What was found, each once, in the order of the text; hashtags without #, handles without @."""

    hashtags: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    emojis: tuple[str, ...] = ()
    flags: tuple[TextFlag, ...] = ()


_NOTHING: Final = Extracts()


def extract(body: str | None, target: str | None) -> Extracts:
    """Return what the words of a mention hold; hashtags are NFKC and case-folded, handles in lower case.

    Only the first 16,384 characters are read.
    """
    text = f"{body} {target}" if body and target else body or target
    if not text:
        return _NOTHING
    text = text[:_LONGEST_TEXT]
    is_pictured = not text.isascii() and _PICTURED.search(text) is not None
    has_sign = _has_sign(text)
    flags = () if text.isascii() else tuple(_flags(text))
    if not (is_pictured or has_sign or flags):
        return _NOTHING
    words = _LINK.sub(" ", text) if has_sign else text
    return Extracts(
        hashtags=_each_once(_hashtags(words)) if has_sign else (),
        handles=_each_once(_handles(words)) if has_sign else (),
        links=_each_once(_links(text)) if has_sign else (),
        emojis=_each_once(_emojis(words)) if is_pictured else (),
        flags=flags,
    )


def without_signs(text: str) -> str:
    """Return the words alone: a space for each link, hashtag, handle and emoji."""
    if _has_sign(text):
        text = _SIGNED.sub(" ", _LINK.sub(" ", text))
    return text if text.isascii() else EMOJI.sub(" ", text)


def _has_sign(text: str) -> bool:
    """Whether a link, hashtag or handle may begin in the text; written out, for every text is asked twice."""
    return "#" in text or "@" in text or "://" in text or "www." in text or "＃" in text or "＠" in text


def _flags(text: str) -> Iterator[TextFlag]:
    if hides_marks(text):
        yield TextFlag.INVISIBLE_MARKS
    if passes_for_another(text):
        yield TextFlag.LOOK_ALIKES


def _each_once(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


def _hashtags(text: str) -> Iterator[str]:
    """Yield tags of Unicode's letters, marks, digits and `_`; digits alone are a number (#1)."""
    for tag in _words_after(_HASHTAG_SIGNS, text, "_" + _JOINERS):
        name = unicodedata.normalize("NFKC", tag.strip(_JOINERS)).casefold()
        if any(character.isalpha() for character in name):
            yield unicodedata.normalize("NFKC", name)


def _handles(text: str) -> Iterator[str]:
    for handle in _words_after(_HANDLE_SIGNS, text, "_."):
        name = unicodedata.normalize("NFKC", handle).strip(".").lower()
        if name:
            yield name


def _words_after(signs: re.Pattern[str], text: str, inner: str) -> Iterator[str]:
    """Yield the word after each sign that begins one, or that follows such a word at once (#a#b)."""
    last_end = -1
    for sign in signs.finditer(text):
        start, end = sign.span()
        if start and start != last_end and _is_in_word(text[start - 1], "_&"):
            continue
        last_end = _end_of_word(text, end, inner)
        if last_end > end:
            yield text[end:last_end]


def _end_of_word(text: str, start: int, inner: str) -> int:
    limit = min(len(text), start + _LONGEST_WORD)
    end = start
    while end < limit and _is_in_word(text[end], inner):
        end += 1
    return end


def _is_in_word(character: str, inner: str) -> bool:
    # Marks are vowels in Hindi or Thai, and Python's isalnum leaves them out.
    return character.isalnum() or character in inner or unicodedata.category(character)[0] == "M"


def _links(text: str) -> Iterator[str]:
    for match in _LINK.finditer(text):
        link = _without_trailing_punctuation(match[0])
        if not link.lower().endswith(("://", "www")):
            yield link


def _without_trailing_punctuation(link: str) -> str:
    end = len(link)
    surplus = {closing: link.count(closing) - link.count(opening) for closing, opening in _BRACKETS.items()}
    while end:
        last = link[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in _AFTER_LINK:
            break
        end -= 1
    return link[:end]


def _emojis(text: str) -> Iterator[str]:
    return (emoji for emoji in EMOJI.findall(text) if emoji not in _USUALLY_LETTERS)
