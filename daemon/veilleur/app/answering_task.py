"""What a process that answers reads for another one is started for."""

from __future__ import annotations

from msgspec import Struct

from veilleur.app.logs import LogFormat, LogLevel


class AnsweringTask(Struct, frozen=True, kw_only=True):
    """The first frame that it gets; it answers with an empty one once it can be asked."""

    version: str
    """Whose messages these are: another release may have been installed since."""
    database_url: str
    answer_s: float
    log_level: LogLevel
    log_format: LogFormat
