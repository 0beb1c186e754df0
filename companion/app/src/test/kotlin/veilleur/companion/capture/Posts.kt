/** Notifications as the watched apps make them, built with Android's own builders. */
package veilleur.companion.capture

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.Person
import android.content.Context
import android.os.Build
import android.os.Bundle
import android.os.Parcelable
import android.os.Process
import android.service.notification.NotificationListenerService.Ranking
import android.service.notification.NotificationListenerService.RankingMap
import android.service.notification.StatusBarNotification
import org.robolectric.util.ReflectionHelpers
import veilleur.companion.core.wire.Message

const val TIKTOK_UID = 10213
const val WHATSAPP_UID = 10157

/** An app's notification with the channel that Android's ranking names beside it. */
class Post(val shown: StatusBarNotification, val channelName: String?, val importance: Int) {
    val rankings: RankingMap get() = Rankings.of(this)
}

fun builder(context: Context, channel: String, atMs: Long): Notification.Builder =
    Notification.Builder(context, channel).setSmallIcon(android.R.drawable.ic_dialog_email).setWhen(atMs)

@Suppress("DEPRECATION")
fun Notification.post(
    packageName: String,
    uid: Int,
    id: Int,
    tag: String?,
    atMs: Long,
    channelName: String? = null,
    importance: Int = NotificationManager.IMPORTANCE_DEFAULT,
) = Post(
    StatusBarNotification(packageName, packageName, id, tag, uid, 0, 0, this, Process.myUserHandle(), atMs),
    channelName,
    importance,
)

/** A MessagingStyle whose messages carry their persons, as AndroidX writes them on this Android. */
fun Notification.withMessages(messages: List<Message>, historic: List<Message> = emptyList()): Notification = apply {
    extras.putParcelableArray(Notification.EXTRA_MESSAGES, messages.map(::bundleOf).toTypedArray<Parcelable>())
    if (historic.isNotEmpty()) {
        extras.putParcelableArray(Notification.EXTRA_HISTORIC_MESSAGES, historic.map(::bundleOf).toTypedArray<Parcelable>())
    }
}

private fun bundleOf(message: Message) = Bundle().apply {
    putCharSequence("text", message.text)
    message.atMs?.let { putLong("time", it) }
    message.mime?.let { putString("type", it) }
    if (message.sender == null) return@apply
    putCharSequence("sender", message.sender)
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) {
        putParcelable("sender_person", Person.Builder().setName(message.sender).setKey(message.senderKey).setUri(message.senderUri).build())
    } else {
        val person = Bundle()
        person.putCharSequence("name", message.sender)
        person.putString("key", message.senderKey)
        person.putString("uri", message.senderUri)
        putBundle("person", person)
    }
}

/** What Android's ranking says beside a notification; its constructors are hidden, and other ones on each Android. */
private object Rankings {
    fun of(post: Post): RankingMap {
        val isNew = Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q
        val kind = if (isNew) Array<Ranking>::class.java else updateClass
        val told = if (isNew) arrayOf(ranking(post)) else oldUpdateOf(post)
        return RankingMap::class.java.getDeclaredConstructor(kind).apply { isAccessible = true }.newInstance(told)
    }

    private val updateClass: Class<*> get() = Class.forName("android.service.notification.NotificationRankingUpdate")

    private fun channelOf(post: Post) =
        NotificationChannel(post.shown.notification.channelId, post.channelName ?: "", post.importance)

    private fun ranking(post: Post) = Ranking().also { ranking ->
        ReflectionHelpers.setField(ranking, "mKey", post.shown.key)
        ReflectionHelpers.setField(ranking, "mImportance", post.importance)
        ReflectionHelpers.setField(ranking, "mChannel", channelOf(post))
    }

    private fun oldUpdateOf(post: Post): Any {
        val constructor = updateClass.declaredConstructors.first { it.parameterCount > 1 }.apply { isAccessible = true }
        val keys = arrayOf(post.shown.key)
        var arrays = 0
        var bundles = 0
        val values = constructor.parameterTypes.map { type ->
            when {
                type == Array<String>::class.java -> if (arrays++ == 0) keys else emptyArray<String>()
                type == IntArray::class.java -> intArrayOf(post.importance)
                bundles++ == CHANNELS -> Bundle().apply { putParcelable(post.shown.key, channelOf(post)) }
                else -> Bundle()
            }
        }
        return constructor.newInstance(*values.toTypedArray())
    }

    private const val CHANNELS = 4
}
