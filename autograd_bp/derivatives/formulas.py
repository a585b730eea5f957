"""formula: a derivative written out, as text, as LaTeX and for SymPy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd_bp import primitives as rows
from autograd_bp.derivatives.names import latex_name
from autograd_bp.derivatives.reverse import gradients
from autograd_bp.derivatives.simplify import simplified
from autograd_bp.errors import OperandError
from autograd_bp.graph import topological_order
from autograd_bp.notation.numbers import latex_number, number
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value

LONGEST = 160  # characters: a longer expression is given a name and a line of its own
SUM, PRODUCT, SIGN, POWER, ATOM = range(5)  # what binds less than its surroundings is bracketed
Written = tuple[str, int]  # the text of a node, and how tightly it binds
Writer = Callable[[Value, list[Written]], Written]
ARITHMETIC = {
    rows.add: SUM,
    rows.sub: SUM,
    rows.neg: SIGN,
    rows.mul: PRODUCT,
    rows.div: PRODUCT,
    rows.power: POWER,
    rows.pow: POWER,
}


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
        self._bodies: dict[Any, dict[Value, str]] = {_text: {}, _latex: {}}
        self.definitions: list[tuple[str, Value]] = []
        self._order = topological_order(*self.expressions)
        self._names = _leaf_names([*wrt, *self._order, output])
        self._sides = [(self._names.get(output, output.label or "y"), self._names[x]) for x in wrt]
        self._texts = self._write(_text)

    def _write(self, write: Writer) -> dict[Value, Written]:
        """Every node written down, with how tightly it binds. The first time, names are given."""
        uses = _uses(self._order, self.expressions)
        taken = set(self._names.values())
        first, written = not self.definitions, dict[Value, Written]()
        latex, ends = write is _latex, set(self.expressions)
        named = {node for _, node in self.definitions}
        for node in self._order:
            if node.op is None:
                name = self._names.get(node)
                if name is None:
                    shown = latex_number(node.data) if latex else number(node.data)
                    written[node] = shown, SIGN if node.data < 0.0 else ATOM
                else:
                    written[node] = latex_name(name) if latex else name, ATOM
                continue
            written[node] = write(node, [written[parent] for parent in node.parents])
            wanted = uses[node] > 1 and not _is_simple(node)
            if first and (wanted or len(written[node][0]) > LONGEST) and node not in ends:
                self._give_name(node, taken)
                named.add(node)
            if node in named:
                self._bodies[write][node] = written[node][0]
                name = self._names[node]
                written[node] = latex_name(name) if latex else name, ATOM
        return written

    def _give_name(self, node: Value, taken: set[str]) -> None:
        name = node.label
        while not name or name in taken:
            self._count += 1
            name = f"t{self._count}"
        taken.add(name)
        self._names[node] = name
        self.definitions.append((name, node))

    def __str__(self) -> str:
        lines = [
            f"∂{y}/∂{x} = {self._texts[node][0]}"
            for (y, x), node in zip(self._sides, self.expressions, strict=True)
        ]
        bodies = self._bodies[_text]
        for k, (name, node) in enumerate(self.definitions):
            lines.append(f"{'with ' if k == 0 else '     '}{name} = {bodies[node]}")
        return "\n".join(lines)

    def latex(self) -> str:
        """The same in LaTeX, for amsmath: one line, or an aligned block of several."""
        written = self._write(_latex)
        lines = [
            rf"\frac{{\partial {latex_name(y)}}}{{\partial {latex_name(x)}}} &= {written[node][0]}"
            for (y, x), node in zip(self._sides, self.expressions, strict=True)
        ]
        bodies = self._bodies[_latex]
        lines += [f"{latex_name(name)} &= {bodies[node]}" for name, node in self.definitions]
        if len(lines) == 1:
            return lines[0].replace("&", "", 1)
        return "\n".join([r"\begin{aligned}", " \\\\\n".join(lines), r"\end{aligned}"])

    def sympy(self) -> Any:
        """The derivative as a SymPy expression of real symbols named like the leaves; a list
        of them where there are several.

        Raises: MissingExtraError when SymPy is not installed.
        """
        from autograd_bp.derivatives.symbols import to_sympy

        found = to_sympy(self._order, self.expressions, self._names)
        return found[0] if self._single else found

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
    found = gradients([output], inputs, record=True)
    return Formula(output, inputs, simplified(found), single)


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
    return node.op in ARITHMETIC and all(parent.op is None for parent in node.parents)


def _bracketed(part: Written, least: int, left: str = "(", right: str = ")") -> str:
    text, binding = part
    return text if binding >= least else f"{left}{text}{right}"


def _text(node: Value, parts: list[Written]) -> Written:
    row = node.op
    assert row is not None
    if row not in ARITHMETIC:
        return f"{row.name}({', '.join(text for text, _ in parts)})", ATOM
    if row is rows.neg:
        return f"-{_bracketed(parts[0], PRODUCT)}", SIGN
    a, b = parts
    if row in (rows.add, rows.sub):
        sign = "+" if row is rows.add else "-"
        return f"{_bracketed(a, SUM)} {sign} {_bracketed(b, PRODUCT)}", SUM
    if row is rows.mul:
        signed = a[0][0] == "-"
        return f"{a[0] if signed else _factor(a)}·{_factor(b)}", SIGN if signed else PRODUCT
    if row is rows.div:
        return f"{_factor(a)}/{_bracketed(b, POWER)}", PRODUCT
    return f"{_bracketed(a, ATOM)}^{_bracketed(b, ATOM)}", POWER


def _factor(part: Written, left: str = "(", right: str = ")") -> str:
    text, binding = part
    return f"{left}{text}{right}" if binding in (SUM, SIGN) else text


def _latex(node: Value, parts: list[Written]) -> Written:
    row = node.op
    assert row is not None
    brackets = (r"\left(", r"\right)")
    if row not in ARITHMETIC:
        return _latex_function(row, parts)
    if row is rows.neg:
        return f"-{_bracketed(parts[0], PRODUCT, *brackets)}", SIGN
    a, b = parts
    if row in (rows.add, rows.sub):
        sign = "+" if row is rows.add else "-"
        return f"{_bracketed(a, SUM, *brackets)} {sign} {_bracketed(b, PRODUCT, *brackets)}", SUM
    if row is rows.mul:
        signed = a[0][0] == "-"
        left = a[0] if signed else _factor(a, *brackets)
        return rf"{left} \, {_factor(b, *brackets)}", SIGN if signed else PRODUCT
    if row is rows.div:
        return rf"\frac{{{a[0]}}}{{{b[0]}}}", ATOM
    return f"{_bracketed(a, ATOM, *brackets)}^{{{b[0]}}}", POWER


def _latex_function(row: Primitive, parts: list[Written]) -> Written:
    texts = [text for text, _ in parts]
    name = row.name.replace("_", r"\_")
    named = rf"\operatorname{{{name}}}\left({', '.join(texts)}\right)"
    template = row.latex
    enclosed = any(sign in template for sign in (r"\left", "{{{}}}", r"\text"))
    if not enclosed:
        texts = [_bracketed(part, ATOM, r"\left(", r"\right)") for part in parts]
    slots = template.replace("{{", "").replace("}}", "").count("{}")
    if template.startswith(rf"\operatorname{{{name}") or slots != len(parts):
        return named, ATOM
    binding = POWER if "e^" in template or "2^" in template else ATOM if enclosed else PRODUCT
    return template.format(*texts), binding
