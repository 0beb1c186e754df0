package veilleur.companion

import android.app.admin.DeviceAdminReceiver

/** Lets a provisioner make this app the owner of a dedicated tablet; it asks for no power over it. */
class AdminReceiver : DeviceAdminReceiver()
