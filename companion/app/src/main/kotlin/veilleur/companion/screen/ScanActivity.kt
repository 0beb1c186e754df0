@file:Suppress("DEPRECATION")

package veilleur.companion.screen

import android.Manifest
import android.app.Activity
import android.content.Intent
import android.content.pm.PackageManager
import android.os.Bundle
import android.view.SurfaceHolder
import android.view.SurfaceView
import android.widget.TextView
import veilleur.companion.R

private const val CAMERA_REQUEST = 3

/** The camera, looking for one QR code; its text goes back to the pairing screen, no picture is kept. */
class ScanActivity : Activity(), SurfaceHolder.Callback {
    private val camera = ScanCamera(::found)
    private val preview: SurfaceView get() = part(R.id.scan_preview)

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        setContentView(R.layout.screen_scan)
        if (isAllowed()) preview.holder.addCallback(this) else requestPermissions(arrayOf(Manifest.permission.CAMERA), CAMERA_REQUEST)
    }

    override fun onRequestPermissionsResult(requestCode: Int, permissions: Array<out String>, grantResults: IntArray) {
        if (isAllowed()) recreate() else if (permissions.isNotEmpty()) finish()
    }

    override fun surfaceCreated(holder: SurfaceHolder) = Unit

    override fun surfaceChanged(holder: SurfaceHolder, format: Int, width: Int, height: Int) {
        camera.close()
        val turn = windowManager.defaultDisplay.rotation
        if (!camera.open(holder, turn)) part<TextView>(R.id.scan_hint).setText(R.string.scan_no_camera)
    }

    override fun surfaceDestroyed(holder: SurfaceHolder) = camera.close()

    private fun isAllowed() = checkSelfPermission(Manifest.permission.CAMERA) == PackageManager.PERMISSION_GRANTED

    private fun found(code: String) {
        camera.close()
        setResult(RESULT_OK, Intent().putExtra(CODE, code))
        finish()
    }

    companion object {
        const val CODE = "code"
    }
}
