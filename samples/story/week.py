"""The whole week, in order."""

from __future__ import annotations

from typing import Final

from samples.story.friday import FRIDAY
from samples.story.monday import MONDAY
from samples.story.saturday import SATURDAY
from samples.story.sunday import SUNDAY
from samples.story.thursday import THURSDAY
from samples.story.tuesday import TUESDAY
from samples.story.wednesday import WEDNESDAY

WEEK: Final = (MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY)
