#!/usr/bin/env bash
# Every preset for 1000 epochs of few images, with three seeds: the table of docs/reliability.md, in half an hour of two
# cores; `make soak`. Status 1 where a training diverged or left a number that is none.
#
#     scripts/bench/soak.sh FOLDER [PRESET ...]
#
# FOLDER      for the runs, FOLDER/PRESET-SEED; what was trained before is not trained again
# GAN_TRAIN   the program (build/gan-train)
# GAN_DATA    where MNIST is; without it what gan-train finds
# JOBS        how many are trained at a time, on a thread each (as many as there are cores)
# SEEDS       ("0 1 2")
# EPOCHS      (1000)
# IMAGES      (1000)
set -u -o pipefail
export LC_ALL=C

program=${GAN_TRAIN:-build/gan-train}
folder=${1:?wanted a folder for the runs}
shift
seeds=${SEEDS:-0 1 2} epochs=${EPOCHS:-1000} images=${IMAGES:-1000}
mkdir -p "$folder" || exit 1
[ $# -gt 0 ] || set -- best deep paper conditional truncnorm vanilla rmsprop-bn minimax pytorch-gan

# train PRESET SEED: and keeps what was said, and the status
train() {
    local run=$folder/$1-$2
    [ ! -e "$run.status" ] || return 0
    "$program" --preset "$1" --seed "$2" --epochs "$epochs" --limit_images "$images" --outdir "$run" --overwrite \
        --threads 1 --no_gif --sample_every "$epochs" --eval_every 0 --quiet >"$run.log" 2>&1
    echo $? >"$run.status"
}
export -f train
export program folder epochs images

for seed in $seeds; do
    printf "%s $seed\n" "$@"
done | xargs -P "${JOBS:-$(nproc)}" -L 1 bash -c 'train "$1" "$2"' train

# What of a run's rows is no number, or not there.
missing() {
    awk -F , -v epochs="$epochs" '
        NR > 1 {for (i = 1; i <= NF; i++) if ($i !~ /^-?[0-9.]+(e[-+]?[0-9]+)?$/) bad++}
        END {print bad + (NR != epochs + 1)}' "$1"
}

failed=0
printf '| preset | ended by itself | rescues | D(x), D(G(z)) at the end |\n|---|--:|---|---|\n'
for preset; do
    good=0 rescues='' ends=''
    for seed in $seeds; do
        run=$folder/$preset-$seed
        if [ "$(cat "$run.status")" = 0 ] && [ "$(missing "$run/losses.csv")" = 0 ]; then
            good=$((good + 1))
        else
            failed=1
        fi
        rescues="$rescues${rescues:+, }$(grep -c '^rescue ' "$run.log")"
        ends="$ends${ends:+; }$(awk -F , 'NR == 1 {for (i = 1; i <= NF; i++) column[$i] = i}
                                          END {printf "%.2f, %.2f", $column["d_real"], $column["d_fake"]}' "$run/losses.csv")"
    done
    printf '| `%s` | %d of %d | %s | %s |\n' "$preset" "$good" "$(wc -w <<<"$seeds")" "$rescues" "$ends"
done
exit $failed
