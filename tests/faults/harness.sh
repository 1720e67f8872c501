# shellcheck shell=bash
# What the tests of faults share: tests/cli/harness.sh, and runs in which something fails. $program is linked with
# tests/faults/faults.c; each run goes into "out" below a folder of its own, so that equal runs are equal files.
#
# FAULTS_ALL=1   try each fault; otherwise some of those that are like others are left out
if [ ! "${TMPDIR-}" ] && [ -w /dev/shm ]; then
    export TMPDIR=/dev/shm # where a sync costs nothing: there are thousands of them
fi
unset GAN_DATA # the drawn digits, so that the calls that fail are the same everywhere
. tests/cli/harness.sh || exit 1

export LSAN_OPTIONS=suppressions=$PWD/tests/faults/leaks.supp:print_suppressions=0
GAN_FAULT=none "$program" --version >/dev/null 2>&1
if [ $? -ne 99 ]; then
    printf '%s: has no faults: use tests/run faults\n' "$program" >&2
    exit 1
fi
all=${FAULTS_ALL-}
# shellcheck disable=SC2034 # for the tests
checked=$(grep -q __asan_init "$program" && echo yes) # AddressSanitizer looks for what is forgotten
# so that the program does not start itself anew, and its calls be counted twice
export GOMP_SPINCOUNT=1000 OPENBLAS_NUM_THREADS=1

# numbers COUNT: from 1 to it, those that are to be tried: all of them, or about 50 that lie evenly
numbers() {
    seq 1 "$((${#all} ? 1 : $1 / 50 + 1))" "$1"
}

# tiny NAME FLAG...: a run of two epochs in $work/NAME/out, of $config; sets $status, leaves what it said in NAME.out and
# NAME.err
config=$work/tiny.json
sed 's/"epochs": 1/"epochs": 2, "log_every": 7/' "$work/base.json" >"$config"
tiny() {
    local name=$1
    shift
    mkdir -p "$work/$name"
    (cd "$work/$name" && exec timeout 100 "$program" --config "$config" -o out "$@" \
        >"$work/$name.out" 2>"$work/$name.err")
    # shellcheck disable=SC2034 # for the tests
    status=$?
}

# with_measurements: from here on $config measures images each epoch, by a judge that is kept
with_measurements() {
    small_data "$work/small"
    config=$work/measured.json
    sed 's|"data": "[^"]*"|"data": "'"$work"'/small", "eval_every": 1|' "$work/tiny.json" >"$config"
    tiny with_judge
    is "a judge to keep" "0 " "$status $(cat "$work/with_judge.err")"
}

# resume NAME FLAG...: the same of a run that is there and goes on
resume() {
    local name=$1
    shift
    (cd "$work/$name" && exec timeout 100 "$program" --resume out "$@" >"$work/$name.out" 2>"$work/$name.err")
    # shellcheck disable=SC2034 # for the tests
    status=$?
}

# begin_again NAME [RUN]: the folder of a run, empty or as another left it
begin_again() {
    rm -rf "${work:?}/$1"
    if [ $# -eq 1 ]; then
        mkdir "$work/$1"
    else
        cp -r "$work/$2" "$work/$1"
    fi
}

# same_but_remarks FILE OTHER: two files of one name are alike but for times, threads and the outdir's name
same_but_remarks() {
    case $1 in
    *.csv) cmp -s <(untimed "$1") <(untimed "$2") ;;
    *.safetensors) cmp -s <(tensors "$1") <(tensors "$2") ;;
    *config.json) cmp -s <(grep -vE '"(threads|outdir)"' "$1") <(grep -vE '"(threads|outdir)"' "$2") ;;
    *) cmp -s "$1" "$2" ;;
    esac
}

# is_on_the_way FILE OTHER: a file is whole and can become the other
is_on_the_way() {
    case $1 in
    *.csv) cmp -s <(untimed "$1") <(untimed "$2" | head -n "$(wc -l <"$1")") ;;
    *.gif | *losses.svg | *metrics.svg | *latest.safetensors) is_whole "$1" ;;
    *) same_but_remarks "$1" "$2" ;;
    esac
}

# differing CHECK NAME OTHER: the files of a run that another has too and that do not pass the check, and those that the
# other has not, but for what a run leaves that cannot remove it: its lock, an older checkpoint
differing() {
    local line file
    diff -rq "$work/$3" "$work/$2" | while read -r line; do
        case $line in
        "Only in $work/$3"* | *': .gan-train.lock') continue ;;
        Files*)
            file=${line#* and }
            file=${file% differ}
            "$1" "$file" "$work/$3/${file#"$work/$2/"}" && continue
            ;;
        *checkpoints:\ step_*)
            file=${line#Only in }
            is_whole "${file/: //}" && continue
            ;;
        esac
        printf '%s ' "${line//"$work/"/}"
    done
}

# missing NAME OTHER: the files that another run has and this one has not
missing() {
    diff -rq "$work/$2" "$work/$1" | sed -n "s|^Only in $work/$2/*|no |p" | tr '\n' ' '
}

# odd NAME OTHER: what of a run that failed is neither missing nor as it could be on the way to the other
odd() {
    differing is_on_the_way "$1" "$2"
}

# differences NAME OTHER: what of a finished run is not as in the other
differences() {
    differing same_but_remarks "$1" "$2"
    missing "$1" "$2"
}

# go_on NAME OTHER [FLAG...]: resumes a run that failed, or begins it again where there was nothing yet; prints what is
# then not as in the other
go_on() {
    if [ -e "$work/$1/out/config.json" ]; then
        resume "$1" "${@:3}"
    else
        tiny "$1" --overwrite
    fi
    [ "$status" -eq 0 ] || printf 'then %s ' "$(<"$work/$1.err")"
    differences "$1" "$2"
}

# one_message RUN REGEX: what a run says on standard error, if it is not one line like that
one_message() {
    local found
    found=$(<"$work/$1.err")
    [[ $found != *$'\n'* && $found =~ ^gan-[a-z]+:\ .*$2 ]] || printf 'said: %s ' "${found:-nothing}"
}

# verdict NAME FOUND: all is well where nothing was found
verdict() {
    if [ "$2" ]; then
        fail "$1" "$2"
    else
        ok "$1"
    fi
}

shopt -s lastpipe # so that on_all_cores, at the end of a pipe, counts here
# out_of_memory RUN: what a run that found no memory says, if it is not one line on that; libgomp ends the program itself
out_of_memory() {
    if [[ $(<"$work/$1.err") != $'\n'libgomp:\ * ]]; then
        one_message "$1" '((no|allocate) memory|memory is short)'
    fi
}

# places COMMAND...: the numbers of its allocations; where not all faults are to be tried, of those with the same callers
# the first alone; and where $near is set, those alone that come right before or after a call of a path like that
places() {
    GAN_FAULT=memory:1000000000:ENOMEM GAN_FAULT_LOG=$work/allocations "$@" >/dev/null 2>&1
    awk -v all="$all" -v near="${near-}" '
        $1 == "memory" { n++; if (all || !seen[$2]++) numbers = numbers n "\n"; next }
        { if ((before " " $2) ~ near) printf "%s", numbers; before = $2; numbers = "" }
        END { if (before ~ near) printf "%s", numbers }' "$work/allocations"
    rm "$work/allocations"
}

# on_all_cores FUNCTION: FUNCTION WORKER NUMBER for each line of standard input, a worker on each core with a name of its
# own; the hundreds of checks that are well are counted, not listed
on_all_cores() {
    local workers worker numbers i
    mapfile -t numbers
    printf '%s: %d\n' "$1" ${#numbers[@]}
    workers=$(nproc)
    for ((worker = 0; worker < workers; worker++)); do
        for ((i = worker; i < ${#numbers[@]}; i += workers)); do
            # each in a shell of its own that is waited for: bash remembers its processes otherwise, and after some 30,000
            # their numbers come again, so that one still running would pass for one long gone
            "$1" "worker_$worker" "${numbers[i]}" &
            wait
        done >"$work/worker_$worker.checks" &
    done
    wait
    for ((worker = 0; worker < workers; worker++)); do
        grep -v '^ok ' "$work/worker_$worker.checks"
        passed=$((passed + $(grep -c '^ok ' "$work/worker_$worker.checks")))
        failed=$((failed + $(grep -c '^FAILED ' "$work/worker_$worker.checks")))
    done
}
