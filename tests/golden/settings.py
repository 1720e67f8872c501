"""The recipes on shrunken nets: what each golden file is made with. Fields and values are gan-train's flags."""

from dataclasses import dataclass, replace

IMAGES, PIXELS, CLASSES = 24, 9, 3  # of the data set that all cases share
G_WIDTHS, D_WIDTHS = (6, 7, 8, 6), (7, 6, 5)  # as many of them as the recipe has hidden layers


@dataclass(frozen=True)
class Settings:
    g_hidden: tuple
    d_hidden: tuple
    g_activation: str = "relu"  # leaky_relu's slope is .2 throughout
    d_activation: str = "relu"
    output: str = "sigmoid"
    g_batch_norm: str = "none"
    d_batch_norm: str = "none"
    g_batch_norm_first: bool = True
    d_batch_norm_first: bool = True
    batch_norm_momentum: float = 0.99
    batch_norm_epsilon: float = 1e-3
    batch_norm_variance: str = "biased"  # that the running variance averages
    dropout: tuple = ()
    input_dropout: float = 0.0
    loss: str = "non-saturating"
    d_loss_scale: float = 1.0
    label_smoothing: float = 0.0
    r1: float = 0.0
    r2: float = 0.0
    optimizer: str = "adam"
    learning_rate: float = 1e-4
    g_learning_rate: float = 0.0  # 0: learning_rate
    beta_1: float = 0.9
    beta_2: float = 0.999
    momentum: float = 0.0
    decay: float = 0.0
    final_momentum: float = 0.0  # 0: momentum
    momentum_epochs: int = 0  # 0: epochs
    schedule: str = "constant"
    final_learning_rate: float = 0.0
    clip_norm: float = 0.0  # 0: none
    ema: int = 0  # images
    epochs: int = 0  # that a schedule goes by
    order: str = "d-then-g"
    fakes: str = "same_noise"
    d_steps: int = 1
    g_steps: int = 1
    d_batch: str = "separate"
    conditional: bool = False
    noise: str = "normal"
    noise_range: float = 1.0
    batch_size: int = 128
    encoding_dims: int = 128
    seed: int = 0


@dataclass(frozen=True)
class Case:
    preset: str
    flags: dict  # what is set beyond the preset
    settings: Settings  # both together
    initial_seed: int  # of the initial parameters


# gan-train's presets, as far as they bear on the training
PRESETS = {
    "best": Settings(
        g_hidden=(512, 512, 512), d_hidden=(512, 512, 512), g_activation="leaky_relu", d_activation="leaky_relu",
        output="tanh", loss="relativistic", r1=1.0, r2=1.0, learning_rate=1e-3, beta_1=0.0, beta_2=0.99,
        schedule="cosine", final_learning_rate=5e-5, ema=100000, fakes="fresh", epochs=50),
    "vanilla": Settings(g_hidden=(256,), d_hidden=(256,)),
    "rmsprop-bn": Settings(
        g_hidden=(256, 512, 1024), d_hidden=(512, 256), output="tanh", g_batch_norm="before", d_batch_norm="before",
        d_batch_norm_first=False, optimizer="rmsprop", learning_rate=1e-3, decay=3e-8, fakes="fresh"),
    "conditional": Settings(
        g_hidden=(256, 512), d_hidden=(512, 256), g_batch_norm="before", optimizer="rmsprop", learning_rate=1e-3,
        decay=3e-8, fakes="fresh", conditional=True),
    "minimax": Settings(g_hidden=(256,), d_hidden=(256,), output="relu", loss="minimax", learning_rate=2e-4),
    "deep": Settings(
        g_hidden=(256, 512, 1024), d_hidden=(1024, 512, 256), g_activation="leaky_relu", d_activation="leaky_relu",
        output="tanh", g_batch_norm="after", batch_norm_momentum=0.8, dropout=(0.3, 0.3, 0.0), learning_rate=2e-4,
        beta_1=0.5, fakes="fresh"),
    "truncnorm": Settings(g_hidden=(256,), d_hidden=(256,), learning_rate=2e-4, order="g-then-d"),
    "pytorch-gan": Settings(
        g_hidden=(128, 256, 512, 1024), d_hidden=(512, 256), g_activation="leaky_relu", d_activation="leaky_relu",
        output="tanh", g_batch_norm="before", g_batch_norm_first=False, batch_norm_momentum=0.9,
        batch_norm_epsilon=0.8, batch_norm_variance="unbiased", d_loss_scale=0.5, learning_rate=2e-4, beta_1=0.5,
        order="g-then-d", fakes="same_images"),
    "paper": Settings(
        g_hidden=(1200, 1200), d_hidden=(240, 240), d_activation="maxout", dropout=(0.5,), input_dropout=0.2,
        d_loss_scale=0.5, optimizer="sgd", learning_rate=0.1, momentum=0.5, final_momentum=0.7, schedule="exponential",
        decay=4e-6, final_learning_rate=1e-6, order="simultaneous", fakes="same_images", noise="uniform",
        noise_range=3 ** 0.5, epochs=250),
}

SGD = dict(optimizer="sgd", learning_rate=0.05, momentum=0.5)

# file: preset, and what differs from it
VARIATIONS = {
    "deep-d-steps": ("deep", dict(d_steps=2)),
    "deep-merged": ("deep", dict(d_batch="merged")),
    "vanilla-g-steps": ("vanilla", dict(g_steps=2)),
    "rmsprop-bn-merged": ("rmsprop-bn", dict(d_batch="merged", fakes="same_noise")),
    "conditional-merged": ("conditional", dict(d_batch="merged", fakes="same_noise", seed=20140611)),
    "conditional-g-then-d": ("conditional", dict(order="g-then-d", fakes="same_images", d_steps=2)),
    "truncnorm-fresh": ("truncnorm", dict(fakes="fresh")),
    "pytorch-gan-same-noise": ("pytorch-gan", dict(fakes="same_noise")),
    "vanilla-least-squares": ("vanilla", dict(loss="least_squares", label_smoothing=0.1)),
    "vanilla-hinge": ("vanilla", dict(loss="hinge")),
    "deep-r1": ("deep", dict(r1=0.5)),
    "vanilla-r2-merged": ("vanilla", dict(r2=0.3, d_batch="merged")),
    "conditional-r1-r2": ("conditional", dict(r1=0.2, r2=0.4, d_steps=2, d_loss_scale=0.5)),
    "deep-ema": ("deep", dict(ema=40, g_steps=2)),
    "vanilla-cosine-clip": ("vanilla", dict(
        schedule="cosine", final_learning_rate=2e-4, g_learning_rate=2e-3, clip_norm=0.5, epochs=3, g_steps=2)),
    "truncnorm-linear": ("truncnorm", dict(schedule="linear", epochs=3, d_steps=2)),
    "sgd-exponential": ("vanilla", SGD | dict(
        schedule="exponential", final_learning_rate=1e-3, final_momentum=0.9, epochs=3)),
    "sgd-momentum": ("vanilla", SGD | dict(final_momentum=0.9, momentum_epochs=1, epochs=9, d_steps=2)),
    "rmsprop-decay": ("conditional", dict(schedule="exponential", decay=0.05, final_learning_rate=5e-3)),
    "deep-relativistic": ("deep", SGD | dict(loss="relativistic", d_steps=2)),
    "rmsprop-bn-relativistic": ("rmsprop-bn", SGD | dict(loss="relativistic")),
    "conditional-relativistic": ("conditional", SGD | dict(
        loss="relativistic", order="g-then-d", fakes="same_images", d_loss_scale=0.5)),
    "deep-relativistic-g-steps": ("deep", SGD | dict(loss="relativistic", g_steps=2, d_steps=2, fakes="same_noise")),
    "conditional-relativistic-d-steps": ("conditional", SGD | dict(
        loss="relativistic", order="g-then-d", fakes="same_noise", d_steps=2, g_steps=2, r1=0.3)),
    "paper-relativistic": ("paper", dict(loss="relativistic", r1=0.3, r2=0.2, conditional=True, clip_norm=1.0)),
    "conditional-simultaneous": ("conditional", SGD | dict(
        order="simultaneous", fakes="same_images", d_batch_norm="after", ema=40)),
    "vanilla-maxout": ("vanilla", SGD | dict(
        g_activation="maxout", d_activation="maxout", g_batch_norm="after", d_batch_norm="before",
        input_dropout=0.3)),
    "sgd": ("vanilla", dict(
        optimizer="sgd", learning_rate=0.1, g_learning_rate=0.3, momentum=0.5, label_smoothing=0.1, d_loss_scale=2.0,
        noise="uniform", noise_range=1.0, g_activation="tanh", d_activation="sigmoid", output="linear",
        d_hidden=D_WIDTHS[:2], d_batch_norm="after", d_batch_norm_first=True, batch_norm_momentum=0.7,
        batch_norm_epsilon=0.01)),
}

# For each case one that makes it well conditioned, so that a float build can be held to 1e-5: see README.md.
INITIAL_SEEDS = {
    "best": 1,
    "vanilla": 1, "rmsprop-bn": 728, "conditional": 2, "minimax": 1, "deep": 3, "truncnorm": 1, "pytorch-gan": 4,
    "deep-d-steps": 27, "deep-merged": 3, "vanilla-g-steps": 1, "rmsprop-bn-merged": 100, "conditional-merged": 27,
    "conditional-g-then-d": 2, "truncnorm-fresh": 1, "pytorch-gan-same-noise": 4, "sgd": 1,
    "vanilla-least-squares": 1, "vanilla-hinge": 1, "deep-relativistic": 4, "rmsprop-bn-relativistic": 7,
    "conditional-relativistic": 1, "deep-relativistic-g-steps": 10, "conditional-relativistic-d-steps": 1, "deep-r1": 3, "vanilla-r2-merged": 1, "conditional-r1-r2": 2,
    "paper": 1, "paper-relativistic": 1, "conditional-simultaneous": 7, "vanilla-maxout": 1,
    "deep-ema": 3, "vanilla-cosine-clip": 1, "truncnorm-linear": 1, "sgd-exponential": 1, "sgd-momentum": 1,
    "rmsprop-decay": 2,
}


def shrunken(preset):
    """The flags that shrink a preset's nets, and speed up its learning so that 20 steps show; SGD's is fast enough."""
    flags = dict(
        seed=20140610, batch_size=4, encoding_dims=5, g_hidden=G_WIDTHS[:len(preset.g_hidden)],
        d_hidden=D_WIDTHS[:len(preset.d_hidden)], learning_rate=preset.learning_rate * (1 if preset.optimizer == "sgd" else 10))
    if preset.decay:
        flags["decay"] = 3e-3
    if preset.final_learning_rate:  # which would keep its proportion to the learning rate
        flags["final_learning_rate"] = preset.final_learning_rate
    return flags


def make_case(name, preset, variation):
    flags = shrunken(PRESETS[preset]) | variation
    return Case(preset, flags, replace(PRESETS[preset], **flags), INITIAL_SEEDS[name])


CASES = {name: make_case(name, name, {}) for name in PRESETS}
CASES |= {name: make_case(name, preset, variation) for name, (preset, variation) in VARIATIONS.items()}
