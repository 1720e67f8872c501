#!/usr/bin/env bash
# Every preset for 1000 epochs of few images, with three seeds: the table of docs/reliability.md, in half an hour of two
# cores; `make soak`. Status 1 where a training diverged or left a number that is none.
#
#     scripts/bench/soak.sh [PRESET ...]
#
# GAN_TRAIN   the program (build/gan-train)
# GAN_DATA    where MNIST is; without it what gan-train finds
# JOBS        how many are trained at a time, on a thread each (as many as there are cores)
# SEEDS       ("0 1 2")
# EPOCHS      (1000)
# IMAGES      (1000)
set -u -o pipefail
export LC_ALL=C

program=${GAN_TRAIN:-build/gan-train}
seeds=${SEEDS:-0 1 2} epochs=${EPOCHS:-1000} images=${IMAGES:-1000}
work=$(mktemp -d) || exit 1
trap 'rm -rf -- "$work"' EXIT
trap 'exit 1' HUP INT TERM
# shellcheck disable=SC2046 # names
[ $# -gt 0 ] || set -- $("$program" --list_presets | sed '1d; s/ .*//')

# train PRESET SEED: and keeps its rows, what was said, and the status
# shellcheck disable=SC2317 # xargs calls it
train() {
    local run=$work/$1-$2
    "$program" --preset "$1" --seed "$2" --epochs "$epochs" --limit_images "$images" --outdir "$run" --threads 1 --no_gif \
        --sample_every "$epochs" --eval_every off --quiet >"$run.log" 2>&1
    echo $? >"$run.status"
}
export -f train
export program work epochs images

# shellcheck disable=SC2016 # for the other shell
for seed in $seeds; do
    for preset; do
        echo "$preset $seed"
    done
done | xargs -P "${JOBS:-$(nproc)}" -L 1 bash -c 'train "$1" "$2"' train

# How many of a run's numbers are none, or not there.
missing() {
    awk -F , -v epochs="$epochs" '
        NR > 1 {for (i = 1; i <= NF; i++) if ($i !~ /^-?[0-9.]+(e[-+]?[0-9]+)?$/) bad++}
        END {print bad + (NR != epochs + 1)}' "$1"
}

# The last D(x) and D(G(z)).
ends() {
    awk -F , 'NR == 1 {for (i = 1; i <= NF; i++) column[$i] = i}
              END {printf "%.2f, %.2f", $column["d_real"], $column["d_fake"]}' "$1"
}

failed=0 source='what gan-train finds'
[ -z "${GAN_DATA-}" ] || source="\$GAN_DATA"
printf '%s epochs of %s images of %s\n\n' "$epochs" "$images" "$source"
printf '| preset | finite to the end | rescues | D(x), D(G(z)) at the end |\n|---|--:|---|---|\n'
for preset; do
    good=0 rescues='' last=''
    for seed in $seeds; do
        run=$work/$preset-$seed status=$(cat "$work/$preset-$seed.status")
        case $status in
        0 | 3) ;;
        *)
            cat "$run.log" >&2
            exit 1
            ;;
        esac
        [ "$status" = 0 ] && [ "$(missing "$run/losses.csv")" = 0 ] && good=$((good + 1)) || failed=1
        rescues="$rescues${rescues:+, }$(grep -c '^rescue ' "$run.log")"
        last="$last${last:+; }$(ends "$run/losses.csv")"
    done
    printf "| \`%s\` | %d of %d | %s | %s |\n" "$preset" "$good" "$(wc -w <<<"$seeds")" "$rescues" "$last"
done
exit $failed
