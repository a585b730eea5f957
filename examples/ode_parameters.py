"""The parameters of an ODE, from noisy measurements: hares and lynxes by Lotka and Volterra.

The equations x' = a x - b x y, y' = -c y + d x y are solved by the classical Runge-Kutta method,
and the differences to the measurements are differentiated through all steps of the solver.
Levenberg's and Marquardt's method finds the parameters; the same Jacobian gives their standard
errors.

    python examples/ode_parameters.py [FOLDER]
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np

import autograd_bp as bp
from autograd_bp.training.optimisers import LevenbergMarquardt

TRUE = (0.7, 0.5, 0.6, 0.4)
START, TIMES, PARTS = (2.0, 1.0), np.linspace(0.0, 20.0, 41), 8


def populations(p: Any) -> list[Any]:
    """Both populations at each time, one after the other."""
    a, b, c, d = p
    x, y = START
    h = float(TIMES[1]) / PARTS

    def slopes(x: Any, y: Any) -> tuple[Any, Any]:
        return a * x - b * x * y, d * x * y - c * y

    numbers = [x, y]
    for _ in TIMES[1:]:
        for _ in range(PARTS):
            k1, l1 = slopes(x, y)
            k2, l2 = slopes(x + h / 2 * k1, y + h / 2 * l1)
            k3, l3 = slopes(x + h / 2 * k2, y + h / 2 * l2)
            k4, l4 = slopes(x + h * k3, y + h * l3)
            x = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
            y = y + h / 6 * (l1 + 2 * l2 + 2 * l3 + l4)
        numbers += [x, y]
    return numbers


def measured(seed: int = 0, noise: float = 0.08) -> np.ndarray:
    exact = np.array(populations(TRUE))
    return exact + noise * np.random.default_rng(seed).standard_normal(exact.shape)


def fitted(
    data: np.ndarray, first: tuple[float, ...] = (0.5, 0.5, 0.5, 0.5)
) -> tuple[Any, Any, Any]:
    """The parameters, their standard errors, and the Jacobian there."""
    solution = bp.compiled(populations)

    def residuals(p: Any) -> tuple[Any, Any]:
        numbers, J = solution.value_and_jacobian(p.tolist())
        return np.array(numbers) - data, np.array(J)

    rule, p = LevenbergMarquardt(), np.array(first)
    for _ in range(100):
        p = np.asarray(rule.step(p, residuals))
        if rule.finished:
            break
    r, J = residuals(p)
    variance = r @ r / (len(data) - len(p))
    return p, np.sqrt(variance * np.diag(np.linalg.inv(J.T @ J))), J


def picture(data: np.ndarray, p: Any, path: Path) -> Path:
    """The measurements and the fitted curves."""
    from matplotlib.figure import Figure

    from autograd_bp.drawing.figures import save_figure

    figure = Figure(figsize=(7.5, 3.6), layout="constrained")
    axes = figure.subplots()
    curves, true = np.array(populations(p.tolist())), np.array(populations(TRUE))
    for first, (name, colour) in enumerate((("hares", "#1f6fb2"), ("lynxes", "#c05000"))):
        axes.plot(TIMES, data[first::2], "o", color=colour, markersize=4, label=f"{name}, measured")
        axes.plot(TIMES, curves[first::2], color=colour, label=f"{name}, fitted")
        axes.plot(TIMES, true[first::2], ":", color="black", linewidth=1)
    axes.set_xlabel("time (dotted: without noise)")
    axes.set_ylim(top=1.35 * data.max())
    axes.legend(fontsize=8, ncols=2, loc="upper center")
    axes.grid(alpha=0.3)
    return save_figure(figure, path)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    data = measured()
    p, errors, _ = fitted(data)
    for name, number, error, true in zip("abcd", p, errors, TRUE, strict=True):
        print(f"{name} = {number:.4f} ± {error:.4f}   (true: {true})")
    print(picture(data, p, folder / "ode-parameters.svg"))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "examples-out"))
