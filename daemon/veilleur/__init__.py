"""From an Envelope to a Mention that someone can act on."""

__version__ = "0.1.0"
