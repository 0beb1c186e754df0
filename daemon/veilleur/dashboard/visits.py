"""Tells who asks for a page from the cookies of a request: session, language, time zone, and light or dark."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from hmac import new as hmac_of
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import Depends, Request, Response

from veilleur.dashboard.context import Pages
from veilleur.dashboard.visitor import Theme, Visitor
from veilleur.model.people import SignedIn
from veilleur.model.scope import TokenScope
from veilleur.store.web_sessions import SESSION_HOLDS, read_session
from veilleur.wording.languages import preferred_language

SESSION_COOKIE: Final = "veilleur_session"
ZONE_COOKIE: Final = "veilleur_zone"
LANGUAGE_COOKIE: Final = "veilleur_language"
THEME_COOKIE: Final = "veilleur_theme"
_UTC: Final = "UTC"
_A_YEAR_S: Final = 365 * 24 * 3600


class SignInNeeded(Exception):
    """Nobody is signed in."""


class NotAllowed(Exception):
    """Whoever is signed in may not do this; the message is the scope that is missing."""


class ServerRoleNeeded(Exception):
    """What was asked for is of the whole server, and whoever is signed in does not run it."""


@dataclass(frozen=True, slots=True)
class Member:
    """A visitor who is signed in."""

    visitor: Visitor
    person: SignedIn

    def require(self, scope: TokenScope) -> None:
        """Raise NotAllowed where they may not."""
        if scope not in self.person.scopes:
            raise NotAllowed(scope)

    def require_server(self) -> None:
        """Raise ServerRoleNeeded where what all projects share is not theirs to change."""
        if not self.person.runs_server:
            raise ServerRoleNeeded


def visitor_of(request: Request, pages: Pages) -> Visitor:
    """Return who asks."""
    visitor = stranger(request)
    cookie = request.cookies.get(SESSION_COOKIE)
    signed_in = None if cookie is None else read_session(pages.database, cookie, now=pages.clock())
    if cookie is None or signed_in is None:
        return visitor
    return replace(visitor, signed_in=signed_in, csrf=_csrf(cookie, signed_in.project))


def stranger(request: Request) -> Visitor:
    """Return a visitor of whom nothing is known but how they wish to see pages."""
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    theme = request.cookies.get(THEME_COOKIE)
    return Visitor(
        language=preferred_language(request.headers.get("Accept-Language", ""), asked),
        zone=zone_named(request.cookies.get(ZONE_COOKIE)),
        theme=Theme(theme) if theme in set(Theme) else Theme.SYSTEM,
        signed_in=None,
        csrf=None,
        path=request.url.path,
    )


def zone_named(name: str | None) -> ZoneInfo:
    """Return a time zone by its IANA name, UTC for what is none."""
    try:
        return ZoneInfo(name or _UTC)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(_UTC)


def keep_cookie(request: Request, response: Response, name: str, value: str) -> None:
    """Have the browser keep a value: for this site alone, out of reach of scripts, over TLS where we are asked so."""
    age = int(SESSION_HOLDS.total_seconds()) if name == SESSION_COOKIE else _A_YEAR_S
    is_secure = request.url.scheme == "https"
    response.set_cookie(name, value, max_age=age, httponly=True, samesite="lax", secure=is_secure)


def _csrf(cookie: str, project: str) -> str:
    """Return what forms hold: a page that still shows another project is not sent into this one."""
    return hmac_of(cookie.encode("utf-8", "surrogatepass"), f"veilleur form {project}".encode(), sha256).hexdigest()


def _member(visitor: Annotated[Visitor, Depends(visitor_of)]) -> Member:
    if visitor.signed_in is None:
        raise SignInNeeded
    member = Member(visitor, visitor.signed_in)
    member.require(TokenScope.READ_MENTIONS)
    return member


AnyVisitor = Annotated[Visitor, Depends(visitor_of)]
SignedInMember = Annotated[Member, Depends(_member)]
