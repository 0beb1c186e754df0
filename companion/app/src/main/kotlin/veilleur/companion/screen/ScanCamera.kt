@file:Suppress("DEPRECATION")

package veilleur.companion.screen

import android.hardware.Camera
import android.view.Surface
import android.view.SurfaceHolder
import java.io.IOException

private const val QUARTER_TURN = 90
private const val FULL_TURN = 360

/** The first camera API: a fifth of the code of its successor, and every Android since has it. */
class ScanCamera(private val found: (String) -> Unit) {
    private val reader = QrReader()
    private var camera: Camera? = null

    /** Shows what the camera sees and reads each frame; false where no camera can be had. */
    fun open(holder: SurfaceHolder, rotation: Int): Boolean {
        val id = backCamera() ?: return false
        return try {
            val opened = Camera.open(id).also { camera = it }
            focus(opened)
            opened.setDisplayOrientation(turnOf(id, rotation))
            opened.setPreviewDisplay(holder)
            opened.setPreviewCallback { frame, source -> look(frame, source) }
            opened.startPreview()
            true
        } catch (_: IOException) {
            close()
            false
        } catch (_: RuntimeException) {
            close()
            false
        }
    }

    fun close() {
        camera?.setPreviewCallback(null)
        camera?.release()
        camera = null
    }

    private fun look(frame: ByteArray?, source: Camera) {
        if (frame == null || camera == null) return
        val size = source.parameters.previewSize
        reader.read(frame, size.width, size.height)?.let(found)
    }

    private fun focus(camera: Camera) {
        val parameters = camera.parameters
        val mode = Camera.Parameters.FOCUS_MODE_CONTINUOUS_PICTURE
        if (mode !in parameters.supportedFocusModes.orEmpty()) return
        parameters.focusMode = mode
        camera.parameters = parameters
    }

    /** A tablet on a wall may have a front camera alone. */
    private fun backCamera(): Int? {
        val ids = 0 until Camera.getNumberOfCameras()
        return ids.firstOrNull { infoOf(it).facing == Camera.CameraInfo.CAMERA_FACING_BACK } ?: ids.firstOrNull()
    }

    private fun turnOf(id: Int, rotation: Int): Int {
        val degrees = QUARTER_TURN * when (rotation) {
            Surface.ROTATION_90 -> 1
            Surface.ROTATION_180 -> 2
            Surface.ROTATION_270 -> 3
            else -> 0
        }
        val info = infoOf(id)
        if (info.facing == Camera.CameraInfo.CAMERA_FACING_BACK) return (info.orientation - degrees + FULL_TURN) % FULL_TURN
        return (FULL_TURN - (info.orientation + degrees) % FULL_TURN) % FULL_TURN
    }

    private fun infoOf(id: Int) = Camera.CameraInfo().also { Camera.getCameraInfo(id, it) }
}
