#!/usr/bin/env bash
# Each system call of writing fails in turn, once and for good: the run ends with one line and status 1, and what lies
# under a final name is whole.
cd "$(dirname "$0")/../.." && . tests/faults/harness.sh || exit 1

declare -A SAYS=([ENOSPC]='No space left on device' [EIO]='Input/output error' [EDQUOT]='Disk quota exceeded')
reasons=(ENOSPC EIO EDQUOT)

# calls_of NAME FLAG...: an undisturbed run; sets calls to what it asks of the system
calls_of() {
    local name=$1
    rm -f "$work/calls"
    GAN_FAULT_LOG=$work/calls tiny "$@"
    is "undisturbed, $name: ends well" "0 " "$status $(cat "$work/$name.err")"
    mapfile -t calls <"$work/calls"
    printf '%s: %d calls: %s\n' "$name" "${#calls[@]}" "$(cut -d ' ' -f 1 "$work/calls" | sort | uniq -c | xargs)"
}

# after_fault NAME CALL REASON: what is wrong about a run in which calls failed, the first of them CALL
after_fault() {
    local odd
    odd=$(odd_files "$1" undisturbed)
    # a folder that cannot be made but is there will do
    if [[ $2 == mkdir* ]] && [ "$status$odd$(missing_files "$1" undisturbed)$(<"$work/$1.err")" = 0 ]; then
        return
    fi
    [ "$status" -eq 1 ] || printf 'status %s ' "$status"
    one_message "$1" "(out|\.)[a-z_./0-9]*: .*: ${SAYS[$3]}\$"
    printf '%s' "$odd"
}

once() { # WORKER NUMBER
    local call=${calls[$2 - 1]} reason
    for reason in "${reasons[@]}"; do
        begin_again "$1"
        GAN_FAULT=call:$2:$reason tiny "$1"
        verdict "$reason once at call $2, $call" "$(after_fault "$1" "$call" "$reason")"
    done
}

full_disk() { # WORKER NUMBER
    begin_again "$1"
    GAN_FAULT=space:$2+:ENOSPC tiny "$1"
    verdict "ENOSPC from ${space[$2 - 1]} ($2) on" "$(after_fault "$1" "${space[$2 - 1]}" ENOSPC)"
}

over_another() { # WORKER NUMBER
    local call=${calls[$2 - 1]}
    begin_again "$1" undisturbed
    GAN_FAULT=call:$2:EIO tiny "$1" --overwrite
    verdict "EIO once at call $2, $call, over an earlier run" "$(
        after_fault "$1" "$call" EIO
        [ "$2" -gt "$first_removal" ] || missing_files "$1" undisturbed
    )"
}

lost_disk() { # WORKER NUMBER
    begin_again "$1" undisturbed
    GAN_FAULT=call:$2+:EIO tiny "$1" --overwrite
    verdict "EIO from call $2, ${calls[$2 - 1]}, on" "$(
        after_fault "$1" "${calls[$2 - 1]}" EIO | sed 's|Only in [^ ]*: \.[a-z_0-9.]*\.[0-9]*\.tmp ||g'
    )"
    tiny "$1" --overwrite
    verdict "EIO from call $2 on: the next run leaves nothing of it" \
        "$([ "$status" -eq 0 ] || cat "$work/$1.err"; odd_files "$1" undisturbed; missing_files "$1" undisturbed)"
}

interrupted() { # WORKER NUMBER
    begin_again "$1"
    GAN_FAULT=call:$2:EINTR tiny "$1"
    verdict "EINTR at call $2, ${calls[$2 - 1]}: done again" \
        "$([ "$status" -eq 0 ] || cat "$work/$1.err"; odd_files "$1" undisturbed; missing_files "$1" undisturbed)"
}

calls_of undisturbed
for call in access close create fsync mkdir open rename write; do
    holds "a run has calls of $call" grep -q "^$call " "$work/calls"
done
seq ${#calls[@]} | on_all_cores once
mapfile -t space < <(grep -E '^(create|fsync|mkdir|rename|write) ' "$work/calls")
numbers ${#space[@]} | on_all_cores full_disk
grep -nE '^(close|create|fsync|open|write) ' "$work/calls" | cut -d : -f 1 | sed -n "1~${faults_every}p" |
    on_all_cores interrupted

begin_again over undisturbed
calls_of over --overwrite
first_removal=$(grep -n '^unlink ' "$work/calls" | head -n 1 | cut -d : -f 1)
is "an earlier run's files are removed after the folder is known to be good" "access out" "${calls[first_removal - 2]}"
seq ${#calls[@]} | on_all_cores over_another
numbers ${#calls[@]} | on_all_cores lost_disk
conclude
