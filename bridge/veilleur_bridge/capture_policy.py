"""The capture policy: what of all that Android shows is captured at all (contract: config.v1). Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from veilleur_bridge.captured import Captured, DropReason
from veilleur_bridge.envelope import COMPANION_PACKAGE, Notification
from veilleur_bridge.wire.config import AppRule, DeviceConfig, NoiseRule, Selection, SelectionMode

FLAG_ONGOING_EVENT: Final = 0x02
FLAG_FOREGROUND_SERVICE: Final = 0x40
MEDIA_CATEGORY: Final = "transport"
MEDIA_TEMPLATE: Final = "MediaStyle"
PROGRESS_CATEGORY: Final = "progress"


class CapturePolicy:
    """One config as decisions; before the first config the companion's canary alone is captured."""

    def __init__(self, config: DeviceConfig | None) -> None:
        self._config = config
        self._rules = {} if config is None else {rule.package: rule for rule in config.apps}
        self._noise = (config.noise if config else None) or NoiseRule()

    def reason_to_drop(self, captured: Captured) -> DropReason | None:
        """Return why the event is dropped, or None where it is captured."""
        if captured.app.package == COMPANION_PACKAGE:
            return None
        if self._config is None:
            return DropReason.NO_CONFIG
        rule = self._rules.get(captured.app.package)
        if rule is None:
            return DropReason.APP
        shown = captured.notification
        if not _admits_channel(rule.channels, shown.channel):
            return DropReason.CHANNEL
        if not _admits_chat(rule.chats, shown):
            return DropReason.CHAT
        return self._noise_of(shown)

    def without_unwanted(self, captured: Captured) -> Captured:
        """Return the event without a picture that nobody asked for."""
        rule = self._rules.get(captured.app.package)
        if captured.notification.picture is None or self._wants_pictures(rule):
            return captured
        return replace(captured, notification=replace(captured.notification, picture=None))

    def _wants_pictures(self, rule: AppRule | None) -> bool:
        if self._config is None or rule is None:
            return False
        return bool(self._config.pictures if rule.pictures is None else rule.pictures)

    def _noise_of(self, shown: Notification) -> DropReason | None:
        flags = shown.flags or 0
        if self._noise.media is not False and (
            shown.category == MEDIA_CATEGORY or (shown.template or "").endswith(MEDIA_TEMPLATE)
        ):
            return DropReason.MEDIA
        if self._noise.progress is not False and (shown.category == PROGRESS_CATEGORY or shown.progress):
            return DropReason.PROGRESS
        if self._noise.ongoing is not False and (
            shown.ongoing or flags & (FLAG_ONGOING_EVENT | FLAG_FOREGROUND_SERVICE)
        ):
            return DropReason.ONGOING
        return None


def _admits_channel(selection: Selection | None, channel: str | None) -> bool:
    if selection is None or selection.mode is SelectionMode.ALL:
        return True
    is_listed = channel is not None and channel in (selection.listed or ())
    return is_listed is (selection.mode is SelectionMode.ONLY)


def _admits_chat(selection: Selection | None, shown: Notification) -> bool:
    """Tell whether the chat is wanted; what names no chat, or several as a summary does, is not."""
    if selection is None or selection.mode is SelectionMode.ALL:
        return True
    if shown.is_group_summary or not (shown.shortcut_id or shown.conversation_title or shown.title):
        return False
    listed = [name.casefold() for name in selection.listed or ()]
    if selection.mode is SelectionMode.ONLY:
        return any(_is_chat(name, shown) for name in listed)
    return not any(_is_chat(name, shown) or _may_be_chat(name, shown) for name in listed)


def _is_chat(name: str, shown: Notification) -> bool:
    if name in {(shown.shortcut_id or "").casefold(), (shown.conversation_title or "").casefold()}:
        return True
    # without a conversation title, a group's message is titled “Group: Sender”
    title = (shown.title or "").casefold()
    return shown.conversation_title is None and (title == name or title.startswith(f"{name}: "))


def _may_be_chat(name: str, shown: Notification) -> bool:
    titles = ((shown.conversation_title or "").casefold(), (shown.title or "").casefold())
    return any(title == name or title.startswith((f"{name}:", f"{name} (")) for title in titles)
