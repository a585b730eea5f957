"""derivation: a sweep as mathematics, line by line, from the output to the weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from autograd_bp import graph
from autograd_bp import primitives as ops
from autograd_bp.derivatives.graphs import refuse
from autograd_bp.derivatives.reverse import gradients
from autograd_bp.derivatives.simplify import simplified
from autograd_bp.drawing import options
from autograd_bp.drawing.formulas import DIGITS, Namer, require_few, require_value
from autograd_bp.notation import lines, maths, operations
from autograd_bp.notation.lines import Line
from autograd_bp.notation.maths import Maths
from autograd_bp.notation.names import identifier
from autograd_bp.value import Value, constant


class Derivation:
    """The chain rule of one sweep: print it, or take `latex()` or `mathml()`.

    Attributes:
        forward: how each value was computed.
        backward: the derivative of the output by each value, in the order of the sweep.
    """

    def __init__(self, forward: Sequence[Line], backward: Sequence[Line]) -> None:
        self.forward, self.backward = list(forward), list(backward)

    def __str__(self) -> str:
        return lines.text_block([*self.forward, *self.backward])

    def latex(self) -> str:
        """All lines in LaTeX, aligned, for amsmath."""
        return lines.latex_block([*self.forward, *self.backward])

    def mathml(self) -> str:
        """All lines as one `math` element."""
        return lines.mathml_block([*self.forward, *self.backward])

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def _repr_html_(self) -> str:
        """MathML, which an exported page shows without a network."""
        return self.mathml()

    def __repr__(self) -> str:
        return f"<derivation of {len(self.forward) + len(self.backward)} lines>"


def derivation(
    output: Value,
    wrt: Value | Iterable[Value] | None = None,
    *,
    numbers: bool = False,
    names: Mapping[Value, str] | None = None,
    max_lines: int = 200,
) -> Derivation:
    """How the gradient of an output comes about: each value, then ∂output/∂value of each, as a
    sum over what uses it of the derivative there times the local derivative.

    The derivative at a stimulus α is called γ, as in the post. No node's `.grad` is touched.

    Arguments:
        output: the node that was swept from, such as the performance P.
        wrt: the values by which to differentiate; all parameters and inputs when left out.
        numbers: True puts the numbers in and ends each line with its result.
        names: names for values that have no label.
        max_lines: a derivation of more lines is refused.

    Returns: a Derivation.

    Raises: OperandError for what is no Value; NotDifferentiableError where an operation has no
        derivative; DrawingError for too many lines.

    Example:
        >>> import autograd_bp as bp
        >>> from autograd_bp.drawing import derivation
        >>> w, x, d = bp.Value(0.5, "w"), bp.Value(2.0, "x"), bp.Value(1.0, "d")
        >>> α = w * x
        >>> z = bp.sigmoid(α)
        >>> P = bp.performance(d, z)
        >>> for node, name in ((α, "α"), (z, "z"), (P, "P")):
        ...     node.label = name
        >>> print(derivation(P, w))
        α = w·x
        z = σ(α)
        P = -½·(d - z)^2
        ∂P/∂z = d - z
        γ = ∂P/∂α = ∂P/∂z·z·(1 - z)
        ∂P/∂w = γ·x
    """
    require_value(output, "a derivation")
    options.flags(numbers=numbers)
    names = options.names(names)
    order = graph.topological_order(output)
    ends = _inputs(order, wrt)
    alive = set(ends)
    for node in order:
        if any(parent in alive for parent in node.parents):
            alive.add(node)
    count = sum(node.op is not None for node in order) + sum(node in alive for node in order)
    require_few(count, max_lines)
    return _Writer(output, order, alive, numbers, names).write()


def _inputs(order: Sequence[Value], wrt: Value | Iterable[Value] | None) -> list[Value]:
    if wrt is None:
        return [node for node in order if node.op is None and not node.is_constant]
    return options.values(wrt, "a derivation with respect to (wrt=...)")


_LETTERS = {ops.dot: "α", ops.performance: "P"}  # the post's names for what they compute


class _Writer:
    def __init__(
        self,
        output: Value,
        order: Sequence[Value],
        alive: set[Value],
        numbers: bool,
        names: Mapping[Value, str] | None,
    ) -> None:
        self.output, self.order, self.numbers = output, order, numbers
        self.path = [node for node in order if node in alive]
        self.namer = Namer(order, names)
        grads = gradients([output], self.path) if numbers else [0.0] * len(self.path)
        self.grad = dict(zip(self.path, grads, strict=True))
        self.symbol = {node: self._name(node) for node in order}
        self.slope: dict[Value, Maths] = {}  # how ∂output/∂node is called further on
        self.stand_in = {node: self._leaf(node) for node in order}
        self.shown = {leaf: self.symbol[node] for node, leaf in self.stand_in.items()}

    def write(self) -> Derivation:
        users: dict[Value, list[tuple[Value, int]]] = {node: [] for node in self.path}
        for node in self.path:
            for i, parent in enumerate(node.parents):
                if parent in users:
                    users[parent].append((node, i))
        partials = {node: self._partials(node) for node in self.path if node.op is not None}
        backward = [
            self._backward_line(node, users[node], partials)
            for node in reversed(self.path)
            if node is not self.output
        ]
        forward = [self._forward_line(node) for node in self.order if node.op is not None]
        return Derivation(forward, backward)

    def _forward_line(self, node: Value) -> Line:
        assert node.op is not None
        body = operations.apply(node.op, [self.symbol[parent] for parent in node.parents])
        return [self.symbol[node], body, *self._number(node.data)]

    def _backward_line(
        self,
        node: Value,
        users: Sequence[tuple[Value, int]],
        partials: Mapping[Value, Sequence[Maths]],
    ) -> Line:
        """∂output/∂node, as a sum over what uses the node."""
        quotient = maths.derivative(self.symbol[self.output], self.symbol[node])
        terms = [self._term(user, partials[user][i]) for user, i in users]
        line = [quotient, maths.signed_sum([(1.0, term) for term in terms])]
        if self.numbers:
            figures = [self._figures(user, user.partials[i]) for user, i in users]
            line.append(maths.signed_sum([(1.0, figure) for figure in figures]))
            line += self._number(self.grad[node])
        γ = self._gamma(node)
        self.slope[node] = quotient if γ is None else γ
        return _without_repeats(line if γ is None else [γ, *line])

    def _name(self, node: Value) -> Maths:
        if node.op is None:
            return self.namer.leaf(node)
        letter = _LETTERS.get(node.op) or ("y" if node is self.output else "")
        return self.namer.name(node, letter)

    def _gamma(self, node: Value) -> Maths | None:
        name = self.symbol[node].text
        if node.op is None or not name.startswith("α"):
            return None
        label, _, count = name.partition("′")
        return identifier("γ" + label[1:], int(count or 1))

    def _leaf(self, node: Value) -> Value:
        """A leaf in the place of a node, so that a local derivative is written in its name."""
        if node.op is None and node.is_constant and not self.namer.has_name(node):
            return constant(node.data)
        return Value(node.data, f"leaf {len(self.symbol)}")

    def _partials(self, node: Value) -> list[Maths]:
        """The rule of the node's operation, run on symbols."""
        op = node.op
        assert op is not None
        if op.partials is None:
            raise refuse(op)
        inputs = [self.stand_in[parent] for parent in node.parents]
        partials = op.partials(*inputs, y=self.stand_in[node])
        simple = simplified([p if isinstance(p, Value) else constant(p) for p in partials])
        written: dict[Value, Maths] = {}
        for part in graph.topological_order(*simple):
            if part.op is None:
                known = self.shown.get(part)
                written[part] = maths.number(part.data) if known is None else known
            else:
                written[part] = operations.apply(part.op, [written[x] for x in part.parents])
        return [written[partial] for partial in simple]

    def _term(self, user: Value, local: Maths) -> Maths:
        if user is self.output:
            return local
        slope = self.slope[user]
        return slope if local.equals(1.0) else maths.times([slope, local])

    def _figures(self, user: Value, partial: float) -> Maths:
        local = maths.number(partial, DIGITS)
        if user is self.output:
            return local
        return maths.times([maths.number(self.grad[user], DIGITS), local])

    def _number(self, x: float) -> list[Maths]:
        return [maths.number(x, DIGITS)] if self.numbers else []


def _without_repeats(line: list[Maths]) -> list[Maths]:
    """x = 1 = 1 is said once."""
    kept = line[:1]
    for m in line[1:]:
        if m.latex != kept[-1].latex:
            kept.append(m)
    return kept
