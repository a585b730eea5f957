"""Faces or not: a network learns to tell pictures of 25 x 25 pixels with a face from others.

The post names facial recognition as a use of neural networks. The pictures are those of
`skimage.data.lfw_subset()` (100 of the Labeled Faces in the Wild, and 100 without a face), which
come with scikit-image: pip install scikit-image.

    python examples/faces.py [FOLDER]
"""

import sys
from pathlib import Path

import numpy as np

from autograd_bp.nn import Network
from autograd_bp.training import train


def pictures_of_faces() -> tuple[np.ndarray, np.ndarray]:
    """(200, 625) grey levels, each picture with mean 0 and deviation 1; 1 where there is a face."""
    from skimage.data import lfw_subset

    X = lfw_subset().reshape(200, 625).astype(float)
    X = (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)
    return X / 5, np.repeat([1.0, 0.0], 100).reshape(-1, 1)


def learn(seed: int = 0) -> tuple[Network, tuple[np.ndarray, np.ndarray]]:
    """A network that has seen three quarters of the pictures, and the others."""
    X, D = pictures_of_faces()
    order = np.random.default_rng(seed).permutation(len(X))
    known, held_out = order[:150], order[150:]
    network = Network([625, 6, 1], seed=seed)
    for neuron in network.layers[0].neurons:  # small ones, so that what is learned can be seen
        for weight in neuron.weights:
            weight.data *= 0.1
    train(network, (X[known], D[known]), rate=0.2, epochs=40, batch=10, compiled=True)
    return network, (X[held_out], D[held_out])


def share_right(network: Network, X: np.ndarray, D: np.ndarray) -> float:
    return float(((network.compiled()(X) > 0.5) == (D > 0.5)).mean())


def picture(network: Network, X: np.ndarray, D: np.ndarray, path: Path) -> Path:
    """The outputs for pictures that it has not seen, and what excites each hidden neuron."""
    from matplotlib.figure import Figure

    from autograd_bp.drawing.figures import save_figure

    figure = Figure(figsize=(9.0, 3.4), layout="constrained")
    grid = figure.add_gridspec(2, 6)
    left = figure.add_subplot(grid[:, :3])
    answers, faces = np.asarray(network.compiled()(X))[:, 0], D[:, 0] > 0.5
    bins = np.linspace(0, 1, 21)
    left.hist([answers[faces], answers[~faces]], bins, label=["a face", "no face"], stacked=True)
    left.set_xlabel("z of pictures that it has not seen")
    left.legend(fontsize=9)
    for place, neuron in enumerate(network.weights[0]):
        spot = figure.add_subplot(grid[place // 3, 3 + place % 3])
        size = max(abs(w) for w in neuron[1:])
        spot.imshow(np.reshape(neuron[1:], (25, 25)), cmap="PuOr_r", vmin=-size, vmax=size)
        spot.set_title(f"neuron {place + 1}", fontsize=9)
        spot.axis("off")
    return save_figure(figure, path)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    network, (X, D) = learn()
    print(f"pictures that it has not seen: {share_right(network, X, D):.0%} right of {len(X)}")
    print(picture(network, X, D, folder / "faces.png"))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "examples-out"))
