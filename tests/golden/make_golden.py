#!/usr/bin/env python3
"""Makes the golden files: each recipe on a shrunken net, its first 20 steps. See README.md."""

import argparse
import pathlib
import sys

import numpy as np
import torch

import philox
from settings import CASES
from training import Training, to_tensor

FOLDER = pathlib.Path(__file__).resolve().parent
NETS = "generator", "discriminator"
AVERAGE = "generator_ema"
COLUMNS = "loss_d", "loss_g", "d_real", "d_fake", "grad_norm_d", "grad_norm_g"
STEPS = 20
TOLERANCE = 1e-11  # of a line's norm, between two computers


def initialize(network, random):
    """Values that let every term show; multiples of 1/256, which are the same numbers in float and in double."""
    for name, parameter in network.named_parameters():
        shape = tuple(parameter.shape)
        if len(shape) == 2:
            values = random.integers(-256, 256, shape, endpoint=True) / 256
        else:
            values = random.choice([-1, 1], shape) * random.integers(32, 96, shape, endpoint=True) / 256
            if name.endswith("weight"):  # batch norm's gamma
                values = 1 + values
        parameter.data = to_tensor(values)


def tensors_of(training):
    """Name and a copy of every tensor of both nets."""
    nets = {net: getattr(training, net) for net in NETS}
    if training.average:
        nets[AVERAGE] = training.average
    return {f"{net}.{name}": tensor.clone() for net, module in nets.items()
            for name, tensor in module.state_dict().items()}


def train(case):
    """The tensors before, the records of the steps, the tensors after."""
    training = Training(case.settings)
    random = np.random.default_rng(case.initial_seed)
    for net in NETS:
        initialize(getattr(training, net), random)
    if training.average:
        training.average.load_state_dict(training.generator.state_dict())
    initial = tensors_of(training)
    records = [training.step() for _ in range(STEPS)]
    return initial, records, tensors_of(training)


def flag_text(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value)


def number_text(values):
    return " ".join(f"{value:.17g}" for value in values)


def tensor_lines(when, tensors):
    lines = []
    for name, tensor in tensors.items():
        lines.append(f"tensor {when}.{name} {' '.join(map(str, tensor.shape))}")
        lines += [number_text(row) for row in tensor.reshape(-1, tensor.shape[-1]).tolist()]
    return lines


def golden_lines(case):
    initial, records, final = train(case)
    flags = [f"flag {flag} {flag_text(value)}" for flag, value in case.flags.items()]
    steps = [f"step {i} {number_text(record[column] for column in COLUMNS)}" for i, record in enumerate(records, 1)]
    return [f"preset {case.preset}"] + flags + tensor_lines("initial", initial) + steps + tensor_lines("final", final)


def split(line):
    """A line's words, and its numbers."""
    words, numbers = [], []
    for word in line.split():
        try:
            numbers.append(float(word))
        except ValueError:
            words.append(word)
    return words, np.array(numbers)


def difference(expected, found):
    """What is wrong with the lines found, or None."""
    if len(expected) != len(found):
        return f"{len(found)} lines instead of {len(expected)}"
    for i, (expected_line, found_line) in enumerate(zip(expected, found), 1):
        (words, numbers), (found_words, found_numbers) = split(expected_line), split(found_line)
        if words != found_words or numbers.shape != found_numbers.shape:
            return f"line {i}: {found_line!r} instead of {expected_line!r}"
        distance = np.linalg.norm(numbers - found_numbers)
        if not distance <= TOLERANCE * np.linalg.norm(numbers):
            return f"line {i}: off by {distance:g} in {expected_line[:60]!r}"
    return None


def write():
    for name, case in CASES.items():
        (FOLDER / f"{name}.txt").write_text("\n".join(golden_lines(case)) + "\n", encoding="ascii")
    return 0


def check():
    failed = 0
    for name, case in CASES.items():
        path = FOLDER / f"{name}.txt"
        found = path.read_text(encoding="ascii").splitlines() if path.exists() else []
        wrong = difference(golden_lines(case), found)
        print(f"{path.name}: {wrong or 'as computed'}")
        failed += wrong is not None
    return 1 if failed else 0


def show_float32():
    """How far the same training in float32 goes astray; what a float build cannot be blamed for."""
    print(f"{'case':24} {'tensors':>8} {'losses':>8}")
    for name, case in CASES.items():
        _, records, final = train(case)
        torch.set_default_dtype(torch.float32)
        _, records_32, final_32 = train(case)
        torch.set_default_dtype(torch.float64)
        tensors = max(((final[key] - final_32[key]).norm() / final[key].norm()).item() for key in final)
        losses = max(abs(record_32[key] / record[key] - 1) for record, record_32 in zip(records, records_32)
                     for key in ("loss_d", "loss_g"))
        print(f"{name:24} {tensors:8.1e} {losses:8.1e}")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", dest="action", action="store_const", const=check, default=write,
                        help="compute the files anew and compare, writing nothing")
    parser.add_argument("--float32", dest="action", action="store_const", const=show_float32,
                        help="show how far float32 goes from these files, writing nothing")
    action = parser.parse_args().action
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    philox.check_known_answers()
    return action()


if __name__ == "__main__":
    sys.exit(main())
