"""Writes primitives in C: as expressions where they are short, else as functions that the file
carries."""

from __future__ import annotations

from collections.abc import Iterable

from autograd_bp.compiling.backends.c.names import identifier
from autograd_bp.errors import ProgramError
from autograd_bp.expressions import FUNCTIONS, Expression, letters, walk
from autograd_bp.folds import Fold
from autograd_bp.native.kernels import OWN
from autograd_bp.primitives import Primitive
from autograd_bp.printers import c
from autograd_bp.printers.overrides import override


def in_place(op: Primitive) -> Fold | None:
    """The fold that stands where it is used: one accumulator and one pass; else None."""
    folded = op.expression
    if _has_body(op) or override("c", op.name) is not None or not isinstance(folded, Fold):
        return None
    if len(folded.stages_of_output) < len(folded.stages):
        return None
    (stage, *others) = folded.stages
    return folded if not others and stage.when is None and len(stage.names) == 1 else None


def require_c(op: Primitive) -> None:
    """Raises ProgramError for a primitive that C cannot compute."""
    if op.expression is None and not _has_body(op):
        raise ProgramError(
            f"the primitive {op.name!r} has no C expression, so no C can be written: give it one, "
            'Primitive(..., c="...") in a, b and c, or compose it of primitives that have one'
        )


def _has_body(op: Primitive) -> bool:
    """Whether its owner gave the text of a function of any number of inputs."""
    return op.arity is None and op.c is not None


def applied(op: Primitive, operands: list[str], prefix: str) -> tuple[str, bool]:
    """A primitive with a fixed number of inputs, applied, and whether it calls a function of the
    file."""
    tree = op.expression
    if isinstance(tree, Expression) and _is_short(tree):
        return c.expression(tree, dict(zip(letters(len(operands)), operands, strict=True))), False
    return f"{function_name(op, prefix)}({', '.join(operands)})", True


def _is_short(tree: Expression) -> bool:
    """Whether it is one operation or call: such expressions stand where they are used."""
    inputs = [part for part in tree.operands if part.head == "input"]
    return (
        not tree.is_truth
        and tree.head != "?"
        and all(not part.operands for part in tree.operands)
        and 0 < len(inputs) == len(set(map(id, inputs)))
    )


def function_name(op: Primitive, prefix: str) -> str:
    """The name of the function for a primitive."""
    if op.code < OWN:
        return f"{prefix}_{op.name}"
    # The code tells apart what becomes the same name in C.
    return f"{prefix}_{identifier(op.name)}_{op.code}"


def function(op: Primitive, prefix: str) -> str:
    """The definition of that function."""
    name = function_name(op, prefix)
    if op.arity is None:
        return f"static double {name}({_of_a_list(op)}\n}}"
    tree = op.expression
    assert isinstance(tree, Expression)
    names = letters(op.arity)
    used = {node.parts[0] for node in walk(tree) if node.head == "input"}
    unused = "".join(f"\n    (void){letter};" for letter in names if letter not in used)
    inputs = ", ".join(f"double {letter}" for letter in names)
    lines, result = c.statements(tree)
    text = unused + "".join(f"\n    {line}" for line in (*lines, f"return {result};"))
    return f"static inline double {name}({inputs})\n{{{text}\n}}"


def _of_a_list(op: Primitive) -> str:
    if _has_body(op):
        # The column is written for the compiled core: it leaves the partials in the place of x.
        text = "\n".join(f"    {line.strip()}" for line in (op.c or "").splitlines())
        return (
            "double *x, ptrdiff_t n)\n{\n    double y = 0.0, *const d = x;\n    ptrdiff_t i;\n"
            f"    (void)d;\n    (void)i;\n{text.replace('Py_ssize_t', 'ptrdiff_t')}\n    return y;"
        )
    body = override("c", op.name)
    if body is None:
        assert isinstance(op.expression, Fold)
        lines = ["double y;", *c.list_fold(op.expression, kind="size_t"), "return y;"]
        body = "\n".join(f"    {line}" for line in lines)
    return f"const double *x, size_t n)\n{{\n{body}"


def words(used: Iterable[Primitive], prefix: str) -> set[str]:
    """The names of functions that are called in the nests."""
    names = {prefix, f"{prefix}_total", f"{prefix}_constants"}
    for op in used:
        names.add(function_name(op, prefix))
        roots = [op.expression] if isinstance(op.expression, Expression) else []
        if isinstance(op.expression, Fold):
            stages = op.expression.stages_of_output
            roots = [op.expression.finish]
            roots += [tree for stage in stages for tree in (*stage.start, *stage.steps)]
        names |= {node.head for node in walk(*roots) if node.head in FUNCTIONS}
    return names
