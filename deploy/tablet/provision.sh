#!/usr/bin/env bash
# From a tablet on a USB cable to a Veilleur sensor: each step is done where it is needed, and read back from Android.
set -uo pipefail

readonly COMPANION=veilleur.companion
readonly LISTENER=$COMPANION/$COMPANION.CaptureListenerService
readonly OWNER=$COMPANION/$COMPANION.AdminReceiver
readonly OLDEST_ANDROID=26 ANDROID_11=30 ANDROID_12=31 ANDROID_13=33
readonly PRIVATE_PERMISSIONS=(READ_CONTACTS ACCESS_FINE_LOCATION ACCESS_COARSE_LOCATION CAMERA RECORD_AUDIO)

apk='' serial='' mode=provision owner=no kiosk=no failures=0 said='' android=0
language=${LC_ALL:-${LC_MESSAGES:-${LANG:-en}}}
watched=()

usage() {
    if is_french; then
        cat <<'FRENCH'
Prépare une tablette Android reliée par USB à surveiller des notifications pour Veilleur.

  provision.sh --apk veilleur.apk             installer, autoriser, vérifier
  provision.sh --check                        vérifier sans rien changer
  provision.sh --apk veilleur.apk --dry-run   montrer les commandes sans les exécuter
  provision.sh --apk veilleur.apk --device-owner --kiosk
                                              tablette dédiée, remise à zéro et sans compte

  --apk FICHIER        l'application à installer (ou à mettre à jour)
  --watch PAQUET       une application surveillée (répétable ; par défaut TikTok et WhatsApp Business)
  --serial SÉRIE       la tablette, s'il y en a plusieurs (adb devices)
  --device-owner       en faire le propriétaire de l'appareil : avant tout compte
  --kiosk              écran allumé en charge, l'application épinglée au premier plan
  --check              vérifier seulement
  --dry-run            montrer seulement
  --lang en|fr         langue des messages
FRENCH
    else
        cat <<'ENGLISH'
Prepares an Android tablet on a USB cable to watch notifications for Veilleur.

  provision.sh --apk veilleur.apk             install, allow, verify
  provision.sh --check                        verify, change nothing
  provision.sh --apk veilleur.apk --dry-run   show the commands, run none
  provision.sh --apk veilleur.apk --device-owner --kiosk
                                              a dedicated tablet, reset and without accounts

  --apk FILE           the app to install (or to update)
  --watch PACKAGE      an app that is watched (repeatable; by default TikTok and WhatsApp Business)
  --serial SERIAL      which tablet, when there are several (adb devices)
  --device-owner       make it the owner of the device: before any account
  --kiosk              screen on while charging, the app pinned in front
  --check              verify only
  --dry-run            show only
  --lang en|fr         language of the messages
ENGLISH
    fi
}

is_french() { [[ $language == fr* ]]; }

# Both wordings stand side by side, so that neither is forgotten.
in_words() { if is_french; then printf '%s' "$2"; else printf '%s' "$1"; fi; }

stop() {
    printf 'provision.sh: %s\n' "$(in_words "$1" "$2")" >&2
    exit 2
}

on_tablet() { command adb ${serial:+-s "$serial"} "$@" </dev/null 2>&1 | tr -d '\r'; }
shell() { on_tablet shell "$@"; }

report() {
    local mark=$1 english=$2 french=$3
    printf '  %-8s %s\n' "$mark" "$(in_words "$english" "$french")"
}

failed() {
    failures=$((failures + 1))
    report "$(in_words FAILED ÉCHEC)" "$1" "$2"
    [[ -z $said ]] || printf '           %s\n' "${said//$'\n'/$'\n           '}"
}

# step CHECK PACKAGE ENGLISH FRENCH ADB-ARGUMENTS…: does it only where the check says no, and believes the check alone.
step() {
    local check=$1 package=$2 english=$3 french=$4
    shift 4
    if [[ $mode == dry-run ]]; then
        printf '  %s\n      adb %s\n' "$(in_words "$english" "$french")" "$*"
        return
    fi
    said=''
    if "$check" "$package"; then
        report ok "$english" "$french"
        return
    fi
    [[ $mode == check ]] || said=$(on_tablet "$@")
    if [[ $mode != check ]] && "$check" "$package"; then
        report "$(in_words 'done' fait)" "$english" "$french"
    else
        failed "$english" "$french"
    fi
}

# look CHECK PACKAGE ENGLISH FRENCH: what no command may change, only a person or another tablet.
look() {
    [[ $mode != dry-run ]] || return 0
    said=''
    if "$1" "$2"; then report ok "$3" "$4"; else failed "$3" "$4"; fi
}

property() { shell getprop "$1"; }
is_new_enough() { [[ $android =~ ^[0-9]+$ ]] && ((android >= OLDEST_ANDROID)); }
has_enough_memory() { [[ $(property ro.config.low_ram) == @(|false|0) ]]; }
is_main_profile() { [[ $(shell am get-current-user) == 0 ]]; }
is_installed() { [[ $(shell pm path "$1") == package:* ]]; }
is_owner() { [[ $(shell dumpsys device_policy) == *'Device Owner'*"$COMPANION/"* ]]; }
hears_notifications() { [[ :$(shell settings get secure enabled_notification_listeners): == *":$LISTENER:"* ]]; }
may_post() { is_granted "$1" POST_NOTIFICATIONS; }
is_granted() { [[ $(shell dumpsys package "$1") == *"android.permission.$2: granted=true"* ]]; }
is_spared_by_doze() { [[ $(shell dumpsys deviceidle whitelist) == *",$1,"* ]]; }
runs_in_background() { [[ $(shell cmd appops get "$1" RUN_ANY_IN_BACKGROUND) == @(*': allow'*|*': default'*|*'No operations'*) ]]; }
keeps_permissions() { [[ $(shell cmd appops get "$1" AUTO_REVOKE_PERMISSIONS_IF_UNUSED) == *': ignore'* ]]; }
is_awake() { [[ $(shell cmd app_hibernation get-state "$1") == *false* ]]; }
screen_stays_on() { [[ $(shell settings get global stay_on_while_plugged_in) == 7 ]]; }
is_pinned() { shell dumpsys activity activities | grep -q 'mLockTaskModeState=\(LOCKED\|PINNED\)'; }

sees_nothing_private() {
    local permission facts
    facts=$(shell dumpsys package "$1")
    if [[ $facts != *"Package [$1]"* ]]; then
        said=$facts
        return 1
    fi
    for permission in "${PRIVATE_PERMISSIONS[@]}"; do
        if [[ $facts == *"android.permission.$permission: granted=true"* ]]; then
            said+="${said:+ }$permission"
        fi
    done
    [[ -z $said ]]
}

# The very file, not its version alone: a rebuilt APK is installed again.
is_this_apk() {
    local place
    place=$(shell pm path "$1" | sed -n 's/^package://p' | head -n 1)
    [[ -n $place && $(shell sha256sum "$place") == "$(sha256sum <"$apk" | cut -d ' ' -f 1)"* ]]
}

read_arguments() {
    while (($#)); do
        case $1 in
            --apk | --watch | --serial | --lang)
                (($# > 1)) || stop "$1 needs a value; --help shows examples." "$1 attend une valeur ; --help donne des exemples."
                case $1 in
                    --apk) apk=$2 ;;
                    --watch) watched+=("$2") ;;
                    --serial) serial=$2 ;;
                    --lang) language=$2 ;;
                esac
                shift
                ;;
            --device-owner) owner=yes ;;
            --kiosk) kiosk=yes ;;
            --check) mode=check ;;
            --dry-run) mode=dry-run ;;
            --help) mode=help ;;
            *) stop "$1 is no option; --help lists them." "$1 n'est pas une option ; --help les énumère." ;;
        esac
        shift
    done
    ((${#watched[@]})) || watched=(com.zhiliaoapp.musically com.whatsapp.w4b)
}

find_tablet() {
    [[ $mode != dry-run ]] || { android=$ANDROID_13; return; }
    command -v adb >/dev/null || stop "adb is missing: install it (Debian: apt-get install adb)." \
        "adb manque : installez-le (Debian : apt-get install adb)."
    said=$(on_tablet get-state)
    [[ $said == device ]] || stop "No tablet answers ($said). Allow USB debugging on its screen; several: --serial." \
        "Aucune tablette ne répond ($said). Autorisez le débogage USB sur son écran ; s'il y en a plusieurs : --serial."
    android=$(property ro.build.version.sdk)
}

check_tablet() {
    look is_new_enough '' "Android 8 or newer (API $android)" "Android 8 ou plus récent (API $android)"
    look has_enough_memory '' "not a low-memory tablet: Android binds no listener there" \
        "pas une tablette à mémoire réduite : Android n'y laisse rien écouter"
    look is_installed com.google.android.gms "Google Play services: the apps' notifications come through them" \
        "services Google Play : les notifications des applications passent par eux"
    look is_main_profile '' "the main profile is in use" "le profil principal est utilisé"
}

set_up_companion() {
    if [[ -n $apk ]]; then
        [[ -f $apk || $mode == dry-run ]] || stop "$apk is no file: make companion builds it." "$apk n'est pas un fichier : make companion le produit."
        step is_this_apk $COMPANION "the companion is installed" "l'application est installée" install -r "$apk"
    else
        look is_installed $COMPANION "the companion is installed (--apk installs it)" "l'application est installée (--apk l'installe)"
    fi
    [[ $owner == no ]] || step is_owner '' "it owns the device (only on a reset tablet without accounts)" \
        "elle est propriétaire de l'appareil (seulement remis à zéro et sans compte)" shell dpm set-device-owner $OWNER
    step hears_notifications '' "it may read notifications" "elle peut lire les notifications" \
        shell cmd notification allow_listener $LISTENER
    ((android < ANDROID_13)) || step may_post $COMPANION "it may show its own notification" \
        "elle peut afficher sa propre notification" shell pm grant $COMPANION android.permission.POST_NOTIFICATIONS
    step is_spared_by_doze $COMPANION "the battery saver leaves it alone" "l'économiseur de batterie l'épargne" \
        shell dumpsys deviceidle whitelist +$COMPANION
    step runs_in_background $COMPANION "it may run in the background" "elle peut fonctionner en arrière-plan" \
        shell cmd appops set $COMPANION RUN_ANY_IN_BACKGROUND allow
}

set_up_watched() {
    local package=$1
    look is_installed "$package" "$package is installed" "$package est installée"
    ((android < ANDROID_13)) || step may_post "$package" "$package may notify" "$package peut notifier" \
        shell pm grant "$package" android.permission.POST_NOTIFICATIONS
    ((android < ANDROID_11)) || step keeps_permissions "$package" "$package keeps its permissions when nobody opens it" \
        "$package garde ses autorisations quand personne ne l'ouvre" \
        shell cmd appops set "$package" AUTO_REVOKE_PERMISSIONS_IF_UNUSED ignore
    ((android < ANDROID_12)) || step is_awake "$package" "$package does not hibernate" "$package n'hiberne pas" \
        shell cmd app_hibernation set-state "$package" false
    look sees_nothing_private "$package" "$package has no contacts, location, camera or microphone" \
        "$package n'a ni contacts, ni position, ni caméra, ni micro"
}

set_up_kiosk() {
    step screen_stays_on '' "the screen stays on while charging" "l'écran reste allumé en charge" \
        shell settings put global stay_on_while_plugged_in 7
    step is_pinned '' "the companion is pinned in front (until the next start)" \
        "l'application est épinglée au premier plan (jusqu'au prochain démarrage)" \
        shell "am start -W -a android.intent.action.MAIN -c android.intent.category.LAUNCHER $COMPANION >/dev/null && am task lock \$(am stack list | sed -n 's/.*taskId=\\([0-9]*\\): $COMPANION.*/\\1/p' | head -n 1)"
}

conclude() {
    [[ $mode != dry-run ]] || return 0
    if ((failures)); then
        printf '%s\n' "$(in_words "$failures step(s) failed: mend them on the tablet, then run this again with --check." \
            "$failures étape(s) en échec : corrigez-les sur la tablette, puis relancez avec --check.")"
        exit 1
    fi
    printf '%s\n' "$(in_words "Everything holds. What only you can check: the maker's own autostart list, and each account's bell on All." \
        "Tout est en place. À vérifier vous-même : la liste de démarrage automatique du fabricant, et la cloche de chaque compte sur « Toutes ».")"
}

read_arguments "$@"
if [[ $mode == help ]]; then
    usage
    exit 0
fi
find_tablet
check_tablet
set_up_companion
for package in "${watched[@]}"; do
    set_up_watched "$package"
done
[[ $kiosk == no ]] || set_up_kiosk
conclude
