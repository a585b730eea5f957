"""Symmetry and parity, as in 1986: how many sweeps the networks take here, and took then.

Symmetry: does a row of six bits read the same backwards? Two hidden neurons are enough. Published:
1,425 sweeps through the 64 rows, with rate 0.1, momentum 0.9 and first weights between -0.3 and 0.3
(Rumelhart, Hinton, Williams: Learning representations by back-propagating errors, Nature 323, 1986,
figure 1). Parity: is the number of ones among four bits odd? Published: 2,825 presentations of each
of the 16 rows by a 4-4-1 network with rate 0.5 (the same authors, Parallel Distributed Processing,
vol. 1, 1986, chapter 8, page 335; momentum and first weights are not stated there, here they are
0.9 and between -2 and 2).

One number was published for each. Here several starts are run, since the number depends on the
first weights, and some starts never learn. A sweep adds up the gradients of all rows; a network has
learned when each output is on the right side of 0.5.

    python examples/symmetry_and_parity.py [FOLDER]
"""

import itertools
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from autograd_bp.nn import Network
from autograd_bp.training.optimisers import Momentum


class Task(NamedTuple):
    """A table of bits and how it was learned in 1986."""

    sizes: tuple[int, ...]
    X: np.ndarray
    D: np.ndarray
    rate: float
    spread: float
    published: int


def bits(count: int) -> np.ndarray:
    return np.array(list(itertools.product((0.0, 1.0), repeat=count)))


SYMMETRY = Task(
    (6, 2, 1),
    bits(6),
    np.array([[float((row == row[::-1]).all())] for row in bits(6)]),
    rate=0.1,
    spread=0.3,
    published=1425,
)
PARITY = Task(
    (4, 4, 1), bits(4), bits(4).sum(axis=1, keepdims=True) % 2, rate=0.5, spread=2.0, published=2825
)


def learn(task: Task, seed: int, most: int = 4000) -> tuple[Network, int | None]:
    """A network and the number of sweeps after which it knew all rows; None if it never did."""
    network, rng = Network(task.sizes), random.Random(seed)
    for weight in network.parameters():
        weight.data = rng.uniform(-task.spread, task.spread)
    batch = network.compiled()
    ascent = Momentum(network.parameters(), rate=task.rate, momentum=0.9)
    for sweep in range(1, most + 1):
        batch.backward(task.X, task.D)
        ascent.step()
        if sweep % 5 == 0 and (abs(batch(task.X) - task.D) < 0.5).all():
            return network, sweep
    return network, None


def sweeps(task: Task, seeds: Sequence[int]) -> list[int | None]:
    return [learn(task, seed)[1] for seed in seeds]


def picture(counts: dict[str, list[int | None]], weights: np.ndarray, path: Path) -> Path:
    """The sweeps of each start beside the published number, and the weights of symmetry."""
    from matplotlib.figure import Figure

    from autograd_bp.drawing.figures import save_figure

    figure = Figure(figsize=(8.5, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.3, 1))
    for height, (name, task) in enumerate((("symmetry", SYMMETRY), ("parity", PARITY))):
        known = [count for count in counts[name] if count]
        left.plot(known, [height] * len(known), "o", color="#1f6fb2", label="here" * (not height))
        left.plot([task.published], [height], "D", color="#c05000", label="1986" * (not height))
        stuck = len(counts[name]) - len(known)
        text = f"{stuck} of {len(counts[name])} starts never learn"
        left.text(0, height + 0.15, text, fontsize=8)
    left.set_yticks([0, 1], ["symmetry\n6-2-1", "parity\n4-4-1"])
    left.set_ylim(-0.5, 1.6)
    left.set_xlim(-100, 4000)
    left.set_xlabel("sweeps")
    left.legend(loc="upper right", fontsize=8)
    left.grid(alpha=0.3)
    width = np.abs(weights).max()
    right.imshow(weights, cmap="PuOr", vmin=-width, vmax=width, aspect="auto")
    for (row, column), weight in np.ndenumerate(weights):
        colour = "white" if abs(weight) > 0.6 * width else "black"
        right.text(column, row, f"{weight:.1f}", ha="center", va="center", color=colour)
    right.set_xticks(range(6), [f"x{k + 1}" for k in range(6)])
    right.set_yticks(range(2), ["neuron 1", "neuron 2"])
    right.set_title("weights that found symmetry: mirrored,\nof opposite sign", fontsize=9)
    return save_figure(figure, path)


def main(folder: Path, seeds: Sequence[int] = range(8)) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    counts = {"symmetry": sweeps(SYMMETRY, seeds), "parity": sweeps(PARITY, seeds)}
    for (name, found), task in zip(counts.items(), (SYMMETRY, PARITY), strict=True):
        known = sorted(count for count in found if count)
        print(
            f"{name}: {len(known)} of {len(found)} starts learn, after {known[0]} to {known[-1]} "
            f"sweeps, in the middle {known[len(known) // 2]}; published {task.published}"
        )
    first = next(seed for seed, count in zip(seeds, counts["symmetry"], strict=True) if count)
    network, _ = learn(SYMMETRY, first)
    weights = np.array([neuron[1:] for neuron in network.weights[0]])
    print(picture(counts, weights, folder / "symmetry-and-parity.svg"))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "examples-out"))
