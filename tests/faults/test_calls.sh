#!/usr/bin/env bash
# Each system call of writing fails in turn, once and for good: the run ends with one line and status 1, and what lies
# under a final name is whole.
cd "$(dirname "$0")/../.." && . tests/faults/harness.sh || exit 1

declare -A SAYS=([ENOSPC]='No space left on device' [EIO]='Input/output error' [EDQUOT]='Disk quota exceeded')
reasons=(ENOSPC EIO EDQUOT)

# calls_of NAME COMMAND...: an undisturbed run of that name; sets calls to what it asks of the system
calls_of() {
    local name=$1
    rm -f "$work/calls"
    GAN_FAULT_LOG=$work/calls "${@:2}"
    is "undisturbed, $name: ends well" "0 " "$status $(cat "$work/$name.err")"
    mapfile -t calls <"$work/calls"
    printf '%s: %d calls: %s\n' "$name" "${#calls[@]}" "$(cut -d ' ' -f 1 "$work/calls" | sort | uniq -c | xargs)"
}

# after_fault NAME CALL REASON: what is wrong about a run in which calls failed, the first of them CALL
after_fault() {
    local wrong
    wrong=$(odd "$1" undisturbed)
    case $2 in
    mkdir* | *.gan-train.lock*) # a folder that is there will do; a lock that stays harms nobody
        if [ "$status" -eq 0 ] && [ ! "$wrong$(missing "$1" undisturbed)$(<"$work/$1.err")" ]; then
            return
        fi
        ;;
    esac
    [ "$status" -eq 1 ] || printf 'status %s ' "$status"
    one_message "$1" "(out|\.)[a-z_./0-9-]*: (.*: )?${SAYS[$3]}(\$|; )"
    printf '%s' "$wrong"
}

once() { # WORKER NUMBER
    local call=${calls[$2 - 1]} reason some=("${reasons[$2 % 3]}")
    [ ! "$all" ] || some=("${reasons[@]}")
    for reason in "${some[@]}"; do
        begin_again "$1"
        GAN_FAULT=call:$2:$reason tiny "$1"
        verdict "$reason once at call $2, $call" "$(
            after_fault "$1" "$call" "$reason"
            go_on "$1" undisturbed
        )"
    done
}

full_disk() { # WORKER NUMBER
    begin_again "$1"
    GAN_FAULT=space:$2+:ENOSPC tiny "$1"
    verdict "ENOSPC from ${space[$2 - 1]} ($2) on" "$(
        after_fault "$1" "${space[$2 - 1]}" ENOSPC
        go_on "$1" undisturbed
    )"
}

over_another() { # WORKER NUMBER
    local call=${calls[$2 - 1]}
    begin_again "$1" undisturbed
    GAN_FAULT=call:$2:EIO tiny "$1" --overwrite
    verdict "EIO once at call $2, $call, over an earlier run" "$(
        after_fault "$1" "$call" EIO
        [ "$2" -gt "$first_removal" ] || missing "$1" undisturbed
    )"
}

lost_disk() { # WORKER NUMBER
    begin_again "$1" undisturbed
    GAN_FAULT=call:$2+:EIO tiny "$1" --overwrite
    verdict "EIO from call $2, ${calls[$2 - 1]}, on" "$(
        after_fault "$1" "${calls[$2 - 1]}" EIO | sed 's|Only in [^ ]*: \.[a-z_0-9.]*\.[0-9]*\.tmp ||g'
        tiny "$1" --overwrite
        differences "$1" undisturbed
    )"
}

interrupted() { # WORKER NUMBER
    begin_again "$1"
    GAN_FAULT=call:$2:EINTR tiny "$1"
    verdict "EINTR at call $2, ${calls[$2 - 1]}: done again" \
        "$([ "$status" -eq 0 ] || cat "$work/$1.err"; differences "$1" undisturbed)"
}

while_resuming() { # WORKER NUMBER
    local call=${calls[$2 - 1]}
    begin_again "$1" halfway
    GAN_FAULT=call:$2:ENOSPC resume "$1"
    verdict "ENOSPC once at call $2, $call, of a resume" "$(
        after_fault "$1" "$call" ENOSPC
        go_on "$1" undisturbed
    )"
}

is "the system's calls of writing stand in io/system.c alone" system.o "$(
    nm -A -u "${program%/faults/*}/libgan.a" |
        sed -nE 's/.*:([a-z_]+\.o): +U (fsync|ftruncate64|link|mkdir|rename|unlink|write)$/\1/p' | sort -u | xargs
)"
calls_of undisturbed tiny undisturbed
for call in access close create fsync ftruncate link lock mkdir open read readdir rename unlink write; do
    holds "a run has calls of $call" grep -q "^$call " "$work/calls"
done
names=$(cut -d ' ' -f 1 "$work/calls" | tr '\n' ' ')
is "each file is synced before it gets its name, and its folder after" "$(grep -c '^rename' "$work/calls")" \
    "$(grep -o 'write fsync close rename open fsync close' <<<"$names" | wc -l)"
is "a checkpoint has its name once the tables' rows are synced" '' "$(awk '
    /^write .*\.csv$/ { unsynced[$2] = 1 }
    /^fsync .*\.csv$/ { delete unsynced[$2] }
    /^rename .*latest\.safetensors$/ { for (name in unsynced) print name }' "$work/calls")"
seq ${#calls[@]} | on_all_cores once
mapfile -t space < <(grep -E '^(create|fsync|link|mkdir|rename|write) ' "$work/calls")
numbers ${#space[@]} | on_all_cores full_disk
grep -nE '^(close|create|fsync|open|write) ' "$work/calls" | cut -d : -f 1 |
    sed -n "1~$((${#all} ? 1 : 3))p" | on_all_cores interrupted

begin_again over undisturbed
calls_of over tiny over --overwrite
first_removal=$(grep -n '^unlink ' "$work/calls" | head -n 1 | cut -d : -f 1)
is "an earlier run's files are removed once the folder is its own" "lock" \
    "$(sed -n '/^unlink/q; /^readdir/!p' "$work/calls" | tail -n 1 | cut -d ' ' -f 1)"
{ seq "$first_removal" && numbers ${#calls[@]}; } | sort -nu | on_all_cores over_another
numbers ${#calls[@]} | on_all_cores lost_disk

begin_again halfway
last_picture=$(grep -n 'rename out/training.gif' "$work/calls" | tail -n 1 | cut -d : -f 1)
GAN_FAULT=call:$last_picture:EIO tiny halfway
is "a run that failed after its first epoch" 1 "$status"
begin_again resumed halfway
calls_of resumed resume resumed
is "a run that was resumed is as if nothing had happened" '' "$(differences resumed undisturbed)"
seq ${#calls[@]} | on_all_cores while_resuming

config=$work/rescued.json
sed 's/}$/, "optimizer": "sgd", "learning_rate": 30}/' "$work/tiny.json" >"$config"
begin_again undisturbed
calls_of undisturbed tiny undisturbed
holds "a run that diverges is rescued" grep -q '^rescue,' "$work/undisturbed/out/events.csv"
numbers ${#calls[@]} | on_all_cores once

while_reading() { # WORKER NUMBER
    begin_again "$1"
    GAN_FAULT=call:$2:EIO tiny "$1"
    verdict "EIO once at call $2, ${calls[$2 - 1]}, of a run that is measured" "$(
        [ "$status" -eq 1 ] || printf 'status %s ' "$status"
        one_message "$1" ': Input/output error'
        odd "$1" undisturbed
        go_on "$1" undisturbed
    )"
}

with_measurements
begin_again undisturbed
calls_of undisturbed tiny undisturbed
is "a run that is measured has a row an epoch" "1 2" "$(tail -n +2 "$work/undisturbed/out/metrics.csv" | cut -d , -f 1 | xargs)"
is "a checkpoint has its name once the rows of metrics.csv are synced" '' "$(awk '
    /^write .*metrics\.csv$/ { unsynced = 1 }
    /^fsync .*metrics\.csv$/ { unsynced = 0 }
    /^rename .*latest\.safetensors$/ { if (unsynced) print }' "$work/calls")"
grep -nE '/t10k-' "$work/calls" | cut -d : -f 1 | on_all_cores while_reading
grep -nE 'metrics\.' "$work/calls" | cut -d : -f 1 | on_all_cores once
begin_again worker
GAN_FAULT=call:$(grep -nE '^read .*/judge-' "$work/calls" | head -n 1 | cut -d : -f 1):EIO tiny worker
is "a judge that cannot be read: is trained anew, to the same rows" "0 " "$status $(differences worker undisturbed)"
has "a judge that cannot be read: says so" 'by a judge that was trained anew, the one kept was no good' "$(cat "$work/worker.out")"

begin_again halfway
GAN_FAULT=call:$(grep -n 'rename out/metrics.svg' "$work/calls" | tail -n 1 | cut -d : -f 1):EIO tiny halfway
is "a run that is measured and failed after its first epoch" 1 "$status"
begin_again resumed halfway
calls_of resumed resume resumed
is "a run that is measured and was resumed is as if nothing had happened" '' "$(differences resumed undisturbed)"
grep -nE 'metrics\.' "$work/calls" | cut -d : -f 1 | on_all_cores while_resuming

# a judge that cannot be kept is no reason to end a run
without_cache() { # WORKER NUMBER
    local call=${keeping[$2 - 1]}
    begin_again "$1"
    rm -rf "$work/cache_$1"
    XDG_CACHE_HOME=$work/cache_$1 GAN_FAULT=call:${call%%:*}:ENOSPC tiny "$1"
    verdict "ENOSPC once at call $call, of keeping a judge" "$(
        [ "$status" -eq 0 ] || cat "$work/$1.err"
        differences "$1" undisturbed
        [[ $call == *:mkdir* ]] || grep -q 'not kept: .*No space left on device' "$work/$1.out" || printf 'says nothing '
        find "$work/cache_$1" -type f | grep -v '/judge-[0-9a-f]*\.safetensors$'
    )"
}
begin_again kept
XDG_CACHE_HOME=$work/new_cache calls_of kept tiny kept
mapfile -t keeping < <(grep -nE "gan-train(/\.?judge|\$)|$work/cache" "$work/calls" | grep -E ':(mkdir|create|write|fsync|rename) ')
is "a judge is kept by a few calls" 1 $((${#keeping[@]} > 3))
seq $((${#all} ? 1 : ${#keeping[@]} - 1)) $((${#keeping[@]} - (${#all} ? 0 : 1))) | on_all_cores without_cache # each trains one
conclude
