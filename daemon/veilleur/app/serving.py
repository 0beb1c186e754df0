"""Wires HTTP: the API and the pages as one application on one port."""

from __future__ import annotations

import shutil
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import structlog
import uvicorn

from veilleur import __version__
from veilleur.api.application import create_api
from veilleur.api.hosts import LOOPBACK_NAMES
from veilleur.app.answering_apart import AnsweringProcesses, usual_count
from veilleur.app.answering_task import AnsweringTask
from veilleur.app.clock import utc_now
from veilleur.app.collecting import collect_seldom
from veilleur.app.foreground import Say
from veilleur.app.logs import configure_logs
from veilleur.app.opening import open_store
from veilleur.app.outgoing import outgoing
from veilleur.app.page_operations import PageOperations
from veilleur.app.settings import Settings
from veilleur.dashboard.pages import install_pages
from veilleur.model.errors import StoreError
from veilleur.model.readiness import PartState, Readiness
from veilleur.store.database import Database
from veilleur_bridge.ports import require_free
from veilleur_bridge.stop_signal import stop_signal

_PROGRAM: Final = "veilleur"
_STOP_WITHIN_S: Final = 3.0
_SILENT_FOR_MS: Final = 60_000
_HTTP_PORT_SETTING: Final = "VEILLEUR_HTTP_PORT"
_HTTP_HOST_SETTING: Final = "VEILLEUR_HTTP_HOST"
_EVERY_ADDRESS: Final = {"", "0.0.0.0", "::"}  # noqa: S104 - compared with, not listened on
_DATABASE_AWAY: Final = "the database does not answer: see the daemon's log"

log = structlog.get_logger()

Parts = Callable[[], tuple[PartState, ...]]


class DatabaseLook:
    """Looks whether the database answers: why not is for the log alone, since readiness is told to everyone."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._logged: str | None = None

    def part(self) -> PartState:
        """Return how the database is now."""
        reason = self._reason_against()
        if reason is not None and reason != self._logged:
            log.error("database does not answer", reason=reason)
        self._logged = reason
        return PartState("database", reason is None, reason and _DATABASE_AWAY)

    def _reason_against(self) -> str | None:
        try:
            with self._database.reading() as connection:
                connection.exec_driver_sql("SELECT 1")
        except StoreError as error:
            return str(error)
        return None


@contextmanager
def running_server(settings: Settings, database: Database, parts: Parts) -> Iterator[str]:
    """Serve API and pages while the block runs; yield the address. Raises PortTaken naming the holder."""
    host, port = settings.http_host, settings.http_port
    require_free(host, port, setting=_HTTP_PORT_SETTING, host_setting=_HTTP_HOST_SETTING)

    look = DatabaseLook(database)

    def readiness() -> Readiness:
        every = (look.part(), *parts())
        return Readiness(all(part.is_ok for part in every), every)

    stopping = threading.Event()
    elsewhere = _elsewhere(settings, database)
    server = uvicorn.Server(_api_and_pages(settings, database, readiness, stopping, elsewhere))
    listener = _listen(host, port)
    # asyncio leaves Nagle's algorithm on for a socket that it did not make itself: 40 ms a request.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    _let_go_of_the_silent(listener)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="http", daemon=True)
    thread.start()
    try:
        yield f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
    finally:
        stopping.set()
        elsewhere.stop()
        server.should_exit = True
        thread.join(_STOP_WITHIN_S)
        # A loop that is still held up ends by itself, and would find its listener gone: it closes that one first.
        if not thread.is_alive():
            listener.close()
        elsewhere.close()


def _api_and_pages(
    settings: Settings,
    database: Database,
    readiness: Callable[[], Readiness],
    stopping: threading.Event,
    elsewhere: AnsweringProcesses,
) -> uvicorn.Config:
    out = outgoing(settings)
    app = create_api(
        database,
        clock=utc_now,
        readiness=readiness,
        version=__version__,
        host_names=host_names(settings),
        outgoing=out,
        is_stopping=stopping.is_set,
        elsewhere=elsewhere,
    )
    install_pages(
        app,
        database,
        readiness=readiness,
        operations=PageOperations(settings, database),
        version=__version__,
        program=program_here(),
        is_stopping=stopping.is_set,
        outgoing=out,
    )
    return uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=2, server_header=False)


def _elsewhere(settings: Settings, database: Database) -> AnsweringProcesses:
    count = settings.answering_processes
    task = AnsweringTask(
        version=__version__,
        database_url=database.url.render_as_string(hide_password=False),
        answer_s=database.answer_s,
        log_level=settings.log_level,
        log_format=settings.log_format,
    )
    return AnsweringProcesses(task, usual_count() if count is None else count)


def _let_go_of_the_silent(listener: socket.socket) -> None:
    """End connections (they inherit it) whose other side takes nothing for a while: closing waits for it for ever."""
    if sys.platform == "linux":
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _SILENT_FOR_MS)


def _listen(host: str, port: int) -> socket.socket:
    if ":" not in host:
        return socket.create_server((host, port))
    return socket.create_server((host, port), family=socket.AF_INET6, dualstack_ipv6=host == "::")


def host_names(settings: Settings) -> frozenset[str]:
    """Return the hosts that a request may name; an address that it came to needs no naming."""
    named = {settings.http_host, *settings.http_names.split(",")}
    if settings.http_host in _EVERY_ADDRESS:
        named.add(socket.gethostname())
    return LOOPBACK_NAMES | {name.strip().lower().strip("[]").rstrip(".") for name in named if name.strip()}


def run_serve(settings: Settings, say: Say) -> None:
    """Serve API and pages of this database, in the foreground; takes no notifications in."""
    stopped = stop_signal()
    configure_logs(settings)
    database = open_store(settings)
    collect_seldom()
    with running_server(settings, database, tuple) as address:
        say(f"API and pages on {address}; Ctrl+C ends it")
        stopped.wait()


def program_here() -> str:
    """Return what a person types to run this program: its path from here, where the shell would not find the name."""
    started = Path(sys.argv[0])
    if shutil.which(_PROGRAM) or started.name != _PROGRAM:
        return _PROGRAM
    return str(started.relative_to(Path.cwd()) if started.is_relative_to(Path.cwd()) else started)
