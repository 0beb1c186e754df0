"""What becomes of a device that nobody paired."""

from __future__ import annotations

from enum import StrEnum


class UnpairedDevices(StrEnum):
    """How what an unpaired device sends is taken."""

    ACCEPT = "accept"
    REFUSE = "refuse"
