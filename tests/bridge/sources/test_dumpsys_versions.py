"""What each Android version and maker prints is read for what it says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.bridge.sources.log_reading import DUMPS, envelopes, missing, notifications, problems, read_bytes, read_file
from veilleur_bridge.envelope import Message, Notification, Picture


def shown_in(name: str) -> list[Notification]:
    items = read_file(DUMPS / name)
    assert problems(items) == []
    return notifications(items)


def test_android_6_gives_the_ticker_and_says_that_the_words_are_missing() -> None:
    [shown] = shown_in("android6.txt")
    assert shown.key == "0|com.whatsapp|1|null|10061"
    assert shown.ticker == "Message de Awa Traoré"
    assert (shown.title, shown.text, shown.text_lines, shown.people) == (None, None, None, None)
    assert missing(shown) == {"title", "text", "text_lines", "people"}
    assert (shown.flags, shown.category, shown.visibility, shown.importance) == (0x11, "msg", 0, None)
    assert (shown.channel, shown.group, shown.tag) == (None, None, None)
    assert shown.actions == ("Répondre",)
    assert shown.posted_at_ms == 1479722412345


def test_android_9_glues_a_word_to_the_key_of_the_first_line_only() -> None:
    content = (DUMPS / "android9.txt").read_text()
    [shown] = shown_in("android9.txt")
    assert shown.key == "10|com.zhiliaoapp.musically|-77|aweme|1010148"
    abridged = "\n".join(line for line in content.splitlines() if not line.startswith("      key="))
    assert notifications(read_bytes(abridged.encode()))[0].key == shown.key


def test_android_9_fields() -> None:
    [envelope] = envelopes(read_file(DUMPS / "android9.txt", device="tablet-1"))
    shown = envelope.notification
    assert shown is not None
    assert (envelope.device, envelope.user, envelope.app.package) == ("tablet-1", 10, "com.zhiliaoapp.musically")
    assert (envelope.event, envelope.source.kind, envelope.source.version) == ("active", "file", "dumpsys")
    assert (envelope.epoch, envelope.seq) == (None, None)
    assert envelope.captured_at == datetime(2019, 9, 20, 9, 0, tzinfo=UTC)
    assert (shown.id, shown.tag, shown.channel, shown.importance) == (-77, "aweme", "comment_push", 3)
    assert (shown.title, shown.text, shown.sub_text) == ("Lou Perrin", "a commenté : trop bon (vraiment) !", None)
    assert (shown.ticker, shown.progress) == ("nouveau commentaire", 40)
    assert shown.extras == {"push_id": "7123456789012345678", "score": 0.5}
    assert (shown.is_group_summary, shown.ongoing, shown.flags) == (False, False, 0x10)


def test_a_samsung_summary_keeps_its_own_words_and_not_those_of_the_locked_screen() -> None:
    summary, _ = shown_in("samsung13.txt")
    assert summary.is_group_summary is True
    assert (summary.title, summary.text) == ("WhatsApp Business", "3 messages de 1 discussion")
    assert (summary.summary_text, summary.sub_text) == ("3 nouveaux messages", None)
    assert summary.text_lines == ("Léa: bonjour, une table ?", "Léa: pour 4\npersonnes", "")
    assert summary.ticker == "Message de Léa\nsur deux lignes"
    assert (summary.number, summary.shortcut_id) == (3, None)
    assert summary.channel_name == "Notifications silencieuses"
    assert summary.posted_at_ms == 1774472586565


def test_a_tag_that_ends_in_a_line_end_breaks_header_and_key_over_lines() -> None:
    _, thread = shown_in("samsung13.txt")
    assert thread.tag == "Zm9vYmFyYmF6cXV1eA==\n"
    assert thread.key == "0|com.whatsapp.w4b|1|Zm9vYmFyYmF6cXV1eA==\n|10290"
    assert (thread.importance, thread.channel) == (4, "group_chat_defaults_2")
    assert (thread.group, thread.shortcut_id) == ("group_key_messages", "120363000000000000@g.us")


def test_the_public_version_of_the_first_line_says_nothing_about_the_notification() -> None:
    _, thread = shown_in("samsung13.txt")
    assert (thread.category, thread.visibility, thread.is_group_summary) == (None, 0, False)


def test_a_thread_is_read_message_by_message() -> None:
    _, thread = shown_in("samsung13.txt")
    bonjour = Message(at_ms=1774472500000, sender="Nadia", text="Bonjour")
    assert thread.messages == (
        bonjour,
        bonjour,
        Message(at_ms=1774472560000, sender="Tom, le chef", text="Photo, time=5}]\nou pas", mime="image/jpeg"),
        Message(at_ms=1774472586000, text="Oui, à 20 h"),
    )
    assert thread.historic_messages == (Message(at_ms=1774386000000, sender="Nadia", text="Hier (déjà)"),)
    assert (thread.conversation_title, thread.is_group_conversation, thread.self_name) == (
        "Clients (Lyon)",
        True,
        "Vous",
    )
    assert thread.template == "android.app.Notification$MessagingStyle"
    assert missing(thread) == set()


def test_a_value_goes_on_over_lines_blank_ones_and_parentheses() -> None:
    _, thread = shown_in("samsung13.txt")
    assert thread.title == "Clients (Lyon): Nadia"
    assert thread.text == "Bonjour,\n\nla terrasse (celle du fond) est-elle ouverte ?\n    key=pas un champ\n"


def test_buttons_people_picture_and_other_scalars_are_kept() -> None:
    _, thread = shown_in("samsung13.txt")
    assert thread.actions == ('Répondre "tout de suite"', "Marquer comme lu")
    assert thread.people == ("tel:+33600000001",)
    assert thread.picture == Picture(width=533, height=266, of="android.picture")
    assert thread.extras == {"last_row_id": 9744}


def test_a_snoozed_an_archived_and_an_enqueued_notification_is_not_current() -> None:
    assert [shown.id for shown in shown_in("samsung13.txt")] == [1, 1]
    assert [shown.id for shown in shown_in("android16.txt")] == [1, 64278]


def test_android_16_keys_hold_bars_and_flags_have_names() -> None:
    summary, direct = shown_in("android16.txt")
    group = "0|com.instagram.android|g:Aggregate_AlertingSection"
    assert summary.key == f"0|com.instagram.android|1|{group}|10147|{group}"
    assert (summary.tag, summary.group) == (group, group)
    assert (summary.flags, summary.is_group_summary) == (0x100 | 0x200 | 0x400, True)
    assert (direct.flags, direct.ongoing, direct.is_group_summary) == (0x2 | 0x10, True, False)


def test_android_16_times_visibility_and_words_with_spaces() -> None:
    _, direct = shown_in("android16.txt")
    assert (direct.when_ms, direct.posted_at_ms) == (None, 1775160999999)
    assert (direct.visibility, direct.channel, direct.group) == (-1, "ig direct - new", "my group")
    assert direct.channel_name is None
    assert direct.extras == {"push_category": "direct_v2_message"}


def test_text_that_quotes_a_dump_makes_no_record() -> None:
    _, direct = shown_in("android16.txt")
    quoted = "NotificationRecord(0x0badf00d: pkg=com.fake user=UserHandle{0} id=1 tag=null importance=3"
    assert direct.text is not None
    assert direct.text.startswith(f"« L'été à Besançon »\n{quoted}")
    assert direct.big_text is not None
    assert direct.big_text.startswith(f"Quoted (fully)\n    {quoted}")


def test_hyperos_puts_a_word_between_key_and_colon() -> None:
    [shown] = shown_in("hyperos15.txt")
    assert (shown.key, shown.tag, shown.shortcut_id) == ("0|org.telegram.messenger|12|null|10200", None, "ndid_42")


def test_a_redacted_dump_says_what_is_missing_and_nothing_more() -> None:
    [shown] = shown_in("hyperos15.txt")
    assert missing(shown) == {"title", "text", "messages", "ticker"}
    assert (shown.title, shown.text, shown.messages, shown.ticker, shown.sub_text) == (None, None, None, None, None)
    assert shown.template == "android.app.Notification$MessagingStyle"


def test_parcelled_messages_are_missing_and_readable_ones_are_kept() -> None:
    content = (DUMPS / "samsung13.txt").read_text()
    for bundle in (
        "Bundle[{extras=Bundle[mParcelledData.dataSize=88], text=Oui, à 20 h, time=1774472586000}]",
        "Bundle[{sender=Nadia, text=Hier (déjà), time=1774386000000}]",
    ):
        assert bundle in content
        content = content.replace(bundle, "Bundle[mParcelledData.dataSize=624]")
    _, thread = notifications(read_bytes(content.encode()))
    assert thread.messages is not None
    assert len(thread.messages) == 3
    assert thread.historic_messages is None
    assert missing(thread) == {"messages", "historic_messages"}


def test_a_lone_first_line_still_says_that_something_came() -> None:
    line = (
        "  NotificationRecord(0x0359e969: pkg=app.prayer user=UserHandle{0} id=0 tag=dusk importance=4"
        " key=0|app.prayer|0|dusk|10186appImportanceLocked=false: Notification(channel=reminders pri=2 ...\n"
    )
    [envelope] = envelopes(read_bytes(line.encode()))
    assert envelope.notification is not None
    assert envelope.notification.key == "0|app.prayer|0|dusk|10186"
    assert envelope.notification.channel == "reminders"
    assert missing(envelope.notification) == {"title", "text"}


def test_a_first_line_that_somebody_cut_keeps_its_words() -> None:
    line = "  NotificationRecord(0x1: pkg=a user=UserHandle{0} id=0 tag=x key=0|a|0|x|1: Notification(channel=n ...\n"
    [shown] = notifications(read_bytes(line.encode()))
    assert shown.channel == "n"


def test_a_first_line_cut_before_the_notification_does_not_take_the_second_along() -> None:
    content = (
        "    NotificationRecord(0x1: pkg=a user=UserHandle{0} id=0 tag=x importance=2 key=0|a|0|x|1 ...\n"
        "      uid=1 userId=0\n      flags=0x8\n"
    )
    [shown] = notifications(read_bytes(content.encode()))
    assert shown.flags == 8


def test_the_importance_may_stand_by_name_only() -> None:
    content = (
        (DUMPS / "android6.txt")
        .read_text()
        .replace("      mContactAffinity", "      mImportance=HIGH\n      mContactAffinity")
    )
    [shown] = notifications(read_bytes(content.encode()))
    assert shown.importance == 4


def test_the_visibility_of_the_field_holds() -> None:
    content = (DUMPS / "hyperos15.txt").read_text().replace("vis=PUBLIC", "vis=PRIVATE")
    [shown] = notifications(read_bytes(content.encode()))
    assert shown.visibility == 1


def test_without_a_maximum_there_is_no_progress() -> None:
    content = (DUMPS / "android9.txt").read_text().replace("progressMax=Integer (100)", "progressMax=Integer (0)")
    [shown] = notifications(read_bytes(content.encode()))
    assert shown.progress is None


def test_a_long_ticker_of_a_redacted_dump_is_whole() -> None:
    content = (DUMPS / "android6.txt").read_text().replace("Message de Awa Traoré", "Message de Awa Traoré...")
    [shown] = notifications(read_bytes(content.encode()))
    assert shown.ticker == "Message de Awa Traoré..."
    assert "ticker" not in missing(shown)


def test_messages_without_the_line_before_them_are_messages() -> None:
    content = """Current Notification List:
    NotificationRecord(0x1: pkg=com.whatsapp user=UserHandle{0} id=1 tag=abc key=0|com.whatsapp|1|abc|10148: \
Notification(channel=individual_chat_defaults category=msg groupKey=chats)
        android.title=String (+33 6 00 00 00 01)
        [0] Bundle[{sender=+33 6 00 00 00 01, text=Oui, merci, time=1789312500000}]
        android.isGroupConversation=Boolean (false)
        mCreationTimeMs=1789312501000
"""
    [shown] = notifications(read_bytes(content.encode()))
    assert shown.messages == (Message(at_ms=1789312500000, sender="+33 6 00 00 00 01", text="Oui, merci"),)
    assert (shown.group, shown.is_group_conversation, shown.posted_at_ms) == ("chats", False, 1789312501000)


@pytest.mark.parametrize("code_page", ["cp437", "cp850"])
def test_a_dump_saved_by_powershell_reads_like_the_one_that_adb_sent(code_page: str) -> None:
    content = (DUMPS / "samsung13.txt").read_text()
    misread = content.encode().decode(code_page)
    saved = misread.replace("\n", "\r\n").encode("utf-16")
    assert envelopes(read_bytes(saved)) == envelopes(read_bytes(content.encode()))


def test_line_ends_of_old_adb_on_windows_do_not_count() -> None:
    content = (DUMPS / "samsung13.txt").read_bytes()
    assert envelopes(read_bytes(content.replace(b"\n", b"\r\r\n"))) == envelopes(read_bytes(content))


def test_two_dumps_in_one_file_are_both_read() -> None:
    both = (DUMPS / "samsung13.txt").read_bytes() + (DUMPS / "android16.txt").read_bytes()
    assert len(envelopes(read_bytes(both))) == 4
