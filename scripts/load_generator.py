#!/usr/bin/env python3
"""Draws, in PyTorch, the images that gan-train draws with the generator of a checkpoint.

From Python, with this folder in sys.path:

    from load_generator import draw_latents, load_generator
    generator, config = load_generator("out/checkpoints/latest.safetensors")
    images = generator(draw_latents(config, rows=10, columns=10))

docs/checkpoints.md says what a checkpoint holds. Needs torch, safetensors and numpy."""

import argparse
import json
import pathlib
import struct
import sys
import zlib

import numpy as np
import safetensors
import torch
from torch import nn

import philox

LINE_WIDTH, LINE_GREY = 2, 72  # of a grid, as in gan-train's samples
PREFIX, AVERAGED = "generator.", "generator_ema."  # G's weights, and where there are some their averages


class Maxout(nn.Module):
    """[images][pieces * units], piece by piece, to [images][units]: the largest of each unit's pieces."""

    def __init__(self, pieces):
        super().__init__()
        self.pieces = pieces

    def forward(self, x):
        return x.unflatten(1, (self.pieces, -1)).amax(dim=1)


def activation(text):
    """The layer that a flag such as leaky_relu:0.2 names."""
    name, _, number = text.partition(":")
    if name == "leaky_relu":
        return nn.LeakyReLU(float(number))
    if name == "maxout":
        return Maxout(int(number))
    return {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "linear": nn.Identity}[name]()


def batch_norm(options, width):
    """As Keras counts it, momentum is what the running statistics keep; in PyTorch it is what they take."""
    return nn.BatchNorm1d(width, eps=options["batch_norm_epsilon"], momentum=1 - options["batch_norm_momentum"])


def build_generator(config):
    """The untrained generator of a run's configuration: [images][encoding_dims + classes] to [images][pixels]."""
    data, options = config["data"], config["options"]
    hidden = [] if options["g_hidden"] == "none" else [int(width) for width in options["g_hidden"].split(",")]
    inputs = options["encoding_dims"] + (data["classes"] if options["conditional"] else 0)
    name, _, pieces = options["g_activation"].partition(":")
    columns_of_unit = int(pieces) if name == "maxout" else 1
    layers = []
    for index, width in enumerate(hidden):
        place = options["g_batch_norm"] if index > 0 or options.get("g_batch_norm_first") else "none"
        columns = columns_of_unit * width
        layers.append(nn.Linear(inputs, columns, bias=place != "before"))
        if place == "before":
            layers.append(batch_norm(options, columns))
        layers.append(activation(options["g_activation"]))
        if place == "after":
            layers.append(batch_norm(options, width))
        inputs = width
    layers += [nn.Linear(inputs, data["height"] * data["width"]), activation(options["output"])]
    return nn.Sequential(*layers)


def load_generator(path):
    """The trained generator of a checkpoint, ready to draw, and the run's configuration: a dict of "data", "options" and
    more, as in the run's config.json."""
    with safetensors.safe_open(path, framework="pt") as file:
        text = (file.metadata() or {}).get("config")
        if text is None:
            raise ValueError("holds no configuration; wanted a checkpoint of gan-train")
        config = json.loads(text)
        prefix = AVERAGED if any(name.startswith(AVERAGED) for name in file.keys()) else PREFIX
        state = {name[len(prefix):]: file.get_tensor(name) for name in file.keys() if name.startswith(prefix)}
    generator = build_generator(config)
    generator.load_state_dict(state)
    return generator.eval(), config


def image_classes(data, count, columns):
    """The class of each of gan-train's grid of images, of those that training images have: one a column, or, where
    columns are fewer, one after another."""
    present = [c for c in range(data["classes"]) if c not in data.get("absent_classes", [])]
    images = np.arange(count)
    return np.take(present, (images if len(present) > columns else images % columns) % len(present))


def draw_latents(config, rows, columns):
    """What the generator makes gan-train's grid of images from, row by row: z, and beside it the one-hot class of the
    image's column where the run was conditional."""
    options, count = config["options"], rows * columns
    seed, width = int(options["seed"]), options["encoding_dims"]
    if options["noise"] == "uniform":
        limit = options["noise_range"]
        latents = philox.uniform(seed, philox.GRID, 0, -limit, limit, count, width)
    else:
        latents = philox.normal(seed, philox.GRID, 0, count, width)
    if options["conditional"]:
        classes = config["data"]["classes"]
        latents = np.hstack([latents, np.eye(classes)[image_classes(config["data"], count, columns)]])
    return torch.tensor(latents, dtype=torch.float32)


def to_bytes(config, images):
    """Greys 0 .. 255 [images][height][width]: [-1, 1] of tanh and [0, 1] of the others, to the nearest. What lies
    outside is cut; what is not a number is black."""
    greys = images.numpy(force=True)
    greys = (greys + 1) * 127.5 if config["options"]["output"] == "tanh" else greys * 255
    greys = np.clip(np.nan_to_num(greys + 0.5, nan=0.0), 0, 255).astype(np.uint8)
    return greys.reshape(-1, config["data"]["height"], config["data"]["width"])


def draw(path, grid=None):
    """The images of a checkpoint's grid as bytes [rows][columns][height][width]; grid: ROWSxCOLUMNS, or the run's."""
    generator, config = load_generator(path)
    rows, columns = map(int, (grid or config["options"]["grid"]).split("x"))
    with torch.no_grad():
        images = to_bytes(config, generator(draw_latents(config, rows, columns)))
    return images.reshape(rows, columns, *images.shape[1:])


def png(images):
    """The bytes of a PNG of images [rows][columns][height][width], with lines between them."""
    framed = np.pad(images, ((0, 0), (0, 0), (LINE_WIDTH, 0), (LINE_WIDTH, 0)), constant_values=LINE_GREY)
    grid = np.vstack([np.hstack(row) for row in framed])
    grid = np.pad(grid, (0, LINE_WIDTH), constant_values=LINE_GREY)
    height, width = grid.shape
    lines = np.pad(grid, ((0, 0), (1, 0))).tobytes()  # each behind a 0: no filter
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
              (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks)


def grid_size(text):
    rows, cross, columns = text.partition("x")
    if not (cross and rows.isdecimal() and columns.isdecimal() and int(rows) and int(columns)):
        raise argparse.ArgumentTypeError(f"{text!r}; wanted ROWSxCOLUMNS, such as 10x10")
    return text


def image_file(text):
    path = pathlib.Path(text)
    if path.suffix not in (".png", ".npy"):
        raise argparse.ArgumentTypeError(f"{text!r}; wanted a name that ends in .png or .npy")
    return path


def arguments():
    parser = argparse.ArgumentParser(
        description="Draws, in PyTorch, the images that gan-train draws with the generator of a checkpoint.",
        epilog="Exit status: 0 done, 1 the images cannot be written, 2 wrong usage or checkpoint.")
    parser.add_argument("checkpoint", help="such as out/checkpoints/latest.safetensors")
    parser.add_argument("images", type=image_file,
                        help="to write: a grid as a .png, or a .npy of bytes [images][height][width]")
    parser.add_argument("--grid", type=grid_size, metavar="ROWSxCOLUMNS", help="how many (default: as in the run); a "
                        "conditional generator draws one class a column")
    return parser.parse_args()


def fail(status, path, error):
    print(f"load_generator.py: {path}:", *str(error).split(), file=sys.stderr)
    return status


def main():
    wanted = arguments()
    try:
        images = draw(wanted.checkpoint, wanted.grid)
    except KeyError as error:
        return fail(2, wanted.checkpoint, f"its configuration is not one of gan-train: {error}")
    except (OSError, ValueError, RuntimeError, safetensors.SafetensorError) as error:
        return fail(2, wanted.checkpoint, error)
    try:
        if wanted.images.suffix == ".png":
            wanted.images.write_bytes(png(images))
        else:
            np.save(wanted.images, images.reshape(-1, *images.shape[2:]))
    except OSError as error:
        return fail(1, wanted.images, error.strerror)
    return 0


if __name__ == "__main__":
    sys.exit(main())
