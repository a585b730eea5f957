"""check_formulas: hand-derived γ and Δw compared with autodiff, term by term.

The terms are compared in the order in which they are derived, so that the first wrong one is
where the mistake is and not what followed from it. Then every known mistake is made on purpose,
everywhere and in parts of the network: the one that gives all of the user's numbers explains them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from autograd_bp.checking.doctor.hand_formulas import Example, TermPlace
from autograd_bp.checking.doctor.input import user_terms
from autograd_bp.checking.doctor.report import FormulaReport, FormulaTerm
from autograd_bp.checking.doctor.search import Search
from autograd_bp.checking.gradient.tracebacks import without_own_frames
from autograd_bp.checking.gradient.verdicts import Verdict
from autograd_bp.errors import SettingError
from autograd_bp.nn import gamma
from autograd_bp.nn.network import Network
from autograd_bp.nn.proof import prove
from autograd_bp.nn.proof_problem import Options, Problem
from autograd_bp.nn.report import Proof
from autograd_bp.nn.rounding import spread

__all__ = ["check_formulas"]

ULPS = 16.0  # of the rounding that the steps add up to: sums may be added in another order


@without_own_frames
def check_formulas(
    network: Network,
    x: Iterable[Any],
    d: Any,
    *,
    gamma: Any = None,
    weight_changes: Any = None,
    weights_after: Any = None,
    rate: float = 1.0,
    decimals: int | None = None,
) -> FormulaReport:
    """Compare hand-derived γ and Δw with autodiff, and say which mistake explains a difference.

    Arguments:
        network: a Network of layers of sigmoid neurons.
        x: a row of inputs.
        d: the desired outputs; a number for a network of one output.
        gamma: γ by layer and neuron, first layer first: [[γ, γ], [γ]]; or a function of
            (network, x, d) that returns them. None stands for a number that is not known.
        weight_changes: Δw by layer, neuron and weight, w0 first where there is a bias:
            [[[Δw0, Δw1, Δw2], ...], ...]; or a function as above.
        weights_after: the weights after the step, in the same shape, in place of changes.
        rate: δ in Δw = δ y γ.
        decimals: to how many places after the point the numbers are rounded, as in a printed
            table; exact when left out.

    Returns: a report with `.verdict`, `.ok`, `.components`, `.first_wrong` and `.diagnosis`,
        that prints as a table followed by the diagnosis. The verdict is VACUOUS where no
        numbers were given, or where every γ is 0 and so hides any mistake.

    Raises: ShapeError for numbers in another structure than the network's; OperandError for
        an entry that is no number; SettingError for a network that the formulas do not cover
        or a setting outside its range.

    Example:
        >>> from autograd_bp.checking import check_formulas
        >>> from autograd_bp.nn import Network
        >>> network = Network([2, 2, 1], seed=1)
        >>> z = network([0.0, 1.0])[0].data
        >>> report = check_formulas(network, [0.0, 1.0], [1.0], gamma=[[None, None], [1.0 - z]])
        >>> report.verdict.name, report.first_wrong.name, report.diagnosis[0].name
        ('WRONG', 'γ[2,1]', 'missing y (1 - y)')
    """
    inputs = list(x)
    problem = Problem.of(network, inputs, d, rate, Options())
    if not problem.is_plain:
        raise SettingError("check_formulas covers a Network of layers of sigmoid neurons")
    proof = prove(network, inputs, d, rate)
    autodiff = {
        TermPlace(row.layer, row.neuron, row.weight): row.autodiff
        for row in proof.rows
        if row.kind != "y"
    }
    example = Example.of_network(network, inputs, d, rate)
    numbers, rounding = user_terms(
        network,
        inputs,
        d,
        gamma=gamma,
        weight_changes=weight_changes,
        weights_after=weights_after,
        decimals=decimals,
    )
    scales = _scales(example)
    tolerances = {
        place: rounding.get(place, 0.0) + ULPS * 2.0**-52 * max(abs(right), scales[place])
        for place, right in autodiff.items()
    }
    terms = tuple(
        FormulaTerm.of(place, numbers[place], right, tolerances[place])
        for place, right in autodiff.items()
        if place in numbers
    )
    return _report(proof, terms, Search(example, numbers, tolerances))


def _report(proof: Proof, terms: tuple[FormulaTerm, ...], search: Search) -> FormulaReport:
    first = next((term for term in terms if not term.verdict.ok), None)
    if first is not None:
        diagnoses = search.diagnoses(first.place) if math.isfinite(first.given) else []
        return FormulaReport(terms, proof.sizes, proof.rate, tuple(diagnoses))
    invisible = tuple(search.invisible()) if terms else ()
    silent = None if any(term.autodiff for term in terms) else Verdict.VACUOUS
    return FormulaReport(terms, proof.sizes, proof.rate, (), invisible, silent)


def _scales(e: Example) -> dict[TermPlace, float]:
    """What one rounding error of each step adds up to, for each term."""
    errors = spread(e.layers, e.y, gamma.gammas(e.layers, e.y, e.d), e.d, e.rate)
    scales: dict[TermPlace, float] = {}
    for n, (of_γ, of_Δw) in enumerate(zip(errors.γ, errors.Δw, strict=True), 1):
        for j, (one, changes) in enumerate(zip(of_γ, of_Δw, strict=True), 1):
            scales[TermPlace(n, j, None)] = one
            if changes.bias is not None:
                scales[TermPlace(n, j, 0)] = changes.bias
            scales |= {TermPlace(n, j, i): scale for i, scale in enumerate(changes.inputs, 1)}
    return scales
