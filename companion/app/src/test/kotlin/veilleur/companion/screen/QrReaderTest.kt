package veilleur.companion.screen

import com.google.zxing.BarcodeFormat
import com.google.zxing.EncodeHintType
import com.google.zxing.qrcode.QRCodeWriter
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import veilleur.companion.keep.VaultTest

class QrReaderTest {
    private val width = 1280
    private val height = 720

    /** A frame as a camera gives it: the code's brightness, then a half of colour that does not matter. */
    private fun frame(text: String, dark: Int = 30, light: Int = 220): ByteArray {
        val side = 600
        val code = QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, side, side, mapOf(EncodeHintType.MARGIN to 4))
        val frame = ByteArray(width * height * 3 / 2) { light.toByte() }
        for (y in 0 until side) for (x in 0 until side) {
            if (code.get(x, y)) frame[(y + 60) * width + x + 340] = dark.toByte()
        }
        return frame
    }

    @Test
    fun `a pairing code on a screen is read whole from a camera's frame`() {
        assertEquals(VaultTest.PAIRING_TEXT, QrReader().read(frame(VaultTest.PAIRING_TEXT), width, height))
    }

    @Test
    fun `a dim picture is read too`() {
        assertEquals("veilleur:dim", QrReader().read(frame("veilleur:dim", dark = 60, light = 110), width, height))
    }

    @Test
    fun `a frame without a code, and a frame that is cut off, are nothing`() {
        assertNull(QrReader().read(ByteArray(width * height * 3 / 2), width, height))
        assertNull(QrReader().read(ByteArray(10), width, height))
    }

    @Test
    fun `one reader reads frame after frame`() {
        val reader = QrReader()
        assertNull(reader.read(ByteArray(width * height * 3 / 2), width, height))
        assertEquals("veilleur:second", reader.read(frame("veilleur:second"), width, height))
    }
}
