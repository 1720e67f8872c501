"""What the peers in a race have in common: the recipe, the images, and the talk with race.py."""

import gzip
import json
import math
import pathlib
import sys
import time

import numpy as np


class Recipe:
    """What `gan-train FLAG ... --print_config` prints, its lists as lists; what a peer has no code for is refused."""

    def __init__(self, path):
        values = json.loads(pathlib.Path(path).read_text())
        known = {"noise": ["normal"], "input_dropout": [0], "output_bias": ["same"], "output": ["tanh", "sigmoid"],
                 "init": ["he_normal", "glorot_uniform", "lecun_uniform", "truncated_normal"],
                 "d_batch_norm": ["none"], "clip_norm": [0], "label_smoothing": [0], "d_steps": [1], "g_steps": [1],
                 "d_batch": ["separate"], "loss": ["non-saturating", "relativistic"], "optimizer": ["adam", "rmsprop"],
                 "schedule": ["constant", "cosine"], "g_learning_rate": ["same"]}
        for name, wanted in known.items():
            value = values.get(name, wanted[0])
            if (value.partition(":")[0] if name == "init" else value) not in wanted:
                sys.exit(f"{name} {value}: the peers know {', '.join(map(str, wanted))} alone")
        turn = values["order"], values["fakes"]
        if turn not in [("d-then-g", "fresh"), ("g-then-d", "same_noise"), ("g-then-d", "same_images")]:
            sys.exit(f"order {turn[0]} with fakes {turn[1]}: the peers do not know that")
        self.__dict__.update(values)
        self.g_hidden, self.d_hidden = (
            [int(width) for width in values[name].split(",")] for name in ("g_hidden", "d_hidden"))
        rates = [] if self.dropout == "none" else [float(rate) for rate in self.dropout.split(",")]
        self.dropout = [rates[min(i, len(rates) - 1)] if rates else 0.0 for i in range(len(self.d_hidden))]
        self.g_activation, self.g_slope = activation(self.g_activation)
        self.d_activation, self.d_slope = activation(self.d_activation)

    def rate(self, update, horizon):
        """The learning rate of an update."""
        passed = min(1.0, update / horizon)
        if self.schedule == "cosine":
            share = self.final_learning_rate / self.learning_rate
            return self.learning_rate * (share + (1 - share) * (1 + math.cos(math.pi * passed)) / 2)
        return self.learning_rate / (1 + self.decay * update)

    def average_keeps(self, update):
        """Of the moving averages, after update 1, 2, ... of G."""
        return 2 ** (-self.batch_size / min(self.ema, update * self.batch_size / 20))


def activation(text):
    """leaky_relu:0.2 as ("leaky_relu", 0.2); relu is one of slope 0."""
    kind, _, slope = text.partition(":")
    if kind not in ("relu", "leaky_relu"):
        sys.exit(f"{text}: the peers know relu and leaky_relu alone")
    return kind, float(slope or 0)


def read_idx(folder, name):
    for path, reader in (folder / name, open), (folder / (name + ".gz"), gzip.open):
        if path.exists():
            with reader(path, "rb") as file:
                data = file.read()
            sizes = np.frombuffer(data, ">i4", data[3], 4)
            return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(sizes)
    sys.exit(f"{folder}: no {name}")


def read_images(folder, recipe):
    """Images [count][pixels] as the nets take them, and their one-hot labels [count][10]."""
    images = read_idx(pathlib.Path(folder), "train-images-idx3-ubyte")
    labels = read_idx(pathlib.Path(folder), "train-labels-idx1-ubyte")
    scale, offset = (1 / 127.5, -1) if recipe.output == "tanh" else (1 / 255, 0)
    pixels = images.reshape(len(images), -1).astype(np.float32)
    pixels *= scale
    pixels += offset
    return pixels, np.eye(10, dtype=np.float32)[labels]


class Batches:
    """Rows of batches, each epoch in another order."""

    def __init__(self, count, size, seed):
        self.count, self.size, self.random, self.left = count, size, np.random.default_rng(seed), []

    def take(self, steps):
        """[steps][size]"""
        return np.stack([self.next() for _ in range(steps)])

    def next(self):
        if len(self.left) < self.size:
            self.left = self.random.permutation(self.count)
        rows, self.left = self.left[:self.size], self.left[self.size:]
        return rows


def serve(train):
    """Answers race.py: train(steps) makes them and returns the mean losses of D and of G."""
    print("ready", flush=True)
    for line in sys.stdin:
        _, steps = line.split()
        began = time.perf_counter()
        loss_d, loss_g = train(int(steps))
        print(f"{time.perf_counter() - began:.9f} {loss_d:.6f} {loss_g:.6f}", flush=True)
