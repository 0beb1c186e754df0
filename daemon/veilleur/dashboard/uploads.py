"""A form that a person sends a file with: read here, and refused as any other form is."""

from __future__ import annotations

from collections.abc import Mapping
from email.parser import BytesParser
from email.policy import HTTP
from typing import Annotated, Final

from fastapi import Depends, Request
from msgspec import Struct

from veilleur.dashboard.forms import CSRF_FIELD, Fields, ForeignForm, own_body
from veilleur.dashboard.visits import SignedInMember

_LONGEST_UPLOAD_BYTES: Final = 512 * 1024
_MULTIPART: Final = "multipart/form-data"
_DISPOSITION: Final = "Content-Disposition"


class Upload(Struct, frozen=True):
    """The fields of a form, and the files that were chosen, by the names of their fields."""

    fields: Fields
    files: Mapping[str, bytes]


async def _member_upload(request: Request, member: SignedInMember) -> Upload:
    sent = _parts(request.headers.get("Content-Type", ""), await own_body(request, _LONGEST_UPLOAD_BYTES))
    if not member.visitor.sent_it(sent.fields.get(CSRF_FIELD, "")):
        raise ForeignForm
    return sent


def _parts(kind: str, body: bytes) -> Upload:
    """Return what a multipart form holds (RFC 7578); raises ForeignForm for any other."""
    if not kind.startswith(_MULTIPART) or not kind.isascii() or "\n" in kind:
        raise ForeignForm
    whole = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for part in whole.iter_parts():
        name, file_name = part.get_param("name", header=_DISPOSITION), part.get_filename()
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            raise ForeignForm
        if file_name is None:
            fields[name] = content.decode("utf-8", "replace")
        elif content:
            files[name] = content
    return Upload(fields, files)


MemberUpload = Annotated[Upload, Depends(_member_upload)]
