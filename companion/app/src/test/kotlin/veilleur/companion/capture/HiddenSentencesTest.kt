package veilleur.companion.capture

import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import veilleur.companion.RecordingApplication

@RunWith(RobolectricTestRunner::class)
@Config(application = RecordingApplication::class)
class HiddenSentencesTest {
    @Test
    @Config(sdk = [35])
    fun `Android 15 tells its own sentence in the tablet's language`() {
        assertEquals(listOf("Sensitive notification content hidden"), HiddenSentences.read())
    }

    @Test
    @Config(sdk = [26, 34])
    fun `an Android that hides nothing has none`() = assertEquals(emptyList<String>(), HiddenSentences.read())
}
