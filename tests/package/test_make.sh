#!/usr/bin/env bash
# The Makefile: what it rebuilds and what it says. On a copy, of which little is built.
cd "$(dirname "$0")/../.." && . tests/cli/harness.sh || exit 1

unset MAKEFLAGS MFLAGS MAKELEVEL BUILD SANITIZE PORTABLE
mkdir "$work/copy"
cp -r Makefile LICENSE include src scripts tests "$work/copy"
cd "$work/copy" || exit 1

# made WORD...: what is compiled for one object, by its short lines
made() { make build/base/error.o "$@" 2>&1; }

# touched FILE: it alone is newer than what was built, however coarse the clock of files is
touched() {
    find . -exec touch -d '1 hour ago' {} +
    touch "$1"
}

is "a first time" "  compile  build/base/error.o" "$(made)"
is "a second time" "" "$(made)"
touched include/base/error.h
is "a header was touched" "  compile  build/base/error.o" "$(made)"
touched include/nn/rng.h
is "a header of others was touched" "" "$(made)"
is "other flags" "  compile  build/base/error.o" "$(made PORTABLE=1)"
is "the same other flags" "" "$(made PORTABLE=1)"
is "the first flags again" "  compile  build/base/error.o" "$(made)"
has "V=1" '^gcc .*-std=c11.*-o build/base/error.o' "$(touched src/base/error.c && made V=1)"
has_no "PORTABLE=1 V=1" 'march' "$(touched src/base/error.c && made V=1 PORTABLE=1)"
has "BLAS=nonsense" 'BLAS=nonsense: wanted openblas, blis or mkl' "$(made BLAS=nonsense)"

said=$(make help 2>&1)
for target in all unit check asan ubsan tsan fuzz valgrind format lint install uninstall clean help; do
    has "help: $target" "^  make $target +[a-z]" "$said"
done
has "help: switches" 'PORTABLE=1' "$said"

for target in fuzz tsan; do
    said=$(make $target CLANG=clang-none 2>&1)
    is "$target without clang: status" 2 $?
    has "$target without clang: says so" '^tests/.*/run: clang-none: not found; .* needs clang' "$said"
done

# a compiler that finds no header but the C library's
cat >bare-cc <<'END'
#!/bin/sh
case "$*" in
*-E*) grep -q '<stdio.h>' ;;
*) exit 1 ;;
esac
END
chmod +x bare-cc
said=$(make CC=./bare-cc 2>&1)
is "nothing is there: status" 2 $?
has "nothing is there: says what" \
    '^setup: missing here \(by Debian.s names\): zlib1g-dev libgif-dev libstb-dev; ./scripts/quickstart' "$said"
is "nothing is there: says no more" 2 "$(wc -l <<<"$said")"
holds "nothing is there: make clean" make CC=./bare-cc clean
has "clean" '^clean$' "$([ -e build ] || echo clean)"
conclude
