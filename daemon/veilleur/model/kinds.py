"""The choices of a mention's fields (DESIGN §4)."""

from __future__ import annotations

from enum import StrEnum


class Platform(StrEnum):
    """Where the event happened; plug-ins may use further names."""

    TIKTOK = "tiktok"
    WHATSAPP = "whatsapp"
    FEED = "feed"
    OTHER = "other"
    X = "x"
    YOUTUBE = "youtube"
    XIAOHONGSHU = "xiaohongshu"
    LEMON8 = "lemon8"
    LINKEDIN = "linkedin"
    BLUESKY = "bluesky"
    REDDIT = "reddit"
    PINTEREST = "pinterest"
    GMAIL = "gmail"
    GOOGLE_MAPS = "google_maps"
    TRIPADVISOR = "tripadvisor"
    THEFORK = "thefork"
    TRUSTPILOT = "trustpilot"
    TELEGRAM = "telegram"
    MESSENGER = "messenger"
    LINE = "line"
    SIGNAL = "signal"
    DISCORD = "discord"
    SNAPCHAT = "snapchat"
    INSTAGRAM = "instagram"
    THREADS = "threads"
    FACEBOOK = "facebook"


class MentionKind(StrEnum):
    """What kind of event a mention is."""

    FOLLOW = "follow"
    FOLLOW_REQUEST = "follow_request"
    LIKE = "like"
    COMMENT = "comment"
    REPLY = "reply"
    MENTION = "mention"
    TAG = "tag"
    SHARE = "share"
    DUET = "duet"
    STITCH = "stitch"
    NEW_POST = "new_post"
    STORY = "story"
    LIVE = "live"
    PROFILE_VIEW = "profile_view"
    MILESTONE = "milestone"
    RECOMMENDATION = "recommendation"
    FRIEND_SUGGESTION = "friend_suggestion"
    DIRECT_MESSAGE = "direct_message"
    GROUP_MESSAGE = "group_message"
    MESSAGE_REQUEST = "message_request"
    REACTION = "reaction"
    MISSED_CALL = "missed_call"
    CALL = "call"
    GROUP_EVENT = "group_event"
    POLL = "poll"
    ORDER = "order"
    REVIEW = "review"
    ARTICLE = "article"
    OTHER = "other"


class Visibility(StrEnum):
    """Who could see the event: a reader without `read:private` sees public ones only."""

    PUBLIC = "public"
    PRIVATE = "private"
    GROUP = "group"


class TimeQuality(StrEnum):
    """Where `happened_at` comes from, best first."""

    OCCURRED = "occurred"
    APPROXIMATE = "approximate"
    CAPTURED = "captured"
    RECEIVED = "received"


class MediaKind(StrEnum):
    """What was sent beside or instead of words; for calls, `voice` or `video`."""

    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    AUDIO = "audio"
    GIF = "gif"
    STICKER = "sticker"
    DOCUMENT = "document"
    CONTACT = "contact"
    LOCATION = "location"
    POLL = "poll"


class Exactness(StrEnum):
    """How close an `open` link leads to the event."""

    POST = "post"
    PROFILE = "profile"
    CONVERSATION = "conversation"
    SEARCH = "search"
    NONE = "none"


class OutcomeKind(StrEnum):
    """What became of a notification that decoded."""

    PARSED = "parsed"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"


class AmendmentKind(StrEnum):
    """What a later notification says about an earlier message."""

    DELETED = "deleted"
    EDITED = "edited"


class ChangeKind(StrEnum):
    """What the change feed says happened to a mention."""

    CREATED = "created"
    CHANGED = "changed"
    ERASED = "erased"


class TextFlag(StrEnum):
    """What a reader should know of a mention's words, or of its actor's name."""

    INVISIBLE_MARKS = "invisible_marks"
    LOOK_ALIKES = "look_alikes"
    NAME_INVISIBLE_MARKS = "name_invisible_marks"
    NAME_LOOK_ALIKES = "name_look_alikes"
