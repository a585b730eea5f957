"""The derivatives of loops, as loops.

A program that was rolled is a handful of loops, and so are its derivatives: the members of a loop
share one rule, and what they read at regular distances is reached at regular distances. Nothing
here depends on how many operations were recorded, as long as they were alike.

`gradients` goes through the loops backwards, for one seed or for several at once, `tangents`
forwards. Both take loops and give loops, so they can be applied again: a Hessian times a vector is
`tangents` of `gradients`. The sums of `gradients` are added up loop by loop and not node by node,
so they may differ in their last digits from those of a recorded sweep.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograd_bp.compiling.loops.forward import Forward
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.loops.outputs import runs_of
from autograd_bp.compiling.loops.reverse import Reverse
from autograd_bp.compiling.loops.rules import UnsupportedError
from autograd_bp.compiling.loops.sweeps import Leaves, Place, StepPlaces, marks_of
from autograd_bp.compiling.loops.writer import LoopWriter

__all__ = ["StepPlaces", "UnsupportedError", "gradients", "tangents"]


def gradients(
    loops: Loops,
    by: Leaves,
    *,
    outputs: Sequence[int] | None = None,
    seeds: Sequence[Place | float] | None = None,
    keep: Sequence[int] = (),
    summed: bool | Sequence[bool] = True,
    each: bool = False,
    again: bool = False,
    steps: StepPlaces | None = None,
) -> Loops:
    """Loops that compute Σ_j seed_j · ∂output_j/∂x_i.

    Arguments:
        loops: what is differentiated, row by row.
        by: the parameters and inputs x_i: pairs of a space and indices in it.
        outputs: which outputs are differentiated; all when left out.
        seeds: for each of them a factor, a number or the place of a parameter or an input; 1 when
            left out.
        keep: the outputs of `loops` that the result begins with.
        summed: whether the derivatives are summed over the rows, all of them or those by each pair
            in `by`; by leaves in one space all are or none is.
        each: True for the derivatives of each output alone, one output after the other, in the
            place of the sum over j.
        again: as in `record_gradients`.
        steps: where the steps of a recurrence write. Then what is written for one step is as what
            is written for the others.

    Returns: loops with the outputs in `keep`, then the derivatives in the order of `by`.

    Raises: NotDifferentiableError where the gradient would have to pass a primitive that refuses;
        UnsupportedError where a rule cannot be traced on one member alone.
    """
    chosen = range(len(loops.outputs)) if outputs is None else outputs
    factors = [1.0] * len(chosen) if seeds is None else seeds
    sweep = Reverse(loops, by, len(chosen) if each else 1, again, steps)
    for k, (output, factor) in enumerate(zip(chosen, factors, strict=True)):
        sweep.begin(loops.outputs[output], factor, k if each else 0)
    sweep.run()
    results = sweep.results(by, marks_of(by, summed))
    return sweep.writer.finish([*runs_of(loops.outputs, keep), *results])


def tangents(
    loops: Loops,
    by: Leaves,
    directions: Leaves | None = None,
    *,
    outputs: Sequence[int] | None = None,
    keep: Sequence[int] = (),
    steps: StepPlaces | None = None,
) -> Loops:
    """Loops that compute Σ_i ∂output_j/∂x_i · direction_i for each output j.

    Arguments:
        loops: what is differentiated.
        by: the parameters and inputs x_i: pairs of a space and indices in it.
        directions: the same of parameters and inputs that hold the direction; 1 for each x_i when
            left out.
        outputs: which outputs are differentiated; all when left out.
        keep: the outputs of `loops` that the result begins with.
        steps: as in `gradients`.

    Returns: loops with the outputs in `keep`, then the derivatives of `outputs`, summed over the
        rows where these are.

    Raises: as `gradients`.
    """
    chosen = range(len(loops.outputs)) if outputs is None else outputs
    writer = LoopWriter(loops, as_written=steps is not None)
    sweep = Forward(loops, writer, by, directions, chosen)
    sweep.run()
    return sweep.writer.finish([*runs_of(loops.outputs, keep), *sweep.results()])
