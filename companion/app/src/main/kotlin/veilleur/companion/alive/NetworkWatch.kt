package veilleur.companion.alive

import android.content.Context
import android.net.ConnectivityManager
import android.net.Network
import android.net.NetworkCapabilities
import veilleur.companion.service

/** Tells of every change of the network, and of its kind in the contract's words. */
class NetworkWatch(context: Context, private val changed: () -> Unit) : ConnectivityManager.NetworkCallback() {
    private val connectivity = context.service<ConnectivityManager>()

    fun start() = connectivity.registerDefaultNetworkCallback(this)

    /** Harmless where it was never started. */
    fun stop() = try {
        connectivity.unregisterNetworkCallback(this)
    } catch (_: IllegalArgumentException) {
        Unit
    }

    fun kind(): String {
        val now = connectivity.getNetworkCapabilities(connectivity.activeNetwork) ?: return "none"
        return when {
            now.hasTransport(NetworkCapabilities.TRANSPORT_ETHERNET) -> "ethernet"
            now.hasTransport(NetworkCapabilities.TRANSPORT_WIFI) -> "wifi"
            now.hasTransport(NetworkCapabilities.TRANSPORT_CELLULAR) -> "mobile"
            else -> "other"
        }
    }

    override fun onAvailable(network: Network) = changed()

    override fun onLost(network: Network) = changed()
}
