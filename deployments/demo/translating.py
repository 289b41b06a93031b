"""What a simulated translator makes of the notes for customers: their lines in the organisation's other languages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from checklists.launch import Launch
from deployments.demo.history import FEATURES, LATE
from deployments.demo.writing import OURS, TITLE

GERMAN = (
    "# Geplante Exporte und eine Anmeldung für alles",
    "- **Geplante Exporte.** Ihre Berichte kommen von selbst, jede Nacht oder jede Stunde: Wann, wählen Sie unter "
    "Berichte → Zeitplan.",
    "- **Protokoll.** Unter Einstellungen → Protokoll sieht die Administration ein ganzes Jahr zurück, wer wann was "
    "getan hat.",
    "- **Gespeicherte Ansichten.** Speichern Sie Filter, die Sie täglich brauchen, unter einem Namen, und teilen Sie "
    "sie mit Ihrem Team.",
    "- **Eine Anmeldung für alles.** Melden Sie sich mit dem Konto Ihrer Firma an; für Acme braucht niemand mehr ein "
    "Passwort.",
    "- Berichte behalten die Zeitzone der Person, die sie geschrieben hat, wo immer sie gelesen werden.",
    "- **Exporte:** Was um acht Uhr früh läuft, läuft auch im Sommer um acht.",
    "## Neu",
    "## Behoben",
)
FRENCH = (
    "# Exports programmés et connexion unique",
    "- **Exports programmés.** Vos rapports arrivent d’eux-mêmes, chaque nuit ou chaque heure\u00a0: choisissez quand "
    "dans Rapports → Programmation.",
    "- **Journal d’audit.** Dans Paramètres → Journal d’audit, l’équipe d’administration voit qui a fait quoi et "
    "quand, sur toute une année.",
    "- **Vues enregistrées.** Enregistrez sous un nom les filtres que vous utilisez tous les jours, et partagez-les "
    "avec votre équipe.",
    "- **Connexion unique.** Connectez-vous avec votre compte professionnel\u202f; plus personne n’a besoin d’un mot "
    "de passe pour Acme.",
    "- Les rapports gardent le fuseau horaire de la personne qui les a rédigés, où qu’on les lise.",
    "- **Exports\u00a0:** ce qui s’exécute à huit heures du matin s’exécute à huit heures en été aussi.",
    "## Nouveautés",
    "## Corrections",
)
ENGLISH = (TITLE, *(one.told for one in FEATURES), OURS, f"- **exports:** {LATE}", "## New", "## Fixed")
LANGUAGES: Mapping[str, Mapping[str, str]] = {
    "de": dict(zip(ENGLISH, GERMAN, strict=True)),
    "fr": dict(zip(ENGLISH, FRENCH, strict=True)),
}


def translated(words: str, locale: str) -> str:
    """Line by line; what somebody else wrote stays as it is."""
    return "".join(f"{LANGUAGES[locale].get(line, line)}\n" for line in words.splitlines())


def translate(launch: Launch, organisation: Path) -> bool:
    """Lay notes for customers that are written beside the organisation file; whether any of it is new."""
    written = (state.wordings.get("customer") for state in launch.items.values() if state.has_ended)
    words = next((one.words for one in written if one), "")
    folder = organisation.parent / "messages" / "translations" / launch.id
    new = {folder / f"customer.{locale}.md": translated(words, locale) for locale in LANGUAGES if words}
    missing = [file for file, text in new.items() if not file.exists() or file.read_text("utf-8") != text]
    for file in missing:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(new[file], "utf-8")
    return bool(missing)
