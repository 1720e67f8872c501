#!/usr/bin/env bash
# gan-eval: the same figures for the same images, wherever they come from and on how many threads; every flag takes
# effect, bad input gets one line, and a judge is trained once.
cd "$(dirname "$0")/../.." && . tests/cli/harness.sh || exit 1

export XDG_CACHE_HOME=$work/cache # of this test alone, which looks at how a judge comes to be there
evaluator=${program%gan-train}gan-eval
sampler=${program%gan-train}gan-sample
covered=() # the flags with a check, by their names in --help
covers() {
    covered+=("$@")
}

# evaluate WORD...: gan-eval in $work; sets $status, leaves what it said in eval.out and eval.err
evaluate() {
    (cd "$work" && timeout 100 "$evaluator" "$@" >eval.out 2>eval.err)
    status=$?
}

# What it said on standard error but that a judge is trained.
complaints() {
    grep -v '^training the judge of these images$' "$work/eval.err"
}

# measured NAME WORD...: the same of one draw, or as many as the words say, as JSON in $work/NAME.json, and a check that
# it ends well and says nothing else
measured() {
    local name=$1
    shift
    [[ " $* " == *" --draws "* ]] || set -- --draws 1 "$@"
    evaluate --json "$@"
    mv "$work/eval.out" "$work/$name.json"
    is "$name: ends well" "0 " "$status $(complaints)"
}

# refused REGEX WORD...: status 2 and one line that matches, and nothing is written
refused() {
    local before
    before=$(ls -A "$work")
    evaluate "${@:2}"
    has "refused: ${*:2}" "^gan-eval: $1" "$(cat "$work/eval.err")"
    is "refused: ${*:2}: status, lines, files" "2 1 $before" "$status $(wc -l <"$work/eval.err") $(ls -A "$work")"
    is "refused: ${*:2}: no figures" "" "$(cat "$work/eval.out")"
}

# figure NAME FIGURE [KEY]: the value (or another key) of a figure, or another object, in $work/NAME.json
figure() {
    awk -v name="\"$2\":" -v key="\"${3:-value}\":" '$1 == name && $2 == "{" { on = 1 }
        on && $1 == key { gsub(/,/, ""); print $2; exit }' "$work/$1.json"
}

# said NAME KEY: what stands behind the first such key
said() {
    awk -v key="\"$2\":" '$1 == key { gsub(/,/, ""); print $2; exit }' "$work/$1.json"
}

# figures NAME: all that was measured of the images, and of real ones
figures() {
    sed -n '/"parzen_sigma"/,$p' "$work/$1.json"
}

# same_figures NAME ONE OTHER
same_figures() {
    is "$1" "$(figures "$2")" "$(figures "$3")"
    has "$1: and they are there" '"frechet_distance"' "$(figures "$2")"
}

# as_table FILE: a table whose numbers are N, with single blanks, of paths the names alone
as_table() {
    sed -E 's|^ +/.*/| |; s/judge-[0-9a-f]+/judge-N/; s/-?[0-9]+(,[0-9]{3})*(\.[0-9]+)?/N/g; s/ +/ /g' "$1"
}

# --- what is measured ---

# images COUNT HEIGHT WIDTH FIRST: of five classes in turn, of which every fifth pixel is brighter than the others
images() {
    awk -v count="$1" -v pixels=$(($2 * $3)) -v first="$4" 'BEGIN {
        random = first + 1
        for (i = 0; i < count; i++) {
            for (p = 0; p < pixels; p++) {
                random = random * 16807 % 2147483647
                printf "%c", p % 5 == i % 5 ? 100 + random % 150 : 1 + random % 120
            }
        }
    }' | idx_images /dev/stdout "$1" "$2" "$3"
}

# classes COUNT [FIRST]: their labels, or those of classes that begin with another one
classes() {
    awk -v count="$1" -v first="${2:-0}" 'BEGIN { for (i = 0; i < count; i++) printf "%c", 1 + (i + first) % 5 }' |
        tr '\1\2\3\4\5' '\0\1\2\3\4' | idx_labels /dev/stdout "$1"
}

faces=$work/faces
mkdir "$faces" "$work/bare" "$work/few" "$work/few_test" "$work/no_test"
images 1200 8 8 0 >"$faces/train-images-idx3-ubyte"
classes 1200 >"$faces/train-labels-idx1-ubyte"
images 1100 8 8 1000000 >"$faces/t10k-images-idx3-ubyte"
classes 1100 >"$faces/t10k-labels-idx1-ubyte"
cp "$faces"/*images* "$work/bare"
cp "$faces"/train* "$work/no_test"
cp "$faces"/train* "$work/few_test"
images 999 8 8 5 >"$work/few_test/t10k-images-idx3-ubyte"
cp "$faces"/t10k* "$work/few"
images 999 8 8 6 >"$work/few/train-images-idx3-ubyte"
images 1000 8 8 2000000 >"$work/fakes"
classes 1000 >"$work/asked"
images 1000 7 8 7 >"$work/flat"
tail -c +17 "$work/fakes" | tr '\1-\143\144-\377' '[\0*99][\1*156]' | idx_images "$work/binary" 1000 8 8

"$program" --data "$faces" --epochs 2 --g_hidden 16 --d_hidden 16 --seed 5 -o "$work/run" -q >/dev/null
"$program" --data "$faces" --epochs 2 --g_hidden 16 --d_hidden 16 --seed 5 --ema 0 -o "$work/raw" -q >/dev/null
"$program" --data "$faces" --epochs 2 --g_hidden 16 --d_hidden 16 --conditional -o "$work/asks" -q >/dev/null
"$program" --data "$faces" --epochs 1 --g_hidden 8 --d_hidden 8 --limit_images 300 -o "$work/limited" -q >/dev/null
"$program" --images "$work/bare/train-images-idx3-ubyte" --epochs 1 --g_hidden 8 --d_hidden 8 -o "$work/plain" -q >/dev/null
XDG_CACHE_HOME=$work/trained "$program" --data "$faces" --test_images "$work/fakes" --epochs 1 --g_hidden 8 --d_hidden 8 --eval_every 1 \
    -o "$work/tested" -q >/dev/null
"$program" --data "$work/few" --epochs 1 --g_hidden 8 --d_hidden 8 -o "$work/small" -q >/dev/null

# --- bad input ---
touch "$work/eval.out" "$work/eval.err"
refused 'nothing is named that could be measured'
refused 'again: No such file' run again
refused '.e.: a stray word: 100 runs are taken' $(seq 100) e
refused 'tested/checkpoints/latest.safetensors: has other test images than run/.*--test_images' run tested
refused 'small/checkpoints/latest.safetensors, measured beside run/.*: the run was begun on other images' run small
refused 'fakes: is an IDX file of images; wanted a run, or, by itself, --images fakes' run fakes
refused '--images: contradicts run' run --images fakes
refused '--train_images: says where the real images are' --images fakes --data faces --train_images fakes
refused '--labels: has no effect without --images' run --labels asked
refused '--count: .999. is not a whole number from 1000' run --count 999
refused '--no_ema: has no effect without a run' --images fakes --data faces --no_ema
refused '--no_ema: has no effect on raw/checkpoints/latest.safetensors, whose run has no averages' raw --no_ema
refused 'nowhere: ' nowhere
refused 'nowhere: ' --images nowhere --data faces
refused '--data nowhere: No such file' --images fakes --data nowhere
refused '--data fakes: is not a folder' --images fakes --data fakes
refused 'nowhere: ' --images fakes --data faces --labels nowhere
refused 'nowhere: ' --images fakes --train_images nowhere
refused 'nowhere: ' --images fakes --data faces --test_images nowhere
refused 'asked: ' --images asked --data faces
refused 'fakes: is an IDX file of images; wanted a run, or, by itself, --images fakes' fakes
refused 'run/checkpoints/: is where a run.s checkpoints are; wanted the run.s folder' run/checkpoints/
printf '\223NUMPY\1\0' >"$work/fakes.npy"
printf '\211PNG\r\n\32\n' >"$work/fakes.png"
refused 'fakes.npy: is a NumPy array; wanted an IDX file of images' --images fakes.npy --data faces
refused 'fakes.png: is a PNG picture; wanted an IDX file of images' --images fakes.png --data faces
head -c 5000 "$work/run/checkpoints/latest.safetensors" >"$work/cut.safetensors"
refused 'cut.safetensors: ' cut.safetensors
refused 'few/train-images-idx3-ubyte: holds 999 images; wanted 1000 or more' --images few/train-images-idx3-ubyte \
    --data faces
refused 'fakes: holds 1000 images; wanted 1001 or more, as --count says' --images fakes --data faces --count 1001
refused 'flat: has images of 7 x 8; wanted 8 x 8, as the real images' --images flat --data faces
refused 'binary: has no pixel above 1; wanted bytes from 0' --images binary --data faces
refused 'fakes: has pixels up to 249; wanted 0 and 1 alone' --images fakes --train_images binary --test_images binary
refused 'no test set: there are no test images beside no_test/train' --images fakes --data no_test
refused 'few/train-images-idx3-ubyte: holds 999 images; wanted 1000 training images' --images fakes --data few
refused 'few_test/t10k-images-idx3-ubyte: holds 999 images; wanted 1000 test images' --images fakes --data few_test
refused 'flat: holds images of 7 x 8; wanted 8 x 8' --images fakes --data faces --test_images flat
refused 'faces/train-labels-idx1-ubyte: holds 1200 labels; wanted 1000' --images fakes --data faces \
    --labels faces/train-labels-idx1-ubyte
tail -c +9 "$work/asked" | tr '\4' '\5' | idx_labels "$work/sixth" 1000
refused '--labels: asks for a class 5; wanted 0 to 4' --images fakes --data faces --labels sixth
refused 'sixth: holds a label 5; wanted 0 to 4' --images fakes --data faces --test_images fakes --test_labels sixth
refused '--labels: has no effect where the real images have no labels' --images fakes --data bare --labels asked
refused '--draws: has no effect where the training images have no labels' --images fakes --data bare --draws 2
refused '--k: has no effect where the training images have no labels' --images fakes --data bare --k 3
refused '--test_labels: has no effect where the training images have no labels' --images fakes --data bare \
    --test_images fakes --test_labels asked
refused 'bare/train-images-idx3-ubyte: has no labels beside it; wanted those of the 5 classes' run --data bare
refused 'the run was begun on other images .*, 1200 of 8 x 8 in 5 classes.* than these .*fakes, 1000 of' run \
    --train_images fakes --train_labels asked
cp "$work/fakes" "$work/gone"
"$program" --images "$work/gone" --epochs 1 --g_hidden 8 --d_hidden 8 -o "$work/homeless" -q >/dev/null
rm "$work/gone"
GAN_DATA=$work/nowhere refused '.GAN_DATA .*/nowhere: .*; the run had .*/gone, which is not there: --data or --train_images says' \
    homeless
GAN_DATA=$work/faces refused 'the run was begun on other images .*; the run had .*/gone, which is not there' homeless

# --- stopped while the judge is trained ---
for signal in INT TERM; do
    "$evaluator" "$work/run" --threads 1 >"$work/stopped.out" 2>"$work/stopped.err" &
    pid=$!
    within 30 has_worked $pid
    kill -s $signal $pid
    end_of $pid
    is "SIG$signal: status" 130 "$status"
    is "SIG$signal: one line, no figures" "gan-eval: stopped by a signal|" \
        "$(grep -v "^training the judge" "$work/stopped.err")|$(cat "$work/stopped.out")"
    is "SIG$signal: nothing is kept" "" "$(find "$work/cache" -type f 2>/dev/null)"
done

# --- a judge, once ---
covers draws
evaluate run --count 1000 --draws 2
is "the first time: ends well" "0 " "$status $(complaints)"
has "the first time: a judge is trained" '^judge +knows [0-9.]+ % of the test images; trained now$' "$(cat "$work/eval.out")"
judge=$(find "$work/cache" -type f)
has "the first time: it is kept" "^$work/cache/gan-train/judge-[0-9a-f]{8}\.safetensors\$" "$judge"
mv "$work/eval.out" "$work/first.out"
kept=$(cksum "$judge")
evaluate run --count 1000 --draws 2
is "the second time: it is that one, and all else is the same" "$(sed 's/trained now/was kept/' "$work/first.out")" \
    "$(cat "$work/eval.out")"
is "the second time: the file is as it was" "$kept" "$(cksum "$judge")"
is "the table" "real N training and N test images of N x N, N classes
 train-images-idxN-ubyte
 tNk-images-idxN-ubyte
judge knows N % of the test images; was kept
 judge-N.safetensors
measured run/checkpoints/latest.safetensors
 preset best, after N epochs and N steps
 --epochs N --g_hidden N --d_hidden N --seed N
 N draws of N images; real: N of N training images

 these images real images better
Frechet distance (FD) N +- N N lower
coverage N +- N N higher
recall N +- N N higher
precision N +- N N as real ones'
density N +- N N as real ones'
classes alive N of N N of N higher
KL of the classes N +- N N lower
nearest training image N +- N N +- N as real ones'
Parzen log-likelihood N +- N N +- N higher

class N N N N N
these, % N N N N N
real, % N N N N N

note coverage is low: precision and density are of the few kinds of
 images that are there, and say nothing of the others" "$(as_table "$work/eval.out")"
has "the table: what it is of" '^ +2 draws of 1,000 images; real: 1 of 1,000 training images$' "$(cat "$work/eval.out")"
has_no "the table: 80 columns" '^.{81}' "$(grep -v / "$work/eval.out")"

mkdir -p "$work/other/gan-train" # one that is damaged, on a disk that is full
{
    head -c 20000 "$judge"
    printf x
    tail -c +20002 "$judge"
} >"$work/other/gan-train/${judge##*/}"
(
    cd "$work" && ulimit -f 20
    XDG_CACHE_HOME=$work/other timeout 100 "$evaluator" run --count 1000 --draws 2 >eval.out 2>eval.err
    echo $? >eval.status
)
is "a full disk: ends well" "0 " "$(cat "$work/eval.status") $(complaints)"
has "a damaged judge: is said" 'trained anew: its file was no good$' "$(cat "$work/eval.out")"
has "a full disk: is said" '^ +not kept: .*: cannot write: File too large$' "$(cat "$work/eval.out")"
is "a full disk: the figures all the same" "$(sed -n '/^measured/,$p' "$work/first.out")" \
    "$(sed -n '/^measured/,$p' "$work/eval.out")"
is "a full disk: nothing half written is left" "${judge##*/}" "$(ls -A "$work/other/gan-train")"

# --- the same figures ---
covers json count threads k seed images no_ema
measured one run --count 1000 --threads 1
measured own run --count 1000 --no_ema
measured raw raw --count 1000
same_figures "--no_ema: those of a run without averages" own raw
is_not "--no_ema: not those of the averages" "$(figures one)" "$(figures own)"
# --- several runs ---
# objects FILE...: the lines of JSON files that hold objects, or an array of them, without indents and commas
objects() {
    sed -E 's/^ +//; s/,$//; /^[][]$/d' "$@"
}
measured both run raw --count 1000
is "several runs: an array of what each has by itself" "$(objects "$work/one.json" "$work/raw.json")" \
    "$(objects "$work/both.json")"
measured mixed raw run --count 1000 --no_ema
is "several runs, --no_ema: G's own weights of those that have averages" "$(objects "$work/raw.json" "$work/own.json")" \
    "$(objects "$work/mixed.json")"
evaluate run asks limited plain --count 1000 --draws 2
is "several runs: ends well" "0 " "$status $(complaints)"
is "several runs: a table" "real N training and N test images of N x N, N classes
 train-images-idxN-ubyte
 tNk-images-idxN-ubyte
judge knows N % of the test images; was kept
 judge-N.safetensors
measured run/checkpoints/latest.safetensors
 preset best, after N epochs and N steps
 --epochs N --g_hidden N --d_hidden N --seed N
 N draws of N images; real: N of N training images
measured asks/checkpoints/latest.safetensors
 preset best, after N epochs and N steps
 --epochs N --conditional --g_hidden N --d_hidden N
 N draws of N images; real: N of N training images
measured limited/checkpoints/latest.safetensors
 preset best, after N epoch and N steps
 --limit_images N --epochs N --g_hidden N --d_hidden N
 trained on the first N images: the nearest are of these
 N draws of N images; real: N of N training images
measured plain/checkpoints/latest.safetensors
 preset best, after N epoch and N steps
 --epochs N --g_hidden N --d_hidden N
 N draws of N images; real: N of N training images

 FD coverage recall precision density
run N +- N N N N N
asks N +- N N N N N
limited N +- N N N N N
plain N +- N N N N N
real images N N N N N

 classes KL accuracy nearest Parzen
run N N - N N +- N
asks N N N N N +- N
limited N N - N N +- N
plain N N - N N +- N
real images N N N - N +- N" "$(as_table "$work/eval.out" | sed '/^$/N; /^\nnote/Q')"
cp "$work/eval.out" "$work/table.out"
for run in run asks limited; do
    measured "$run" "$run" --count 1000 --draws 2
    is "several runs: $run's row has its own FD" "$(printf '%.2f' "$(figure "$run" frechet_distance)")" \
        "$(awk -v run="$run" '$1 == run { print $2; exit }' "$work/table.out")"
done
mapfile -t many < <(yes run | head -n 100)
for kind in '' --json; do
    (cd "$work" && exec "$evaluator" "${many[@]}" $kind -n 1000 --draws 1 >"many$kind.out" 2>many.err) &
    pid=$!
    within 100 test -s "$work/many$kind.out"
    kill -s INT $pid
    end_of $pid
    is "stopped at a later run${kind:+, $kind}: status" "130 gan-eval: stopped by a signal" "$status $(cat "$work/many.err")"
done
is "stopped at a later run: those before are reported" "$(grep -c '^measured' "$work/many.out")" \
    "$(sed -n '/ FD /,/^real images/p' "$work/many.out" | grep -c '^run ')"
is "stopped at a later run, --json: an array of those before" "[ ]" \
    "$(sed -n '1p;$p' "$work/many--json.out" | xargs)"
is "stopped at a later run, --json: of whole objects" "$(grep -c '^{' "$work/many--json.out")" \
    "$(grep -c '^}' "$work/many--json.out")"
(cd "$work" && "$evaluator" "${many[@]}" -n 1000 --draws 1 2>many.err >/dev/full)
is "several runs, a full disk: ends with the first" "1 gan-eval: standard output cannot be written" \
    "$? $(cat "$work/many.err")"

is "averages or not: is said" "true false false" "$(said one averaged) $(said own averaged) $(said raw averaged)"
measured three run --count 1000 --threads 3
same_figures "threads change no figure" one three
is "threads change no byte" "$(cat "$work/one.json")" "$(cat "$work/three.json")"
measured checkpoint run/checkpoints/latest.safetensors -n 1000
is "a checkpoint: is its run" "$(cat "$work/one.json")" "$(cat "$work/checkpoint.json")"
for name in frechet_distance coverage recall precision density classes_alive kl nearest_distance parzen; do
    has "JSON: $name" '^-?[0-9]+\.[0-9e-]+$' "$(figure one $name)"
done
is "JSON: accuracy, of no classes" "null" "$(figure one class_accuracy)"
is "JSON: what it is of" '1000 1 5 5' "$(said one count) $(said one draws) $(said one seed) $(said one k)"
is "JSON: the judge" "\"$judge\" null false false" "$(figure one judge path) $(figure one judge not_kept) $(
    figure one judge trained_now) $(figure one judge damaged)"
if command -v python3 >/dev/null; then
    holds "JSON: is JSON" python3 -m json.tool "$work/one.json"
else
    not_run "JSON: is JSON" "there is no python3"
fi
(cd "$work" && "$sampler" run -n 1000 --format idx -o drawn.idx >/dev/null)
measured drawn --images drawn.idx --data faces --seed 5
same_figures "--images: of gan-sample's images, those of the run" one drawn
measured twice run --count 1000 --draws 2
is "--draws 2: there are two" "2 2" "$(said twice draws) $(sed -n '/"frechet_distance"/,/]/p' "$work/twice.json" |
    grep -c '^ *[0-9]')"
is "--draws 2: the first is the one" "$(figure one frechet_distance)" \
    "$(sed -n '/"frechet_distance"/,/]/p' "$work/twice.json" | sed -n 's/^ *\([0-9.]*\),$/\1/p')"
has "--draws 2: a spread" '^[0-9.e-]+$' "$(figure twice frechet_distance spread)"
is "one draw: none" "null" "$(figure one frechet_distance spread)"
(cd "$work" && "$sampler" run -n 2500 --format idx -o drawn.idx >/dev/null)
measured file --images drawn.idx --data faces --seed 5 --count 1000 --draws 100
is "--images, --draws 100: as often as there are new images" "2" "$(said file draws)"
same_figures "--images, --draws 100: the next draw is of the next images" twice file
measured other_seed run --count 1000 --seed 6
is_not "--seed: other images" "$(figure one frechet_distance)" "$(figure other_seed frechet_distance)"
measured k3 run --count 1000 --k 3
is "--k: the Frechet distance has none" "$(figure one frechet_distance)" "$(figure k3 frechet_distance)"
is_not "--k: density has" "$(sed -n '/"density"/,/^    }/p' "$work/one.json")" "$(sed -n '/"density"/,/^    }/p' "$work/k3.json")"
measured many run
is "--count: 10,000 without it" "10000" "$(said many count)"
measured limited limited --count 1000
is "a run with --limit_images: its judge is the same" "\"$judge\"" "$(figure limited judge path)"
is_not "a run with --limit_images: what test images are near to" "$(sed -n '/"nearest_distance"/,$p' "$work/one.json" |
    sed -n '/"real"/,$p' | grep -m 1 '"value"')" "$(sed -n '/"nearest_distance"/,$p' "$work/limited.json" |
    sed -n '/"real"/,$p' | grep -m 1 '"value"')"
is "one judge for all of them" "$judge" "$(find "$work/cache" -type f)"

# --- any images ---
covers labels data train_images train_labels test_images test_labels
measured training --images faces/train-images-idx3-ubyte --data faces --labels faces/train-labels-idx1-ubyte
is "training images: a whole file" "1200" "$(said training count)"
is "training images: all classes, remembered" "5.0 0.0 1.0 0.0" "$(figure training classes_alive) $(
    figure training nearest_distance) $(said training copied) $(said training real_copied)"
has "training images: a note" '"100 % of these images are training images' "$(cat "$work/training.json")"
has "more of them than real ones beside them: a note" '"the real images are fewer, .*: --count 1000 takes as many' \
    "$(cat "$work/training.json")"
has "training images: of the class asked for" '^(1\.0|0\.99.*)$' "$(figure training class_accuracy)"
classes 1200 1 >"$work/shifted"
measured tests --images faces/t10k-images-idx3-ubyte --data faces
is "test images: are known" "1.0" "$(said tests test_copied)"
has "test images: a note" '"100 % of these images are test images' "$(cat "$work/tests.json")"
measured shifted --images faces/train-images-idx3-ubyte --data faces --labels shifted
has "--labels: others" '^0\.0(0.*)?$' "$(figure shifted class_accuracy)"
measured unasked --images faces/train-images-idx3-ubyte --data faces
is "--labels: none" "null" "$(figure unasked class_accuracy)"
GAN_DATA=$faces measured variable --images faces/train-images-idx3-ubyte
same_figures "\$GAN_DATA" unasked variable
measured files --images faces/train-images-idx3-ubyte --train_images faces/train-images-idx3-ubyte \
    --train_labels faces/train-labels-idx1-ubyte --test_images faces/t10k-images-idx3-ubyte \
    --test_labels faces/t10k-labels-idx1-ubyte
is "files instead of a folder" "$(sed "s|$faces|faces|" "$work/variable.json")" "$(cat "$work/files.json")"
measured beside --images faces/train-images-idx3-ubyte --train_images faces/train-images-idx3-ubyte \
    --train_labels faces/train-labels-idx1-ubyte
same_figures "--test_images: those beside the training images" files beside
measured other_test --images faces/train-images-idx3-ubyte --data faces --test_images fakes
is_not "--test_images: others" "$(figure unasked frechet_distance)" "$(figure other_test frechet_distance)"
is "--test_labels: none" "null" "$(figure other_test judge accuracy)"
measured labelled_test --images faces/train-images-idx3-ubyte --data faces --test_images fakes --test_labels asked
has "--test_labels: how well the judge knows them" '^(1\.0|0\.9.*)$' "$(figure labelled_test judge accuracy)"

measured asks asks --count 1000
has "a conditional run: its accuracy" '^[01]\.[0-9]+$' "$(figure asks class_accuracy)"
evaluate asks --count 1000
has "a conditional run: stands in the table" '^class accuracy +[01]\.[0-9]{4} .* higher$' "$(cat "$work/eval.out")"

# --- a run that was trained without labels, and a judge ---
measured plain plain --count 1000 --data faces
has "without labels, on the same images with labels: has a judge" '^[0-9.]+$' "$(figure plain frechet_distance)"

# --- no labels ---
for words in 'plain --count 1000' '--images fakes --data bare'; do
    read -ra words <<<"$words"
    measured unlabelled "${words[@]}"
    is "${words[*]}: no judge" "null null" "$(said unlabelled judge) $(figure unlabelled frechet_distance)"
    has "${words[*]}: the figures of pixels" '^[0-9.]+ -?[0-9.]+$' \
        "$(figure unlabelled nearest_distance) $(figure unlabelled parzen)"
done
evaluate plain --count 1000
is "no labels: the table" "judge none: it takes labels of two classes; only pixels are compared
measured plain/checkpoints/latest.safetensors
 preset best, after N epoch and N steps
 --epochs N --g_hidden N --d_hidden N
 N draw of N images; real: N of N training images

 these images real images better
nearest training image N +- N N +- N as real ones'
Parzen log-likelihood N +- N N +- N higher" "$(as_table "$work/eval.out" | sed -n '/^judge/,$p')"
head -c 1200 /dev/zero | tr '\0' '\4' | idx_labels "$work/one-class" 1200
evaluate --images fakes --train_images faces/train-images-idx3-ubyte --train_labels one-class
has "one class, whose number is not 0: no judge" '^judge +none: it takes labels of two classes' "$(cat "$work/eval.out")"
is "still one judge" "$judge" "$(find "$work/cache" -type f)"

# --- the program ---
covers quiet version help
for out in full closed gone; do
    case $out in
    full) "$evaluator" "$work/run" --count 1000 --json >/dev/full 2>"$work/eval.err" ;;
    closed) "$evaluator" "$work/run" --count 1000 >&- 2>"$work/eval.err" ;;
    gone) { "$evaluator" "$work/run" --count 1000 2>"$work/eval.err"; } > >(true) ;;
    esac
    is "standard output is $out: status and one line" "1 gan-eval: standard output cannot be written" \
        "$? $(cat "$work/eval.err")"
done
terminal=$(command -v script)
# on_terminal FLAG...: what a terminal shows of standard error
on_terminal() {
    local command
    printf -v command '%q ' "$evaluator" "$work/run" --count 1000 "$@"
    "$terminal" -qec "$command >/dev/null" /dev/null </dev/null
}
if [ "$terminal" ] && script -qec true /dev/null </dev/null >/dev/null 2>&1; then
    has "a terminal: how far it is" '1/4 draws 0 %' "$(on_terminal)"
    is "a terminal: --quiet" "" "$(on_terminal --quiet)"
    is "a terminal: -q" "" "$(on_terminal -q)"
else
    not_run "a terminal" "script, of util-linux, is not there"
fi
has "--version" '^gan-eval [0-9]+\.[0-9]+\.[0-9]+' "$("$evaluator" --version)"
has "--help: begins with the usage" '^usage: gan-eval' "$("$evaluator" --help | head -n 1)"
is "-h: is --help" "$("$evaluator" --help)" "$("$evaluator" -h)"
listed=$("$evaluator" --help | sed -n 's/^ \{2,6\}\(-., \)\{0,1\}--\([a-z0-9_]*\).*/\2/p' | sort -u)
is "each flag of --help has a check here" "$listed" "$(printf '%s\n' "${covered[@]}" | sort -u)"
is "the short forms have checks" "h n q " "$("$evaluator" --help | sed -n 's/^ *-\(.\), --.*/\1/p' | sort | tr '\n' ' ')"

# --- MNIST, or the drawn digits ---
real=digits
if [ "$(real_file t10k-images)" ] && [ "$(real_file t10k-labels)" ]; then
    real=$real_data
fi
"$program" --data "$real" --limit_images 200 --epochs 1 --g_hidden 16 --d_hidden 16 -o "$work/digits" -q >/dev/null
measured digits digits --count 1000
is "$real: ten classes" "10" "$(grep -c '"class":' "$work/digits.json")"
has "$real: a judge that knows them" '^0\.9[89][0-9]*$' "$(figure digits judge accuracy)"
has "$real: real images are like real ones" '^0\.9[0-9]*$' "$(sed -n '/"recall"/,$p' "$work/digits.json" |
    sed -n '/"real"/,$p' | sed -n '/"value"/{s/.*: \(.*\),/\1/p;q}')"
is "nothing half written is left" "" "$(find "$work" -name '*.tmp')"

conclude
