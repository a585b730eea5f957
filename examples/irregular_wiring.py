"""An irregular wiring: eight neurons that each read some of the values before them learn a ring.

There are no layers. Neuron 5 reads both inputs and two earlier neurons, the last one reads seven of
the values before it. To the engine a wiring is whatever a Python function does with Values, so the
gradients need no formula.

    python examples/irregular_wiring.py [FOLDER]
"""

import math
import random
import sys
from pathlib import Path
from typing import Any

import numpy as np

from autograd_bp import Value
from autograd_bp.nn import Module, Neuron
from autograd_bp.training.optimisers import LBFGS

# What each neuron reads: 0 and 1 are the inputs, 2 is the first neuron, and so on.
WIRES = (
    *((0, 1), (0, 1), (0, 1)),
    *((0, 1, 2, 3), (0, 1, 2, 4), (0, 3, 4, 5), (1, 2, 5, 6), (2, 3, 4, 5, 6, 7, 8)),
)


class Wiring(Module):
    """Neurons that read the values at their places; the last is the output."""

    def __init__(self, wires: tuple[tuple[int, ...], ...], seed: int) -> None:
        self.wires = wires
        self.neurons = [
            Neuron(len(places), "tanh" if i < len(wires) - 1 else "sigmoid", seed=seed + i)
            for i, places in enumerate(wires)
        ]

    def __call__(self, row: Any) -> list[Value]:
        values = list(row)
        for neuron, places in zip(self.neurons, self.wires, strict=True):
            values.append(neuron([values[place] for place in places]))
        return values[-1:]


def ring(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points of a square, and 1 for those between two circles."""
    rng = random.Random(seed)
    X = np.array([[rng.uniform(-2, 2), rng.uniform(-2, 2)] for _ in range(count)])
    radius = np.hypot(*X.T)
    return X, ((radius > 0.7) & (radius < 1.6)).astype(float).reshape(-1, 1)


def learn(X: np.ndarray, D: np.ndarray, seed: int = 12, steps: int = 300) -> Wiring:
    """A wiring trained on all rows at once, by L-BFGS on its compiled performance."""
    wiring = Wiring(WIRES, seed)
    batch = wiring.compiled()
    weights = wiring.parameters()

    def performance(numbers: Any) -> tuple[float, Any]:
        for weight, number in zip(weights, numbers, strict=True):
            weight.data = float(number)
        P, gradient = batch.performance_and_gradient(X, D)
        return float(P), gradient

    rule = LBFGS()
    numbers = np.array([weight.data for weight in weights])
    for _ in range(steps):
        numbers = np.asarray(rule.step(numbers, performance))
    performance(numbers)
    return wiring


def share_right(wiring: Wiring, X: np.ndarray, D: np.ndarray) -> float:
    return float(((wiring.compiled()(X) > 0.5) == (D > 0.5)).mean())


def picture(wiring: Wiring, X: np.ndarray, D: np.ndarray, path: Path) -> Path:
    """The wiring, and what it answers over the square."""
    from matplotlib.figure import Figure

    from autograd_bp.drawing.figures import save_figure

    figure = Figure(figsize=(9.0, 4.0), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.3, 1))
    names = ["x1", "x2", *(str(i + 1) for i in range(len(WIRES)))]
    places = [(0, 1), (0, -1), *((i + 1, math.sin(1.9 * i) * 1.2) for i in range(len(WIRES)))]
    for i, (neuron, reads) in enumerate(zip(wiring.neurons, WIRES, strict=True)):
        for weight, place in zip(neuron.weights, reads, strict=True):
            colour = "#c05000" if weight.data > 0 else "#5e3c99"
            width = min(0.4 + abs(weight.data) / 2, 4.0)
            arrow = {"arrowstyle": "-|>", "color": colour, "lw": width, "shrinkA": 9, "shrinkB": 9}
            left.annotate("", places[i + 2], places[place], arrowprops=arrow)
    for name, (x, y) in zip(names, places, strict=True):
        left.plot([x], [y], "o", markersize=17, color="white", markeredgecolor="black")
        left.text(x, y, name, ha="center", va="center", fontsize=9)
    left.set_xlim(-0.6, 8.6)
    left.set_ylim(-1.8, 1.8)
    left.axis("off")
    left.set_title("orange weights raise, purple ones lower", fontsize=9)
    side = np.linspace(-2, 2, 90)
    grid = np.array([[a, b] for b in side for a in side])
    answers = wiring.compiled()(grid).reshape(90, 90)
    right.imshow(answers, extent=(-2, 2, -2, 2), origin="lower", cmap="PuOr_r", vmin=0, vmax=1)
    inside = D[:, 0] > 0.5
    right.plot(*X[inside].T, "o", color="#7f3b08", markersize=3)
    right.plot(*X[~inside].T, "o", color="#2d004b", markersize=3, markerfacecolor="white")
    right.set_title("what it answers", fontsize=9)
    return save_figure(figure, path)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    X, D = ring(600, seed=0)
    wiring = learn(X, D)
    held_out = ring(500, seed=1)
    known, new = share_right(wiring, X, D), share_right(wiring, *held_out)
    print(f"right: {known:.1%}, of new points {new:.1%}")
    print(picture(wiring, X, D, folder / "irregular-wiring.svg"))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "examples-out"))
