#!/usr/bin/env bash
# gan-sample: an image depends on its seed, number and class alone, whatever is drawn beside it, into which format and on
# how many threads; every flag takes effect, and bad input gets one line.
cd "$(dirname "$0")/../.." && . tests/cli/harness.sh || exit 1

sampler=${program%gan-train}gan-sample
covered=() # the flags with a check, by their names in --help
covers() {
    covered+=("$@")
}

# sample WORD...: gan-sample in $work; sets $status, leaves what it said in sample.out and sample.err
sample() {
    (cd "$work" && timeout 100 "$sampler" "$@" >sample.out 2>sample.err)
    status=$?
}

# drawn NAME WORD...: the same, and a check that it ends well and says nothing but on standard output
drawn() {
    local name=$1
    shift
    sample "$@"
    is "$name: ends well" "0 " "$status $(cat "$work/sample.err")"
}

# refused REGEX WORD...: status 2 and one line that matches, and nothing is written
refused() {
    local before
    before=$(ls -A "$work")
    sample "${@:2}"
    has "refused: ${*:2}" "^gan-sample: $1" "$(cat "$work/sample.err")"
    is "refused: ${*:2}: status, lines, files" "2 1 $before" "$status $(wc -l <"$work/sample.err") $(ls -A "$work")"
}

# same NAME FILE FILE
same() {
    holds "$1" cmp "$work/$2" "$work/$3"
}

# image FILE NUMBER HEADER: the bytes of one image of 28 x 28 behind a header, as a checksum
image() {
    tail -c +$(($3 + 1 + $2 * 784)) "$work/$1" | head -c 784 | cksum
}
idx_header=16 npy_header=128

# A net as large as those that people train: products of small ones have the same bits wherever they are made.
"$program" --data "$data" --limit_images 128 --epochs 1 --grid 6x10 -o "$work/run" -q >/dev/null
"$program" --data "$data" --limit_images 128 --epochs 1 --preset conditional -o "$work/classes" -q >/dev/null
train little --grid 3x3 --seed 5 --epochs 2
train uniform --noise uniform --noise_range 2
train averaged --grid 3x3 --ema 100
train unaveraged --grid 3x3 --ema 0

# --- the run's own pictures ---
covers count format output
drawn "a run" run --count 60 --format idx -o sixty.idx
drawn "a checkpoint" run/checkpoints/latest.safetensors --count 60 --format idx -o file.idx
same "a checkpoint: is its run" sixty.idx file.idx
drawn "a grid" little --count 9
same "the first images are those of the run's last picture" samples.png little/samples/epoch_0002.png
drawn "a grid of averages" averaged --count 9 -o averaged.png
same "a grid of averages: the run's last picture" averaged.png averaged/samples/epoch_0001.png
drawn "a conditional grid" classes -o classes.png
same "a conditional grid: the run's last picture, a class a column" classes.png classes/samples/epoch_0001.png
covers no_ema
drawn "G's own weights" averaged --count 9 --no_ema -o own.png
same "--no_ema: the picture of a run without averages" own.png unaveraged/samples/epoch_0001.png
fails "--no_ema: another than the averages'" cmp "$work/own.png" "$work/averaged.png"
refused '--no_ema: has no effect on unaveraged/checkpoints/latest.safetensors, whose run has no averages' unaveraged --no_ema
drawn "an older checkpoint" little/checkpoints/step_00000020.safetensors -n 9 -o older.png
same "an older checkpoint: the picture of its time" older.png little/samples/epoch_0001.png

# --- the same image, whatever is drawn beside it ---
drawn "one image" run -n 8 -o eight.idx
drawn "many images" run -n 1000 -o thousand.idx
drawn "one thread" run -n 1000 -o one.idx --threads 1
drawn "NumPy's" run -n 1000 -o thousand.npy --threads 3
same "threads change nothing" thousand.idx one.idx
for number in 0 6 7; do
    is "image $number of 8 is image $number of 1000" "$(image thousand.idx $number $idx_header)" \
        "$(image eight.idx $number $idx_header)"
done
for number in 7 63 64 999; do
    is "image $number: NumPy's is IDX'" "$(image thousand.idx $number $idx_header)" \
        "$(image thousand.npy $number $npy_header)"
done
is_not "images differ" "$(image thousand.idx 7 $idx_header)" "$(image thousand.idx 8 $idx_header)"
# --- labels that begin with 1, of which one does not occur ---
mkdir "$work/gaps"
head -c 1280 /dev/zero | tr '\0' '\100' | idx_images "$work/gaps/train-images-idx3-ubyte" 20 8 8
printf '\1\2\4\4\1%.0s' 1 2 3 4 | idx_labels "$work/gaps/train-labels-idx1-ubyte" 20
"$program" --data "$work/gaps" --conditional --epochs 1 --batch_size 5 --grid 1x4 --g_hidden 8 --d_hidden 8 \
    -o "$work/gapped" >"$work/gapped.out" 2>&1
has "labels with gaps: the screen" '^data +20 images of 8 x 8, 3 of 5 classes$' "$(cat "$work/gapped.out")"
drawn "labels with gaps" gapped -n 5 --format idx -o gapped.idx
is "labels with gaps: those in turn that occur" "1 2 4 1 2" "$(bytes "$work/gapped-labels.idx" 8 5 | xargs)"
refused '--class: 3: none of the run.s training images was of that class' gapped --class 3
refused '--class: 5: the run has classes 0 to 4' gapped --class 5
drawn "a folder" run --format png --count 12
drawn "a longer folder" run --format png --count 300 -o more
is "a folder: its files" "image_00000.png image_00001.png image_00002.png ... 12" \
    "$(cd "$work/samples" && set -- * && echo "$1 $2 $3 ... $#")"
for number in 00000 00007 00011; do
    same "a folder: image $number, of 12 and of 300" "samples/image_$number.png" "more/image_$number.png"
done
refused '--output: samples holds image_000[01][0-9].png, which is none of the 5 images wanted' run --format png --count 5
drawn "a folder again" run --format png --count 13
is "a folder again: one image more" "13" "$(cd "$work/samples" && set -- * && echo $#)"
for format in idx npy grid; do
    sample run -n 30 --format $format -o kept
    (cd "$work" && "$sampler" run -n 30 --format $format -o - | cat >piped)
    same "--output -: $format" kept piped
done
is "--format idx: the header" "0 0 8 3 0 0 3 232 0 0 0 28 0 0 0 28" "$(bytes "$work/thousand.idx" 0 16 | xargs)"
drawn "what it trains on next" run -n 200 --format idx
"$program" --config "$work/base.json" -o "$work/own" --images "$work/samples-images-idx3-ubyte" >/dev/null 2>&1
is "--format idx: gan-train takes it" "0" "$?"

# --- seeds and classes ---
covers seed class
drawn "the run's seed" little -n 9 --seed 5 -o seed5.png
same "--seed: the run's own is the default" samples.png seed5.png
drawn "another seed" little -n 9 --seed 18446744073709551615 -o seed6.png
fails "--seed: another, other images" cmp "$work/samples.png" "$work/seed6.png"
drawn "classes in turn" classes -n 40 -o classes-images-idx3-ubyte
is "a conditional IDX file: labels beside it" "0 0 8 1 0 0 0 40 0 1 2 3 4 5 6 7 8 9 0 1" \
    "$(bytes "$work/classes-labels-idx1-ubyte" 0 20 | xargs)"
drawn "one class" classes -n 40 --class 3 -o three.idx
is "--class 3: its labels" "3 3 3 3" "$(bytes "$work/three-labels.idx" 8 4 | xargs)"
is "--class 3: image 13 is of it anyway" "$(image classes-images-idx3-ubyte 13 $idx_header)" \
    "$(image three.idx 13 $idx_header)"
is_not "--class 3: image 14 is another" "$(image classes-images-idx3-ubyte 14 $idx_header)" \
    "$(image three.idx 14 $idx_header)"
"$program" --config "$work/base.json" -o "$work/own2" --conditional --images "$work/classes-images-idx3-ubyte" \
    --labels "$work/classes-labels-idx1-ubyte" --limit_images 40 >/dev/null 2>&1
is "a conditional IDX file: gan-train takes both" "0" "$?"
refused '--class: 3: the run is not conditional' run --class 3
refused '--class: 10: the run has classes 0 to 9' classes --class 10

# --- the shape and size of pictures ---
covers grid scale

# sides FILE: the height and width of a PNG in $work
sides() {
    local b
    read -ra b <<<"$(bytes "$work/$1" 16 8)"
    echo "$((b[6] * 256 + b[7])) $((b[2] * 256 + b[3]))"
}
drawn "a shape" little --grid 3x3 -o shape.png
same "--grid: as many images as it has room for" samples.png shape.png
drawn "another shape" run --grid 2x7 -n 9 -o wide.png
is "--grid: rows by columns, filled or not" "62 212" "$(sides wide.png)"
drawn "a large picture" little -n 9 --scale 3 -o large.png
is "--scale: its sides" "276 276" "$(sides large.png)"
drawn "large pictures" run -n 2 --format png --scale 4 -o large
is "--scale: a folder's" "112 112" "$(sides large/image_00001.png)"
drawn "an animation in its own size" run --interpolate 7,64 --scale 1 -o small.gif
is "--scale: an animation's" "28 0 28 0" "$(bytes "$work/small.gif" 6 4 | xargs)"
drawn "large neighbours" little --nearest -n 2 --scale 2 -o pairs.png
refused '60040 x 60040 pixels are too many for a PNG' little --grid 100x100 --scale 20 -n 1
is "--scale: neighbours'" "$((2 * 62)) $((2 * 62))" "$(sides pairs.png)"

# --- from image to image ---
covers interpolate steps

# near_image FILE NUMBER FILE NUMBER: no pixel of two images in IDX files differs by more than a grey: what is drawn at
# another place in a block may be rounded otherwise
near_image() {
    paste -d ' ' <(od -An -v -tu1 -w1 -j $((16 + $2 * 784)) -N 784 "$work/$1") \
        <(od -An -v -tu1 -w1 -j $((16 + $4 * 784)) -N 784 "$work/$3") |
        awk '{ d = $1 - $2; if (d < -1 || d > 1) bad = 1 } END { exit bad || NR != 784 }'
}
drawn "a way" run --interpolate 7,64,7 --steps 4 -o way.idx
is "a way: its images, ends included once" "9" "$(($(wc -c <"$work/way.idx") / 784))"
holds "a way: begins with its first image" near_image way.idx 0 thousand.idx 7
holds "a way: leads through the second" near_image way.idx 4 thousand.idx 64
holds "a way: ends with the last" near_image way.idx 8 thousand.idx 7
fails "a way: leaves its first image" near_image way.idx 1 thousand.idx 7
drawn "a strip" run --interpolate 7,64,7 --steps 4
is "a strip: a row for each pair, of five images" "$((2 * 30 + 2)) $((5 * 30 + 2))" "$(sides interpolation.png)"
drawn "an animation" run --interpolate 7,64 -o way.gif
is "an animation: is a GIF" "GIF89a" "$(head -c 6 "$work/way.gif")"
drawn "an animation by the flag" run --interpolate 7,64 --format gif
same "an animation by the flag: the same" way.gif interpolation.gif
drawn "a conditional way" classes --interpolate 13,24 -o c.idx
holds "a conditional way: is of its first image's class" cmp "$work/c-labels.idx" <(
    printf '\0\0\10\1\0\0\0\13'
    yes '' | tr '\n' '\3' | head -c 11
)
drawn "a conditional way of a class" classes --interpolate 13,24 --class 7 -o c7.idx
is "a conditional way of a class: its label" "7" "$(bytes "$work/c7-labels.idx" 8 1 | xargs)"
drawn "uniform noise" uniform --interpolate 3,4 -o u.idx
drawn "a way from an image to itself" run --interpolate 7,7 --steps 3 -o still.idx
is "a way from an image to itself: stays" "$(image still.idx 0 $idx_header)" "$(image still.idx 2 $idx_header)"

# --- beside the training images ---
covers nearest data images labels
drawn "neighbours" little --nearest
is "neighbours: a table" "image,nearest,distance 11" "$(head -n 1 "$work/sample.out") $(wc -l <"$work/sample.out")"
holds "neighbours: a picture" test -s "$work/nearest.png"
cp "$work/sample.out" "$work/neighbours.csv"
drawn "neighbours on three threads" little --nearest --threads 3 -o n3.png
same "neighbours on three threads: the same distances" neighbours.csv sample.out
same "neighbours on three threads: the same picture" nearest.png n3.png
(cd "$work" && "$sampler" little --nearest -o - 2>neighbours.err | cat >piped)
same "neighbours to standard output: the picture" nearest.png piped
same "neighbours to standard output: the table on standard error" neighbours.csv neighbours.err
head -c $((200 * 784)) /dev/zero | tr '\0' '\300' | idx_images "$work/own.idx" 200 28 28
"$program" --config "$work/base.json" -o "$work/grey" --images "$work/own.idx" >/dev/null 2>&1
mv "$work/own.idx" "$work/moved.idx"
GAN_DATA=digits refused 'the run was begun on other images .*; the run had .*/own.idx, which is not there: --data or --images' \
    grey --nearest
drawn "moved data" grey --nearest --images moved.idx
is "moved data: all as near, the first is taken" "0" "$(cut -d , -f 2 "$work/sample.out" | tail -n +2 | sort -u)"
yes '' | tr '\n' '\1' | idx_labels "$work/moved-labels" 200
refused 'the run was begun on other images' grey --nearest --images moved.idx --labels moved-labels
refused 'moved.idx: has no labels beside it; wanted those of the 10 classes' little --nearest --images moved.idx
refused 'moved.idx: has no labels beside it; wanted those of the 10 classes' classes --nearest --images moved.idx
refused '--data nowhere: No such file' grey --nearest --data nowhere

# --- bad input ---
refused 'no run is named'
refused 'nowhere: ' nowhere
refused "'more': a stray word" run more
mkdir "$work/empty"
refused 'empty' empty
printf 'no checkpoint' >"$work/text.safetensors"
refused 'text.safetensors: ' text.safetensors
head -c 5000 "$work/run/checkpoints/latest.safetensors" >"$work/cut.safetensors"
refused 'cut.safetensors: ' cut.safetensors
mkdir "$work/begun"
cp "$work/run/config.json" "$work/begun"
refused 'begun' begun
refused '--count: .0. is not a whole number from 1' run --count 0
for words in '--format idx -o zz.png' '--format grid -o zz.npy' '--format png -o zz.png' '--format npy -o zz-images-idx3-ubyte'; do
    # shellcheck disable=SC2086 # several flags
    refused "--output: '.*' ends as a file of another format" run $words
done
refused '--output: - is one file' run --format png --output -
mkdir "$work/foreign"
touch "$work/foreign/letter.txt"
refused '--output: foreign holds letter.txt' run --format png -o foreign
is "a folder with something else in it: stays as it was" "letter.txt" "$(ls -A "$work/foreign")"
mkdir "$work/taken"
sample classes --format idx -o taken
is "a folder where images were wanted: no labels either" "2 " "$status $(find "$work" -maxdepth 1 -name 'taken-*')"
sample run -o foreign
is "a folder where a file was wanted" "2 gan-sample: foreign: is a folder; a file was wanted" \
    "$status $(cat "$work/sample.err")"
refused '--output: nowhere/x.png: cannot create this file in nowhere: No such file' run -o nowhere/x.png
printf 'mine' >"$work/mine.png"
(
    cd "$work" && ulimit -f 20
    "$sampler" run -n 10000 -o mine.png >sample.out 2>sample.err
    echo $? >sample.status
)
is "a disk that is full: status, and the old file stays" "1 mine" \
    "$(cat "$work/sample.status") $(cat "$work/mine.png")"
has "a disk that is full: one line" '^gan-sample: mine.png: cannot write: File too large$' "$(cat "$work/sample.err")"
(cd "$work" && "$sampler" run -n 10000 --format idx -o - 2>sample.err | head -c 10 >/dev/null)
has "a pipe that is gone: one line" '^gan-sample: standard output: cannot write: Broken pipe$' \
    "$(cat "$work/sample.err")"
is "nothing half written is left" "" "$(find "$work" -name '*.tmp')"

# --- the program ---
covers threads version help
has "--version" '^gan-sample [0-9]+\.[0-9]+\.[0-9]+' "$("$sampler" --version)"
has "--help: begins with the usage" '^usage: gan-sample' "$("$sampler" --help | head -n 1)"
is "-h: is --help" "$("$sampler" --help)" "$("$sampler" -h)"
has_no "--help: 80 columns" '^.{81}' "$("$sampler" --help)"
has "without an operand: no run" 'no run is named' "$("$sampler" 2>&1)"

listed=$("$sampler" --help | sed -n 's/^ \{2,6\}\(-., \)\{0,1\}--\([a-z0-9_]*\).*/\2/p' | sort -u)
is "each flag of --help has a check here" "$listed" "$(printf '%s\n' "${covered[@]}" | sort -u)"
is "the short forms have checks" "h n o " "$("$sampler" --help | sed -n 's/^ *-\(.\), --.*/\1/p' | sort | tr '\n' ' ')"

# --- stopped ---
mkdir "$work/stopped"
begun() {
    [ -n "$(ls -A "$work/stopped")" ]
}
catches_signals() {
    (($(sed -n 's/^SigCgt:[[:space:]]*/0x/p' "/proc/$pid/status") & 2))
}
for signal in INT TERM HUP; do
    "$sampler" "$work/little" --count 4000000000 -o "$work/stopped/big.npy" 2>"$work/stopped.err" &
    pid=$!
    within 30 begun
    kill -s $signal "$pid"
    end_of "$pid"
    is "SIG$signal: status" 130 "$status"
    is "SIG$signal: one line" "gan-sample: stopped by a signal" "$(cat "$work/stopped.err")"
    is "SIG$signal: nothing is left" "" "$(ls -A "$work/stopped")"
done
for words in '--format grid --count 500000' '--nearest --count 500000' "--interpolate $(seq -s , 0 15) --steps 1000 --format gif"; do
    # shellcheck disable=SC2086 # flags and their values
    "$sampler" "$work/run" --threads 1 $words -o "$work/stopped/large" 2>"$work/stopped.err" >/dev/null &
    pid=$!
    within 30 catches_signals
    kill -s INT "$pid"
    end_of "$pid"
    is "SIGINT, $words: ends, with nothing left" "130 gan-sample: stopped by a signal" \
        "$status $(cat "$work/stopped.err")$(ls -A "$work/stopped")"
done

conclude
