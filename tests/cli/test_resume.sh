#!/usr/bin/env bash
# A run that goes on: the bytes of a run in one piece; what may be changed then, and what is refused; who may write a folder;
# a training that diverges; weights from another run.
cd "$(dirname "$0")/../.." && . tests/cli/harness.sh || exit 1

# Layers of two tiles (of 64 columns) and a rest.
cat >"$work/base.json" <<END
{"data": "$data", "limit_images": 120, "batch_size": 20, "grid": "2x3", "epochs": 4, "log_every": 4}
END

# refused NAME REGEX RUN: one line, status 2, and nothing of the run has changed since $before
refused() {
    is "$1: status" 2 "$status"
    is "$1: one line" 1 "$(wc -l <"$work/$3.err")"
    has "$1: its message" "^gan-train: .*$2" "$(cat "$work/$3.err")"
    is "$1: changes nothing" "$before" "$(fingerprint "$3")"
}

# --- 4 epochs are 2 + 2 epochs ---
while read -r preset g_hidden d_hidden flags; do # flags: without a horizon, which would be another one
    read -ra words <<<"$flags"
    net=(--preset "$preset" --g_hidden "$g_hidden" --d_hidden "$d_hidden" "${words[@]}")
    train "$preset" "${net[@]}" --threads 1
    train "$preset-2" "${net[@]}" --epochs 2 --threads 2
    go_on "$preset-2" --epochs 4 --threads 3
    is "$preset, 2 + 2 epochs: goes on" "0 " "$status $(cat "$work/$preset-2.err")"
    compare "$preset, 2 + 2 epochs: the bytes of 4" "$preset" "$preset-2"
done <<END
best 134,390 390,134 --schedule constant
vanilla 390 134
rmsprop-bn 134,130 390,134
conditional 390,134 134,130
minimax 390 134
deep 134,390 390,134
truncnorm 134 390
pytorch-gan 130,390 134,390
paper 134,390 130,134 --momentum_epochs 3
END
is "every preset was run" "$("$program" --list_presets | sed '1d; s/ .*//' | sort)" \
    "$(cd "$work" && printf '%s\n' *-2 | sed 's/-2$//' | sort)"

# --- stopped by the user ---
scheduled=(--schedule cosine --final_learning_rate 1e-5 --ema 500)
train whole --epochs 40 --sample_every 7 "${scheduled[@]}"
for signal in INT TERM HUP; do
    name=signal_$signal
    "$program" --config "$work/base.json" -o "$work/$name" --epochs 40 --sample_every 7 "${scheduled[@]}" >/dev/null 2>"$work/$name.err" &
    pid=$!
    within 30 has_rows "$work/$name/losses.csv" $((RANDOM % 20 + 3))
    kill -s $signal "$pid"
    end_of "$pid"
    is "SIG$signal: status" 130 "$status"
    has "SIG$signal: says how to go on" "stopped by a signal after step [0-9]+; $program --resume $work/$name goes on" \
        "$(cat "$work/$name.err")"
    go_on "$name" --threads 1
    is "SIG$signal: goes on" "0 " "$status $(cat "$work/$name.err")"
    has "SIG$signal: says where" "^ +after step [0-9]+, [0-9]+ epochs done" "$(cat "$work/$name.out")"
    rm -f "$work/$name"/checkpoints/step_* "$work"/whole/checkpoints/step_* # these are of where it was stopped
    compare "SIG$signal: the bytes of a run in one piece" whole "$name"
done

# --- a schedule goes by the epochs that the run was begun for ---
train ended --epochs 2 --schedule linear --final_learning_rate 1e-5
go_on ended --epochs 4
has "a schedule that has ended: says what is learned by" '^schedule +after epoch 2 the learning rate of D stays at 1e-05$' \
    "$(cat "$work/ended.out")"
is "a schedule that has ended stays where it is" "0 1e-05 1e-05" \
    "$status $(tail -n 2 "$work/ended/losses.csv" | cut -d , -f 9 | tr '\n' ' ' | sed 's/ $//')"
go_on ended --epochs 5
"$program" --config "$work/ended/config.json" -o "$work/at_once" >"$work/at_once.out" 2>"$work/at_once.err"
is "a schedule that has ended: config.json makes a run" "0 " "$? $(cat "$work/at_once.err")"
is "a schedule that has ended: and the same one" "$(untimed "$work/ended/losses.csv")" \
    "$(untimed "$work/at_once/losses.csv")"
has "a schedule that ends before the run: says so, too" '^schedule +after epoch 2 the' "$(cat "$work/at_once.out")"

# --- what may be changed, and what not ---
train other --epochs 2
before=$(fingerprint other)
for flag in '--batch_size 10' '--seed 1' '--learning_rate 0.1' '--g_hidden 5' '--preset vanilla' '--limit_images 100' \
    '--optimizer sgd' '--loss minimax' '--conditional'; do
    # shellcheck disable=SC2086 # a flag and its value
    go_on other --epochs 3 $flag
    refused "$flag" "${flag%% *}: .*--resume" other
done
for flag in "--outdir $work/elsewhere" --overwrite "--config $work/base.json" "--init_from $work/whole"; do
    # shellcheck disable=SC2086
    go_on other $flag
    refused "$flag" "${flag%% *}" other
done
if [ "$data" = digits ]; then
    go_on other --epochs 3 --data "$work"
else
    go_on other --epochs 3 --data digits
fi
refused "other data" '(--data|begun on other images)' other
go_on other --epochs 3 --batch_size 20 --seed 0
is "flags that say what is so already: accepted" "0 3" "$status $(value other epoch)"
cp -r "$work/other" "$work/spreadsheet"
sed -i 's/$/\r/' "$work/spreadsheet/losses.csv"
go_on spreadsheet --epochs 4
is "a table that was saved by another program: status" 2 "$status"
has "a table that was saved by another program: is refused" 'spreadsheet/losses.csv: line 1 is not as gan-train writes it' \
    "$(cat "$work/spreadsheet.err")"
is "a table that was saved by another program: nothing is lost" "$(sed 's/$/\r/' "$work/other/losses.csv")" \
    "$(cat "$work/spreadsheet/losses.csv")"
go_on other --epochs 4 --log_every 3 --sample_every 3 --grid 1x2 --no_gif --keep_checkpoints 3 --checkpoint_every 2
is "flags of what is written: accepted" "0 4" "$status $(value other epoch)"
is "flags of what is written: rows of steps.csv" "4 8 12 16 21 24 " \
    "$(tail -n +2 "$work/other/steps.csv" | cut -d , -f 2 | tr '\n' ' ')"
is "flags of what is written: pictures" "epoch_0000.png epoch_0001.png epoch_0002.png epoch_0003.png epoch_0004.png " \
    "$(cd "$work/other/samples" && printf '%s ' *)"
before=$(fingerprint other)
go_on other
is "all epochs done: says so" "0 nothing left to do: 4 of 4 epochs are done; --epochs with more goes on" \
    "$status $(cat "$work/other.out")"
is "all epochs done: changes nothing" "$before" "$(fingerprint other)"
is "--resume, --print_config: with what was recorded" '"seed": 0, "epochs": 9' \
    "$("$program" --resume "$work/other" --epochs 9 --print_config | sed -n 's/^ *\("seed": 0\|"epochs": 9\),*$/\1/p' | sort -r | paste -sd , | sed 's/,/, /')"
train missing --epochs 1
rm -r "$work/missing"
before=$(fingerprint missing 2>/dev/null)
go_on missing
is "no such folder: status" 2 "$status"
has "no such folder: its message" "^gan-train: --resume: $work/missing: No such file or directory; wanted the folder of a run" "$(cat "$work/missing.err")"
go_on other --epochs 5 --no_gif=no
is "--no_gif=no: there is one again" "0 5 yes" "$status $(value other epoch) $([ "$work/other/training.gif" -nt "$work/other/config.json" ] && echo yes)"

# the pictures that were due stay, whatever is due later
train due --epochs 3
"$program" --resume "$work/due" --epochs 1000000 --sample_every 1000000 --checkpoint_every 1000000 >/dev/null 2>&1 &
pid=$!
within 30 has_rows "$work/due/losses.csv" 6
kill -KILL "$pid"
end_of "$pid" 2>/dev/null
go_on due --epochs 5
is "killed after --sample_every was changed: the pictures that were due" \
    "epoch_0000.png epoch_0001.png epoch_0002.png epoch_0003.png epoch_0005.png " "$(cd "$work/due/samples" && printf '%s ' *)"

# from another folder
(cd "$work" && "$program" --config base.json --data "${data##*/}" -o near >/dev/null 2>&1)
mkdir "$work/far"
(cd "$work/far" && "$program" --resume ../near --epochs 5 >../near.out 2>../near.err)
is "from another folder than it was begun in: goes on" "0 " "$? $(cat "$work/near.err")"
(cd "$work/near/checkpoints" && "$program" --resume latest.safetensors --epochs 6 >/dev/null 2>../../near.err)
is "from the folder of its checkpoints: goes on" "0 6" "$? $(value near epoch)"

# moved, data and all
even=(--schedule constant) # whatever epochs a run is begun for
if [ "$data" != digits ]; then
    cp -r "$data" "$work/data-2"
    train moved --data "$work/data-2" --epochs 2 "${even[@]}"
    mv "$work/data-2" "$work/data-3"
    mv "$work/moved" "$work/moved-2"
    train unmoved --data "$work/data-3" "${even[@]}"
    go_on moved-2 --epochs 4
    has "folder and data moved: says where they were" '^2 .*; the run had .*/data-2/.*, which is not there: --data or --images' \
        "$status $(cat "$work/moved-2.err")"
    go_on moved-2 --epochs 4 --data "$work/data-3"
    is "folder and data moved: goes on" "0 " "$status $(cat "$work/moved-2.err")"
    is "folder and data moved: the same losses" "$(losses unmoved)" "$(losses moved-2)"
fi

# --- checkpoints: how many, when, and the one before a bad one ---
train many --epochs 6 --keep_checkpoints 3
is "--keep_checkpoints 3" "latest.safetensors step_00000018.safetensors step_00000024.safetensors step_00000030.safetensors " \
    "$(cd "$work/many/checkpoints" && printf '%s ' *)"
train none --epochs 6 --keep_checkpoints 0
is "--keep_checkpoints 0" "latest.safetensors " "$(cd "$work/none/checkpoints" && printf '%s ' *)"
train some --epochs 7 --checkpoint_every 3 --keep_checkpoints 5
is "--checkpoint_every 3: of these epochs, and of the last" \
    "latest.safetensors step_00000018.safetensors step_00000036.safetensors " \
    "$(cd "$work/some/checkpoints" && printf '%s ' *)"
train minutes --epochs 1 --checkpoint_minutes 1e-9 --keep_checkpoints 100
is "--checkpoint_minutes: within the epoch" \
    "latest.safetensors step_00000001.safetensors step_00000002.safetensors step_00000003.safetensors step_00000004.safetensors step_00000005.safetensors " \
    "$(cd "$work/minutes/checkpoints" && printf '%s ' *)"
train four --checkpoint_minutes 5 "${even[@]}"
for step in 1 3 5; do
    train "minutes_$step" --epochs 1 --checkpoint_minutes 1e-9 --keep_checkpoints 100 "${even[@]}"
    timeout 100 "$program" --resume "$work/minutes_$step/checkpoints/step_0000000$step.safetensors" --epochs 4 \
        --keep_checkpoints 1 --checkpoint_minutes 5 >/dev/null 2>"$work/minutes_$step.err"
    is "from an older checkpoint, of step $step: goes on" "0 " "$? $(cat "$work/minutes_$step.err")"
    compare "from an older checkpoint, of step $step: the bytes of a run in one piece" four "minutes_$step"
done
train back --epochs 4 --keep_checkpoints 2 "${even[@]}"
was=$(cksum <"$work/back/checkpoints/latest.safetensors")
timeout 100 "$program" --resume "$work/back/checkpoints/step_00000012.safetensors" --epochs 3 >/dev/null 2>&1
is "from an older checkpoint to fewer epochs: later ones stay" \
    "latest.safetensors step_00000012.safetensors step_00000024.safetensors " "$(cd "$work/back/checkpoints" && printf '%s ' *)"
is "from an older checkpoint to fewer epochs: with what was the latest" "$was" \
    "$(cksum <"$work/back/checkpoints/step_00000024.safetensors")"
timeout 100 "$program" --resume "$work/back/checkpoints/step_00000024.safetensors" --epochs 5 >/dev/null 2>&1
is "and back to that one: goes on" "0 5" "$? $(value back epoch)"
is "and past it: they are older ones" \
    "latest.safetensors step_00000012.safetensors step_00000024.safetensors " "$(cd "$work/back/checkpoints" && printf '%s ' *)"
train bad --epochs 2 "${even[@]}"
printf 'x' | dd of="$work/bad/checkpoints/latest.safetensors" bs=1 seek=5000 conv=notrunc 2>/dev/null
before=$(fingerprint bad)
go_on bad --epochs 4
refused "a damaged checkpoint" "latest.safetensors: .*; the checkpoint before it is whole: $work/bad/checkpoints/step_00000006.safetensors" bad
timeout 100 "$program" --resume "$work/bad/checkpoints/step_00000006.safetensors" --epochs 4 >/dev/null 2>&1
is "the one before it: goes on" 0 $?
compare "the one before it: the bytes of a run in one piece" four bad

# killed before the first checkpoint
train early --epochs 1 "${even[@]}"
rm "$work"/early/checkpoints/*
go_on early --epochs 4
has "no checkpoint yet: says so" 'has no checkpoint yet: it begins' "$(cat "$work/early.out")"
compare "no checkpoint yet: the bytes of a run in one piece" four early
rm "$work"/early/checkpoints/*
before=$(fingerprint early)
go_on early --epochs 5
refused "checkpoints removed" 'has pictures up to epoch 4, but no checkpoint' early
train vain --epochs 2 --schedule linear --final_learning_rate 0
go_on vain --epochs 3
has "a schedule that has come to 0: says so" '^after epoch 2 \(schedule_epochs\) the learning rate is 0' \
    "$(cat "$work/vain.out")"

# nor are the epochs of a schedule others where what goes on is killed before its first checkpoint
train schedule --epochs 2 --schedule cosine --final_learning_rate 0 --keep_checkpoints 100 --max_minutes 1e-9
rm "$work"/schedule/checkpoints/*
go_on schedule --epochs 4 --max_minutes 1e-9
rm "$work"/schedule/checkpoints/{latest,step_00000001}.safetensors 2>/dev/null
is "no checkpoint yet: one of the beginning is written first" "step_00000000.safetensors" "$(ls "$work/schedule/checkpoints")"
timeout 100 "$program" --resume "$work/schedule/checkpoints/step_00000000.safetensors" >/dev/null 2>&1
is "no checkpoint yet: the schedule it was begun with" "3 0" \
    "$(awk -F , '$9 == 0 {print $1, $9; exit}' "$work/schedule/losses.csv")"
rm "$work/four/losses.csv"
go_on four --epochs 5
is "a table removed: goes on, and says so" "0 1" "$status $(grep -c '^losses.csv or steps.csv lacks rows' "$work/four.out")"
is "a table removed: the rows from there on" 5 "$(tail -n +2 "$work/four/losses.csv" | cut -d , -f 1)"

# --- one process at a time ---
begin held --eval_every off # nor is a judge trained before
within 30 has_rows "$work/held/losses.csv" 3
for flag in --overwrite --resume; do
    if [ $flag = --resume ]; then go_on held; else train held --overwrite; fi
    is "a folder that is being written, $flag: status" 2 "$status"
    has "a folder that is being written, $flag: names the process" "^gan-train: $work/held: process $pid is writing there" \
        "$(cat "$work/held.err")"
done
holds "a folder that is being written: goes on" kill -0 "$pid"
kill -KILL "$pid"
end_of "$pid"
go_on held --epochs $(($(value held epoch) + 3))
is "a killed process holds no folder" "0 " "$status $(cat "$work/held.err")"
is "nothing hidden is left" "" "$(find "$work/held" -name '.*')"

# --- divergence ---
train absurd --preset vanilla --g_hidden 16 --d_hidden 16 --optimizer sgd --learning_rate 300 --epochs 3
is "an absurd learning rate: rescued" "0 " "$status $(cat "$work/absurd.err")"
has "an absurd learning rate: says so" '^rescue 1 of 3: [a-z_]+ was [^ ]+ at step [0-9]+, in epoch [0-9]+; back to step [0-9]+' \
    "$(cat "$work/absurd.out")"
is "an absurd learning rate: events.csv" "event,number,epoch,step,back_to_epoch,back_to_step,reason,value,learning_rate" \
    "$(head -n 1 "$work/absurd/events.csv")"
is "an absurd learning rate: a row for each rescue" "$(grep -c '^rescue' "$work/absurd.out")" \
    "$(grep -c '^rescue,' "$work/absurd/events.csv")"
is "an absurd learning rate: rows of the epochs alone" "1 2 3 " \
    "$(tail -n +2 "$work/absurd/losses.csv" | cut -d , -f 1 | tr '\n' ' ')"
is "an absurd learning rate: steps rise" "$(cut -d , -f 2 "$work/absurd/steps.csv" | tail -n +2 | sort -nu)" \
    "$(cut -d , -f 2 "$work/absurd/steps.csv" | tail -n +2)"
train absurd_2 --preset vanilla --g_hidden 16 --d_hidden 16 --optimizer sgd --learning_rate 300 --epochs 1
go_on absurd_2 --epochs 3 --threads 2
compare "an absurd learning rate, 1 + 2 epochs: the bytes of 3" absurd absurd_2
has "an absurd learning rate, gone on: what it is by now" \
    "^ +rescued [0-9]+ times? so far: the learning rate of D is $(tail -n 1 "$work/absurd_2/events.csv" | cut -d , -f 9) now" \
    "$(cat "$work/absurd_2.out")"
train unsaved --optimizer sgd --learning_rate 1000 --init normal:1000 --rescues 0
is "no rescues: status" 3 "$status"
has "no rescues: says that no good state was kept" 'wanted .*, or without --rescues 0, which keeps no good state beside the' \
    "$(cat "$work/unsaved.err")"
is "no rescues: nothing is saved" '' "$(ls "$work/unsaved/checkpoints")"
train hopeless --optimizer sgd --learning_rate 1000 --init normal:1000 --rescues 2
is "nothing helps: status" 3 "$status"
has "nothing helps: its message" 'diverged at step [0-9]+, in epoch 1: .*after 2 rescues' "$(cat "$work/hopeless.err")"
holds "nothing helps: the last good checkpoint is whole" is_whole "$work/hopeless/checkpoints/latest.safetensors"
go_on hopeless --rescues 12
has_no "more rescues: they go on" '^rescue [12] of' "$(cat "$work/hopeless.out")"
has "more rescues: they are counted on" '^rescue 3 of 12' "$(cat "$work/hopeless.out")"

train brief --epochs 1000000 --max_minutes 0.001
has "--max_minutes: says how to go on" \
    "^--max_minutes ended it with [0-9]+ of 1000000 epochs done:\|$program --resume $work/brief goes on\|$" \
    "$(tail -n 2 "$work/brief.out" | tr '\n' '|')"
go_on brief --epochs $(($(value brief epoch) + 2))
has "--max_minutes: is of one call" '^done in' "$(tail -n 2 "$work/brief.out")"
has_no "--max_minutes: is of one call" '^--max_minutes' "$(cat "$work/brief.out")"

# --- weights from another run ---
train from --init_from "$work/ended" --epochs 1
is "--init_from: trains" "0 " "$status $(cat "$work/from.err")"
has "--init_from: says what it took" '^ +[0-9]+ of [0-9]+ tensors, [0-9]+ of G, [0-9]+ of D$' \
    "$(cat "$work/from.out")"
train from_other --init_from "$work/ended" --epochs 1 --loss hinge
has "--init_from: and what it did not find" 'of D; not in it, and begun as without it:$' "$(cat "$work/from_other.out")"
has "--init_from: by name" '^ +discriminator\.6\.bias$' "$(cat "$work/from_other.out")"
train no_averages --ema 0
train from_no_averages --ema 0 --init_from "$work/no_averages"
is "--init_from: the first picture is the other run's last" \
    "$(sums no_averages samples/epoch_0004.png | cut -d ' ' -f 1)" \
    "$(sums from_no_averages samples/epoch_0000.png | cut -d ' ' -f 1)"
train from_2 --init_from "$work/ended/checkpoints/latest.safetensors" --epochs 1
is "--init_from: a file does as well" "$(losses from)" "$(losses from_2)"
train from_3 --init_from "$work/ended" --g_hidden 5 --epochs 1
is "--init_from, other shapes: status" 2 "$status"
has "--init_from, other shapes: the tensor's name" '^gan-train: --init_from: .*generator\.0\.weight' "$(cat "$work/from_3.err")"
fails "--init_from, other shapes: nothing is written" test -e "$work/from_3"
before=$(fingerprint whole)
train whole --init_from "$work/whole" --overwrite
refused "--init_from of what --overwrite removes" '--init_from: .*--overwrite' whole
train whole --overwrite --grid 100x100 --images "$work/wide"
is "--overwrite, refused: nothing is removed" "2 $before" "$status $(fingerprint whole)"

conclude
