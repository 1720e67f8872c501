#!/usr/bin/env bash
# What up to three rescues make of learning rates that no training stands: the table of docs/reliability.md, in two
# minutes.
#
#     scripts/bench/rescues.sh [PRESET ...]
#
# GAN_TRAIN   the program (build/gan-train)
# GAN_DATA    where MNIST is; without it what gan-train finds
set -u -o pipefail
export LC_ALL=C

program=${GAN_TRAIN:-build/gan-train}
work=$(mktemp -d) || exit 1
trap 'rm -rf -- "$work"' EXIT
trap 'exit 1' HUP INT TERM

# How a run ended, by the last row of its losses.csv.
verdict() {
    awk -F , 'NR == 1 {for (i = 1; i <= NF; i++) column[$i] = i}
              {real = $column["d_real"]; fake = $column["d_fake"]
               norm_d = $column["grad_norm_d"]; norm_g = $column["grad_norm_g"]}
              END {print(norm_d == 0 || norm_g == 0 ? "dead" : real > 0.99 && fake < 0.01 ? "D wins" : "learns")}' "$1"
}

# cell PRESET EPOCHS OPTIMIZER RATE...: how each run ended and how many rescues it took: "learns (1, 2), status 3 (3)"
cell() {
    local rate status ended last='' text=''
    for rate in "${@:4}"; do
        "$program" --preset "$1" --epochs "$2" --optimizer "$3" --learning_rate "$rate" --limit_images 3000 \
            ${GAN_DATA:+--data "$GAN_DATA"} --no_gif --quiet --overwrite --outdir "$work/run" >"$work/said" 2>&1
        status=$?
        case $status in
        0) ended=$(verdict "$work/run/losses.csv") ;;
        3) ended='status 3' ;;
        *)
            cat "$work/said" >&2
            exit 1
            ;;
        esac
        if [ "$ended" = "$last" ]; then
            text="${text%)}, "
        else
            text="$text${text:+, }$ended ("
        fi
        text="$text$(grep -c '^rescue ' "$work/said"))"
        last=$ended
    done
    printf ' %s |' "$text"
}

[ $# -gt 0 ] || set -- deep conditional vanilla truncnorm
printf '| preset | Adam 0.1, 1, 10 | SGD 1, 10, 100 | RMSprop 0.1, 1, 10 |\n|---|---|---|---|\n'
for preset; do
    epochs=20
    [[ $preset != deep && $preset != conditional ]] || epochs=5 # their steps take longer
    printf "| \`%s\` |" "$preset"
    cell "$preset" "$epochs" adam 0.1 1 10
    cell "$preset" "$epochs" sgd 1 10 100
    cell "$preset" "$epochs" rmsprop 0.1 1 10
    printf '\n'
done
