"""What a receiver reads of an alert, and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from veilleur.alerts.times import first_telling, next_telling, receivers_at
from veilleur.model.alert import Alert, AlertRule, AlertRuleDraft
from veilleur.model.delivery import LONGEST_TEXT, Notice, ReceiverId, Severity
from veilleur.model.mention import Mention
from veilleur.parsers.app_names import alarm_subject_name
from veilleur.store.alerting import ToldAlert
from veilleur.wording.alert_words import alert_title
from veilleur.wording.languages import Language, load_texts, written_moment
from veilleur.wording.words import worded

_SHOWN: Final = 5
_SHOWN_OF_SEVERAL: Final = 2
_MOST_IN_ONE: Final = 20
_ALERTS_PATH: Final = "/alerts"
_LONGEST_WORDS: Final = 280
LINK_PATH: Final = "/alerts/link/"
"""What stands between a server's address and the secret of a link."""


class Teller:
    """Tells when and in which words; `address` is where people reach the pages."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")

    def first_at(self, draft: AlertRuleDraft, opened_at: datetime) -> datetime:
        return first_telling(draft, opened_at)

    def next_at(self, draft: AlertRuleDraft, told_at: datetime, told_count: int) -> datetime | None:
        return next_telling(draft, told_at, told_count)

    def names(self, draft: AlertRuleDraft, told_count: int) -> tuple[str, ...]:
        return receivers_at(draft, told_count)

    def notice(self, told: ToldAlert, *, now: datetime) -> Notice:
        """Return what a receiver is told in the rule's language and zone, with its link to take the alert on."""
        language = Language(told.rule.draft.language)
        return Notice(
            receiver_id=told.link.receiver_id,
            subject=_title(told.alert, language),
            text="\n".join(self._lines(told, language, _SHOWN)),
            queued_at=now,
            severity=told.alert.severity,
            url=self._url(told),
            alert_id=told.alert.id,
            alert_ids=(told.alert.id,),
            dedup=f"alert {told.alert.id} {told.alert.told_count}",
            language=language,
        )

    def digest(self, told: Sequence[ToldAlert], *, now: datetime) -> Notice:
        """Return what a receiver is told of several alerts at once, in the language of most of their rules."""
        if len(told) == 1:
            return self.notice(told[0], now=now)
        spoken = Counter(one.rule.draft.language for one in told)
        language = Language(spoken.most_common(1)[0][0])
        texts, ids = load_texts(language), tuple(one.alert.id for one in told)
        parts = ["\n".join(self._lines(one, language, _SHOWN_OF_SEVERAL)) for one in told[:_MOST_IN_ONE]]
        if left := len(told) - len(parts):
            parts.append(texts.ngettext("%(count)s more alert", "%(count)s more alerts", left) % {"count": left})
        count = {"count": len(told)}
        return Notice(
            receiver_id=told[0].link.receiver_id,
            subject=texts.ngettext("%(count)s alert", "%(count)s alerts", len(told)) % count,
            text="\n\n".join(parts)[:LONGEST_TEXT],
            queued_at=now,
            severity=max((one.alert.severity for one in told), key=list(Severity).index),
            url=f"{self._address}{_ALERTS_PATH}",
            alert_ids=ids,
            dedup=f"alerts {ids[0]} to {ids[-1]}",
            language=language,
        )

    def _lines(self, told: ToldAlert, language: Language, most: int) -> list[str]:
        texts, zone = load_texts(language), ZoneInfo(told.rule.draft.zone)
        lines = [_title(told.alert, language), texts.gettext("Rule: %(name)s") % {"name": told.alert.rule}]
        lines += [_line(one, language, zone) for one in told.mentions[:most]]
        if told.alert.told_count:
            lines.append(texts.gettext("Nobody who was told before has taken it on."))
        return [*lines, texts.gettext("I am on it: %(url)s") % {"url": self._url(told)}]

    def _url(self, told: ToldAlert) -> str:
        return f"{self._address}{LINK_PATH}{told.link.secret}"


def _title(alert: Alert, language: Language) -> str:
    return alert_title(alert.reason, alert.match_count, alarm_subject_name, language)


def try_out_notice(rule: AlertRule, receiver: ReceiverId, *, now: datetime) -> Notice:
    """Return what a receiver is told where somebody tries a rule's way to it."""
    texts, name = load_texts(Language(rule.draft.language)), {"name": rule.name}
    return Notice(
        receiver_id=receiver,
        subject=texts.gettext("Test: %(name)s") % name,
        text=texts.gettext("This is a test of the alert rule %(name)s: nothing happened.") % name,
        queued_at=now,
        severity=rule.draft.severity,
        language=rule.draft.language,
    )


def _line(mention: Mention, language: Language, zone: ZoneInfo) -> str:
    texts = load_texts(language)
    who = mention.actor.name if mention.actor else mention.platform
    words = mention.body or mention.target or texts.gettext(worded(mention.kind))
    shown = words if len(words) <= _LONGEST_WORDS else f"{words[:_LONGEST_WORDS]}…"
    at = written_moment(mention.happened_at, language, zone)
    return texts.gettext("%(moment)s, %(who)s: %(words)s") % {"moment": at, "who": who, "words": shown}
