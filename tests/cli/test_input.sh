#!/usr/bin/env bash
# Bad input gets one clear line and status 2, and nothing is written.
cd "$(dirname "$0")/../.." && . tests/cli/harness.sh || exit 1

out=$work/never # the outdir of each run here

# refused NAME REGEX WORD...: the program refuses those words in one line that matches
refused() {
    local name=$1 wanted=$2 found='' said status
    shift 2
    said=$(timeout 10 "$program" "$@" 2>&1 >"$work/stdout")
    status=$?
    [ "$status" -eq 2 ] || found+="status $status; "
    [ "$(wc -l <<<"$said")" -eq 1 ] || found+="not one line; "
    [[ $said == 'gan-train: '* ]] || found+="no 'gan-train: ' before it; "
    grep -Eq -e "$wanted" <<<"$said" || found+="no '$wanted'; "
    grep -q '[[:cntrl:]]' <<<"$said" && found+="control characters; "
    [ -s "$work/stdout" ] && found+="on standard output: $(head -n 1 "$work/stdout"); "
    [ -e "$out" ] && found+="$(ls -ld "$out") was written; " && rm -rf "$out"
    if [ -z "$found" ]; then
        ok "$name"
    else
        fail "$name" "${found}it said: $said"
    fi
}

# refused_run NAME REGEX FLAG...: on top of a good run's flags
refused_run() {
    refused "$1" "$2" --config "$work/base.json" -o "$out" "${@:3}"
}

train good
is "the same without the fault runs" "0 " "$status $(cat "$work/good.err")"

# --- words ---
refused "unknown flag, the nearest suggested" "--epoch: .*did you mean --epochs\\?" --epoch 5 -o "$out"
refused "unknown flag, letters swapped" "--bacth_size: .*--batch_size" --bacth_size 5 -o "$out"
refused "unknown flag, nothing near" "--zzzzzzzz: no such flag" --zzzzzzzz -o "$out"
refused "unknown flag with a value" "--lerning_rate.*--learning_rate" --lerning_rate=1 -o "$out"
refused "unknown letter" "-z: no such flag" -z -o "$out"
refused "long flag with one dash" "-epochs: .*--epochs" -epochs 5 -o "$out"
refused "a very long unknown flag" "no such flag" "--$(printf '%05000d' 0)" -o "$out"
refused "stray word" "'mnist'.*stray" mnist -o "$out"
refused "stray word after flags" "'out2'.*stray" -o "$out" out2
refused "stray dash" "'-'" - -o "$out"
refused "two dashes" "'--'" -- -o "$out"
refused "an empty word" "stray" "" -o "$out"
refused "value forgotten at the end" "--epochs: needs a value" -o "$out" --epochs
refused "value forgotten before a flag" "--epochs: needs a value" --epochs -o "$out"
refused "a word of two lines" "stray" $'a\nb' -o "$out"
refused "value for a flag without" "--list_presets.*takes no value.*'yes'" --list_presets=yes -o "$out"
refused "flag given twice" "--epochs: given twice.*'7'" --epochs 5 --epochs 7 -o "$out"
refused "flag given twice, short and long" "--epochs: given twice" -e 5 --epochs 7 -o "$out"

# --- numbers ---
for value in abc 5x '5 ' ' 5' +5 5.0 1e3 -5 0 '' 0x10 1000001 99999999999999999999999 nan inf; do
    refused "--epochs '$value'" "--epochs: '${value/+/\\+}' .*whole number from 1 to 1000000" --epochs "$value" -o "$out"
done
for value in abc 0.1x nan NaN inf -inf -1 0 1e999 1001 '' ' 0.1' 0,1 0x1p-3; do
    refused "--learning_rate '$value'" "--learning_rate: '$value'.*number above 0 up to 1000" \
        --learning_rate "$value" -o "$out"
done
refused "--learning_rate 1e-999, which underflows" "--learning_rate: '1e-999'" --learning_rate 1e-999 -o "$out"
refused "--beta_1 1" "--beta_1: '1'.*0 to below 1" --beta_1 1 -o "$out"
refused "--label_smoothing 0.6" "--label_smoothing: '0.6'.*0 to 0.5" --label_smoothing 0.6 -o "$out"
refused "--seed 2^64" "--seed: '18446744073709551616'.*18446744073709551615" --seed 18446744073709551616 -o "$out"
refused "--seed -1" "--seed: '-1'" --seed -1 -o "$out"
refused "--threads 0" "--threads: '0'.*1 to 1024" --threads 0 -o "$out"
refused "--threads 1025" "--threads: '1025'" --threads 1025 -o "$out"
for value in 10 0x5 5x 10x10x10 10X10 x 10,10 101x1 -1x5; do
    refused "--grid '$value'" "--grid: '$value'.*ROWSxCOLUMNS" --grid "$value" -o "$out"
done
for value in '256,' ',256' '256,,512' '256,abc' 0 -1 65537 '256 512' '1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17'; do
    refused "--g_hidden '$value'" "--g_hidden: '$value'.*widths" --g_hidden "$value" -o "$out"
done
refused "--dropout 1" "--dropout: '1'.*below 1" --dropout 1 -o "$out"
refused "--dropout of more layers than there are" "--dropout: 4 rates.* 3 " --dropout 0,0,0,0 -o "$out"

# --- names ---
refused "--preset that is none" "--preset: 'depe'.*vanilla.*deep" --preset depe -o "$out"
refused "--optimizer that is none" "--optimizer: 'adamw'.*adam, rmsprop or sgd" --optimizer adamw -o "$out"
refused "--g_activation slope" "--g_activation: 'leaky_relu:1'.*slope" --g_activation leaky_relu:1 -o "$out"
refused "--g_activation slope of another" "--g_activation: 'relu:0.1'" --g_activation relu:0.1 -o "$out"
refused "--init without its number" "--init: 'normal'.*normal:s" --init normal -o "$out"
refused "--output leaky_relu" "--output: 'leaky_relu'" --output leaky_relu -o "$out"
refused "--g_batch_norm_first maybe" "--g_batch_norm_first: 'maybe'.*yes or no" --g_batch_norm_first maybe -o "$out"
refused "an empty --outdir" "--outdir: ''" --outdir "" --data digits

# --- flags that contradict each other ---
refused_run "merged with an odd batch" "merged.*15.*even" --preset deep --d_batch merged --batch_size 15
refused_run "--noise_range without uniform noise" "--noise_range: .*--noise uniform" --noise_range 2
refused_run "--beta_1 without Adam" "--beta_1: .*--optimizer adam" --optimizer sgd --beta_1 0.5
refused_run "--momentum without SGD" "--momentum: .*--optimizer sgd" --momentum 0.5
refused_run "--dropout without hidden layers" "--dropout: .*--d_hidden" --d_hidden none --dropout 0.5
refused_run "--batch_norm_epsilon without batch norm" "--batch_norm_epsilon: .*batch norm" \
    --g_batch_norm none --batch_norm_epsilon 0.1
refused_run "--labels without --images" "--labels: .*--images" --labels "$work/base.json"
refused "--data and --images" "--images: .*--data" --data digits --images "$work/base.json" -o "$out"
refused_run "batch larger than the data" "--batch_size 300.*200" --batch_size 300
refused_run "batches of a step larger than the data" "--batch_size 110.*220.*200" --batch_size 110 --d_steps 2
refused_run "--limit_images of more than there are" "--limit_images 4000000: wanted 1 to" --limit_images 4000000

# --- configuration files ---
# config NAME REGEX TEXT: refused as a file, which the line names
config() {
    printf '%s' "$3" >"$work/bad.json"
    refused "--config: $1" "$work/bad.json.*$2" --config "$work/bad.json" -o "$out"
}
config "unknown key" ":2: epoch: .*epochs" '{
"epoch": 5}'
config "repeated key" "epochs" '{"epochs": 5, "epochs": 6}'
config "repeated key, in two spellings" "batch.size: given twice" '{"batch_size": 5, "batch-size": 6}'
config "unknown preset" "preset.*'depe'.*vanilla" '{"preset": "depe"}'
config "value of another type" "epochs: .*whole number" '{"epochs": "many"}'
config "value of no type" "epochs: " '{"epochs": null}'
config "number out of range" "epochs: .*0.*1 to 1000000" '{"epochs": 0}'
config "a switch with a number" "no_gif: .*true or false" '{"no_gif": 1}'
config "a flag for the command line" "overwrite.*command line" '{"overwrite": true}'
config "no JSON" ":1: " 'epochs = 5'
config "cut short" ":1: " '{"epochs": 5'
config "empty" ":1: " ''
config "a list" "object" '[1, 2]'
config "another program's" "program" '{"options": {"epochs": 5}}'
config "contradictory flags" "momentum: .*sgd" '{"momentum": 0.5}'
refused "--config: missing" "--config: $work/none.json: No such file" --config "$work/none.json" -o "$out"
refused "--config: a folder" "--config: $work: is a folder" --config "$work" -o "$out"
printf '{"preset": "deep"}' >"$work/deep.json"
refused "--config: another preset than --preset" "deep.json.*deep.*vanilla" --preset vanilla --config "$work/deep.json" \
    -o "$out"
head -c 1100000 /dev/zero | tr '\0' ' ' >"$work/large.json"
refused "--config: too large" "large.json: is larger" --config "$work/large.json" -o "$out"
printf '{"program": "gan-train", "options": {"epochs": 5, "batch_size": 0}}' >"$work/bad.json"
refused "--config: in a run's config.json" "bad.json:1: batch_size: .*0" --config "$work/bad.json" -o "$out"

# --- outdirs ---
# "nothing written" is held for these by their own checks
refused_outdir() {
    refused "$1" "$2" --config "$work/base.json" --outdir "$3" "${@:4}"
}
printf 'mine' >"$work/file"
refused_outdir "--outdir: is a file" "--outdir: $work/file is a file" "$work/file"
refused_outdir "--outdir: is a file, --overwrite" "--outdir: $work/file is a file" "$work/file" --overwrite
is "--outdir: the file stays" mine "$(cat "$work/file")"
refused_outdir "--outdir: below a file" "$work/file.*(file|folder)" "$work/file/out"
if [ -d /proc/self ]; then
    refused_outdir "--outdir: cannot be made" "/proc/.*(cannot|No such)" /proc/gan-train
else
    not_run "--outdir: cannot be made" "no /proc"
fi
mkdir "$work/odd"
printf 'mine' >"$work/odd/samples"
refused_outdir "--outdir: its samples are a file" "$work/odd/samples: is a file" "$work/odd"
is "--outdir: that file stays alone" samples "$(ls -A "$work/odd")"
ln -s /nowhere/at/all "$work/dangling"
refused_outdir "--outdir: a link to nowhere" "$work/dangling: " "$work/dangling"
before=$(sums good losses.csv steps.csv config.json)
refused_outdir "--outdir: holds a run" "--outdir: $work/good holds a run.*--overwrite" "$work/good"
is "--outdir: the run stays" "$before" "$(sums good losses.csv steps.csv config.json)"
# root may write anywhere, so it is nobody who tries
mkdir "$work/locked"
chmod a-w "$work/locked"
whole_program=$program
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
    cp "$program" "$work/gan-train"
    printf '#!/bin/sh\nexec setpriv --reuid 65534 --regid 65534 --clear-groups "%s/gan-train" "$@"\n' "$work" >"$work/nobody"
    chmod a+rx "$work" "$work/gan-train" "$work/nobody"
    chmod a+r "$work/base.json"
    program=$work/nobody
fi
if [ "$(id -u)" -ne 0 ] || [ "$program" != "$whole_program" ]; then
    refused_outdir "--outdir: may not be written" "$work/locked.*Permission" "$work/locked/out" --data digits
    refused_outdir "--outdir: may not be written itself" "$work/locked.*Permission" "$work/locked" --data digits
else
    not_run "--outdir: may not be written" "root may write anywhere, and there is no setpriv"
fi
program=$whole_program
refused_outdir "--outdir: bad data leave none, as deep as it would be" "none" "$work/never/deep/er" \
    --images "$work/none"

# --- data ---
refused "--data: missing" "--data $work/none: No such" --data "$work/none" -o "$out"
refused "--data: a file" "--data $work/file: is not a folder" --data "$work/file" -o "$out"
mkdir "$work/empty"
refused "--data: holds no images" "--data $work/empty: holds no images; wanted train-images" --data "$work/empty" \
    -o "$out"
GAN_DATA=$work/none refused "\$GAN_DATA: points nowhere" "GAN_DATA $work/none: No such" -o "$out"
GAN_DATA=$work/file refused "\$GAN_DATA: a file" "GAN_DATA $work/file: is not a folder" -o "$out"
GAN_DATA=$work/empty refused "\$GAN_DATA: holds no images" "GAN_DATA $work/empty: holds no images" -o "$out"

# images NAME REGEX FILE: refused as --images; the line names the file
images() {
    refused_run "--images: $1" "${3%%$'\n'*}.*: .*$2" --images "$3"
}
# labels NAME REGEX FILE: refused as the labels of good images
labels() {
    refused_run "--labels: $1" "$3.*$2" --images "$work/images" --labels "$3" --conditional
}
idx_images "$work/images" 200 28 28 </dev/zero
idx_labels "$work/labels" 200 </dev/zero
train "good_files" --images "$work/images" --labels "$work/labels" --conditional
is "good images and labels run" "0 " "$status $(cat "$work/good_files.err")"

images "missing" "No such file.*wanted" "$work/none"
images "a name of two lines" "No such file" "$work/"$'no\nne\e[31m'
images "a folder" "is a folder" "$work/empty"
images "a device" "not a regular file" /dev/null
: >"$work/no_bytes"
images "empty" "is empty" "$work/no_bytes"
labels "empty" "is empty" "$work/no_bytes"
mkfifo "$work/pipe"
images "a pipe" "not a regular file" "$work/pipe"
for count in 1 3 4 15; do
    head -c $count "$work/images" >"$work/header_$count"
    images "a header of $count bytes" "ends after $count bytes.*16" "$work/header_$count"
done
head -c 7 "$work/labels" >"$work/labels_header"
labels "a header of 7 bytes" "ends after 7 bytes.*8" "$work/labels_header"

# with_header FILE HEADER: the good images behind another header
with_header() {
    {
        printf '%b' "$2"
        head -c $((200 * 784)) /dev/zero
    } >"$work/$1"
}
with_header magic 'QK\3\4\0\0\0\310\0\0\0\34\0\0\0\34'
images "wrong magic" "51 4b 03 04; wanted 00 00 08 03" "$work/magic"
printf '<html>not found</html>' >"$work/page"
images "a web page" "3c 68 74 6d; wanted" "$work/page"
with_header float '\0\0\15\3\0\0\0\310\0\0\0\34\0\0\0\34'
images "elements are floats" "0x0d, float; wanted 0x08" "$work/float"
with_header signed '\0\0\11\3\0\0\0\310\0\0\0\34\0\0\0\34'
images "elements are signed" "0x09, signed byte; wanted 0x08" "$work/signed"
with_header flat '\0\0\10\2\0\0\0\310\0\0\0\34\0\0\0\34'
images "two dimensions" "dimensions are 2; wanted 3" "$work/flat"
with_header terabytes '\0\0\10\3\377\377\377\377\0\0\377\377\0\0\377\377'
images "a header that claims terabytes" "wanted 4294967295 images of 65535 x 65535" "$work/terabytes"
with_header overflow '\0\0\10\3\377\377\377\377\377\377\377\377\377\377\377\377'
images "a header that claims more than can be counted" "4294967295 x 4294967295" "$work/overflow"
with_header zero_images '\0\0\10\3\0\0\0\0\0\0\0\34\0\0\0\34'
images "zero images" "holds 0 images" "$work/zero_images"
with_header zero_height '\0\0\10\3\0\0\0\310\0\0\0\0\0\0\0\34'
images "images of height 0" "0 x 28" "$work/zero_height"
with_header zero_width '\0\0\10\3\0\0\0\310\0\0\0\34\0\0\0\0'
images "images of width 0" "28 x 0" "$work/zero_width"
head -c -1 "$work/images" >"$work/short"
images "a byte short" "156799 bytes.*wanted 200 images of 28 x 28" "$work/short"
{ cat "$work/images" && printf '\0'; } >"$work/more"
images "a byte more" "156801 bytes.*wanted 200 images of 28 x 28" "$work/more"

head -c 60000 /dev/urandom >"$work/noise"
{ head -c 60016 "$work/images" && cat "$work/noise" && head -c 36800 /dev/zero; } | gzip -c >"$work/good.gz"
train "good_gz" --images "$work/good.gz"
is "good packed images run" "0 " "$status $(cat "$work/good_gz.err")"
head -c 5000 "$work/good.gz" >"$work/short.gz"
images "a .gz cut short" "cut short" "$work/short.gz"
head -c -4 "$work/good.gz" >"$work/end.gz"
images "a .gz cut at its end" "cut short" "$work/end.gz"
head -c 5 "$work/good.gz" >"$work/start.gz"
images "a .gz cut in its header" "cut short" "$work/start.gz"
size=$(wc -c <"$work/good.gz")
{ head -c $((size - 8)) "$work/good.gz" && printf 'abcd' && tail -c 4 "$work/good.gz"; } >"$work/crc.gz"
images "a .gz with a wrong checksum" "corrupt" "$work/crc.gz"
{ head -c 100 "$work/good.gz" && printf '%0300d' 0 && tail -c +401 "$work/good.gz"; } >"$work/corrupt.gz"
images "a .gz that is corrupt within" "corrupt" "$work/corrupt.gz"
{ cat "$work/good.gz" && printf 'trailing'; } >"$work/trailing.gz"
images "a .gz with more behind it" "followed" "$work/trailing.gz"
gzip -c "$work/short" >"$work/packed_short.gz"
images "packed, a byte short" "156799 bytes.*wanted 200 images" "$work/packed_short.gz"
gzip -c "$work/more" >"$work/packed_more.gz"
images "packed, a byte more" "156801 bytes.*wanted 200 images" "$work/packed_more.gz"
gzip -c "$work/terabytes" >"$work/packed_terabytes.gz"
images "packed, claims terabytes" "wanted 4294967295 images" "$work/packed_terabytes.gz"

images "are labels" "labels.*swapped" "$work/labels"
labels "are images" "images.*swapped" "$work/images"
labels "missing" "No such file" "$work/none"
idx_labels "$work/labels_199" 199 </dev/zero
labels "of another count" "199 labels; wanted 200" "$work/labels_199"
head -c -1 "$work/labels" >"$work/labels_short"
labels "a byte short" "199 bytes.*wanted 200 labels" "$work/labels_short"
refused_run "--conditional without labels" "--conditional.*--labels" --images "$work/images" --conditional
mkdir "$work/unlabelled"
cp "$work/images" "$work/unlabelled/train-images-idx3-ubyte"
refused_run "--conditional without labels in the folder" "--conditional.*train-labels" --data "$work/unlabelled" \
    --conditional
mkdir "$work/swapped"
cp "$work/labels" "$work/swapped/train-images-idx3-ubyte"
cp "$work/images" "$work/swapped/train-labels-idx1-ubyte"
refused_run "--data: images and labels swapped" "swapped/train-images-idx3-ubyte.*swapped" --data "$work/swapped"

# the memory that a lie asks for is not taken: 150 MB would do for all of the program
if (ulimit -v 1000000 && "$program" --version) >/dev/null 2>&1; then
    for file in terabytes overflow packed_terabytes.gz; do
        said=$(ulimit -v 1000000 && "$program" -o "$out" --images "$work/$file" 2>&1)
        is "claims of $file: refused in little memory" 2 $?
        has_no "claims of $file: not for want of memory" "memory" "$said"
    done
else
    not_run "claims: refused in little memory" "the program does not start in 1 GB of addresses"
fi

conclude
