#!/usr/bin/env python3
"""Makes two checkpoints with build/gan-train, and beside each the images that PyTorch draws from it. See README.md."""

import pathlib
import struct
import subprocess
import sys
import tempfile

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent
PROJECT = FOLDER.parents[1]
sys.path.insert(0, str(PROJECT / "scripts"))

from load_generator import draw

IMAGES, HEIGHT, WIDTH, CLASSES = 24, 5, 4, 3
SHARED = ("--images images --labels labels --batch_size 8 --encoding_dims 5 --d_hidden 4 --epochs 40 --grid 20x4 "
          "--seed 20140610")
CASES = {
    "batch-norm": "--preset deep --conditional --g_hidden 6,7 --dropout none --learning_rate 0.005",
    "plain": "--preset vanilla --g_hidden 7 --noise uniform --noise_range 2 --learning_rate 0.002",
}


def write_data(folder):
    i, p = np.arange(IMAGES)[:, None], np.arange(HEIGHT * WIDTH)
    images = ((i * 37 + p * 101 + i * p * 13 + 7) % 256).astype(np.uint8)
    labels = (np.arange(IMAGES) % CLASSES).astype(np.uint8)
    header = struct.pack(">BBBB3I", 0, 0, 8, 3, IMAGES, HEIGHT, WIDTH)
    (folder / "images").write_bytes(header + images.tobytes())
    (folder / "labels").write_bytes(struct.pack(">BBBBI", 0, 0, 8, 1, IMAGES) + labels.tobytes())


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_data(folder)
        for case, flags in CASES.items():
            command = [PROJECT / "build" / "gan-train", *SHARED.split(), *flags.split(), "--outdir", case]
            subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=True)
            checkpoint = FOLDER / f"{case}.safetensors"
            checkpoint.write_bytes((folder / case / "checkpoints" / "latest.safetensors").read_bytes())
            images = draw(checkpoint)
            np.save(FOLDER / f"{case}.npy", images.reshape(-1, HEIGHT, WIDTH))


if __name__ == "__main__":
    sys.exit(main())
