"""formula: a derivative written out, as text, as LaTeX and for SymPy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd_bp.derivatives.names import formula_name
from autograd_bp.derivatives.reverse import gradients
from autograd_bp.derivatives.shares import with_logarithms
from autograd_bp.derivatives.simplify import simplified
from autograd_bp.derivatives.slope_formulas import written_out
from autograd_bp.errors import OperandError
from autograd_bp.graph import topological_order
from autograd_bp.notation import maths
from autograd_bp.notation.earlier import printed
from autograd_bp.notation.lines import latex_block
from autograd_bp.notation.maths import Maths
from autograd_bp.notation.operations import OPERATORS, apply, called
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value, constant

MAX_LENGTH = 160  # characters: a longer expression is given a name and a line of its own
Notation = Callable[[Primitive, Sequence[Maths]], Maths]
_text, _latex = "text", "latex"  # functions of earlier versions, which their pickles name


class Formula:
    """Derivatives as formulas of the leaves, with shared parts named once.

    Attributes:
        expressions: the derivatives as simplified graphs of Values, one for each input: they
            can be drawn, compiled and differentiated again.
        definitions: the shared parts, (name, node), each defined before it is used.

    `str()` and `latex()` write it down; `sympy()` hands it to SymPy.
    """

    def __init__(
        self, output: Value, wrt: Sequence[Value], expressions: Sequence[Value], single: bool
    ) -> None:
        self.expressions = list(expressions)
        self._single = single
        self._count = 0  # names given to parts without a label
        self.definitions: list[tuple[str, Value]] = []
        self._order = topological_order(*self.expressions)
        self._names = _leaf_names([*wrt, *self._order, output])
        self._sides = [(self._names.get(output, output.label or "y"), self._names[x]) for x in wrt]
        self._name_parts()
        # As text, operations are called what they are called in Python.
        self._lines = self._written(called)

    def _name_parts(self) -> None:
        """Give a name to what is used more than once, and to what is long."""
        uses = _uses(self._order, self.expressions)
        taken, ends = set(self._names.values()), set(self.expressions)
        written: dict[Value, Maths] = {}
        for node in self._order:
            if node.op is None:
                written[node] = self._leaf(node)
                continue
            written[node] = called(node.op, [written[parent] for parent in node.parents])
            shared = uses[node] > 1 and not _is_simple(node)
            if node not in ends and (shared or len(written[node].text) > MAX_LENGTH):
                self._give_name(node, taken)
                written[node] = formula_name(self._names[node])

    def _give_name(self, node: Value, taken: set[str]) -> None:
        name = node.label
        while not name or name in taken:
            self._count += 1
            name = f"t{self._count}"
        taken.add(name)
        self._names[node] = name
        self.definitions.append((name, node))

    def _leaf(self, node: Value) -> Maths:
        name = self._names.get(node)
        return maths.number(node.data) if name is None else formula_name(name)

    def _written(self, notation: Notation) -> list[tuple[Maths, Maths]]:
        """The derivatives, then the parts that have names: what each is called, and its formula."""
        bodies: dict[Value, Maths] = {}
        written: dict[Value, Maths] = {}
        for node in self._order:
            if node.op is None:
                written[node] = self._leaf(node)
                continue
            bodies[node] = notation(node.op, [written[parent] for parent in node.parents])
            name = self._names.get(node)
            written[node] = bodies[node] if name is None else formula_name(name)
        lines = [
            (maths.derivative(formula_name(y), formula_name(x)), written[node])
            for (y, x), node in zip(self._sides, self.expressions, strict=True)
        ]
        return lines + [(formula_name(name), bodies[node]) for name, node in self.definitions]

    def __str__(self) -> str:
        lines = [f"{left.text} = {right.text}" for left, right in self._lines]
        derivatives, parts = lines[: len(self._sides)], lines[len(self._sides) :]
        named = [f"{'     ' if k else 'with '}{line}" for k, line in enumerate(parts)]
        return "\n".join([*derivatives, *named])

    def latex(self) -> str:
        """The same in LaTeX, for amsmath: one line, or an aligned block of several."""
        return latex_block(self._written(apply))

    def sympy(self) -> Any:
        """The derivative as a SymPy expression of real symbols named like the leaves; a list
        of them where there are several.

        Raises: MissingExtraError when SymPy is not installed.
        """
        from autograd_bp.derivatives.symbols import to_sympy

        expressions = to_sympy(self._order, self.expressions, self._names)
        return expressions[0] if self._single else expressions

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if "_lines" in state:
            return
        # A pickle of an earlier version, which kept texts.
        texts, parts = state["_texts"], state["_bodies"][_text]
        self._lines = [
            (maths.derivative(formula_name(y), formula_name(x)), printed(texts[node][0]))
            for (y, x), node in zip(self._sides, self.expressions, strict=True)
        ]
        self._lines += [
            (formula_name(name), printed(parts[node])) for name, node in self.definitions
        ]

    def __repr__(self) -> str:
        return f"<formula {str(self).splitlines()[0]}>"


def formula(output: Value, wrt: Value | Sequence[Value]) -> Formula:
    """The derivative of a recorded node as a formula, simplified, shared parts named.

    Arguments:
        output: the node to differentiate.
        wrt: the node, or the nodes, to differentiate by.

    Returns: a Formula: print it, or take `.latex()`, `.sympy()`, or the graph itself,
        `.expressions`. It is the formula of the graph as recorded: where Python branched, of
        the branch that was taken.

    Raises: OperandError for what is no Value; NotDifferentiableError when the derivative would
        have to pass an operation that has none.

    Example:
        >>> import autograd_bp as bp
        >>> w, x, d = bp.Value(0.5, "w"), bp.Value(2.0, "x"), bp.Value(1.0, "d")
        >>> y = bp.sigmoid(w * x)
        >>> y.label = "y"
        >>> P = bp.performance(d, y)
        >>> P.label = "P"
        >>> print(bp.formula(P, w))
        ∂P/∂w = (d - y)·y·(1 - y)·x
        with y = sigmoid(w·x)
    """
    single = isinstance(wrt, Value)
    inputs: list[Value] = list(wrt) if isinstance(wrt, Iterable) else [wrt]
    for node in (output, *inputs):
        if not isinstance(node, Value):
            raise OperandError(
                f"formula needs Values, got {type(node).__name__} {node!r:.60}: call the "
                "function on Values first"
            )
    slopes = gradients(with_logarithms([output]), inputs, record=True)
    nodes = [slope if isinstance(slope, Value) else constant(slope) for slope in slopes]
    return Formula(output, inputs, simplified(written_out(with_logarithms(nodes))), single)


def _leaf_names(nodes: Sequence[Value]) -> dict[Value, str]:
    """A name for each leaf that is not a plain number: its label, else x1, x2, ..."""
    names: dict[Value, str] = {}
    labels = {node.label for node in nodes}
    taken: set[str] = set()
    count = 0
    for node in nodes:
        if node in names or (node.op is not None and node.label == ""):
            continue
        if node.op is None and node.is_constant and not node.label:
            continue
        name = node.label
        repeat = 1
        while not name or name in taken:
            if node.label:
                repeat += 1
                name = f"{node.label}′{repeat}"
            else:
                count += 1
                name = f"x{count}" if f"x{count}" not in labels else ""
        if node.op is None:
            taken.add(name)
            names[node] = name
    return names


def _uses(order: Sequence[Value], ends: Sequence[Value]) -> dict[Value, int]:
    uses = dict.fromkeys(order, 0)
    for node in order:
        for parent in node.parents:
            uses[parent] += 1
    for node in ends:
        uses[node] += 1
    return uses


def _is_simple(node: Value) -> bool:
    """Short enough to be written twice: a product, a sum or a power of two leaves."""
    return node.op in OPERATORS and all(parent.op is None for parent in node.parents)
