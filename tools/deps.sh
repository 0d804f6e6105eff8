#!/bin/sh
# deps.sh - install the Debian packages that are missing, and nothing else.
# usage: tools/deps.sh [build] [test] [lint] [bench]      (default: build)
# Root is asked for (sudo) only if a package is missing. docs: README.md, Dependencies.
set -eu

packages() {
    case $1 in
    build) echo build-essential cmake pkg-config libcsv-dev libjansson-dev libmd-dev \
        libnlopt-dev libsqlite3-dev libyaml-dev zlib1g-dev ;;
    test) echo libcmocka-dev ;;
    lint) echo clang clang-format clang-tidy gcovr libclang-rt-dev ;;
    bench) echo python3-numpy python3-scipy ;;
    *) echo "deps.sh: '$1' is not one of build, test, lint, bench" >&2; return 2 ;;
    esac
}

wanted=
for group in "${@:-build}"; do
    list=$(packages "$group") || exit
    wanted="$wanted $list"
done

if ! command -v dpkg-query >/dev/null; then
    echo "deps.sh: not a Debian system; assuming these are installed:$wanted" >&2
    exit 0
fi

missing=
for p in $wanted; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null) || state=
    [ "$state" = installed ] || missing="$missing $p"
done
[ -n "$missing" ] || exit 0

sudo=
if [ "$(id -u)" != 0 ]; then
    sudo=sudo
    if ! command -v sudo >/dev/null; then
        echo "deps.sh: no sudo here; as root run: apt-get install$missing" >&2
        exit 4
    fi
fi
echo "deps.sh: installing$missing" >&2
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # words on purpose
if ! { $sudo apt-get update -q && $sudo apt-get install -qy --no-install-recommends $missing
} >&2; then
    echo "deps.sh: could not install$missing (offline?);" \
        "install them by hand and repeat the command" >&2
    exit 4
fi
