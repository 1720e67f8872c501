#!/usr/bin/env bash
# What a run says: the first screen, its lines in a pipe and on a terminal, and that nothing depends on who listens.
cd "$(dirname "$0")/../.." && . tests/cli/harness.sh || exit 1

[ "$data" = digits ] || cp "$data/train-images-idx3-ubyte" "$data/t10k-images-idx3-ubyte" # for gan-eval to be named

# --- the first screen ---
train normal --epochs 3
screen=$(cat "$work/normal.out")
has "the screen: the data's size" '^data +200 images of 28 x 28, 10 classes$' "$screen"
if [ "$data" = digits ]; then
    has "the screen: the data" '^ +built-in drawn digits$' "$screen"
else
    has "the screen: the data" "^ +$data/train-images-idx3-ubyte\$" "$screen"
    has "the screen: their labels" "^ +$data/train-labels-idx1-ubyte\$" "$screen"
fi
has "the screen: G" '^generator +[0-9,]+ parameters$' "$screen"
has "the screen: G's layers" '^ +dense 784 +8 to 784 +tanh +7,056$' "$screen"
has "the screen: D" '^discriminator +[0-9,]+ parameters$' "$screen"
has "the screen: D's layers" '^ +dense 8 +784 to 8 +LeakyReLU 0.2, dropout 0.3 +6,280$' "$screen"
has "the screen: the recipe" '^recipe +best: .*epochs 3' "$screen"
for word in 'optimizer adam' 'learning_rate 0.001' 'beta_1 0' 'loss relativistic' 'order d-then-g' 'seed 0'; do
    has "the screen: the recipe's $word" "[ :]$word(,|\$)" "$screen"
done
has "the screen: steps" '^steps +20 in an epoch$' "$screen"
has "the screen: threads and BLAS" '^machine +1 thread, (own AVX(2|-512) kernels, )?(OpenBLAS|BLIS|MKL) [0-9]' "$screen"
has "the screen: output" "^output +$work/normal" "$screen"
has "the screen: an epoch's time" '^an epoch takes about [0-9]' "$screen"
is "a pipe: a line an epoch" 3 "$(grep -c '^epoch [123]/3 L_D [0-9.]* L_G [0-9.]* D(x) [01][0-9.]* D(G(z)) [01]' "$work/normal.out")"
has "a pipe: how it ended" "^done in .*$work/normal" "$(tail -n 2 "$work/normal.out" | head -n 1)"
is "a pipe: what is not measured can be" "${program%/*}/gan-eval $work/normal says how good the images are" "$(tail -n 1 "$work/normal.out")"
is "called by its name alone: so are the others" "gan-train --resume $work/named goes on" \
    "$(exec -a gan-train "$program" --config "$work/base.json" -o "$work/named" --epochs 9 --max_minutes 1e-9 | tail -n 1)"

for preset in $("$program" --list_presets | sed '1d; s/ .*//'); do
    said=$(cd "$work" && "$program" --data "${data##*/}" --limit_images 256 --preset "$preset" --max_minutes 1e-9 \
        --grid 1x1 -o o --overwrite 2>&1)
    has "$preset: a screen" "^recipe +$preset:" "$said"
    has_no "$preset: 80 columns" '^.{81}' "$said"
    has_no "$preset: no control characters" '[[:cntrl:]]' "$said"
    has_no "$preset: no blanks at a line's end" ' $' "$said"
done

# borrowed FLAG...: what the screen says of a learning rate that is another optimizer's
borrowed() {
    (cd "$work" && "$program" --data "${data##*/}" --limit_images 256 --max_minutes 1e-9 --grid 1x1 -o o --overwrite \
        "$@" 2>&1) | sed -n 's/^ *\(learning_rate .* is the one that\)/\1/p'
}
is "another optimizer: has the preset's rate" "learning_rate 0.0002 is the one that deep has for adam;" \
    "$(borrowed --preset deep --optimizer sgd)"
is "another optimizer with a rate of its own" '' "$(borrowed --preset deep --optimizer sgd --learning_rate 0.1)"
is "the preset's optimizer" '' "$(borrowed --preset deep --optimizer adam)"

# --- quiet ---
train quiet --epochs 3 --quiet
has_no "--quiet: no screen" '^(data|generator|recipe|machine)' "$(cat "$work/quiet.out")"
is "--quiet: a line an epoch" 3 "$(grep -c '^epoch [123]/3 L_D' "$work/quiet.out")"

# --- nobody listens ---
# alike NAME: the last run, into $work/deaf, went as ever
alike() {
    is "$1: status" 0 "$status"
    compare "$1: the same files" normal deaf
    rm -rf "${work:?}/deaf"
}
deaf=("$program" --config "$work/base.json" -o "$work/deaf" --epochs 3)
"${deaf[@]}" >&- 2>/dev/null
status=$?
alike "standard output closed"
"${deaf[@]}" <&- >&- 2>&-
status=$?
alike "all three closed"
"${deaf[@]}" 2>&1 | head -n 1 >/dev/null
status=${PIPESTATUS[0]}
alike "a pipe that ends"
"${deaf[@]}" 2>&1 | true
status=${PIPESTATUS[0]}
alike "a pipe that has ended"
if [ -c /dev/full ]; then
    "${deaf[@]}" >/dev/full 2>&1
    status=$?
    alike "a full disk for what it says"
    for flag in --help --version --list_presets --print_config; do
        said=$("$program" $flag 2>&1 >/dev/full)
        is "$flag into a full disk: status" 1 $?
        is "$flag into a full disk: one line" "gan-train: standard output cannot be written" "$said"
        said=$("$program" $flag 2>&1 >&-)
        is "$flag into what is closed" "1 gan-train: standard output cannot be written" "$? $said"
    done
fi
# only_end_arrives NAME PROGRAM FLAG...: into a pipe that does not wait and has room for the end of what is printed, but
# not for what comes before: a write that is no longer than a page is made whole there or not at all
mkfifo "$work/pipe"
only_end_arrives() {
    local name=$1 bytes pipe said status arrived
    shift
    bytes=$("$@" | wc -c)
    exec {pipe}<>"$work/pipe"
    dd oflag=nonblock count=0 status=none </dev/null >&"$pipe" # which lasts
    head -c $((65536 - bytes % 4096)) /dev/zero >&"$pipe"
    said=$("$@" 2>&1 >&"$pipe")
    status=$?
    arrived=$(dd iflag=nonblock status=none <&"$pipe" 2>/dev/null | tr -d '\0' | wc -c)
    exec {pipe}>&-
    if [ "$status" -eq 0 ] && [ "$arrived" -eq "$bytes" ]; then
        not_run "$name: the beginning is lost" "pipes are larger here"
    else
        is "$name: the beginning is lost" "1 gan-${1##*gan-}: standard output cannot be written" "$status $said"
    fi
}
only_end_arrives --help "$program" --help
only_end_arrives "gan-eval --print_man" "${program%train}eval" --print_man
only_end_arrives "gan-sample --nearest" "${program%train}sample" "$work/normal" --nearest --count 300 -o "$work/nearest.png"
"${deaf[@]}" --epochs 2>&-
is "a refusal with standard error closed: status" 2 $?

# --- a terminal ---
# on_terminal COLUMNS FLAG...: a run there, a terminal of $kind (xterm); sets $said, and $drawn to its live lines
on_terminal() {
    local columns=$1 command
    shift
    rm -rf "${work:?}/tty"
    printf -v command '%q ' "$program" --config "$work/base.json" -o "$work/tty" --epochs 60 --sample_every 60 "$@"
    said=$(TERM=${kind:-xterm} script -qec "stty cols $columns rows 24; $command" /dev/null </dev/null | tr -d '\0')
    drawn=$(tr '\r' '\n' <<<"$said" | grep '^[epoch ]*[0-9]*/60 .*[[]K$' | sed 's/.\[K$//')
}
if command -v script >/dev/null && script -qec true /dev/null </dev/null >/dev/null 2>&1; then
    for columns in 80 50 200; do
        on_terminal $columns
        has "a terminal of $columns columns: a live line" '^(epoch)? *[0-9]+/60 \[[=> ]+\] L_D [0-9.]+ L_G [0-9.]+' "$drawn"
        has_no "a terminal of $columns columns: it fits" "^.{$columns}" "$drawn"
    done
    on_terminal 80
    has "a terminal: all it tells" 'D\(x\) [0-9.]+ D\(G\(z\)\) [0-9.]+ .*[0-9]+ img/s' "$drawn"
    lines=$(tr '\r' '\n' <<<"$said" | sed 's/.\[K//g' | grep -v '\[' | grep '^epoch')
    is "a terminal: about 20 lines stay, the first and the last of them" "13 1 60" \
        "$(wc -l <<<"$lines") $(sed -n '1s/epoch *\([0-9]*\).*/\1/p; $s/epoch *\([0-9]*\).*/\1/p' <<<"$lines" | tr '\n' ' ' | sed 's/ $//')"
    kind=dumb on_terminal 80
    is "a dumb terminal: a line an epoch" 60 "$(grep -c '^epoch' <<<"$said")"
    is "a dumb terminal: no live line" "" "$drawn"
    on_terminal 80 --quiet
    is "a terminal, --quiet: a line an epoch" 60 "$(grep -c '^epoch' <<<"$said")"
    is "a terminal, --quiet: no live line" "" "$drawn"
    printf -v command '%q ' "${program%train}sample" "$work/normal" -n 2 -o -
    said=$(script -qec "$command" /dev/null </dev/null | tr -d '\r')
    is "gan-sample to a terminal" "gan-sample: --output: - is a terminal, which shows no images; wanted a pipe or a file" "$said"
else
    not_run "a terminal" "script, of util-linux, is not there"
fi

conclude
