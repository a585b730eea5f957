"""Folds of many terms in the lanes of vectors, for one row of data.

A fold goes through its terms one after the other, and each step waits for the one before it. Where
the order does not matter, every lane of several vectors has a state of its own, and the states are
joined at the end:

- a sum, `state + f(term)`: the states are added;
- a choice between the state and the term, `state > x ? state : x`: the states are terms
  themselves. The largest of numbers is exact in any order but for the sign of a zero, which is that
  of the last one: where the result is 0, the terms are gone through again in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from autograd_bp.compiling.backends.llvm.tiles import folded
from autograd_bp.compiling.backends.llvm.writer import Writer
from autograd_bp.compiling.loops.loops import Loop
from autograd_bp.expressions import Expression, walk
from autograd_bp.folds import Fold, Stage
from autograd_bp.printers.llvm import Printer
from autograd_bp.printers.overrides import form

AT_ONCE = 4  # vectors with states of their own
SUM, CHOICE = "sum", "choice"
Load = Callable[[str, str], Mapping[str, str]]  # elements of the terms from one on, under a mask


def wide_fold(loop: Loop, lanes: int) -> Fold | None:
    """The fold of a loop, where it can be done in lanes; None for others."""
    if loop.op is None or loop.op.arity is not None or loop.has_initial:
        return None
    fold = form("llvm", loop.op)
    if not isinstance(fold, Fold) or loop.terms < 2 * lanes:
        return None
    kinds = [_kinds(fold, stage) for stage in fold.stages_of_output]
    return fold if all(kind is not None for kind in kinds) else None


def _kinds(fold: Fold, stage: Stage) -> list[str] | None:
    """How the states of each accumulator of a stage are joined; None where it is not known."""
    kinds = [_kind(fold, stage, k) for k in range(len(stage.names))]
    return None if None in kinds else [kind for kind in kinds if kind is not None]


def _kind(fold: Fold, stage: Stage, k: int) -> str | None:
    name, step, start = stage.names[k], stage.steps[k], stage.start[k]
    if start.head != "number":
        return None
    if _inputs(step) & ({*stage.names} - {name}):
        return None
    if step.head == "+":
        rest = [part for part in step.parts if not _is_input(part, name)]
        if len(rest) == 1 and name not in _inputs(rest[0]):
            return SUM
    if step.head == "?" and len(fold.operands.elements) == 1:
        element = fold.operands.elements[0]
        chosen = [part for part in step.parts[1:] if not _is_input(part, name)]
        if len(chosen) == 1 and _inputs(step) <= {name, element} and _is_term(chosen[0], element):
            return CHOICE
    return None


def _is_input(node: Expression, name: str) -> bool:
    return node.head == "input" and bool(node.parts[0] == name)


def _is_term(node: Expression, element: str) -> bool:
    """Whether this is a term, its size, or a number: applied twice it is the same."""
    is_size = node.head == "fabs" and _is_input(node.parts[0], element)
    return is_size or _is_input(node, element) or node.head == "number"


def _inputs(node: Expression) -> set[str]:
    return {each.parts[0] for each in walk(node) if each.head == "input"}


class WideFold:
    """Writes one fold.

    Arguments:
        writer, printer: where, and how.
        lanes: of a vector.
        fold: a fold for which `wide_fold` holds.
        load: writes how elements of neighbouring terms are loaded.
        one: writes how an element of one term is loaded.
    """

    def __init__(
        self,
        writer: Writer,
        printer: Printer,
        lanes: int,
        fold: Fold,
        load: Load,
        one: Mapping[str, Callable[[str | int], str]],
    ) -> None:
        self._w, self._printer, self._lanes = writer, printer, lanes
        self._fold, self._load, self._one = fold, load, one

    def write(self, count: int, mask: Callable[[int], str]) -> str:
        """The result over so many terms.

        Arguments:
            count: how many.
            mask: the first lanes of a vector, as a constant.
        """
        names = {"n": self._w.constant(float(count)), "initial": self._w.constant(0.0)}
        for stage in self._fold.stages_of_output:
            if stage.when is None:
                names |= self._stage(stage, count, mask, names)
                continue
            totals = {name: self._w.local() for name in stage.names}
            for name, start in zip(stage.names, stage.start, strict=True):
                self._w.put(self._printer.expression(start, names), totals[name])
            with self._w.when(self._printer.expression(stage.when, names)):
                for name, x in self._stage(stage, count, mask, names).items():
                    self._w.put(x, totals[name])
            names |= {name: self._w.get(total) for name, total in totals.items()}
        return self._printer.expression(self._fold.finish, names)

    def _stage(
        self, stage: Stage, count: int, mask: Callable[[int], str], names: Mapping[str, str]
    ) -> dict[str, str]:
        """The accumulators of a stage after all terms."""
        w = self._w
        kinds = _kinds(self._fold, stage)
        assert kinds is not None
        with w.of_width(self._lanes):
            ends = self._in_lanes(stage, kinds, count, mask, names)
            sums = {
                name: folded(w, ends[name])
                for name, kind in zip(stage.names, kinds, strict=True)
                if kind == SUM
            }
            lanes = {
                name: [w.op(f"extractelement {w.number} {x}, i32 {k}") for k in range(w.lanes)]
                for name, x in ends.items()
                if name not in sums
            }
        totals = {}
        for k, name in enumerate(stage.names):
            if name in sums:
                start = self._printer.expression(stage.start[k], {})
                totals[name] = self._printer.add(start, sums[name])
            else:
                total, *others = lanes[name]
                for other in others:
                    total = self._chosen(stage.steps[k], name, total, other)
                totals[name] = self._with_its_zero(stage, k, total, count)
        return totals

    def _in_lanes(
        self,
        stage: Stage,
        kinds: Sequence[str],
        count: int,
        mask: Callable[[int], str],
        names: Mapping[str, str],
    ) -> dict[str, str]:
        """The states of the lanes of one vector, into which all others were joined."""
        w, lanes = self._w, self._lanes
        full, rest = divmod(count, lanes)
        side = min(AT_ONCE, max(full, 1))
        known = {name: w.splat(x) for name, x in names.items()}
        states = [self._begun(stage, kinds) for _ in range(side)]
        if full // side:
            with w.loop(full // side) as piece:
                firsts = [w.index(k * lanes, (piece, side * lanes)) for k in range(side)]
                for first, state in zip(firsts, states, strict=True):
                    self._step(stage, state, {**known, **self._load(first, "")}, "")
        done = full // side * side
        for state, k in zip(states, range(done, full), strict=False):
            self._step(stage, state, {**known, **self._load(str(k * lanes), "")}, "")
        if rest:
            part = mask(rest)
            elements = self._load(str(full * lanes), part)
            self._step(stage, states[-1], {**known, **elements}, part)
        ends = [{name: w.get(x) for name, x in state.items()} for state in states]
        while len(ends) > 1:
            pairs = zip(ends[::2], ends[1::2], strict=False)
            left = ends[-1:] if len(ends) % 2 else []
            ends = [self._joined(stage, kinds, a, b) for a, b in pairs] + left
        return ends[0]

    def _begun(self, stage: Stage, kinds: Sequence[str]) -> dict[str, str]:
        """Variables for the states of the lanes of one vector."""
        w = self._w
        state = {}
        for name, kind, start in zip(stage.names, kinds, stage.start, strict=True):
            state[name] = w.local()
            first = 0.0 if kind == SUM else start.parts[0]
            w.put(w.constant(first), state[name])
        return state

    def _step(
        self, stage: Stage, state: Mapping[str, str], names: Mapping[str, str], mask: str
    ) -> None:
        before = {name: self._w.get(variable) for name, variable in state.items()}
        after = self._printer.steps(stage.steps, {**names, **before})
        for name, x in zip(stage.names, after, strict=True):
            kept = self._printer.choose(mask, x, before[name]) if mask else x
            self._w.put(kept, state[name])

    def _joined(
        self, stage: Stage, kinds: Sequence[str], a: Mapping[str, str], b: Mapping[str, str]
    ) -> dict[str, str]:
        return {
            name: self._printer.add(a[name], b[name])
            if kind == SUM
            else self._chosen(stage.steps[k], name, a[name], b[name])
            for k, (name, kind) in enumerate(zip(stage.names, kinds, strict=True))
        }

    def _chosen(self, step: Expression, name: str, state: str, other: str) -> str:
        """The choice between two states, one of them as a term."""
        return self._printer.expression(step, {name: state, self._fold.operands.elements[0]: other})

    def _with_its_zero(self, stage: Stage, k: int, total: str, count: int) -> str:
        """A choice whose zero has the sign that it has when the terms are gone through in order."""
        w, name, step = self._w, stage.names[k], stage.steps[k]
        element = self._fold.operands.elements[0]
        if not any(_is_input(part, element) for part in step.parts[1:]):
            return total
        variable = w.local()
        w.put(total, variable)
        with w.when(self._printer.compare("oeq", total, w.constant(0.0))):
            w.put(self._printer.expression(stage.start[k], {}), variable)
            with w.loop(count) as j:
                x = self._one[element](j)
                w.put(self._printer.expression(step, {name: w.get(variable), element: x}), variable)
        return w.get(variable)
