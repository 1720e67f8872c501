#!/usr/bin/env python3
"""Measures images by another judge than gan-eval's: a small convolutional network, trained here in PyTorch.

    gan-sample out --count 10000 --format idx --output out-images-idx3-ubyte
    scripts/bench/conv_judge.py FOLDER out-images-idx3-ubyte ...

FOLDER holds MNIST's four files, as they are or with .gz. Images are held against the test images, as gan-eval does, in
the 128 features before the classes; the last row is of as many training images. Where a file of labels lies beside the
images, as gan-sample writes it for a conditional run, their share of right classes is shown, too. Prints the table as
Markdown. Needs torch and numpy; some two minutes, and a quarter of one for each set."""

import argparse
import gzip
import pathlib

import numpy as np
import torch
from torch import nn

EPOCHS, BATCH, RATE = 3, 128, 1e-3
NEAREST = 5  # k of the manifolds
ALIVE = 0.1  # of a class' share in the training images


def read_idx(path):
    path = pathlib.Path(path)
    zipped = path.with_name(path.name + ".gz")
    data = gzip.open(zipped).read() if not path.exists() and zipped.exists() else path.read_bytes()
    data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    sizes = np.frombuffer(data, ">i4", data[3], 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(sizes).copy()


class Judge(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(64 * 7 * 7, 128), nn.ReLU())
        self.head = nn.Sequential(nn.Dropout(0.5), nn.Linear(128, 10))

    def forward(self, x):
        return self.head(self.body(x))

    @torch.no_grad()
    def look(self, images):
        """Features [count][128] and the likeliest class of each of the images, bytes [count][28][28]."""
        self.eval()
        parts = [self.body(scaled(part)) for part in torch.from_numpy(images).split(1000)]
        features = torch.cat(parts)
        return features, self.head(features).argmax(dim=1)


def scaled(images):
    return images.unsqueeze(1) / 255.0


def train(images, labels):
    torch.manual_seed(0)
    judge = Judge()
    optimizer = torch.optim.Adam(judge.parameters(), lr=RATE)
    images, labels = torch.from_numpy(images), torch.from_numpy(labels.astype(np.int64))
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(images)).split(BATCH):
            optimizer.zero_grad()
            nn.functional.cross_entropy(judge(scaled(images[rows])), labels[rows]).backward()
            optimizer.step()
    return judge


def frechet_distance(a, b):
    """|mean difference|^2 + tr(A + B - 2 (A B)^(1/2)), of Gaussians (Heusel et al. 2017)."""
    a, b = a.double(), b.double()
    roots = []
    for covariance in torch.cov(a.T), torch.cov(b.T):
        values, vectors = torch.linalg.eigh(covariance)
        roots.append(vectors * values.clamp(min=0).sqrt())  # R with R R' = covariance
    cross = torch.linalg.svdvals(roots[0].T @ roots[1]).sum()  # the trace of (A B)^(1/2)
    return ((a.mean(0) - b.mean(0)).square().sum() + sum(r.square().sum() for r in roots) - 2 * cross).item()


def radii(points):
    """The distance of each point to its k-th nearest other one."""
    return torch.cat([torch.cdist(part, points).kthvalue(NEAREST + 1).values for part in points.split(1000)])


def manifold(real, real_radii, fake):
    """Precision and recall (Kynkaanniemi et al. 2019), coverage (Naeem et al. 2020)."""
    fake_radii = radii(fake)
    precise, recalled, covered = [], [], []
    for part, part_radii in zip(real.split(1000), real_radii.split(1000)):
        distances = torch.cdist(part, fake)
        precise.append((distances < part_radii[:, None]).any(dim=0))
        recalled.append((distances < fake_radii).any(dim=1))
        covered.append(distances.min(dim=1).values < part_radii)
    return (torch.stack(precise).any(dim=0).float().mean().item(), torch.cat(recalled).float().mean().item(),
            torch.cat(covered).float().mean().item())


def shares(classes):
    return torch.bincount(torch.as_tensor(classes), minlength=10) / len(classes)


def labels_beside(path):
    path = pathlib.Path(path)
    labels = path.with_name(path.name.replace("images-idx3", "labels-idx1"))
    return read_idx(labels) if labels != path and labels.exists() else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("sets", nargs="+", metavar="IMAGES")
    arguments = parser.parse_args()
    images, labels, test_images, test_labels = (
        read_idx(arguments.folder / name) for name in (
            "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"))
    judge = train(images, labels)
    test, test_classes = judge.look(test_images)
    accuracy = (test_classes.numpy() == test_labels).mean()
    print(f"The judge knows {100 * accuracy:.2f} % of the test images' classes.\n")
    print("| images | count | FD | coverage | recall | precision | classes | KL | class accuracy |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    test_radii, wanted = radii(test), shares(labels)
    sets = [(pathlib.Path(path).name, read_idx(path), labels_beside(path)) for path in arguments.sets]
    for name, fakes, asked in sets + [("real images", images[:len(test_images)], labels[:len(test_images)])]:
        features, classes = judge.look(fakes)
        drawn = shares(classes)
        divergence = torch.special.xlogy(drawn, drawn / wanted).sum().item()
        precision, recall, coverage = manifold(test, test_radii, features)
        right = "" if asked is None else f"{100 * (classes.numpy() == asked).mean():.1f} %"
        print(f"| {name} | {len(fakes)} | {frechet_distance(features, test):.2f} | {coverage:.3f} | {recall:.3f} | "
              f"{precision:.3f} | {(drawn > ALIVE * wanted).sum()} | {divergence:.4f} | {right} |")


if __name__ == "__main__":
    main()
