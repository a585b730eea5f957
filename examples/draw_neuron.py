"""One sigmoid neuron with its gradients, as SVG and PNG: docs/pictures/neuron.svg and .png.

python examples/draw_neuron.py [FOLDER]
"""

import argparse
from pathlib import Path

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.drawing import draw


def neuron() -> Value:
    """P for a neuron with two inputs, the bias weight w0 on a constant -1, and d = 1."""
    x1, x2 = Value(1.5, "x1"), Value(0.5, "x2")
    w0, w1, w2 = Value(0.3, "w0"), Value(0.8, "w1"), Value(-1.2, "w2")
    stimulus = w0 * -1 + w1 * x1 + w2 * x2
    stimulus.label = "α"
    output = bp.sigmoid(stimulus)
    output.label = "z"
    performance = bp.performance(1.0, output)
    performance.backward()
    return performance


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    picture = draw(neuron(), title="One neuron: P = −½ (d − z)², z = σ(α)")
    for name in ("neuron.svg", "neuron.png"):
        print(picture.save(folder / name))


if __name__ == "__main__":
    here = Path(__file__).resolve().parent.parent / "docs" / "pictures"
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=here)
    main(parser.parse_args().folder)
