"""How often Python looks for reference cycles, in processes that move many records and make no cycles of them."""

from __future__ import annotations

import gc
from typing import Final

_NEW_OBJECTS: Final = 50_000


def collect_seldom() -> None:
    """Leave what start-up made out of every later search, and search only after many new objects.

    By default each 700 new objects are searched: a batch of records would be searched dozens of times for nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)
