#!/usr/bin/env bash
# The same seed gives the same bytes, whatever the number of threads and however busy the machine; another seed gives
# others. Held against each other is every file of a run but for its two columns of time and its own name and threads.
cd "$(dirname "$0")/../.." && . tests/cli/harness.sh || exit 1

# Layers of two and of four tiles, or where there are many threads of as many or as few as can be, in batches of more than one block of rows.
cat >"$work/base.json" <<END
{"data": "$data", "limit_images": 120, "batch_size": 40, "grid": "3x3", "epochs": 2, "log_every": 1}
END

# together RUN FLAG... [-- RUN FLAG...]...: runs at the same time, so that they disturb each other
together() {
    local -a words=() running=()
    local word number
    for word in "$@" --; do
        if [ "$word" != -- ]; then
            words+=("$word")
            continue
        fi
        (train "${words[@]}" && exit "$status") &
        running+=("$!")
        words=()
    done
    for number in "${running[@]}"; do
        wait "$number" || fail "a run ends well" "$(cat "$work"/*.err)"
    done
}

while read -r preset g_hidden d_hidden; do
    net=(--preset "$preset" --g_hidden "$g_hidden" --d_hidden "$d_hidden")
    together "$preset-1" "${net[@]}" --threads 1 -- "$preset-2" "${net[@]}" --threads 2 -- \
        "$preset-3" "${net[@]}" --threads 3 -- "$preset-11" "${net[@]}" --threads 11 -- "$preset-seed" "${net[@]}" --threads 2 --seed 1
    train "$preset-again" "${net[@]}" --threads 3
    is "$preset: all files are there" 11 "$(fingerprint "$preset-1" | wc -l)"
    compare "$preset: two threads, the bytes of one" "$preset-1" "$preset-2"
    compare "$preset: three threads, the bytes of one" "$preset-1" "$preset-3"
    compare "$preset: eleven threads, the bytes of one" "$preset-1" "$preset-11"
    compare "$preset: once more, the same bytes" "$preset-3" "$preset-again"
    for file in losses.csv steps.csv samples/epoch_0000.png samples/epoch_0002.png training.gif losses.svg latest.safetensors; do
        is_not "$preset: another seed, another $file" "$(fingerprint "$preset-1" | grep "$file")" \
            "$(fingerprint "$preset-seed" | grep "$file")"
    done
done <<'END'
best 134,390 390,134
vanilla 390 390
rmsprop-bn 134,390,390 390,134
conditional 134,390 390,134
minimax 390 390
deep 134,390,390 390,390,134
truncnorm 390 390
pytorch-gan 134,390,390,390 390,134
paper 134,390 130,134
END
is "each preset is held" "$("$program" --list_presets | sed '1d; s/ .*//' | sort)" \
    "$(cd "$work" && printf '%s\n' *-again | sed 's/-again//' | sort)"

# What has a way of its own through the nets.
while read -r name flags; do
    read -ra words <<<"$flags"
    net=(--g_hidden "134,390" --d_hidden "390,134" "${words[@]}")
    together "$name-1" "${net[@]}" --threads 1 -- "$name-3" "${net[@]}" --threads 3
    compare "$flags: three threads, the bytes of one" "$name-1" "$name-3"
done <<'END'
pairs --loss relativistic --g_batch_norm none
penalties --r1 0.3 --r2 0.1 --conditional
pairs_first --loss relativistic --order g-then-d --fakes same_images --conditional
simultaneous --loss relativistic --order simultaneous --fakes same_images --conditional --r1 0.3 --input_dropout 0.2
maxout --g_activation maxout:3 --d_activation maxout:2 --r2 0.3
END

conclude
