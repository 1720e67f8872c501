#!/usr/bin/env bash
# Each allocation fails in turn, the program's own and its libraries': the run ends with status 1 and one line. A program
# built with AddressSanitizer says where that forgets memory, or touches what is not there.
cd "$(dirname "$0")/../.." && . tests/faults/harness.sh || exit 1

threads=2 every=$faults_every
if grep -q __asan_init "$program"; then
    export LSAN_OPTIONS=suppressions=$PWD/tests/faults/leaks.supp:print_suppressions=0
    threads=1 # it cannot begin a thread itself without memory
    every=$(((faults_every + 1) / 2))
fi

# count_of COMMAND...: how many allocations it makes
count_of() {
    GAN_FAULT=memory:1000000:ENOMEM GAN_FAULT_LOG=$work/count "$@" >/dev/null 2>&1
    sed -n 's/^counted //p' "$work/count"
    rm "$work/count"
}

# out_of_memory NAME OTHER: what is wrong about a run that found no memory; one that could do without is like the other
out_of_memory() {
    odd_files "$1" "$2"
    if [ "$status" -eq 0 ]; then
        missing_files "$1" "$2"
        cat "$work/$1.err"
    elif [ "$status" -ne 1 ]; then
        printf 'status %s ' "$status"
        cat "$work/$1.err"
    elif [[ $(<"$work/$1.err") != $'\n'libgomp:\ * ]]; then # which ends the program itself
        one_message "$1" ' (no|allocate) memory'
    fi
}

once() { # WORKER NUMBER[+]
    begin_again "$1" "$run"
    GAN_FAULT=memory:$2:ENOMEM tiny "$1" --overwrite
    verdict "$run: no memory at allocation $2" "$(out_of_memory "$1" "$run")"
}

# each_allocation RUN EVERY: each, or each k-th, fails in a run of RUN.json; and, by fewer steps, all from there on
each_allocation() {
    local count
    run=$1
    config=$work/$run.json
    tiny "$run"
    is "$run: undisturbed" "0 " "$status $(cat "$work/$run.err")"
    begin_again again "$run"
    count=$(count_of tiny again --overwrite)
    printf '%s: %d allocations\n' "$run" "$count"
    is "$run: they are more than a few" 1 $((count > 200))
    { seq 1 "$2" "$count" && seq -f '%.0f+' 1 $((2 * faults_every)) "$count"; } | on_all_cores once
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

each_allocation base "$every" # with drawn digits
each_allocation labelled "$faults_every" # with a packed file and labels

for flags in --help --list_presets --print_config --print_man '--print_completion zsh' '--preset none'; do
    read -ra flags <<<"$flags"
    text wanted "${flags[@]}"
    wanted=$status
    count=$(count_of "$program" "${flags[@]}")
    found=
    for number in $(numbers "$count"); do
        GAN_FAULT=memory:$number:ENOMEM text found "${flags[@]}"
        if [ "$status" -ne "$wanted" ] || ! cmp -s "$work/wanted/text" "$work/found/text"; then
            [ "$status" -eq 1 ] || found+="$number: status $status "
            found+=$(one_message found ' no memory')
        fi
    done
    verdict "${flags[*]}: no memory at one of $count allocations" "$found"
done
conclude
