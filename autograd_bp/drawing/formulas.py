"""latex and mathml: what a value was computed from, as a formula, with shared parts named once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograd_bp import graph
from autograd_bp.errors import DrawingError, OperandError, SettingError
from autograd_bp.notation import lines, maths, operations
from autograd_bp.notation.lines import Line
from autograd_bp.notation.maths import Maths
from autograd_bp.notation.names import identifier
from autograd_bp.value import Value

MAX_SIZE = 24  # names and numbers: a larger expression is given a line of its own
DIGITS = 6


def latex(
    value: Value,
    *,
    numbers: bool = False,
    names: Mapping[Value, str] | None = None,
    max_lines: int = 200,
) -> str:
    r"""Write in LaTeX (with amsmath) what a value was computed from, one line for each named part.

    Parts that have a label, or that are used more than once, have a line of their own, in the
    order in which they were computed.

    Arguments:
        value: the output.
        numbers: True ends each line with its number.
        names: names for values that have no label.
        max_lines: a formula of more lines is refused.

    Returns: LaTeX for a place in math mode; labels are escaped and shortened.

    Raises: OperandError when `value` is not a Value; DrawingError for too many lines.

    Example:
        >>> import autograd_bp as bp
        >>> from autograd_bp.drawing import latex
        >>> w, x = bp.Value(0.5, "w1"), bp.Value(2.0, "x1")
        >>> y = bp.sigmoid(w * x - 1)
        >>> print(latex(y))
        y = \sigma\left(w_{1} \, x_{1} - 1\right)
    """
    shown = formula_lines(value, numbers, names, max_lines)
    return Formula(lines.latex_block(shown), shown)


def mathml(
    value: Value,
    *,
    numbers: bool = False,
    names: Mapping[Value, str] | None = None,
    max_lines: int = 200,
) -> str:
    """The same as a `math` element, which browsers show as it is.

    Arguments: as for `latex`.

    Returns: MathML; labels are escaped and cannot become markup.

    Raises: as `latex`.

    Example:
        >>> from autograd_bp import Value
        >>> from autograd_bp.drawing import mathml
        >>> mathml(Value(2.0, "x") + 1)[:50]
        '<math xmlns="http://www.w3.org/1998/Math/MathML" d'
    """
    shown = formula_lines(value, numbers, names, max_lines)
    return Formula(lines.mathml_block(shown), shown)


class Formula(str):
    """The text of a formula, which a notebook shows typeset: as LaTeX, and as MathML beside it."""

    __slots__ = ("_lines",)
    _lines: list[Line]

    def __new__(cls, text: str, shown: list[Line]) -> Formula:
        """Arguments:
        text: the formula in one language.
        shown: its lines, for the others.
        """
        formula = super().__new__(cls, text)
        formula._lines = shown
        return formula

    def __reduce__(self) -> tuple[Any, ...]:
        return str, (str(self),)

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {lines.latex_block(self._lines)}$"

    def _repr_html_(self) -> str:
        return lines.mathml_block(self._lines)


def formula_lines(
    value: Value, numbers: bool, names: Mapping[Value, str] | None, max_lines: int
) -> list[Line]:
    """The lines of a formula, each a name, an expression and perhaps a number."""
    require_value(value, "a formula")
    order = graph.topological_order(value)
    uses = dict.fromkeys(order, 0)
    for node in order:
        for parent in node.parents:
            uses[parent] += 1
    namer = Namer(order, names)
    written: dict[Value, Maths] = {}
    equations: list[Line] = []
    for node in order:
        if node.op is None:
            written[node] = namer.leaf(node)
            continue
        body = operations.apply(node.op, [written[parent] for parent in node.parents])
        shared = uses[node] > 1 and body.size > 2
        if node is value or namer.has_name(node) or shared or body.size > MAX_SIZE:
            written[node] = namer.name(node, "y" if node is value else "")
            number = [maths.number(node.data, DIGITS)] if numbers else []
            equations.append([written[node], body, *number])
            require_few(len(equations), max_lines)
        else:
            written[node] = body
    return equations or [[namer.leaf(value)]]


class Namer:
    """Names of nodes, each once: labels, else t1, t2 ... or the letter that the caller gives."""

    def __init__(self, order: Sequence[Value], names: Mapping[Value, str] | None) -> None:
        self._own = dict(names or {})
        self._labels = {self._label(node) for node in order}
        self._counts: dict[str, int] = {}
        self._names: dict[Value, Maths] = {}
        self._next = 0

    def _label(self, node: Value) -> str:
        return str(self._own.get(node, "")) or node.label

    def has_name(self, node: Value) -> bool:
        """True when the user has named it."""
        return bool(self._label(node).strip())

    def name(self, node: Value, letter: str = "") -> Maths:
        """The name of a node, always the same."""
        if node not in self._names:
            label = self._label(node).strip() or letter
            if not label or (not self.has_name(node) and label in self._labels):
                label = self._new()
            shown = identifier(label).latex  # different labels may be shortened to one
            count = self._counts[shown] = self._counts.get(shown, 0) + 1
            self._names[node] = identifier(label, count)
        return self._names[node]

    def leaf(self, node: Value) -> Maths:
        """A leaf's name; one without a name is its number."""
        return self.name(node) if self.has_name(node) else maths.number(node.data)

    def _new(self) -> str:
        while True:
            self._next += 1
            label = f"t{self._next}"
            if label not in self._labels:
                return label


def require_value(value: Any, what: str) -> None:
    """Raises OperandError for what is no Value."""
    if not isinstance(value, Value):
        raise OperandError(f"{what} is made of a Value, got {type(value).__name__} {value!r:.60}")


def require_few(lines: int, limit: Any) -> None:
    """Raises DrawingError for too many lines, SettingError for a limit that is none."""
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise SettingError(f"max_lines is a whole number from 1 up, got {limit!r:.60}")
    if lines > limit:
        raise DrawingError(
            f"the formula has more than {limit} lines, which nobody reads: give a part of the "
            "graph, or a larger max_lines="
        )
