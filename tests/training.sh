#!/bin/bash
# Short trainings of two presets, one with labels and one with dropout and batch norm, on tiny images: for looking over
# all that a run does with a sanitizer, or under $UNDER (valgrind). Uses $GAN_TRAIN.
set -u
cd "$(dirname "$0")/.." || exit 1

program=${GAN_TRAIN:-build/gan-train}
passed=0 failed=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# big-endian NUMBER...
words() {
    local number
    for number; do
        printf "$(printf '\\%03o' $((number >> 24 & 255)) $((number >> 16 & 255)) $((number >> 8 & 255)) $((number & 255)))"
    done
}

# 256 images of 8 x 8, all of them different, and their labels
images() {
    words 2051 256 8 8
    LC_ALL=C awk 'BEGIN {for (i = 0; i < 256 * 64; i++) printf "%c", 1 + (i * i + int(i / 64) * 7) % 127}'
}
labels() {
    words 2049 256
    for ((i = 0; i < 256; i++)); do
        printf "$(printf '\\%03o' $((i % 10)))"
    done
}
images >"$work/images"
labels >"$work/labels"

# check NAME COMMAND...
check() {
    local name=$1 status=0
    shift
    "$@" >"$work/output" 2>&1 || status=$?
    if [ "$status" -eq 0 ]; then
        passed=$((passed + 1))
        echo "ok: $name"
    else
        failed=$((failed + 1))
        echo "FAILED: $name: exit status $status"
        cat "$work/output"
    fi
}

train() {
    local preset=$1
    shift
    check "training $preset" ${UNDER-} "$program" --preset "$preset" --images "$work/images" --labels "$work/labels" \
        --outdir "$work/$preset" --epochs 2 --batch_size 32 --grid 3x10 --log_every 3 --threads 2 "$@"
}
train conditional --fakes same_noise
train deep
check '--help' ${UNDER-} "$program" --help
check '--print_config' ${UNDER-} "$program" --print_config

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
