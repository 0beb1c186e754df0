"""What TikTok's notification channels tell before a word is read."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from msgspec import Struct

from veilleur.model.kinds import MentionKind
from veilleur.parsers.catalogue import Meaning

_ACCOUNT_SUFFIX: Final = "_associated_"


class Channel(StrEnum):
    """The channels whose id implies a kind; a suffix tells further accounts apart."""

    LIKE = "digg_push"
    COMMENT = "comment_push"
    FOLLOW = "follow_push"
    MENTION = "mention_push"
    MESSAGE = "im_push"
    NEW_VIDEO = "follow_new_video_push"
    RECOMMENDATION = "recommend_video_push"
    LIVE = "live_push"


class ChannelReading(Struct, frozen=True):
    """The kind that a channel implies, and what words are believed to say there."""

    channel: Channel
    kind: MentionKind
    also: frozenset[MentionKind] = frozenset()
    ignored: frozenset[str] | None = None

    def accepts(self, meaning: Meaning) -> bool:
        """Whether a wording of this meaning is believed; None in `ignored` stands for every reason."""
        if meaning.ignored is not None:
            return self.ignored is None or meaning.ignored in self.ignored
        return meaning.kind is self.kind or meaning.kind in self.also


_BY_ID: Final = {str(channel): channel for channel in Channel}
_READINGS: Final = {
    reading.channel: reading
    for reading in (
        ChannelReading(Channel.LIKE, MentionKind.LIKE, frozenset({MentionKind.REACTION, MentionKind.SHARE})),
        ChannelReading(
            Channel.COMMENT,
            MentionKind.COMMENT,
            frozenset({MentionKind.REPLY, MentionKind.MENTION, MentionKind.LIKE}),
        ),
        ChannelReading(
            Channel.FOLLOW,
            MentionKind.FOLLOW,
            frozenset({MentionKind.FOLLOW_REQUEST, MentionKind.FRIEND_SUGGESTION, MentionKind.PROFILE_VIEW}),
        ),
        ChannelReading(
            Channel.MENTION,
            MentionKind.MENTION,
            frozenset(
                {MentionKind.TAG, MentionKind.DUET, MentionKind.STITCH, MentionKind.SHARE, MentionKind.REPLY},
            ),
        ),
        ChannelReading(
            Channel.MESSAGE,
            MentionKind.DIRECT_MESSAGE,
            frozenset({MentionKind.MESSAGE_REQUEST, MentionKind.REACTION, MentionKind.GROUP_EVENT}),
            frozenset({"collapsed_count", "self_echo"}),
        ),
        ChannelReading(
            Channel.NEW_VIDEO,
            MentionKind.NEW_POST,
            frozenset({MentionKind.STORY, MentionKind.SHARE, MentionKind.REPLY, MentionKind.LIVE}),
        ),
        ChannelReading(Channel.RECOMMENDATION, MentionKind.RECOMMENDATION),
        ChannelReading(Channel.LIVE, MentionKind.LIVE),
    )
}


def read_channel(channel_id: str | None) -> ChannelReading | None:
    """Return what the channel tells; None for `other_channel`, an unknown one and none at all."""
    if channel_id is None:
        return None
    base, _, _ = channel_id.partition(_ACCOUNT_SUFFIX)
    channel = _BY_ID.get(base)
    return _READINGS[channel] if channel else None
