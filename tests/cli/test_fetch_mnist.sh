#!/usr/bin/env bash
# scripts/fetch_mnist.sh, from a mirror that is a folder: it puts right files there, whole, and no others.
cd "$(dirname "$0")/../.." && . tests/cli/harness.sh || exit 1

fetch=$PWD/scripts/fetch_mnist.sh
names=(train-images-idx3-ubyte train-labels-idx1-ubyte t10k-images-idx3-ubyte t10k-labels-idx1-ubyte)

# fetched MIRROR FOLDER: sets $status and $said
fetched() {
    said=$(MNIST_MIRROR=$1 "$fetch" "$2" 2>&1)
    status=$?
}

said=$("$fetch" --help)
is "--help: status" 0 $?
has "--help" 'MNIST_MIRROR' "$said"
said=$("$fetch" --nonsense 2>&1)
is "unknown flag: status" 2 $?
has "unknown flag: is said" '--nonsense.*wanted' "$said"
said=$("$fetch" a b 2>&1)
is "stray word: status" 2 $?
has "stray word: is said" 'b: a stray word' "$said"

mkdir "$work/nothing"
if command -v curl >/dev/null; then
    fetched "file://$work/nothing" "$work/failed"
    is "a mirror without the files: status" 1 "$status"
    has "a mirror without the files: what to do" 'no mirror gave train-images-idx3-ubyte.*--data digits' "$said"
    is "a mirror without the files: nothing is left" "" "$(ls -A "$work/failed")"
else
    not_run "a mirror without the files" "no curl, and wget reads no folders"
fi

if [ ! -d "$real_data" ] || ! command -v curl >/dev/null; then
    not_run "real files" "\$GAN_DATA is not set, or curl is not there"
    conclude
fi

mkdir "$work/mirror" "$work/bad" "$work/there"
for name in "${names[@]}"; do
    if [ -f "$real_data/$name.gz" ]; then
        ln -s "$real_data/$name.gz" "$work/mirror/$name.gz"
    elif [ -f "$real_data/$name" ]; then
        gzip -1 -c "$real_data/$name" >"$work/mirror/$name.gz"
    fi
done
if [ "$(find "$work/mirror/" -name '*.gz' | wc -l)" -ne 4 ]; then
    not_run "real files" "\$GAN_DATA does not hold all four under their usual names"
    conclude
fi

fetched "file://$work/nothing file://$work/mirror/" "$work/deep/mnist"
is "a second mirror has them: status" "0" "$status"
is "a good mirror: the four files, and no other" "$(printf '%s\n' "${names[@]}" | sort)" "$(ls -A "$work/deep/mnist")"
is "a good mirror: whole" "$(cut -d ' ' -f 1 data/checksums.sha256)" \
    "$(cd "$work/deep/mnist" && sha256sum "${names[@]}" | cut -d ' ' -f 1)"
train mnist --data "$work/deep/mnist" --conditional
is "a good mirror: trains" "0 " "$status $(cat "$work/mnist.err")"

inodes=$(ls -i "$work/deep/mnist")
fetched "file://$work/nothing" "$work/deep/mnist"
is "already there: status, without a mirror" 0 "$status"
is "already there: is said of each" 4 "$(grep -c 'is there already, and right' <<<"$said")"
is "already there: are left alone" "$inodes" "$(ls -i "$work/deep/mnist")"
for name in "${names[@]}"; do
    ln -s "$work/mirror/$name.gz" "$work/there/$name.gz"
done
fetched "file://$work/nothing" "$work/there"
is "already there, packed: status" 0 "$status"

printf 'x' >>"$work/deep/mnist/t10k-labels-idx1-ubyte"
fetched "file://$work/mirror" "$work/deep/mnist"
is "one that is there is wrong: status" 1 "$status"
has "one that is there is wrong: is said" 't10k-labels-idx1-ubyte: is not what' "$said"
rm "$work/deep/mnist/t10k-labels-idx1-ubyte"

cp "$work/mirror/t10k-images-idx3-ubyte.gz" "$work/bad/t10k-labels-idx1-ubyte.gz"
fetched "file://$work/bad" "$work/deep/mnist"
is "a mirror with other files: status" 1 "$status"
has "a mirror with other files: thrown away" 'thrown away' "$said"
printf 'no gzip' >"$work/bad/t10k-labels-idx1-ubyte.gz"
fetched "file://$work/bad" "$work/deep/mnist"
is "a mirror with pages for files: status" 1 "$status"
is "a bad mirror: nothing of it is left" "$(printf '%s\n' "${names[@]::3}" | sort)" "$(ls -A "$work/deep/mnist")"

conclude
