"""How apps are called: by what people know them as, their package beside it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from veilleur.parsers.conversation_record import MessagingApp
from veilleur.parsers.registry import MESSAGING_APPS
from veilleur.parsers.source_app import SourceApp, source_apps
from veilleur.wording.platform_names import platform_name

_APART: Final = {"com.whatsapp.w4b": "WhatsApp Business"}
"""Apps that people call otherwise than the platform that they belong to."""


def app_name(package: str) -> str:
    """Return an app's name, its package where Veilleur reads no such app."""
    return readable_apps().get(package, package)


def alarm_subject_name(subject: str) -> str:
    """Return what an alarm is about as people call it: "salle-1, WhatsApp" for an app of a device."""
    device, _, package = subject.rpartition(":")
    name = app_name(package)
    if name == package:
        return subject
    return f"{device}, {name}" if device else name


@cache
def readable_apps() -> Mapping[str, str]:
    """Return the name of each app that Veilleur reads, by package, the names in order."""
    apps: list[SourceApp | MessagingApp] = [*source_apps(), *MESSAGING_APPS]
    named = {package: platform_name(app.platform) for app in apps for package in sorted(app.packages)} | _APART
    return MappingProxyType(dict(sorted(named.items(), key=lambda one: (one[1].casefold(), one[0]))))
