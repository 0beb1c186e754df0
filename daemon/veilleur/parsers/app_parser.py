"""What the parsers of described apps share: whose notifications they read, and wordings, compiled when first wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Generic, Protocol, TypeVar

from veilleur.parsers.catalogue import Catalogue
from veilleur.parsers.wordings import Wordings


class DescribedApp(Protocol):
    """What is said of an app, whatever reads it."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> int: ...

    @property
    def platform(self) -> str: ...

    @property
    def packages(self) -> frozenset[str]: ...


App = TypeVar("App", bound=DescribedApp)


class AppParser(Generic[App]):
    """A parser of one described app; how a notification is read is what is added to it."""

    def __init__(
        self, app: App, catalogues: Callable[[], Mapping[str, Catalogue]], headings: Iterable[str] = ()
    ) -> None:
        self.name = app.name
        self.version = app.version
        self.platform: str = app.platform
        self.packages = app.packages
        self._app = app
        self._catalogues = catalogues
        self._headings = headings

    @cached_property
    def _wordings(self) -> Wordings:
        """Compile the app's wordings at its first notification: most tablets show few of the apps."""
        return Wordings(self._catalogues(), self._headings)
