/** Looks for a server by its name with multicast DNS (RFC 6762), where no address that a device knows answers. */
package veilleur.companion.core.link

import java.io.IOException
import java.net.DatagramPacket
import java.net.DatagramSocket
import java.net.InetAddress
import java.net.SocketTimeoutException
import java.nio.BufferUnderflowException
import java.nio.ByteBuffer
import java.util.concurrent.TimeUnit

private const val SERVICE = "_veilleur._tcp.local"
private const val TYPE_A = 1
private const val TYPE_AAAA = 28
private const val TYPE_SRV = 33
private const val CLASS_IN = 1
private const val HEADER_BYTES = 12
private const val COUNT_AT = 4
private const val POINTER = 0xC0
private const val MOST_LABELS = 64
private const val MOST_RECORDS = 64

/** Asks once, from a port of its own, so that the answer comes to us alone (RFC 6762 §6.7). */
class MdnsSearch(private val group: String = "224.0.0.251", private val port: Int = 5353, private val withinMs: Long = 1_500) :
    ServerSearch {
    /** Returns where the service of this name answers now; anybody may answer, and the server's key decides. */
    override fun search(name: String): List<Pair<String, Int>> =
        try {
            DatagramSocket().use { line -> ask(line, "$name.$SERVICE") }
        } catch (_: IOException) {
            emptyList()
        }

    private fun ask(line: DatagramSocket, instance: String): List<Pair<String, Int>> {
        val question = writeQuestion(instance)
        line.send(DatagramPacket(question, question.size, InetAddress.getByName(group), port))
        val deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(withinMs)
        val packet = DatagramPacket(ByteArray(PACKET_BYTES), PACKET_BYTES)
        while (true) {
            val leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime())
            if (leftMs <= 0) return emptyList()
            line.soTimeout = leftMs.toInt()
            try {
                line.receive(packet)
            } catch (_: SocketTimeoutException) {
                return emptyList()
            }
            placesIn(packet.data.copyOf(packet.length), instance).ifEmpty { null }?.let { return it }
        }
    }

    private companion object {
        const val PACKET_BYTES = 9_000
    }
}

/** Returns a question for the service's record (RFC 1035 §4.1). */
internal fun writeQuestion(instance: String): ByteArray {
    val question = ByteBuffer.allocate(HEADER_BYTES + instance.length + 2 + 4)
    question.putShort(COUNT_AT, 1).position(HEADER_BYTES)
    for (label in instance.split('.')) question.put(label.length.toByte()).put(label.toByteArray(Charsets.US_ASCII))
    return question.put(0).putShort(TYPE_SRV.toShort()).putShort(CLASS_IN.toShort()).array()
}

/** Returns the addresses and ports that an answer tells of a service; none where it cannot be read. */
internal fun placesIn(answer: ByteArray, instance: String): List<Pair<String, Int>> =
    try {
        val records = recordsIn(ByteBuffer.wrap(answer))
        val services = records.filter { it.type == TYPE_SRV && it.name.equals(instance, ignoreCase = true) }
        services.flatMap { service ->
            // RFC 2782: priority and weight come before the port and the host
            val (port, host) = ByteBuffer.wrap(answer).let { data ->
                data.position(service.dataAt + 4)
                (data.short.toInt() and 0xFFFF) to readName(data)
            }
            records.filter { it.isAddress && it.name.equals(host, ignoreCase = true) }
                .mapNotNull { InetAddress.getByAddress(answer.copyOfRange(it.dataAt, it.dataAt + it.length)).hostAddress }
                .map { it to port }
        }
    } catch (_: BufferUnderflowException) {
        emptyList()
    } catch (_: IllegalArgumentException) {
        emptyList()
    } catch (_: IOException) {
        emptyList()
    }

private class Record(val name: String, val type: Int, val dataAt: Int, val length: Int) {
    val isAddress: Boolean get() = (type == TYPE_A && length == 4) || (type == TYPE_AAAA && length == 16)
}

private fun recordsIn(answer: ByteBuffer): List<Record> {
    answer.position(COUNT_AT)
    val questions = answer.unsigned()
    val records = answer.unsigned() + answer.unsigned() + answer.unsigned()
    require(questions + records <= MOST_RECORDS) { "more than anybody needs" }
    answer.position(HEADER_BYTES)
    repeat(questions) {
        readName(answer)
        answer.position(answer.position() + 4)
    }
    return List(records) {
        val name = readName(answer)
        val type = answer.unsigned()
        answer.position(answer.position() + 6)
        val length = answer.unsigned()
        val at = answer.position()
        answer.position(at + length)
        Record(name, type, at, length)
    }
}

/** Reads a name, following its pointers (RFC 1035 §4.1.4), and leaves the buffer behind it. */
private fun readName(answer: ByteBuffer): String {
    val labels = ArrayList<String>()
    val reading = answer.duplicate()
    var hasJumped = false
    while (true) {
        require(labels.size < MOST_LABELS) { "a name without end" }
        val length = reading.get().toInt() and 0xFF
        if (length and POINTER == POINTER) {
            val to = (length and POINTER.inv() shl 8) or (reading.get().toInt() and 0xFF)
            require(to < reading.position() - 2) { "a pointer leads back" }
            if (!hasJumped) answer.position(reading.position())
            hasJumped = true
            reading.position(to)
            continue
        }
        if (length == 0) break
        labels += String(ByteArray(length).also(reading::get), Charsets.UTF_8)
    }
    if (!hasJumped) answer.position(reading.position())
    return labels.joinToString(".")
}

private fun ByteBuffer.unsigned(): Int = short.toInt() and 0xFFFF
