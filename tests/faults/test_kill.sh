#!/usr/bin/env bash
# Runs that are killed (SIGKILL) at random moments and resumed, over and over until they are done, end with the files of
# a run that nobody disturbed.
#
# FAULTS_KILLS   how many kills (200, or a part of them: see FAULTS_EVERY)
# FAULTS_SEED    of the moments; another one each time, which is printed
cd "$(dirname "$0")/../.." && . tests/faults/harness.sh || exit 1

kills_wanted=${FAULTS_KILLS:-$((200 / faults_every))}
seed=${FAULTS_SEED:-$$}
printf 'FAULTS_SEED=%d\n' "$seed"

# some 0.5 s, with checkpoints within epochs
flags=(--epochs 12 --log_every 7 --checkpoint_minutes 1e-5)
begin_again undisturbed
began=${EPOCHREALTIME/[.,]/}
tiny undisturbed "${flags[@]}"
milliseconds=$(((${EPOCHREALTIME/[.,]/} - began) / 1000))
is "undisturbed" "0 " "$status $(cat "$work/undisturbed.err")"

# killed NAME MILLISECONDS FLAG...: a run that is killed after this time; sets $status, 137 if it was
killed() {
    local name=$1 seconds pid
    seconds=$(printf '%d.%03d' $(($2 / 1000)) $(($2 % 1000)))
    shift 2
    (cd "$work/$name" && exec "$program" "$@" >"$work/$name.out" 2>"$work/$name.err") &
    pid=$!
    sleep "$seconds"
    kill -KILL "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    status=$?
}

# One run, from its beginning to its end through as many kills as it takes.
chain() { # WORKER NUMBER
    local kills=0 resumed='' wrong='' begin=(--config "$work/base.json" -o out "${flags[@]}")
    RANDOM=$((seed + $2))
    begin_again "$1"
    status=137
    while [ "$status" -eq 137 ] && [ ! "$wrong" ]; do
        if [ ! "$resumed" ]; then
            killed "$1" $((RANDOM % milliseconds)) "${begin[@]}"
        elif [ -e "$work/$1/out/config.json" ]; then
            killed "$1" $((RANDOM % milliseconds)) --resume out --threads $((1 + RANDOM % 3))
        else
            killed "$1" $((RANDOM % milliseconds)) "${begin[@]}" --overwrite
        fi
        resumed=yes
        [ "$status" -ne 137 ] || kills=$((kills + 1))
        wrong=$(unfinished "$1/out")
    done
    printf 'kills %d\n' "$kills"
    [ "$status" -eq 0 ] || wrong+="status $status: $(<"$work/$1.err")"
    verdict "chain $2, of $kills kills" "$wrong$(differences "$1/out" undisturbed/out)"
}
