"""The Greeks of an option, by closed form and by Monte Carlo, with one gradient for all of them.

A European call has a formula, and the simulation is compared with its derivatives. An Asian call,
which pays by the mean price over a year, has none. Paths are simulated by one compiled program,
whose gradient is that of each path: the pathwise estimate (M. Broadie, P. Glasserman, Management
Science 42, 1996).

    python examples/greeks.py [FOLDER]
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np

import autograd_bp as bp

MARKET = {"spot": 100.0, "volatility": 0.2, "rate": 0.03}
STRIKE, TIME, STEPS = 105.0, 1.0, 12


def european(market: dict[str, Any]) -> Any:
    """The price of Black and Scholes."""
    root = market["volatility"] * TIME**0.5
    d1 = (bp.log(market["spot"] / STRIKE) + market["rate"] * TIME) / root + root / 2
    later = STRIKE * bp.exp(-market["rate"] * TIME)
    return market["spot"] * bp.ndtr(d1) - later * bp.ndtr(d1 - root)


def payoff(market: dict[str, Any], shocks: Any) -> tuple[Any, Any]:
    """What the European and the Asian call pay on one path, as of today."""
    step = TIME / STEPS
    price, total = market["spot"], 0.0
    drift = (market["rate"] - market["volatility"] ** 2 / 2) * step
    for shock in shocks:
        price = price * bp.exp(drift + market["volatility"] * step**0.5 * shock)
        total = total + price
    today = bp.exp(-market["rate"] * TIME)
    return today * bp.relu(price - STRIKE), today * bp.relu(total / STEPS - STRIKE)


def simulated(
    kind: int, market: dict[str, float], paths: int = 20_000, seed: int = 0
) -> dict[str, Any]:
    """(estimate, standard error) of the price and of each Greek; antithetic paths are pairs."""
    shocks = np.random.default_rng(seed).standard_normal((paths // 2, STEPS))
    path = PATHS[kind]
    results: dict[str, Any] = {}
    one, other = (path.value_and_grad(market, signed) for signed in (shocks, -shocks))
    for name, a, b in (
        ("price", one[0], other[0]),
        *((name, one[1][name], other[1][name]) for name in market),
    ):
        means = (np.asarray(a) + np.asarray(b)) / 2
        results[name] = (float(means.mean()), float(means.std() / len(means) ** 0.5))
    return results


PATHS = [
    bp.compiled(
        lambda market, shocks, kind=kind: payoff(market, shocks)[kind],
        rows="shocks",
        reduce=None,
        static="kind",
    )
    for kind in (0, 1)
]
NAMES = {"spot": "delta", "volatility": "vega", "rate": "rho"}


def picture(path: Path) -> Path:
    """Delta and vega over the spot: the formula as lines, simulations as dots."""
    from matplotlib.figure import Figure

    from autograd_bp.drawing.figures import save_figure

    figure = Figure(figsize=(8.5, 3.6), layout="constrained")
    spots = np.linspace(60.0, 150.0, 13)
    exact = [bp.grad(european)({**MARKET, "spot": float(spot)}) for spot in spots]
    found = [
        [simulated(kind, {**MARKET, "spot": float(spot)}, 4000) for spot in spots]
        for kind in (0, 1)
    ]
    for axes, name in zip(figure.subplots(1, 2), ("spot", "volatility"), strict=True):
        axes.plot(
            spots, [greeks[name] for greeks in exact], color="#1f6fb2", label="European, formula"
        )
        for kind, (colour, label) in enumerate((("#1f6fb2", "European"), ("#c05000", "Asian"))):
            means, errors = zip(*(greeks[name] for greeks in found[kind]), strict=True)
            text = f"{label}, 4,000 paths"
            axes.errorbar(
                spots, means, 2 * np.array(errors), fmt="o", ms=3, color=colour, label=text
            )
        axes.set_xlabel("price of the share today")
        axes.set_title(NAMES[name], fontsize=10)
        axes.grid(alpha=0.3)
    figure.axes[0].legend(fontsize=8)
    return save_figure(figure, path)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    price, exact = bp.value_and_grad(european)(MARKET)
    found, asian = simulated(0, MARKET), simulated(1, MARKET)
    print("            formula   European, simulated     Asian, simulated")
    for name, number in {"price": price, **exact}.items():
        (a, error), (b, other) = found[name], asian[name]
        label = NAMES.get(name, name)
        print(f"{label:8} {number:10.4f}   {a:9.4f} ± {error:.4f}     {b:9.4f} ± {other:.4f}")
    print(picture(folder / "greeks.svg"))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "examples-out"))
