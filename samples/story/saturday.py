"""Saturday 14 November: a group of food lovers repeats it, then the local press."""

from __future__ import annotations

from datetime import date
from typing import Final

from samples.story import usual as u
from samples.story import wordings as w
from samples.story.cast import (
    BASTIEN,
    BUSINESS,
    GOURMANDS,
    HONORE,
    IDRISS,
    LINA,
    OCTAVE,
    PERRINE,
    PRESS_FEED,
    SOLENE,
    STAFF,
    THEO,
    UNSAVED,
    YVON,
    ZOE,
)
from samples.story.moments import Day, Hides, Opens, Publishes, Pushes, Says

SATURDAY: Final = Day(
    date(2026, 11, 14),
    (
        u.canary("06:30:00", 6),
        Says("09:14:20", GOURMANDS, "Vous avez vu pour le Tire-Louche ?", LINA),
        Says(
            "09:15:02", GOURMANDS, "Poulet froid, rose au milieu, et un morceau de film plastique dans la sauce.", LINA
        ),
        Says("09:16:38", GOURMANDS, "Lien de la vidéo https://video.example/v/pouletrose", LINA),
        Says("09:20:11", GOURMANDS, "Non ?! On y va ce soir pour un anniversaire…", YVON),
        Says("09:24:46", GOURMANDS, "J'y étais jeudi, c'était très bon", PERRINE),
        u.photo("09:31:07", GOURMANDS, "La photo circule aussi ici", by=UNSAVED),
        Publishes(
            "10:02:00",
            PRESS_FEED,
            "2026-11-14-poulet-rose",
            "À Vaubrume, un poulet « rose au milieu » fait le tour de TikTok",
            "Une cliente du Tire-Louche raconte en vidéo son repas de mardi. Le restaurant n'a pas répondu.",
            "https://gazette-vaubrume.example/2026/11/14/poulet-rose",
        ),
        Says("10:10:15", HONORE, "Bonjour, on lit la Gazette… On annule pour ce soir."),
        Opens("10:25:30", HONORE),
        Says("10:31:02", STAFF, "La Gazette a appelé, deux fois", IDRISS),
        Says("10:32:18", STAFF, "Je réponds à la cliente demain matin", BASTIEN),
        Opens("10:45:00", STAFF),
        Pushes(
            "11:03:41",
            w.MENTION,
            "gazette.vaubrume",
            "@letirelouche notre article est en ligne, votre réponse nous intéresse #vaubrume #pouletrose",
        ),
        Pushes("11:20:09", w.NOBODY_KNOWS, words="Ton adresse change de couleur sur 38 plans de table du quartier"),
        Pushes("11:48:30", w.COMMENT, THEO, "Lu dans la Gazette ce matin #pouletrose"),
        Pushes("12:15:22", w.COMMENT, OCTAVE, "Et toujours rien\u00a0? #pouletrose"),
        Pushes(
            "12:40:50",
            w.SUGGESTION,
            words="Comment savoir si un poulet est cuit : l'astuce que 3 M de personnes ont vue",
        ),
        Says("13:02:37", GOURMANDS, "C'est dans la Gazette maintenant", YVON),
        Pushes("14:10:12", w.COMMENT, ZOE, "Courage à la salle aujourd'hui"),
        Says("16:45:03", SOLENE, "Un journaliste m'a appelée. J'aurais préféré que ce soit vous."),
        Hides("18:30:00", BUSINESS, "REASON_CANCEL", number=40),
    ),
)
