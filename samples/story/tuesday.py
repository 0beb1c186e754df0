"""Tuesday 10 November: the complaint, at lunch, in words that the whole week will repeat."""

from __future__ import annotations

from datetime import date
from typing import Final

from samples.story import usual as u
from samples.story import wordings as w
from samples.story.cast import BUSINESS, IDRISS, KARIM, NOEMIE, PRIMEUR, SOLENE, STAFF, TIBO, WHATSAPP
from samples.story.moments import Answers, Day, Hides, Opens, Pushes, Says, Shows, Told

TUESDAY: Final = Day(
    date(2026, 11, 10),
    (
        u.canary("06:30:00", 2),
        u.photo("07:48:16", PRIMEUR, "Cagettes du jour, regardez les poireaux"),
        u.voice("07:50:02", PRIMEUR, "0:14"),
        Shows(
            "07:51:20",
            BUSINESS,
            14,
            "media_playback@1",
            "Message vocal",
            "Primeur Vertpré-sur-Lisse",
            category="transport",
            is_ongoing=True,
        ),
        u.withdraws("07:51:36", BUSINESS, 14),
        Opens("07:52:11", PRIMEUR),
        u.checking("10:30:05"),
        u.withdraws("10:30:09", WHATSAPP, u.CHECKING),
        Says("13:04:12", SOLENE, "Bonjour, je sors de chez vous et je suis vraiment déçue."),
        Says("13:05:03", SOLENE, "Le poulet fermier est arrivé froid, rose au milieu, pas cuit du tout."),
        Says("13:06:41", SOLENE, "Et il y avait un morceau de film plastique dans la sauce."),
        u.photo("13:07:20", SOLENE, "Voilà la photo de l'assiette"),
        Says("13:09:55", SOLENE, "J'attends une réponse de votre part, merci."),
        Shows(
            "13:52:30",
            BUSINESS,
            21,
            "voip_notification_8",
            "Solène Vautrelle",
            "Appel vocal manqué",
            told=Told("missed_call", "whatsapp", "private", "Solène Vautrelle", media="voice"),
            tag="missed_call_33639980142",
            category="missed_call",
        ),
        Hides("15:10:00", BUSINESS, "REASON_CANCEL", number=21),
        Says("15:20:18", KARIM, "Salut, je peux passer prendre la commande de pains pitas à 18 h ?"),
        Answers("15:24:44", KARIM, "Oui, passe par la cour"),
        Opens("15:25:30", KARIM),
        Says("16:02:13", STAFF, "Table 7 ce midi : poulet renvoyé, la cliente est partie fâchée", NOEMIE),
        Says("16:03:51", STAFF, "Le four du bas chauffe mal depuis samedi", IDRISS),
        Opens("16:15:00", STAFF),
        Pushes("17:12:26", w.LIKE_COMMENT, TIBO),
        Says("18:30:47", SOLENE, "Personne ne me répond ?"),
    ),
)
