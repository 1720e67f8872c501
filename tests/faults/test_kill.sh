#!/usr/bin/env bash
# Runs that are killed (SIGKILL) at random moments and resumed, over and over until they are done, end with the files of
# a run that nobody disturbed.
#
# FAULTS_KILLS   how many kills (200)
# FAULTS_SEED    of the moments; another one each time, which is printed
cd "$(dirname "$0")/../.." && . tests/faults/harness.sh || exit 1

kills=${FAULTS_KILLS:-200}
seed=${FAULTS_SEED:-$$}
printf 'FAULTS_SEED=%d\n' "$seed"
sample=${program%train}sample

# killed NAME FLAG...: a run that is killed at a random moment of the first half of its time, if it is not done before;
# sets $status, 137 where it was killed
killed() {
    local name=$1 after pid
    shift
    after=$((RANDOM % (milliseconds / 2 + 1)))
    "$program" "$@" >"$work/$name.out" 2>"$work/$name.err" &
    pid=$!
    sleep "$((after / 1000)).$(printf '%03d' $((after % 1000)))"
    kill -KILL "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    status=$?
}

# checkpoints FOLDER: those that a run has; each loads, or what is said
checkpoints() {
    local file
    for file in "$1"/checkpoints/*.safetensors; do
        [ ! -e "$file" ] || { "$sample" "$file" --count 1 --output "$1.png" >/dev/null; } 2>&1
    done
}

# choose FOLDER: sets $from, what to resume: the run or, now and then, its older checkpoint
choose() {
    local older=("$1"/checkpoints/step_*.safetensors)
    from=$1
    if [ $((RANDOM % 4)) -eq 0 ] && [ -e "${older[0]}" ]; then
        from=${older[0]}
    fi
}

# One run from its beginning to its end, through as many kills as it takes, for each of which $work/WORKER.kills gets a
# line.
chain() { # WORKER SEED
    local wrong='' kills=0
    RANDOM=$2
    begin_again "$1"
    cd "$work/$1" || return
    killed "$1" --config "$config" -o out "${flags[@]}"
    while [ "$status" -eq 137 ] && [ ! "$wrong" ]; do
        kills=$((kills + 1))
        printf 'killed\n' >>"$work/$1.kills"
        wrong=$(checkpoints out)
        rm -f out.png
        if [ -e out/config.json ]; then
            choose out
            killed "$1" --resume "$from" --threads $((1 + RANDOM % 3))
        else
            killed "$1" --config "$config" -o out "${flags[@]}" --overwrite
        fi
    done
    cd "$OLDPWD" || return
    [ "$status" -eq 0 ] || wrong+="status $status: $(<"$work/$1.err") "
    # at which steps a checkpoint stays beside the latest is up to the clock
    wrong+=$(differences "$1" undisturbed | sed -E 's/no out\/checkpoints: step_[0-9]+\.safetensors *//g')
    verdict "a run killed $kills times, seed $2" "$wrong"
}

# As many runs as it takes for so many kills.
chains() { # WORKER KILLS
    local runs=0
    : >"$work/$1.kills"
    while [ "$(wc -l <"$work/$1.kills")" -lt "$2" ]; do
        chain "$1" $((seed + ${1##*_} + 100 * runs)) & # a shell of its own, as in on_all_cores
        wait
        runs=$((runs + 1))
    done
    printf '%s: %d runs, killed %d times\n' "$1" "$runs" "$(wc -l <"$work/$1.kills")"
}

# kill_runs KILLS FLAG...: runs with a checkpoint at almost every step
kill_runs() {
    local cores began core kills=$1
    flags=(--epochs 30 --checkpoint_minutes 1e-5 "${@:2}")
    began=${EPOCHREALTIME/[.,]/}
    begin_again undisturbed
    tiny undisturbed "${flags[@]}"
    milliseconds=$(((${EPOCHREALTIME/[.,]/} - began) / 1000))
    is "undisturbed, ${flags[*]}" "0 " "$status $(cat "$work/undisturbed.err")"
    printf '%d ms; rescues: %d\n' "$milliseconds" "$(grep -cs '^rescue' "$work/undisturbed/out/events.csv")"
    cores=$(nproc)
    for ((core = 0; core < cores; core++)); do
        printf '%d\n' $(((kills + cores - 1) / cores))
    done | on_all_cores chains
}

kill_runs $((kills / 2))
kill_runs $((kills / 4)) --optimizer sgd --learning_rate 0.3 # which diverges in a later epoch, if not on any machine
with_measurements
kill_runs $((kills / 4)) --eval_every 3
conclude
