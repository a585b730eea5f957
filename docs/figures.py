"""The figures of the-post.md: the threshold function, the sigmoid and its derivative, a network.

`python docs/figures.py [FOLDER]` draws them; without a folder, into docs/pictures.
"""

from __future__ import annotations

import sys
from pathlib import Path

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.drawing import draw
from autograd_bp.nn import Network

BLUE, ORANGE, GREY = "#1f6fb2", "#c05000", "#888888"


def curves(path: Path) -> Path:
    """The threshold function beside the sigmoid and its derivative."""
    from matplotlib.figure import Figure

    stimuli = [i / 50.0 for i in range(-300, 301)]
    slopes = []
    for stimulus in stimuli:
        α = Value(stimulus)
        bp.sigmoid(α).backward()
        slopes.append(α.grad)
    figure = Figure(figsize=(9.0, 3.0))
    left, right = figure.subplots(1, 2, sharey=True)
    left.plot([-6.0, 0.0], [0.0, 0.0], color=BLUE, linewidth=2)
    left.plot([0.0, 6.0], [1.0, 1.0], color=BLUE, linewidth=2)
    left.plot([0.0], [bp.threshold(0.0)], "o", color=BLUE)
    left.plot([0.0], [0.0], "o", color=BLUE, markerfacecolor="white")
    left.set_title("threshold(α): flat, with a jump")
    right.plot(stimuli, [bp.sigmoid(α) for α in stimuli], color=BLUE, linewidth=2)
    right.plot(stimuli, slopes, color=ORANGE, linewidth=2, linestyle="--")
    right.text(1.6, 0.7, "β = 1 / (1 + e$^{-α}$)", color=BLUE)
    right.text(1.9, 0.2, "dβ/dα = β (1 − β)", color=ORANGE)
    right.set_title("sigmoid(α) and its derivative")
    for axes in (left, right):
        axes.set_xlabel("α")
        axes.axvline(0.0, color=GREY, linewidth=0.5)
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata={"Software": None})
    return path


def network(path: Path) -> Path:
    """P of a network of two layers for one example, with its gradients."""
    net = Network([2, 2, 1], seed=0)
    trace = net.trace([0.0, 1.0])
    P = bp.performance([1.0], trace[-1].outputs)
    P.backward()
    return Path(draw(P, title="A 2-2-1 network, one example").save(path))


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for made in (curves(folder / "curves.png"), network(folder / "network.png")):
        print(made)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "pictures")
