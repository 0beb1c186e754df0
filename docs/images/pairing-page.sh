#!/bin/sh
# Takes pairing-page.png with Debian's chromium, in English, of a Veilleur that runs; the code shown is void ten minutes later:
#   docs/images/pairing-page.sh
set -eu
image=$(cd "$(dirname "$0")" && pwd)/pairing-page.png
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT
page=$(veilleur device pair salon-1 --usb --no-wait --yes 2>&1 >/dev/null | sed -n 's/.* \(http[^ ]*\/pair\/[^ ]*\)$/\1/p')

# 1 is the light scheme; as root chromium only starts without its sandbox, and the page is our own.
chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --hide-scrollbars \
	--user-data-dir="$profile" --lang=en --accept-lang=en --blink-settings=preferredColorScheme=1 \
	--window-size=620,880 --screenshot="$image" "$page" 2>"$profile/said" || { cat "$profile/said" >&2; exit 1; }
