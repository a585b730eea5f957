"""The 8-3-8 encoder: eight patterns go through three hidden neurons, which find a binary code.

Each pattern has one 1 in eight places, and the network has to repeat it at its outputs. Three
numbers are enough, since a cube has 2³ corners: the hidden layer learns which pattern gets which.
(D. Rumelhart, G. Hinton, R. Williams: Learning internal representations by error propagation, in
Parallel Distributed Processing, vol. 1, 1986, chapter 8.)

    python examples/encoder.py [FOLDER]
"""

import sys
from pathlib import Path

import numpy as np

from autograd_bp.nn import Network
from autograd_bp.training.optimisers import Momentum

PATTERNS = np.eye(8)


def learn(seed: int = 0, sweeps: int = 3000) -> tuple[Network, list[float]]:
    """The trained network, and P after each hundred sweeps through all patterns."""
    network = Network([8, 3, 8], seed=seed)
    batch = network.compiled()
    ascent = Momentum(network.parameters(), rate=0.1, momentum=0.9)
    curve = []
    for sweep in range(sweeps):
        P, _ = batch.performance_and_gradient(PATTERNS, PATTERNS)
        if sweep % 100 == 0:
            curve.append(float(P))
        batch.backward(PATTERNS, PATTERNS)
        ascent.step()
    return network, curve


def codes(network: Network) -> np.ndarray:
    """The outputs of the three hidden neurons, for each pattern."""
    return np.array(
        [[y.data for y in network.trace(pattern)[0].outputs] for pattern in PATTERNS.tolist()]
    )


def picture(network: Network, curve: list[float], path: Path) -> Path:
    """The codes and the learning curve."""
    from matplotlib.figure import Figure

    from autograd_bp.drawing.figures import save_figure

    figure = Figure(figsize=(8.0, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.4))
    found = codes(network)
    left.imshow(found, cmap="cividis", vmin=0.0, vmax=1.0, aspect="auto")
    for row, numbers in enumerate(found):
        for column, y in enumerate(numbers):
            colour = "white" if y < 0.5 else "black"
            left.text(column, row, f"{y:.2f}", ha="center", va="center", color=colour)
    left.set_xticks(range(3), ["y[1,1]", "y[1,2]", "y[1,3]"])
    left.set_yticks(range(8), [f"pattern {k + 1}" for k in range(8)])
    left.set_title("the code of each pattern", fontsize=10)
    right.plot(np.arange(len(curve)) * 100, curve, color="#1f6fb2")
    right.set_xlabel("sweeps through the eight patterns")
    right.set_title("P, summed over the patterns", fontsize=10)
    right.grid(alpha=0.3)
    return save_figure(figure, path)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    network, curve = learn()
    answers = network.compiled()(PATTERNS).argmax(axis=1)
    print(f"patterns repeated: {(answers == np.arange(8)).sum()} of 8; P = {curve[-1]:.4f}")
    for pattern, code in enumerate(codes(network), 1):
        print(f"pattern {pattern}: {code.round(2)} -> {''.join(str(int(y > 0.5)) for y in code)}")
    print(picture(network, curve, folder / "encoder.svg"))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "examples-out"))
