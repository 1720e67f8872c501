#!/usr/bin/env bash
# Short trainings of two presets, one with labels and one with dropout and batch norm, on tiny images, and images drawn
# from them: for looking over all that a run does with a sanitizer in the programs or under $UNDER (valgrind).
cd "$(dirname "$0")/.." && . tests/cli/harness.sh || exit 1

sampler=${program%gan-train}gan-sample

# 256 images of 8 x 8, all of them different
LC_ALL=C awk 'BEGIN {for (i = 0; i < 256 * 64; i++) printf "%c", 1 + (i * i + int(i / 64) * 7) % 127}' |
    idx_images "$work/images" 256 8 8
for ((i = 0; i < 256; i++)); do
    printf '%b' "\\x0$((i % 10))"
done | idx_labels "$work/labels" 256

# clean NAME PROGRAM FLAG...: the program ends well; what it or a checker says is shown in full where not
clean() {
    local name=$1 found
    shift
    # shellcheck disable=SC2086 # a command and its flags
    if found=$(${UNDER-} "$@" 2>&1); then
        ok "$name"
    else
        fail "$name" "exit status $?"
        printf '%s\n' "$found"
    fi
}

for preset in conditional deep; do
    clean "training $preset" "$program" --preset $preset --images "$work/images" --labels "$work/labels" --outdir "$work/$preset" \
        --epochs 2 --batch_size 32 --grid 3x10 --log_every 3 --threads 2 --g_hidden 100,70 --d_hidden 130,70
done
clean "--help" "$program" --help
clean "--print_config" "$program" --print_config
clean "drawing: --help" "$sampler" --help
for format in grid png idx npy; do
    clean "drawing $format" "$sampler" "$work/conditional" --count 70 --format $format -o "$work/drawn.$format"
done
clean "drawing a way" "$sampler" "$work/deep" --interpolate 0,1,70 -o "$work/way.gif"
clean "drawing neighbours" "$sampler" "$work/deep" --nearest -o "$work/nearest.png"
conclude
