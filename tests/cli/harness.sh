# shellcheck shell=bash
# What the tests of the whole program share; each tests/cli/test_*.sh sources it first and ends with `conclude`.
#
# They run from the project's root, take the program from $GAN_TRAIN (default build/gan-train), write in $work alone,
# which goes when they end, and train on the first images of $GAN_DATA, or on the built-in digits where that is unset.
# Each check prints a line: "ok NAME" or "FAILED NAME: what was found".
set -u
export LC_ALL=C

program=$(realpath -- "${GAN_TRAIN:-build/gan-train}") || exit 1
if [ ! -x "$program" ]; then
    printf '%s: is not there; run make first\n' "$program" >&2
    exit 1
fi
work=$(mktemp -d) || exit 1
passed=0
failed=0
# where judges are kept: never the user's folder
export XDG_CACHE_HOME=${GAN_TEST_CACHE:-$work/cache}

clean_up() {
    local pid
    for pid in $(jobs -p); do
        kill -KILL "$pid" 2>/dev/null
    done
    mountpoint -q "$work/disk" 2>/dev/null && umount "$work/disk"
    rm -rf -- "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

# --- checks ---

ok() {
    passed=$((passed + 1))
    printf 'ok %s\n' "$1"
}

# fail NAME FOUND: the first lines of what was found are enough
fail() {
    failed=$((failed + 1))
    printf 'FAILED %s: %s\n' "$1" "$(head -n 6 <<<"$2" | tr '\n' '|' | cut -c 1-600)"
}

# not_run NAME REASON: a check that this machine does not allow; it counts neither way
not_run() {
    printf 'skipped %s (not run: %s)\n' "$1" "$2"
}

# is NAME WANTED FOUND
is() {
    if [ "$2" = "$3" ]; then
        ok "$1"
    else
        fail "$1" "'$3', wanted '$2'"
    fi
}

# is_not NAME UNWANTED FOUND
is_not() {
    if [ "$2" != "$3" ]; then
        ok "$1"
    else
        fail "$1" "'$3' as without it"
    fi
}

# has NAME REGEX TEXT: some line of the text matches the extended regular expression
has() {
    if grep -Eq -e "$2" <<<"$3"; then
        ok "$1"
    else
        fail "$1" "no '$2' in: $3"
    fi
}

# has_no NAME REGEX TEXT
has_no() {
    local found
    if found=$(grep -E -e "$2" <<<"$3"); then
        fail "$1" "$found"
    else
        ok "$1"
    fi
}

# near NAME WANTED FOUND: equal within 1e-4 relative
near() {
    if awk -v wanted="$2" -v found="$3" 'BEGIN {
            d = found - wanted; w = wanted < 0 ? -wanted : wanted
            exit !(found != "" && (d < 0 ? -d : d) <= 1e-4 * w) }'; then
        ok "$1"
    else
        fail "$1" "'$3', wanted $2"
    fi
}

# holds NAME COMMAND...: the command succeeds
holds() {
    local name=$1 found
    shift
    if found=$("$@" 2>&1); then
        ok "$name"
    else
        fail "$name" "$* fails: $found"
    fi
}

# fails NAME COMMAND...: the command fails
fails() {
    local name=$1 found
    shift
    if found=$("$@" 2>&1); then
        fail "$name" "$* succeeds: $found"
    else
        ok "$name"
    fi
}

conclude() {
    printf '%d passed, %d failed\n' "$passed" "$failed"
    exit $((failed > 0))
}

# --- data ---

# big_endian NUMBER: its four bytes
big_endian() {
    local hex
    hex=$(printf '%08x' "$1")
    printf '%b' "\\x${hex:0:2}\\x${hex:2:2}\\x${hex:4:2}\\x${hex:6:2}"
}

# idx_images FILE COUNT HEIGHT WIDTH: an IDX file whose pixels come from standard input
idx_images() {
    {
        printf '\0\0\10\3'
        big_endian "$2"
        big_endian "$3"
        big_endian "$4"
        head -c $(($2 * $3 * $4))
    } >"$1"
}

# idx_labels FILE COUNT: the same for labels
idx_labels() {
    {
        printf '\0\0\10\1'
        big_endian "$2"
        head -c "$2"
    } >"$1"
}

# real_file KIND: the plain or packed file of $real_data whose name begins so
real_file() {
    local file
    for file in "$real_data/$1"[-.]idx?-ubyte "$real_data/$1"[-.]idx?-ubyte.gz; do
        if [ -f "$file" ]; then
            printf '%s' "$file"
            return
        fi
    done
}

# small_data FOLDER: training images of 8 x 8, 1000 of ten classes, and as many test images; a judge of them is soon
# trained, and then kept for all tests
small_data() {
    local kind number=1
    mkdir "$1"
    for kind in train t10k; do
        awk -v number=$number 'BEGIN {
            for (i = 0; i < 1000; i++)
                for (p = 0; p < 64; p++)
                    printf "%c", 1 + (int(p / 6) == i % 10 ? 90 : 0) + (i * 7919 + p * 104729 + i * p * number * 31) % 37
        }' | idx_images "$1/$kind-images-idx3-ubyte" 1000 8 8
        yes 0123456789 | tr -d '\n' | tr 0-9 '\000-\011' | idx_labels "$1/$kind-labels-idx1-ubyte" 1000
        number=2
    done
}

real_data=${GAN_DATA-}
unset GAN_DATA # from here on each run says what it trains on
data=digits
if [ "$real_data" ] && [ "$real_data" != digits ]; then
    # the first images alone: unpacking all of them takes longer than training here does
    data=$work/data
    mkdir "$data"
    gzip -dcf "$(real_file train-images)" 2>/dev/null | tail -c +17 | idx_images "$data/train-images-idx3-ubyte" 300 28 28
    gzip -dcf "$(real_file train-labels)" 2>/dev/null | tail -c +9 | idx_labels "$data/train-labels-idx1-ubyte" 300
fi

# --- runs ---

# The smallest run that has everything in it; what a test gives over it, overrules it.
cat >"$work/base.json" <<END
{"data": "$data", "limit_images": 200, "batch_size": 10, "g_hidden": "8,8", "d_hidden": "8,8", "dropout": "0.3",
 "grid": "2x2", "epochs": 1, "threads": 1}
END

# train NAME FLAG...: a run of it into $work/NAME; sets $status, leaves what it said in NAME.out and NAME.err
train() {
    local name=$1
    shift
    timeout 100 "$program" --config "$work/base.json" -o "$work/$name" "$@" >"$work/$name.out" 2>"$work/$name.err"
    # shellcheck disable=SC2034 # for the tests
    status=$?
}

# go_on NAME FLAG...: --resume of the run in $work/NAME; sets $status, leaves what it said in NAME.out and NAME.err
go_on() {
    local name=$1
    shift
    timeout 100 "$program" --resume "$work/$name" "$@" >"$work/$name.out" 2>"$work/$name.err"
    # shellcheck disable=SC2034 # for the tests
    status=$?
}

# begin NAME FLAG...: the same behind one's back, without an end; sets $pid
begin() {
    local name=$1
    shift
    "$program" --config "$work/base.json" -o "$work/$name" --epochs 1000000 --sample_every 1000000 "$@" \
        >"$work/$name.out" 2>"$work/$name.err" &
    pid=$!
}

# within SECONDS COMMAND...: waits until the command succeeds
within() {
    local tenths=$(($1 * 20))
    shift
    until "$@" >/dev/null 2>&1; do
        if [ $((tenths--)) -le 0 ]; then
            return 1
        fi
        sleep 0.05
    done
}

# has_worked PID: for half a second, which is more than reading data takes
has_worked() {
    [ "$(cut -d ' ' -f 14 "/proc/$1/stat")" -ge 50 ]
}

# has_rows FILE COUNT: that many lines, whatever they are
has_rows() {
    [ -f "$1" ] && [ "$(wc -l <"$1")" -ge "$2" ]
}

gone() {
    ! kill -0 "$1" || grep -q '^State:.*Z' "/proc/$1/status"
}

# end_of PID: waits for it, a minute at most; sets $status
end_of() {
    if ! within 60 gone "$1"; then
        kill -KILL "$1"
    fi
    wait "$1" 2>/dev/null
    # shellcheck disable=SC2034 # for the tests
    status=$?
}

# untimed FILE: a CSV without its two columns of time
untimed() {
    case $1 in
    *metrics.csv) cat "$1" ;; # has none
    *) cut -d , -f 1-9 "$1" ;;
    esac
}

losses() {
    untimed "$work/$1/losses.csv" 2>&1
}

# sums NAME FILE...: the checksums of a run's files
sums() {
    local name=$1
    shift
    (cd "$work/$name" && sha256sum -- "$@") 2>&1
}

# tensors FILE: a checkpoint's arrays, and what its header says but for remarks: times, names of places, threads
tensors() {
    local header
    header=$(od -An -t u8 -N 8 "$1")
    tail -c +9 "$1" | head -c "$header" |
        sed -E 's/"(checksum|seconds)":"[^"]*"//g
                s/ *\\"(outdir|threads|data|images|labels)\\": ([0-9]+|\\"[^"]*"),?\\n//g; s/,| *$//g'
    tail -c +$((header + 9)) "$1"
}

# fingerprint NAME: a line for each file of a run, over all but its times, its own name and its threads
fingerprint() {
    local file
    (cd "$work/$1" && find . -type f | sort) | while read -r file; do
        case $file in
        *.csv) untimed "$work/$1/$file" ;;
        *.safetensors) tensors "$work/$1/$file" ;;
        */config.json) grep -v -e '"outdir"' -e '"threads"' "$work/$1/$file" | tr -d , ;;
        *) cat "$work/$1/$file" ;;
        esac | cksum | sed "s|\$| $file|"
    done
}

# compare NAME RUN OTHER: whether all files of two runs are the same, and which are not
compare() {
    local found
    if found=$(diff <(fingerprint "$2") <(fingerprint "$3")); then
        ok "$1"
    else
        fail "$1" "$(sed -n 's/^[<>].*\.\///p' <<<"$found" | sort -u | tr '\n' ' ')"
    fi
}

# safetensors_end FILE: where the last of its arrays ends
safetensors_end() {
    local header
    header=$(od -An -t u8 -N 8 "$1")
    printf '%d' $((8 + header + $(tail -c +9 "$1" | head -c "$header" | grep -o 'data_offsets":\[[0-9]*,[0-9]*' | tail -n 1 | cut -d , -f 2)))
}

# is_whole FILE: a file that a run writes has all that its kind has, to its end
is_whole() {
    case $1 in
    *.png) [ "$(bytes "$1" 0 4)" = " 137 80 78 71 " ] && tail -c 8 "$1" | grep -aq '^IEND' ;;
    *.gif) [ "$(head -c 6 "$1")" = GIF89a ] && [ "$(tail -c 1 "$1")" = ';' ] ;;
    *.svg) head -n 1 "$1" | grep -q '^<?xml' && [ "$(tail -n 1 "$1")" = '</svg>' ] ;;
    *.safetensors) [ "$(safetensors_end "$1")" = "$(stat -c %s "$1")" ] ;;
    *.csv) [ "$(awk -F , 'NR == 1 {n = NF} NF != n' "$1")" = '' ] && [ "$(tail -c 1 "$1" | od -An -tu1)" -eq 10 ] ;;
    *.json) "$program" --config "$1" --print_config >/dev/null 2>&1 ;;
    *) false ;;
    esac
}

# value NAME COLUMN: of the last row of a run's losses.csv
value() {
    awk -F , -v column="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) c = i } END { print $c }' \
        "$work/$1/losses.csv"
}

# bytes FILE FIRST COUNT: as numbers between blanks
bytes() {
    od -An -v -tu1 -j "$2" -N "$3" "$1" | tr -s ' \n' ' '
}
