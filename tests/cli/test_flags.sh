#!/usr/bin/env bash
# Every flag of --help takes effect: a run with it is held against the same run without.
cd "$(dirname "$0")/../.." && . tests/cli/harness.sh || exit 1

covered=() # the flags with a check, by their names in --help
covers() {
    covered+=("$@")
}

# against NAME FLAG...: what the runs of the next checks have in common, and are held against; all of the preset deep,
# which has something of nearly everything
against() {
    reference=$1
    common=(--preset deep "${@:2}")
    [ -d "$work/$reference" ] && return
    train "$reference" "${common[@]}"
    is "run $reference ends well" "0 " "$status $(cat "$work/$reference.err")"
}

# run_with FLAG VALUE...: the reference's run with more flags, into $work/$run
run_with() {
    run=$reference$(printf '%s' "$*" | tr -c 'a-zA-Z0-9.' '_')
    train "$run" "${common[@]}" "$@"
    if [ "$status" -ne 0 ]; then
        fail "$* runs" "status $status, $(cat "$work/$run.err")"
        return 1
    fi
}

# trains_otherwise FLAG VALUE...: other losses
trains_otherwise() {
    local flag=${1#--}
    covers "$flag"
    run_with "$@" && is_not "$*: other losses than $reference" "$(losses "$reference")" "$(losses "$run")"
}

# samples_otherwise FLAG VALUE...: the same losses, but other pictures
samples_otherwise() {
    covers "${1#--}"
    run_with "$@" || return
    is "$*: the losses stay" "$(losses "$reference")" "$(losses "$run")"
    is_not "$*: other pictures" "$(sums "$reference" samples/epoch_0001.png)" "$(sums "$run" samples/epoch_0001.png)"
}

# trains_alike FLAG VALUE...: the same losses
trains_alike() {
    run_with "$@" && is "$*: the losses of $reference" "$(losses "$reference")" "$(losses "$run")"
}

# screen: what the last run said
screen() {
    cat "$work/$run.out"
}

last_step() {
    value "$run" step
}

# tail -n +2 of steps.csv's steps, between blanks
logged_steps() {
    cut -d , -f 2 "$work/$run/steps.csv" | tail -n +2 | tr '\n' ' '
}

# files FOLDER: names between blanks
files() {
    find "$work/$1" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | tr '\n' ' '
}

png_size() {
    local -a b
    read -ra b <<<"$(bytes "$1" 16 8)"
    printf '%dx%d' $((b[2] * 256 + b[3])) $((b[6] * 256 + b[7]))
}

gif_size() {
    local -a b
    read -ra b <<<"$(bytes "$1" 6 4)"
    printf '%dx%d' $((b[1] * 256 + b[0])) $((b[3] * 256 + b[2]))
}

against base
is "base: 20 steps" 20 "$(value base step)"

# --- length ---
covers epochs batch_size max_minutes
for flag in --epochs -e; do
    run_with $flag 3 && is "$flag 3: three rows" "1 2 3 " "$(cut -d , -f 1 "$work/$run/losses.csv" | tail -n +2 | tr '\n' ' ')"
done
for flag in --batch_size -b; do
    run_with $flag 25 && is "$flag 25: 8 steps" 8 "$(last_step)"
done
run_with --max_minutes 1e-9 --epochs 50 && is "--max_minutes 1e-9: stops at once, and well" 1 "$(last_step)"

# --- data ---
covers data images labels limit_images conditional
run_with --limit_images 50 && is "--limit_images 50: 5 steps" 5 "$(last_step)"
mkdir "$work/other"
yes '0123456789' | tr -d '\n' | idx_images "$work/other/train-images-idx3-ubyte" 200 28 28
yes '' | tr '\n' '\1' | idx_labels "$work/other/train-labels-idx1-ubyte" 200
yes '' | tr '\n' '\2' | idx_labels "$work/labels-of-2" 200
trains_otherwise --data "$work/other"
has "--data: is said" "$work/other/train-images-idx3-ubyte" "$(screen)"
train folder --data "$work/other"
train file --images "$work/other/train-images-idx3-ubyte"
is "--images: trains as the folder that holds the file" "$(losses folder)" "$(losses file)"
has "--images: is said" "$work/other/train-images-idx3-ubyte" "$(cat "$work/file.out")"
train labels_1 --conditional --images "$work/other/train-images-idx3-ubyte" \
    --labels "$work/other/train-labels-idx1-ubyte"
train labels_2 --conditional --images "$work/other/train-images-idx3-ubyte" --labels "$work/labels-of-2"
train labels_1_folder --conditional --data "$work/other"
is "--labels: trains as the folder that holds them" "$(losses labels_1_folder)" "$(losses labels_1)"
is_not "--labels: others, other losses" "$(losses labels_1)" "$(losses labels_2)"
has "--labels: are said" "$work/labels-of-2" "$(cat "$work/labels_2.out")"
trains_otherwise --conditional
has "--conditional: the labels go into G" 'dense 8 +110 to 8' "$(screen)"
has "--conditional: and into D" 'label, dense 10 to 784' "$(screen)"
is_not "--conditional: other pictures before training" "$(sums base samples/epoch_0000.png)" \
    "$(sums "$run" samples/epoch_0000.png)"

# --- nets ---
trains_otherwise --encoding_dims 7
has "--encoding_dims 7: is G's input" 'dense 8 +7 to 8' "$(screen)"
trains_otherwise --g_hidden 5,6
has "--g_hidden 5,6: the first" 'dense 5 +100 to 5' "$(screen)"
has "--g_hidden 5,6: the second" 'dense 6 +5 to 6' "$(screen)"
has "--g_hidden 5,6: the output" 'dense 784 +6 to 784' "$(screen)"
run_with --g_hidden none && has "--g_hidden none" 'dense 784 +100 to 784' "$(screen)"
trains_otherwise --d_hidden 5,6
has "--d_hidden 5,6: the first" 'dense 5 +784 to 5' "$(screen)"
has "--d_hidden 5,6: the second" 'dense 6 +5 to 6' "$(screen)"
has "--d_hidden 5,6: the output" 'dense 1 +6 to 1' "$(screen)"
trains_otherwise --g_activation relu
trains_otherwise --g_activation leaky_relu:0.3
trains_otherwise --d_activation tanh
trains_otherwise --d_activation leaky_relu:0.3
trains_otherwise --d_activation maxout
has "--d_activation maxout: five pieces" 'dense 40 +784 to 40 +maxout of 5' "$(screen)"
trains_otherwise --g_activation maxout:2
has "--g_activation maxout:2" 'dense 16 +100 to 16 +maxout of 2' "$(screen)"
trains_otherwise --output sigmoid
trains_otherwise --output linear
trains_otherwise --noise uniform
trains_otherwise --dropout 0.5
trains_otherwise --dropout 0.3,0
trains_otherwise --dropout none
trains_otherwise --input_dropout 0.2
has "--input_dropout: is said" 'dropout 0.2' "$(screen)"
run_with --input_dropout 0.2 --conditional
has "--input_dropout: not of the labels" 'dropout 0.2; label, dense 10 to 784 +8,624$' "$(screen)"
trains_otherwise --init he_normal
trains_otherwise --init lecun_uniform
trains_otherwise --init normal:0.1
trains_otherwise --init truncated_normal:0.1
trains_otherwise --init uniform:0.05
trains_otherwise --d_init uniform:0.005
trains_alike --d_init "$("$program" --preset deep --print_config | sed -n 's/^ *"init": "\(.*\)",$/\1/p')"
trains_otherwise --bias_init weights
trains_otherwise --output_bias mean_image
against uniform --noise uniform
trains_alike --noise_range 1
trains_otherwise --noise_range 2

# --- batch norm ---
against base
trains_otherwise --g_batch_norm none
trains_otherwise --g_batch_norm before
trains_otherwise --d_batch_norm before
trains_otherwise --d_batch_norm after
trains_otherwise --g_batch_norm_first no
samples_otherwise --batch_norm_momentum 0.5
samples_otherwise --batch_norm_variance unbiased
trains_otherwise --batch_norm_epsilon 0.5
against normal_d --d_batch_norm before
trains_otherwise --d_batch_norm_first no

# --- objective: with all logits at zero and nothing learnt, the losses are known ---
against zero --init normal:1e-9 --learning_rate 1e-12
is "zero: D(x) is a half" 0.5 "$(value zero d_real)"
near "zero: L_D is 2 ln 2" 1.3862944 "$(value zero loss_d)"
near "zero: L_G is ln 2" 0.6931472 "$(value zero loss_g)"
trains_otherwise --loss minimax
has "--loss minimax: its curves" '>Probability that D gives' "$(cat "$work/$run/losses.svg")"
near "--loss minimax: L_G is -ln 2" -0.6931472 "$(value "$run" loss_g)"
trains_otherwise --loss least_squares
has "--loss least_squares: its curves" '>What D says' "$(cat "$work/$run/losses.svg")"
near "--loss least_squares: L_G is 1/2" 0.5 "$(value "$run" loss_g)"
trains_otherwise --loss hinge
has "--loss hinge: its curves" '>Sigmoid of what D says' "$(cat "$work/$run/losses.svg")"
near "--loss hinge: L_D is 2" 2 "$(value "$run" loss_d)"
trains_otherwise --loss relativistic
has "--loss relativistic: its curves" '>Probability of being the more real of a pair' "$(cat "$work/$run/losses.svg")"
near "--loss relativistic: L_D is ln 2" 0.6931472 "$(value "$run" loss_d)"
near "--loss relativistic: L_G is ln 2" 0.6931472 "$(value "$run" loss_g)"
trains_otherwise --d_loss_scale 0.25
near "--d_loss_scale 0.25: L_D is ln 2 / 2" 0.3465736 "$(value "$run" loss_d)"
run_with --label_smoothing 0.5
near "--label_smoothing 0.5: at zero L_D stays" 1.3862944 "$(value "$run" loss_d)"
against base
trains_otherwise --label_smoothing 0.1

# --- optimizer ---
trains_otherwise --optimizer rmsprop
trains_otherwise --optimizer sgd
trains_otherwise --learning_rate 0.005
near "--learning_rate 0.005: is in its column" 0.005 "$(value "$run" learning_rate)"
trains_otherwise --g_learning_rate 0.005
near "--g_learning_rate 0.005: D's stays" 0.0002 "$(value "$run" learning_rate)"
trains_alike --g_learning_rate 0.0002
trains_otherwise --beta_1 0.9
trains_otherwise --beta_2 0.9
trains_otherwise --decay 1
near "--decay 1: the 20th update has 1/20 of the rate" 0.00001 "$(value "$run" learning_rate)"
against sgd --optimizer sgd --learning_rate 0.01
trains_otherwise --momentum 0.9
trains_otherwise --final_momentum 0.9
against ramp --optimizer sgd --learning_rate 0.01 --final_momentum 0.9
trains_otherwise --momentum_epochs 40
against base
trains_otherwise --clip_norm 0.01
trains_otherwise --schedule cosine
against cosine --schedule cosine
trains_otherwise --final_learning_rate 1e-4
trains_otherwise --schedule_epochs 40

# --- step ---
against base
samples_otherwise --ema 1000
trains_otherwise --r1 0.5
trains_otherwise --r2 0.5
trains_alike --r1 0
trains_otherwise --order g-then-d
trains_otherwise --fakes same_noise
same_noise=$run
run_with --fakes same_images
is "--fakes: for d-then-g, same_noise is same_images" "$(losses "$same_noise")" "$(losses "$run")"
trains_otherwise --d_steps 2
is "--d_steps 2: a step takes twice the images" 10 "$(last_step)"
trains_otherwise --g_steps 2
is "--g_steps 2: as many steps" 20 "$(last_step)"
trains_otherwise --d_batch merged
is "--d_batch merged: a step takes half the images" 40 "$(last_step)"
against g_first --order g-then-d
trains_otherwise --fakes same_noise
same_noise=$run
trains_otherwise --fakes same_images
is_not "--fakes: for g-then-d, same_noise is not same_images" "$(losses "$same_noise")" "$(losses "$run")"

# --- output: what of it is written never changes training ---
covers grid sample_every log_every no_gif outdir overwrite
against five --epochs 5
is "five: a picture each epoch" \
    "epoch_0000.png epoch_0001.png epoch_0002.png epoch_0003.png epoch_0004.png epoch_0005.png " "$(files five/samples)"
trains_alike --grid 1x3
is "--grid 1x3: the pictures' size" "92x32" "$(png_size "$work/$run/samples/epoch_0005.png")"
is "--grid 1x3: the animation's size" "92x32" "$(gif_size "$work/$run/training.gif")"
is "--grid 2x2: the pictures' size" "62x62" "$(png_size "$work/five/samples/epoch_0005.png")"
trains_alike --sample_every 2
is "--sample_every 2: every second epoch, and the last" \
    "epoch_0000.png epoch_0002.png epoch_0004.png epoch_0005.png " "$(files "$run/samples")"
trains_alike --log_every 33
is "--log_every 33: every 33rd step" "33 66 99 " "$(logged_steps)"
trains_alike --no_gif
is "--no_gif: and nothing else goes" "checkpoints config.json losses.csv losses.svg networks.svg samples steps.csv " "$(files "$run")"
trains_alike --grid 4x1 --sample_every 3 --log_every 1 --no_gif
is "--outdir: all is in it" \
    "checkpoints config.json losses.csv losses.svg networks.svg samples steps.csv training.gif " "$(files five)"
"$program" --config "$work/base.json" "${common[@]}" --outdir "$work/long" >/dev/null 2>&1
is "--outdir: is -o" "$(losses five)" "$(losses long)"
(cd "$work" && "$program" --config base.json "${common[@]}" >/dev/null 2>&1)
is "--outdir: is out without the flag" "$(losses five)" "$(losses out)"
train five
is "without --overwrite: refused" "2 5" "$status $(value five epoch)"
train five --overwrite
is "--overwrite: another run in its place" "0 1" "$status $(value five epoch)"

covers eval_every test_images
small_data "$work/small"
against small-run --data "$work/small" --epochs 3
trains_alike --eval_every 2
is "--eval_every 2: a row, and one of the end" "2 3" "$(tail -n +2 "$work/$run/metrics.csv" | cut -d , -f 1 | xargs)"
fails "without --eval_every: a run this short has none" test -e "$work/small-run/metrics.csv"
measured=$(cat "$work/$run/metrics.csv")
trains_alike --eval_every 2 --test_images "$work/small/train-images-idx3-ubyte"
is_not "--test_images: other figures" "$measured" "$(cat "$work/$run/metrics.csv")"
trains_alike --eval_every off
fails "--eval_every off: none" test -e "$work/$run/metrics.csv"

# --- checkpoints ---
covers resume init_from checkpoint_every checkpoint_minutes keep_checkpoints rescues
for flag in "init_from a" "checkpoint_every 7" "checkpoint_minutes 0.5" "keep_checkpoints 4" "rescues 9"; do
    read -r name value <<<"$flag"
    has "--$flag: is printed" "^  \"$name\": \"?$value\"?," "$("$program" --"$name" "$value" --print_config)"
done
"$program" --resume "$work/five" --outdir "$work/five" 2>"$work/resume.err"
is "--resume: contradicts --outdir" "2" "$?"
has "--resume: and says so" '^gan-train: --outdir: contradicts --resume' "$(cat "$work/resume.err")"

# --- the program ---
covers seed threads quiet version help preset config print_config list_presets
against base
trains_otherwise --seed 1
is_not "--seed 1: other pictures before training" "$(sums base samples/epoch_0000.png)" \
    "$(sums "$run" samples/epoch_0000.png)"
trains_alike --seed 0

# tasks_of NAME FLAG...: how many threads a run has while it trains
tasks_of() {
    local name=$1
    begin "$@"
    within 30 has_rows "$work/$name/losses.csv" 2
    set -- "/proc/$pid/task/"*
    printf '%d' $#
    kill -KILL "$pid"
}
trains_alike --threads 3
has "--threads 3: is said" '^machine +3 threads' "$(screen)"
has "--threads 3: stands in config.json" '"threads": 3' "$(cat "$work/$run/config.json")"
if [ -d /proc/self/task ]; then
    is "--threads 3: two more than --threads 1" 2 $(($(tasks_of three --threads 3) - $(tasks_of one --threads 1)))
else
    not_run "--threads 3: two more than --threads 1" "no /proc"
fi

for flag in --quiet -q; do
    trains_alike $flag
    is "$flag: no first screen" 0 "$(grep -c '^generator' "$work/$run.out")"
    has "$flag: but its lines" '^epoch 1/1 ' "$(screen)"
done
has "without --quiet: the first screen" '^generator' "$(cat "$work/base.out")"
has "--version" '^gan-train [0-9]+\.[0-9]+\.[0-9]+' "$("$program" --version)"
has "--help: begins with the usage" '^usage: gan-train' "$("$program" --help | head -n 1)"
is "-h: is --help" "$("$program" --help)" "$("$program" -h)"
has_no "--help: 80 columns" '^.{81}' "$("$program" --help)"

# recipe_flags NAME: those of its command in docs/recipes.md
recipe_flags() {
    awk -v head="## $1" '/^## / {here = $0 == head} here && /^gan-train/ {on = 1} /^```$/ {on = 0}
        on {sub(/^gan-train/, ""); sub(/\\$/, ""); print}' docs/recipes.md
}
presets=$("$program" --list_presets | sed -n '1d; s/^\([a-z-]*\) .*/\1/p' | tr '\n' ' ')
is "--list_presets: all of them" "best vanilla rmsprop-bn conditional minimax deep truncnorm pytorch-gan paper " "$presets"
for preset in $presets; do
    has "--preset $preset: is said" "\"preset\": \"$preset\"" "$("$program" --preset "$preset" --print_config)"
    is "-p $preset: is --preset" "$("$program" --preset "$preset" --print_config)" \
        "$("$program" -p "$preset" --print_config)"
    "$program" -p "$preset" --print_config >"$work/$preset.json"
    is "--config: reads what --print_config printed, $preset" "$(cat "$work/$preset.json")" \
        "$("$program" --config "$work/$preset.json" --print_config)"
    read -ra words <<<"$(recipe_flags "$preset" | tr '\n' ' ')"
    is "--preset $preset: is the command of docs/recipes.md" \
        "$("$program" --preset "$preset" --print_config | tail -n +3)" "$("$program" "${words[@]}" --print_config | tail -n +3)"
    train "preset_$preset" --preset "$preset"
    if [ "$preset" = best ]; then
        train default
        is "--preset best: is the default" "$(losses default)" "$(losses preset_best)"
    else
        is_not "--preset $preset: is not the default" "$(losses default)" "$(losses "preset_$preset")"
    fi
done
"$program" --config "$work/base.json" --preset vanilla --seed 3 --print_config >"$work/printed.json"
"$program" --config "$work/printed.json" -o "$work/printed" >/dev/null 2>&1
train direct --preset vanilla --seed 3
is "--print_config: what it prints trains the same" "$(losses direct)" "$(losses printed)"
is "--print_config: writes nothing" "" "$(cd "$work" && mkdir empty && cd empty && "$program" --print_config >/dev/null && ls)"
is "--config: the command line overrules it" '"epochs": 7' \
    "$("$program" --config "$work/base.json" --epochs 7 --print_config | grep -o '"epochs": [0-9]*')"
is "--config: the file overrules the preset" '"g_hidden": "8,8"' \
    "$("$program" --config "$work/base.json" --print_config | grep -o '"g_hidden": "[0-9,]*"')"
is "names: '-' is '_', and = a blank" "$("$program" --batch_size 7 --g_hidden 4,5 --print_config)" \
    "$("$program" --batch-size=7 --g-hidden=4,5 --print-config)"

# --- no flag is left out ---
listed=$("$program" --help | sed -n 's/^ \{2,6\}\(-., \)\{0,1\}--\([a-z0-9_]*\).*/\2/p' | sort -u)
is "each flag of --help has a check here" "$listed" "$(printf '%s\n' "${covered[@]}" | sort -u)"
is "the short forms have checks" "b e h o p q " "$("$program" --help | sed -n 's/^ *-\(.\), --.*/\1/p' | sort | tr '\n' ' ')"

conclude
