"""Which primitives have slopes that may be infinite or NaN at finite inputs."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from autograd_bp.contexts import no_branching, recording
from autograd_bp.derivatives.ranges import Ranges
from autograd_bp.derivatives.recorded import apply_rule
from autograd_bp.entry import by_code
from autograd_bp.errors import AutogradError
from autograd_bp.native.kernels import OWN
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value

_known: dict[int, bool] = {}


def has_infinite_slope(codes: Iterable[int]) -> bool:
    """Whether a slope of one of these primitives may be infinite or NaN at finite inputs."""
    return any(_is_steep(code) for code in codes)


def _is_steep(code: int) -> bool:
    if code >= OWN:  # a rule of the user's may do anything
        return True
    if code not in _known:
        op = by_code(code)
        with recording(), no_branching():
            _known[code] = op.partials is not None and (not op.finite or _has_steep_rule(op))
    return _known[code]


def _has_steep_rule(op: Primitive) -> bool:
    arities = [op.arity] if op.arity is not None else count(2)
    for arity in arities:
        leaves = [Value(0.5) for _ in range(arity)]
        try:
            partials = apply_rule(op, leaves, op(*leaves))
        except AutogradError:  # another number of inputs, such as pairs and a bias
            if arity == 4:
                return True
            continue
        ranges = Ranges()
        return not all(ranges(partial).finite for partial in partials)
    return True
