#!/bin/sh
# Runs in a plain Debian root that has /debs: installs the packages, starts the daemon on its sample configuration,
# removes, purges, and looks each time at what is there.
set -eu
export DEBIAN_FRONTEND=noninteractive
footage=/var/lib/camgate/ring

fail() {
    echo "package: $*" >&2
    exit 1
}
install_packages() { apt-get install -qq -y /debs/*.deb >/dev/null; }
is_there() { [ -e "$1" ] || fail "$1 is missing $2"; }
is_gone() { [ ! -e "$1" ] || fail "$1 is still there $2"; }

start_daemon() {
    install -d -o camgate -g camgate -m 750 /run/camgate
    setpriv --reuid camgate --regid camgate --init-groups /usr/libexec/camgate/camgated \
        --config /etc/camgate/camgate.json --board host --boards /usr/share/camgate/boards \
        --data /var/lib/camgate --control /run/camgate/control &
    daemon=$!
    tries=0
    until camgatectl status >/tmp/status 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || fail "the daemon does not answer: $(cat /tmp/status)"
        kill -0 "$daemon" || fail "the daemon ended"
        sleep 0.1
    done
}
stop_daemon() {
    kill "$daemon"
    wait "$daemon" || fail "the daemon ended with status $?"
}

install_packages
getent passwd camgate >/dev/null || fail "no user camgate"
is_there /usr/lib/systemd/system/camgated.service "after installing"
is_there /var/cache/camgate/gstreamer.registry "after installing"
camgate-verify --help >/dev/null
camgate-hub --help >/dev/null
start_daemon
grep -q camgate-sample /tmp/status || fail "status does not name the gateway: $(cat /tmp/status)"
tries=0
until [ -e "$footage" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || fail "no ring was made"
    sleep 0.1
done
stop_daemon

apt-get remove -qq -y camgate camgate-hub >/dev/null
is_gone /usr/libexec/camgate "after removing"
is_gone /usr/bin/camgate-hub "after removing"
is_there /etc/camgate/camgate.json "after removing"
apt-get purge -qq -y camgate camgate-hub >/dev/null
is_gone /etc/camgate "after purging"
is_gone /var/cache/camgate "after purging"
is_there "$footage" "after purging"

install_packages
CAMGATE_PURGE_FOOTAGE=yes apt-get purge -qq -y camgate camgate-hub >/dev/null
is_gone /var/lib/camgate "after purging with CAMGATE_PURGE_FOOTAGE=yes"
