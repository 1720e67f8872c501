#!/usr/bin/env python3
"""PyTorch's part in a race: peer_torch.py CONFIG FOLDER THREADS eager|compiled [epoch]

Trains by the file of gan-train's --print_config, on the images of FOLDER, as it is told on standard input (peer.py), or
one epoch at once. What makes it fast: images that lie in memory as numbers, the real and the generated ones in one pass
through D, no gradient that nobody uses, fused optimizers, no wait for a loss, and with `compiled` torch.compile."""

import copy
import sys

import torch
import torch._inductor.config
from torch import nn
from torch.nn import functional

from peer import Batches, Recipe, read_images, serve


def dense(inputs, outputs, bias, recipe):
    layer = nn.Linear(inputs, outputs, bias=bias)
    kind, _, scale = recipe.init.partition(":")
    if kind == "lecun_uniform":
        return layer  # PyTorch's own
    if kind == "he_normal":
        nn.init.kaiming_normal_(layer.weight)
    elif kind == "glorot_uniform":
        nn.init.xavier_uniform_(layer.weight)
    elif kind == "truncated_normal":
        for tensor in layer.parameters():  # truncnorm's biases, too
            nn.init.trunc_normal_(tensor, std=float(scale), a=-2 * float(scale), b=2 * float(scale))
    if bias and recipe.bias_init == "zero":
        nn.init.zeros_(layer.bias)
    return layer


def generator(recipe, pixels):
    layers, inputs = [], recipe.encoding_dims + 10 * recipe.conditional
    for index, width in enumerate(recipe.g_hidden):
        place = recipe.g_batch_norm if recipe.g_batch_norm == "none" or recipe.g_batch_norm_first or index else "none"
        layers.append(dense(inputs, width, place != "before", recipe))
        steps = [nn.LeakyReLU(recipe.g_slope)] if recipe.g_slope else [nn.ReLU()]
        if place != "none":
            norm = nn.BatchNorm1d(width, recipe.batch_norm_epsilon, 1 - recipe.batch_norm_momentum)
            steps.insert(0 if place == "before" else 1, norm)
        layers += steps
        inputs = width
    return nn.Sequential(*layers, dense(inputs, pixels, True, recipe), {"tanh": nn.Tanh, "sigmoid": nn.Sigmoid}[recipe.output]())


class Discriminator(nn.Module):
    def __init__(self, recipe, pixels):
        super().__init__()
        self.label = dense(10, pixels, True, recipe) if recipe.conditional else None
        layers, inputs = [], pixels * (1 + recipe.conditional)
        for width, rate in zip(recipe.d_hidden, recipe.dropout):
            layers += [dense(inputs, width, True, recipe), nn.LeakyReLU(recipe.d_slope) if recipe.d_slope else nn.ReLU()]
            if rate:
                layers.append(nn.Dropout(rate))
            inputs = width
        self.stack = nn.Sequential(*layers, dense(inputs, 1, recipe.loss != "relativistic", recipe))

    def forward(self, images, labels):
        return self.stack(images if self.label is None else torch.cat([images, self.label(labels)], 1)).squeeze(1)


class Training:
    def __init__(self, recipe, folder, compiled):
        torch.manual_seed(0)
        pixels, labels = read_images(folder, recipe)
        self.recipe, self.images, self.labels = recipe, torch.from_numpy(pixels), torch.from_numpy(labels)
        self.generator, self.discriminator = generator(recipe, pixels.shape[1]), Discriminator(recipe, pixels.shape[1])
        self.g_parameters = list(self.generator.parameters())
        self.d_parameters = list(self.discriminator.parameters())
        self.g_optimizer, self.d_optimizer = self.optimizer(self.g_parameters), self.optimizer(self.d_parameters)
        self.averages = [copy.deepcopy(p.detach()) for p in self.g_parameters]
        self.batches, self.updates = Batches(len(pixels), recipe.batch_size, 0), 0
        self.horizon = recipe.epochs * (len(pixels) // recipe.batch_size)
        self.penalized = recipe.r1 > 0 or recipe.r2 > 0
        if compiled:
            torch._inductor.config.fallback_random = True  # its own random numbers are slower than PyTorch's
            self.generate = torch.compile(self.generate)
            self.loss_of_g = torch.compile(self.loss_of_g)
            if self.penalized:  # torch.compile knows no double backward, but nested transforms
                self.gradients_of_d = torch.compile(self.gradients_of_d)
            else:
                self.loss_of_d = torch.compile(self.loss_of_d)
        self.functional = compiled and self.penalized

    def optimizer(self, parameters):
        recipe = self.recipe
        if recipe.optimizer == "adam":
            return torch.optim.Adam(parameters, recipe.learning_rate, (float(recipe.beta_1), recipe.beta_2), fused=True)
        return torch.optim.RMSprop(parameters, recipe.learning_rate, alpha=0.9, eps=1e-7, foreach=True)

    def noise(self, labels):
        z = torch.randn(len(labels), self.recipe.encoding_dims)
        return torch.cat([z, labels], 1) if self.recipe.conditional else z

    def generate(self, z):
        return self.generator(z)

    def judge(self, logits):
        """What D minimizes, of the logits of as many real as generated images."""
        real, fake = logits.chunk(2)
        if self.recipe.loss == "relativistic":
            return functional.softplus(fake - real).mean()
        return self.recipe.d_loss_scale * (functional.softplus(-real).mean() + functional.softplus(fake).mean())

    def loss_of_d(self, real, fake, labels):
        return self.judge(self.discriminator(torch.cat([real, fake]), labels.repeat(2, 1)))

    def loss_of_g(self, z, real, labels):
        fake = self.generator(z)
        logits = self.discriminator(fake, labels)
        if self.recipe.loss == "relativistic":
            with torch.no_grad():
                on_real = self.discriminator(real, labels)
            return functional.softplus(on_real - logits).mean(), fake
        return functional.softplus(-logits).mean(), fake

    def weights(self, rows):
        """Of the squares of D's gradient by an image: gamma / 2 over the half's images."""
        return torch.tensor([self.recipe.r1, self.recipe.r2]).repeat_interleave(rows) / (2 * rows)

    def penalized_loss_of_d(self, real, fake, labels):
        """By double backward."""
        images = torch.cat([real, fake]).requires_grad_()
        logits = self.discriminator(images, labels.repeat(2, 1))
        loss = self.judge(logits)
        gradient, = torch.autograd.grad(logits.sum(), images, create_graph=True)
        return loss, loss + (gradient.square().sum(1) * self.weights(len(real))).sum()

    def gradients_of_d(self, parameters, real, fake, labels):
        """The same by torch.func's nested transforms."""
        images, labels = torch.cat([real, fake]), labels.repeat(2, 1)

        def logits(parameters, images):
            logits = torch.func.functional_call(self.discriminator, parameters, (images, labels))
            return logits.sum(), logits

        def objective(parameters):
            gradient, on_images = torch.func.grad(logits, argnums=1, has_aux=True)(parameters, images)
            loss = self.judge(on_images)
            return loss + (gradient.square().sum(1) * self.weights(len(real))).sum(), loss

        return torch.func.grad(objective, has_aux=True)(parameters)

    def update_d(self, real, fake, labels):
        if self.functional:
            parameters = {name: p.detach() for name, p in self.discriminator.named_parameters()}
            gradients, loss = self.gradients_of_d(parameters, real, fake, labels)
            for name, p in self.discriminator.named_parameters():
                p.grad = gradients[name]
        else:
            if self.penalized:
                loss, objective = self.penalized_loss_of_d(real, fake, labels)
            else:
                loss = objective = self.loss_of_d(real, fake, labels)
            self.d_optimizer.zero_grad()
            objective.backward(inputs=self.d_parameters)
        self.descend(self.d_optimizer)
        return loss.detach()

    def update_g(self, z, real, labels):
        self.discriminator.requires_grad_(False)  # or a compiled region finds its gradients, too
        loss, fake = self.loss_of_g(z, real, labels)
        self.discriminator.requires_grad_(True)
        self.g_optimizer.zero_grad()
        loss.backward(inputs=self.g_parameters)
        self.descend(self.g_optimizer)
        if self.recipe.ema:
            torch._foreach_lerp_(self.averages, [p.detach() for p in self.g_parameters],
                                 1 - self.recipe.average_keeps(self.updates + 1))
        return loss.detach(), fake.detach()

    def descend(self, optimizer):
        optimizer.param_groups[0]["lr"] = self.recipe.rate(self.updates, self.horizon)
        optimizer.step()

    def step(self):
        recipe = self.recipe
        rows = torch.from_numpy(self.batches.next())
        real, labels = self.images.index_select(0, rows), self.labels.index_select(0, rows)
        z = self.noise(labels)
        if recipe.order == "g-then-d":
            loss_g, fake = self.update_g(z, real, labels)
            if recipe.fakes == "same_noise":
                with torch.no_grad():
                    fake = self.generate(z)
            loss_d = self.update_d(real, fake, labels)
        else:
            with torch.no_grad():
                fake = self.generate(z)
            loss_d = self.update_d(real, fake, labels)
            loss_g, _ = self.update_g(self.noise(labels), real, labels)
        self.updates += 1
        return loss_d, loss_g

    def train(self, steps):
        sum_d, sum_g = torch.zeros(()), torch.zeros(())
        for _ in range(steps):
            loss_d, loss_g = self.step()
            sum_d += loss_d
            sum_g += loss_g
        return sum_d.item() / steps, sum_g.item() / steps


def main():
    config, folder, threads, kind, *epoch = sys.argv[1:]
    torch.set_flush_denormal(True)
    torch.set_num_threads(int(threads))
    training = Training(Recipe(config), folder, kind == "compiled")
    if epoch:
        print(*training.train(len(training.images) // training.recipe.batch_size))
    else:
        serve(training.train)


if __name__ == "__main__":
    main()
