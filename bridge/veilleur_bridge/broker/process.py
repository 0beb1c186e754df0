"""One run of the broker's program, which ends with the thread that started it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Final

from veilleur_bridge.broker.configuration import KEY_VARIABLE, BrokerSettings
from veilleur_bridge.broker.store_lock import StoreLock
from veilleur_bridge.errors import BrokerError

STOP_SECONDS: Final = 5.0
RELOAD_SECONDS: Final = 5.0
RELOADED: Final = b"Reloaded server configuration"
RELOAD_FAILED: Final = b"Failed to reload"
POLL_SECONDS: Final = 0.02
LAST_BYTES: Final = 16_384
PORTS_PATTERN: Final = "*.ports"


class BrokerProcess:
    """The child; start, watch and stop it from one and the same thread."""

    def __init__(self, program: Path, settings: BrokerSettings, *, key: str, lock: StoreLock) -> None:
        self._settings = settings
        command = [str(program), "--config", str(settings.configuration_file)]
        # PR_SET_PDEATHSIG (prctl(2)) asks for the signal when the *thread* that forked ends
        setpriv = shutil.which("setpriv")
        if setpriv is not None:
            command = [setpriv, "--pdeathsig=KILL", "--", *command]
        for left_behind in settings.folder.glob(PORTS_PATTERN):
            left_behind.unlink(missing_ok=True)
        self._log_before = self._log_size()
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={KEY_VARIABLE: f"k{key}", "PATH": os.environ.get("PATH", os.defpath)},
            pass_fds=(lock.file_descriptor,),
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """The broker's process id."""
        return self._process.pid

    def has_ended_within(self, seconds: float) -> bool:
        """Wait for its end, at most so long."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def last_words(self) -> str:
        """Return the error it ended with, as far as it told one; only after its end."""
        code = self._process.returncode
        if code < 0:
            return f"it was ended by {signal.Signals(-code).name}"
        stderr = self._process.stderr
        spoken = b"" if stderr is None or stderr.closed else stderr.read()
        lines = (self._log_since(self._log_before) + spoken).decode(errors="replace").splitlines()
        complaints = [line for line in lines if "[FTL]" in line] or lines[-1:]
        return f"it ended with {code}: {complaints[-1].strip()}" if complaints else f"it ended with {code}"

    def reload(self) -> None:
        """Let it read its configuration again; raises BrokerError unless it says that it did."""
        before = self._log_size()
        self._process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + RELOAD_SECONDS
        while time.monotonic() < deadline:
            written = self._log_since(before)
            if RELOADED in written:
                return
            if RELOAD_FAILED in written:
                complaint = written.decode(errors="replace").strip().splitlines()[-1]
                raise BrokerError(f"the broker refused its new accounts: {complaint}")
            if self.has_ended_within(POLL_SECONDS):
                break
        raise BrokerError("the broker did not take its new accounts")

    def stop(self) -> None:
        """End it, gently first."""
        self._process.terminate()
        if not self.has_ended_within(STOP_SECONDS):
            self._process.kill()
            self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()

    def _log_size(self) -> int:
        with contextlib.suppress(FileNotFoundError):
            return self._settings.log_file.stat().st_size
        return 0

    def _log_since(self, position: int) -> bytes:
        with contextlib.suppress(FileNotFoundError), self._settings.log_file.open("rb") as log:
            size = log.seek(0, os.SEEK_END)
            # a smaller file was begun anew (logfile_size_limit)
            log.seek(max(position, size - LAST_BYTES) if size >= position else 0)
            return log.read(LAST_BYTES)
        return b""
