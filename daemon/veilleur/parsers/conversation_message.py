"""What one message of a conversation is: words, a placeholder, a caption, a reaction, a deletion."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from msgspec import Struct, structs

from veilleur.model.identity import Identity
from veilleur.model.kinds import MediaKind, MentionKind
from veilleur.model.outcome import DOUBTFUL, Draft
from veilleur.model.parts import Actor, Media
from veilleur.parsers.catalogue import Evidence, Meaning, Slot, Use
from veilleur.parsers.conversation_people import is_name_of
from veilleur.parsers.conversation_record import Shown, Thread
from veilleur.parsers.plaintext import make_plain
from veilleur.parsers.wording_forms import ActorPlace
from veilleur.parsers.wordings import Accepts, Found, Wordings

PENDING: Final = "placeholder_pending"
REDACTED: Final = "redacted"
SELF_ECHO: Final = "self_echo"
WORDED_PATTERN: Final = "message"
_BODY: Final = f"{{{Slot.BODY}}}"
_CONFIDENCE: Final = {Evidence.OWN_RESOURCES: 1.0, Evidence.SEEN: 1.0, Evidence.INFERRED: 0.9}
_ABOUT_MESSAGES: Final = frozenset(
    {
        MentionKind.REACTION,
        MentionKind.MENTION,
        MentionKind.TAG,
        MentionKind.REPLY,
        MentionKind.MESSAGE_REQUEST,
        MentionKind.POLL,
        MentionKind.ORDER,
        MentionKind.FRIEND_SUGGESTION,
    }
)
_WHOLE_MESSAGES: Final = frozenset({MentionKind.DIRECT_MESSAGE, MentionKind.GROUP_MESSAGE})
_INSTEAD_OF_WORDS: Final = frozenset({PENDING, REDACTED})
_MEDIA_OF_TYPE: Final = {
    "image/gif": MediaKind.GIF,
    "image/webp": MediaKind.STICKER,
    "image": MediaKind.PHOTO,
    "video": MediaKind.VIDEO,
    "audio/ogg": MediaKind.VOICE,
    "audio": MediaKind.AUDIO,
    "application": MediaKind.DOCUMENT,
    "text/x-vcard": MediaKind.CONTACT,
    "text/vcard": MediaKind.CONTACT,
}


class Content(Struct, frozen=True, kw_only=True):
    """What a message says; `kind` None is an ordinary message, `dropped` a reason to make no mention of it.

    `actor` is whom the words themselves name, where they are a wording of the app; `is_doubtful` where they nearly are
    one.
    """

    kind: MentionKind | None = None
    actor: str | None = None
    body: str | None = None
    target: str | None = None
    media: Media | None = None
    count: int | None = None
    pattern: str = WORDED_PATTERN
    certainty: float = 1.0
    is_deletion: bool = False
    dropped: str | None = None
    is_doubtful: bool = False


# A thread is posted again with each new message: the same words come by many times in a row.
_REMEMBERED_MESSAGES: Final = 4_096


def accept_in_message(meaning: Meaning) -> bool:
    """Whether a message of a thread may be this: nothing that a person could have written about the app."""
    return (
        meaning.use is Use.MESSAGE
        or meaning.amends is not None
        or meaning.kind in _ABOUT_MESSAGES
        or meaning.ignored in _INSTEAD_OF_WORDS
    )


def accept_in_notice(meaning: Meaning) -> bool:
    """Whether what the app itself says under nobody's name, in a conversation, may be this."""
    return meaning.kind not in _WHOLE_MESSAGES and meaning.use is not Use.TITLE


def read_content(text: str | None, mime: str | None, sender: str | None, shown: Shown) -> Content:
    """Read the words of one message; placeholders give the media and no body.

    What names another than its sender is no wording: "Bob sent a photo" under Ann's name is what Ann wrote.
    """
    accepts = accept_in_message if sender else accept_in_notice
    content = _read_words(text, mime, shown.wordings, shown.envelope.locale, accepts)
    if content.actor is None or not sender or content.is_deletion or is_name_of(content.actor, sender):
        return content
    return _own_words(text, mime)


# Beside the cache: what was said is asked about by its words alone, whoever said it.
@lru_cache(_REMEMBERED_MESSAGES)
def _read_words(
    text: str | None, mime: str | None, wordings: Wordings, locale: str | None, accepts: Accepts
) -> Content:
    if not text or text.isspace():
        media = media_of_type(mime)
        return Content(media=media, dropped=None if media else "no_words")
    plain = make_plain(text)
    found = wordings.find(plain, locale, accepts, ActorPlace.IN_TEXT)
    content = content_of(found, text, media_of_type(mime)) if found else _own_words(text, mime)
    if (found is None or _is_caption(found)) and wordings.is_nearly_known(plain, accept_in_message):
        return structs.replace(content, certainty=DOUBTFUL, is_doubtful=True)
    return content


def _is_caption(found: Found) -> bool:
    """Whether a picture alone is the app's, and all the rest somebody's words."""
    return found.body is not None and not any(map(str.isalpha, found.entry.pattern.replace(_BODY, "")))


def _own_words(text: str | None, mime: str | None) -> Content:
    return Content(body=(text or "").strip() or None, media=media_of_type(mime))


def content_of(found: Found, text: str | None, media: Media | None = None) -> Content:
    """Return what a known wording says as a message; of kind `other` it is the body: nothing else tells what came."""
    entry = found.entry
    is_other = entry.meaning.kind is MentionKind.OTHER
    return Content(
        kind=entry.meaning.kind,
        actor=found.actor,
        body=found.body or ((text or "").strip() or None if is_other else None),
        target=found.target,
        media=Media(entry.media, found.duration_s) if entry.media else media,
        count=None if is_other else found.count,
        pattern=found.pattern,
        certainty=_CONFIDENCE[entry.evidence],
        is_deletion=entry.meaning.amends is not None,
        dropped=entry.meaning.ignored,
    )


def message_draft(  # noqa: PLR0913 - what a message is, said by name
    shown: Shown,
    thread: Thread,
    content: Content,
    *,
    identity: Identity,
    actor: Actor | None,
    certainty: float,
    kind: MentionKind | None = None,
    at_ms: int | None = None,
) -> Draft:
    """Return the mention that a message makes; `kind` is what its record tells where its words do not."""
    return Draft(
        kind=content.kind or kind or thread.kind,
        visibility=thread.visibility,
        identity=identity,
        pattern=content.pattern,
        confidence=certainty,
        actor=actor,
        conversation=thread.conversation,
        target=content.target,
        body=content.body,
        media=content.media,
        count=content.count,
        occurred_at_ms=at_ms,
        open=shown.app.link_to(actor, shown.record),
    )


def media_of_type(mime: str | None) -> Media | None:
    """Return the media of a MIME type, None for one that says nothing."""
    if not mime:
        return None
    kind = _MEDIA_OF_TYPE.get(mime.partition(";")[0]) or _MEDIA_OF_TYPE.get(mime.partition("/")[0])
    return Media(kind) if kind else None
