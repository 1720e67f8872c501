#!/usr/bin/env python3
"""JAX's part in a race: peer_jax.py CONFIG FOLDER THREADS scan [epoch]

Trains by the file of gan-train's --print_config, on the images of FOLDER, as it is told on standard input (peer.py), or
one epoch at once. What makes it fast: one jitted scan over SCAN steps, whose state is donated, with the images on board,
the real and the generated ones in one pass through D, and a generator of random bits that is cheap on a CPU."""

import os
import sys
from functools import partial

SCAN = 20
if __name__ == "__main__":
    cores = sorted(os.sched_getaffinity(0))[:int(sys.argv[3])]
    os.sched_setaffinity(0, cores)  # before JAX sizes its pools by them

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax, random

from peer import Batches, Recipe, read_images, serve

jax.config.update("jax_default_prng_impl", "unsafe_rbg")


def dense(key, inputs, outputs, bias, recipe):
    kind, _, scale = recipe.init.partition(":")
    shape = inputs, outputs
    if kind == "he_normal":
        weight = random.normal(key, shape) * (2 / inputs) ** 0.5
    elif kind == "glorot_uniform":
        weight = random.uniform(key, shape, minval=-1, maxval=1) * (6 / (inputs + outputs)) ** 0.5
    elif kind == "lecun_uniform":
        weight = random.uniform(key, shape, minval=-1, maxval=1) * inputs ** -0.5
    else:
        weight = float(scale) * random.truncated_normal(key, -2, 2, shape)
    layer = {"w": weight}
    if bias:
        layer["b"] = jnp.zeros(outputs)
    if bias and recipe.bias_init == "weights":
        layer["b"] = float(scale or inputs ** -0.5) * random.uniform(random.fold_in(key, 1), (outputs,), minval=-1, maxval=1)
    return layer


def apply(layer, x):
    y = x @ layer["w"]
    return y + layer["b"] if "b" in layer else y


def leaky(x, slope):
    return jnp.where(x > 0, x, slope * x) if slope else jax.nn.relu(x)


def place_of(recipe, index):
    return recipe.g_batch_norm if recipe.g_batch_norm_first or index else "none"


class Nets:
    """The two nets' parameters as lists of layers, and what they compute."""

    def __init__(self, recipe, pixels):
        self.recipe, self.pixels = recipe, pixels
        if recipe.g_batch_norm == "none":
            recipe.g_batch_norm_first = False

    def generator(self, key):
        recipe, layers, inputs = self.recipe, [], self.recipe.encoding_dims + 10 * self.recipe.conditional
        for index, width in enumerate(recipe.g_hidden):
            place = place_of(recipe, index)
            layer = dense(random.fold_in(key, index), inputs, width, place != "before", recipe)
            if place != "none":
                layer |= {"gamma": jnp.ones(width), "beta": jnp.zeros(width)}
            layers.append(layer)
            inputs = width
        return layers + [dense(random.fold_in(key, 99), inputs, self.pixels, True, recipe)]

    def statistics(self):
        """G's running means and variances."""
        return [(jnp.zeros(width), jnp.ones(width)) for index, width in enumerate(self.recipe.g_hidden)
                if place_of(self.recipe, index) != "none"]

    def discriminator(self, key):
        recipe, layers, inputs = self.recipe, [], self.pixels * (1 + self.recipe.conditional)
        for index, width in enumerate(recipe.d_hidden):
            layers.append(dense(random.fold_in(key, index), inputs, width, True, recipe))
            inputs = width
        layers.append(dense(random.fold_in(key, 99), inputs, 1, recipe.loss != "relativistic", recipe))
        return layers + ([dense(random.fold_in(key, 98), 10, self.pixels, True, recipe)] if recipe.conditional else [])

    def normalize(self, layer, x, running):
        recipe = self.recipe
        mean = x.mean(0)
        variance = jnp.square(x - mean).mean(0)
        keep = recipe.batch_norm_momentum
        moved = tuple(keep * old + (1 - keep) * lax.stop_gradient(new) for old, new in zip(running, (mean, variance)))
        scale = layer["gamma"] * lax.rsqrt(variance + recipe.batch_norm_epsilon)
        return (x - mean) * scale + layer["beta"], moved

    def generate(self, layers, statistics, z):
        recipe, x, moved = self.recipe, z, []
        for index, layer in enumerate(layers[:-1]):
            x, place = apply(layer, x), place_of(recipe, index)
            if place == "before":
                x, running = self.normalize(layer, x, statistics[len(moved)])
                moved.append(running)
            x = leaky(x, recipe.g_slope)
            if place == "after":
                x, running = self.normalize(layer, x, statistics[len(moved)])
                moved.append(running)
        x = apply(layers[-1], x)
        return (jnp.tanh(x) if recipe.output == "tanh" else jax.nn.sigmoid(x)), moved

    def judge(self, layers, images, labels, key):
        recipe, x = self.recipe, images
        if recipe.conditional:
            x, layers = jnp.concatenate([images, apply(layers[-1], labels)], 1), layers[:-1]
        for index, (layer, rate) in enumerate(zip(layers[:-1], recipe.dropout)):
            x = leaky(apply(layer, x), recipe.d_slope)
            if rate:
                kept = random.bernoulli(random.fold_in(key, index), 1 - rate, x.shape)
                x = jnp.where(kept, x / (1 - rate), 0)
        return apply(layers[-1], x)[:, 0]


class Training:
    def __init__(self, recipe, folder):
        pixels, labels = read_images(folder, recipe)
        self.recipe, self.nets = recipe, Nets(recipe, pixels.shape[1])
        self.images, self.labels = jnp.asarray(pixels), jnp.asarray(labels)
        self.batches, self.updates = Batches(len(pixels), recipe.batch_size, 0), 0
        self.horizon = recipe.epochs * (len(pixels) // recipe.batch_size)
        key = random.key(0)
        g, d = self.nets.generator(random.fold_in(key, 0)), self.nets.discriminator(random.fold_in(key, 1))
        self.state = {"g": g, "d": d, "g_moments": self.moments(g), "d_moments": self.moments(d),
                      "statistics": self.nets.statistics(), "average": jax.tree.map(jnp.copy, g if recipe.ema else []),
                      "key": random.fold_in(key, 2)}
        self.scan = jax.jit(self.scanned, donate_argnums=0)

    def moments(self, parameters):
        """Adam's first one is the gradient where beta_1 is 0."""
        count = 2 if self.recipe.optimizer == "adam" and self.recipe.beta_1 else 1
        return [jax.tree.map(jnp.zeros_like, parameters) for _ in range(count)]

    def descend(self, parameters, moments, gradients, rate, update):
        """Adam, or RMSprop; update is the number of it, from 1."""
        recipe = self.recipe
        if recipe.optimizer == "adam":
            b1, b2 = recipe.beta_1, recipe.beta_2
            m = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, moments[0], gradients) if b1 else gradients
            v = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g * g, moments[-1], gradients)
            scale, root = rate / (1 - b1 ** update), 1 / jnp.sqrt(1 - b2 ** update)
            moved = jax.tree.map(lambda p, m, v: p - scale * m / (jnp.sqrt(v) * root + 1e-8), parameters, m, v)
            return moved, [m, v] if b1 else [v]
        v = jax.tree.map(lambda v, g: 0.9 * v + 0.1 * g * g, moments[0], gradients)
        return jax.tree.map(lambda p, v, g: p - rate * g / (jnp.sqrt(v) + 1e-7), parameters, v, gradients), [v]

    def loss_of_d(self, d, real, fake, labels, key):
        recipe, rows = self.recipe, len(real)
        images, labels = jnp.concatenate([real, fake]), jnp.concatenate([labels, labels])

        def of(logits):
            on_real, on_fake = logits[:rows], logits[rows:]
            if recipe.loss == "relativistic":
                return jax.nn.softplus(on_fake - on_real).mean()
            return recipe.d_loss_scale * (jax.nn.softplus(-on_real).mean() + jax.nn.softplus(on_fake).mean())

        if not recipe.r1 and not recipe.r2:
            loss = of(self.nets.judge(d, images, labels, key))
            return loss, loss

        def summed(images):
            logits = self.nets.judge(d, images, labels, key)
            return logits.sum(), logits

        gradient, logits = jax.grad(summed, has_aux=True)(images)
        squares, loss = jnp.square(gradient).sum(1), of(logits)
        return loss + recipe.r1 / 2 * squares[:rows].mean() + recipe.r2 / 2 * squares[rows:].mean(), loss

    def loss_of_g(self, g, statistics, d, z, real, labels, key):
        fake, moved = self.nets.generate(g, statistics, z)
        logits = self.nets.judge(d, fake, labels, key)
        if self.recipe.loss == "relativistic":
            logits = logits - self.nets.judge(d, real, labels, key)
        return jax.nn.softplus(-logits).mean(), (moved, fake)

    def noise(self, key, labels):
        z = random.normal(key, (len(labels), self.recipe.encoding_dims))
        return jnp.concatenate([z, labels], 1) if self.recipe.conditional else z

    def step(self, images, all_labels, state, given):
        recipe = self.recipe
        rows, rate, update, keep = given
        real, labels = images[rows], all_labels[rows]
        key, *keys = random.split(state["key"], 5)
        state = state | {"key": key}
        z = self.noise(keys[0], labels)

        def update_g(state, z):
            (loss, (moved, fake)), gradients = jax.value_and_grad(self.loss_of_g, has_aux=True)(
                state["g"], state["statistics"], state["d"], z, real, labels, keys[1])
            g, moments = self.descend(state["g"], state["g_moments"], gradients, rate, update)
            average = state["average"]
            if recipe.ema:
                average = jax.tree.map(lambda a, p: keep * a + (1 - keep) * p, average, g)
            return state | {"g": g, "g_moments": moments, "statistics": moved, "average": average}, loss, fake

        def update_d(state, fake):
            (_, loss), gradients = jax.value_and_grad(self.loss_of_d, has_aux=True)(
                state["d"], real, fake, labels, keys[2])
            d, moments = self.descend(state["d"], state["d_moments"], gradients, rate, update)
            return state | {"d": d, "d_moments": moments}, loss

        def made(state):
            fake, moved = self.nets.generate(state["g"], state["statistics"], z)
            return state | {"statistics": moved}, fake

        if recipe.order == "g-then-d":
            state, loss_g, fake = update_g(state, z)
            if recipe.fakes == "same_noise":
                state, fake = made(state)
            state, loss_d = update_d(state, fake)
        else:
            state, fake = made(state)
            state, loss_d = update_d(state, fake)
            state, loss_g, _ = update_g(state, self.noise(keys[3], labels))
        return state, (loss_d, loss_g)

    def scanned(self, state, images, labels, given):
        state, losses = lax.scan(partial(self.step, images, labels), state, given, unroll=2)  # 1 to 7 % faster than 1
        return state, jax.tree.map(jnp.sum, losses)

    def train(self, steps):
        recipe, sums = self.recipe, []
        for _ in range(steps // SCAN):
            updates = np.arange(self.updates, self.updates + SCAN)
            given = (self.batches.take(SCAN).astype(np.int32),
                     np.float32([recipe.rate(u, self.horizon) for u in updates]), np.float32(updates + 1),
                     np.float32([recipe.average_keeps(u + 1) if recipe.ema else 0 for u in updates]))
            self.state, losses = self.scan(self.state, self.images, self.labels, given)
            self.updates += SCAN
            sums.append(losses)
        return [sum(float(pair[i]) for pair in sums) / steps for i in range(2)]


def main():
    config, folder, _, _, *epoch = sys.argv[1:]
    training = Training(Recipe(config), folder)
    if epoch:
        print(*training.train(len(training.images) // training.recipe.batch_size // SCAN * SCAN))
    else:
        serve(training.train)


if __name__ == "__main__":
    main()
