/**
 * One connection to a broker, from hello to end, over one paho client that is never used again.
 *
 * paho's callbacks only put down what came: a callback that blocks or throws stops its client. Its persistence stays in
 * memory (the one in files would write payloads beside the spool) and it does not reconnect: the link does.
 */
package veilleur.companion.core.link

import java.io.Closeable
import java.io.IOException
import java.security.cert.CertificateException
import java.time.Instant
import java.util.concurrent.BlockingQueue
import kotlin.concurrent.thread
import org.eclipse.paho.client.mqttv3.IMqttActionListener
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken
import org.eclipse.paho.client.mqttv3.IMqttToken
import org.eclipse.paho.client.mqttv3.MqttAsyncClient
import org.eclipse.paho.client.mqttv3.MqttCallback
import org.eclipse.paho.client.mqttv3.MqttConnectOptions
import org.eclipse.paho.client.mqttv3.MqttException
import org.eclipse.paho.client.mqttv3.MqttMessage
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence

private const val AT_LEAST_ONCE = 1
private const val OTHER_MESSAGES = 16
private const val LEAVES_WITHIN_MS = 500L
private const val ENDS_WITHIN_MS = 4_000L

/** A message on its way to a topic; [seq] is there where the drainer waits for its answer. */
internal class Outgoing(val topic: String, val payload: ByteArray, val isRetained: Boolean, val seq: Long? = null)

/** For one thread; what happens is put into [events]. */
internal class PahoConnection(
    private val address: BrokerAddress,
    private val settings: LinkSettings,
    nowAt: () -> Instant,
    private val events: BlockingQueue<LinkEvent>,
) : Closeable {
    private val tls = if (address.isEncrypted) tlsTrusting(address.keySha256, nowAt) else null
    private val socket = BrokerSocket(address, tls, settings.handshakeMs)
    private val client = MqttAsyncClient(address.pahoUri(), address.username ?: settings.device, MemoryPersistence())

    private var connecting: IMqttToken? = null

    /** Connects and subscribes; returns once the broker has granted everything. Throws BrokerException. */
    fun open(will: Outgoing, subscriptions: List<String>) {
        client.setCallback(Notes(events))
        try {
            client.connect(options(will)).also { connecting = it }.waitForCompletion(settings.handshakeMs)
            val asked = IntArray(subscriptions.size) { AT_LEAST_ONCE }
            val granted = client.subscribe(subscriptions.toTypedArray(), asked).apply { waitForCompletion(settings.handshakeMs) }.grantedQos
            // MQTT 3.1.1 §3.9.3: 0x80 is a refusal; a granted QoS 0 would lose silently
            val refused = subscriptions.filterIndexed { index, _ -> granted.getOrNull(index) != AT_LEAST_ONCE }
            if (refused.isNotEmpty()) {
                throw BrokerException(
                    LinkProblem.NOT_ALLOWED_TO_READ,
                    "the broker refused ${settings.device} to read ${refused.joinToString()}: check its access rules",
                )
            }
        } catch (error: MqttException) {
            throw refusal(error)
        }
    }

    /** Hands one message over; Answered follows where it has a seq. Throws BrokerException. */
    fun publish(message: Outgoing) {
        val told = MqttMessage(message.payload).apply {
            qos = AT_LEAST_ONCE
            isRetained = message.isRetained
        }
        try {
            client.publish(message.topic, told, null, message.seq?.let { Answer(it, events) })
        } catch (error: MqttException) {
            throw BrokerException(LinkProblem.LOST, "lost the broker at $address", error)
        }
    }

    /** Says goodbye, where the line still stands, and waits a little until it was sent. */
    fun leave() {
        quietly { client.disconnectForcibly(LEAVES_WITHIN_MS, LEAVES_WITHIN_MS, true) }
    }

    /** Cuts the line and ends paho's threads, which are left behind where they do not end in time. */
    override fun close() {
        quietly { socket.close() }
        thread(name = "mqtt end", isDaemon = true) {
            // a client that is still connecting notices the cut by itself, and must not be disturbed until then
            quietly { connecting?.waitForCompletion(ENDS_WITHIN_MS) }
            quietly { client.disconnectForcibly(0, 1, false) }
            quietly { client.close(true) }
        }.join(ENDS_WITHIN_MS)
    }

    private fun quietly(end: () -> Unit) {
        try {
            end()
        } catch (_: IOException) {
            // it was closed
        } catch (_: MqttException) {
            // it had ended by itself
        }
    }

    private fun options(will: Outgoing) = MqttConnectOptions().apply {
        mqttVersion = MqttConnectOptions.MQTT_VERSION_3_1_1
        isCleanSession = true
        isAutomaticReconnect = false
        keepAliveInterval = settings.keepaliveSeconds
        connectionTimeout = (settings.handshakeMs / 1000).toInt()
        maxInflight = settings.window + OTHER_MESSAGES
        socketFactory = OneSocketFactory(socket)
        address.username?.let { userName = it }
        address.password?.let { password = it.toCharArray() }
        setWill(will.topic, will.payload, AT_LEAST_ONCE, will.isRetained)
    }

    private fun refusal(error: MqttException): BrokerException {
        val causes = generateSequence(error as Throwable) { it.cause }
        val distrust = causes.find { it is CertificateException }
        return when {
            distrust != null -> BrokerException(
                LinkProblem.NOT_TRUSTED,
                "the broker at $address is not trusted, nothing was sent: ${distrust.message}",
                error,
            )
            error.reasonCode in WRONG_CREDENTIALS -> BrokerException(
                LinkProblem.WRONG_CREDENTIALS,
                "the broker at $address refused the user name or password: pair this device again",
                error,
            )
            else -> BrokerException(LinkProblem.NO_ANSWER, "no broker answers at $address: ${causes.last().message}", error)
        }
    }

    private companion object {
        val WRONG_CREDENTIALS =
            setOf(MqttException.REASON_CODE_FAILED_AUTHENTICATION.toInt(), MqttException.REASON_CODE_NOT_AUTHORIZED.toInt())
    }
}

private class Notes(private val events: BlockingQueue<LinkEvent>) : MqttCallback {
    override fun connectionLost(cause: Throwable?) {
        val reasons = generateSequence(cause) { it.cause }
        events.offer(LinkEvent.Over(reasons.lastOrNull()?.message ?: "the connection broke"))
    }

    override fun messageArrived(topic: String, message: MqttMessage) {
        events.offer(LinkEvent.Received(topic, message.payload))
    }

    override fun deliveryComplete(token: IMqttDeliveryToken?) = Unit
}

private class Answer(private val seq: Long, private val events: BlockingQueue<LinkEvent>) : IMqttActionListener {
    override fun onSuccess(token: IMqttToken?) {
        events.offer(LinkEvent.Answered(seq))
    }

    /** The connection is over, which connectionLost tells. */
    override fun onFailure(token: IMqttToken?, cause: Throwable?) = Unit
}
