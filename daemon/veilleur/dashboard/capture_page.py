"""What a device captures: chosen here app by app and chat by chat, and whether the tablet goes by it yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Path, Response
from msgspec import Struct
from starlette.responses import RedirectResponse

from veilleur.dashboard.capture_forms import NothingChosen, app_rule, chosen_config, ticked_choices
from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.devices_page import DeviceKey
from veilleur.dashboard.forms import Fields, MemberForm
from veilleur.dashboard.page_route import NothingHere, PageRoute
from veilleur.dashboard.visits import Member, NotAllowed, SignedInMember
from veilleur.model.device_config import first_config, rule_of, with_app, with_rule, without_app
from veilleur.model.device_health import ConfigStanding, DeviceHealth
from veilleur.model.errors import ConfigError
from veilleur.model.scope import TokenScope
from veilleur.parsers.app_names import readable_apps
from veilleur.parsers.source_app import is_package
from veilleur.store.captured_places import MOST_PLACES, captured_places
from veilleur.store.device_configs import config_before, newest_config, save_config
from veilleur.store.device_health import read_device_health
from veilleur.store.watching import watched_devices
from veilleur_bridge.wire.config import AppRule, DeviceConfig, Selection
from veilleur_bridge.wire.members import MAX_PACKAGE_LENGTH
from veilleur_bridge.wire.status import WatchedApp

_PATH: Final = "/devices/{name}/capture"

PackageKey = Annotated[str, Path(pattern="^[A-Za-z0-9_.-]+$", max_length=MAX_PACKAGE_LENGTH)]


class InForce(StrEnum):
    """Whether a device goes by what is asked of it."""

    NOTHING_ASKED = "nothing_asked"
    UNKNOWN = "unknown"
    WAITING = "waiting"
    REFUSED = "refused"
    IN_FORCE = "in_force"


class Choosable(Struct, frozen=True):
    """Channels or chats that can be ticked, those of them that are, and what is written beside them."""

    offered: tuple[str, ...]
    ticked: frozenset[str]
    written: str


def capture_router() -> APIRouter:
    """Return the routes of what a device captures."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    one = _PATH + "/{package}"
    router.add_api_route(_PATH, show_capture, methods=["GET", "HEAD"])
    router.add_api_route(_PATH, capture_app, methods=["POST"])
    router.add_api_route(_PATH + "/standing", show_standing, methods=["GET"])
    router.add_api_route(_PATH + "/choices", choose, methods=["POST"])
    router.add_api_route(_PATH + "/undo", undo, methods=["POST"])
    router.add_api_route(one, show_app, methods=["GET", "HEAD"])
    router.add_api_route(one, change_app, methods=["POST"])
    router.add_api_route(one + "/removal", remove_app, methods=["POST"])
    return router


def show_capture(pages: Pages, member: SignedInMember, name: DeviceKey) -> Response:
    """Answer with the apps that a device captures, those it could, and what holds for all of them."""
    return _capture(pages, member, _health(pages, member, name))


def show_standing(pages: Pages, member: SignedInMember, name: DeviceKey) -> Response:
    """Answer with whether the tablet goes by it now, for the page to show instead of what it shows."""
    health = _health(pages, member, name)
    return pages.show("parts/capture_standing.html", member.visitor, health=health, standing=_standing(health.config))


def capture_app(pages: Pages, member: SignedInMember, name: DeviceKey, fields: MemberForm) -> Response:
    """Capture one more app, all of it, and lead to the page that narrows it."""
    package = fields.get("package", "").strip()
    if not is_package(package):
        member.require(TokenScope.ADMIN)
        return _capture(pages, member, _health(pages, member, name), is_misnamed=True)
    return _ask(pages, member, name, fields, lambda config: with_app(config, AppRule(package=package)), package)


def choose(pages: Pages, member: SignedInMember, name: DeviceKey, fields: MemberForm) -> Response:
    """Ask for what holds for all apps as the form says."""
    return _ask(pages, member, name, fields, lambda config: chosen_config(config, fields))


def undo(pages: Pages, member: SignedInMember, name: DeviceKey, fields: MemberForm) -> Response:
    """Ask again for what was asked before."""
    before = config_before(pages.database, member.person.scope, name)
    if before is None:
        raise NothingHere
    return _ask(pages, member, name, fields, lambda _config: before.config)


def show_app(pages: Pages, member: SignedInMember, name: DeviceKey, package: PackageKey) -> Response:
    """Answer with the channels and chats of an app, as they are chosen."""
    return _app(pages, member, name, package)


def change_app(
    pages: Pages, member: SignedInMember, name: DeviceKey, package: PackageKey, fields: MemberForm
) -> Response:
    """Ask for an app as the form says."""
    try:
        return _ask(
            pages,
            member,
            name,
            fields,
            lambda config: with_rule(config, app_rule(package, fields, config.auto_clear)),
        )
    except NothingChosen:
        return _app(pages, member, name, package, is_nothing_chosen=True)


def remove_app(
    pages: Pages, member: SignedInMember, name: DeviceKey, package: PackageKey, fields: MemberForm
) -> Response:
    """Capture an app no longer; the page that follows has the button that takes it back."""
    return _ask(pages, member, name, fields, lambda config: without_app(config, package))


def _ask(  # noqa: PLR0913, PLR0917 - what is asked, of what, by whom, and where that leads
    pages: PageContext,
    member: Member,
    name: str,
    fields: Fields,
    change: Callable[[DeviceConfig], DeviceConfig],
    then: str | None = None,
) -> Response:
    member.require(TokenScope.ADMIN)
    health = _health(pages, member, name)
    revision = fields.get("revision", "")
    made_from = int(revision) if revision.isdecimal() else 0
    try:
        asked = replace(change(_asked(pages, member, health)), revision=made_from)
        save_config(pages.database, member.person.scope, name, asked, now=pages.clock())
    except ConfigError as error:
        return _capture(pages, member, health, refusal=error)
    place = f"/devices/{name}/capture"
    return RedirectResponse(f"{place}/{quote(then, safe='')}" if then else place, HTTPStatus.SEE_OTHER)


def _health(pages: PageContext, member: Member, name: str) -> DeviceHealth:
    """Return how a device is, for those who may read what is asked of it: that names people's chats."""
    if not member.person.is_admin and TokenScope.READ_PRIVATE not in member.person.scopes:
        raise NotAllowed(TokenScope.READ_PRIVATE)
    health = read_device_health(pages.database, member.person.scope, name)
    if health is None:
        raise NothingHere
    return health


def _asked(pages: PageContext, member: Member, health: DeviceHealth) -> DeviceConfig:
    newest = newest_config(pages.database, member.person.scope, health.device.name)
    return replace(first_config(health.source), revision=0) if newest is None else newest.config


def _standing(config: ConfigStanding) -> InForce:
    if config.asked_revision is None:
        return InForce.NOTHING_ASKED
    if config.error is not None:
        return InForce.REFUSED
    if config.in_force_revision is None:
        return InForce.UNKNOWN
    return InForce.IN_FORCE if config.in_force_revision >= config.asked_revision else InForce.WAITING


def _watched_apps(pages: PageContext, member: Member, name: str) -> dict[str, WatchedApp]:
    """Return what the tablet's last status says of each app."""
    devices = (one for one in watched_devices(pages.database) if one.project == member.person.project)
    state = next((one.state for one in devices if one.name == name), None)
    apps = () if state is None else state.status.watched_apps or ()
    return {app.package: app for app in apps}


def _capture(
    pages: PageContext,
    member: Member,
    health: DeviceHealth,
    *,
    refusal: ConfigError | None = None,
    is_misnamed: bool = False,
) -> Response:
    config = _asked(pages, member, health)
    captured = {rule.package for rule in config.apps}
    is_refused = is_misnamed or refusal is not None
    return pages.show(
        "capture.html",
        member.visitor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK,
        health=health,
        standing=_standing(health.config),
        config=config,
        watched=_watched_apps(pages, member, health.device.name),
        others={package: name for package, name in readable_apps().items() if package not in captured},
        ticked=ticked_choices(config),
        has_before=config_before(pages.database, member.person.scope, health.device.name) is not None,
        refusal=refusal,
        is_misnamed=is_misnamed,
    )


def _app(pages: PageContext, member: Member, name: str, package: str, *, is_nothing_chosen: bool = False) -> Response:
    health = _health(pages, member, name)
    config = _asked(pages, member, health)
    rule = rule_of(config, package)
    if rule is None:
        raise NothingHere
    places = captured_places(pages.database, member.person.scope, name, package)
    return pages.show(
        "captured_app.html",
        member.visitor,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if is_nothing_chosen else HTTPStatus.OK,
        health=health,
        standing=_standing(health.config),
        config=config,
        rule=rule,
        channels=_choosable(rule.channels, places.channels),
        chats=_choosable(rule.chats, places.chats),
        cleared_channels=_cleared_channels(rule, places.channels),
        watched=_watched_apps(pages, member, name).get(package),
        is_nothing_chosen=is_nothing_chosen,
    )


def _cleared_channels(rule: AppRule, seen: tuple[str, ...]) -> tuple[str, ...]:
    """Return the channels whose clearing can be chosen: those where it is, those listed, and those seen."""
    apart = (rule.auto_clear.channels if rule.auto_clear else None) or {}
    listed = (rule.channels.listed if rule.channels else None) or ()
    return tuple(dict.fromkeys((*sorted(apart), *(*listed, *seen)[:MOST_PLACES])))


def _choosable(selection: Selection | None, seen: tuple[str, ...]) -> Choosable:
    listed = () if selection is None else selection.listed or ()
    offered = tuple(dict.fromkeys((*listed, *seen)))[:MOST_PLACES]
    beside = (name for name in listed if name not in offered)
    return Choosable(offered, frozenset(listed) & frozenset(offered), "\n".join(beside))
