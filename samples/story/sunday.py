"""Sunday 15 November: the tablet speaks English, the owner calls, and the words turn."""

from __future__ import annotations

from datetime import date
from typing import Final

from samples.story import usual as u
from samples.story import wordings as w
from samples.story.cast import (
    BASTIEN,
    BETH,
    BUSINESS,
    GOURMANDS,
    GUS,
    LINA,
    MAELLE,
    NOEMIE,
    PAPILLES,
    POPPY,
    PRESS_FEED,
    ROSIE,
    SOLENE,
    SOLENE_TIKTOK,
    STAFF,
)
from samples.story.moments import Answers, Day, Opens, Publishes, Pushes, Says, TurnsTo

APOLOGY: Final = "the apology video's likes"

SUNDAY: Final = Day(
    date(2026, 11, 15),
    (
        u.canary("06:30:00", 7),
        Opens("09:30:12", SOLENE),
        Says("09:58:40", SOLENE, "Merci pour votre appel et vos excuses. Je l'écris aussi sous ma vidéo."),
        TurnsTo("10:30:00", "en-GB"),
        Says("10:41:15", BETH, "Hello! Is the roast chicken on today? We saw the video 😅"),
        Answers("10:44:02", BETH, "Hello! The oven is repaired, come and see"),
        Says("10:45:37", BETH, None, shown='Reacted ❤️ to "Hello! The oven is repaired, come and see"', kind="reaction"),
        Opens("11:00:00", BETH),
        Says("11:15:20", STAFF, "I'm on the tablet today, sorry for the English", ROSIE),
        Says("11:16:48", STAFF, "Vidéo d'excuses en ligne, merci à tous", BASTIEN),
        Says("11:17:30", STAFF, "💪", NOEMIE),
        Opens("11:40:00", STAFF),
        Pushes("11:52:06", w.LIKE, SOLENE_TIKTOK, slot=APOLOGY),
        Pushes("11:55:41", w.COMMENT, SOLENE_TIKTOK, "Merci d'avoir appelé. Affaire close pour moi. #pouletrose"),
        Pushes("12:04:19", w.CROWD, SOLENE_TIKTOK, others=96, slot=APOLOGY),
        Pushes("12:10:33", w.COMMENT, POPPY, "Owning it like that takes guts. See you in spring! #teamtirelouche"),
        Pushes("12:31:58", w.FOLLOW, "lisse.valley.walks"),
        Pushes("13:05:27", w.MENTION, PAPILLES, "@letirelouche a répondu, bravo #teamtirelouche"),
        u.backup("13:40:10", 64, "Backup in progress"),
        u.withdraws("13:40:55", BUSINESS, u.BACKUP),
        Says("14:20:36", GOURMANDS, "Il s'est excusé en vidéo, chapeau", LINA),
        Publishes(
            "16:02:00",
            PRESS_FEED,
            "2026-11-15-excuses",
            "Poulet rose : le Tire-Louche s'excuse en vidéo",
            "« Le four était en panne et nous n'avons pas lu vos messages. »",
            "https://gazette-vaubrume.example/2026/11/15/excuses",
        ),
        Pushes("17:12:44", w.REPLY, GUS, "ok je re-réserve alors"),
        Pushes("18:30:09", w.COMMENT, MAELLE, "On revient pour l'île flottante #ileflottante #teamtirelouche"),
    ),
)
