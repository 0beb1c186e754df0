"""Friday 13 November: she tells it on TikTok, and the comments come."""

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
    IRMA,
    MAELLE,
    NOEMIE,
    NOUR,
    OCTAVE,
    PAPILLES,
    SOLENE,
    SOLENE_TIKTOK,
    STAFF,
    THEO,
    TIBO,
    TIKTOK,
    ZOE,
)
from samples.story.moments import Day, Hides, Opens, Pushes, Says, Shows

FRIDAY: Final = Day(
    date(2026, 11, 13),
    (
        u.canary("06:30:00", 5),
        Says("09:12:08", SOLENE, "Puisque personne ne répond, je raconterai mon repas ailleurs."),
        Pushes("09:20:30", w.PROFILE_VIEWS, SOLENE_TIKTOK),
        Pushes("12:31:17", w.NEW_POST, SOLENE_TIKTOK, who_in_title=True),
        Pushes("12:33:40", w.STORY_MENTION, SOLENE_TIKTOK),
        Pushes(
            "12:36:02",
            w.MENTION,
            SOLENE_TIKTOK,
            "@letirelouche poulet froid, rose au milieu, du plastique dans la sauce. #pouletrose #vaubrume",
        ),
        Pushes("12:41:25", w.COMMENT, TIBO, "C'est vrai cette histoire de plastique ? #pouletrose"),
        Pushes("12:44:09", w.COMMENT, GUS, "Je comptais venir dimanche, je vais réfléchir #pouletrose"),
        Pushes("12:49:53", w.MENTION, THEO, "@letirelouche vous comptez lui répondre ? #pouletrose"),
        Pushes("12:55:31", w.COMMENT, NOUR, "😬😬 #pouletrose"),
        Pushes("13:02:14", w.COMMENT, OCTAVE, "Hier l'île flottante, aujourd'hui le poulet cru…"),
        Pushes("13:08:47", w.REPLY, MAELLE, "moi j'y ai toujours très bien mangé"),
        Pushes(
            "13:15:20", w.MENTION, PAPILLES, "@letirelouche on a vu la vidéo, on aimerait votre version #pouletrose"
        ),
        Pushes("13:21:59", w.FOLLOW, "curieux.du.13"),
        Pushes(
            "13:30:42",
            w.COMMENT,
            "curieux.du.13",
            "Premier résultat quand on cherche le resto, bravo #pouletrose #letirelouche",
        ),
        Says("14:05:10", STAFF, "Vous avez vu TikTok ???", NOEMIE),
        Says("14:06:33", STAFF, "C'est la dame de mardi, celle du poulet froid", NOEMIE),
        Hides("14:07:15", TIKTOK, "REASON_APP_CANCEL_ALL"),
        Says("14:09:02", STAFF, "On en parle après le service", BASTIEN),
        Opens("14:30:44", STAFF),
        Pushes("15:12:36", w.COMMENT, IRMA, "J'ai réservé pour samedi, je dois annuler ? #pouletrose"),
        Pushes("15:40:08", w.COMMENT, BARNABE, "Rose au milieu, froid, plastique : le trio gagnant #pouletrose"),
        Pushes("16:22:55", w.LIKE_COMMENT, SOLENE_TIKTOK),
        Pushes("17:05:19", w.COMMENT, ZOE, "Répondez au moins, le silence c'est pire #pouletrose"),
        Pushes("18:14:03", w.MENTION, CELIE, "@letirelouche dommage, les desserts sont si bons #teamtirelouche"),
        Pushes("18:40:21", w.COMMENT, "table.quatre.vb", "Même chose la semaine dernière, poulet tiède #pouletrose"),
        Pushes("19:02:48", w.LIVE, BARNABE),
        Pushes("19:31:10", w.COMMENT, GUS, "Annulé pour dimanche #pouletrose"),
        Pushes("20:08:37", w.MESSAGE, "table.quatre.vb", "Bonjour, pourriez-vous me contacter ? Même souci que Solène"),
        Shows(
            "21:40:00",
            BUSINESS,
            40,
            "silent_notifications_3",
            "WhatsApp Business",
            "2 nouveaux messages",
            "collapsed_count",
            tag="collapsed",
            category="msg",
        ),
        Pushes("22:05:52", w.COMMENT, TIBO, "Toujours pas de réponse 🍗 #pouletrose"),
    ),
)
