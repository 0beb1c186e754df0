"""What a person sends with a form: read here, and refused where another site's page sent it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request

from veilleur.dashboard.visits import AnyVisitor, SignedInMember

_LONGEST_FORM_BYTES: Final = 64 * 1024
_MOST_FIELDS: Final = 200
_FROM_US: Final = frozenset({"same-origin", "none"})
CSRF_FIELD: Final = "csrf"
_CSRF_HEADER: Final = "X-Veilleur-Form"


class ForeignForm(Exception):
    """A form that none of our pages sent, or one that is too long."""


Fields = Mapping[str, str]


async def own_body(request: Request, most_bytes: int) -> bytes:
    """Return what a form of ours sent; raises ForeignForm for one of another site's page, and for a longer one."""
    if not _is_own(request):
        raise ForeignForm
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            raise ForeignForm
    return body


async def _own_form(request: Request) -> Fields:
    """Return the fields of a form; raises ForeignForm for one that another site's page sent."""
    body = await own_body(request, _LONGEST_FORM_BYTES)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise ForeignForm from None
    return dict(pairs)


async def _member_form(
    request: Request, member: SignedInMember, fields: Annotated[Fields, Depends(_own_form)]
) -> Fields:
    sent = fields.get(CSRF_FIELD) or request.headers.get(_CSRF_HEADER, "")
    if not member.visitor.sent_it(sent):
        raise ForeignForm
    return fields


async def _visitor_form(visitor: AnyVisitor, fields: Annotated[Fields, Depends(_own_form)]) -> Fields:
    """Return a form that also those who are not signed in may send; who is must have it from a page of theirs."""
    if visitor.csrf is not None and not visitor.sent_it(fields.get(CSRF_FIELD, "")):
        raise ForeignForm
    return fields


def _is_own(request: Request) -> bool:
    """Tell whether a browser says that the form comes from this very origin, by either of the two headers."""
    fetched = request.headers.get("Sec-Fetch-Site")
    if fetched is not None and fetched not in _FROM_US:
        return False
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("Host")


MemberForm = Annotated[Fields, Depends(_member_form)]
VisitorForm = Annotated[Fields, Depends(_visitor_form)]
