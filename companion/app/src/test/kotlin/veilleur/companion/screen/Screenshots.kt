/** Pictures of a screen, drawn by Android's own renderer: for eyes, and for the guide. */
package veilleur.companion.screen

import android.app.Activity
import android.graphics.Bitmap
import android.graphics.Canvas
import android.view.View
import java.io.File
import java.io.FileOutputStream

private val FOLDER = File("target/screenshots")

/** Draws what the activity shows into target/screenshots and returns the picture. */
fun Activity.shoot(name: String): Bitmap {
    val root: View = window.decorView
    val picture = Bitmap.createBitmap(root.width, root.height, Bitmap.Config.ARGB_8888)
    root.draw(Canvas(picture))
    FOLDER.mkdirs()
    FileOutputStream(File(FOLDER, "$name.png")).use { picture.compress(Bitmap.CompressFormat.PNG, 100, it) }
    return picture
}
