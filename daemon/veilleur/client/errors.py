"""What can go wrong between a client and its server.

ClientError
├── NoAnswer            nobody listens there, the name is unknown, or the connection broke
│   └── TooSlow         no answer within the time-out
├── NotUnderstood       what answers is no server of Veilleur, or a newer one
└── Refusal             the server says no: a problem detail with `status`, `kind` and `detail`
    ├── WrongQuery          a model.QueryError too: `column`, `expected`
    ├── NotAuthenticated    the token is missing, unknown, revoked or expired
    ├── MissingScope        `missing_scope` names what the token lacks
    ├── NotFound            nothing is there that this token may read
    ├── Conflict            somebody else changed it meanwhile
    ├── WrongParameter      `errors` names each with what is wrong
    └── ServerFailed        an error of the server's own
        └── ServerBusy      try again after `retry_after_s`
"""

from __future__ import annotations

from msgspec import Struct

from veilleur.model.errors import QueryError, VeilleurError


class ParameterError(Struct, frozen=True):
    """One wrong parameter."""

    parameter: str
    reason: str


class ProblemDetail(Struct, frozen=True):
    """What a server says of an error (RFC 9457)."""

    type: str
    status: int
    detail: str
    column: int | None = None
    expected: str | None = None
    missing_scope: str | None = None
    errors: tuple[ParameterError, ...] = ()


class ClientError(VeilleurError):
    """Root of the client's errors; the message says what to do next."""


class NoAnswer(ClientError):
    """Nobody answers there."""


class TooSlow(NoAnswer):
    """No answer came in time."""


class NotUnderstood(ClientError):
    """What answers does not speak as a server of this release does."""


class Refusal(ClientError):
    """The server refuses."""

    def __init__(self, problem: ProblemDetail, retry_after_s: float | None = None) -> None:
        # Not by way of `super`: beside it `WrongQuery` has a second root, which is made of something else.
        Exception.__init__(self, problem.detail)
        self.problem = problem
        self.status = problem.status
        self.kind = problem.type.rpartition("#")[2]
        self.detail = problem.detail
        self.retry_after_s = retry_after_s


class WrongQuery(Refusal, QueryError):
    """The query cannot be read: `column` counts from 1."""

    def __init__(self, problem: ProblemDetail, retry_after_s: float | None = None) -> None:
        super().__init__(problem, retry_after_s)
        self.column = problem.column or 1
        self.expected = problem.expected or "another query"


class NotAuthenticated(Refusal):
    """The token is missing or not valid; the message says how to make one."""


class MissingScope(Refusal):
    """The token may not do this."""

    @property
    def missing_scope(self) -> str | None:
        """What it lacks."""
        return self.problem.missing_scope


class NotFound(Refusal):
    """There is nothing here that this token may read."""


class Conflict(Refusal):
    """Somebody else changed it meanwhile, or has the name."""


class WrongParameter(Refusal):
    """A parameter or the body is wrong."""

    @property
    def errors(self) -> tuple[ParameterError, ...]:
        """Each wrong parameter."""
        return self.problem.errors


class ServerFailed(Refusal):
    """The server failed; its log says why."""


class ServerBusy(ServerFailed):
    """The server's database did not answer in time."""
