#!/usr/bin/env python3
"""A race: gan-train against PyTorch and JAX at the same recipes on this machine's CPU; `make race` runs it.

All contenders of a recipe are started, wait, and make their blocks of steps in turn, so that the machine's moods fall on
all of them; ratios are taken within a round. gan-train's floor, its matrix products alone, takes its turns in the same
process as gan-train's steps. Then whole programs, from the cold start to the end of an epoch. The images are those that
gan-train finds ($GAN_DATA, data/mnist, else the built-in digits). Writes Markdown on standard output, and with --json
all that was measured."""

import argparse
import gzip
import importlib.metadata
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent.parent
TRAIN = ROOT / "build/gan-train"
RECIPES = ["truncnorm", "deep", "best", "pytorch-gan", "conditional"]
SCAN = 20  # blocks are multiples of what JAX scans at once
BLOCK_SECONDS = 0.5  # of gan-train, at the least
WHOLE_ROUNDS = 3
PAUSE_SECONDS = 0.05  # before a turn: threads of the one before, which still spin, go to sleep


class Contender:
    """A process that makes training steps when it is told to."""

    def __init__(self, name, command, threads):
        cores = ",".join(str(core) for core in sorted(os.sched_getaffinity(0))[:threads])
        self.name = name
        self.process = subprocess.Popen(["taskset", "--cpu-list", cores, *map(str, command)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.greeting = self.read().partition(" ")[2]

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} ended with status {self.process.wait()}")
        return line.strip()

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return [float(word) for word in self.read().split()]

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def ours(arguments, recipe, threads, folder):
    for entry in arguments.ours:
        name, _, path = entry.partition("=")
        yield Contender(f"gan-train, {name}", [path, "--preset", recipe, "--data", folder, "--threads", threads], threads)


def config_of(recipe, folder):
    """The recipe's flags, as the peers read them."""
    path = folder / f"{recipe}.json"
    if not path.exists():
        path.write_text(subprocess.run([TRAIN, "--preset", recipe, "--print_config"], check=True, capture_output=True,
                                       text=True).stdout)
    return path


def peers(arguments, recipe, threads, folder):
    for name, script, kind in (("PyTorch eager", "peer_torch.py", "eager"),
                               ("PyTorch compiled", "peer_torch.py", "compiled"), ("JAX", "peer_jax.py", "scan")):
        if any(name.startswith(peer) for peer in arguments.peers):
            yield Contender(name, [sys.executable, HERE / script, config_of(recipe, folder), folder, threads, kind], threads)


def floor_of(name):
    return f"its products alone, {name.partition(', ')[2]}"


def race(arguments, recipe, threads, folder):
    """Milliseconds of a step, and of the floors of ours, [round] by name."""
    own = list(ours(arguments, recipe, threads, folder))
    field = own + list(peers(arguments, recipe, threads, folder))
    warm = [contender.ask(f"steps {3 * SCAN}")[0] for contender in field]  # compiles, touches memory
    block = SCAN * (1 + int(BLOCK_SECONDS * 3 / warm[0]))
    flop, = own[0].ask("flop")
    rounds = {contender.name: [] for contender in field} | {floor_of(contender.name): [] for contender in own}
    losses, limits = {}, []
    for number in range(arguments.rounds):
        first = number % len(field)
        for contender in field[first:] + field[:first]:
            time.sleep(PAUSE_SECONDS)
            seconds, *losses[contender.name] = contender.ask(f"steps {block}")
            rounds[contender.name].append(1e3 * seconds / block)
            if contender in own:
                rounds[floor_of(contender.name)].append(1e3 * contender.ask(f"floor {block}")[0] / block)
                if contender is own[0]:
                    limits += contender.ask("limit")
    for contender in field:
        contender.end()
    return {"recipe": recipe, "threads": threads, "mflop": flop / 1e6, "block": block, "library": own[0].greeting,
            "ms": rounds, "losses": losses, "limit_gflops": [limit / 1e9 for limit in limits]}


def print_race(result):
    first = next(iter(result["ms"]))
    base = result["ms"][first]
    print(f"\n### `{result['recipe']}`, {result['threads']} thread{'s' * (result['threads'] > 1)}\n\n"
          f"{result['mflop']:.0f} MFLOP a step; blocks of {result['block']} steps, {len(base)} rounds. Milliseconds a "
          f"step; ratios to {first} within a round; mean losses of the last block.\n")
    print("| | least | median | ratio, median | (least to greatest) | L_D | L_G |\n|---|--:|--:|--:|---|--:|--:|")
    for name, ms in result["ms"].items():
        ratios = [a / b for a, b in zip(ms, base)]
        loss = " | ".join(f"{value:.2f}" for value in result["losses"].get(name, [])) or " | "
        print(f"| {name} | {min(ms):.2f} | {statistics.median(ms):.2f} | {statistics.median(ratios):.2f} | "
              f"{min(ratios):.2f} to {max(ratios):.2f} | {loss} |", flush=True)
    for name, ms in result["ms"].items():
        if name.startswith("gan-train, "):
            ratios = [step / floor for step, floor in zip(ms, result["ms"][floor_of(name)])]
            print(f"\nA step of {name} by its products alone: {statistics.median(ratios):.2f} ({min(ratios):.2f} to "
                  f"{max(ratios):.2f}).", flush=True)


def print_summary(races):
    """A line a race: ratios within a round, medians; of the peers that came in two forms the faster one."""
    print("\n### In short\n\n| recipe | threads | gan-train, ms | by its products alone | of the CPU's limit | JAX | PyTorch "
          "| which |\n|---|--:|--:|--:|--:|--:|--:|---|")
    for result in races:
        base = next(iter(result["ms"].values()))
        ratio = {name: statistics.median(a / b for a, b in zip(ms, base)) for name, ms in result["ms"].items()}
        cells = [f"{1 / ratio[floor_of(next(iter(ratio)))]:.2f}"]
        limits = [result["mflop"] / ms / limit for ms, limit in zip(base, result["limit_gflops"]) if limit > 0]
        cells.append(f"{100 * statistics.median(limits):.0f} %" if limits else "")
        for peer in "JAX", "PyTorch":
            forms = [name for name in ratio if name.startswith(peer)]
            best = min(forms, key=ratio.get, default=None)
            cells.append(f"{ratio[best]:.2f}" if best else "")
        cells.append(best.partition(" ")[2] if best else "")
        print(f"| `{result['recipe']}` | {result['threads']} | {statistics.median(base):.2f} | {' | '.join(cells)} |")


def timed(command, **options):
    """Seconds and peak memory, MB of 10^6 bytes, of a whole program."""
    began = time.perf_counter()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, **options)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command[0]} failed")
    return time.perf_counter() - began, usage.ru_maxrss * 1024 / 1e6


def whole_programs(arguments, recipe, folder):
    """From the start to the end of an epoch; [round] of (seconds, MB) by name."""
    config, threads = config_of(recipe, folder), len(os.sched_getaffinity(0))
    train = [TRAIN, "--preset", recipe, "--outdir", folder / "run", "--overwrite", "--quiet", "--data"]
    one_step = ["--max_minutes", "1e-9", "--no_gif"]
    commands = {"gan-train": train + [folder, "--epochs", "1"]}
    for peer, script, kind in ("PyTorch", "peer_torch.py", "eager"), ("JAX", "peer_jax.py", "scan"):
        if peer in arguments.peers:
            commands[f"{peer}, {kind}"] = [sys.executable, HERE / script, config, folder, threads, kind, "epoch"]
    commands["gan-train, one step"] = train + [folder] + one_step
    commands["gan-train, one step, .gz"] = train + [folder / "packed"] + one_step
    results = {name: [] for name in commands}
    for _ in range(WHOLE_ROUNDS):
        for name, command in commands.items():
            results[name].append(timed(command))
    return {"recipe": recipe, "programs": results}


def print_programs(result):
    print(f"\n### `{result['recipe']}`, one epoch from a cold start\n\n"
          "| | seconds, least | median | times gan-train's, median | peak memory, MB |\n|---|--:|--:|--:|--:|")
    base = [seconds for seconds, _ in result["programs"]["gan-train"]]
    for name, measured in result["programs"].items():
        seconds = [s for s, _ in measured]
        ratio = statistics.median(s / b for s, b in zip(seconds, base))
        print(f"| {name} | {min(seconds):.2f} | {statistics.median(seconds):.2f} | {ratio:.2f} | "
              f"{max(mb for _, mb in measured):.0f} |", flush=True)


def write_images(folder, contender):
    """What gan-train finds, as files for all, and packed. None of it is kept in memory: a process that is started has no
    less at its peak than this one has then."""
    writer = Contender("contender", [contender], 1)
    count, = writer.ask(f"data {folder}/train-")
    writer.end()
    (folder / "packed").mkdir()
    for path in folder.glob("train-*"):
        with open(path, "rb") as plain, gzip.open(folder / "packed" / (path.name + ".gz"), "wb") as packed:
            shutil.copyfileobj(plain, packed)
    source = ("those of $GAN_DATA" if os.environ.get("GAN_DATA") else
              "data/mnist" if (ROOT / "data/mnist").exists() else "the built-in digits")
    return f"{count:.0f} images: {source}"


def machine(peers):
    cpu = next(line.partition(":")[2].strip() for line in open("/proc/cpuinfo") if line.startswith("model name"))
    flags = next(line for line in open("/proc/cpuinfo") if line.startswith("flags")).split()
    widest = next((flag for flag in ("avx512f", "avx2", "avx") if flag in flags), "no AVX")
    packages = {"PyTorch": "torch", "JAX": "jax"}
    versions = [f", {packages[peer]} {importlib.metadata.version(packages[peer])}" for peer in peers]
    return (f"{len(os.sched_getaffinity(0))} cores of {cpu}, {widest}, {platform.platform()}, "
            f"Python {platform.python_version()}{''.join(versions)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipes", nargs="*", default=RECIPES, metavar="RECIPE", help=f"presets ({' '.join(RECIPES)})")
    parser.add_argument("--ours", action="append", metavar="NAME=PATH", help="builds of contender (own=build/contender)")
    parser.add_argument("--peers", default="PyTorch,JAX", help="which (PyTorch,JAX)")
    parser.add_argument("--threads", default=None, help="such as 1,2 (1 and all)")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--whole", default="truncnorm,deep", help="recipes of whole programs (truncnorm,deep)")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE")
    arguments = parser.parse_args()
    arguments.ours = arguments.ours or [f"own={ROOT / 'build/contender'}"]
    arguments.peers = [peer for peer in arguments.peers.split(",") if peer]
    threads = sorted({1, len(os.sched_getaffinity(0))})
    if arguments.threads:
        threads = [int(word) for word in arguments.threads.split(",")]
    results = {"machine": machine(arguments.peers), "races": [], "whole": []}
    print(f"{results['machine']}\n")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        results["images"] = write_images(folder, arguments.ours[0].partition("=")[2])
        print(results["images"])
        for recipe in arguments.recipes:
            for count in threads:
                results["races"].append(race(arguments, recipe, count, folder))
                print_race(results["races"][-1])
        print_summary(results["races"])
        for recipe in filter(lambda recipe: recipe in arguments.whole.split(","), arguments.recipes):
            results["whole"].append(whole_programs(arguments, recipe, folder))
            print_programs(results["whole"][-1])
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
