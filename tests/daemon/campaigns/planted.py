"""Openings as people send them, made by chance: paraphrases of a campaign's, and other wishes in the same frame."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

OPENINGS = {
    "saint-valentin": "Bonjour, je souhaite réserver une table pour le menu de la Saint-Valentin",
    "brunch": "Bonjour, je voudrais en savoir plus sur votre brunch du dimanche",
    "coaching": "Hi! I saw your ad about the 12-week coaching programme and I'd like more information",
    "solar": "Hello, I would like a free quote for solar panels on my house",
    "curso": "Hola, quiero más información sobre el curso de repostería de octubre",
    "promo": "Hola! Vi la promoción 2x1 en pizzas familiares, ¿sigue disponible?",
    "kurs": "Guten Tag, ich interessiere mich für den Yogakurs am Mittwochabend",
    "catalogue": "Bonjour, pouvez-vous m'envoyer le catalogue des cuisines sur mesure ?",
    "consulta": "Olá, gostaria de agendar uma avaliação gratuita de clareamento dental",
    "essai": "Je veux profiter de l'essai gratuit de 14 jours",
    "corso": "Buongiorno, vorrei iscrivermi al corso di ceramica per principianti",
    "ar": "مرحبا، أريد معرفة المزيد عن عرض تأجير السيارات",
}
HARD_NEGATIVES = (
    "Bonjour, je souhaite réserver une table pour ce soir à 20 h",
    "Bonjour, je souhaite annuler ma réservation de samedi",
    "Bonjour, je souhaite réserver une table pour le menu dégustation de Noël",
    "Bonjour, je voudrais en savoir plus sur votre livraison à domicile",
    "Bonjour, je voudrais en savoir plus sur vos horaires du dimanche soir",
    "Hi! I saw your post about the new gym and I'd like a refund",
    "Hi! I'd like more information about opening hours please",
    "Hello, I would like a free quote for painting my kitchen",
    "Hello, I would like to complain about the solar panels you installed on my house last year",
    "Hola, quiero más información sobre los horarios de la tienda",
    "Hola, quiero más información sobre el curso de inglés de octubre",
    "Hola! Vi la promoción 3x2 en hamburguesas, ¿sigue disponible?",
    "Hola, mi pizza familiar llegó fría, ¿quién responde?",
    "Guten Tag, ich interessiere mich für die freie Stelle als Koch",
    "Guten Tag, ich interessiere mich für den Malkurs am Samstagmorgen",
    "Bonjour, pouvez-vous m'envoyer la facture du mois dernier ?",
    "Bonjour, pouvez-vous m'envoyer le plan de la cuisine que vous m'avez montrée ?",
    "Olá, gostaria de agendar uma consulta de ortodontia",
    "Olá, gostaria de cancelar minha avaliação",
    "Je veux résilier mon abonnement de 14 mois",
    "Je veux profiter du tarif étudiant",
    "Buongiorno, vorrei iscrivermi al corso di nuoto per bambini",
    "Buongiorno, vorrei sapere quanto costa la spedizione",
    "مرحبا، أريد معرفة موعد وصول الطلب",
    "Bonjour",
    "Hello",
    "Hola, buenas tardes",
    "👍",
    "Ok merci",
    "Bonjour, vous êtes ouverts ?",
    "Prix ?",
    "Hi there",
)
NAMES = ("Nadia", "Tibo", "Léa Marchand", "Kofi", "María José", "Jonas", "Ayşe", "Aoi")
GREETINGS = ("Bonjour", "Coucou", "Hello", "Hola buenas", "Hey", "Salut", "Bonsoir madame", "Hallo")
ENDINGS = ("merci", "svp", "Thanks!", "gracias", "bonne journée", "danke")
EMOJI = ("😊", "🙏", "👋🏽", "❤️", "🎉")


class Sent(NamedTuple):
    """A first message, and the campaign whose opening it paraphrases; None where it is none's."""

    text: str
    campaign: str | None


def planted(seed: int, count: int) -> list[Sent]:
    """Return first messages, two paraphrases for each other wish."""
    chance = random.Random(seed)
    return [_paraphrase(chance) if chance.random() < 0.66 else _other_wish(chance) for _ in range(count)]


def _paraphrase(chance: random.Random) -> Sent:
    campaign, text = chance.choice(list(OPENINGS.items()))
    changes: list[Callable[[str, random.Random], str]] = [
        _mistyped,
        _without_accents,
        _with_emoji,
        _greeted,
        _signed,
        _cut,
        _reordered,
        _shouted,
    ]
    for change in chance.sample(changes, chance.randint(0, 2)):
        text = change(text, chance)
    return Sent(text, campaign)


def _other_wish(chance: random.Random) -> Sent:
    text = chance.choice(HARD_NEGATIVES)
    for change in chance.sample([_mistyped, _without_accents, _with_emoji, _signed], chance.randint(0, 1)):
        text = change(text, chance)
    return Sent(text, None)


def _mistyped(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    long_words = [place for place, word in enumerate(words) if len(word) > 4]
    for place in chance.sample(long_words, min(len(long_words), chance.randint(1, 2))):
        word, at = words[place], chance.randrange(1, len(words[place]) - 2)
        words[place] = chance.choice(
            [
                word[:at] + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + word[at] + word[at:],
            ]
        )
    return " ".join(words)


def _without_accents(text: str, _chance: random.Random) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def _with_emoji(text: str, chance: random.Random) -> str:
    return f"{text} {chance.choice(EMOJI)}" if chance.random() < 0.6 else f"{chance.choice(EMOJI)} {text}"


def _greeted(text: str, chance: random.Random) -> str:
    return f"{chance.choice(GREETINGS)}, {text}"


def _signed(text: str, chance: random.Random) -> str:
    return f"{text} {chance.choice(ENDINGS)} {chance.choice(NAMES)}"


def _cut(text: str, chance: random.Random) -> str:
    return text[: round(len(text) * chance.uniform(0.65, 0.95))]


def _reordered(text: str, _chance: random.Random) -> str:
    words = text.split(" ")
    middle = len(words) // 2
    return " ".join(words[middle:] + words[:middle])


def _shouted(text: str, _chance: random.Random) -> str:
    return text.upper()
