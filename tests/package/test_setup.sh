#!/usr/bin/env bash
# scripts/setup on machines of several kinds, whose programs are small scripts in a folder that is all of $PATH.
cd "$(dirname "$0")/../.." && . tests/cli/harness.sh || exit 1

setup=$PWD/scripts/setup
tools=$work/tools
here=$work/here # a file of this name says that the libraries' headers are there

# program NAME [LINE...]: a script of these lines on the machine
program() {
    local name=$1
    shift
    {
        echo '#!/bin/sh'
        printf '%s\n' "$@"
    } >"$tools/$name"
    chmod +x "$tools/$name"
}

# machine UID PROGRAM...: one with these of its own beside a shell's usual company
machine() {
    local user=$1 name
    shift
    rm -rf "$tools" "$here" "$work/log"
    mkdir "$tools"
    for name in sh cat grep sed tail mktemp rm env; do
        ln -s "$(command -v $name)" "$tools/$name"
    done
    program id "echo $user"
    for name; do
        # shellcheck disable=SC2016 # for the script
        case $name in
        gcc) program gcc "cat >/dev/null; test -e $here" ;;
        pkg-config) program pkg-config "test -e $here" ;;
        make | groff) program "$name" ;;
        apt-get) program apt-get "echo \"\$*\" >>$work/log" "case \"\$*\" in *install*) : >$here ;; esac" ;;
        failing) program apt-get "echo \"\$*\" >>$work/log" 'case "$*" in *install*) echo no route; exit 100 ;; esac' ;;
        sudo) program sudo "echo sudo \"\$*\" >>$work/log" '[ "$1" != -n ] || shift' 'exec "$@"' ;;
        esac
    done
}

# run FLAG...: sets $said, $status and $log
run() {
    said=$(env -i PATH="$tools" "$tools/sh" "$setup" "$@" 2>&1 </dev/null)
    status=$?
    log=$(cat "$work/log" 2>/dev/null)
}

machine 0 gcc pkg-config make groff apt-get
: >"$here"
run --tests
is "all is there: status" 0 $status
is "all is there: says nothing" "" "$said"
is "all is there: leaves apt alone" "" "$log"

machine 0 make apt-get gcc pkg-config
run
is "root: status" 0 $status
has "root: says what and why" '^ +libopenblas-dev +OpenBLAS: products' "$said"
has_no "root: not what is there" '^ +make ' "$said"
has "root: installs" '-y.* install .*libopenblas-dev .*zlib1g-dev' "$log"
has_no "root: no sudo" sudo "$log"
has_no "root: not what tests need" 'cmocka' "$log$said"

machine 0 make apt-get gcc pkg-config
run --tests
has "--tests: installs what tests need" 'libcmocka-dev .*librandom123-dev' "$log"

machine 1000 make apt-get gcc pkg-config sudo
run
is "a user with sudo: status" 0 $status
has "a user with sudo: by sudo, which does not ask" '^sudo -n env .*apt-get .*install' "$log"
has "a user with sudo: says so" 'with sudo' "$said"

machine 1000 make apt-get gcc pkg-config
run
is "a user without sudo: status" 1 $status
has "a user without sudo: says what to run" 'as root run: apt-get install .*libopenblas-dev' "$said"
is "a user without sudo: leaves apt alone" "" "$log"

machine 0 make gcc pkg-config
run
is "no apt: status" 1 $status
has "no apt: says what is missing" 'missing.* libopenblas-dev .*zlib1g-dev' "$said"
has "no apt: says so" 'no apt-get' "$said"

machine 0 make failing gcc pkg-config
run
is "no network: status" 1 $status
has "no network: shows what apt said" '^ +no route' "$said"
has "no network: says what is missing" 'could not install: libc6-dev.* libopenblas-dev' "$said"
has "no network: says what to look at" 'network' "$said"

machine 0 apt-get
run
has "a bare machine: the compiler and make too" 'install.* gcc libc6-dev make pkg-config ' "$log"
is "a bare machine: what did not come is said" "setup: apt-get installed all, and still missing are: gcc libc6-dev make" \
    "$(tail -n 1 <<<"$said" | cut -d ' ' -f 1-11)"

machine 0 gcc pkg-config make apt-get
run --check
is "--check: status" 1 $status
has "--check: one line" '^setup: missing.*libopenblas-dev.*quickstart' "$said"
is "--check: leaves apt alone" "" "$log"

run --nonsense
is "unknown flag: status" 2 $status
has "unknown flag: is said" '--nonsense.*wanted' "$said"
conclude
