#!/usr/bin/env bash
# How good the images of presets are, trained for as many epochs as each is for: the table of docs/quality.md, in an hour
# or two. Or of any trainings, to search for a better one. What was trained before is not trained again, and a run that
# was stopped goes on.
#
#     scripts/bench/quality.sh FOLDER [PRESET ...]
#     scripts/bench/quality.sh FOLDER - <FILE         lines of a name and flags of gan-train; those of # are comments
#
# FOLDER      for the runs, FOLDER/NAME; the last grid of each is FOLDER/NAME.png, its figures are FOLDER/NAME.txt
# GAN_TRAIN   the program (build/gan-train); gan-eval lies beside it
# GAN_DATA    where MNIST is; without it what gan-train finds
# JOBS        how many are trained at a time, on a thread each; without it one, on all cores
# SEEDS       seeds to train each with, such as "0 1 2", as FOLDER/NAME-SEED; its row then has the means over them, and
#             FD's range; without it one run each, of the seed in its flags
set -u -o pipefail
export LC_ALL=C

program=${GAN_TRAIN:-build/gan-train}
folder=${1:?wanted a folder for the runs}
shift
mkdir -p "$folder" || exit 1

# What is to be trained: lines of a name and flags.
lines() {
    if [ "${1-}" = - ]; then
        grep -v '^ *\(#\|$\)'
    else
        [ $# -gt 0 ] || set -- best deep paper conditional truncnorm vanilla rmsprop-bn minimax pytorch-gan
        printf '%s\n' "$@" | sed 's/.*/& --preset & --sample_every 10/'
    fi
}

# train NAME FLAG...: and measures
train() {
    local name=$1 run=$folder/$1
    local -a grids
    shift
    if [ -d "$run" ]; then
        "$program" --resume "$run" --quiet ${JOBS:+--threads 1} >>"$run.log" 2>&1 || return 1
    else
        "$program" --outdir "$run" --quiet ${JOBS:+--threads 1} "$@" >"$run.log" 2>&1 || return 1
    fi
    [ -s "$run.txt" ] || "${program%gan-train}gan-eval" "$run" --quiet ${JOBS:+--threads 1} >"$run.txt" || return 1
    grids=("$run"/samples/epoch_*.png)
    cp "${grids[-1]}" "$folder/$name.png"
}

# figure TITLE FILE...: of the table of gan-eval, with what follows it: "39.61 ± 0.12"; of several the mean of the means.
figure() {
    awk -F '  +' -v title="$1" '
        index($0, title) == 1 {
            text = $2; value = text + 0; sum += value; n++
            if (n == 1 || value < least) least = value
            if (n == 1 || value > greatest) greatest = value
        }
        END {
            sub(/ [+]- /, " ± ", text)
            range = title ~ /^Frechet/ ? sprintf(" (%.3g to %.3g)", least, greatest) : ""
            if (n == 1) print text; else printf "%.3g%s", sum / n, range
        }' "${@:2}"
}

row() { # NAME
    local title seed
    local -a runs=("$folder/$1")
    if [ -n "${SEEDS-}" ]; then
        runs=()
        for seed in $SEEDS; do
            runs+=("$folder/$1-$seed")
        done
    fi
    printf "| \`%s\` | %s |" "$1" "$(awk -F , '
        FNR > 1 {sum += $10; epoch = $1}
        END {printf "%d | %.1f", epoch, sum / 60 / (ARGC - 1)}' "${runs[@]/%//losses.csv}")"
    for title in 'Frechet distance' coverage recall precision density 'classes alive' 'KL of' 'nearest' 'Parzen'; do
        printf ' %s |' "$(figure "$title" "${runs[@]/%/.txt}")"
    done
    printf '\n'
}

names=() failed=0
while read -r name flags; do
    names+=("$name")
    read -ra words <<<"$flags"
    for seed in ${SEEDS:-own}; do
        while [ "$(jobs -rp | wc -l)" -ge "${JOBS:-1}" ]; do
            wait -n || failed=1
        done
        train "$name${SEEDS:+-$seed}" "${words[@]}" ${SEEDS:+--seed "$seed"} &
    done
done < <(lines "$@")
while [ "$(jobs -rp | wc -l)" -gt 0 ]; do
    wait -n || failed=1
done
printf '| run | epochs | minutes | FD | coverage | recall | precision | density | classes | KL | nearest | Parzen |\n'
printf '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n'
for name in "${names[@]}"; do
    row "$name"
done
exit $failed
