"""check_formulas: hand-derived γ and Δw compared with autodiff, term by term.

The terms are compared in the order in which they are derived, so that the first wrong one is
where the mistake is and not what followed from it. Then every known mistake is made on purpose,
everywhere and in parts of the network: the one that gives all of the user's numbers explains them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from autograd_bp.checking.doctor.called import called, unstable
from autograd_bp.checking.doctor.exact import prove_given
from autograd_bp.checking.doctor.hand_formulas import Example, TermPlace
from autograd_bp.checking.doctor.input import (
    Given,
    plain,
    precision,
    read,
    refuse_two_of_one,
    rounding_of,
)
from autograd_bp.checking.doctor.report import Diagnosis, FormulaReport, FormulaTerm
from autograd_bp.checking.doctor.search import Search
from autograd_bp.checking.doctor.state import diagnoses_of_state
from autograd_bp.checking.doctor.structure import Structure
from autograd_bp.checking.gradient.verdicts import Verdict
from autograd_bp.nn.network import Network
from autograd_bp.nn.proof import by_hand, swept
from autograd_bp.nn.proof_options import Options, takes_options
from autograd_bp.nn.proof_problem import Problem
from autograd_bp.nn.proof_scales import scales
from autograd_bp.nn.proof_sweep import in_order, names
from autograd_bp.nn.rounding import spread
from autograd_bp.tracebacks import without_own_frames

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["check_formulas"]

ULPS = 16.0  # of the rounding that the steps add up to: sums may be added in another order


@without_own_frames
@takes_options
def check_formulas(
    network: Network,
    x: Any,
    d: Any,
    *,
    gamma: Any = None,
    weight_changes: Any = None,
    weights_after: Any = None,
    gradients: Any = None,
    rate: float = 1.0,
    decimals: int | None = None,
    exact: bool = False,
    **options: Unpack[Options],
) -> FormulaReport:
    """Compare hand-derived γ and Δw with autodiff, and say which mistake explains a difference.

    The derived numbers come in one or more of four ways, each of them numbers or a function of
    (network, x, d) that returns them. None stands for a number that is not known. Layers may be
    lists or arrays; γ and biases may be columns (n, 1).

    Arguments:
        network: a Network.
        x: a row of inputs; a list of rows with `batch` or `recurrent`.
        d: the desired outputs; a number for a network of one output.
        gamma: γ by layer and neuron, first layer first: [[γ, γ], [γ]]; of several rows a list of
            these; or a dict of columns "dZ1", "dZ2", with a column for each row.
        weight_changes: Δw by layer, neuron and weight, w0 first where there is a bias:
            [[[Δw0, Δw1, Δw2], ...], ...]; one flat vector in the order of
            `network.parameters()`; or a dict of "dW1", "db1", ..., where dW has a row for each
            neuron and b = -w0 is the bias that is added.
        weights_after: the weights after the step, in the same shapes, in place of changes; the
            keys of a dict are "W1", "b1".
        gradients: in place of changes the gradients of E = -P, which is walked down: Δw is
            -δ times them. In the same shapes; a dict may have "dZ1" too.
        rate: δ in Δw = δ y γ.
        decimals: to how many places after the point the numbers are rounded, as in a printed
            table; exact when left out.
        exact: also prove the functions for all weights, inputs and desired outputs: they run
            on exact numbers. See `.exact` of the report.
        slopes: as in `prove`; an activation without a stated slope has that of its graph here.
        output: as in `prove`.
        performance: as in `prove`; without `output` its ∂P/∂z is that of its graph here.
        batch: as in `prove`.
        recurrent: as in `prove`.
        masks: as in `prove`.
        decay: as in `prove`.
        decay_bias: as in `prove`.

    Returns: a report with `.verdict`, `.ok`, `.components`, `.first_wrong` and `.diagnosis`,
        that prints as a table followed by the diagnosis. The verdict is VACUOUS where no
        numbers were given, or where every γ is 0 and so hides any mistake; NONDETERMINISTIC
        where a second call of a function gives other numbers.

    Raises: ShapeError for numbers in another structure than the network's, with the missing and
        the surplus keys of a dict; OperandError for an entry that is no number; SettingError for
        a network that the formulas do not cover or a setting outside its range; SideEffectError
        for a function that changes the network, x or d, which are then as they were before.

    Example:
        >>> from autograd_bp.checking import check_formulas
        >>> from autograd_bp.nn import Network
        >>> network = Network([2, 2, 1], seed=1)
        >>> z = network([0.0, 1.0])[0].data
        >>> report = check_formulas(network, [0.0, 1.0], [1.0], gamma=[[None, None], [1.0 - z]])
        >>> report.verdict.name, report.first_wrong.name, report.diagnosis[0].name
        ('WRONG', 'γ[2,1]', 'missing y (1 - y)')
    """
    given = Given(gamma, weight_changes, weights_after, gradients)
    refuse_two_of_one(given)
    x, d = _kept(x), _kept(d)
    problem = Problem.of(network, x, d, rate, options, needs_slopes=False)
    structure = Structure(
        problem.layers,
        len(problem.rows) if problem.has_rows else None,
        problem.rate,
        plain,
        problem.setting.recurrent,
    )
    results = called(given, network, x, d)
    numbers = read(results, structure)
    epsilon = precision(results)
    autodiff, tolerances = _autodiff(problem, epsilon)
    rounding = rounding_of(given, numbers, structure, decimals)
    for place in autodiff:
        tolerances[place] += rounding.get(place, 0.0)
    terms = tuple(
        FormulaTerm.of(place, numbers[place], right, tolerances[place])
        for place, right in autodiff.items()
        if place in numbers
    )
    again = numbers
    if any(map(callable, given)):
        again = read(called(given, network, x, d), structure)
    example = Example.of_problem(problem)
    differs = unstable(numbers, again, epsilon)
    if differs is not None:
        diagnoses = diagnoses_of_state(
            example,
            [numbers, again],
            lambda: read(called(given, network, x, d), structure),
            tolerances,
            epsilon,
        )
        return _unstable_report(problem, terms, differs, diagnoses)
    proof = prove_given(problem, given, x, d) if exact else None
    search = Search(example, numbers, tolerances, epsilon)
    report = _report(problem, terms, search)
    return report if proof is None else report.with_proof(proof)


def _kept(rows: Any) -> Any:
    """An iterator as a list, since it is read several times."""
    return list(rows) if hasattr(rows, "__next__") else rows


def _unstable_report(
    problem: Problem,
    terms: tuple[FormulaTerm, ...],
    differs: tuple[TermPlace, float, float],
    diagnoses: tuple[Diagnosis, ...],
) -> FormulaReport:
    place, number, again = differs
    why = "adds to what it has kept" if diagnoses else "keeps something, or draws random numbers"
    remark = (
        f"{place.name} is {number!r} at the first call and {again!r} at the second: the "
        f"function {why}"
    )
    sizes, silent = problem.network.sizes, Verdict.NONDETERMINISTIC
    return FormulaReport(terms, sizes, problem.rate, diagnoses, (), silent, (remark,))


def _report(problem: Problem, terms: tuple[FormulaTerm, ...], search: Search) -> FormulaReport:
    sizes, rate = problem.network.sizes, problem.rate
    first = next((term for term in terms if not term.verdict.ok), None)
    if first is not None:
        diagnoses = search.diagnoses(first.place) if math.isfinite(first.given) else []
        return FormulaReport(terms, sizes, rate, tuple(diagnoses))
    invisible = tuple(search.invisible()) if terms else ()
    silent = None if any(term.autodiff for term in terms) else Verdict.VACUOUS
    return FormulaReport(terms, sizes, rate, (), invisible, silent)


def _autodiff(
    problem: Problem, epsilon: float
) -> tuple[dict[TermPlace, float], dict[TermPlace, float]]:
    """The numbers of autodiff, and how far a right formula may be from them by rounding; epsilon
    is one unit of that."""
    layers = problem.layers
    y, γ, Δw = by_hand(problem, layers)
    if problem.is_plain:
        (outs,), (gammas,), (d,) = y, γ, problem.desired
        assert d is not None
        of = spread(layers, outs, gammas, d, problem.rate)
        units = in_order([of.y[1:]], [of.γ], of.Δw)
    else:
        units = in_order(*scales(problem, layers, y, γ, Δw))
    autodiff, tolerances = {}, {}
    for (kind, n, j, i, t), right, unit in zip(
        names(layers, len(problem.rows)), swept(problem), units, strict=True
    ):
        if kind != "y":
            place = TermPlace(n, j, i, t if problem.has_rows and t else None)
            autodiff[place] = right
            tolerances[place] = ULPS * epsilon * max(abs(right), unit)
    return autodiff, tolerances
