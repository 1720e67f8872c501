#!/bin/sh
# Gets the four MNIST files into data/mnist, unpacked and checked.
set -eu

usage() {
    cat <<'END'
Usage: scripts/fetch_mnist.sh [FOLDER]

Gets MNIST (60,000 digits to train on, 10,000 to test on; 11 MB to download,
55 MB unpacked) into FOLDER (default: data/mnist, where gan-train looks) and
checks it against data/checksums.sha256. Files that are there already, plain
or .gz, are checked and kept.

MNIST_MIRROR  where to get the .gz files from instead of the usual mirrors:
              a URL, file:///a/folder too

Exit status: 0 all four files are there and right, 1 they are not, 2 wrong usage.
END
}

say() { printf 'fetch_mnist: %s\n' "$*"; }
fail() {
    say "$*" >&2
    exit 1
}

case ${1-} in
-h | --help)
    usage
    exit
    ;;
-*)
    say "$1: unknown flag; wanted a folder or --help" >&2
    exit 2
    ;;
esac
if [ $# -gt 1 ]; then
    say "$2: a stray word; wanted one folder" >&2
    exit 2
fi

data=$(cd "$(dirname "$0")/../data" && pwd)
folder=${1:-$data/mnist}
usual='https://storage.googleapis.com/cvdf-datasets/mnist https://ossci-datasets.s3.amazonaws.com/mnist'
mirrors=${MNIST_MIRROR:-$usual}

if command -v sha256sum >/dev/null; then
    sha256() { sha256sum; }
elif command -v shasum >/dev/null; then
    sha256() { shasum -a 256; }
else
    fail "neither sha256sum nor shasum is there; install coreutils"
fi

# fetch URL FILE; the last word on why not goes to standard error
if command -v curl >/dev/null; then
    fetch() { curl --fail --silent --show-error --location --retry 2 --connect-timeout 15 --output "$2" "$1"; }
elif command -v wget >/dev/null; then
    fetch() { wget --no-verbose --tries=3 --timeout=15 --output-document="$2" "$1"; }
else
    fetch() { fail "neither curl nor wget is here to download with; install one, as by: apt-get install curl"; }
fi

# right FILE SUM: whether FILE, unpacked where it is a .gz, is what it should be. What counts is the contents: the
# same digits are around in .gz files that were packed in several ways.
right() {
    case $1 in
    *.gz) sum=$(gzip -dc "$1" 2>/dev/null | sha256) ;;
    *) sum=$(sha256 <"$1") ;;
    esac
    [ "${sum%% *}" = "$2" ]
}

# get NAME SUM: downloads NAME.gz from the first mirror that has it right, and puts it into the folder unpacked.
get() {
    # beside its target, so that a file appears there whole or not at all
    [ "$work" ] || work=$(mktemp -d "$folder/.fetch.XXXXXX") || fail "$folder: cannot be written"
    for mirror in $mirrors; do
        url=${mirror%/}/$1.gz
        say "getting $url"
        if ! fetch "$url" "$work/$1.gz"; then
            continue
        elif ! right "$work/$1.gz" "$2"; then
            say "$url: is not what data/checksums.sha256 wants; thrown away" >&2
        elif gzip -dc "$work/$1.gz" >"$work/$1" && mv "$work/$1" "$folder/$1"; then
            rm -f "$work/$1.gz"
            return 0
        else
            fail "$folder: cannot be written; wanted 55 MB of room there"
        fi
    done
    return 1
}

mkdir -p "$folder"
work=
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

while read -r sum name; do
    there=
    for file in "$folder/$name" "$folder/$name.gz"; do
        if [ -f "$file" ]; then
            right "$file" "$sum" || fail "$file: is not what data/checksums.sha256 wants; remove it and try again"
            there=$file
        fi
    done
    if [ "$there" ]; then
        say "$there is there already, and right"
    elif ! get "$name" "$sum"; then
        fail "no mirror gave $name. Without a network: copy the four MNIST files, plain or .gz, from another" \
            "machine into $folder and run this again to check them, or train on gan-train's own digits (--data digits)."
    fi
done <"$data/checksums.sha256"
say "MNIST is in $folder, whole and checked"
