"""A wiring of one's own, trained by hand: exclusive or with a single hidden neuron.

The inputs go to the hidden neuron and also straight to the output, which no stack of layers
can do. The loop is all there is to training: record, sweep, step.

    python examples/own_wiring.py
"""

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.nn import Module, Neuron
from autograd_bp.training import GradientAscent

EXAMPLES = [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 0)]


class Shortcut(Module):
    """A hidden neuron, and an output that sees the inputs as well."""

    def __init__(self, seed: int) -> None:
        self.hidden = Neuron(2, seed=seed)
        self.output = Neuron(3, seed=seed + 1)

    def __call__(self, row: list[int]) -> Value:
        return self.output([*row, self.hidden(row)])


def main(rounds: int = 3000) -> None:
    network = Shortcut(seed=0)
    ascent = GradientAscent(network.parameters(), rate=1.0)
    for _ in range(rounds):
        for row, desired in EXAMPLES:
            bp.performance(desired, network(row)).backward()
            ascent.step()
    for row, desired in EXAMPLES:
        print(f"{row} -> {network(row).data:.3f}, desired {desired}")
    for name, weight in network.named_parameters():
        print(f"{name} = {weight.data:.2f}")


if __name__ == "__main__":
    main()
