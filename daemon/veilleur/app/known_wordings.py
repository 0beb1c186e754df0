"""What the parsers can read with this data folder's catalogues, and the plug-ins that stand beside them."""

from __future__ import annotations

from collections.abc import Iterator

from veilleur.app.clock import utc_now
from veilleur.app.plugins.installed import Plugin, installed_plugins
from veilleur.app.plugins.standing import Standings
from veilleur.app.settings import Settings
from veilleur.model.errors import NoSuchPlugin
from veilleur.parsers.inventory import READS, KnownApp, KnownWordings, inventory, known_apps

_SUSPENDED = "suspended since {at:%Y-%m-%d %H:%M} UTC"


def known_wordings(settings: Settings) -> Iterator[KnownWordings]:
    """Yield kinds, languages and evidence of each parser; raises CatalogueError."""
    return inventory(settings.catalogues_dir)


def readable_apps(settings: Settings) -> Iterator[KnownApp]:
    """Yield every app that is read, then the plug-ins; raises CatalogueError, and ParserConflict of two plug-ins."""
    yield from known_apps(settings.catalogues_dir)
    standings = Standings(settings.plugins_dir, utc_now)
    for plugin in installed_plugins():
        suspended_at = standings.of(plugin).suspended_at
        yield _plugged(plugin, _SUSPENDED.format(at=suspended_at) if suspended_at else READS)


def resume_plugin(settings: Settings, distribution: str) -> bool:
    """Let the parsers of a distribution read again; False where none was suspended; raises NoSuchPlugin."""
    standings = Standings(settings.plugins_dir, utc_now)
    plugins = [one for one in installed_plugins() if one.distribution == distribution]
    if not plugins:
        raise NoSuchPlugin(f"no plug-in `{distribution}` is installed: `veilleur parsers` lists them")
    return sum(standings.resume(one) for one in plugins) > 0


def _plugged(plugin: Plugin, state: str) -> KnownApp:
    return KnownApp(
        parser=plugin.target,
        parser_version=plugin.version,
        platform="",
        origin=plugin.distribution,
        state=state,
        packages=tuple(sorted(plugin.packages)),
        own_resources=0,
        seen=0,
        inferred=0,
        languages=0,
        verified=None,
    )
