package veilleur.companion.core.link

import java.io.FilterInputStream
import java.io.FilterOutputStream
import java.io.InputStream
import java.io.OutputStream
import java.net.InetAddress
import java.net.Socket
import java.net.SocketAddress
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import javax.net.SocketFactory
import javax.net.ssl.SSLSocket
import javax.net.ssl.SSLSocketFactory

/**
 * The line to a broker, as paho is given it: once connected, its server has proven who it is.
 *
 * With TLS in here, paho's own is not used: that one cannot name an IPv6 address, and gives no hold on a socket that
 * hangs. [close] cuts the line whatever another thread does on it. Nothing is heard, the end neither, before the first
 * word of ours: a reader that ends while paho 1.2.5 starts its other threads leaves one of them waiting for ever.
 */
internal class BrokerSocket(private val address: BrokerAddress, private val tls: SSLSocketFactory?, private val handshakeMs: Long) :
    Socket() {
    private val plain = Socket()

    @Volatile
    private var line: Socket = plain

    private val hasSpoken = CountDownLatch(1)

    override fun connect(endpoint: SocketAddress, timeout: Int) {
        plain.tcpNoDelay = true
        plain.connect(endpoint, timeout)
        if (tls == null) return
        plain.soTimeout = handshakeMs.toInt()
        val secured = tls.createSocket(plain, address.host, address.port, true) as SSLSocket
        secured.enabledProtocols = secured.supportedProtocols.filter { it in SOUND_PROTOCOLS }.toTypedArray()
        if (address.keySha256 == null) {
            secured.sslParameters = secured.sslParameters.apply { endpointIdentificationAlgorithm = "HTTPS" }
        }
        secured.startHandshake()
        line = secured
    }

    override fun getInputStream(): InputStream = object : FilterInputStream(line.getInputStream()) {
        override fun read(): Int = onceSpoken().read()

        override fun read(bytes: ByteArray, offset: Int, length: Int): Int = onceSpoken().read(bytes, offset, length)

        private fun onceSpoken(): InputStream = `in`.also { hasSpoken.await(handshakeMs, TimeUnit.MILLISECONDS) }
    }

    override fun getOutputStream(): OutputStream = object : FilterOutputStream(line.getOutputStream()) {
        override fun write(byte: Int) = spoken().write(byte)

        override fun write(bytes: ByteArray, offset: Int, length: Int) = spoken().write(bytes, offset, length)

        private fun spoken(): OutputStream = out.also { hasSpoken.countDown() }
    }

    override fun setSoTimeout(timeout: Int) {
        line.soTimeout = timeout
    }

    override fun isClosed(): Boolean = plain.isClosed

    override fun close() = plain.close()

    private companion object {
        val SOUND_PROTOCOLS = setOf("TLSv1.2", "TLSv1.3")
    }
}

/** Gives paho the one socket of a connection. */
internal class OneSocketFactory(private val socket: Socket) : SocketFactory() {
    override fun createSocket(): Socket = socket

    override fun createSocket(host: String?, port: Int): Socket = throw notAsked()

    override fun createSocket(host: String?, port: Int, from: InetAddress?, fromPort: Int): Socket = throw notAsked()

    override fun createSocket(host: InetAddress?, port: Int): Socket = throw notAsked()

    override fun createSocket(host: InetAddress?, port: Int, from: InetAddress?, fromPort: Int): Socket = throw notAsked()

    private fun notAsked() = UnsupportedOperationException("a connection has one socket, which paho connects")
}
