package veilleur.companion.screen

import com.google.zxing.BarcodeFormat
import com.google.zxing.BinaryBitmap
import com.google.zxing.DecodeHintType
import com.google.zxing.MultiFormatReader
import com.google.zxing.NotFoundException
import com.google.zxing.PlanarYUVLuminanceSource
import com.google.zxing.common.HybridBinarizer

/** Finds a QR code in a camera's frame; no Android type, so it is tested with drawn codes. */
class QrReader {
    private val reader = MultiFormatReader().apply {
        setHints(mapOf(DecodeHintType.POSSIBLE_FORMATS to listOf(BarcodeFormat.QR_CODE), DecodeHintType.TRY_HARDER to true))
    }

    /** Reads a frame whose first plane is the brightness, as in NV21; null where no whole code is in it. */
    fun read(frame: ByteArray, width: Int, height: Int): String? {
        if (frame.size < width * height) return null
        val light = PlanarYUVLuminanceSource(frame, width, height, 0, 0, width, height, false)
        return try {
            reader.decodeWithState(BinaryBitmap(HybridBinarizer(light))).text
        } catch (_: NotFoundException) {
            null
        } finally {
            reader.reset()
        }
    }
}
