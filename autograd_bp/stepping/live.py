"""live: networks that learn in the page, before one's eyes."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

from autograd_bp import primitives
from autograd_bp.drawing import options
from autograd_bp.errors import SettingError, ShapeError
from autograd_bp.files import path_of
from autograd_bp.nn import Network, initialise
from autograd_bp.primitives import Primitive, number
from autograd_bp.stepping import functions
from autograd_bp.stepping.functions import source
from autograd_bp.stepping.pages import StepPage, assembled
from autograd_bp.stepping.program import Data

SCRIPTS = ("live-network.js", "live-words.js", "live-view.js", "live-start.js")
ACTIVATIONS = (primitives.sigmoid, primitives.tanh, primitives.relu)
MOST_NEURONS, MOST_ROWS = 64, 2_000
PROMISE = (
    "The functions come from the library's table and sums add up in its order; exponentials are "
    "the browser's, so last digits may differ."
)
Row = tuple[list[float], list[float]]


def live(
    path: str | os.PathLike[str] | None = None,
    *,
    network: Network | None = None,
    rows: Iterable[tuple[Any, Any]] = (),
    rate: float = 1.0,
    title: str = "",
) -> StepPage:
    """A page on which networks learn: the graph, the numbers of every neuron, the weights, the
    output over the inputs and the curve of P, drawn again while the network learns.

    The learning can be paused at any row, followed neuron by neuron forward and back, changed by
    hand and resumed. Examples can be chosen (exclusive or, two moons, circles, a spiral, a curve,
    the worked 2-2-2 example), and rows of one's own typed in. One file, which needs no network,
    no server and no Python.

    Arguments:
        path: where to save the page, if anywhere.
        network: a network of one's own, which the page shows first, with the weights that it has;
            its layers are of sigmoid, tanh, relu or linear neurons, all with a bias.
        rows: what that network learns: pairs of inputs and desired outputs.
        rate: δ, by which its weights move up the gradient.
        title: a line above the page.

    Returns: a StepPage, with `.html` and `.save(path)`; a notebook shows it.

    Raises: SettingError for a network without rows, for rows without a network, for a rate that
        is no number above 0, and for a network that the page cannot show; ShapeError where rows
        do not fit the network.

    Example:
        >>> from autograd_bp.stepping import live
        >>> page = live()
        >>> [example["name"] for example in page.data["examples"]]
        ['xor', 'moons', 'circles', 'spiral', 'curve', 'worked']
    """
    options.title(title)
    if path is not None:
        path_of(path)
    examples = given_examples()
    pairs = options.items(rows, "rows", "[([0, 1], 1)]")
    if not isinstance(rate, (int, float)) or isinstance(rate, bool) or not 0 < rate < math.inf:
        raise SettingError(f"the rate is a number above 0, got {rate!r:.60}")
    if network is not None:
        examples.insert(0, _own(network, pairs, rate))
    elif pairs:
        raise SettingError(
            "rows= are what a network learns: give it too, network=Network([2, 4, 1])"
        )
    ops = [*ACTIVATIONS, primitives.dot, primitives.performance]
    data = {
        "examples": examples,
        "gates": [op.name for op in ops if op.gate],
        "limits": {op.name: first_limit(op) for op in ACTIVATIONS}
        | {"linear": first_limit(linear)},
    }
    page = StepPage(_page(data, title, functions.printed(ops)), data)
    if path is not None:
        page.save(path)
    return page


def _page(data: Data, title: str, printed: str) -> str:
    read = 'const DATA = JSON.parse(document.getElementById("data").textContent);'
    options = "".join(
        f"<option{' selected' if op.name == 'tanh' else ''}>{op.name}</option>"
        for op in ACTIVATIONS
    )
    return assembled(
        "live.html",
        data,
        title.strip() or "A network learns",
        source("live.css"),
        "\n".join([source("library.js"), printed, read, *map(source, SCRIPTS)]),
        {"ACTIVATIONS": options, "PROMISE": PROMISE},
    )


def first_limit(activation: Any) -> dict[str, Any]:
    """How large first weights can be, as numbers from which the page computes `initialise.limit`:
    gain · √(6 / inputs) or, where the outputs count too, gain · √(6 / (inputs + outputs)).
    """
    counts = initialise.limit(activation, 3, 5) != initialise.limit(activation, 3, 50)
    return {
        "gain": initialise.limit(activation, 3, 3) / math.sqrt(6 / (3 + 3 * counts)),
        "outputs": counts,
    }


# ------------------------------------------------------------------------------------ examples
def _example(
    name: str, title: str, about: str, network: Network, rows: Sequence[Row], rate: float
) -> Data:
    return {
        "name": name,
        "title": title,
        "about": about,
        "sizes": [len(network.layers[0].neurons[0].weights)]
        + [len(layer.neurons) for layer in network.layers],
        "activations": [_activation(layer.neurons[0].activation) for layer in network.layers],
        "weights": [w for layer in network.weights for neuron in layer for w in neuron],
        "rows": rows,
        "rate": rate,
        "mode": "row",
    }


def given_examples() -> list[Data]:
    """The examples that every page has."""
    xor: list[Row] = [([a, b], [float(a != b)]) for a in (0.0, 1.0) for b in (0.0, 1.0)]
    curve: list[Row] = [([x / 10], [0.5 + 0.4 * math.sin(0.3 * x)]) for x in range(-20, 21, 2)]
    worked = Network.from_weights(
        [
            [(-0.35, 0.15, 0.20), (-0.35, 0.25, 0.30)],
            [(-0.60, 0.40, 0.45), (-0.60, 0.50, 0.55)],
        ]
    )
    return [
        _example(
            "xor",
            "Exclusive or",
            "Four rows, which no single neuron can learn.",
            Network([2, 3, 1], seed=2),
            xor,
            2.0,
        ),
        _example(
            "moons",
            "Two moons",
            "A hundred points of two classes.",
            Network([2, 8, 8, 1], ["tanh", "tanh", "sigmoid"], seed=1),
            moons(),
            0.3,
        ),
        _example(
            "circles",
            "Circles",
            "One class lies inside the other.",
            Network([2, 6, 1], ["tanh", "sigmoid"], seed=3),
            circles(),
            0.5,
        ),
        _example(
            "spiral",
            "Spiral",
            "Two arms, wound around each other: patience helps.",
            Network([2, 8, 8, 1], ["tanh", "tanh", "sigmoid"], seed=4),
            spiral(),
            0.2,
        ),
        _example(
            "curve",
            "A curve",
            "One input: the output learns to follow a sine.",
            Network([1, 6, 1], ["tanh", linear], seed=5),
            curve,
            0.05,
        ),
        _example(
            "worked",
            "The worked 2-2-2 example",
            "The published example of M. Mazur; its biases are added, so here they stand on -1.",
            worked,
            [([0.05, 0.10], [0.01, 0.99])],
            0.5,
        ),
    ]


def moons(count: int = 100) -> list[Row]:
    """Two half circles that reach into each other, with a little noise."""
    random = Random(1)
    rows = []
    for k in range(count):
        turn, d = math.pi * (k // 2) / (count / 2 - 1), k % 2
        x, y = (1 - math.cos(turn), 0.5 - math.sin(turn)) if d else (math.cos(turn), math.sin(turn))
        rows.append(_near(random, x - 0.5, y - 0.25, 0.08, d))
    return rows


def circles(count: int = 80) -> list[Row]:
    """A ring around a disc."""
    random = Random(2)
    rows = []
    for k in range(count):
        turn, d = 2 * math.pi * k / count, k % 2
        size = 0.45 * math.sqrt(random.random()) if d else 1.0
        rows.append(_near(random, size * math.cos(turn), size * math.sin(turn), 0.06, d))
    return rows


def spiral(count: int = 100) -> list[Row]:
    """Two arms of a spiral."""
    random = Random(3)
    rows = []
    for k in range(count):
        share, d = (k // 2) / (count / 2), k % 2
        turn = math.pi * (2.2 * share + d)
        size = 0.15 + 0.95 * share
        rows.append(_near(random, size * math.cos(turn), size * math.sin(turn), 0.02, d))
    return rows


def _near(random: Random, x: float, y: float, noise: float, d: int) -> Row:
    place = [round(x + random.gauss(0, noise), 3), round(y + random.gauss(0, noise), 3)]
    return place, [float(d)]


# ---------------------------------------------------------------------------- one's own network
def _own(network: Network, pairs: Sequence[tuple[Any, Any]], rate: float) -> Data:
    if not isinstance(network, Network):
        raise SettingError(f"network= is a Network, got {type(network).__name__}")
    sizes = [len(layer.neurons) for layer in network.layers]
    if not pairs:
        raise SettingError("the page needs what the network learns: rows=[([0, 1], 1), ...]")
    if max(sizes) > MOST_NEURONS or len(pairs) > MOST_ROWS:
        raise SettingError(
            f"the page takes {MOST_NEURONS} neurons in a layer and {MOST_ROWS:,} rows at most, got "
            f"{max(sizes)} and {len(pairs):,}: take a smaller network, or a part of the rows"
        )
    for layer in network.layers:
        names = {_activation(neuron.activation) for neuron in layer.neurons}
        if len(names) > 1 or any(neuron.bias is None for neuron in layer.neurons):
            raise SettingError(
                "the page shows layers of one activation, all neurons with a bias: "
                "this network has others"
            )
    inputs = len(network.layers[0].neurons[0].weights)
    rows = [_row(k, pair, inputs, sizes[-1]) for k, pair in enumerate(pairs, 1)]
    return _example("own", "Your network", repr(network), network, rows, float(rate))


def _row(k: int, pair: Any, inputs: int, outputs: int) -> Row:
    try:
        x, d = pair
    except (TypeError, ValueError):
        raise ShapeError(
            f"row {k} is a pair of inputs and desired outputs, as ([0, 1], 1), got {pair!r:.60}"
        ) from None
    if not isinstance(x, Iterable) or isinstance(x, (str, bytes)):
        raise ShapeError(f"row {k} has a list of inputs, as ([0, 1], 1), got {x!r:.60}")
    numbers = (
        [number(each) for each in x],
        [number(each) for each in (d if isinstance(d, Iterable) else [d])],
    )
    for what, given, wanted in (("inputs", numbers[0], inputs), ("desired", numbers[1], outputs)):
        if len(given) != wanted:
            raise ShapeError(f"row {k} has {len(given)} {what}, the network has {wanted}")
        if not all(map(math.isfinite, given)):
            raise ShapeError(f"row {k} has a number that is not finite among its {what}")
    return numbers


def linear(stimulus: Any) -> Any:
    """The activation of a neuron that has none."""
    return stimulus


def _activation(activation: Any) -> str:
    """The name of a neuron's activation on the page."""
    if isinstance(activation, Primitive) and activation in ACTIVATIONS:
        return activation.name
    name = getattr(activation, "__name__", type(activation).__name__)
    if name in ("linear", "identity"):
        return "linear"
    raise SettingError(
        f"the page has neurons of {', '.join(op.name for op in ACTIVATIONS)} and linear ones, this "
        f"network has {name}: step_through(network, x=..., d=...) shows any"
    )
