#!/usr/bin/env bash
# Each allocation fails in turn, the program's own and its libraries': the run ends with status 1 and one line. A program
# built with AddressSanitizer says where that forgets memory, or touches what is not there.
cd "$(dirname "$0")/../.." && . tests/faults/harness.sh || exit 1

threads=2
[ ! "$checked" ] || threads=1 # without memory AddressSanitizer cannot begin a thread itself

# after_shortage NAME OTHER: what is wrong about a run that found no memory; one that could do without is like the other
after_shortage() {
    odd "$1" "$2"
    if [ "$status" -eq 0 ]; then
        missing "$1" "$2"
        cat "$work/$1.err"
    else
        [ "$status" -eq 1 ] || printf 'status %s ' "$status"
        out_of_memory "$1"
    fi
}

once() { # WORKER NUMBER[+]
    begin_again "$1" "$before"
    GAN_FAULT=memory:$2:ENOMEM "${command[0]}" "$1" "${command[@]:1}"
    verdict "$run: no memory at allocation $2" "$(after_shortage "$1" "$after")"
}

# each_allocation RUN BEFORE AFTER COMMAND FLAG...: one fails, each in turn, in a run that takes a folder from one state to
# another; and, for some, all from there on. Where $near is set, some of those alone that come next to a call with such a path
near=
each_allocation() {
    local numbers number
    run=$1 before=$2 after=$3 command=("${@:4}")
    begin_again again "$before"
    mapfile -t numbers < <(places "${command[0]}" again "${command[@]:1}" | sed -n "1~$((${#near} ? 4 : 1))p")
    is "$run: its allocations are more than a few" 1 $((${#numbers[@]} > (${#near} ? 20 : 200)))
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
 "g_hidden": "8,8", "d_hidden": "8", "grid": "2x2", "epochs": 2, "log_every": 7, "threads": $threads}
END

of_training() {
    tiny digits # drawn ones, which is what a run takes
    is "undisturbed" "0 " "$status $(cat "$work/digits.err")"
    each_allocation digits digits digits tiny --overwrite
}

of_resuming() {
    begin_again halfway
    GAN_FAULT=rename:10:EIO tiny halfway
    is "a run that fails after its first checkpoint" 1 "$status"
    each_allocation resumed halfway digits resume
}

of_labels() { # and a packed file, and threads
    config=$work/labelled.json
    tiny labelled
    is "undisturbed, with labels" "0 " "$status $(cat "$work/labelled.err")"
    each_allocation labelled labelled labelled tiny --overwrite
}

of_measuring() {
    with_measurements
    begin_again measured
    tiny measured
    is "undisturbed, with measurements" "0 " "$status $(cat "$work/measured.err")"
    near='t10k-|judge-|metrics[.]'
    [ ! "$all" ] || near=
    each_allocation measured measured measured tiny --overwrite
    near=
}

# what prints and exits
of_texts() {
    local flags wanted numbers number found
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
                found+=$(out_of_memory found)
            fi
        done
        verdict "${flags[*]}: no memory at one of ${#numbers[@]} allocations" "$found"
    done
}

if [ "$checked" ] || [ "$all" ]; then
    of_training
    of_resuming
    of_texts
fi
if [ ! "$checked" ] || [ "$all" ]; then
    of_labels
fi
if [ ! "$checked" ]; then # where a judge is to be trained anew, AddressSanitizer makes minutes of it
    of_measuring
fi
conclude
