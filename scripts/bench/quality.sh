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
        [ $# -gt 0 ] || set -- deep conditional truncnorm vanilla rmsprop-bn minimax pytorch-gan
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

# The mean of a figure in the table of gan-eval, with what follows it: "39.61 +- 0.12".
figure() { # NAME TITLE
    awk -F '  +' -v title="$2" 'index($0, title) == 1 {print $2}' "$folder/$1.txt" | sed 's/ +- / ± /'
}

row() { # NAME
    local title
    printf "| \`%s\` | %s |" "$1" \
        "$(awk -F , 'NR > 1 {sum += $10; epoch = $1} END {printf "%d | %.1f", epoch, sum / 60}' "$folder/$1/losses.csv")"
    for title in 'Frechet distance' coverage recall precision density 'classes alive' 'KL of' 'nearest' 'Parzen'; do
        printf ' %s |' "$(figure "$1" "$title")"
    done
    printf '\n'
}

names=() failed=0
while read -r name flags; do
    names+=("$name")
    read -ra words <<<"$flags"
    while [ "$(jobs -rp | wc -l)" -ge "${JOBS:-1}" ]; do
        wait -n || failed=1
    done
    train "$name" "${words[@]}" &
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
