"""Wednesday 11 November: she asks again; in the evening the battery saver stops the companion for five hours."""

from __future__ import annotations

from datetime import date
from typing import Final

from samples.story import usual as u
from samples.story import wordings as w
from samples.story.cast import (
    BARNABE,
    BASTIEN,
    BUSINESS,
    IRMA,
    NOEMIE,
    PAPILLES,
    SOLENE,
    STAFF,
    STRANGER,
    THEO,
    TIKTOK,
    YSE,
    ZOE,
)
from samples.story.moments import Day, FallsAsleep, Hides, Opens, Pushes, Says, WakesUp

WEDNESDAY: Final = Day(
    date(2026, 11, 11),
    (
        u.canary("06:30:00", 3),
        Pushes("08:55:14", w.PROFILE_VIEWS, IRMA),
        Pushes("09:01:33", w.SUGGESTION, words="Trois desserts sans four que tout le monde refait"),
        Says("10:15:22", SOLENE, "Bonjour, je reviens vers vous au sujet de mon repas d'hier."),
        Says(
            "10:16:09",
            SOLENE,
            "Froid, rose au milieu, et du plastique dans la sauce : j'attends au moins une explication.",
        ),
        Says("10:48:50", STRANGER, "Bonjour, avez-vous un menu sans gluten ?"),
        Says("10:49:25", STRANGER, "Pour quatre personnes vendredi", reposts_all=True),
        Opens("11:05:12", STRANGER),
        Pushes("12:20:40", w.COMMENT, IRMA, "Le menu du jour est affiché où ? #letirelouche", who_in_title=True),
        Pushes("12:21:05", w.REPLY, PAPILLES, "en vitrine et sur leur page"),
        Hides("14:00:00", TIKTOK, "REASON_APP_CANCEL_ALL"),
        Says("15:12:31", STAFF, "Qui répond sur le téléphone du resto cette semaine ?", NOEMIE),
        Pushes("16:40:11", w.FOLLOW, ZOE),
        Says("17:20:02", YSE, "Bonjour, j'ai vu votre publicité, le menu du soir est à combien ?"),
        FallsAsleep("17:42:00"),
        u.backup("18:02:00", 40),
        u.withdraws("18:03:30", BUSINESS, u.BACKUP),
        Says("18:26:37", YSE, "Et vous prenez les tickets restaurant ?"),
        Pushes("19:05:00", w.LIVE, BARNABE, slot="a live that nobody captured"),
        Says("19:40:15", STAFF, "Moi non plus je ne l'ai pas vu, ce téléphone", BASTIEN),
        Hides("20:05:30", TIKTOK, "REASON_APP_CANCEL", channel="live_push"),
        Pushes("20:11:08", w.COMMENT, THEO, "On a super bien mangé ce soir 👌"),
        Pushes("20:30:00", w.SUGGESTION, words="LIVE : tes spectateurs veulent en voir plus"),
        Says("21:14:26", SOLENE, "Deux jours sans réponse. Je trouve cela inadmissible."),
        WakesUp("22:51:07"),
        Opens("23:05:18", STAFF),
    ),
)
