"""Thursday 12 November: silence on one side, a dessert that everybody likes on the other."""

from __future__ import annotations

from datetime import date
from typing import Final

from samples.story import usual as u
from samples.story import wordings as w
from samples.story.cast import (
    BARNABE,
    BASTIEN,
    BUSINESS,
    CELIE,
    GUS,
    HONORE,
    IDRISS,
    IRMA,
    MAELLE,
    NOEMIE,
    NOUR,
    OCTAVE,
    PAPILLES,
    POPPY,
    SOLENE,
    STAFF,
    THEO,
    TIBO,
    TIKTOK,
    YSE,
    ZOE,
)
from samples.story.moments import Day, Deletes, Hides, Opens, Pushes, Says, Shows

BURST: Final = "the dessert video's likes"

THURSDAY: Final = Day(
    date(2026, 11, 12),
    (
        u.canary("06:30:00", 4),
        Opens("08:40:12", YSE),
        Says("09:30:05", SOLENE, "Allô ?"),
        Says("09:31:05", SOLENE, "Allô ?"),
        Says("11:10:44", HONORE, "On confirme pour samedi, douze personnes, 20 h"),
        Opens("11:18:09", HONORE),
        Says("14:30:10", STAFF, "Il y a une dame qui écrit tous les jours pour le poulet froid", NOEMIE),
        Says("14:31:26", STAFF, "Répondez pas, ça va se tasser", BASTIEN),
        Deletes("14:33:40", STAFF, "Répondez pas, ça va se tasser"),
        Says("14:40:02", STAFF, "La vidéo de l'île flottante part à 18 h", IDRISS),
        Opens("15:02:51", STAFF),
        Hides("17:30:00", TIKTOK, "REASON_CANCEL_ALL"),
        Pushes("18:04:11", w.LIKE, MAELLE, slot=BURST),
        Pushes("18:05:37", w.COMMENT, MAELLE, "Mais cette île flottante 😭 #ileflottante"),
        Pushes("18:07:02", w.COMMENT, ZOE, "Le caramel qui craque 🤤 #ileflottante #vaubrume"),
        Pushes("18:09:48", w.FOLLOW, BARNABE),
        Pushes("18:11:20", w.CROWD, MAELLE, others=17, slot=BURST),
        Pushes("18:12:05", w.COMMENT, TIBO, "je veux la même pour mon anniv"),
        Pushes(
            "18:15:31", w.MENTION, PAPILLES, "@letirelouche la meilleure île flottante du département #ileflottante"
        ),
        Pushes("18:19:54", w.FOLLOW, CELIE),
        Pushes("18:22:16", w.COMMENT, CELIE, "C'est quoi la recette du praliné ?"),
        Pushes("18:30:40", w.COMMENT, NOUR, "ما شاء الله 😍 #ileflottante"),
        Pushes("18:41:09", w.CROWD, MAELLE, others=214, slot=BURST),
        Pushes("18:44:57", w.REPLY, CELIE, "merci pour le secret 🤫"),
        Pushes("18:52:33", w.FOLLOW, OCTAVE),
        Pushes("18:58:20", w.COMMENT, GUS, "Vaut le détour ? Je suis à deux heures de route #ileflottante"),
        Hides("19:00:30", TIKTOK, "REASON_CANCEL", channel="comment_push"),
        Pushes("19:03:45", w.LIKE_COMMENT, GUS),
        Pushes("19:10:02", w.COMMENT, OCTAVE, "1,2 k likes en une heure, bravo l'équipe 👏", who_in_title=True),
        Pushes("19:20:31", w.CROWD, MAELLE, others=862, slot=BURST),
        Pushes("19:26:18", w.DUET, BARNABE),
        Pushes("19:33:50", w.FOLLOW, IRMA),
        Pushes("19:40:27", w.COMMENT, IRMA, "Trop beau, je réserve pour samedi #vaubrume"),
        Pushes("19:55:04", w.MENTION, THEO, "@letirelouche faut qu'on y aille @celie-bec-sucre"),
        Pushes("20:02:39", w.MESSAGE, CELIE, "Bonsoir, vous faites aussi des gâteaux à emporter ?"),
        Pushes("20:15:48", w.BIG_CROWD, MAELLE, others=1240, slot=BURST),
        Pushes("20:22:10", w.FOLLOW, POPPY),
        Pushes("20:31:55", w.COMMENT, POPPY, "Adding this to my France list! #ileflottante"),
        Pushes("20:47:12", w.COMMENT, BARNABE, "Version duo en ligne chez moi #ileflottante #teamtirelouche"),
        Pushes("21:05:36", w.COMMENT, THEO, "#teamtirelouche"),
        Shows(
            "21:30:00",
            BUSINESS,
            31,
            "other_notifications@1",
            "WhatsApp Business",
            "Vous pourriez avoir de nouveaux messages",
        ),
        u.withdraws("21:30:12", BUSINESS, 31),
        Hides("22:30:00", TIKTOK, "REASON_CANCEL_ALL"),
    ),
)
