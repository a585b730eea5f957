"""A physics-informed network solves u'' + 4 u = 0, u(0) = 0, u'(0) = 2 without seeing a solution.

The derivatives u' and u'' of the network by its input stand inside the loss, whose derivative by
the weights is taken in turn, and all of it is one compiled program. The exact solution is sin 2x.
(M. Raissi, P. Perdikaris, G. Karniadakis, Journal of Computational Physics 378, 2019.)

    python examples/physics_informed.py [FOLDER]
"""

import math
import random
import sys
from pathlib import Path
from typing import Any

import numpy as np

import autograd_bp as bp
from autograd_bp.training.optimisers import LevenbergMarquardt

HIDDEN, END = 10, math.pi
POINTS = np.linspace(0.0, END, 25)


def solution(w: Any, x: Any) -> Any:
    """u(x): a hidden layer of tanh neurons, in a form that has u(0) = 0 and u'(0) = 2 by itself."""
    inner = [bp.tanh(w[3 * i] * x + w[3 * i + 1]) for i in range(HIDDEN)]
    return 2 * x + x * x * bp.dot([w[3 * i + 2] for i in range(HIDDEN)], inner)


def residual(w: Any, x: Any) -> Any:
    """u'' + 4 u, which has to vanish."""
    _, curvature = bp.jvp(lambda x: bp.grad(lambda x: solution(w, x))(x), x, 1.0)
    return curvature + 4 * solution(w, x)


RESIDUALS = bp.compiled(residual, rows="x", reduce=None)
VALUES = bp.compiled(solution, rows="x", reduce=None)


def solve(seed: int = 0, steps: int = 300) -> tuple[np.ndarray, list[float]]:
    """The weights, and the sum of squares of the residuals after each step."""
    rng = random.Random(seed)
    w = np.array([rng.uniform(-1, 1) for _ in range(3 * HIDDEN)])
    rule, curve = LevenbergMarquardt(), []

    def residuals(w: Any) -> tuple[Any, Any]:
        return RESIDUALS.value_and_jacobian(w.tolist(), POINTS)

    for _ in range(steps):
        curve.append(float(np.sum(np.square(RESIDUALS(w.tolist(), POINTS)))))
        w = np.asarray(rule.step(w, residuals))
        if rule.finished:
            break
    return w, curve


def error(w: np.ndarray) -> float:
    """The largest distance from sin 2x, also between the points of training."""
    x = np.linspace(0.0, END, 500)
    return float(np.abs(VALUES(w.tolist(), x) - np.sin(2 * x)).max())


def picture(w: np.ndarray, curve: list[float], path: Path) -> Path:
    """The solution, its error, and how the residuals vanish."""
    from matplotlib.figure import Figure

    from autograd_bp.drawing.figures import save_figure

    x = np.linspace(0.0, END, 400)
    u = np.asarray(VALUES(w.tolist(), x))
    figure = Figure(figsize=(9.0, 3.2), layout="constrained")
    left, middle, right = figure.subplots(1, 3)
    left.plot(x, u, color="#1f6fb2", label="the network")
    left.plot(x, np.sin(2 * x), ":", color="black", label="sin 2x")
    left.plot(POINTS, np.zeros_like(POINTS), "|", color="#c05000", label="points of the loss")
    left.set_title("the solution", fontsize=10)
    left.legend(fontsize=7)
    middle.semilogy(x, np.abs(u - np.sin(2 * x)) + 1e-17, color="#c05000")
    middle.set_title("its error", fontsize=10)
    right.semilogy(curve, color="#1f6fb2")
    right.set_title("Σ (u″ + 4u)² by step", fontsize=10)
    for axes in (left, middle, right):
        axes.grid(alpha=0.3)
    return save_figure(figure, path)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    w, curve = solve()
    print(f"residuals {curve[0]:.3g} -> {curve[-1]:.3g} in {len(curve)} steps")
    print(f"largest error of the solution: {error(w):.2e}")
    print(picture(w, curve, folder / "physics-informed.svg"))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "examples-out"))
