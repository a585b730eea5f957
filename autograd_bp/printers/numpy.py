"""Expressions and folds as NumPy calls on whole arrays.

The arrays are known when the calls are made, so what is left to do for the numbers in them is a
list of calls without arguments. Results on the way lie in arrays that are used again as soon as
nothing needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from autograd_bp.expressions import Expression, last_uses, letters, walk
from autograd_bp.folds import Fold, Stage
from autograd_bp.printers.c import reads
from autograd_bp.printers.functions import SPELLINGS

Call = Callable[[], object]
Take = Callable[[Sequence[int]], Any]  # makes an array of a shape with nothing in it yet

UFUNCS: dict[str, Any] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "neg": np.negative,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
}


def _power(a: Any, b: Any, out: Any) -> None:
    """NumPy takes the square root where all exponents are 0.5, which is NaN at minus infinity
    and -0 at -0, where the power is infinite and 0."""
    exponents = np.asarray(b)
    is_spread = exponents.shape != np.shape(a) or 0 in exponents.strides or exponents.size == 1
    has_root = is_spread and bool((exponents == 0.5).any())
    (np.float_power if has_root else np.power)(a, b, out)


UFUNCS["pow"] = _power


def ufunc(head: str) -> Any:
    """The function that computes an operation on arrays: `ufunc(a, b, out)`."""
    if head in UFUNCS:
        return UFUNCS[head]
    known = SPELLINGS.get(head)
    if known is not None and known.numpy is None:
        import math

        return partial(_one_by_one, np.frompyfunc(getattr(math, head), known.inputs, 1))
    return getattr(np, head if known is None or known.numpy is None else known.numpy)


def _one_by_one(function: Any, *operands: Any) -> None:
    *inputs, out = operands
    np.copyto(out, np.asarray(function(*inputs), dtype=float))


def evaluated(tree: Expression | Fold, inputs: Sequence[Any]) -> Any:
    """An expression of a, b, c ..., or a fold, of arrays that broadcast together."""
    shape = np.broadcast_shapes(*[array.shape for array in inputs])
    out = np.empty(shape)
    calls = Calls(np.empty, [])
    if isinstance(tree, Expression):
        calls.expression(tree, dict(zip(letters(len(inputs)), inputs, strict=True)), out)
    else:
        lines = [np.broadcast_to(array, shape).ravel() for array in inputs]
        lists = [np.stack(part) for part in tree.operands.lists(lines) if part]
        calls.fold(tree, lists, tree.operands.initial_value(lines), out.reshape(-1))
    for call in calls.made:
        call()
    return out


class Calls:
    """Makes the calls.

    Arguments:
        take: makes arrays.
        made: the list to which calls are added.
    """

    def __init__(self, take: Take, made: list[Call]) -> None:
        self._take, self.made = take, made
        self._own: dict[int, Any] = {}  # the arrays that may be used again, by their identity
        self._free: list[Any] = []

    def expression(self, root: Expression, names: Mapping[str, Any], out: Any) -> None:
        """Calls that write an expression of `names`, arrays and numbers, to `out`."""
        self._own[id(out)] = out
        self._offer(out)
        self._finish(root, names, out)

    def fold(self, fold: Fold, lists: Sequence[Any], initial: Any, out: Any) -> None:
        """Calls that write a fold to `out`.

        Arguments:
            fold: what to compute.
            lists: for each element of a term an array (..., terms, width).
            initial: an array (..., width), or None.
            out: an array (..., width).
        """
        self._own[id(out)] = out
        self._offer(out)
        names: dict[str, Any] = {"n": float(lists[0].shape[-2] if lists else 0)}
        names["initial"] = 0.0 if initial is None else initial
        elements = dict(zip(fold.operands.elements, lists, strict=False))
        for stage in fold.stages_of_output:
            starts = dict(zip(stage.names, self._results(stage.start, names), strict=True))
            if stage.when is None:
                names |= self._stage(stage, starts, elements, names)
                continue
            (condition,) = self._results([stage.when], names)
            outside, self.made = self.made, []
            state = self._stage(stage, starts, elements, names)
            guarded, self.made = self.made, outside
            self.made += [
                partial(np.copyto, array, starts[name])
                for name, array in state.items()
                if array is not starts[name]
            ]
            self.made.append(partial(_where_needed, condition, guarded))
            names |= state
        self._finish(fold.finish, names, out)

    def _finish(self, root: Expression, names: Mapping[str, Any], out: Any) -> None:
        (y,) = self._results([root], names, out)
        if y is not out:
            self.made.append(partial(np.copyto, out, y))
        self._free.clear()

    def _stage(
        self,
        stage: Stage,
        starts: Mapping[str, Any],
        elements: Mapping[str, Any],
        known: Mapping[str, Any],
    ) -> dict[str, Any]:
        """The accumulators after all terms."""
        terms = int(known["n"])
        if terms:
            over_terms = reductions(stage, elements)
            if over_terms is not None:
                return self._reduced(over_terms, starts, elements, known)
        state = dict(starts)
        for j in range(terms):
            term = {name: numbers[..., j, :] for name, numbers in elements.items()}
            fresh = self._results(stage.steps, {**known, **term, **state})
            for name, old in state.items():
                if old is not starts[name] and not any(old is new for new in fresh):
                    self._offer(old)
            state = dict(zip(stage.names, fresh, strict=True))
        return state

    def _reduced(
        self,
        reductions: Sequence[Reduction],
        starts: Mapping[str, Any],
        elements: Mapping[str, Any],
        known: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Accumulators that are reductions of something over all terms."""
        beside = {name: x[..., None, :] if np.ndim(x) else x for name, x in known.items()}
        names = {**beside, **elements}
        numbers = self._results([reduction.of for reduction in reductions], names)
        state = {}
        for (name, start), x, (function, _, latched) in zip(
            starts.items(), numbers, reductions, strict=True
        ):
            target = self._array((*x.shape[:-2], x.shape[-1]), float if latched is None else bool)
            if latched is None and np.ndim(start) == 0:
                self.made.append(partial(function.reduce, x, -2, None, target, initial=start))
            elif latched is None:
                self.made.append(partial(function.reduce, x, -2, None, target))
                self.made.append(_call(function, start, target, target))
            else:
                self.made.append(partial(function.reduce, x, -2, None, target))
                condition, target = target, self._array(target.shape)
                self.made.append(partial(_choose_by_copying, condition, latched, start, target))
            state[name] = target
        for array in numbers:
            self._offer(array)
        return state

    # ------------------------------------------------------------------------------- operations
    def _results(
        self, roots: Sequence[Expression], names: Mapping[str, Any], out: Any = None
    ) -> list[Any]:
        """Arrays and numbers with the values of these expressions; `out` gets the last one."""
        nodes = list(walk(*roots))
        final = last_uses(nodes, roots)
        values: dict[int, Any] = {}
        for place, node in enumerate(nodes):
            if node.head == "input":
                values[id(node)] = names[node.parts[0]]
                continue
            if node.head == "number":
                values[id(node)] = node.parts[0]
                continue
            parts = {id(part): part for part in node.operands if part.operands}
            done = [values[key] for key in parts if final[key] == place]
            over = [array for array in done if id(array) in self._own]
            operands = [values[id(part)] for part in node.operands]
            target = out if node is roots[-1] else None
            value = values[id(node)] = self._value(node, operands, over, target)
            for array in over:
                if array is not value:
                    self._offer(array)
        return [values[id(root)] for root in roots]

    def _value(self, node: Expression, operands: list[Any], over: list[Any], out: Any) -> Any:
        """The value of one operation; `over` are operands that nothing else needs."""
        function = None if node.head == "?" else ufunc(node.head)
        if all(np.ndim(x) == 0 for x in operands):
            return _number(function, operands, bool if node.is_truth else float)
        shape = np.broadcast_shapes(*[np.shape(x) for x in operands])
        target = out
        if target is None:
            kind = bool if node.is_truth else float
            # Of a choice the condition has another type.
            same = [x for x in over if x.shape == shape and (x.dtype == bool) == (kind is bool)]
            target = same[0] if same else self._array(shape, kind)
        if function is None:
            condition, yes, no = operands
            if type(yes) is type(no) is float and (yes, no) == (1.0, 0.0):
                self.made.append(partial(np.copyto, target, condition))
            else:
                self._choose(node.parts[0], condition, yes, no, target, over)
        else:
            self.made.append(_call(function, *operands, target))
        return target

    def _choose(
        self, test: Expression, condition: Any, yes: Any, no: Any, target: Any, over: list[Any]
    ) -> None:
        if np.ndim(condition) == 0:  # of numbers alone
            self.made.append(partial(np.copyto, target, yes if condition else no))
            return
        if yes is target:
            inverted = condition
            if not any(condition is x for x in over):
                inverted = self._array(condition.shape, bool)
            self.made.append(partial(np.logical_not, condition, inverted))
            condition, yes, no = inverted, no, target
        # Masking does not broadcast, and copying skips what is not chosen: numbers are rarely
        # equal, and less or greater as often as not.
        whole = np.shape(condition) == target.shape and np.shape(yes) in ((), target.shape)
        masks = whole and test.head not in ("==", "!=")
        choose = _choose_by_masking if masks else _choose_by_copying
        self.made.append(partial(choose, condition, yes, no, target))

    def _array(self, shape: Sequence[int], kind: type = float) -> Any:
        """An array with nothing in it that is needed."""
        for k, array in enumerate(self._free):
            if array.shape == shape and (array.dtype == bool) == (kind is bool):
                return self._free.pop(k)
        if kind is float:
            array = self._take(shape)
        else:
            size = int(np.prod(shape, dtype=np.int64))
            room = self._take((-(-size // 4),))  # of four bytes each, or eight
            array = room.view(bool)[:size].reshape(shape)
        self._own[id(array)] = array
        return array

    def _offer(self, array: Any) -> None:
        """Nothing needs what is in an array: it may be used again if it is an own one."""
        if id(array) in self._own and not any(array is other for other in self._free):
            self._free.append(array)


def _number(function: Any, operands: Sequence[Any], kind: type) -> Any:
    if function is None:
        condition, yes, no = operands
        return yes if condition else no
    number: Any = np.empty((), kind)
    with np.errstate(all="ignore"):
        _call(function, *operands, number)()
    return number.item()


def _choose_by_copying(condition: Any, yes: Any, no: Any, out: Any) -> None:
    if no is not out:
        np.copyto(out, no)
    np.copyto(out, yes, where=condition)


def _choose_by_masking(condition: Any, yes: Any, no: Any, out: Any) -> None:
    if no is not out:
        np.copyto(out, no)
    np.putmask(out, condition, yes)


def _call(function: Any, *operands: Any) -> Call:
    if function in (np.maximum, np.minimum):  # which take no third operand
        return partial(function, *operands[:-1], out=operands[-1])
    return partial(function, *operands)


def _where_needed(condition: Any, calls: Sequence[Call]) -> None:
    if np.any(condition):
        for call in calls:
            call()


class Reduction(NamedTuple):
    """Computes an accumulator when all terms are there at once.

    Attributes:
        function: the ufunc that is reduced.
        of: what it takes of each term.
        latched: of a condition, the number of the accumulator once it holds; else None.
    """

    function: Any
    of: Expression
    latched: float | None = None


def reductions(stage: Stage, elements: Iterable[str]) -> list[Reduction] | None:
    """Every accumulator as a reduction; None where one depends on the order of the terms."""
    reductions = []
    for name, step in zip(stage.names, stage.steps, strict=True):
        reduction = _reduction(Expression("input", name), step)
        if reduction is None or any(reads([reduction.of], other) for other in stage.names):
            return None
        if not any(reads([reduction.of], element) for element in elements):
            return None
        reductions.append(reduction)
    return reductions


def _reduction(before: Expression, step: Expression) -> Reduction | None:
    if step.head == "+" and step.parts[0] is before:
        return Reduction(np.add, step.parts[1])
    if step.head != "?":
        return None
    condition, yes, no = step.parts
    if no is before and yes.head == "number":
        return Reduction(np.logical_or, condition, yes.parts[0])
    for head, function in ((">", np.maximum), ("<", np.minimum)):
        kept = Expression("or", Expression(head, before, no), Expression("isnan", before))
        if yes is before and condition is kept:
            return Reduction(function, no)
    return None


def computes_terms(fold: Fold) -> bool:
    """Whether something is computed of all terms at once before it is reduced."""
    for stage in fold.stages_of_output:
        over_terms = reductions(stage, fold.operands.elements)
        if over_terms is not None and any(reduction.of.operands for reduction in over_terms):
            return True
    return False
