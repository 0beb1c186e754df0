"""Who is who: every app, chat and account of the story.

People, places and handles are invented; numbers are from the ranges kept free for fiction (France 06 39 98 …,
United Kingdom 07700 900…).
"""

from __future__ import annotations

from typing import Final

from samples.story.moments import App, Chat

BUSINESS: Final = App("com.whatsapp.w4b", "WhatsApp Business", "2.26.42.75", 10290)
WHATSAPP: Final = App("com.whatsapp", "WhatsApp", "2.26.43.71", 10148)
TIKTOK: Final = App("com.zhiliaoapp.musically", "TikTok", "46.6.3", 10213)
COMPANION: Final = App("veilleur.companion", "Veilleur", "0.1.0", 10301)
FEED: Final = App("feed", "Flux", "0.1.0", 0)

SOLENE: Final = Chat(BUSINESS, "Solène Vautrelle", "33639980142@s.whatsapp.net")
HONORE: Final = Chat(BUSINESS, "Honoré Tiphaigne", "33639980105@s.whatsapp.net")
KARIM: Final = Chat(BUSINESS, "كريم 🍉", "33639980177@s.whatsapp.net")
PRIMEUR: Final = Chat(BUSINESS, "Primeur Vertpré-sur-Lisse", "33639980118@s.whatsapp.net")
YSE: Final = Chat(BUSINESS, "Ysé", "184000000000731@lid")
STRANGER: Final = Chat(BUSINESS, "+33 6 39 98 01 63", "33639980163@s.whatsapp.net")
BETH: Final = Chat(BUSINESS, "Beth Larkmoor", "447700900142@s.whatsapp.net")

STAFF: Final = Chat(WHATSAPP, "Service: salle et cuisine", "120363400000000021@g.us")
GOURMANDS: Final = Chat(WHATSAPP, "Les Gourmands de Vaubrume 🍽️", "120363400000000034@g.us")

BASTIEN: Final = "Bastien Orvanne"
NOEMIE: Final = "Noémie"
IDRISS: Final = "Idriss S."
ROSIE: Final = "Rosie"

LINA: Final = "Lina C."
YVON: Final = "Yvon Pardaillou"
PERRINE: Final = "~ Perrine"
UNSAVED: Final = "+33 6 39 98 77 03"

SOLENE_TIKTOK: Final = "solene.raconte.vb"
PAPILLES: Final = "papilles_de_vaubrume"
MAELLE: Final = "Maëlle Tartine"
THEO: Final = "theo.fourchette.vb"
ZOE: Final = "Zoé ✨"
NOUR: Final = "نور 🌙"
BARNABE: Final = "barnabe.lepicurieux"
IRMA: Final = "irma_et_les_plats"
GUS: Final = "gus.mange.tout"
TIBO: Final = "Tibo 🧢 Vbr"
OCTAVE: Final = "octave.sans.sel"
CELIE: Final = "celie-bec-sucre"
POPPY: Final = "poppy.on.tour"

PRESS_FEED: Final = "https://presse.example.org/vaubrume/alertes.xml"
