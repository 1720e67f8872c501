#!/usr/bin/env bash
# --eval_every: what is measured of a training's images, when, and what it says; that nothing else depends on it.
cd "$(dirname "$0")/../.." && . tests/cli/harness.sh || exit 1
evaluate=${program%train}eval
export XDG_CACHE_HOME=$work/kept # where there is no judge yet

small_data "$work/small"
cat >"$work/base.json" <<END
{"data": "$work/small", "limit_images": 200, "batch_size": 10, "g_hidden": "8,8", "d_hidden": "8,8", "dropout": "0.3",
 "grid": "2x2", "epochs": 3, "threads": 1}
END

# long NAME FLAG...: a run that is long enough to be measured, up to its first epoch; leaves what it said in NAME.out
long() {
    begin "$@"
    within 60 has_rows "$work/$1/losses.csv" 2
    kill -INT "$pid"
    end_of "$pid"
}

# refused NAME REGEX RUN: one line, status 2, and no folder
refused() {
    is "$1: status" 2 "$status"
    is "$1: one line" 1 "$(wc -l <"$work/$3.err")"
    has "$1: its message" "^gan-train: .*$2" "$(cat "$work/$3.err")"
    fails "$1: writes nothing" test -e "$work/$3"
}

# said RUN: what its first screen says of measurements, in one line
said() {
    sed -n '/^measured/,/^machine/{/^machine/!p}' "$work/$1.out" | tr -s ' \n' ' '
}

epochs() {
    tail -n +2 "$work/$1/metrics.csv" | cut -d , -f 1 | tr '\n' ' '
}

# arrays FILE: a checkpoint without what its header says
arrays() {
    tail -c +$(($(od -An -t u8 -N 8 "$1") + 9)) "$1"
}

# same_metrics NAME RUN OTHER
same_metrics() {
    is "$1: the same metrics.csv and metrics.svg" "$(sums "$2" metrics.csv metrics.svg)" \
        "$(sums "$3" metrics.csv metrics.svg)"
}

# --- where nobody asks for it ---
train short
is "a short run: not measured" "0 " "$status $(cat "$work/short.err")"
has "a short run: says why" "^measured not: it would take more than a fiftieth of the time: gan-eval" "$(said short)"
fails "a short run: no metrics.csv" test -e "$work/short/metrics.csv"
long without_judge
has "a long run without a judge: says why" "^measured not: no judge .* kept yet, and training one .*: gan-eval trains one" \
    "$(said without_judge)"
train off --eval_every off
is "--eval_every off: says nothing" "0 " "$status $(said off)"

# --- where it is asked for ---
train every --eval_every 1
judge=$(find "$XDG_CACHE_HOME/gan-train" -name 'judge-*.safetensors')
is "--eval_every 1: runs" "0 " "$status $(cat "$work/every.err")"
is "--eval_every 1: trains a judge and keeps it" \
    "measured 2,000 images every epoch, by a judge that was trained now $judge " "$(said every)"
is "--eval_every 1: the columns" "epoch,step,frechet_distance,coverage,recall,precision,density,classes_alive,kl,class_accuracy" \
    "$(head -n 1 "$work/every/metrics.csv")"
is "--eval_every 1: a row an epoch" "1,20 2,40 3,60 " \
    "$(tail -n +2 "$work/every/metrics.csv" | cut -d , -f 1,2 | tr '\n' ' ')"
holds "--eval_every 1: metrics.svg is whole" is_whole "$work/every/metrics.svg"
is "--eval_every 1: the lines have the distance" 3 "$(grep -c '^epoch ./3 .* FD [0-9.]*\( .*\)\?$' "$work/every.out")"
has_no "--eval_every 1: of fewer training images than are measured: no pale lines, nor a word of them" 'pale|opacity' \
    "$(cat "$work/every/metrics.svg")"
train two --eval_every 2 --epochs 5 --quiet
is "--eval_every 2, --quiet: rows, and one of the end" "0 2 4 5 " "$status $(epochs two)"
is "--eval_every 2, --quiet: says what any run says" "3 " "$(grep -c ' FD ' "$work/two.out") $(said two)"
train again --eval_every 1
is "the judge is kept" "measured 2,000 images every epoch, by a judge that was kept $judge " "$(said again)"
compare "and its figures are those of the one that was trained" every again
long with_judge
has "a long run with a judge: measured" "^measured 2,000 images every [0-9]+ epochs, by a judge that was kept" \
    "$(said with_judge)"
as_often=$(said with_judge)
go_on with_judge --max_minutes 1e-9
is "a long run that goes on: as often, whatever its limit" "0 $as_often" "$status $(said with_judge)"
is "a run that ends within an epoch: a row" "$(tail -n 1 "$work/with_judge/losses.csv" | cut -d , -f 1,2)" \
    "$(tail -n 1 "$work/with_judge/metrics.csv" | cut -d , -f 1,2)"
begin rowless --eval_every 1000000
within 60 has_rows "$work/rowless/losses.csv" 3
kill -KILL "$pid"
end_of "$pid"
is "no row yet" "" "$(epochs rowless)"
fails "no row yet: no curves" test -e "$work/rowless/metrics.svg"
XDG_CACHE_HOME=/dev/null train unkept --eval_every 3
is "a judge that cannot be kept: measures all the same" "0 3 " "$status $(epochs unkept)"
has "a judge that cannot be kept: says why" 'by a judge that was trained now not kept: /dev/null: is a file; a folder was wanted' \
    "$(said unkept)"

# --- what a row says ---
# row NAME: its last one, a figure a line
row() {
    awk -F , 'NR == 1 { for (i = 3; i <= NF; i++) name[i] = $i }
              END { for (i = 3; i <= NF; i++) print name[i], $i }' "$work/$1/metrics.csv"
}

# evaluated FILE: the same of what gan-eval prints as JSON
evaluated() {
    awk '/^    "[a-z_]*": {$/ { name = $1 } name && /"value"/ { gsub(/[":,]/, ""); gsub(/[":]/, "", name); print name, $2; name = "" }' "$1"
}

# as_evaluated NAME RUN: the last row is what gan-eval says of the checkpoint
as_evaluated() {
    "$evaluate" "$work/$2" --count 2000 --draws 1 --json >"$work/$2.json" 2>"$work/$2.err"
    is "$1: gan-eval measures it" "0 " "$? $(cat "$work/$2.err")"
    is "$1: the row is what gan-eval says" 8 "$(join <(row "$2" | sort) <(evaluated "$work/$2.json" | sort) | awk '
        { d = $2 - $3; n += $2 == "nan" ? $3 == "null" : $3 != "null" && (d < 0 ? -d : d) <= 1e-8 * ($3 < 0 ? -$3 : $3) }
        END { print n }')"
}
as_evaluated "without classes" every
has "without classes: no accuracy" ',nan$' "$(tail -n 1 "$work/every/metrics.csv")"
train bare --ema 0 --eval_every 3
as_evaluated "without averages" bare
is_not "without averages: other figures than with them" "$(row every)" "$(row bare)"
train conditional --conditional --eval_every 3 --seed 5
as_evaluated "with classes" conditional
has "with classes: a curve of their accuracy" 'class accuracy' "$(cat "$work/conditional/metrics.svg")"
has_no "without classes: none" 'class accuracy' "$(cat "$work/every/metrics.svg")"
has_no "with classes: every curve is of numbers" '[^a-z]nan[^a-z]' "$(cat "$work/conditional/metrics.svg")"
has "with classes: an accuracy" ',[01][0-9.]*$' "$(tail -n 1 "$work/conditional/metrics.csv")"

# --- nothing else depends on it ---
for file in losses.csv steps.csv; do
    is "$file: the same with and without" "$(untimed "$work/off/$file")" "$(untimed "$work/every/$file")"
done
files=(samples/epoch_000{0,1,2,3}.png training.gif losses.svg networks.svg)
is "pictures: the same with and without" "$(sums off "${files[@]}")" "$(sums every "${files[@]}")"
is "weights and all that goes on from them: the same with and without" "$(arrays "$work/off/checkpoints/latest.safetensors" | cksum)" \
    "$(arrays "$work/every/checkpoints/latest.safetensors" | cksum)"
is "and no other files, but for the best checkpoint" "metrics.csv metrics.svg" \
    "$(diff -rq "$work/off" "$work/every" | sed -n '/best_[0-9]*.safetensors$/d; s/^Only in .*: //p' | sort | xargs)"
train threads --eval_every 1 --threads 2
same_metrics "2 threads" every threads

# --- a run in pieces ---
train whole --epochs 40 --eval_every 2
"$program" --config "$work/base.json" -o "$work/part" --epochs 40 --eval_every 2 >/dev/null 2>"$work/part.err" &
pid=$!
within 60 has_rows "$work/part/metrics.csv" 4
kill -INT "$pid"
end_of "$pid"
is "stopped: status" 130 "$status"
is "stopped: on its way" 1 "$(($(epochs part | wc -w) < 20))"
go_on part
is "stopped: goes on" "0 " "$status $(cat "$work/part.err")"
same_metrics "stopped" whole part
train killed --epochs 3 --eval_every 1
cp "$work/killed/checkpoints/latest.safetensors" "$work/before"
go_on killed --epochs 5
cp "$work/before" "$work/killed/checkpoints/latest.safetensors"
rm "$work"/killed/checkpoints/step_*
go_on killed --epochs 4 --eval_every off
is "goes on from before, --eval_every off: later rows are cut off" "0 1 2 3 " "$status $(epochs killed)"
go_on killed --epochs 8 --eval_every 4
is "goes on with another --eval_every: rows from there on" "0 1 2 3 8 " "$status $(epochs killed)"
go_on killed --epochs 9
is "goes on: as it was, and the end" "0 1 2 3 8 9 " "$status $(epochs killed)"
go_on killed --epochs 10
is "goes on: that was the end before" "0 1 2 3 8 10 " "$status $(epochs killed)"
go_on short --epochs 4
has "a run that was not measured goes on" "^measured not: this run has not been measured so far; --eval_every N" "$(said short)"
go_on short --epochs 5 --eval_every 1
is "and is measured from where it is asked for" "0 5 " "$status $(epochs short)"

# --- the best checkpoint ---
# best RUN: the step of the row with the lowest distance
best() {
    tail -n +2 "$work/$1/metrics.csv" | sort -t , -k 3,3g | head -n 1 | cut -d , -f 2
}

checkpoints() {
    (cd "$work/$1/checkpoints" && echo *)
}

# worse NAME FLAG...: goes on from the weights of `whole`, and soon gets worse
worse() {
    train "$@" --init_from "$work/whole" --learning_rate 0.02 --eval_every 1
}

worse best --epochs 6 --keep_checkpoints 0
step=$(best best)
best=best_$(printf %08d "$step").safetensors
is "gets worse: before its end" 1 "$((step < 120))"
is "gets worse: the best checkpoint stays" "$best latest.safetensors" "$(checkpoints best)"
has "gets worse: says so" "^FD was lowest after epoch $((step / 20)), .*/best/checkpoints/$best\$" "$(cat "$work/best.out")"
"$evaluate" "$work/best/checkpoints/$best" --count 2000 --draws 1 --json >"$work/best.json"
near "the best checkpoint: is what its row says" \
    "$(awk -F , -v step="$step" '$2 == step { print $3 }' "$work/best/metrics.csv")" \
    "$(evaluated "$work/best.json" | sed -n 's/^frechet_distance //p')"
worse seldom --epochs 6 --checkpoint_every 100 --keep_checkpoints 0
is "--checkpoint_every: the best checkpoint all the same" "$best latest.safetensors" "$(checkpoints seldom)"
worse many --epochs 4 --keep_checkpoints 100
worse parts --epochs $((step / 20 + 1)) --schedule_epochs 6 --keep_checkpoints 0
is "in parts: the first one" "$best latest.safetensors" "$(checkpoints parts)"
go_on parts --epochs 6
is "in parts: the best checkpoint is the same" "0 $best latest.safetensors" "$status $(checkpoints parts)"
holds "in parts: with the same state" cmp <(arrays "$work/best/checkpoints/$best") <(arrays "$work/parts/checkpoints/$best")
go_on parts --epochs 7 --eval_every off
is "goes on without measurements: it stays" "0 $best latest.safetensors" "$status $(checkpoints parts)"
"$program" --resume "$work/best/checkpoints/$best" --epochs 7 >/dev/null 2>&1
is "goes on from the best one: it stays" "0 $best latest.safetensors" "$? $(checkpoints best)"
many=best_$(printf %08d "$(best many)").safetensors
"$program" --resume "$work/many/checkpoints/step_00000020.safetensors" --epochs 2 --eval_every off >/dev/null 2>&1
is "goes on from an older one: those of later steps stay until it comes there" \
    "0 $many latest.safetensors step_00000020.safetensors step_00000060.safetensors step_00000080.safetensors" "$? $(checkpoints many)"
wanted="latest.safetensors step_00000780.safetensors"
[ "$(best whole)" = 800 ] || wanted="best_$(printf %08d "$(best whole)").safetensors $wanted"
is "gets worse and better again: those that were the best are gone" "$wanted" "$(checkpoints whole)"
train first --epochs 1 --eval_every 1 --keep_checkpoints 100
is "the latest is the best: it is there once" "0 latest.safetensors" "$status $(checkpoints first)"
has_no "the latest is the best: nothing is said of it" 'FD was lowest' "$(cat "$work/first.out")"

# --- against what ---
mkdir "$work/plain" "$work/alone" "$work/few" "$work/elsewhere" "$work/damaged"
cp "$work/small/train-images-idx3-ubyte" "$work/plain"
cp "$work/small"/train-* "$work/alone"
cp "$work/small"/train-* "$work/few"
tail -c +17 "$work/small/t10k-images-idx3-ubyte" | idx_images "$work/few/t10k-images-idx3-ubyte" 999 8 8
cp "$work/small/t10k-images-idx3-ubyte" "$work/elsewhere/some"
train unlabelled --data "$work/plain"
is "no labels: not measured, and why" "0 measured not: the images have no labels of two classes or more " \
    "$status $(said unlabelled)"
train no_labels --data "$work/plain" --eval_every 1
refused "no labels, --eval_every 1" '--eval_every: needs labels of two classes' no_labels
train no_test --data "$work/alone" --eval_every 1
refused "no test images, --eval_every 1" 'no test set: there are no test images beside .*--test_images' no_test
long untested --data "$work/alone"
has_no "no test images: nor is gan-eval named" 'gan-eval [^ ]+ says how good' "$(cat "$work/untested.out")"
has "no test images: not measured, and why" "^measured not: no test set: .* beside $work/alone/train" "$(said untested)"
train few_test --data "$work/few" --eval_every 1
refused "few test images, --eval_every 1" 't10k-images-idx3-ubyte: holds 999 images; wanted 1000 test images or more' few_test
"$program" --data "$work/small" --epochs 1 --g_hidden 8 --d_hidden 8 --eval_every off -o "$work/advised" >"$work/advised.out" 2>&1
has "1,000 training images, not measured: gan-eval is named" 'gan-eval [^ ]+ says how good' "$(cat "$work/advised.out")"
mkdir "$work/fewer"
cp "$work/small"/t10k-* "$work/fewer"
tail -c +17 "$work/small/train-images-idx3-ubyte" | idx_images "$work/fewer/train-images-idx3-ubyte" 999 8 8
"$program" --data "$work/fewer" --epochs 1 --g_hidden 8 --d_hidden 8 --eval_every off -o "$work/unadvised" >"$work/unadvised.out" 2>&1
is "fewer than gan-eval takes: runs" 0 $?
has_no "fewer than gan-eval takes: it is not named" 'gan-eval [^ ]+ says how good' "$(cat "$work/unadvised.out")"
long few_tested --data "$work/few"
has "few test images: not measured, and why" "^measured not: $work/few/t10k-images-idx3-ubyte: holds 999 images; wanted 1000" \
    "$(said few_tested)"
cp "$work/alone"/train-* "$work/damaged"
head -c 5000 "$work/small/t10k-images-idx3-ubyte" >"$work/damaged/t10k-images-idx3-ubyte"
long damaged_test --data "$work/damaged"
has "damaged test images: not measured, and why" "^measured not: $work/damaged/t10k-images-idx3-ubyte: holds 4984 bytes" \
    "$(said damaged_test)"
(cd "$work/elsewhere" && "$program" --config "$work/base.json" -o "$work/named" --data "$work/alone" --eval_every 1 \
    --test_images some >"$work/named.out" 2>"$work/named.err")
is "--test_images: runs" "0 " "$? $(cat "$work/named.err")"
is "--test_images: against these" "$(cat "$work/every/metrics.csv")" "$(cat "$work/named/metrics.csv")"
go_on named --epochs 4
is "--test_images: are found from another folder" "0 1 2 3 4 " "$status $(epochs named)"
named_test=$work/small/train-images-idx3-ubyte
train other_test --eval_every 3 --test_images "$named_test"
is_not "--test_images: others, other figures" "$(row every)" "$(row other_test)"
as_evaluated "--test_images" other_test
for every in auto 1; do
    train nowhere --eval_every $every --test_images "$work/none"
    refused "--test_images that are not there, --eval_every $every" "--test_images: $work/none: No such file or directory" nowhere
done
go_on other_test --epochs 20 --test_images "$work/none"
is "--resume --test_images that are not there" \
    "2 gan-train: --test_images: $work/none: No such file or directory" "$status $(cat "$work/other_test.err")"
no_test_images=$("$program" --config "$work/other_test/config.json" --data digits --print_config | grep test_images)
is "other data than a file's: not its test images" '' "$no_test_images"
has "the file's data: its test images" "$named_test" \
    "$("$program" --config "$work/other_test/config.json" --print_config | grep test_images)"

# --- stopped before it begins ---
fingerprint every >"$work/stays"
for flag in '' --overwrite; do
    name=${flag:+every}
    XDG_CACHE_HOME=$work/none "$program" --config "$work/base.json" -o "$work/${name:-early}" --eval_every 1 $flag \
        >"$work/early.out" 2>"$work/early.err" &
    pid=$!
    within 30 has_worked "$pid"
    kill -INT "$pid"
    end_of "$pid"
    is "stopped while a judge is trained${flag:+, $flag}" "130 gan-train: stopped by a signal" "$status $(cat "$work/early.err")"
done
fails "stopped while a judge is trained: writes nothing" test -e "$work/early"
fails "stopped while a judge is trained: keeps none" test -e "$work/none"
is "stopped while a judge is trained, --overwrite: what was there stays" "$(cat "$work/stays")" "$(fingerprint every)"

# --- --overwrite ---
printf 'mine' | tee "$work/every/metrics.txt" >"$work/every/.metrics.csv"
printf 'left' >"$work/every/.metrics.svg.12345.tmp"
train every --overwrite
is "--overwrite: metrics go, and nothing else" ".metrics.csv metrics.txt " \
    "$(cd "$work/every" && find . -name '*metrics*' -printf '%f\n' | sort | tr '\n' ' ')"

# --- what does not go well ---
train dull --r1 0 --r2 0 --init normal:1e-4 --learning_rate 1e-12 --epochs 9 --eval_every 1
is "D learns nothing: one line" 1 "$(grep -c '^epoch 3: D learns nothing: D(x) 0.5.*try --' "$work/dull.out")"
is "classes die: one line" 1 "$(grep -Ec '^epoch 5: (9|10) of 10 classes missing: .*try .*--' "$work/dull.out")"
is "and no others" 2 "$(grep -c 'try .*--' "$work/dull.out")"

conclude
