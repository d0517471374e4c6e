#!/bin/sh
# Runs as root in a fresh Debian: installs /propusk.deb, then opens the app as somebody who has no station yet.
set -eu
export DEBIAN_FRONTEND=noninteractive

apt-get -qq update
# First the package alone, so that what it depends on is what it says it depends on.
apt-get -qq -y install /propusk.deb > /dev/null
propusk --version
propusk-app --version
for program in /usr/bin/propusk /usr/bin/propusk-app; do
    if ldd "$program" | grep 'not found'; then exit 1; fi
done
apt-get -qq -y install --no-install-recommends desktop-file-utils scrot xauth x11-utils xvfb > /dev/null
desktop-file-validate /usr/share/applications/org.propusk.app.desktop
useradd --create-home tester

cat > /home/tester/open.sh <<'INNER'
set -eu
$(sed -n 's/^Exec=//p' /usr/share/applications/org.propusk.app.desktop) &
app=$!
seen=no
for _ in $(seq 60); do
    if xwininfo -root -tree | grep -q '"Propusk"'; then seen=yes; break; fi
    sleep 1
done
test $seen = yes || { echo 'no window came within a minute'; exit 1; }
# The page is drawn by the processor here.
sleep 20
kill -0 $app
scrot screenshot.png
kill $app
INNER
export LIBGL_ALWAYS_SOFTWARE=1 WEBKIT_DISABLE_DMABUF_RENDERER=1 LANG=C.UTF-8
cd /home/tester
runuser -u tester -- env HOME=/home/tester xvfb-run -a -s '-screen 0 1120x760x24' sh open.sh

# It has made a demo station, which works.
runuser -u tester -- env HOME=/home/tester propusk demo --play
runuser -u tester -- env HOME=/home/tester propusk log verify

apt-get -qq -y purge propusk > /dev/null
if test -e /usr/bin/propusk-app; then echo 'the program is still there after its removal'; exit 1; fi
