"""Fetches one feed over HTTP: conditionally, bounded in time, size and redirects, and by http and https alone."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from email.message import Message
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPMessage
from typing import IO, Final, Protocol
from urllib.parse import urlsplit

from veilleur_bridge.delivery import Clock
from veilleur_bridge.sources.look import Problem

WEB_SCHEMES: Final = frozenset({"http", "https"})
MOST_BYTES: Final = 4 * 1024 * 1024
MOST_REDIRECTS: Final = 5
LONGEST_RETRY_SECONDS: Final = 24 * 3600.0
_PIECE_BYTES: Final = 64 * 1024
_ACCEPT: Final = "application/atom+xml, application/rss+xml, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.8"
_GZIP: Final = 31
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_LEADS_ASTRAY: Final = "redirect refused"


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask again by: `ETag` and `Last-Modified` (RFC 9110 §8.8)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A feed's bytes as they came, unpacked, with the charset that the server named."""

    content: bytes
    charset: str | None
    validators: Validators


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The server said 304: nothing new."""


@dataclass(frozen=True, slots=True)
class NotFetched:
    """No feed, and why; `retry_after_seconds` where the server asked to be left alone for so long."""

    problem: Problem
    detail: str
    retry_after_seconds: float | None = None


FetchOutcome = Fetched | Unchanged | NotFetched


class _Answer(Protocol):
    headers: Message

    def read1(self, n: int, /) -> bytes: ...


class FeedFetcher:
    """Fetches feeds, one at a time; `user_agent` says who asks."""

    def __init__(self, *, user_agent: str, clock: Clock, timeout_seconds: float, most_bytes: int = MOST_BYTES) -> None:
        self._headers = {"User-Agent": user_agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip"}
        self._clock = clock
        self._timeout_seconds = timeout_seconds
        self._most_bytes = most_bytes
        self._opener = _web_opener()

    def fetch(self, url: str, known: Validators) -> FetchOutcome:
        """Ask for a feed; what a server or a network can do wrong is an answer, never an exception."""
        deadline = time.monotonic() + self._timeout_seconds
        try:
            with self._opener.open(self._request(url, known), timeout=self._timeout_seconds) as answer:
                return self._read(answer, deadline)
        except urllib.error.HTTPError as error:
            with error:
                return self._refusal(error)
        except TimeoutError:
            return self._timed_out()
        except urllib.error.URLError as error:
            is_late = isinstance(error.reason, TimeoutError)
            return self._timed_out() if is_late else NotFetched(Problem.FEED_UNREACHABLE, str(error.reason)[:200])
        except (OSError, http.client.HTTPException, zlib.error, ValueError) as error:
            return NotFetched(Problem.FEED_UNREACHABLE, f"the answer broke off ({type(error).__name__})")

    def _request(self, url: str, known: Validators) -> urllib.request.Request:
        request = urllib.request.Request(url, headers=self._headers)  # noqa: S310 - the opener knows http and https alone
        if known.etag is not None:
            request.add_header("If-None-Match", known.etag)
        if known.last_modified is not None:
            request.add_header("If-Modified-Since", known.last_modified)
        return request

    def _read(self, answer: _Answer, deadline: float) -> FetchOutcome:
        content = bytearray()
        for piece in _pieces(answer, self._most_bytes):
            content += piece
            if len(content) > self._most_bytes:
                return NotFetched(Problem.FEED_TOO_LARGE, f"it is larger than {self._most_bytes // 1024} KiB")
            if time.monotonic() > deadline:
                return self._timed_out()
        headers = answer.headers
        validators = Validators(headers.get("ETag"), headers.get("Last-Modified"))
        return Fetched(bytes(content), headers.get_content_charset(), validators)

    def _refusal(self, error: urllib.error.HTTPError) -> FetchOutcome:
        if error.code == HTTPStatus.NOT_MODIFIED:
            return Unchanged()
        retry = _retry_after_seconds(error.headers.get("Retry-After"), self._clock)
        if error.code == HTTPStatus.GONE:
            return NotFetched(Problem.FEED_GONE, "the server says that it is gone for good")
        is_busy = error.code in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
        problem = Problem.FEED_BUSY if is_busy else Problem.FEED_REFUSED
        return NotFetched(problem, f"the server answered {error.code}{_why(error)}", retry)

    def _timed_out(self) -> NotFetched:
        return NotFetched(Problem.FEED_TIMED_OUT, f"the server took longer than {self._timeout_seconds:g} s")


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a few redirects, never away from the web and never from https to http."""

    max_redirections = MOST_REDIRECTS

    def redirect_request(  # noqa: PLR0913, PLR0917 - urllib's own signature
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        scheme = urlsplit(newurl).scheme
        if scheme not in WEB_SCHEMES or (req.type == "https" and scheme != "https"):
            raise urllib.error.HTTPError(req.full_url, code, _LEADS_ASTRAY, headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _web_opener() -> urllib.request.OpenerDirector:
    """Return an opener that knows http and https, and no file:, ftp: or data:."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
        _Redirects(),
    ):
        opener.add_handler(handler)
    return opener


def _pieces(answer: _Answer, most_bytes: int) -> Iterator[bytes]:
    """Yield an answer unpacked, none of it much longer than what is allowed; raises ValueError where it breaks off."""
    unpack = zlib.decompressobj(wbits=_GZIP) if answer.headers.get("Content-Encoding", "").lower() == "gzip" else None
    came_bytes = 0
    while piece := answer.read1(_PIECE_BYTES):
        came_bytes += len(piece)
        yield unpack.decompress(piece, most_bytes + 1) if unpack else piece
    promised = answer.headers.get("Content-Length", "")
    if (promised.isdecimal() and came_bytes < int(promised)) or (unpack and not unpack.eof):
        raise ValueError("the answer is shorter than it was to be")


def _why(error: urllib.error.HTTPError) -> str:
    if error.msg == _LEADS_ASTRAY:
        return ": its redirect leads away from https, or from the web"
    return ": it redirects without end" if error.code in _REDIRECTS else ""


def _retry_after_seconds(written: str | None, clock: Clock) -> float | None:
    """Read seconds or a date (RFC 9110 §10.2.3), at most a day."""
    if written is None:
        return None
    if written.strip().isdecimal():
        return min(float(written), LONGEST_RETRY_SECONDS)
    try:
        at = parsedate_to_datetime(written)
    except ValueError:
        return None
    seconds = ((at if at.tzinfo else at.replace(tzinfo=UTC)) - clock()).total_seconds()
    return min(max(seconds, 0.0), LONGEST_RETRY_SECONDS)
