"""The reader of messengers: threads posted again and again, calls, notices; an app is a description (MessagingApp)."""

from __future__ import annotations

from msgspec.structs import replace

from veilleur.model.outcome import Ignored, Outcome, Parsed, Quarantined
from veilleur.parsers.app_parser import AppParser
from veilleur.parsers.conversation_lines import summary_candidates
from veilleur.parsers.conversation_record import SUMMARY, MessagingApp, Shown
from veilleur.parsers.conversation_single import read_single
from veilleur.parsers.conversation_thread import read_thread
from veilleur_bridge.envelope import Envelope


class ConversationParser(AppParser[MessagingApp]):
    """Reads the apps of one messenger; the package tells them apart."""

    def parse(self, envelope: Envelope) -> Outcome:
        """Read one notification by its shape: noise, thread, or a title and a text."""
        notification = envelope.notification
        if notification is None:
            return Quarantined("no_notification")
        record = self._app.read_record(notification)
        shown = Shown(envelope, notification, record, self._app, self._wordings)
        if record.ignored is not None:
            is_worded = self._app.has_words_in_summaries and record.ignored == SUMMARY
            return Ignored(record.ignored, summary_candidates(shown) if is_worded else None)
        has_thread = notification.messages or notification.historic_messages
        outcome = read_thread(shown) if has_thread else read_single(shown)
        if not isinstance(outcome, Parsed):
            return outcome
        group = notification.group if self._app.has_words_in_summaries else None
        shows_edits = self._app.shows_edits and bool(has_thread)
        return replace(outcome, group=group, shows_edits=shows_edits) if group or shows_edits else outcome
