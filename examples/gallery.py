"""Every kind of picture that the library draws, made from the post's own examples.

    python examples/gallery.py [FOLDER]        writes all of them; ./gallery without a folder

docs/gallery.md shows them and the lines that make them.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.drawing import (
    derivation,
    diff,
    draw,
    draw_network,
    draw_weights,
    figures,
)
from autograd_bp.drawing.figures.neuron_model import neuron_model
from autograd_bp.nn import Network, Neuron
from autograd_bp.stepping import step_through
from autograd_bp.training import digits, train, xor

sys.path.insert(0, str(Path(__file__).parent))
from common_graphs import GRAPHS

# The published 2-2-2 example of M. Mazur: w0 on -1, then the weights, of each neuron of each layer.
WORKED = [
    [(-0.35, 0.15, 0.20), (-0.35, 0.25, 0.30)],
    [(-0.60, 0.40, 0.45), (-0.60, 0.50, 0.55)],
]
XOR_ROWS = [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 0)]


def one_neuron() -> Value:
    """P of a neuron with two inputs, x = (1.5, 0.5), and d = 1."""
    neuron = Neuron(2)
    for weight, number in zip((neuron.bias, *neuron.weights), (0.3, 0.8, -1.2), strict=True):
        weight.data = number
    z = neuron.fire(neuron.stimulus([Value(1.5, "x1"), Value(0.5, "x2")]))
    P = bp.performance(1.0, z)
    P.backward()
    return P


def first() -> Value:
    """P of the six lines with which the README begins."""
    w, x = Value(0.5, "w"), Value(2.0, "x")
    P = bp.performance(1.0, bp.sigmoid(w * x - 1))
    P.label = "P"  # in the README its variable has that name
    P.backward()
    return P


def learned_xor() -> Network:
    """A network of 2-2-1 neurons that has learned XOR."""
    network = Network([2, 2, 1], seed=4)
    train(network, xor().split(), rate=1.0, epochs=2000)
    return network


def worked() -> Network:
    """The worked example before its first step."""
    network = Network([2, 2, 2])
    for layer, rows in zip(network.layers, WORKED, strict=True):
        for neuron, row in zip(layer.neurons, rows, strict=True):
            for weight, number in zip((neuron.bias, *neuron.weights), row, strict=True):
                weight.data = number
    return network


def worked_performance(network: Network) -> Value:
    P = bp.performance([0.01, 0.99], network([Value(0.05, "x1"), Value(0.10, "x2")]))
    P.backward()
    return P


def learned_digits() -> Network:
    """64-30-10 neurons that read handwritten digits, after four times all of them."""
    network = Network([64, 30, 10], seed=0)
    train(network, digits().split(), rate=0.5, epochs=4)
    return network


def by_hand_and_by_autodiff() -> Any:
    """∂P/∂w of one neuron: γ·x written down, beside what the sweep does."""
    w, x, d = Value(0.5, "w"), Value(2.0, "x"), Value(1.0, "d")
    z = bp.sigmoid(w * x)
    P = bp.performance(d, z)
    [swept] = bp.gradients(P, [w], record=True)
    γ = z * (1 - z) * (d - z)
    title = "Δw / δ = x γ, γ = z (1 − z)(d − z): by hand, and swept"
    return diff(x * γ, swept, title=title, variables=False)


def rows_that_share_weights(n: int) -> Value:
    """P summed over n rows: the same few operations for each."""
    w0, w1 = Value(0.2, "w0"), Value(0.7, "w1")
    P: Value | float = 0.0
    for i in range(n):
        x, d = Value(i / n, "x"), Value(1.0 - i / n, "d")
        P = P + bp.performance(d, bp.sigmoid(bp.dot([w0, w1], [-1.0, x])))
    P.backward()
    return P


def recurrent(n: int) -> Value:
    """P of a state that goes through the same neuron n times."""
    w, u = Value(0.9, "w"), Value(0.4, "u")
    state = Value(0.0, "start")
    for _ in range(n):
        state = bp.tanh(w * state + u * 0.5)
    P = bp.performance(1.0, state)
    P.backward()
    return P


def chain(n: int) -> Value:
    """x ← sin(1.5 x), n times."""
    x = Value(1.0, "x")
    for _ in range(n):
        x = bp.sin(x * 1.5)
    return x


def contact_sheet() -> Iterator[tuple[str, Callable[[], Any]]]:
    """Graphs that people have, in light and in dark."""
    for name, (title, make) in GRAPHS.items():
        height = None if name == "tangle" else 1200
        for theme, ending in (("light", ""), ("dark", "-dark")):

            def picture(
                make: Callable[[], Value] = make,
                title: str = title,
                theme: str = theme,
                height: float | None = height,
            ) -> Any:
                value = make()
                value.backward()
                return draw(value, title=title, theme=theme, size=(1600, height), variables=False)

            yield f"sheet-{name}{ending}.svg", picture


def pictures() -> list[tuple[str, Callable[[], Any]]]:
    """The name of each file and what makes the picture."""
    P = one_neuron()
    network, example = learned_xor(), worked()
    reader = learned_digits()
    seven, d = next((x, d) for x, d in digits().split().held_out if d[7] == 1.0)
    example_P = worked_performance(example)
    first_weight = example.layers[0].neurons[0].weights[0]
    title = "One neuron: P = −½ (d − z)², z = σ(α)"
    parts = "A neuron, operation by operation"
    of_xor = "XOR, learned: 0, 1 → 1"
    long = chain(10_000)
    small = first()
    return [
        ("first.svg", lambda: draw(small)),
        ("first-dark.svg", lambda: draw(small, theme="dark")),
        ("neuron-model.svg", lambda: neuron_model()),
        ("threshold-and-sigmoid.svg", lambda: figures.threshold_and_sigmoid()),
        ("performance.svg", lambda: figures.performance_curve()),
        ("one-neuron.svg", lambda: draw(P, title=title)),
        ("one-neuron-dark.svg", lambda: draw(P, title=title, theme="dark")),
        ("one-neuron-unfolded.svg", lambda: draw(P, fold=False, unfold=True, title=parts)),
        ("one-neuron.mmd", lambda: draw(P)),
        ("xor-network.svg", lambda: draw_network(network, x=[0, 1], d=1, title=of_xor)),
        (
            "xor-network-dark.svg",
            lambda: draw_network(network, x=[0, 1], d=1, title=of_xor, theme="dark"),
        ),
        ("xor-surface.svg", lambda: figures.decision_surface(network, XOR_ROWS)),
        ("xor-graph.svg", lambda: draw(xor_performance(network), title="XOR, one row")),
        (
            "worked-network.svg",
            lambda: draw_network(
                example, x=[0.05, 0.10], d=[0.01, 0.99], title="The worked example"
            ),
        ),
        (
            "worked-path.svg",
            lambda: draw(
                example_P,
                highlight=bp.explain(example_P, first_weight),
                title="How a weight of the first layer reaches P",
                variables=False,
            ),
        ),
        ("worked-derivation.tex", lambda: derivation(example_P)),
        ("worked-derivation.mml", lambda: derivation(example_P)),
        (
            "worked-steps.html",
            lambda: step_through(
                example,
                x=[0.05, 0.10],
                d=[0.01, 0.99],
                title="The worked 2-2-2 example of M. Mazur",
            ),
        ),
        ("by-hand-and-swept.svg", by_hand_and_by_autodiff),
        (
            "rows-repeated.svg",
            lambda: draw(
                rows_that_share_weights(50),
                repeats=True,
                title="P over 50 rows that share two weights",
                variables=False,
            ),
        ),
        (
            "recurrent.svg",
            lambda: draw(recurrent(40), repeats=True, title="A neuron, 40 times", variables=False),
        ),
        ("long-chain.svg", lambda: draw(long, title="20,000 operations", variables=False)),
        (
            "long-chain-near.svg",
            lambda: draw(long, around=middle_of(long, 10_000), radius=2, variables=False),
        ),
        ("digits-network.svg", lambda: draw_network(reader, x=seven, d=d, title="Reading a 7")),
        ("digits-tiles.png", lambda: draw_weights(reader, title="The weights of 30 neurons")),
        *contact_sheet(),
    ]


def xor_performance(network: Network) -> Value:
    P = bp.performance([1.0], network([Value(0.0, "x1"), Value(1.0, "x2")]))
    P.backward()
    return P


def middle_of(value: Value, steps: int) -> Value:
    for _ in range(steps):
        value = value.parents[0]
    return value


def save(picture: Any, path: Path) -> Path:
    """Figures, formulas, drawings and pages have their own ways."""
    if path.suffix == ".tex":
        path.write_text(picture.latex() + "\n", encoding="utf-8")
    elif path.suffix == ".mml":
        path.write_text(picture.mathml() + "\n", encoding="utf-8")
    elif hasattr(picture, "save"):
        picture.save(path)
    else:
        figures.save_figure(picture, path)
    return path


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in pictures():
        print(save(make(), folder / name), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("gallery"))
