#!/usr/bin/env bash
# What a run writes, says and leaves: when all goes well, when it is stopped, when the disk is full, when nobody listens.
cd "$(dirname "$0")/../.." && . tests/cli/harness.sh || exit 1

# whole NAME FOLDER: every file under a final name is complete, and no other of ours is left
whole() {
    local found='' file
    while read -r file; do
        is_whole "$file" || found+="$file, "
    done < <(find "$2" -type f)
    is "$1: all files are whole" '' "$found"
}

# one_line NAME REGEX RUN: what a run had to say on standard error
one_line() {
    is "$1: one line" 1 "$(wc -l <"$work/$3.err")"
    has "$1: its message" "^gan-train: .*$2" "$(cat "$work/$3.err")"
}

files() {
    (cd "$work/$1" && find . -type f | sort | sed 's/^..//' | tr '\n' ' ')
}

# --- what is written ---
header=epoch,step,loss_d,loss_g,d_real,d_fake,grad_norm_d,grad_norm_g,learning_rate,seconds,images_per_second
train normal --epochs 3 --log_every 7
is "a run ends well and silently" "0 " "$status $(cat "$work/normal.err")"
is "its files" "checkpoints/latest.safetensors checkpoints/step_00000040.safetensors config.json losses.csv losses.svg networks.svg samples/epoch_0000.png samples/epoch_0001.png \
samples/epoch_0002.png samples/epoch_0003.png steps.csv training.gif " "$(files normal)"
whole "a run" "$work/normal"
for file in losses.csv steps.csv; do
    is "$file: its header" "$header" "$(head -n 1 "$work/normal/$file")"
    has_no "$file: numbers alone" 'nan|inf|[^0-9.,e+-]' "$(tail -n +2 "$work/normal/$file")"
done
is "losses.csv: a row an epoch" "1,20 2,40 3,60 " "$(tail -n +2 "$work/normal/losses.csv" | cut -d , -f 1,2 | tr '\n' ' ')"
is "steps.csv: a row each 7 steps" "1,7 1,14 2,21 2,28 2,35 3,42 3,49 3,56 " \
    "$(tail -n +2 "$work/normal/steps.csv" | cut -d , -f 1,2 | tr '\n' ' ')"
has "losses.csv: microseconds" '^3,.*,[0-9]+\.[0-9]{6},[0-9.]+$' "$(tail -n 1 "$work/normal/losses.csv")"
has "config.json: the version" "\"version\": \"$("$program" --version | sed 's/gan-train \([^,]*\),.*/\1/')\"" \
    "$(cat "$work/normal/config.json")"
has "config.json: the data's checksum" '"checksum": "[0-9a-f]{8}"' "$(cat "$work/normal/config.json")"
"$program" --config "$work/normal/config.json" -o "$work/repeated" >/dev/null 2>&1
compare "config.json: repeats the run" normal repeated
mkdir "$work/umask"
(umask 027 && train umask)
is "the files' mode is the umask's" 640 "$(stat -c %a "$work/umask/losses.svg")"

# --- another run in its place ---
mkdir -p "$work/mine/samples" "$work/mine/checkpoints"
for file in notes.txt losses.txt .mine.5.tmp samples/cat.png samples/epoch_1.png samples/epoch_0003.jpg; do
    printf 'mine' >"$work/mine/$file"
done
mine=$(cd "$work/mine" && find . -type f | sort)
train mine --epochs 4
is "a folder with other files alone: no --overwrite is needed" "0 " "$status $(cat "$work/mine.err")"
before=$(fingerprint mine)
train mine
is "a folder that holds a run: refused" 2 "$status"
is "a folder that holds a run: it stays" "$before" "$(fingerprint mine)"
mkdir -p "$work/pictures/samples"
printf 'old' >"$work/pictures/samples/epoch_0007.png"
train pictures
is "a folder that holds pictures of a run alone: refused" 2 "$status"
train mine --overwrite --images "$work/none"
is "--overwrite with bad data: refused" 2 "$status"
train mine --overwrite --batch_size 100000
is "--overwrite with a batch too large: refused" 2 "$status"
ulimit -S -v 4000000 # kB
train mine --overwrite --g_hidden 65536,65536
ulimit -S -v unlimited
has "--overwrite with nets too large: no memory" '^gan-train: .*memory' "$(cat "$work/mine.err")"
has_no "--overwrite with nets too large: the run before is not what goes on" 'goes on' "$(cat "$work/mine.err")"
is "--overwrite, refused: the run stays" "$before" "$(fingerprint mine)"
printf 'left' | tee "$work/mine/.losses.svg.12345.tmp" >"$work/mine/samples/.epoch_0004.png.77.tmp"
train mine --overwrite --no_gif
is "--overwrite: runs" "0 " "$status $(cat "$work/mine.err")"
is "--overwrite: nothing of the run before is left, and nobody else's goes" \
    "$(printf '%s\n' "$mine" ./checkpoints/latest.safetensors ./config.json ./losses.csv ./losses.svg ./networks.svg ./steps.csv ./samples/epoch_0000.png \
        ./samples/epoch_0001.png | sort)" "$(cd "$work/mine" && find . -type f | sort)"
is "--overwrite: folders stay" yes "$([ -d "$work/mine/checkpoints" ] && echo yes)"
train nothing --overwrite
is "--overwrite: where there is nothing" 0 "$status"
train half
mkdir -p "$work/half/samples/epoch_0009.png/in_the_way"
train half --overwrite
is "--overwrite, on the way a file that stays: status" 1 "$status"
one_line "--overwrite, on the way a file that stays" "$work/half/samples/epoch_0009.png: cannot be removed: [A-Za-z ]*$" half
has "--overwrite, on the way a file that stays: the rest is no run to go on with" 'holds neither a checkpoint nor a config.json' \
    "$("$program" --resume "$work/half" 2>&1)"

# --- signals ---
for signal in INT TERM HUP; do
    begin "stopped_$signal" --log_every 3 --eval_every off
    within 30 has_rows "$work/stopped_$signal/losses.csv" 4
    kill -s $signal "$pid"
    end_of "$pid"
    is "SIG$signal: status" 130 "$status"
    one_line "SIG$signal" 'stopped by a signal after step [0-9]+.*'"$work/stopped_$signal" "stopped_$signal"
    whole "SIG$signal" "$work/stopped_$signal"
    is "SIG$signal: the last row is the step it names" "$(value "stopped_$signal" step)" \
        "$(sed 's/.*after step \([0-9]*\).*/\1/' "$work/stopped_$signal.err")"
    last=$(printf 'samples/epoch_%04d.png' "$(value "stopped_$signal" epoch)")
    is "SIG$signal: the last pictures are there" "losses.svg $last training.gif " \
        "$(cd "$work/stopped_$signal" && printf '%s ' losses.s?g "$last"* training.g?f)"
done

(
    trap '' HUP # as nohup does
    exec "$program" --config "$work/base.json" -o "$work/nohup" --epochs 1000000 --sample_every 1000000 \
        >"$work/nohup.out" 2>"$work/nohup.err"
) &
pid=$!
within 30 has_rows "$work/nohup/losses.csv" 2
kill -HUP "$pid"
sleep 0.3
holds "SIGHUP under nohup: goes on" kill -0 "$pid"
kill -TERM "$pid"
end_of "$pid"
is "SIGTERM under nohup: stops" 130 "$status"

# A run that waits for a full pipe cannot finish its step; a second signal ends it all the same.
for second in INT TERM; do
    mkfifo "$work/full_$second"
    exec 9<>"$work/full_$second"
    dd if=/dev/zero of="$work/full_$second" oflag=nonblock bs=512 2>/dev/null
    "$program" --config "$work/base.json" -o "$work/twice_$second" >"$work/full_$second" 2>/dev/null &
    pid=$!
    within 30 test -e "$work/twice_$second/samples/epoch_0000.png"
    sleep 0.1
    kill -INT "$pid"
    sleep 0.2
    holds "SIGINT, stuck: waits for the step's end" kill -0 "$pid"
    kill -s $second "$pid"
    holds "SIGINT, then SIG$second: ends at once" within 10 gone "$pid"
    end_of "$pid"
    exec 9>&-
done

# --- beyond rescue ---
train diverged --optimizer sgd --learning_rate 1000 --init normal:1000 --epochs 1000
is "diverged: status" 3 "$status"
one_line "diverged" 'diverged at step [0-9]+, in epoch [0-9]+.*--learning_rate' diverged
whole "diverged" "$work/diverged"
is "diverged: the curves and pictures until then are there" "losses.svg training.gif" "$(cd "$work/diverged" && echo losses.s?g training.g?f)"

# --- the machine fails ---
for kilobytes in 1 3; do
    (ulimit -f $kilobytes && train "limit_$kilobytes" && exit "$status")
    is "files of $kilobytes kB at most: status" 1 $?
    one_line "files of $kilobytes kB at most" "$work/limit_$kilobytes/[a-z_./0-9]+: .*File too large" "limit_$kilobytes"
    whole "files of $kilobytes kB at most" "$work/limit_$kilobytes"
done
# a disk that is full at some point of a run, and then grows
mkdir "$work/disk"
train roomy --epochs 12
for kilobytes in 8 32 64 128 256 300; do
    if ! mount -t tmpfs -o size="${kilobytes}k" none "$work/disk" 2>/dev/null; then
        not_run "disk of $kilobytes kB" "mounting one is not permitted"
        continue
    fi
    train disk --epochs 12
    is "disk of $kilobytes kB: status" 1 "$status"
    one_line "disk of $kilobytes kB" "$work/disk[a-z_./0-9]*: .*No space left" disk
    whole "disk of $kilobytes kB" "$work/disk"
    mount -o remount,size=4m "$work/disk"
    if [ -e "$work/disk/config.json" ]; then
        "$program" --resume "$work/disk" >/dev/null 2>&1
    else
        train disk --epochs 12 --overwrite
    fi
    compare "disk of $kilobytes kB, grown: the run ends as on a large one" roomy disk
    umount "$work/disk"
done

conclude
