package veilleur.companion.core.capture

import veilleur.companion.core.wire.Message
import veilleur.companion.core.wire.RawNotification

/** One member of a notification by its name in the contract: how to read it, and how to put another value there. */
internal class Field<T>(
    val name: String,
    val get: (RawNotification) -> T?,
    val with: (RawNotification, T?) -> RawNotification,
)

internal val TEXT_FIELDS: List<Field<String>> = listOf(
    Field("title", { it.title }, { shown, text -> shown.copy(title = text) }),
    Field("text", { it.text }, { shown, text -> shown.copy(text = text) }),
    Field("big_text", { it.bigText }, { shown, text -> shown.copy(bigText = text) }),
    Field("sub_text", { it.subText }, { shown, text -> shown.copy(subText = text) }),
    Field("summary_text", { it.summaryText }, { shown, text -> shown.copy(summaryText = text) }),
    Field("info_text", { it.infoText }, { shown, text -> shown.copy(infoText = text) }),
    Field("ticker", { it.ticker }, { shown, text -> shown.copy(ticker = text) }),
    Field("conversation_title", { it.conversationTitle }, { shown, text -> shown.copy(conversationTitle = text) }),
)

internal val LIST_FIELDS: List<Field<List<String>>> = listOf(
    Field("text_lines", { it.textLines }, { shown, texts -> shown.copy(textLines = texts) }),
    Field("actions", { it.actions }, { shown, texts -> shown.copy(actions = texts) }),
    Field("people", { it.people }, { shown, texts -> shown.copy(people = texts) }),
)

internal val MESSAGE_FIELDS: List<Field<List<Message>>> = listOf(
    Field("messages", { it.messages }, { shown, messages -> shown.copy(messages = messages) }),
    Field("historic_messages", { it.historicMessages }, { shown, messages -> shown.copy(historicMessages = messages) }),
)

/** Return the fields of these names, in their order. */
internal fun <T> List<Field<T>>.named(names: List<String>): List<Field<T>> =
    names.map { name -> checkNotNull(find { it.name == name }) { "The redaction rules name $name, which this program does not know." } }
