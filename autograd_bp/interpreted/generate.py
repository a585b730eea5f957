"""Write operators.py, the quick functions of the interpreted core, from the table and value.py.

A method of `Value` that records a primitive says so in one line of value.py:
`return binary(codes.mul, self, other)`. This line is read here, and the method is written out: the
operand becomes a node, the expression and the rule of the primitive compute the numbers, and the
fields of the new node are set. A method of any other form is left as it is.

    python tools/generate.py            writes operators.py, and every other generated file
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from autograd_bp.built import fingerprint
from autograd_bp.entry import Primitive
from autograd_bp.expressions import Expression, as_expression, inputs, letters, walk
from autograd_bp.folds import Fold
from autograd_bp.generate import methods
from autograd_bp.interpreted.install import SOURCES
from autograd_bp.native.kernels import OWN
from autograd_bp.primitives import TABLE
from autograd_bp.printers.c import without_common
from autograd_bp.printers.overrides import WITHOUT_KERNEL, override
from autograd_bp.printers.python import Printer, fold_stages, terms_of

FOLDER = Path(__file__).parent
OPERATORS = FOLDER / "operators.py"
PACKAGE = FOLDER.parent
MAX_OPERATIONS = 100  # of an expression and its rule: a longer one takes longer than a call
SIDES = {"binary": ("self", "right"), "reflected": ("left", "self")}
MAX_CHOICES_IN_OPERATOR = 3  # of the arithmetic of a primitive that an operator has in itself
MAX_CHOICES = 8  # of the arithmetic that a function of a primitive has in itself

TEMPLATE = '''\
"""The operators and primitives of the interpreted core, written out. Written by
autograd_bp/interpreted/generate.py: do not edit; change the table or value.py and run
`python tools/generate.py`.

A function that ends in a primitive's name records it. What raises, which is rare, is computed by
value.py, with the functions that never do.
"""

# mypy: ignore-errors
# ruff: noqa
# fmt: off

import math

from autograd_bp import ieee754

MADE_FROM = "{fingerprint}"
INF, NAN = math.inf, math.nan
new = object.__new__

# Set by install.py: classes and functions of value.py, and whether a no_recording() block is open.
Value = ManyValue = record1 = record2 = evaluate = forget = None
paused = False


{functions}
METHODS = {{
{methods}
}}
# By the name of the primitive: functions of one node, of two nodes, of a list of numbers.
ONE = {{
{one}
}}
TWO = {{
{two}
}}
MANY = {{
{many}
}}
'''


class Method(NamedTuple):
    """A method of Value that records a primitive.

    Attributes:
        name: of the method.
        kind: how it records: "record1", "binary" or "reflected".
        node_op, number_op: the primitive where the other operand is a Value, and a number.
        extra: the name of a further parameter, which must be None; or empty.
    """

    name: str
    kind: str
    node_op: str
    number_op: str
    extra: str


# ------------------------------------------------------------------------ reading value.py
def recording_methods(source: str) -> list[Method]:
    """The methods of Value that do nothing but record a primitive, in the order of value.py."""
    classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    (value,) = [node for node in classes if node.name == "Value"]
    found = [_method(node) for node in value.body if isinstance(node, ast.FunctionDef)]
    return [method for method in found if method is not None]


def _method(function: ast.FunctionDef) -> Method | None:
    names = [argument.arg for argument in function.args.args]
    body = [node for node in function.body if not _is_docstring(node)]
    extra = names[2] if len(names) == 3 else ""
    if extra and ast.unparse(body[0]) == f"if {extra} is not None:\n    return NotImplemented":
        del body[0], names[2]
    if len(body) != 1 or function.decorator_list or not isinstance(body[0], ast.Return):
        return None
    # One line is left: return KIND(CODE, self) or return KIND(CODE, self, other).
    called = _called(body[0].value, names)
    return None if called is None else Method(function.name, *called, extra)


def _called(call: ast.expr | None, names: list[str]) -> tuple[str, str, str] | None:
    """The function that records, and the primitives, of `binary(codes.mul, self, other)`."""
    if not isinstance(call, ast.Call) or not call.args or call.keywords:
        return None
    kind, (code, *operands) = ast.unparse(call.func), call.args
    if kind not in ("record1", *SIDES) or [ast.unparse(operand) for operand in operands] != names:
        return None
    ops = _ops(code)
    return None if ops is None else (kind, *ops)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _ops(code: ast.expr) -> tuple[str, str] | None:
    """The primitives of `codes.a`, or of `codes.a if isinstance(other, Value) else codes.b`."""
    if isinstance(code, ast.IfExp):
        if ast.unparse(code.test) != "isinstance(other, Value)":
            return None
        first, second = _ops(code.body), _ops(code.orelse)
        return (first[0], second[0]) if first and second else None
    text = ast.unparse(code)
    return (text.removeprefix("codes."),) * 2 if text.startswith("codes.") else None


# ---------------------------------------------------------------------------- computing
def _arithmetic(op: Primitive) -> tuple[list[str], list[str], bool] | None:
    """Statements that set y, the texts of the partials, and whether something may raise. None for
    a primitive whose functions are to be called."""
    expression = op.expression
    if not isinstance(expression, Expression) or op.name in WITHOUT_KERNEL:
        return None
    if override("python", op.name) is not None:
        return None
    arguments = inputs(*letters(op.arity or 0))
    output = Expression("input", "y")
    rule = op.partials(*arguments, y=output) if op.partials is not None else None
    slopes = [*map(as_expression, rule)] if rule is not None else []
    if sum(1 for _ in walk(expression, *slopes)) > MAX_OPERATIONS:
        return None
    forms = []
    for raises in (True, False):
        printer = Printer(raises)
        printer.expect(expression, *slopes)
        lines = [f"y = {printer.texts(expression)[0]}"]
        lines = [*printer.lines, *lines]
        done = len(printer.lines)
        partials = printer.texts(*slopes) if rule is not None else ["NAN"] * (op.arity or 0)
        forms.append(([*lines, *printer.lines[done:]], partials))
    return (*forms[0], forms[0] != forms[1])


def _numbers(op: Primitive, node: Sequence[str], slow: str) -> list[str]:
    """Statements that compute, make the node, and set its numbers; `slow` where one raises."""
    known = _arithmetic(op)
    assert known is not None
    lines, partials, raises = known
    computed = [*lines, *(f"d{k} = {text}" for k, text in enumerate(partials) if not _plain(text))]
    if choices(op) > MAX_CHOICES:
        partials = [f"d{k}" for k in range(len(partials))]
        names = ", ".join(letters(op.arity or 0))
        computed = [f"{', '.join(['y', *partials])} = numbers_{op.name}({names})"]
    if raises:
        computed = [
            "try:",
            *_indented(computed),
            "except (ArithmeticError, ValueError):",
            f"    return {slow}",
        ]
    stored = [
        f"node.{place} = {text if _plain(text) else f'd{k}'}"
        for k, (place, text) in enumerate(zip(_PLACES, partials, strict=False))
    ]
    return [*computed, *node, "node._data = y", *stored]


_PLACES = ("_d_first", "_d_second")


def choices(op: Primitive) -> int:
    """How many choices the arithmetic of a primitive makes; 0 where it is not written out."""
    lines, partials, _ = _arithmetic(op) or ([], [], False)
    words = " ".join([*lines, *partials]).split()
    return sum(words.count(word) for word in ("if", "and", "or"))


def numbers(op: Primitive) -> list[str]:
    """The function that computes the output and the partials, where that makes many choices."""
    known = _arithmetic(op)
    assert known is not None
    lines, partials, _ = known
    head = f"def numbers_{op.name}({', '.join(letters(op.arity or 0))}):"
    return [head, *_indented([*lines, f"return {', '.join(['y', *partials])}"]), "", ""]


def _plain(text: str) -> bool:
    """Whether a text is a name or a number: what costs nothing to write where it is needed."""
    return text.isidentifier() or text.lstrip("-").replace(".", "").isdigit()


def _node(op: Primitive, first: str, second: str | None) -> list[str]:
    return [
        "node = new(Value)",
        "node._grad = 0.0",
        f"node._code = {op.code}",
        "node._mark = 0",
        f"node._first = {first}",
        f"node._second = {second}",
    ]


_END = ["if paused:", "    forget(node)", "return node"]


# ---------------------------------------------------------------------------- functions
def one(op: Primitive) -> list[str] | None:
    """The function of a primitive of one input."""
    if _arithmetic(op) is None:
        return None
    slow = f"record1({op.code}, self)"
    body = [*_unless_plain("self", slow), "a = self._data"]
    body += _numbers(op, _node(op, "self", None), slow)
    return [*_apart(op), f"def one_{op.name}(self):", *_indented([*body, *_END])]


def two(op: Primitive) -> list[str] | None:
    """The function of a primitive of two nodes."""
    if _arithmetic(op) is None:
        return None
    slow = f"record2({op.code}, left, right)"
    body = [*_unless_plain("left", slow), *_unless_plain("right", slow)]
    body += _two(op, "left", "right")
    return [*_apart(op), f"def two_{op.name}(left, right):", *_indented(body)]


def _apart(op: Primitive) -> list[str]:
    return numbers(op) if choices(op) > MAX_CHOICES else []


def _two(op: Primitive, left: str, right: str) -> list[str]:
    slow = f"record2({op.code}, {left}, {right})"
    read = [f"a = {left}._data", f"b = {right}._data"]
    return [*read, *_numbers(op, _node(op, left, right), slow), *_END]


def _unless_plain(node: str, slow: str) -> list[str]:
    """Statements that leave what is no node, or one of a subclass, to value.py."""
    is_other = f"type({node}) is not Value and type({node}) is not ManyValue"
    return [f"if {is_other}:", f"    return {slow}"]


def operator(method: Method) -> list[str] | None:
    """The function of an operator of two operands. An operand that is no plain node and no plain
    number goes to the method of value.py, whose name here begins with plain_."""
    node_op, number_op = (Primitive.named(name) for name in (method.node_op, method.number_op))
    if _arithmetic(node_op) is None or _arithmetic(number_op) is None:
        return None
    left, right = SIDES[method.kind]
    name = method.name.strip("_")
    slow = f"plain_{name}(self, other{', ' + method.extra if method.extra else ''})"
    body = [*_unless_plain("self", slow), "kind = type(other)"]
    if method.extra:
        body = [f"if {method.extra} is not None:", "    return NotImplemented", *body]
    number = "if kind is float or kind is int:"
    if method.kind == "binary":
        is_same = node_op is number_op
        taken = "right = other" if is_same else f"return two_{node_op.name}(self, other)"
        body += ["if kind is Value or kind is ManyValue:", f"    {taken}"]
        number = "el" + number
    body += [number, *_indented(_constant(left if method.kind == "reflected" else right))]
    body += ["else:", f"    return {slow}"]
    if choices(number_op) > MAX_CHOICES_IN_OPERATOR:
        body.append(f"return two_{number_op.name}({left}, {right})")
    else:
        body += _two(number_op, left, right)
    extra = f", {method.extra}=None" if method.extra else ""
    return [f"def operator_{name}(self, other{extra}):", *_indented(body)]


def _constant(name: str) -> list[str]:
    """Statements that make a constant of a number."""
    return [
        f"{name} = new(Value)",
        f"{name}._data = other if kind is float else float(other)",
        f"{name}._grad = 0.0",
        f"{name}._code = -2",
        f"{name}._mark = 0",
        f"{name}._first = None",
        f"{name}._second = None",
    ]


def many(op: Primitive) -> list[str] | None:
    """The function of a list of numbers that gives the output and the list of partials."""
    known = _arithmetic(op)
    if known is not None:
        lines, partials, raises = known
        assert op.arity is not None
        computed = [*lines, f"return y, [{', '.join(partials)}]"]
        return _many(op, [f"{', '.join(letters(op.arity))} = operands"], computed, raises)
    if op.name in WITHOUT_KERNEL or not isinstance(op.expression, Fold):
        return None
    quick, total = (_fold(op.expression, raises) for raises in (True, False))
    return _many(op, [], quick, quick != total)


def _fold(fold: Fold, raises: bool) -> list[str]:
    """Statements that compute the output and the partials of a fold over `operands`."""
    printer = Printer(raises)
    (y,) = printer.texts(fold.finish)
    lines = [*fold_stages(fold, raises, fold.stages), *printer.lines, f"y = {y}"]
    if "n" in _names(*fold.slopes) and "n = float(terms)" not in lines:
        lines.append("n = float(terms)")
    parts = []
    slopes, common = without_common(fold.slopes, fold.operands.elements)
    printer = Printer(raises)
    texts = printer.texts(*common.values())
    lines += printer.lines
    lines += [f"{name} = {text}" for name, text in zip(common, texts, strict=True)]
    for k, slope in enumerate(slopes):
        if slope.head == "number":
            parts.append(f"[{Printer(raises).texts(slope)[0]}] * terms")
        elif slope.head == "input" and slope.parts[0] in fold.operands.elements:
            place = fold.operands.elements.index(slope.parts[0])
            parts.append(f"operands[{place} * terms:{place + 1} * terms]")
        else:
            printer = Printer(raises)
            (text,) = printer.texts(slope)
            lines.append(f"d{k} = []")
            lines.append(f"for {', '.join(fold.operands.elements)} in {terms_of(fold)}:")
            lines += _indented([*printer.lines, f"d{k}.append({text})"])
            parts.append(f"d{k}")
    lines.append(f"partials = {' + '.join(parts)}")
    if fold.operands.always:
        printer = Printer(raises)
        (text,) = printer.texts(fold.initial_slope)
        lines += [*printer.lines, f"partials.append({text})"]
    elif fold.operands.initial:
        lines += [f"if len(operands) % {len(fold.operands.elements)}:", "    partials.append(1.0)"]
    return [*lines, "return y, partials"]


def _names(*roots: Expression) -> set[str]:
    return {node.parts[0] for node in walk(*roots) if node.head == "input"}


def _many(op: Primitive, read: list[str], computed: list[str], raises: bool) -> list[str]:
    if raises:
        computed = [
            "try:",
            *_indented(computed),
            "except (ArithmeticError, ValueError):",
            f"    return evaluate({op.code}, operands)",
        ]
    return [f"def many_{op.name}(operands):", *_indented([*read, *computed])]


def _indented(lines: Sequence[str]) -> list[str]:
    return ["    " + line for line in lines]


# -------------------------------------------------------------------------------- the file
def _functions(source: str) -> Iterator[tuple[str, str, list[str]]]:
    """A kind, a name, and the statements of a function for each of the file's tables."""
    for op in TABLE[:OWN]:
        kind = {1: "one", 2: "two"}.get(op.arity or 0, "many")
        lines = {"one": one, "two": two, "many": many}[kind](op)
        if lines is not None:
            yield kind, op.name, lines
    for method in recording_methods(source):
        if method.kind != "record1":
            lines = operator(method)
            if lines is not None:
                yield "methods", method.name, lines


def operators() -> str:
    """The text of operators.py for the table and value.py as they are."""
    source = methods()  # of value.py, with the methods that the table has now
    tables: dict[str, list[str]] = {"methods": [], "one": [], "two": [], "many": []}
    functions = []
    for kind, name, lines in _functions(source):
        functions.append("\n".join(lines) + "\n")
        heads = [line for line in lines if line.startswith("def ")]
        called = heads[-1].partition("(")[0].removeprefix("def ")
        tables[kind].append(f'    "{name}": {called},')
    known = {line.split('"')[1] for line in tables["one"]}
    for method in recording_methods(source):
        if method.kind == "record1" and method.node_op in known:
            tables["methods"].append(f'    "{method.name}": one_{method.node_op},')
    return TEMPLATE.format(
        fingerprint=fingerprint(_texts(source)),
        functions="\n\n".join(functions),
        **{kind: "\n".join(lines) for kind, lines in tables.items()},
    )


def _texts(value_source: str) -> list[bytes]:
    """The sources that the functions are made from, or stand in the place of."""
    return [
        value_source.encode() if name == "value.py" else (PACKAGE / name).read_bytes()
        for name in SOURCES
    ]


def files() -> dict[Path, str]:
    """The files that this module writes, and their texts."""
    return {OPERATORS: operators()}
