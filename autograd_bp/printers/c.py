"""Expressions in C: for the native kernels, the export, and the tape's interpreter."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from autograd_bp.expressions import BINDING, CALL, Expression, inputs, walk
from autograd_bp.folds import Fold
from autograd_bp.printers.uses import Uses

_OPERATORS = {"and": "&&", "or": "||"}


def expression(
    root: Expression,
    names: Mapping[str, str] | None = None,
    call: Callable[[str], str] = str,
) -> str:
    """An expression as one expression in C.

    Arguments:
        root: the expression.
        names: what its inputs are called; their own names without it.
        call: how a function is called, from its name; its own name without it.
    """
    printer = Printer(names or {}, call=call)
    return printer.texts(root, share=False)[0]


MAX_OPERATIONS = 60  # of an expression that is written without variables


def statements(root: Expression, call: Callable[[str], str] = str) -> tuple[list[str], str]:
    """Declarations, and the expression that they make short: none where it is short already."""
    if sum(1 for _ in walk(root)) <= MAX_OPERATIONS:
        return [], expression(root, call=call)
    printer = Printer({}, call=call)
    (text,) = printer.texts(root)
    return printer.lines, text


def literal(x: float) -> str:
    """A number, to the last bit."""
    if math.isnan(x):
        return "NAN"
    if math.isinf(x):
        return "INFINITY" if x > 0 else "(-INFINITY)"
    return repr(x) if math.copysign(1.0, x) > 0 else f"({x!r})"


class Printer(Uses):
    """Writes expressions; what is used twice gets a variable.

    Arguments:
        names: what inputs are called, instead of their own names.
        temporary: the beginning of the names of variables.
        call: how a function is called, from its name; its own name without it.

    Attributes:
        lines: the declarations of the variables.
    """

    def __init__(
        self,
        names: Mapping[str, str],
        temporary: str = "t",
        call: Callable[[str], str] = str,
    ) -> None:
        super().__init__()
        self._names, self._temporary, self._call = names, temporary, call
        self._expected: set[int] = set()

    def expect(self, *roots: Expression) -> None:
        """Say that these will be printed too: what they share with others gets a variable."""
        super().expect(*roots)
        for root in roots:
            self._expected.add(id(root))
            self._uses[id(root)] = self._uses.get(id(root), 0) + 1

    def texts(self, *roots: Expression, share: bool = True) -> list[str]:
        """Each root as text. `share` sets variables in `lines`."""
        self.expect(*[root for root in roots if id(root) not in self._expected])
        for node in walk(*roots):
            if id(node) in self._written:
                continue
            text, binding = self._text(node)
            if share and self._uses[id(node)] > 1 and node.operands:
                name = f"{self._temporary}{len(self.lines)}"
                self.lines.append(self._declaration(node, name, text))
                text, binding = name, CALL
            self._written[id(node)] = text, binding
        return [self._written[id(root)][0] for root in roots]

    def _declaration(self, node: Expression, name: str, text: str) -> str:
        return f"const {'int' if node.is_truth else 'double'} {name} = {text};"

    def _literal(self, x: float) -> str:
        return literal(x)

    def _text(self, node: Expression) -> tuple[str, int]:
        head, parts = node.head, node.parts
        if head == "input":
            return self._names.get(parts[0], parts[0]), CALL
        if head == "number":
            return self._literal(parts[0]), CALL
        own = BINDING.get(head, CALL)
        if head == "?":
            condition, yes = self._part(parts[0], own + 1), self._part(parts[1], own + 1)
            return f"{condition} ? {yes} : {self._part(parts[2], own)}", own
        if head == "neg":
            return f"-{self._part(parts[0], own + 1)}", own
        if head == "not":
            return f"!{self._part(parts[0], CALL)}", BINDING["neg"]
        if own == CALL:
            inside = ", ".join(self._part(part, -1) for part in parts)
            return f"{self._call(head)}({inside})", CALL
        if own < BINDING["+"]:  # compilers warn of a && b || c and a == b == c without brackets
            a, b = (self._part(part, BINDING["+"]) for part in parts)
        else:
            a, b = self._part(parts[0], own), self._part(parts[1], own + 1)
        return f"{a} {_OPERATORS.get(head, head)} {b}", own


def fold(
    folded: Fold,
    element: Callable[[str], str],
    count: str,
    *,
    kind: str = "size_t",
    initial: str = "0.0",
    result: str = "y",
    partial: Callable[[str], str] | None = None,
    initial_partial: str = "",
) -> list[str]:
    """Statements that compute a fold.

    Arguments:
        folded: the fold.
        element: what stands for an element of the term at `i`, from the element's name.
        count: the variable that holds the number of terms.
        kind: the integer type of the running number `i`.
        initial: the initial value.
        result: the variable that is set to the output.
        partial: where the partial by an element goes, from the element's name; None where
            no partials are wanted. It may be the place of the element itself.
        initial_partial: where the partial by the initial value goes; the empty string for
            nowhere. It may be the place of the initial value itself.
    """
    # An accumulator may be called like a function or a variable of the code around it.
    state = {name: f"{name}_" for stage in folded.stages for name in stage.names}
    elements = {name: f"{name}_i" for name in folded.operands.elements}
    names = {**state, **elements, "n": f"(double){count}", "initial": initial, "y": result}
    loop_head = f"for ({kind} i = 0; i < {count}; i++) {{"
    at_the_end = any(reads(folded.slopes, name) for name in ("y", *state))
    at_once = partial is not None and len(folded.stages) == 1 and not at_the_end
    lines: list[str] = []
    for place, stage in enumerate(folded.stages_of_output if partial is None else folded.stages):
        printer = Printer(names, f"start{place}_")
        starts = printer.texts(*stage.start)
        lines += printer.lines
        declared = (
            f"{state[name]} = {start}" for name, start in zip(stage.names, starts, strict=True)
        )
        lines.append(f"double {', '.join(declared)};")
        slopes = folded.slopes if at_once else ()
        printer = Printer(names, "u")
        texts = printer.texts(*stage.steps, *slopes)
        body = _elements(folded, element, (*stage.steps, *slopes)) + printer.lines
        body += _assignments(stage.names, stage.steps, texts, state)
        if at_once:
            body += _stores(folded, partial, texts[len(stage.steps) :])
        loop = [loop_head, *_indented(body), "}"]
        if stage.when is not None:
            condition = Printer(names).texts(stage.when)[0]
            loop = [f"if ({condition}) {{", *_indented(loop), "}"]
        lines += loop
    printer = Printer(names)
    text = printer.texts(folded.finish)[0]
    lines += [*printer.lines, f"{result} = {text};"]
    if partial is not None and not at_once:
        terms, common = without_common(folded.slopes, folded.operands.elements)
        printer = Printer(names, "w")
        texts = printer.texts(*common.values())
        lines += printer.lines
        lines += [
            f"const double {name} = {text};" for name, text in zip(common, texts, strict=True)
        ]
        printer = Printer(names, "u")
        texts = printer.texts(*terms)
        body = _elements(folded, element, terms) + printer.lines
        lines += [loop_head, *_indented(body + _stores(folded, partial, texts)), "}"]
    if initial_partial:
        printer = Printer(names, "v")
        (text,) = printer.texts(folded.initial_slope)
        lines += [*printer.lines, f"{initial_partial} = {text};"]
    return lines


def list_fold(folded: Fold, *, kind: str, partials: bool = False) -> list[str]:
    """Statements that compute a fold over x[0..n) and set y.

    Arguments:
        folded: the fold.
        kind: the integer type of n and of running numbers.
        partials: whether each x[i] becomes the partial by it.
    """
    operands = folded.operands
    elements = operands.elements
    count, lines = "n", []
    if len(elements) > 1 or operands.always:
        count = "m"
        terms = "(n - 1)" if operands.always else "n"
        lines.append(f"const {kind} m = {terms} / {len(elements)};")
    offsets = ("", "m + ", *(f"{k} * m + " for k in range(2, len(elements))))
    places = {name: f"x[{offset}i]" for name, offset in zip(elements, offsets, strict=False)}
    has_initial = f"n % {len(elements)}"
    initial = f"{has_initial} ? x[n - 1] : 0.0" if operands.initial else "0.0"
    lines += fold(
        folded,
        places.__getitem__,
        count,
        kind=kind,
        initial="x[n - 1]" if operands.always else initial,
        partial=places.__getitem__ if partials else None,
        initial_partial="x[n - 1]" if partials and operands.always else "",
    )
    if partials and operands.initial and not operands.always:
        lines.append(f"if ({has_initial}) x[n - 1] = 1.0;")
    return lines


def reads(roots: Sequence[Expression], name: str) -> bool:
    """Whether an expression has the input of this name."""
    return any(node.head == "input" and node.parts[0] == name for node in walk(*roots))


def without_common(
    roots: Sequence[Expression], elements: Sequence[str]
) -> tuple[list[Expression], dict[str, Expression]]:
    """The roots with an input in the place of each part that is the same for all terms, and these
    parts by the names of their inputs. C may not compute a division once that a loop repeats."""
    depends: set[int] = set()
    nodes = list(walk(*roots))
    for node in nodes:
        if (node.head == "input" and node.parts[0] in elements) or any(
            id(part) in depends for part in node.operands
        ):
            depends.add(id(node))
    common: dict[str, Expression] = {}
    new: dict[int, Expression] = {}
    for node in nodes:
        if id(node) not in depends:
            new[id(node)] = node
            continue
        parts: list[Expression] = []
        for part in node.operands:
            if part.operands and id(part) not in depends and not part.is_truth:
                known = [name for name, other in common.items() if other is part]
                name = known[0] if known else f"common{len(common)}"
                common[name] = part
                parts += inputs(name)
            else:
                parts.append(new[id(part)])
        new[id(node)] = Expression(node.head, *parts) if parts else node
    return [new[id(root)] for root in roots], common


def _elements(
    folded: Fold, element: Callable[[str], str], roots: Sequence[Expression]
) -> list[str]:
    return [
        f"const double {name}_i = {element(name)};"
        for name in folded.operands.elements
        if reads(roots, name)
    ]


def _stores(folded: Fold, partial: Callable[[str], str] | None, texts: Sequence[str]) -> list[str]:
    assert partial is not None
    names = folded.operands.elements
    return [f"{partial(name)} = {text};" for name, text in zip(names, texts, strict=True)]


def _assignments(
    names: Sequence[str],
    steps: Sequence[Expression],
    texts: Sequence[str],
    variables: Mapping[str, str],
) -> list[str]:
    """The new state, where a step may read the old one: variables first, if they are needed."""
    needed = [reads(steps[k + 1 :], name) for k, name in enumerate(names)]
    lines = [
        f"const double next_{name} = {text};" if late else f"{variables[name]} = {text};"
        for name, text, late in zip(names, texts[: len(names)], needed, strict=True)
    ]
    return lines + [
        f"{variables[name]} = next_{name};"
        for name, late in zip(names, needed, strict=True)
        if late
    ]


def _indented(lines: Sequence[str]) -> list[str]:
    return ["    " + line for line in lines]
