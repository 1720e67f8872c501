#!/usr/bin/env bash
# Short trainings with labels, with dropout and batch norm, and with either net first, on tiny images, and images drawn
# from them and measured: for looking over all that a run does with a sanitizer in the programs or under $UNDER
# (valgrind).
cd "$(dirname "$0")/.." && . tests/cli/harness.sh || exit 1

sampler=${program%gan-train}gan-sample
evaluator=${program%gan-train}gan-eval

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

# trained NAME FLAG...
trained() {
    local name=$1
    shift
    clean "training $name" "$program" "$@" --images "$work/images" --labels "$work/labels" --outdir "$work/$name" \
        --epochs 2 --batch_size 32 --grid 13x10 --log_every 3 --g_hidden 100,70 --d_hidden 130,70
}
trained conditional --preset conditional --threads 2
trained deep --preset deep --threads 3
trained pytorch-gan --preset pytorch-gan --threads 4
trained g-first --preset conditional --order g-then-d --fakes same_images --d_steps 2 --g_steps 2 --threads 3
trained penalties --preset conditional --loss relativistic --r1 0.3 --r2 0.1 --input_dropout 0.2 --threads 3
trained both --preset conditional --order simultaneous --fakes same_images --d_activation maxout:2 --threads 3
clean "going on" "$program" --resume "$work/deep" --epochs 3 --threads 2
clean "weights of another run" "$program" --init_from "$work/deep" --preset deep --images "$work/images" --outdir "$work/from" \
    --epochs 1 --batch_size 32 --g_hidden 100,70 --d_hidden 130,70 --threads 2
clean "--help" "$program" --help
clean "--print_config" "$program" --print_config
clean "drawing: --help" "$sampler" --help
for format in grid png idx npy; do
    clean "drawing $format" "$sampler" "$work/conditional" --count 70 --format $format -o "$work/drawn-$format"
done
clean "drawing a way" "$sampler" "$work/deep" --interpolate 0,1,70 -o "$work/way.gif"
clean "drawing neighbours" "$sampler" "$work/deep" --nearest -o "$work/nearest.png"
# Without labels: to train a judge takes too long here. The unit tests do it with less.
clean "drawing a thousand" "$sampler" "$work/deep" --count 1000 --format idx -o "$work/thousand"
clean "measuring" "$evaluator" --images "$work/thousand" --train_images "$work/thousand" --test_images "$work/thousand"
clean "measuring: --help" "$evaluator" --help
conclude
