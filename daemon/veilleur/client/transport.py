"""Requests to a server: the token, time-outs, trying again what is safe to ask twice, and answers as records."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from veilleur.client.errors import ClientError, NoAnswer, NotFound, NotUnderstood, Refusal, TooSlow
from veilleur.client.problems import error_of

API: Final = "/api/v1"
_FILE_WAIT_S: Final = 600
"""A workbook is made whole before its first byte comes."""
_JSON: Final = {"Content-Type": "application/json"}
_AGAIN: Final = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}

Record = TypeVar("Record")
Parameter = str | int | bool | list[str] | None


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an answer is waited for, and how often a read is tried: after 0.2, 0.4, 0.8 s …, or what is asked."""

    timeout_s: float = 30
    tries: int = 4
    first_pause_s: float = 0.2
    longest_pause_s: float = 10
    pause: Callable[[float], None] = time.sleep


class Transport:
    """One server as one token sees it. Nothing of it is logged here, and the token stands in no message."""

    def __init__(
        self,
        server: str,
        token: str | None,
        *,
        is_public: bool,
        patience: Patience,
        transport: httpx.BaseTransport | None,
    ) -> None:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        try:
            self._http = httpx.Client(
                base_url=server.rstrip("/"),
                headers=headers | {"Accept": "application/json"},
                timeout=patience.timeout_s,
                transport=transport,
            )
        except (httpx.InvalidURL, UnicodeEncodeError) as error:
            raise NoAnswer(
                "the server's address or its token cannot be used: write https://HOST, and no spaces"
            ) from error
        if self._http.base_url.scheme not in {"http", "https"} or not self._http.base_url.host:
            raise NoAnswer(f"{server} is no address of a server: write it as https://HOST or http://HOST:PORT")
        self._is_public = is_public
        self._patience = patience

    def close(self) -> None:
        self._http.close()

    def read(self, path: str, shape: type[Record], /, **parameters: Parameter) -> Record:
        """Ask, again where nobody answered or the server was busy, and return the answer as this record."""
        return decoded(self.read_bytes(path, **parameters), shape)

    def find(self, path: str, shape: type[Record], /, **parameters: Parameter) -> Record | None:
        """Return what `read` would; None where nothing is there."""
        try:
            return self.read(path, shape, **parameters)
        except NotFound:
            return None

    def read_bytes(self, path: str, /, **parameters: Parameter) -> bytes:
        """Ask, again where nobody answered or the server was busy, and return the answer as it came."""
        given = self._given(parameters)
        pause_s = self._patience.first_pause_s
        for tries_left in reversed(range(self._patience.tries)):
            try:
                return self._sent("GET", path, params=given).content
            except ClientError as error:
                if tries_left == 0 or not _may_pass(error):
                    raise
                wished_s = error.retry_after_s if isinstance(error, Refusal) else None
                self._patience.pause(min(max(pause_s, wished_s or 0), self._patience.longest_pause_s))
                pause_s *= 2
        raise NoAnswer("a read is tried once at least")

    def write(self, method: str, path: str, shape: type[Record], body: object = None) -> Record:
        """Send a change once: whether it was made is not known where the connection breaks."""
        content = None if body is None else msgspec.json.encode(body)
        return decoded(self._sent(method, path, content=content, headers=_JSON if content else {}).content, shape)

    def change(self, method: str, path: str, shape: type[Record], body: object = None) -> Record | None:
        """Send what `write` would; None where what it would change is not there."""
        try:
            return self.write(method, path, shape, body)
        except NotFound:
            return None

    def write_bytes(self, method: str, path: str, content: bytes) -> bytes:
        """Send a change as it is written, once, and return the answer as it came."""
        return self._sent(method, path, content=content, headers=_JSON).content

    def stream(self, path: str, /, **parameters: Parameter) -> Iterator[bytes]:
        """Ask once, and yield a long answer as it comes; raises NoAnswer where it breaks off."""
        waiting = httpx.Timeout(self._patience.timeout_s, read=_FILE_WAIT_S)
        with (
            self._errors_told(_FILE_WAIT_S),
            self._http.stream("GET", f"{API}{path}", params=self._given(parameters), timeout=waiting) as answer,
        ):
            if not answer.is_success:
                answer.read()
                raise error_of(answer)
            yield from answer.iter_bytes()

    def _given(self, parameters: Mapping[str, Parameter]) -> dict[str, Parameter]:
        asked: dict[str, Parameter] = {"public": True} if self._is_public else {}
        return {name: value for name, value in (asked | dict(parameters)).items() if value is not None}

    def _sent(self, method: str, path: str, **what: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own words
        with self._errors_told(self._patience.timeout_s):
            answer = self._http.request(method, f"{API}{path}", **what)
        if not answer.is_success:
            raise error_of(answer)
        return answer

    @contextmanager
    def _errors_told(self, timeout_s: float) -> Iterator[None]:
        try:
            yield
        except httpx.TimeoutException as error:
            raise TooSlow(f"{self._http.base_url} did not answer within {timeout_s:g} s") from error
        except httpx.InvalidURL as error:
            raise NotUnderstood("what is asked is too long for an address: shorten the query") from error
        except httpx.HTTPError as error:
            message = f"{self._http.base_url} does not answer ({error}): does `veilleur up` run there?"
            raise NoAnswer(message) from error


def decoded(content: bytes, shape: type[Record]) -> Record:
    """Return an answer as a record; raises NotUnderstood where it is none."""
    try:
        return msgspec.json.decode(content, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        message = "the server's answer is not what this release expects: are client and server of one release?"
        raise NotUnderstood(message) from error


def converted(fields: Mapping[str, Any], shape: type[Record]) -> Record:
    """Return fields of an answer as a record; raises NotUnderstood where they are none."""
    return decoded(msgspec.json.encode(fields), shape)


def segment(name: str) -> str:
    """Return a name as one part of a path."""
    return quote(name, safe="")


def _may_pass(error: ClientError) -> bool:
    return isinstance(error, NoAnswer) or (isinstance(error, Refusal) and error.status in _AGAIN)
