#!/bin/sh
# Everything that a fresh machine lacks: system libraries, virtual environment, locked dependencies.
# usage: packaging/setup.sh run|test
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-run}

qt_libraries="libegl1 libgl1 libxkbcommon-x11-0 libxkbcommon0 libxcb-cursor0 libxcb-icccm4
 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xkb1
 libx11-xcb1 libfontconfig1 libfreetype6 libglib2.0-0 libdbus-1-3"

has_library() { ldconfig -p 2>/dev/null | grep -q "$1"; }
has_venv() { python3 -c 'import ensurepip, venv' 2>/dev/null; }
has_postgresql() { ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }

packages=""
has_venv || packages="$packages python3-venv"
for library in libEGL.so.1 libGL.so.1 libxkbcommon.so.0 libxkbcommon-x11.so.0 libxcb-cursor.so.0 \
    libxcb-icccm.so.4 libxcb-image.so.0 libxcb-keysyms.so.1 libxcb-randr.so.0 \
    libxcb-render-util.so.0 libxcb-shape.so.0 libxcb-xkb.so.1 libX11-xcb.so.1 \
    libfontconfig.so.1 libfreetype.so.6 libglib-2.0.so.0 libdbus-1.so.3; do
    has_library "$library" || { packages="$packages $qt_libraries"; break; }
done
if [ "$purpose" = test ]; then
    has_postgresql || packages="$packages postgresql"
fi
if [ -n "$packages" ]; then
    packages=$(echo $packages)
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "installing: $packages"
        export DEBIAN_FRONTEND=noninteractive
        # the tests start a cluster of their own; none is wanted as a service
        mkdir -p /etc/postgresql-common
        [ -e /etc/postgresql-common/createcluster.conf ] ||
            echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf
        apt-get update -q
        # shellcheck disable=SC2086
        apt-get install -y -q --no-install-recommends $packages
    else
        echo "This machine lacks system packages. Please run, then try again:" >&2
        echo "    sudo apt-get install -y --no-install-recommends $packages" >&2
        exit 1
    fi
fi

python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 or later is needed, found $(python3 --version)." >&2
    exit 1
}
lock=packaging/requirements/dev.txt
stamp=.venv/.installed
if [ ! -e "$stamp" ] || ! cmp -s "$lock" "$stamp"; then
    [ -x .venv/bin/python ] && .venv/bin/python -m pip --version >/dev/null 2>&1 ||
        python3 -m venv --clear .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    cp "$lock" "$stamp"
fi
