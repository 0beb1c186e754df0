package veilleur.companion.capture

import android.app.Notification
import android.content.Context
import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.drawable.Drawable
import android.graphics.drawable.Icon
import android.os.Bundle
import android.util.Base64
import java.io.ByteArrayOutputStream
import java.security.MessageDigest
import veilleur.companion.core.wire.Picture

private const val MAX_BYTES = 64 * 1024
private const val MAX_SIDE_PX = 640
private const val MIN_SIDE_PX = 40
private const val QUALITY = 80
private const val EXTRA_PICTURE_ICON = "android.pictureIcon"
private val SOURCES =
    listOf(Notification.EXTRA_PICTURE, EXTRA_PICTURE_ICON, Notification.EXTRA_LARGE_ICON_BIG, EXTRA_LARGE_ICON)

/** A picture of a notification as a JPEG of at most 64 KiB; made off the main thread. */
class Thumbnail(private val context: Context) {
    /** A picture that memory does not hold is none. */
    fun of(extras: Bundle): Picture? = try {
        SOURCES.firstNotNullOfOrNull { name -> bitmap(extras.value(name))?.let { shrink(it, name) } }
    } catch (_: OutOfMemoryError) {
        null
    }

    private fun shrink(whole: Bitmap, name: String): Picture? {
        var side = MAX_SIDE_PX
        while (side >= MIN_SIDE_PX) {
            val small = scaled(whole, side)
            val bytes = ByteArrayOutputStream().also { small.compress(Bitmap.CompressFormat.JPEG, QUALITY, it) }.toByteArray()
            if (bytes.isNotEmpty() && bytes.size <= MAX_BYTES) return picture(small, bytes, name)
            side /= 2
        }
        return null
    }

    private fun scaled(whole: Bitmap, side: Int): Bitmap {
        val longest = maxOf(whole.width, whole.height)
        if (longest <= side) return whole
        val width = maxOf(1, whole.width * side / longest)
        val height = maxOf(1, whole.height * side / longest)
        return Bitmap.createScaledBitmap(whole, width, height, true)
    }

    private fun picture(small: Bitmap, bytes: ByteArray, name: String) = Picture(
        mime = "image/jpeg",
        width = small.width.toLong(),
        height = small.height.toLong(),
        sha256 = MessageDigest.getInstance("SHA-256").digest(bytes).joinToString("") { "%02x".format(it) },
        data = Base64.encodeToString(bytes, Base64.NO_WRAP),
        of = name,
    )

    private fun bitmap(value: Any?): Bitmap? = when (value) {
        is Bitmap -> if (value.config == Bitmap.Config.HARDWARE) value.copy(Bitmap.Config.ARGB_8888, false) else value
        is Icon -> value.loadDrawable(context)?.let(::drawn)
        else -> null
    }

    private fun drawn(drawable: Drawable): Bitmap? {
        val width = minOf(drawable.intrinsicWidth, MAX_SIDE_PX)
        val height = minOf(drawable.intrinsicHeight, MAX_SIDE_PX)
        if (width <= 0 || height <= 0) return null
        val bitmap = Bitmap.createBitmap(width, height, Bitmap.Config.ARGB_8888)
        drawable.setBounds(0, 0, width, height)
        drawable.draw(Canvas(bitmap))
        return bitmap
    }
}
