#!/bin/sh
# Builds the jail's helpers into the directory $1: sbinit is static, so that it runs in a jail that shows it no library.
set -eu
src=$(dirname "$0")
out=$1
flags="-O2 -Wall -Wextra -Werror"
mkdir -p "$out"
[ "$out/sbinit" -nt "$src/sbinit.c" ] || ${CC:-gcc} $flags -static -s -o "$out/sbinit" "$src/sbinit.c"
[ "$out/sbguard.so" -nt "$src/sbguard.c" ] || ${CC:-gcc} $flags -shared -fPIC -s -o "$out/sbguard.so" "$src/sbguard.c"
