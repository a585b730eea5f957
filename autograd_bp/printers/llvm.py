"""Expressions and folds as instructions of LLVM, for all lanes of a vector at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from autograd_bp.expressions import Expression, walk
from autograd_bp.folds import Fold

OPERATIONS = {"+": "fadd", "-": "fsub", "*": "fmul", "/": "fdiv"}
COMPARISONS = {"==": "oeq", "!=": "une", "<": "olt", ">": "ogt", "<=": "ole", ">=": "oge"}
INTRINSICS = ("fabs", "floor", "sqrt", "copysign")
PRODUCTS = (1.0, 2.0, 3.0)  # exponents without a call
FULL_VECTORS = 4  # of terms, for which it pays to call functions for several at once
NOTHING: Mapping[int, str] = {}


class Writer(Protocol):
    """The body of a function in LLVM's language; backends/llvm/writer.py is one.

    Attributes:
        lanes: how many numbers one instruction works on.
        real: the type of one number.
        number, truth: the types of numbers and of conditions.
    """

    lanes: int
    real: str
    number: str
    truth: str

    def op(self, text: str) -> str: ...
    def call(self, function: str, *operands: str) -> str: ...
    def intrinsic(self, name: str, *operands: str) -> str: ...
    def constant(self, x: float) -> str: ...
    def local(self) -> str: ...
    def get(self, variable: str) -> str: ...
    def put(self, x: str, variable: str) -> None: ...
    def any(self, condition: str) -> str: ...
    def splat(self, scalar: str) -> str: ...
    def index(self, base: int | str, *steps: tuple[int | str, int | str]) -> str: ...
    def of_width(self, lanes: int) -> AbstractContextManager[None]: ...
    def loop(self, count: int) -> AbstractContextManager[str]: ...
    def when(self, condition: str) -> AbstractContextManager[None]: ...


Read = Callable[["str | int"], str]  # writes how term j of a list is loaded
Library = Callable[["Printer", str, Sequence[str]], str]


class Printer:
    """Writes expressions.

    Arguments:
        writer: where the instructions go.
        library: writes the call of a function of the C library on all lanes.
        width: the lanes of a vector, in which a fold of one row calls it for several terms at once.
    """

    def __init__(self, writer: Writer, library: Library, width: int = 1) -> None:
        self.writer, self._library, self._width = writer, library, width

    def expression(self, root: Expression, names: Mapping[str, str]) -> str:
        """An expression of inputs that `names` has."""
        return self._written([root], names, frozenset())[0]

    def steps(self, steps: Sequence[Expression], names: Mapping[str, str]) -> list[str]:
        """The steps of a fold; a product that is added to something is rounded with it."""
        return self._written(steps, names, _fused(steps))

    def fold(
        self, fold: Fold, count: int, lists: Sequence[Read], initial: str | None = None
    ) -> str:
        """A fold over lists of `count` terms.

        Arguments:
            fold: what to write.
            count: how many terms each list has.
            lists: for each element of a term what loads term j.
            initial: the initial value, if there is one.
        """
        w = self.writer
        names = {
            "n": w.constant(float(count)),
            "initial": w.constant(0.0) if initial is None else initial,
        }
        elements = dict(zip(fold.operands.elements, lists, strict=False))
        for stage in fold.stages_of_output:
            state = {name: w.local() for name in stage.names}
            for variable, start in zip(state.values(), stage.start, strict=True):
                w.put(self.expression(start, names), variable)
            if stage.when is None:
                needed: AbstractContextManager[None] = nullcontext()
            else:
                needed = w.when(w.any(self.expression(stage.when, names)))
            with needed:
                self._step(stage.steps, state, count, elements, names)
            names |= {name: w.get(variable) for name, variable in state.items()}
        return self.expression(fold.finish, names)

    def _step(
        self,
        steps: Sequence[Expression],
        state: Mapping[str, str],
        count: int,
        elements: Mapping[str, Read],
        names: Mapping[str, str],
    ) -> None:
        """The loop of a stage over the terms."""
        if count == 0:
            return
        w = self.writer
        reads = {node.parts[0] for node in walk(*steps) if node.head == "input"}
        elements = {name: read for name, read in elements.items() if name in reads}

        def term(j: str | int, calls: Mapping[int, str]) -> None:
            known = {name: w.get(variable) for name, variable in state.items()}
            known |= {name: read(j) for name, read in elements.items()}
            results = self._written(steps, {**names, **known}, _fused(steps), calls)
            for variable, result in zip(state.values(), results, strict=True):
                w.put(result, variable)

        calls = _calls_apart(steps, state)
        before = 0
        if calls and w.lanes == 1 < self._width <= count // FULL_VECTORS:
            full = count // self._width
            before = full * self._width
            with w.loop(full) as piece:
                places = [w.index(k, (piece, self._width)) for k in range(self._width)]
                for j, results in zip(
                    places, self._called(calls, elements, names, places), strict=True
                ):
                    term(j, results)
        left = count - before
        if left:
            with w.loop(left) if left > 1 else nullcontext(0) as k:
                term(w.index(before, (k, 1)) if before else k, {})

    def _called(
        self,
        calls: Sequence[Expression],
        elements: Mapping[str, Read],
        names: Mapping[str, str],
        places: Sequence[str],
    ) -> list[dict[int, str]]:
        """For each of some terms the results of calls, which are made for all of them at once."""
        w = self.writer
        used = {node.parts[0] for node in walk(*calls) if node.head == "input"}
        scalars = {
            name: [read(j) for j in places] for name, read in elements.items() if name in used
        }
        with w.of_width(self._width):
            known = {name: w.splat(x) for name, x in names.items() if name in used}
            for name, numbers in scalars.items():
                known[name] = "poison"
                for lane, x in enumerate(numbers):
                    vector = f"{w.number} {known[name]}"
                    known[name] = w.op(f"insertelement {vector}, {w.real} {x}, i32 {lane}")
            vectors = self._written(calls, known, frozenset())
            return [
                {
                    id(call): w.op(f"extractelement {w.number} {vector}, i32 {lane}")
                    for call, vector in zip(calls, vectors, strict=True)
                }
                for lane in range(self._width)
            ]

    def _written(
        self,
        roots: Sequence[Expression],
        names: Mapping[str, str],
        fused: frozenset[int],
        known: Mapping[int, str] = NOTHING,
    ) -> list[str]:
        """The results of expressions; `known` has those that stand there already."""
        written = dict(known)
        for node in walk(*roots):
            if id(node) in fused or id(node) in written:
                continue
            product = next((part for part in node.operands if id(part) in fused), None)
            if product is not None:
                a, b = (written[id(part)] for part in product.parts)
                left, right = node.parts
                other = right if product is left else left
                written[id(node)] = self.fused(a, b, written[id(other)])
            else:
                parts = [written[id(part)] for part in node.operands]
                written[id(node)] = self._instruction(node, parts, names)
        return [written[id(root)] for root in roots]

    def _instruction(self, node: Expression, x: Sequence[str], names: Mapping[str, str]) -> str:
        w, head = self.writer, node.head
        if head == "number":
            return w.constant(node.parts[0])
        if head == "input":
            return names[node.parts[0]]
        if head in OPERATIONS:
            return w.op(f"{OPERATIONS[head]} {w.number} {x[0]}, {x[1]}")
        if head in COMPARISONS:
            return self.compare(COMPARISONS[head], x[0], x[1])
        if head in ("and", "or"):
            return w.op(f"{head} {w.truth} {x[0]}, {x[1]}")
        if head in _OTHERS:
            return _OTHERS[head](self, *x)
        if head in INTRINSICS:
            return w.intrinsic(head, *x)
        exponent = node.parts[1] if head == "pow" else None
        if exponent is not None and exponent.head == "number" and exponent.parts[0] in PRODUCTS:
            product = x[0]
            for _ in range(int(exponent.parts[0]) - 1):
                product = self.mul(product, x[0])
            return product
        return self._library(self, head, x)

    # ---------------------------------------------------------------------------- small pieces
    def choose(self, condition: str, yes: str, no: str) -> str:
        w = self.writer
        return w.op(f"select {w.truth} {condition}, {w.number} {yes}, {w.number} {no}")

    def compare(self, how: str, a: str, b: str) -> str:
        return self.writer.op(f"fcmp {how} {self.writer.number} {a}, {b}")

    def add(self, a: str, b: str) -> str:
        return self.writer.op(f"fadd {self.writer.number} {a}, {b}")

    def sub(self, a: str, b: str) -> str:
        return self.writer.op(f"fsub {self.writer.number} {a}, {b}")

    def mul(self, a: str, b: str) -> str:
        return self.writer.op(f"fmul {self.writer.number} {a}, {b}")

    def fused(self, a: str, b: str, c: str) -> str:
        """a·b + c, rounded once where the processor can."""
        return self.writer.intrinsic("fmuladd", a, b, c)

    def _negated(self, x: str) -> str:
        return self.writer.op(f"fneg {self.writer.number} {x}")

    def _not(self, condition: str) -> str:
        lanes = self.writer.lanes
        true = "true" if lanes == 1 else "<" + ", ".join(["i1 true"] * lanes) + ">"
        return self.writer.op(f"xor {self.writer.truth} {condition}, {true}")

    def _isnan(self, x: str) -> str:
        return self.compare("uno", x, x)

    def _isinf(self, x: str) -> str:
        return self._with_infinity("oeq", x)

    def _isfinite(self, x: str) -> str:
        return self._with_infinity("olt", x)

    def _with_infinity(self, how: str, x: str) -> str:
        size = self.writer.intrinsic("fabs", x)
        return self.compare(how, size, self.writer.constant(math.inf))


_OTHERS: dict[str, Callable[..., str]] = {
    "?": Printer.choose,
    "neg": Printer._negated,
    "not": Printer._not,
    "isnan": Printer._isnan,
    "isinf": Printer._isinf,
    "isfinite": Printer._isfinite,
}


def _fused(steps: Sequence[Expression]) -> frozenset[int]:
    """The products that only one addition reads: they are rounded with it."""
    nodes = list(walk(*steps))
    uses: dict[int, int] = {}
    for node in nodes:
        for part in node.operands:
            uses[id(part)] = uses.get(id(part), 0) + 1
    products = (
        next((part for part in reversed(node.operands) if part.head == "*"), None)
        for node in nodes
        if node.head == "+"
    )
    return frozenset(id(part) for part in products if part is not None and uses[id(part)] == 1)


def _calls_apart(steps: Sequence[Expression], state: Mapping[str, str]) -> list[Expression]:
    """The calls of functions in the steps of a fold that read nothing of its state."""
    bound: set[int] = set()
    calls = []
    for node in walk(*steps):
        if (node.head == "input" and node.parts[0] in state) or any(
            id(part) in bound for part in node.operands
        ):
            bound.add(id(node))
        elif _is_call(node):
            calls.append(node)
    return calls


def _is_call(node: Expression) -> bool:
    """Whether it is written as a call of a function of the C library."""
    if node.head == "pow":
        exponent = node.parts[1]
        return exponent.head != "number" or exponent.parts[0] not in PRODUCTS
    plain = (*OPERATIONS, *COMPARISONS, *INTRINSICS, *_OTHERS, "number", "input", "and", "or")
    return node.head not in plain
