"""What every page is made with: its headers, its style, and templates that escape whatever they are given."""

from __future__ import annotations

from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

STYLE_PATH: Final = "/pages/style.css"
ICON_PATH: Final = "/pages/icon.svg"
_POLICY: Final = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
PAGE_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"{_POLICY}; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Language",
    "X-Content-Type-Options": "nosniff",
}
FRAMING_HEADERS: Final = PAGE_HEADERS | {
    "Content-Security-Policy": f"{_POLICY}; frame-src 'self'; frame-ancestors 'none'"
}
FRAMED_HEADERS: Final = PAGE_HEADERS | {"Content-Security-Policy": f"{_POLICY}; frame-ancestors 'self'"}


def template_environment() -> Environment:
    """Return the environment of this package's templates."""
    return Environment(
        loader=PackageLoader("veilleur.dashboard"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
