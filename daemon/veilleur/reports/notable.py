"""Which mentions a report shows: what people spoke of first, then what reached many, then what fits best."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from veilleur.model.mention import Mention
from veilleur.model.qualification import Tone
from veilleur.model.report import LEAVE_OUT_TAG, PIN_TAG, NotableMention, NotableReason

_ORDER: Final = {reason: place for place, reason in enumerate(NotableReason)}


def choose_notable(found: Iterable[Mention], *, limit: int) -> tuple[NotableMention, ...]:
    """Return the mentions to show: by their reason, then by their reach, then in the order given.

    Those of one thread (a conversation, else an account) never stand next to each other: what could only follow its
    like is left out. So is what is off-topic or tagged `no-report`, and what has neither words, nor reach, nor was
    spoken of.
    """
    told = [one for one in map(_notable, found) if one is not None]
    told.sort(key=lambda one: (_ORDER[one.reason], -(one.reach or 0)))
    return tuple(_apart(told, limit))


def reach_of(mention: Mention) -> int | None:
    """Return how many people a notification says were at it, None where it says nothing."""
    others = None if mention.actor is None else mention.actor.others_count
    return mention.count if mention.count is not None else others and others + 1


def _notable(mention: Mention) -> NotableMention | None:
    reason, reach = _reason(mention), reach_of(mention)
    is_left_out = reason is None or (reason is NotableReason.RELEVANCE and not mention.body)
    return None if is_left_out or reason is None else NotableMention(mention, reason, reach)


def _reason(mention: Mention) -> NotableReason | None:
    said = mention.qualification
    if said is not None:
        tags = {tag.casefold() for tag in said.tags}
        if said.is_off_topic or LEAVE_OUT_TAG in tags:
            return None
        if PIN_TAG in tags:
            return NotableReason.PINNED
        if said.tone is Tone.NEGATIVE:
            return NotableReason.NEGATIVE_OPEN if said.treated_by is None else NotableReason.NEGATIVE_TREATED
        return NotableReason.QUALIFIED
    return NotableReason.RELEVANCE if reach_of(mention) is None else NotableReason.REACH


def _apart(told: Sequence[NotableMention], limit: int) -> Iterable[NotableMention]:
    waiting, last = list(told), None
    for _ in range(limit):
        following = next((one for one in waiting if _thread(one.mention) != last), None)
        if following is None:
            return
        waiting.remove(following)
        last = _thread(following.mention)
        yield following


def _thread(mention: Mention) -> tuple[str, ...]:
    if mention.conversation is not None:
        return (mention.platform, mention.conversation.id)
    actor = mention.actor
    return (mention.id,) if actor is None else (mention.platform, "", actor.handle or actor.phone or actor.name)
