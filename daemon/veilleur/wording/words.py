"""How people are told what the records name by a word: kinds, causes, states."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from veilleur.model.alarms import AlarmCode
from veilleur.model.alert import AlertTrigger, Digest
from veilleur.model.coverage import CoverageCause
from veilleur.model.delivery import AttemptOutcome, DeliveryState, Severity
from veilleur.model.kinds import Exactness, MediaKind, MentionKind, OutcomeKind, TextFlag, TimeQuality, Visibility
from veilleur.model.people import Role
from veilleur.model.qualification import Tone
from veilleur.model.spoken import N_

_KINDS: Final[Mapping[StrEnum, str]] = {
    MentionKind.FOLLOW: N_("new follower"),
    MentionKind.FOLLOW_REQUEST: N_("follow request"),
    MentionKind.LIKE: N_("like"),
    MentionKind.COMMENT: N_("comment"),
    MentionKind.REPLY: N_("reply"),
    MentionKind.MENTION: N_("mention (@)"),
    MentionKind.TAG: N_("tag"),
    MentionKind.SHARE: N_("share"),
    MentionKind.DUET: N_("duet"),
    MentionKind.STITCH: N_("stitch"),
    MentionKind.NEW_POST: N_("new post"),
    MentionKind.STORY: N_("story"),
    MentionKind.LIVE: N_("live video"),
    MentionKind.PROFILE_VIEW: N_("profile view"),
    MentionKind.MILESTONE: N_("milestone"),
    MentionKind.RECOMMENDATION: N_("recommendation"),
    MentionKind.FRIEND_SUGGESTION: N_("friend suggestion"),
    MentionKind.DIRECT_MESSAGE: N_("message"),
    MentionKind.GROUP_MESSAGE: N_("group message"),
    MentionKind.MESSAGE_REQUEST: N_("message request"),
    MentionKind.REACTION: N_("reaction"),
    MentionKind.MISSED_CALL: N_("missed call"),
    MentionKind.CALL: N_("call"),
    MentionKind.GROUP_EVENT: N_("group event"),
    MentionKind.POLL: N_("poll"),
    MentionKind.ORDER: N_("order"),
    MentionKind.REVIEW: N_("review"),
    MentionKind.ARTICLE: N_("article"),
    MentionKind.OTHER: N_("other"),
}
_ABOUT_MENTIONS: Final[Mapping[StrEnum, str]] = {
    Visibility.PUBLIC: N_("public"),
    Visibility.PRIVATE: N_("private"),
    Visibility.GROUP: N_("group"),
    MediaKind.PHOTO: N_("photo"),
    MediaKind.VIDEO: N_("video"),
    MediaKind.VOICE: N_("voice message"),
    MediaKind.AUDIO: N_("audio"),
    MediaKind.GIF: N_("GIF"),
    MediaKind.STICKER: N_("sticker"),
    MediaKind.DOCUMENT: N_("document"),
    MediaKind.CONTACT: N_("contact"),
    MediaKind.LOCATION: N_("location"),
    TimeQuality.OCCURRED: N_("the time that the app gives the message"),
    TimeQuality.APPROXIMATE: N_("about then: the app says only how long ago"),
    TimeQuality.CAPTURED: N_("when the device saw the notification"),
    TimeQuality.RECEIVED: N_("when it arrived here: the device's clock cannot be trusted"),
    Exactness.POST: N_("Open the post"),
    Exactness.PROFILE: N_("Open the profile: the notification does not say which post"),
    Exactness.CONVERSATION: N_("Open the conversation"),
    Exactness.SEARCH: N_("Search for it in the app: the notification holds no link"),
    TextFlag.INVISIBLE_MARKS: N_("the words hold invisible characters"),
    TextFlag.LOOK_ALIKES: N_("the words mix look-alike letters of several scripts"),
    TextFlag.NAME_INVISIBLE_MARKS: N_("the name holds invisible characters"),
    TextFlag.NAME_LOOK_ALIKES: N_("the name mixes look-alike letters: it may imitate another account"),
    OutcomeKind.PARSED: N_("read"),
    OutcomeKind.IGNORED: N_("understood, no mention"),
    OutcomeKind.QUARANTINED: N_("not understood"),
}
_ABOUT_COVERAGE: Final[Mapping[StrEnum, str]] = {
    CoverageCause.OFFLINE: N_("the device was offline"),
    CoverageCause.LISTENER_DEAD: N_("Android had stopped the listener"),
    CoverageCause.SATURATED: N_("Android showed no more notifications of this app"),
    CoverageCause.REDACTED: N_("Android hid the content"),
    CoverageCause.COLLAPSED: N_("several messages came as one line"),
    CoverageCause.GAP: N_("notifications that never arrived"),
    CoverageCause.QUARANTINED: N_("notifications that nobody understood"),
    CoverageCause.DROPPED: N_("left out on purpose"),
}
_ABOUT_ALARMS: Final[Mapping[StrEnum, str]] = {
    AlarmCode.DEVICE_SILENT: N_("A device is silent"),
    AlarmCode.LISTENER_DEAD: N_("Android stopped the listener of a device"),
    AlarmCode.SATURATED: N_("A device shows too many notifications of one app"),
    AlarmCode.GAP: N_("Notifications are missing"),
    AlarmCode.LOST: N_("A device lost notifications"),
    AlarmCode.SEQ_CONFLICT: N_("Two notifications claim one place"),
    AlarmCode.NOT_KEPT: N_("The database refused something"),
    AlarmCode.NO_RECEIPT_PROGRESS: N_("A device sends, and nothing is stored"),
    AlarmCode.QUARANTINE_BURST: N_("Many notifications are not understood"),
    AlarmCode.PARSER_DRIFT: N_("An app changed its wording"),
    AlarmCode.REFUSED_PAYLOADS: N_("A device sends what cannot be read"),
    AlarmCode.CONFIG_REFUSED: N_("A device refused its configuration"),
    AlarmCode.DEVICE_PROBLEM: N_("A device reports a problem"),
    AlarmCode.APP_UNOPENED: N_("An app was not opened for long"),
    AlarmCode.WRONG_DEVICE: N_("A device sent in another one's name"),
    AlarmCode.CLIENT_ID_TAKEN: N_("Somebody connects under the daemon's name"),
    AlarmCode.FLOOD: N_("A device floods"),
    AlarmCode.FOREIGN_RECEIPTS: N_("Somebody else sends receipts"),
    AlarmCode.STORE_WENT_BACK: N_("The database is older than it was"),
    AlarmCode.BROKER_LIMITS: N_("The broker may lose messages"),
    AlarmCode.BROKER_DOWN: N_("The broker does not run"),
    AlarmCode.CERTIFICATE_EXPIRES: N_("The broker's certificate expires soon"),
    AlarmCode.INGEST_STALLED: N_("Nothing is read any more"),
    AlarmCode.WATCHMAN_STALLED: N_("Nobody looks after the devices"),
    AlarmCode.PARSER_SUSPENDED: N_("A parser was suspended"),
    AlarmCode.APP_SILENT: N_("An app has gone silent"),
    AlarmCode.RECEIVER_FAILING: N_("Messages to a receiver fail"),
    AlarmCode.DELIVERY_GIVEN_UP: N_("Messages could not be sent and were given up"),
    AlarmCode.NO_RECEIVER: N_("Alert rules tell nobody: there is no receiver"),
}
_ABOUT_PEOPLE: Final[Mapping[StrEnum, str]] = {
    Severity.INFO: N_("for information"),
    Severity.WARNING: N_("warning"),
    Severity.URGENT: N_("urgent"),
    Role.VIEWER: N_("viewer"),
    Role.ANALYST: N_("analyst"),
    Role.ADMIN: N_("administrator"),
    Tone.POSITIVE: N_("positive"),
    Tone.NEGATIVE: N_("negative"),
    Tone.NEUTRAL: N_("neutral"),
    Tone.MIXED: N_("mixed"),
}
_ABOUT_ALERTS: Final[Mapping[StrEnum, str]] = {
    AlertTrigger.EVERY: N_("at each mention"),
    AlertTrigger.COUNT: N_("when there are so many within the time"),
    AlertTrigger.SILENCE: N_("when there is none for the time"),
    AlertTrigger.NEW_ACTOR: N_("when an account shows for the first time"),
    AlertTrigger.NEGATIVE: N_("at each negative mention"),
    AlertTrigger.SPILLWAY: N_("when a complaint waits too long for an answer"),
    AlertTrigger.BURST: N_("at a burst"),
    AlertTrigger.APP_SILENT: N_("when an app goes silent"),
    AlertTrigger.DEVICE_OFFLINE: N_("when a device is offline"),
    AlertTrigger.PARSER_DRIFT: N_("when an app changed its wording"),
    Digest.NONE: N_("at once, one by one"),
    Digest.HOURLY: N_("together, each full hour"),
    Digest.DAILY: N_("together, once a day"),
    DeliveryState.QUEUED: N_("is being sent"),
    DeliveryState.SENT: N_("has arrived"),
    DeliveryState.GIVEN_UP: N_("was given up"),
    AttemptOutcome.DELIVERED: N_("it has arrived"),
    AttemptOutcome.REFUSED: N_("the receiver refused it"),
    AttemptOutcome.UNREACHED: N_("the receiver was not reached"),
    AttemptOutcome.UNKNOWN: N_("nobody knows whether it arrived"),
}
_TABLES: Final = (_KINDS, _ABOUT_MENTIONS, _ABOUT_COVERAGE, _ABOUT_ALARMS, _ABOUT_PEOPLE, _ABOUT_ALERTS)
# Members of different enums that spell alike are equal: one table holds none such, and their class tells them apart.
_WORDINGS: Final = {(type(word), word): text for table in _TABLES for word, text in table.items()}


def worded(word: StrEnum) -> str:
    """Return how a person is told this in English; the catalogue has the other languages."""
    return _WORDINGS.get((type(word), word), word.value.replace("_", " "))
