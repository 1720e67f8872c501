# shellcheck shell=bash
# What the tests of faults share: tests/cli/harness.sh, and runs in which something fails. $program is linked with
# tests/faults/faults.c; each run goes into "out" below a folder of its own, so that equal runs are equal files.
#
# FAULTS_EVERY   how much is tried: each fault (1), or every k-th of those that are like others
. tests/cli/harness.sh || exit 1

GAN_FAULT=none "$program" --version >/dev/null 2>&1
if [ $? -ne 99 ]; then
    printf '%s: has no faults: use tests/run faults\n' "$program" >&2
    exit 1
fi
faults_every=${FAULTS_EVERY:-4}
# so that the program does not start itself anew, and its calls be counted twice
export GOMP_SPINCOUNT=1000 OPENBLAS_NUM_THREADS=1

# numbers COUNT: from 1 to it, those that are to be tried
numbers() {
    seq 1 "$faults_every" "$1"
}

# tiny NAME FLAG...: a run of two epochs in $work/NAME/out, of $config; sets $status, leaves what it said in NAME.out and
# NAME.err
config=$work/base.json
tiny() {
    local name=$1
    shift
    mkdir -p "$work/$name"
    (cd "$work/$name" && exec timeout 100 "$program" --config "$config" -o out --epochs 2 --log_every 7 "$@" \
        >"$work/$name.out" 2>"$work/$name.err")
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

# is_prefix CSV OTHER: the rows of one begin those of the other, but for the times
is_prefix() {
    cmp -s <(untimed "$1") <(untimed "$2" | head -n "$(wc -l <"$1")")
}

# odd_files NAME OTHER: the files of a run that are neither those of the other nor, whole, on the way to them; one that
# is not there yet is not odd
odd_files() {
    local line file
    diff -rq "$work/$2" "$work/$1" | while read -r line; do
        file=${line#* and }
        file=${file% differ}
        case $line in
        "Only in $work/$2"*) ;;
        *.csv\ differ) is_prefix "$file" "$work/$2/out/${file##*/}" || printf '%s ' "$line" ;;
        *.gif\ differ | *losses.svg\ differ) is_whole "$file" || printf '%s ' "$line" ;;
        *) printf '%s ' "$line" ;;
        esac
    done
}

# missing_files NAME OTHER: those of the other run that this one has not
missing_files() {
    diff -rq "$work/$2" "$work/$1" | grep "^Only in $work/$2" | tr "\n" " "
}

# one_message RUN REGEX: what a run says on standard error, if it is not one line like that
one_message() {
    local found
    found=$(<"$work/$1.err")
    [[ $found != *$'\n'* && $found =~ ^gan-train:\ .*$2 ]] || printf 'said: %s ' "${found:-nothing}"
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
# on_all_cores FUNCTION: FUNCTION WORKER NUMBER for each line of standard input, a worker on each core with a name of its
# own; the hundreds of checks that are well are counted, not listed
on_all_cores() {
    local workers worker numbers i
    mapfile -t numbers
    printf '%s: %d\n' "$1" ${#numbers[@]}
    workers=$(nproc)
    for ((worker = 0; worker < workers; worker++)); do
        for ((i = worker; i < ${#numbers[@]}; i += workers)); do
            "$1" "worker_$worker" "${numbers[i]}"
        done >"$work/worker_$worker.checks" &
    done
    wait
    for ((worker = 0; worker < workers; worker++)); do
        grep -v '^ok ' "$work/worker_$worker.checks"
        passed=$((passed + $(grep -c '^ok ' "$work/worker_$worker.checks")))
        failed=$((failed + $(grep -c '^FAILED ' "$work/worker_$worker.checks")))
    done
}
