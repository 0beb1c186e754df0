#!/bin/sh
# Takes first-page-light.png with Debian's chromium, in English, of a Veilleur that runs and holds the sample week:
#   veilleur replay samples/restaurant-week.jsonl && docs/images/first-page.sh [http://127.0.0.1:8787]
set -eu
page=${1:-http://127.0.0.1:8787}
image=$(cd "$(dirname "$0")" && pwd)/first-page-light.png
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT

# 1 is the light scheme; as root chromium only starts without its sandbox, and the page is our own.
chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --hide-scrollbars \
	--user-data-dir="$profile" --lang=en --accept-lang=en --blink-settings=preferredColorScheme=1 \
	--window-size=900,668 --screenshot="$image" "$page" 2>"$profile/said" || { cat "$profile/said" >&2; exit 1; }
