package veilleur.companion.core.wire

import java.nio.charset.StandardCharsets

private const val HEAD_BYTES = 512

// every part ends at its own delimiter: no backtracking, and a number cut in half is no number
private val HEAD = Regex(
    """[ \t\r\n]*+\{\s*+"v"\s*+:\s*+([0-9]{1,9}+)\s*+,""" +
        """\s*+"id"\s*+:\s*+"([ !#-\[\]-~]{1,128}+)"\s*+,""" +
        """\s*+"device"\s*+:\s*+"([a-z0-9-]{1,64}+)"\s*+,""" +
        """\s*+"epoch"\s*+:\s*+"([ !#-\[\]-~]{1,64}+)"\s*+,""" +
        """\s*+"seq"\s*+:\s*+([1-9][0-9]{0,15}+)\s*+[,\}].*+""",
    RegexOption.DOT_MATCHES_ALL,
)

/** Who sent an unreadable envelope, and which seq it holds. */
data class Head(val id: String, val device: String, val epoch: String, val seq: Long)

/** Return the head where `v, id, device, epoch, seq` stand first and whole in the first 512 bytes, else null. */
fun readHead(payload: ByteArray): Head? {
    val start = String(payload, 0, minOf(payload.size, HEAD_BYTES), StandardCharsets.ISO_8859_1)
    val (_, id, device, epoch, seq) = HEAD.matchEntire(start)?.destructured ?: return null
    return Head(id, device, epoch, seq.toLong()).takeIf { it.seq <= MAX_SEQ }
}
