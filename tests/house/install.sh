#!/bin/sh
# install.sh - what `make install` leaves can be used: by find_package and by pkg-config.
# usage: tests/house/install.sh BUILD_DIR
set -eu
build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$build" --prefix "$work/usr" >/dev/null
"$work/usr/bin/kleiber" --version

cmake -S examples -B "$work/story" -DCMAKE_PREFIX_PATH="$work/usr" >/dev/null
cmake --build "$work/story" >/dev/null
"$work/story/story" data/published/cerebras-gpt.csv "$work/cmake.html"

PKG_CONFIG_PATH=$(dirname "$(find "$work/usr" -name kleiber.pc)")
export PKG_CONFIG_PATH
# shellcheck disable=SC2046 # words on purpose
${CC:-cc} -std=c11 examples/story.c -o "$work/story-pc" \
    $(pkg-config --cflags --libs kleiber)
LD_LIBRARY_PATH=$(pkg-config --variable=libdir kleiber) \
    "$work/story-pc" data/published/cerebras-gpt.csv "$work/pc.html"
cmp "$work/cmake.html" "$work/pc.html"
