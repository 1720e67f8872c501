#!/usr/bin/env bash
# How good the images of presets are, trained for as many epochs as each is for: the table of docs/quality.md, in an hour
# or two. What was trained before is not trained again, and a run that was stopped goes on.
#
#     scripts/bench/quality.sh FOLDER [PRESET ...]
#
# FOLDER      for the runs, FOLDER/PRESET; the last grid of each is FOLDER/PRESET.png, its figures are FOLDER/PRESET.txt
# GAN_TRAIN   the program (build/gan-train); gan-eval lies beside it
# GAN_DATA    where MNIST is; without it what gan-train finds
set -u -o pipefail
export LC_ALL=C

program=${GAN_TRAIN:-build/gan-train}
folder=${1:?wanted a folder for the runs}
shift
[ $# -gt 0 ] || set -- deep conditional truncnorm vanilla rmsprop-bn minimax pytorch-gan

# The mean of a figure in the table of gan-eval, with what follows it: "39.61 +- 0.12".
figure() { # TITLE
    awk -F '  +' -v title="$1" 'index($0, title) == 1 {print $2}' "$folder/$preset.txt" | sed 's/ +- / ± /'
}

printf '| preset | epochs | minutes | FD | coverage | recall | precision | density | classes | KL | nearest | Parzen |\n'
printf '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n'
for preset; do
    run=$folder/$preset
    if [ -d "$run" ]; then
        "$program" --resume "$run" --quiet >>"$run.log" 2>&1 || exit 1
    else
        "$program" --preset "$preset" --outdir "$run" --sample_every 10 --quiet >"$run.log" 2>&1 || exit 1
    fi
    "${program%gan-train}gan-eval" "$run" --quiet >"$run.txt" || exit 1
    grids=("$run"/samples/epoch_*.png)
    cp "${grids[-1]}" "$folder/$preset.png"
    minutes=$(awk -F , 'NR > 1 {sum += $10; epoch = $1} END {printf "%d | %.1f", epoch, sum / 60}' "$run/losses.csv")
    printf "| \`%s\` | %s |" "$preset" "$minutes"
    for title in 'Frechet distance' coverage recall precision density 'classes alive' 'KL of' 'nearest' 'Parzen'; do
        printf ' %s |' "$(figure "$title")"
    done
    printf '\n'
done
