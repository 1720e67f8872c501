#!/usr/bin/env bash
# Each allocation fails in turn, the program's own and its libraries': the run ends with status 1 and one line. A program
# built with AddressSanitizer says where that forgets memory, or touches what is not there.
cd "$(dirname "$0")/../.." && . tests/faults/harness.sh || exit 1

threads=2
if grep -q __asan_init "$program"; then
    export LSAN_OPTIONS=suppressions=$PWD/tests/faults/leaks.supp:print_suppressions=0
    threads=1 # it cannot begin a thread itself without memory
fi

SHORT='(no|allocate) memory|memory is short'

# places COMMAND...: the numbers of its allocations; where not all faults are to be tried, of those with the same callers
# the first alone
places() {
    GAN_FAULT=memory:1000000000:ENOMEM GAN_FAULT_LOG=$work/allocations "$@" >/dev/null 2>&1
    awk -v all="$all" '$1 == "memory" { n++; if (all || !seen[$2]++) print n }' "$work/allocations"
    rm "$work/allocations"
}

# out_of_memory NAME OTHER: what is wrong about a run that found no memory; one that could do without is like the other
out_of_memory() {
    odd "$1" "$2"
    if [ "$status" -eq 0 ]; then
        missing "$1" "$2"
        cat "$work/$1.err"
    elif [ "$status" -ne 1 ]; then
        printf 'status %s ' "$status"
        cat "$work/$1.err"
    elif [[ $(<"$work/$1.err") != $'\n'libgomp:\ * ]]; then # which ends the program itself
        one_message "$1" "$SHORT"
    fi
}

once() { # WORKER NUMBER[+]
    begin_again "$1" "$before"
    GAN_FAULT=memory:$2:ENOMEM "${command[0]}" "$1" "${command[@]:1}"
    verdict "$run: no memory at allocation $2" "$(out_of_memory "$1" "$after")"
}

# each_allocation RUN BEFORE AFTER COMMAND FLAG...: one fails, each in turn, in a run that takes a folder from one state to
# another; and, for some, all from there on
each_allocation() {
    local numbers number
    run=$1 before=$2 after=$3 command=("${@:4}")
    begin_again again "$before"
    mapfile -t numbers < <(places "${command[0]}" again "${command[@]:1}")
    is "$run: its allocations are more than a few" 1 $((${#numbers[@]} > 200))
    printf '%s: up to allocation %d\n' "$run" "${numbers[-1]}"
    {
        printf '%s\n' "${numbers[@]}"
        for number in $(numbers ${#numbers[@]}); do
            printf '%d+\n' "${numbers[number - 1]}"
        done
    } | on_all_cores once
}

# text NAME FLAG...: for what prints and exits
text() {
    local name=$1
    shift
    mkdir -p "$work/$name"
    "$program" "$@" >"$work/$name/text" 2>"$work/$name.err"
    status=$?
}

head -c $((64 * 256)) /dev/zero | tr '\0' '\7' | idx_images "$work/images" 256 8 8
gzip "$work/images"
for ((i = 0; i < 256; i++)); do
    printf '%b' "\\x0$((i % 10))"
done | idx_labels "$work/labels" 256
cat >"$work/labelled.json" <<END
{"preset": "conditional", "images": "$work/images.gz", "labels": "$work/labels", "limit_images": 200, "batch_size": 10,
 "g_hidden": "8,8", "d_hidden": "8", "grid": "2x2", "threads": $threads}
END

tiny digits # drawn ones, which is what a run takes
is "undisturbed" "0 " "$status $(cat "$work/digits.err")"
each_allocation digits digits digits tiny --overwrite

begin_again halfway
GAN_FAULT=rename:10:EIO tiny halfway
is "a run that fails after its first checkpoint" 1 "$status"
each_allocation resumed halfway digits resume

config=$work/labelled.json # a packed file, labels
tiny labelled
is "undisturbed, with labels" "0 " "$status $(cat "$work/labelled.err")"
each_allocation labelled labelled labelled tiny --overwrite

for flags in --help --list_presets --print_config --print_man '--print_completion zsh' '--preset none'; do
    read -ra flags <<<"$flags"
    text wanted "${flags[@]}"
    wanted=$status
    mapfile -t numbers < <(places "$program" "${flags[@]}")
    found=
    for number in "${numbers[@]}"; do
        GAN_FAULT=memory:$number:ENOMEM text found "${flags[@]}"
        if [ "$status" -ne "$wanted" ] || ! cmp -s "$work/wanted/text" "$work/found/text"; then
            [ "$status" -eq 1 ] || found+="$number: status $status "
            found+=$(one_message found "$SHORT")
        fi
    done
    verdict "${flags[*]}: no memory at one of ${#numbers[@]} allocations" "$found"
done
conclude
