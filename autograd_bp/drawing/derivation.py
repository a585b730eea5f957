"""derivation: a sweep as mathematics, line by line, from the output to the weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from autograd_bp import graph
from autograd_bp.derivatives.graphs import refuse
from autograd_bp.derivatives.reverse import gradients
from autograd_bp.derivatives.simplify import simplified
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
        wrt: the values whose derivatives are wanted; all parameters and inputs when left out.
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
    order = graph.topological_order(output)
    ends = _wanted(order, wrt)
    alive = set(ends)
    for node in order:
        if any(parent in alive for parent in node.parents):
            alive.add(node)
    count = sum(node.op is not None for node in order) + sum(node in alive for node in order)
    require_few(count, max_lines)
    return _Writer(output, order, alive, numbers, names).write()


def _wanted(order: Sequence[Value], wrt: Value | Iterable[Value] | None) -> list[Value]:
    if wrt is None:
        return [node for node in order if node.op is None and not node.is_constant]
    found = [wrt] if isinstance(wrt, Value) else list(wrt)
    for node in found:
        require_value(node, "what a derivation is with respect to")
    return found


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
        found = gradients([output], self.path) if numbers else [0.0] * len(self.path)
        self.grad = dict(zip(self.path, found, strict=True))
        self.symbol = {node: self._name(node) for node in order}
        self.slope: dict[Value, Maths] = {}  # how ∂output/∂node is called further on
        self.stand_in = {node: self._leaf(node) for node in order}
        self.shown = {leaf: self.symbol[node] for node, leaf in self.stand_in.items()}

    def write(self) -> Derivation:
        forward = []
        for node in self.order:
            if node.op is not None:
                body = operations.apply(node.op, [self.symbol[parent] for parent in node.parents])
                forward.append([self.symbol[node], body, *self._number(node.data)])
        users: dict[Value, list[tuple[Value, int]]] = {node: [] for node in self.path}
        for node in self.path:
            for i, parent in enumerate(node.parents):
                if parent in users:
                    users[parent].append((node, i))
        locals_ = {node: self._partials(node) for node in self.path if node.op is not None}
        backward = []
        for node in reversed(self.path):
            quotient = maths.derivative(self.symbol[self.output], self.symbol[node])
            if node is self.output:
                continue
            terms = [self._term(user, locals_[user][i]) for user, i in users[node]]
            line = [quotient, maths.signed_sum([(1.0, term) for term in terms])]
            if self.numbers:
                figures = [self._figures(user, user.partials[i]) for user, i in users[node]]
                line.append(maths.signed_sum([(1.0, each) for each in figures]))
                line += self._number(self.grad[node])
            self.slope[node] = quotient
            γ = self._gamma(node)
            if γ is not None:
                self.slope[node] = γ
                line.insert(0, γ)
            backward.append(_without_repeats(line))
        return Derivation(forward, backward)

    def _name(self, node: Value) -> Maths:
        if node.op is None:
            return self.namer.leaf(node)
        wanted = "α" if node.op.name == "dot" else "P" if node.op.name == "performance" else ""
        return self.namer.name(node, wanted or ("y" if node is self.output else ""))

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
        row = node.op
        assert row is not None
        if row.partials is None:
            raise refuse(row)
        inputs = [self.stand_in[parent] for parent in node.parents]
        found = row.partials(*inputs, y=self.stand_in[node])
        nodes = [each if isinstance(each, Value) else constant(each) for each in found]
        simple = simplified(nodes)
        written: dict[Value, Maths] = {}
        for each in graph.topological_order(*simple):
            if each.op is None:
                known = self.shown.get(each)
                written[each] = maths.number(each.data) if known is None else known
            else:
                written[each] = operations.apply(each.op, [written[part] for part in each.parents])
        return [written[each] for each in simple]

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
