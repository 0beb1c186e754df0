"""Settings: environment variables `VEILLEUR_…`, a `.env` file and flags, in rising precedence."""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, SecretStr, StringConstraints, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from veilleur.app.env_file import PREFIX, check_env_file, unknown_settings
from veilleur.app.logs import LogFormat, LogLevel
from veilleur.app.parser_choice import ParserChoice
from veilleur.app.plugins.messages import Budget, PluginChoice
from veilleur.model.delivery import Republished
from veilleur.model.errors import SettingsError
from veilleur.model.listing import USUAL_ANSWER_S
from veilleur.model.project import PROJECT_KEY_PATTERN
from veilleur.model.scope import DEFAULT_PROJECT, Scope
from veilleur.model.unpaired import UnpairedDevices


def _data_home() -> Path:
    home = os.environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "veilleur"


def _config_home() -> Path:
    home = os.environ.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / "veilleur"


_ENV_FILE: Final = Path(".env")

Port = Annotated[int, Field(ge=0, le=65535)]


class Settings(BaseSettings):
    """Every setting; the reference in the docs is generated from these fields."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=_ENV_FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    data_dir: Path = Field(default_factory=_data_home, description="Folder of the database and the embedded broker.")
    key_dir: Path = Field(
        default_factory=_config_home, description="Folder of keys, which must not lie beside the data they encrypt."
    )
    database_url: str = Field(
        default="", description="`sqlite:///FILE` or `postgresql+psycopg://…`; a file in the data folder when empty."
    )
    mqtt_url: str | None = Field(
        default=None,
        description="An external broker, `mqtt://user:password@host:port` (also `mqtts`, `ws`); embedded when unset.",
    )
    mqtt_port: Port = Field(default=1883, description="Port of the embedded broker.")
    nats_server: Path | None = Field(
        default=None,
        description="Program of the embedded broker, where it is not the one that was installed with Veilleur "
        "(`nats-server` 2.11 or later).",
    )
    http_host: str = Field(default="127.0.0.1", description="Address that API and pages listen on.")
    http_port: Port = Field(default=8787, description="Port of API and pages.")
    http_names: str = Field(
        default="",
        description="Further names, separated by commas, by which browsers and programs reach API and pages (behind a "
        "proxy, or in the local network); a request that names another host is answered 421.",
    )
    pages_url: str | None = Field(
        default=None,
        description="Address by which people reach the pages, such as `https://veille.example.org`, for the links in "
        "alerts; the daemon's own address when unset.",
    )
    answer_limit_s: Annotated[float, Field(gt=0, le=3600)] = Field(
        default=USUAL_ANSWER_S,
        description="Seconds of work that one page, count or timeline may ask of the database; what asks for more is "
        "given up and says how to narrow it. Exports take as long as they take. Raise it on a slow machine.",
    )
    answering_processes: Annotated[int, Field(ge=0, le=16)] | None = Field(
        default=None,
        description="Processes that answer reads of the API beside the daemon's own while many ask at once, of some "
        "90 MB and one database connection each; two when unset, and none on a machine of one processor.",
    )
    daemon_name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,32}$")] = Field(
        default="main", description="Name of this daemon, where several share one database."
    )
    unpaired_devices: UnpairedDevices = Field(
        default=UnpairedDevices.ACCEPT,
        description="What becomes of notifications from devices that nobody paired (an external broker may let them "
        "in): `accept` takes them like any other, `refuse` keeps them as dead letters and sends no receipts.",
    )
    watch_interval_s: Annotated[float, Field(gt=0, le=60)] = Field(
        default=5, description="Seconds between two looks at what is missing, who is silent and what is wrong."
    )
    plugin_budget_s: Annotated[float, Field(gt=0, le=5)] = Field(
        default=5, description="Seconds that a parser plug-in may take for one batch before its process is ended."
    )
    plugin_memory_mb: Annotated[int, Field(ge=256)] = Field(
        default=1_024, description="Megabytes of memory that the process of the parser plug-ins may take."
    )
    delivery_networks: str = Field(
        default="",
        description="Networks of your own that messages may be sent into, separated by commas (`192.168.1.20/32`); "
        "everywhere else in the own network nothing is sent.",
    )
    delivery_timeout_s: Annotated[float, Field(gt=0, le=60)] = Field(
        default=15,
        description="Seconds that one attempt to send a message may take in all, from its name to the answer, "
        "however slowly a service answers; another daemon may try it after three times as long.",
    )
    delivery_pause_s: Annotated[float, Field(gt=0, le=3_600)] = Field(
        default=10, description="Seconds from the first failure to the next attempt; doubled at each failure."
    )
    delivery_longest_pause_s: Annotated[float, Field(gt=0, le=86_400)] = Field(
        default=900, description="Seconds that such a pause is at most."
    )
    delivery_life_h: Annotated[float, Field(gt=0, le=720)] = Field(
        default=72, description="Hours after which a message that could not be sent is given up, with an alarm."
    )
    mqtt_mentions: Republished = Field(
        default=Republished.OFF,
        description="Which mentions are republished on `veilleur/1/mentions/{platform}/{kind}`: `off`, `public`, or "
        "`all`, with private ones and those of groups.",
    )
    project: Annotated[str, StringConstraints(pattern=PROJECT_KEY_PATTERN)] = Field(
        default=DEFAULT_PROJECT,
        description="Project in which commands work on this machine's data, where there are several "
        "(`veilleur project list` shows them); a server's token has its own.",
    )
    server: str | None = Field(
        default=None,
        description="Address of a server, such as `https://veille.example.org`, that is asked instead of the data here "
        "by the commands that take `--server`.",
    )
    token: SecretStr | None = Field(
        default=None, description="Token that such commands send to the server (`veilleur token create` makes one)."
    )
    log_level: LogLevel = Field(default=LogLevel.INFO, description="How much is logged to standard error.")
    log_format: LogFormat = Field(default=LogFormat.TEXT, description="`text` for people, `json` for machines.")

    @property
    def effective_database_url(self) -> str:
        """The database's address, the default one spelled out."""
        return self.database_url or f"sqlite:///{self.data_dir / 'veilleur.db'}"

    @property
    def scope(self) -> Scope:
        """What commands on this machine's data read: all of their project."""
        return Scope(self.project, may_read_private=True)

    @property
    def catalogues_dir(self) -> Path:
        """Folder of the user's own pattern catalogues, which need not exist: one made later is read then."""
        return self.data_dir / "catalogues"

    @property
    def plugins_dir(self) -> Path:
        """Folder in which is kept how plug-ins stand."""
        return self.data_dir / "plug-ins"

    @property
    def parser_choice(self) -> ParserChoice:
        """With what notifications are read: the user's catalogues and the plug-ins."""
        budget = Budget(self.plugin_budget_s, self.plugin_memory_mb)
        return ParserChoice(self.catalogues_dir, PluginChoice(self.plugins_dir, budget))

    @property
    def broker_dir(self) -> Path:
        """Folder of the embedded broker's store."""
        return self.data_dir / "broker"

    @property
    def broker_key_file(self) -> Path:
        """The key of the embedded broker's store, one for each data folder."""
        folder = blake2b(str(self.data_dir.absolute()).encode(), digest_size=6).hexdigest()
        return self.key_dir / f"broker-{folder}.key"


def load_settings(**overrides: object) -> Settings:
    """Return the settings, those given here (flags that are not None) above all; raises SettingsError."""
    given = {name: value for name, value in overrides.items() if value is not None}
    check_env_file(_ENV_FILE)
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        message = f"setting {PREFIX}{name}: {first['msg']}"
        raise SettingsError(message) from error


def setting_warnings() -> tuple[str, ...]:
    """Return a sentence for each variable of the environment or of `.env` that is probably misspelt."""
    given = dict.fromkeys((*os.environ, *check_env_file(_ENV_FILE)))
    return tuple(unknown_settings(given, tuple(Settings.model_fields)))
