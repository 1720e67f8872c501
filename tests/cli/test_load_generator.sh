#!/usr/bin/env bash
# scripts/load_generator.py draws the grids that gan-train drew, and says what is wrong in one line. It needs PyTorch:
# $PYTHON (python3) is asked whether it has it.
cd "$(dirname "$0")/../.." && . tests/cli/harness.sh || exit 1

python=${PYTHON:-python3}
if ! "$python" -c 'import numpy, safetensors, torch' 2>/dev/null; then
    not_run "scripts/load_generator.py" "$python has not all of torch, safetensors and numpy"
    conclude
fi

# draw CHECKPOINT IMAGES FLAG...: sets $status, leaves what it said in draw.out and draw.err
draw() {
    PYTHONDONTWRITEBYTECODE=1 "$python" scripts/load_generator.py "$@" >"$work/draw.out" 2>"$work/draw.err"
    status=$?
}

# differing PNG OTHER: "HEIGHT x WIDTH, at most N apart", of pictures whose rows are unfiltered
differing() {
    "$python" - "$@" 2>&1 <<'END'
import struct, sys, zlib
import numpy as np

def pixels(path):
    data, packed, at = open(path, "rb").read(), b"", 8
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        packed += data[at + 8:at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    width, height = struct.unpack_from(">II", data, 16)
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, width + 1)
    assert not rows[:, 0].any()
    return rows[:, 1:].astype(int)

one, other = map(pixels, sys.argv[1:])
print("%d x %d, at most %d apart" % (*one.shape, max(1, abs(one - other).max())))
END
}

while read -r preset flags; do
    # shellcheck disable=SC2086 # several flags
    train "$preset" --preset "$preset" --grid 3x4 --epochs 2 $flags
    draw "$work/$preset/checkpoints/latest.safetensors" "$work/$preset.png"
    is "$preset: draws" "0 " "$status $(cat "$work/draw.err")"
    is "$preset: the same images, to a grey level" "92 x 122, at most 1 apart" \
        "$(differing "$work/$preset.png" "$work/$preset/samples/epoch_0002.png")"
done <<'END'
vanilla --g_hidden 1 --dropout none --noise uniform --noise_range 2
rmsprop-bn --dropout none --g_batch_norm_first no
conditional --dropout none --seed 18446744073709551615
deep --g_activation leaky_relu:0.1
pytorch-gan --dropout none --g_activation tanh --output linear
paper --limit_images 200 --dropout none --g_hidden 8,6 --d_hidden 8 --g_activation maxout:3 --g_batch_norm before
END

# of five classes images of 1, 2 and 4 alone: a class a column, and more of them than columns
mkdir "$work/gaps"
head -c 1280 /dev/zero | tr '\0' '\100' | idx_images "$work/gaps/train-images-idx3-ubyte" 20 8 8
printf '\1\2\4\4\1%.0s' 1 2 3 4 | idx_labels "$work/gaps/train-labels-idx1-ubyte" 20
while read -r grid size; do
    train "gaps_$grid" --data "$work/gaps" --limit_images 20 --conditional --learning_rate 0.1 --epochs 2 --grid "$grid"
    draw "$work/gaps_$grid/checkpoints/latest.safetensors" "$work/gaps_$grid.png"
    is "classes that no image has, $grid: draws" "0 " "$status $(cat "$work/draw.err")"
    is "classes that no image has, $grid: the same images" "$size, at most 1 apart" \
        "$(differing "$work/gaps_$grid.png" "$work/gaps_$grid/samples/epoch_0002.png")"
done <<'END'
2x4 22 x 42
3x2 32 x 22
END

checkpoint=$work/deep/checkpoints/latest.safetensors
draw "$checkpoint" "$work/many.npy" --grid 5x7
is "--grid: draws" "0 " "$status $(cat "$work/draw.err")"
has ".npy: bytes of each image" "'descr': '.u1'.*'shape': \(35, 28, 28\)" "$(head -c 128 "$work/many.npy" | tr -d '\0')"

# refused NAME STATUS TEXT: what it said is one line with the text
refused() {
    is "$1: the status" "$2 1" "$status $(wc -l <"$work/draw.err")"
    has "$1: is said" "$3" "$(cat "$work/draw.err")"
}

draw "$work/none" "$work/x.png"
refused "no checkpoint" 2 'No such file'
draw "$work/deep/config.json" "$work/x.png"
refused "no safetensors" 2 '^load_generator.py: .*config.json: '
draw tests/golden/python.safetensors "$work/x.png"
refused "another's safetensors" 2 'wanted a checkpoint of gan-train'
sed 's/g_hidden\\": \\"8,8/g_hidden\\": \\"8,9/' "$checkpoint" >"$work/other.safetensors"
draw "$work/other.safetensors" "$work/x.png"
refused "tensors of other shapes" 2 'size mismatch'
draw "$checkpoint" "$work/none/x.png"
refused "no folder to write in" 1 'No such file'
for words in "$checkpoint" "$checkpoint $work/x.gif" "$checkpoint $work/x.png --grid 3"; do
    # shellcheck disable=SC2086 # several words
    draw $words
    is "wrong usage: $(basename "${words##* }")" 2 "$status"
done

conclude
