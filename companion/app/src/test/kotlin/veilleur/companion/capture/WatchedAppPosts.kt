/** What TikTok and WhatsApp Business post, after real records with names and numbers replaced. */
package veilleur.companion.capture

import android.app.Notification
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.os.Bundle
import veilleur.companion.core.wire.Message
import veilleur.companion.health.TIKTOK
import veilleur.companion.health.WHATSAPP_BUSINESS

private const val THREAD_TAG = "QmFzZTY0IQ==\n"

class WatchedAppPosts(private val context: Context) {
    fun tiktokComment(): Post {
        val words = "Zoé ✨ a commenté : Cette salle donne tellement envie 😍 #vaubrume"
        val shown = builder(context, "comment_push", 1794243980000)
            .setContentTitle("TikTok")
            .setContentText(words)
            .setStyle(Notification.BigTextStyle().bigText(words))
            .setCategory("social")
            .setAutoCancel(true)
            .build()
        return shown.post(TIKTOK, TIKTOK_UID, 1048311, "app_notify_ame", 1794243980120, "Commentaires")
    }

    /** An older build: neither style nor category, the name in the title. */
    fun tiktokBare(): Post {
        val shown = builder(context, "other_channel", 0).setContentTitle("solene.raconte.vb").setContentText("vient de publier une nouvelle vidéo").build()
        return shown.post(TIKTOK, TIKTOK_UID, 7, null, 1794569477120)
    }

    fun thread(): Post = chat(
        title = "Solène Vautrelle",
        shortcut = "33639980142@s.whatsapp.net",
        conversation = null,
        messages = listOf(
            Message(1795284185000, "Solène Vautrelle", "33639980142@s.whatsapp.net", "tel:+33639980142", "Bonjour, auriez-vous une table ?"),
            Message(1795284215000, text = "Oui, pour deux ?"),
            Message(1795284248100, "Solène Vautrelle", "33639980142@s.whatsapp.net", "tel:+33639980142", "📷 Photo", "image/jpeg"),
        ),
        historic = listOf(Message(1795197845000, "Solène Vautrelle", text = "Bonjour")),
    )

    fun group(): Post = chat(
        title = "Clients (Lyon): Nadia Exemple",
        shortcut = "120363000000000001@g.us",
        conversation = "Clients (Lyon)",
        messages = listOf(
            Message(1795284185000, "Paul Inventé", "336390000001@s.whatsapp.net", text = "On a attendu une heure…"),
            Message(1795284185000, "Paul Inventé", "336390000001@s.whatsapp.net", text = "On a attendu une heure…"),
            Message(1795284248100, "Nadia Exemple", text = "C’était mieux avant"),
        ),
    )

    /** A deletion replaces the words in place, on the silent channel. */
    fun deletion(): Post {
        val shown = messaging("silent_notifications_3", "Nadia Exemple", null, "33639000002@s.whatsapp.net")
            .build()
            .withMessages(listOf(Message(1795284248100, "Nadia Exemple", text = "Ce message a été supprimé")))
        shown.extras.putBoolean("android.isGroupConversation", false)
        return whatsapp(shown, 1, "Supprime==\n", "Notifications silencieuses", NotificationManager.IMPORTANCE_LOW)
    }

    fun summary(): Post {
        val lines = listOf("Paul Inventé @ Clients (Lyon): On a attendu une heure…", "Nadia Exemple: Bonjour")
        val style = Notification.InboxStyle().setSummaryText("2 messages de 2 discussions")
        lines.forEach(style::addLine)
        val shown = builder(context, "silent_notifications_1", 0)
            .setContentTitle("WhatsApp Business")
            .setContentText("2 messages de 2 discussions")
            .setStyle(style)
            .setCategory("msg")
            .setGroup("group_key_messages")
            .setGroupSummary(true)
            .setNumber(2)
            .setTicker("Message de Paul Inventé")
            .build()
        return whatsapp(shown, 1, null, "Notifications silencieuses", NotificationManager.IMPORTANCE_LOW)
    }

    fun backup(): Post {
        val shown = builder(context, "chat_history_backup@1", 1795284248100)
            .setContentTitle("WhatsApp Business")
            .setContentText("Sauvegarde en cours")
            .setProgress(100, 12, false)
            .setOngoing(true)
            .build()
        return whatsapp(shown, 5, null, null, NotificationManager.IMPORTANCE_LOW)
    }

    private fun chat(title: String, shortcut: String, conversation: String?, messages: List<Message>, historic: List<Message> = emptyList()): Post {
        val channel = if (conversation == null) "individual_chat_defaults_2" else "group_chat_defaults_2"
        val shown = messaging(channel, title, conversation, shortcut)
            .setNumber(messages.size)
            .addAction(action("Répondre"))
            .addAction(action("Marquer comme lu"))
            .build()
            .withMessages(messages, historic)
        shown.extras.putBoolean("android.isGroupConversation", conversation != null)
        shown.extras.putCharSequence(Notification.EXTRA_TITLE, title)
        shown.extras.putCharSequence(Notification.EXTRA_TEXT, messages.last().text)
        return whatsapp(shown, 1, THREAD_TAG, "Discussions", NotificationManager.IMPORTANCE_HIGH)
    }

    @Suppress("DEPRECATION")
    private fun messaging(channel: String, title: String, conversation: String?, shortcut: String): Notification.Builder {
        val style = Notification.MessagingStyle("Vous").setConversationTitle(conversation).addMessage("…", 1795284248100, title)
        val own = Bundle().apply { putInt("last_row_id", 16301) }
        return builder(context, channel, 1795284248100)
            .setStyle(style)
            .setCategory("msg")
            .setGroup("group_key_messages")
            .setShortcutId(shortcut)
            .setOnlyAlertOnce(true)
            .addExtras(own)
    }

    private fun action(label: String): Notification.Action {
        val intent = PendingIntent.getBroadcast(context, 0, Intent("reply"), PendingIntent.FLAG_IMMUTABLE)
        return Notification.Action.Builder(null, label, intent).build()
    }

    private fun whatsapp(shown: Notification, id: Int, tag: String?, channelName: String?, importance: Int) =
        shown.post(WHATSAPP_BUSINESS, WHATSAPP_UID, id, tag, 1795284249000, channelName, importance)
}
