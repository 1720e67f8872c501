#!/usr/bin/env bash
# Short trainings with labels, with dropout and batch norm, and with either net first, on tiny images: for looking over
# all that a run does with a sanitizer in the program or under $UNDER (valgrind).
cd "$(dirname "$0")/.." && . tests/cli/harness.sh || exit 1

# 256 images of 8 x 8, all of them different
LC_ALL=C awk 'BEGIN {for (i = 0; i < 256 * 64; i++) printf "%c", 1 + (i * i + int(i / 64) * 7) % 127}' |
    idx_images "$work/images" 256 8 8
for ((i = 0; i < 256; i++)); do
    printf '%b' "\\x0$((i % 10))"
done | idx_labels "$work/labels" 256

# clean NAME FLAG...: the program with these flags ends well; what it or a checker says is shown in full where not
clean() {
    local name=$1 found
    shift
    # shellcheck disable=SC2086 # a command and its flags
    if found=$(${UNDER-} "$program" "$@" 2>&1); then
        ok "$name"
    else
        fail "$name" "exit status $?"
        printf '%s\n' "$found"
    fi
}

# trained NAME FLAG...
trained() {
    local name=$1
    shift
    clean "training $name" "$@" --images "$work/images" --labels "$work/labels" --outdir "$work/$name" \
        --epochs 2 --batch_size 32 --grid 13x10 --log_every 3 --g_hidden 100,70 --d_hidden 130,70
}
trained conditional --preset conditional --threads 2
trained deep --preset deep --threads 3
trained pytorch-gan --preset pytorch-gan --threads 4
trained g-first --preset conditional --order g-then-d --fakes same_images --d_steps 2 --g_steps 2 --threads 3
clean "--help" --help
clean "--print_config" --print_config
conclude
