"""The training of a GAN by its recipe, in PyTorch: its autograd and its optimizers, in PyTorch's default type."""

import copy
import math
from functools import partial

import numpy as np
import torch
from torch import nn
from torch.nn import functional

import philox
from settings import CLASSES, IMAGES, PIXELS

class Maxout(nn.Module):
    """The largest of PIECES, which lie one after another in a row: [pieces][units]."""
    PIECES = 5

    def forward(self, x):
        return x.unflatten(1, (self.PIECES, -1)).max(dim=1).values


ACTIVATIONS = {
    "linear": nn.Identity,
    "relu": nn.ReLU,
    "leaky_relu": partial(nn.LeakyReLU, 0.2),
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "maxout": Maxout,
}


def to_tensor(values):
    """NumPy's numbers as the tensor the nets compute in: float64, unless PyTorch's default is changed."""
    return torch.tensor(values, dtype=torch.get_default_dtype())


def softplus(x):
    """log(1 + exp(x)); PyTorch's own is x itself from 20 on, wrong by 2e-9 there."""
    return torch.logaddexp(x, torch.zeros_like(x))


class BatchNorm(nn.Module):
    def __init__(self, width, settings):
        super().__init__()
        self.settings = settings
        self.weight = nn.Parameter(torch.ones(width))  # gamma
        self.bias = nn.Parameter(torch.zeros(width))  # beta
        self.register_buffer("running_mean", torch.zeros(width))
        self.register_buffer("running_var", torch.ones(width))

    def forward(self, x):
        self.move_running_statistics(x.detach())
        mean, variance = x.mean(dim=0), x.var(dim=0, correction=0)
        return self.weight * (x - mean) / torch.sqrt(variance + self.settings.batch_norm_epsilon) + self.bias

    def move_running_statistics(self, x):
        momentum = self.settings.batch_norm_momentum
        correction = 1 if self.settings.batch_norm_variance == "unbiased" else 0
        self.running_mean.mul_(momentum).add_((1 - momentum) * x.mean(dim=0))
        self.running_var.mul_(momentum).add_((1 - momentum) * x.var(dim=0, correction=correction))


INPUT = 255  # in the place of a hidden layer's index


class Dropout(nn.Module):
    def __init__(self, index, rate, seed):
        super().__init__()
        self.index, self.rate, self.seed = index, rate, seed

    def forward(self, x, update, first_row):
        """The rows of x are rows first_row ... of what passes through the net in the given update."""
        rows, units = x.shape
        word = philox.words(self.seed, philox.DROPOUT, self.index, update, first_row + rows, units)[first_row:]
        return x * torch.tensor(word >= int(self.rate * 2.0**32)) / (1 - self.rate)


def hidden_layers(inputs, outputs, activation, batch_norm, settings):
    """Dense, [batch norm], activation, [batch norm]; before batch norm a bias has no effect."""
    columns = Maxout.PIECES * outputs if activation == "maxout" else outputs
    yield nn.Linear(inputs, columns, bias=batch_norm != "before")
    if batch_norm == "before":
        yield BatchNorm(columns, settings)
    yield ACTIVATIONS[activation]()
    if batch_norm == "after":
        yield BatchNorm(outputs, settings)


class Network(nn.Module):
    """A stack of layers, which name their tensors by their places in it, as in nn.Sequential."""

    def __init__(self, inputs, hidden, outputs, activation, output, batch_norm, batch_norm_first, dropout, settings,
                 input_dropout=0.0, output_bias=True):
        super().__init__()
        self.stack = [Dropout(INPUT, input_dropout, settings.seed)] if input_dropout else []
        for index, width in enumerate(hidden):
            place = batch_norm if index > 0 or batch_norm_first else "none"
            self.stack += hidden_layers(inputs, width, activation, place, settings)
            rate = dropout[min(index, len(dropout) - 1)] if dropout else 0.0
            if rate > 0.0:
                self.stack.append(Dropout(index, rate, settings.seed))
            inputs = width
        self.stack += [nn.Linear(inputs, outputs, bias=output_bias), ACTIVATIONS[output]()]
        for index, layer in enumerate(self.stack):
            self.add_module(str(index), layer)


class Generator(Network):
    def __init__(self, settings):
        super().__init__(
            settings.encoding_dims + CLASSES * settings.conditional, settings.g_hidden, PIXELS, settings.g_activation,
            settings.output, settings.g_batch_norm, settings.g_batch_norm_first, (), settings)
        self.conditional = settings.conditional

    def forward(self, z, one_hot):
        x = torch.cat([z, one_hot], dim=1) if self.conditional else z
        for layer in self.stack:
            x = layer(x)
        return x


class Discriminator(Network):
    def __init__(self, settings):
        super().__init__(
            PIXELS * (1 + settings.conditional), settings.d_hidden, 1, settings.d_activation, "linear",
            settings.d_batch_norm, settings.d_batch_norm_first, settings.dropout, settings,
            input_dropout=settings.input_dropout, output_bias=settings.loss != "relativistic")  # it would cancel in a pair
        self.label = nn.Linear(CLASSES, PIXELS) if settings.conditional else None
        self.inputs_dropped = settings.input_dropout > 0

    def forward(self, images, one_hot, update, first_row):
        """The logits [rows]. The rows are rows first_row ... of what passes through D in the given update."""
        x, first = images, 0
        if self.inputs_dropped:  # labels are never dropped
            x, first = self.stack[0](x, update, first_row), 1
        x = torch.cat([x, self.label(one_hot)], dim=1) if self.label else x
        for layer in self.stack[first:]:
            x = layer(x, update, first_row) if isinstance(layer, Dropout) else layer(x)
        return x[:, 0]


class Optimizer:
    """One of PyTorch's, with schedules; `epoch` is the number of its updates in one."""

    def __init__(self, network, learning_rate, epoch, settings):
        self.parameters = list(network.parameters())
        self.settings, self.learning_rate, self.epoch, self.updates = settings, learning_rate, epoch, 0
        self.optimizer = {
            "adam": lambda p: torch.optim.Adam(p, betas=(settings.beta_1, settings.beta_2), eps=1e-8),
            "rmsprop": lambda p: torch.optim.RMSprop(p, alpha=0.9, eps=1e-7),
            "sgd": lambda p: torch.optim.SGD(p, momentum=settings.momentum),
        }[settings.optimizer](self.parameters)

    def passed(self, epochs=0):
        horizon = (epochs or self.settings.epochs) * self.epoch
        return min(1, self.updates / horizon) if horizon else 1

    def rate(self):
        settings = self.settings
        last = self.learning_rate * settings.final_learning_rate / settings.learning_rate
        if settings.schedule == "linear":
            return last + (self.learning_rate - last) * (1 - self.passed())
        if settings.schedule == "cosine":
            return last + (self.learning_rate - last) * (1 + math.cos(math.pi * self.passed())) / 2
        if settings.schedule == "exponential" and settings.decay:
            return max(last, self.learning_rate / (1 + settings.decay) ** self.updates)
        if settings.schedule == "exponential":
            return self.learning_rate * (last / self.learning_rate) ** self.passed()
        return self.learning_rate / (1 + settings.decay * self.updates)

    def descend(self, loss):
        """One update of the network; returns the norm of its gradient, before it is clipped."""
        self.differentiate(loss)
        return self.update()

    def differentiate(self, loss, keep_graph=False):
        self.optimizer.zero_grad()
        loss.backward(inputs=self.parameters, retain_graph=keep_graph)

    def update(self):
        settings, group = self.settings, self.optimizer.param_groups[0]
        group["lr"] = self.rate()
        if settings.final_momentum:
            passed = self.passed(settings.momentum_epochs)
            group["momentum"] = settings.momentum + (settings.final_momentum - settings.momentum) * passed
        norm = torch.cat([p.grad.flatten() for p in self.parameters]).norm().item()
        if settings.clip_norm and norm > settings.clip_norm:
            for parameter in self.parameters:
                parameter.grad *= settings.clip_norm / norm
        self.optimizer.step()
        self.updates += 1
        return norm


class Data:
    """The images as numbers, handed out epoch for epoch."""

    def __init__(self, settings):
        i, p = np.arange(IMAGES)[:, None], np.arange(PIXELS)
        pixels = to_tensor((i * 37 + p * 101 + i * p * 13 + 7) % 256)
        self.images = pixels / 127.5 - 1 if settings.output == "tanh" else pixels / 255
        self.labels = torch.arange(IMAGES) % CLASSES
        self.seed, self.epoch, self.left = settings.seed, 0, []

    def step_batches(self, count, size):
        """The count batches of a step, each (images, labels)."""
        if len(self.left) < count * size:
            self.left = philox.permutation(self.seed, self.epoch, IMAGES)
            self.epoch += 1
        taken, self.left = self.left[:count * size], self.left[count * size:]
        batches = [taken[k * size:(k + 1) * size] for k in range(count)]
        return [(self.images[rows], self.labels[rows]) for rows in batches]


def discriminator_loss(settings, on_real, on_fake):
    smoothing = settings.label_smoothing
    if settings.loss == "least_squares":
        return ((on_real - (1 - smoothing)) ** 2).mean() / 2 + (on_fake ** 2).mean() / 2
    if settings.loss == "hinge":
        return functional.relu(1 - on_real).mean() + functional.relu(1 + on_fake).mean()
    if settings.loss == "relativistic":
        return softplus(-(on_real - on_fake)).mean()
    return (((1 - smoothing) * softplus(-on_real) + smoothing * softplus(on_real)).mean()
            + softplus(on_fake).mean())


def generator_loss(settings, on_real, on_fake):
    if settings.loss == "least_squares":
        return ((on_fake - 1) ** 2).mean() / 2
    if settings.loss == "hinge":
        return -on_fake.mean()
    if settings.loss == "relativistic":
        return softplus(-(on_fake - on_real)).mean()
    return softplus(-on_fake).mean() if settings.loss == "non-saturating" else -softplus(on_fake).mean()


def penalty(gamma, logits, images):
    """gamma / 2 times the mean square of the logits' gradient by their images; differentiable itself."""
    if gamma == 0:
        return 0
    gradient, = torch.autograd.grad(logits.sum(), images, create_graph=True)
    return gamma / 2 * (gradient ** 2).sum(1).mean()


def verdicts(settings, on_real, on_fake):
    """D(x) of the images of both kinds."""
    if settings.loss == "least_squares":
        return on_real, on_fake
    if settings.loss == "relativistic":
        return torch.sigmoid(on_real - on_fake), torch.sigmoid(on_fake - on_real)
    return torch.sigmoid(on_real), torch.sigmoid(on_fake)


class Training:
    """A run. What an update of the first net worked on is held for the second net's first update in the step."""

    def __init__(self, settings):
        self.settings = settings
        self.data = Data(settings)
        self.generator, self.discriminator = Generator(settings), Discriminator(settings)
        images = settings.d_steps * settings.batch_size // (2 if settings.d_batch == "merged" else 1)
        steps = IMAGES // images  # in an epoch
        self.g_optimizer = Optimizer(self.generator, settings.g_learning_rate or settings.learning_rate,
                                     steps * settings.g_steps, settings)
        self.d_optimizer = Optimizer(self.discriminator, settings.learning_rate, steps * settings.d_steps, settings)
        self.average = copy.deepcopy(self.generator) if settings.ema else None  # of the weights, and what goes with them
        self.g_updates = 0
        self.update = 0  # the number of the present one, of either net
        self.held_z = self.held_images = None

    def step(self):
        """A step of D's and G's updates; returns what is recorded of it."""
        settings = self.settings
        if settings.order == "simultaneous":
            return self.step_of_both()
        real_rows = settings.batch_size // (2 if settings.d_batch == "merged" else 1)
        batches = self.data.step_batches(settings.d_steps, real_rows)
        d_first = settings.order == "d-then-g"
        beside_g = batches[-1 if d_first else 0]
        of_d = [partial(self.update_discriminator, *batch) for batch in batches]
        of_g = [partial(self.update_generator, *beside_g)] * settings.g_steps
        first, second = (of_d, of_g) if d_first else (of_g, of_d)
        records = {}
        for k, update in enumerate(first + second):
            reuse = k == len(first) and settings.fakes != "fresh"
            for key, value in update(reuse).items():
                records.setdefault(key, []).append(value)
            self.update += 1
        return {key: sum(values) / len(values) for key, values in records.items()}

    def step_of_both(self):
        """Both nets' gradients from the same passes, then both updates."""
        settings = self.settings
        (real, labels), = self.data.step_batches(1, settings.batch_size)
        one_hot = encoded(labels, len(real))
        real = real.clone().requires_grad_()
        fake = self.generate(labels, len(real))
        on_real = self.discriminator(real, one_hot, self.update, 0)
        on_fake = self.discriminator(fake, one_hot, self.update, len(real))
        loss_g = generator_loss(settings, on_real, on_fake)
        objective_d, record = self.judgement(real, fake, on_real, on_fake)
        self.d_optimizer.differentiate(objective_d, keep_graph=True)
        self.g_optimizer.differentiate(loss_g)
        record |= {"loss_g": loss_g.item(), "grad_norm_d": self.d_optimizer.update(),
                   "grad_norm_g": self.g_optimizer.update()}
        self.finish_generator()
        self.update += 2
        return record

    def judgement(self, real, fake, on_real, on_fake):
        """What D minimizes, and what is recorded of it."""
        settings = self.settings
        loss = settings.d_loss_scale * discriminator_loss(settings, on_real, on_fake)
        if settings.d_batch == "merged":
            loss = loss / 2
        penalties = penalty(settings.r1, on_real, real) + penalty(settings.r2, on_fake, fake)
        d_real, d_fake = verdicts(settings, on_real.detach(), on_fake.detach())
        return loss + penalties, {
            "loss_d": loss.item(), "d_real": d_real.mean().item(), "d_fake": d_fake.mean().item()}

    def update_discriminator(self, real, labels, reuse):
        settings, rows = self.settings, len(real)
        fake, one_hot = self.fakes_for_discriminator(labels, reuse)
        real, fake = real.clone().requires_grad_(), fake.clone().requires_grad_()
        if settings.d_batch == "merged":
            logits = self.discriminator(torch.cat([real, fake]), one_hot.repeat(2, 1), self.update, 0)
            on_real, on_fake = logits[:rows], logits[rows:]
        else:
            on_real = self.discriminator(real, one_hot, self.update, 0)
            on_fake = self.discriminator(fake, one_hot, self.update, rows)
        objective, record = self.judgement(real, fake, on_real, on_fake)
        return record | {"grad_norm_d": self.d_optimizer.descend(objective)}

    def fakes_for_discriminator(self, labels, reuse):
        """As many fakes as there are labels, carrying them; and the labels one-hot."""
        settings, rows = self.settings, len(labels)
        one_hot = encoded(labels, rows)
        if reuse and settings.fakes == "same_images":
            images = self.held_images[:rows]
        elif reuse:
            images = self.generator(self.held_z[:rows], one_hot)
        else:
            # what G's update will reuse is made as a full batch, of which D takes the first rows
            shared = settings.order == "d-then-g" and settings.fakes != "fresh"
            images = self.generate(labels, settings.batch_size if shared else rows)[:rows]
        return images.detach(), one_hot

    def update_generator(self, real, labels, reuse):
        settings = self.settings
        # reused fakes come from D's update just before: G is still what made them, so they are not made again
        fake = self.held_images if reuse else self.generate(labels, settings.batch_size)
        one_hot = encoded(labels, len(fake))
        pairs = settings.loss == "relativistic"
        on_real = self.discriminator(real, one_hot, self.update, 0) if pairs else None
        on_fake = self.discriminator(fake, one_hot, self.update, len(real) if pairs else 0)
        loss = generator_loss(settings, on_real, on_fake)
        record = {"loss_g": loss.item(), "grad_norm_g": self.g_optimizer.descend(loss)}
        self.finish_generator()
        return record

    def finish_generator(self):
        self.g_updates += 1
        if self.settings.ema:
            self.move_average()

    def move_average(self):
        settings = self.settings
        half_life = min(settings.ema, self.g_updates * settings.batch_size / 20)
        keep = 0.5 ** (settings.batch_size / half_life)
        current = self.generator.state_dict()
        for name, tensor in self.average.state_dict().items():
            tensor.copy_(keep * tensor + (1 - keep) * current[name])

    def generate(self, labels, rows):
        """Fakes of a new z, with their graph back into G."""
        self.held_z = self.noise(rows)
        self.held_images = self.generator(self.held_z, encoded(labels, rows))
        return self.held_images

    def noise(self, rows):
        settings = self.settings
        if settings.noise == "uniform":
            z = philox.uniform(settings.seed, philox.NOISE, self.update, -settings.noise_range, settings.noise_range,
                               rows, settings.encoding_dims)
        else:
            z = philox.normal(settings.seed, philox.NOISE, self.update, rows, settings.encoding_dims)
        return to_tensor(z)


def encoded(labels, rows):
    """Labels one-hot, [rows][CLASSES], repeated from the first where there are more rows than labels."""
    return functional.one_hot(labels[torch.arange(rows) % len(labels)], CLASSES).to(torch.get_default_dtype())
