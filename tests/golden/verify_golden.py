#!/usr/bin/env python3
"""Checks the reference itself: Philox by its known answers, batch norm by PyTorch's own layer, and vanilla.txt by a
backward pass and an Adam written out by hand. Prints what it compared; fails where they differ."""

import pathlib
import sys

import numpy as np
import torch

import philox
from settings import IMAGES, PIXELS, PRESETS
from training import BatchNorm

STEPS, BATCH, Z, SEED, LEARNING_RATE = 20, 4, 5, 20140610, 1e-3
TOLERANCE = 1e-12


def read(path):
    """A golden file's tensors by name, and its steps' numbers [step][column]."""
    tensors, steps = {}, []
    lines = iter(path.read_text(encoding="ascii").splitlines())
    for line in lines:
        key, *rest = line.split()
        if key == "step":
            steps.append([float(word) for word in rest[1:]])
        elif key == "tensor":
            shape = [int(word) for word in rest[1:]]
            rows = [next(lines) for _ in range(shape[0] if len(shape) == 2 else 1)]
            tensors[rest[0]] = np.array(" ".join(rows).split(), dtype=float).reshape(shape)
    return tensors, np.array(steps)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class TwoLayers:
    """Dense, ReLU, dense, and its gradient by hand."""

    NAMES = "0.weight", "0.bias", "2.weight", "2.bias"

    def __init__(self, tensors, net):
        self.parameters = [tensors[f"initial.{net}.{name}"].copy() for name in self.NAMES]
        self.first = [np.zeros_like(p) for p in self.parameters]
        self.second = [np.zeros_like(p) for p in self.parameters]
        self.updates = 0

    def forward(self, x):
        weight_0, bias_0, weight_1, bias_1 = self.parameters
        hidden = np.maximum(x @ weight_0.T + bias_0, 0)
        return hidden, hidden @ weight_1.T + bias_1

    def backward(self, x, hidden, d_output):
        """The gradients of the parameters, and of x."""
        weight_0, _, weight_1, _ = self.parameters
        d_hidden = (d_output @ weight_1) * (hidden > 0)
        gradients = [d_hidden.T @ x, d_hidden.sum(axis=0), d_output.T @ hidden, d_output.sum(axis=0)]
        return gradients, d_hidden @ weight_0

    def adam(self, gradients):
        """One update; returns the gradients' norm."""
        self.updates += 1
        for parameter, gradient, first, second in zip(self.parameters, gradients, self.first, self.second):
            first[:] = 0.9 * first + 0.1 * gradient
            second[:] = 0.999 * second + 0.001 * gradient**2
            unbiased_first = first / (1 - 0.9**self.updates)
            unbiased_second = second / (1 - 0.999**self.updates)
            parameter -= LEARNING_RATE * unbiased_first / (np.sqrt(unbiased_second) + 1e-8)
        return np.sqrt(sum((gradient**2).sum() for gradient in gradients))


def vanilla(tensors):
    """The steps' numbers and the two nets after them: D, then G on the same z through the new D."""
    generator, discriminator = TwoLayers(tensors, "generator"), TwoLayers(tensors, "discriminator")
    pixels = np.array([[(i * 37 + p * 101 + i * p * 13 + 7) % 256 for p in range(PIXELS)] for i in range(IMAGES)])
    steps_per_epoch = IMAGES // BATCH
    steps = []
    for step in range(STEPS):
        epoch, first = step // steps_per_epoch, step % steps_per_epoch * BATCH
        real = pixels[philox.permutation(SEED, epoch, IMAGES)[first:first + BATCH]] / 255
        z = philox.normal(SEED, philox.NOISE, 2 * step, BATCH, Z)
        g_hidden, logits = generator.forward(z)
        fake = sigmoid(logits)

        both = np.concatenate([real, fake])
        hidden, d = discriminator.forward(both)
        is_real = np.repeat([1.0, 0.0], BATCH)[:, None]
        probability = sigmoid(d)
        loss_d = -np.log(np.where(is_real == 1, probability, 1 - probability)).sum() / BATCH
        gradients, _ = discriminator.backward(both, hidden, (probability - is_real) / BATCH)
        norm_d = discriminator.adam(gradients)

        hidden, d = discriminator.forward(fake)
        loss_g = -np.log(sigmoid(d)).mean()
        _, d_fake = discriminator.backward(fake, hidden, (sigmoid(d) - 1) / BATCH)
        gradients, _ = generator.backward(z, g_hidden, d_fake * fake * (1 - fake))
        norm_g = generator.adam(gradients)
        steps.append([loss_d, loss_g, probability[:BATCH].mean(), probability[BATCH:].mean(), norm_d, norm_g])
    return np.array(steps), generator, discriminator


def compare(what, expected, found):
    distance = np.linalg.norm(found - expected) / np.linalg.norm(expected)
    print(f"{what}: {distance:.1e}")
    assert distance <= TOLERANCE, what


def verify_vanilla():
    tensors, steps = read(pathlib.Path(__file__).resolve().parent / "vanilla.txt")
    found, generator, discriminator = vanilla(tensors)
    compare("vanilla.txt: steps", steps, found)
    for net, name in (generator, "generator"), (discriminator, "discriminator"):
        for parameter, part in zip(net.parameters, net.NAMES):
            compare(f"vanilla.txt: {name}.{part}", tensors[f"final.{name}.{part}"], parameter)


def verify_batch_norm():
    """As PyTorch's layer, whose momentum is the other way round and whose running variance is the unbiased one."""
    ours = BatchNorm(3, PRESETS["pytorch-gan"])
    theirs = torch.nn.BatchNorm1d(3, eps=0.8, momentum=0.1)
    for _ in range(3):
        x = torch.randn(4, 3)
        compare("batch norm: output", theirs(x).detach().numpy(), ours(x).detach().numpy())
    compare("batch norm: running mean", theirs.running_mean.numpy(), ours.running_mean.numpy())
    compare("batch norm: running variance", theirs.running_var.numpy(), ours.running_var.numpy())


def main():
    torch.set_default_dtype(torch.float64)
    philox.check_known_answers()
    print("philox: known answers as wanted")
    verify_batch_norm()
    verify_vanilla()


if __name__ == "__main__":
    sys.exit(main())
