"""Slopes that are stated on floats: those of the recorded graph take their place."""

from __future__ import annotations

from typing import Any

from autograd_bp import graph
from autograd_bp.derivatives.reverse import gradients
from autograd_bp.errors import ConversionError, SettingError
from autograd_bp.nn.exact.points import run
from autograd_bp.nn.exact.unknowns import Unknowns
from autograd_bp.nn.neuron import activation_name
from autograd_bp.nn.proof_problem import Problem
from autograd_bp.nn.slopes import Slope
from autograd_bp.value import Value

__all__ = ["with_exact_slopes"]


def with_exact_slopes(problem: Problem) -> tuple[Problem, tuple[str, ...]]:
    """The problem, where slopes that need floats are replaced by those of the recorded graph."""
    f = Unknowns(0)
    remarks: dict[str, None] = {}
    layers = []
    for layer, slopes in zip(problem.network.layers, problem.setting.slopes, strict=True):
        layers.append(
            [
                _exact_slope(f, neuron, slope, remarks)
                for neuron, slope in zip(layer.neurons, slopes, strict=True)
            ]
        )
    return problem._replace(setting=problem.setting._replace(slopes=layers)), tuple(remarks)


def _exact_slope(f: Unknowns, neuron: Any, slope: Slope, remarks: dict[str, None]) -> Slope:
    try:
        slope(f.unknown(0.5), f.unknown(0.5))
    except ZeroDivisionError:
        return slope
    except (ConversionError, TypeError, AttributeError, ValueError):
        name = activation_name(neuron.activation)
        apart = max(_apart(neuron, slope, α) for α in (-2.5, -1.0, -0.3, 0.2, 0.7, 1.0, 3.0))
        remarks.setdefault(
            f"the slope of {name} needs floats: that of its graph was used, and the stated one "
            + ("agrees with it at 7 numbers" if apart < 1e-12 else "DIFFERS from it")
        )
        if apart >= 1e-12:
            raise SettingError(
                f"the stated slope of {name} is not that of its graph: they differ by {apart:.3g}. "
                "Written with + - * / and functions of autograd_bp it could be shown where"
            ) from None

        def of_graph(α: Any, y: Any) -> Any:
            at = Value(0.7)
            (derivative,) = gradients(neuron.fire(at), [at], record=True)
            order = [node for node in graph.topological_order(derivative) if node is not at]
            return run(α.f, {at: α}, order)[derivative]

        return Slope(of_both=of_graph)
    return slope


def _apart(neuron: Any, slope: Slope, α: float) -> float:
    at = Value(α)
    y = neuron.fire(at)
    right = gradients(y, at)
    return float(abs(slope(α, y.data) - right) / max(1.0, abs(right)))
