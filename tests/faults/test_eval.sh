#!/usr/bin/env bash
# gan-eval while each system call fails in turn, and then each allocation: it fails in one line, or does without what it
# can do without, which is keeping its judge.
cd "$(dirname "$0")/../.." && . tests/faults/harness.sh || exit 1
evaluator=${program%train}eval

# evaluate NAME: measures into $work/NAME/table, with the cache folder beside it; sets $status, leaves what it said in
# NAME.out and NAME.err. It is stopped after $seconds, which may be too few to train a judge.
seconds=100
evaluate() {
    mkdir -p "$work/$1"
    (cd "$work/$1" && XDG_CACHE_HOME=$PWD/cache exec timeout --foreground --preserve-status --signal=INT "$seconds" \
        "$evaluator" "$work/trained/out" --quiet --threads 1 --count 1000 --draws 1 >"$work/$1.out" 2>"$work/$1.err")
    status=$?
    sed -n '/^measured/,$p' "$work/$1.out" >"$work/$1/table"
    [ -s "$work/$1/table" ] || rm "$work/$1/table"
}

# after_fault NAME CHECK...: what is wrong about a run that failed, whose message the check looks at; one that could do
# without is well, and so is one that found no judge and began to train one
after_fault() {
    odd "$1" measured
    case $status in
    0) cat "$work/$1.err" && differences "$1" measured ;;
    130) [ "$seconds" -lt 100 ] && one_message "$1" 'stopped by a signal' ;;
    1) "${@:2}" && [ -s "$work/$1.out" ] && printf 'prints figures ' ;;
    *) printf 'status %s ' "$status" && cat "$work/$1.err" ;;
    esac
}

each_call() { # WORKER NUMBER
    begin_again "$1" measured
    rm "$work/$1/table"
    GAN_FAULT=call:$2:EIO evaluate "$1"
    verdict "EIO at ${calls[$2 - 1]} ($2)" "$(
        [ "$status" -ne 0 ] || [[ ${calls[$2 - 1]} =~ judge-|^access ]] || printf 'goes unnoticed '
        after_fault "$1" one_message "$1" ': Input/output error'
        evaluate "$1"
        [ "$status" -eq 0 ] || cat "$work/$1.err"
        differences "$1" measured
    )"
}

each_allocation() { # WORKER NUMBER
    begin_again "$1" measured
    rm "$work/$1/table"
    GAN_FAULT=memory:$2:ENOMEM evaluate "$1"
    verdict "no memory at allocation $2" "$(after_fault "$1" out_of_memory "$1")"
}

# A judge is trained, and cannot be kept, or is, all the same: but for that all is well.
each_call_of_keeping() { # WORKER NUMBER
    begin_again "$1"
    GAN_FAULT=call:$2:EIO evaluate "$1"
    verdict "keeping a judge: EIO at ${calls[$2 - 1]} ($2)" "$(
        [ "$status" -eq 0 ] || printf 'status %s ' "$status"
        cat "$work/$1.err"
        cmp "$work/$1/table" "$work/measured/table" 2>&1
        if [ -e "$work/$1/$judge" ]; then
            cmp "$work/$1/$judge" "$work/measured/$judge" 2>&1
        else
            grep -q '^ *not kept: .*: Input/output error$' "$work/$1.out" || printf 'is not said '
        fi
        find "$work/$1" -name '.*.tmp'
    )"
}

# --- images of five classes in turn, of which every fifth pixel is brighter than the others ---
mkdir "$work/faces"
awk 'BEGIN {
    random = 1
    for (i = 0; i < 2000; i++) {
        for (p = 0; p < 64; p++) {
            random = random * 16807 % 2147483647
            printf "%c", p % 5 == i % 5 ? 100 + random % 150 : 1 + random % 120
        }
    }
}' >"$work/pixels"
awk 'BEGIN { for (i = 0; i < 1000; i++) printf "%c", 1 + i % 5 }' | tr '\1\2\3\4\5' '\0\1\2\3\4' >"$work/classes"
for kind in train t10k; do
    idx_labels "$work/faces/$kind-labels-idx1-ubyte" 1000 <"$work/classes"
done
idx_images "$work/faces/train-images-idx3-ubyte" 1000 8 8 <"$work/pixels"
tail -c 64000 "$work/pixels" | idx_images "$work/faces/t10k-images-idx3-ubyte" 1000 8 8
tiny trained --data "$work/faces"

evaluate measured
is "measures, with a new judge" "0 " "$status $(cat "$work/measured.err")"
judge=$(cd "$work/measured" && find cache -type f)
rm -f "$work/calls"
GAN_FAULT_LOG=$work/calls evaluate measured
is "measures, with the judge that is kept" "0 " "$status $(cat "$work/measured.err")"
mapfile -t calls <"$work/calls"
if [ ! "$checked" ] || [ "$all" ]; then
    seq ${#calls[@]} | on_all_cores each_call
    rm -f "$work/calls"
    GAN_FAULT_LOG=$work/calls evaluate new
    mapfile -t calls <"$work/calls"
    printf '%s\n' "${calls[@]}" | awk -v all="$all" '/\/new\/cache/ && (all || !seen[$1]++) {print NR}' |
        on_all_cores each_call_of_keeping
fi
if [ "$checked" ] || [ "$all" ]; then
    seconds=2
    begin_again again measured
    places evaluate again | tail -n $((${#all} ? 1000000 : 200)) | on_all_cores each_allocation
fi
conclude
