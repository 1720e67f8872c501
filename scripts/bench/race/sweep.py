#!/usr/bin/env python3
"""How the cost of a training step grows with the batch, the nets' width and the images' size: `make sweep` runs it.

A step of the preset best beside its floor, the same matrix products alone, in turn in one process, on all cores; one
size is varied at a time, in several passes over its sizes, so that no bad moment of the machine falls on all that one
size has. What is plotted is how fast the products are made, GFLOP/s: where a step's cost grows as its products' does,
its curve runs along the floor's, and a cliff would show as one; above both is what the CPU could do at all. The images
are those that gan-train finds, enlarged pixel by pixel where larger ones are wanted. Speeds are those of the fastest
round. Writes Markdown on standard output, all that was measured into FILE.json, and the plot into FILE.svg."""

import argparse
import json
import os
import pathlib
import statistics
import tempfile

import matplotlib
import numpy as np

import race

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402

BATCHES = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096]
WIDTHS = [128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 4096]
SIDES = [28, 40, 56, 64, 80, 96, 112, 128]
PASSES = 3
IMAGES = 4096  # as many as the largest batch has


def read_idx(path):
    data = path.read_bytes()
    sizes = [int.from_bytes(data[4 + 4 * i:8 + 4 * i], "big") for i in range(data[3])]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * len(sizes)).reshape(sizes)


def write_enlarged(images, side, path):
    """Each pixel of a larger image is that of the small one it lies in."""
    rows, columns = (np.arange(side) * size // side for size in images.shape[1:])
    large = images[:, rows][:, :, columns]
    path.write_bytes(bytes([0, 0, 8, 3]) + np.array(large.shape, ">u4").tobytes() + large.tobytes())


def measure(program, flags, threads, rounds, result):
    """Some more rounds into the result of a size."""
    contender = race.Contender("contender", [program, "--preset", "best", "--threads", threads, *flags], threads)
    result["flop"], = contender.ask("flop")  # once through all products
    contender.ask("steps 2")
    seconds, *_ = contender.ask("steps 1")
    block = 1 + int(race.BLOCK_SECONDS / seconds)
    for _ in range(rounds):
        result["step"].append(contender.ask(f"steps {block}")[0] / block)
        result["floor"].append(contender.ask(f"floor {block}")[0] / block)
        result["limit"] += contender.ask("limit")
    contender.end()


def speed(result, key):
    """GFLOP/s of the fastest round."""
    return result["flop"] / min(result[key]) / 1e9


def print_sweep(name, results):
    print(f"\n| {name} | MFLOP | step, ms, least | median | floor, least | median | step / floor | GFLOP/s |\n"
          "|--:|--:|--:|--:|--:|--:|--:|--:|")
    for size, result in results.items():
        step, floor = ([1e3 * seconds for seconds in result[key]] for key in ("step", "floor"))
        ratio = statistics.median(a / b for a, b in zip(step, floor))
        print(f"| {size} | {result['flop'] / 1e6:.0f} | {min(step):.3g} | {statistics.median(step):.3g} | "
              f"{min(floor):.3g} | {statistics.median(floor):.3g} | {ratio:.2f} | "
              f"{speed(result, 'step'):.0f} |", flush=True)


def plot(sweeps, path):
    pyplot.rcParams.update({"font.size": 9, "svg.fonttype": "none", "svg.hashsalt": "gan-train"})
    figure, panels = pyplot.subplots(1, len(sweeps), figsize=(10, 3.2), sharey=True, layout="constrained")
    for panel, (name, results) in zip(panels, sweeps.items()):
        for key, label, style in ("floor", "products alone", "o--"), ("step", "training step", "o-"):
            panel.plot(list(results), [speed(result, key) for result in results.values()], style,
                       label=label, markersize=3.5)
        panel.plot(list(results), [max(result["limit"]) / 1e9 for result in results.values()], ":", color="grey",
                   label="the CPU's limit")
        panel.set_xscale("log", base=2)
        panel.set_xticks(list(results)[::2], [str(size) for size in list(results)[::2]])
        panel.minorticks_off()
        panel.set_xlabel(name)
        panel.grid(alpha=0.3)
    panels[0].set_ylim(bottom=0)
    panels[0].set_ylabel("GFLOP/s of the products")
    panels[0].legend(loc="lower right")
    figure.savefig(path, metadata={"Date": None})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("contender", type=pathlib.Path, metavar="CONTENDER", help="the program, such as build/contender")
    parser.add_argument("file", type=pathlib.Path, metavar="FILE", help="without .json and .svg")
    parser.add_argument("--rounds", type=int, default=2, help="in each pass")
    arguments = parser.parse_args()
    threads = len(os.sched_getaffinity(0))
    print(f"{race.machine([])}, {threads} threads")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        race.write_images(folder, arguments.contender.resolve())
        images = read_idx(folder / "train-images-idx3-ubyte")[:IMAGES]
        flags = {"batch": lambda size: ["--data", folder, "--batch_size", size],
                 "width of the hidden layers": lambda size: ["--data", folder, "--g_hidden", f"{size},{size},{size}",
                                                             "--d_hidden", f"{size},{size},{size}"],
                 "side of the images": lambda size: ["--images", folder / "large"]}
        sweeps = {}
        for name, sizes in zip(flags, (BATCHES, WIDTHS, SIDES)):
            sweeps[name] = {size: {"step": [], "floor": [], "limit": []} for size in sizes}
            for size in sizes * PASSES:
                if name.startswith("side"):
                    write_enlarged(images, size, folder / "large")
                measure(arguments.contender.resolve(), flags[name](size), threads, arguments.rounds, sweeps[name][size])
            print_sweep(name, sweeps[name])
    arguments.file.with_suffix(".json").write_text(
        json.dumps({"machine": race.machine([]), "threads": threads, "sweeps": sweeps}, indent=1) + "\n")
    plot(sweeps, arguments.file.with_suffix(".svg"))


if __name__ == "__main__":
    main()
