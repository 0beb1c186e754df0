"""Monday 9 November: an ordinary day, and a booking."""

from __future__ import annotations

from datetime import date
from typing import Final

from samples.story import usual as u
from samples.story import wordings as w
from samples.story.cast import (
    BASTIEN,
    BUSINESS,
    HONORE,
    IDRISS,
    NOEMIE,
    PAPILLES,
    PRESS_FEED,
    SOLENE,
    STAFF,
    TIKTOK,
    WHATSAPP,
    ZOE,
)
from samples.story.moments import Answers, Day, Hides, Opens, Publishes, Pushes, Says

MONDAY: Final = Day(
    date(2026, 11, 9),
    (
        u.canary("06:30:00", 1),
        u.backup("06:45:10", 12),
        u.backup("06:46:02", 78),
        u.withdraws("06:46:40", BUSINESS, u.BACKUP),
        Says("08:12:25", STAFF, "Bonjour à tous, livraison de volailles décalée à 10 h", BASTIEN),
        Says("08:13:02", STAFF, "Ok chef, je préviens la plonge", IDRISS),
        Says("08:20:47", STAFF, "On garde le poulet fermier à la carte demain midi ?", NOEMIE),
        Opens("08:31:15", STAFF),
        Publishes(
            "09:02:00",
            PRESS_FEED,
            "2026-11-09-marche",
            "Le marché couvert de Vaubrume rouvre ses portes",
            "Après six semaines de travaux, les étals retrouvent la halle de la rue des Tanneurs.",
            "https://gazette-vaubrume.example/2026/11/09/marche-couvert",
        ),
        u.web_session("09:40:12"),
        Says("10:05:31", SOLENE, "Bonjour, auriez-vous une table pour deux demain midi ?"),
        Answers("10:09:50", SOLENE, "Bonjour, oui, 12 h 15 en salle. À demain !"),
        Says("10:11:08", SOLENE, "Parfait, merci 😊"),
        Opens("10:12:40", SOLENE),
        u.withdraws("11:20:09", WHATSAPP, u.WEB_SESSION),
        Pushes("11:47:33", w.FOLLOW, PAPILLES),
        Pushes("12:30:18", w.SUGGESTION, words="Plus de 25 M de personnes ont vu : la purée la plus lisse du monde"),
        Says("15:22:10", HONORE, "Bonsoir, nous serons douze samedi soir pour les 60 ans de ma mère, c'est faisable ?"),
        Opens("15:40:33", HONORE),
        Pushes("18:05:44", w.LIKE, ZOE),
        Pushes("18:06:20", w.COMMENT, ZOE, "Cette salle donne tellement envie 😍 #vaubrume"),
        Hides("22:40:00", TIKTOK, "REASON_CANCEL_ALL"),
    ),
)
