"""The one text of a zip: an exported chat lies there beside its attachments, which are named in it and never read."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from veilleur_bridge.errors import LogEndedEarly, LogError

_PIECE_BYTES: Final = 256 * 1024
_TEXTS: Final = (".txt", ".json", ".jsonl")
_OWN_NAMES: Final = ("_chat.txt", "result.json", "user_data_tiktok.json", "user_data.json")


def zip_member_pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the text of an opened zip in pieces; raise `LogError` where it holds none, or several to choose from."""
    try:
        with ZipFile(file) as archive, archive.open(_chosen(archive.infolist())) as member:
            while piece := member.read(_PIECE_BYTES):
                yield piece
    except (BadZipFile, zlib.error, EOFError) as error:
        raise LogEndedEarly("its zip is damaged or cut off: it was not copied or written whole") from error
    except OSError as error:
        raise LogEndedEarly(f"it could not be read any further: {error.strerror or error}") from error
    except (RuntimeError, NotImplementedError) as error:
        raise LogError("the zip is encrypted, or packed in a way that is not known: unpack it first.") from error


def _chosen(members: list[ZipInfo]) -> ZipInfo:
    """Return the text that the app names as its own, else the one that is not a document sent in the chat."""
    texts = [one for one in members if PurePosixPath(one.filename).suffix.lower() in _TEXTS and not one.is_dir()]
    for is_it in (_is_own, _is_named_after_whatsapp, lambda _one: True):
        found = [one for one in texts if is_it(one)]
        if len(found) == 1:
            return found[0]
    if not texts:
        raise LogError("there is no text in the zip: an exported chat is a .txt, other exports are a .json.")
    names = ", ".join(sorted(one.filename for one in texts)[:5])
    raise LogError(f"several texts are in the zip ({names}): unpack the one that is the export.")


def _is_own(member: ZipInfo) -> bool:
    return PurePosixPath(member.filename).name in _OWN_NAMES


def _is_named_after_whatsapp(member: ZipInfo) -> bool:
    return "whatsapp" in PurePosixPath(member.filename).name.lower()
