"""Pages that step through backpropagation: a neuron, XOR, and a network of 2-2-2 neurons.

python examples/step_through.py [FOLDER]
"""

import argparse
from pathlib import Path

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.nn import Network, Neuron
from autograd_bp.stepping import StepPage, step_through

WORKED = [  # w0 on -1, then the weights, of each neuron of each layer
    [(-0.35, 0.15, 0.20), (-0.35, 0.25, 0.30)],
    [(-0.60, 0.40, 0.45), (-0.60, 0.50, 0.55)],
]


def neuron() -> StepPage:
    """P for one neuron with two inputs and d = 1."""
    one = Neuron(2)
    for weight, number in zip((one.bias, *one.weights), (0.3, 0.8, -1.2), strict=True):
        weight.data = number
    α = one.stimulus([Value(1.5, "x1"), Value(0.5, "x2")])
    z = one.fire(α)
    P = bp.performance(Value(1.0, "d"), z)
    return step_through(P, title="One sigmoid neuron: P = −½ (d − z)²")


def xor() -> StepPage:
    """XOR's second row, over the stages of a training by gradient ascent."""
    network = Network([2, 2, 1], seed=1)
    weights = network.parameters()
    history = []
    for epoch in range(3001):
        if epoch % 30 == 0:
            history.append([w.data for w in weights])
        for x, d in (([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 0)):
            bp.performance(d, network(x)[0]).backward()
            for w in weights:
                w.data += 1.0 * w.grad
                w.grad = 0.0
    return step_through(
        network, x=[0.0, 1.0], d=1.0, history=history, title="XOR: 0, 1 → 1, as it is learned"
    )


def worked() -> StepPage:
    """The published 2-2-2 example of M. Mazur; its biases are added, so here they stand on -1."""
    network = Network([2, 2, 2])
    for layer, rows in zip(network.layers, WORKED, strict=True):
        for each, row in zip(layer.neurons, rows, strict=True):
            for weight, number in zip((each.bias, *each.weights), row, strict=True):
                weight.data = number
    return step_through(
        network, x=[0.05, 0.10], d=[0.01, 0.99], title="The worked 2-2-2 example of M. Mazur"
    )


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for make in (neuron, xor, worked):
        print(make().save(folder / f"step-{make.__name__}.html"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("step-through"))
    main(parser.parse_args().folder)
