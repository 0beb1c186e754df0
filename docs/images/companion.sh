#!/bin/sh
# Draws the companion's screens anew, by the tests that check them, and puts the guide's ones here.
set -eu
cd "$(dirname "$0")/../.."
mvn -o -q -f companion -pl app -am test -Dtest=ScreenshotTest -Dsurefire.failIfNoSpecifiedTests=false
for screen in status captured checklist pairing; do
    cp "companion/app/target/screenshots/tablet-en-notnight-$screen.png" "docs/images/companion-$screen.png"
    cp "companion/app/target/screenshots/tablet-fr-notnight-$screen.png" "docs/images/companion-$screen.fr.png"
done
