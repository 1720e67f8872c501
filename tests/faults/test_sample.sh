#!/usr/bin/env bash
# gan-sample in each of its formats, while each system call fails in turn, and then each allocation.
cd "$(dirname "$0")/../.." && . tests/faults/harness.sh || exit 1
sample=${program%train}sample

# draw NAME: draws into $work/NAME; sets $status, leaves what it said in NAME.err
draw() {
    mkdir -p "$work/$1"
    (cd "$work/$1" && exec timeout 100 "$sample" "$work/trained/out" --threads 1 "${flags[@]}" \
        >"$work/$1.out" 2>"$work/$1.err")
    status=$?
}

# after_fault NAME CHECK...: what is wrong about a run that failed, whose message the check looks at; one that could do
# without is well
after_fault() {
    odd "$1" drawn
    if [ "$status" -eq 0 ]; then
        missing "$1" drawn
        cat "$work/$1.err"
    else
        [ "$status" -eq 1 ] || printf 'status %s ' "$status"
        "${@:2}"
    fi
    draw "$1"
    [ "$status" -eq 0 ] || cat "$work/$1.err"
    differences "$1" drawn
}

each_call() { # WORKER NUMBER
    begin_again "$1"
    GAN_FAULT=call:$2:EIO draw "$1"
    verdict "${flags[*]}: EIO at ${calls[$2 - 1]} ($2)" "$(
        [ "$status" -ne 0 ] || [[ ${calls[$2 - 1]} == mkdir* ]] || printf 'goes unnoticed '
        after_fault "$1" one_message "$1" ': Input/output error'
    )"
}

each_allocation() { # WORKER NUMBER
    begin_again "$1"
    GAN_FAULT=memory:$2:ENOMEM draw "$1"
    if grep -q '^libgomp' "$work/$1.err"; then
        rm -f "$work/$1"/.*.tmp # it ends the program itself
    fi
    verdict "${flags[*]}: no memory at allocation $2" "$(after_fault "$1" out_of_memory "$1")"
}

tiny trained
tried=$((${#all} ? 1000000 : 200)) # of the last allocations: the first ones are alike in all formats
for format in '.png' ' --count 3 --format png' '.idx' '.npy' '.gif --interpolate 0,1 --steps 2' '.png --nearest'; do
    read -ra flags <<<"--output images$format"
    begin_again drawn
    rm -f "$work/calls"
    GAN_FAULT_LOG=$work/calls draw drawn
    is "${flags[*]}: draws" "0 " "$status $(cat "$work/drawn.err")"
    mapfile -t calls <"$work/calls"
    if [ ! "$checked" ] || [ "$all" ]; then
        seq ${#calls[@]} | on_all_cores each_call
    fi
    if [ "$checked" ] || [ "$all" ]; then
        begin_again again
        places draw again | tail -n "$tried" | on_all_cores each_allocation
    fi
    [ "$all" ] || tried=50
done
conclude
