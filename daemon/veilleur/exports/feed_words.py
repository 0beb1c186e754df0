"""What a feed says in its own words, in the language and the time zone of who reads it."""

from __future__ import annotations

from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Final

from veilleur.model.coverage import Completeness, CoverageInterval
from veilleur.model.mention import Mention
from veilleur.wording.languages import Language, load_texts, written_moment, written_number
from veilleur.wording.platform_names import platform_name
from veilleur.wording.words import worded

_MOST_HOLES: Final = 3


class FeedWords:
    """The words of one feed."""

    def __init__(self, language: Language, zone: tzinfo) -> None:
        self.language = language
        self._zone = zone
        self._texts = load_texts(language)

    def word(self, word: StrEnum) -> str:
        """Return how a kind, a medium or a cause is told."""
        return self._texts.gettext(worded(word))

    def platform(self, platform: str) -> str:
        """Return a platform's name."""
        return self._texts.gettext(platform_name(platform))

    def moment(self, at: datetime) -> str:
        """Return an instant to the minute."""
        return written_moment(at, self.language, self._zone)

    def title(self, mention: Mention, told: str) -> str:
        """Return the title of an entry, with what became of the message."""
        if mention.deleted:
            return self._texts.gettext("(deleted) %(title)s") % {"title": told}
        return self._texts.gettext("(edited) %(title)s") % {"title": told} if mention.edited else told

    def state(self, mention: Mention) -> str | None:
        """Return what its sender did with the message since."""
        if mention.deleted:
            return self._texts.gettext("Its sender deleted this message.")
        return self._texts.gettext("Its sender edited this message.") if mention.edited else None

    def unseen(self, unseen: Completeness) -> str:
        """Return what could not be seen, the first of it named; empty where everything was."""
        if not unseen.known:
            return self._texts.gettext("(No device has told what it did not see.)")
        if not unseen.intervals:
            return ""
        told = "; ".join(map(self._hole, unseen.intervals[:_MOST_HOLES]))
        more = len(unseen.intervals) + unseen.omitted - min(len(unseen.intervals), _MOST_HOLES)
        if not more:
            return self._texts.gettext("(Not seen: %(holes)s.)") % {"holes": told}
        values = {"holes": told, "num": written_number(more, self.language)}
        return self._texts.gettext("(Not seen: %(holes)s; and %(num)s more.)") % values

    def _hole(self, hole: CoverageInterval) -> str:
        values = {"device": hole.device, "cause": self.word(hole.cause), "since": self.moment(hole.since_at)}
        if hole.until_at is None:
            return self._texts.gettext("%(device)s, since %(since)s: %(cause)s") % values
        values["until"] = self.moment(hole.until_at)
        return self._texts.gettext("%(device)s, from %(since)s to %(until)s: %(cause)s") % values
