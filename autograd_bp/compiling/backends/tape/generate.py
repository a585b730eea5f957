"""Write what the tape computes from the table of primitives: primitives.h and folds.h.

`python -m autograd_bp.compiling.backends.tape.generate` writes them beside this file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograd_bp import primitives
from autograd_bp.expressions import LOGIC, TESTS, Expression, choose, inputs, letters
from autograd_bp.folds import Fold
from autograd_bp.native.kernels import OWN
from autograd_bp.primitives import TABLE, Primitive
from autograd_bp.printers import c
from autograd_bp.printers.overrides import form, tuned
from autograd_bp.printers.tape import CODES, INPUTS

FOLDER = Path(__file__).parent
LIBRARY_OPS = TABLE[:OWN]  # without those of users
FOLDS = [op for op in LIBRARY_OPS if isinstance(op.expression, Fold)]
IN_LANES = ("exp", "expm1", "log", "log1p", "tanh", *TESTS)  # exponentials.h has them

NOTE = """\
   Written by autograd_bp/compiling/backends/tape/generate.py: do not edit; change the table
   and run `python -m autograd_bp.compiling.backends.tape.generate` again. */
"""

PRIMITIVES = """\
/* The table of primitives for the tape.
{note}
#define CODE_mul {mul}
{folds}
#define FOLD_ROOMS {rooms} /* lines for the elements and the state of a fold */

static const char *const tape_names[] = {{
{names}
}};

/* The long ones. */
{functions}
{bodies}

/* The operations that recipes are made of; a truth is 1.0 or 0.0. */
{operations}
"""

CASES = """\
/* Folds over lists of any length: the terms one after the other, over all lanes.
{note}
static void NAMED(fold)(const Frame *f, const Loop *loop, const Terms *t, double *restrict y)
{{
    const int64_t width = WIDTH, n = loop->terms;
    const Access *r = loop->read;
{lines}
    int64_t j, l;
    (void)width{unused};
#define TERM(k) NAMED(line)(f, &r[k], term(&t[k], j), f->room + (1 + (k)) * f->room_pitch)
    switch (loop->code) {{
{cases}
    default: break;
    }}
#undef TERM
}}
"""


def files() -> dict[Path, str]:
    """The text of each file for the table as the library defines it."""
    bodies = [
        _macro(f"PRIMITIVES_OF_{arity}", [
            f"({op.code}, {expression(op)}) /* {op.name} */"
            for op in LIBRARY_OPS
            if op.arity == arity
        ])
        for arity in (1, 2, 3)
    ]  # fmt: skip
    operations = [
        _macro(f"OPERATIONS_OF_{count}", [
            f"({code}, {_operation(head, count)}) /* {head} */"
            for head, code in CODES.items()
            if INPUTS[head] == count
        ])
        for count in (1, 2, 3)
    ]  # fmt: skip
    extra = _accumulators() - 1
    state = [f"s{k}" for k in range(1, extra + 1)]
    return {
        FOLDER / "primitives.h": PRIMITIVES.format(
            note=NOTE,
            mul=primitives.mul.code,
            folds="\n".join(f"#define FOLD_{op.name} {op.code}" for op in FOLDS),
            rooms=_elements() + extra,
            names="\n".join(f'    "{op.name}",' for op in LIBRARY_OPS),
            functions="\n".join(
                _function(op) for op in LIBRARY_OPS if op.arity is not None and _is_long(op)
            ),
            bodies="\n".join(bodies),
            operations="\n".join(operations),
        ),
        FOLDER / "folds.h": CASES.format(
            note=NOTE,
            lines="\n".join(
                f"    double *restrict const {name} = "
                f"f->room + {1 + _elements() + k} * f->room_pitch;"
                for k, name in enumerate(state)
            ),
            unused="".join(f", (void){name}" for name in state),
            cases="\n".join(
                f"    case FOLD_{op.name}: {{\n{_indented(_case(op), 8)}\n        break;\n    }}"
                for op in FOLDS
                if not tuned("tape", op.name)
            ),
        ),
    }


def _macro(name: str, lines: Sequence[str]) -> str:
    return " \\\n".join([f"\n#define {name}(CASE)", *(f"    CASE{line}" for line in lines)])


def _indented(lines: Sequence[str], width: int) -> str:
    return "\n".join(" " * width + line for line in lines)


def _in_lanes(name: str) -> str:
    return f"lane_{name}" if name in IN_LANES else name


def _tree(op: Primitive) -> Expression:
    tree = form("tape", op)
    assert isinstance(tree, Expression), op.name
    return tree


def _is_long(op: Primitive) -> bool:
    return bool(c.statements(_tree(op))[0])


def expression(op: Primitive) -> str:
    """The expression that computes the primitive of a, b and c."""
    if _is_long(op):
        return f"long_{op.name}({', '.join(letters(op.arity or 0))})"
    return c.expression(_tree(op), call=_in_lanes)


def _function(op: Primitive) -> str:
    """The function that a long expression is written as."""
    inputs = ", ".join(f"double {name}" for name in letters(op.arity or 0))
    lines, result = c.statements(_tree(op), call=_in_lanes)
    body = "\n".join(f"    {line}" for line in (*lines, f"return {result};"))
    return f"static inline double long_{op.name}({inputs})\n{{\n{body}\n}}"


def _operation(head: str, count: int) -> str:
    parts = inputs(*letters(count))
    if head in LOGIC:
        parts = tuple([part != 0.0 for part in parts])
    if head == "?":
        parts = (parts[0] != 0.0, *parts[1:])
    tree = Expression(head, *parts)
    return c.expression(choose(tree, 1.0, 0.0) if tree.is_truth else tree, call=_in_lanes)


# ----------------------------------------------------------------------------------------- folds
def _folds() -> list[Fold]:
    return [op.expression for op in FOLDS if isinstance(op.expression, Fold)]


def _elements() -> int:
    """How many lines of its operands a fold reads at a time, at most."""
    return max(len(fold.operands.elements) + fold.operands.initial for fold in _folds())


def _accumulators() -> int:
    """How many accumulators a fold has, at most."""
    return max(sum(len(stage.names) for stage in fold.stages_of_output) for fold in _folds())


def _case(op: Primitive) -> list[str]:
    """The statements that compute a fold: the first accumulator is y, the others have lines."""
    fold = form("tape", op)
    assert isinstance(fold, Fold), op.name
    names = [name for stage in fold.stages_of_output for name in stage.names]
    lines_of = {name: f"s{k}" if k else "y" for k, name in enumerate(names)}
    lines: list[str] = []
    if fold.operands.always:
        place = 1 + len(fold.operands.elements)
        lines += [
            "const int last = loop->lists - 1;",
            "const double *const initial = NAMED(line)(f, &r[last], term(&t[last], 0),",
            f"                                          f->room + {place} * f->room_pitch);",
        ]
    known: list[str] = []
    for stage in fold.stages_of_output:
        starts = zip(stage.names, stage.start, strict=True)
        lines += _each_lane(fold, known, dict(starts), lines_of)
        known += stage.names
        loop = [
            "for (j = 0; j < n; j++) {",
            *(
                f"    const double *const {name} = TERM({k});"
                for k, name in enumerate(fold.operands.elements)
                if c.reads(stage.steps, name)
            ),
        ]
        steps = dict(zip(stage.names, stage.steps, strict=True))
        loop += ["    " + line for line in _each_lane(fold, known, steps, lines_of)] + ["}"]
        if stage.when is not None:
            condition = _each_lane(fold, known, {"": stage.when}, {**lines_of, "": "needed"})
            loop = [
                "int needed = 0;",
                *condition,
                "if (needed) {",
                *("    " + x for x in loop),
                "}",
            ]
        lines += loop
    if fold.finish is not Expression("input", names[0]):
        lines += _each_lane(fold, known, {"": fold.finish}, {**lines_of, "": "y"})
    return lines


def _each_lane(
    fold: Fold, known: Sequence[str], roots: dict[str, Expression], lines_of: dict[str, str]
) -> list[str]:
    """A loop over the lanes that sets the line of each root."""
    trees = list(roots.values())
    names = {name: f"{name}_" for name in known}
    names |= {name: f"{name}_l" for name in fold.operands.elements}
    names |= {"n": "(double)n", "initial": "initial[l]"}
    printer = c.Printer(names, "u", _in_lanes)
    texts = printer.texts(*trees)
    reads = [
        f"const double {names[name]} = {lines_of.get(name, name)}[l];"
        for name in (*fold.operands.elements, *known)
        if c.reads(trees, name)
    ]
    stores = [
        f"{lines_of[name]} |= {text};"
        if lines_of[name] == "needed"
        else f"{lines_of[name]}[l] = {text};"
        for name, text in zip(roots, texts, strict=True)
    ]
    body = [*reads, *printer.lines, *stores]
    if len(body) == 1:
        return [f"EACH_LANE(l) {body[0]}"]
    return ["EACH_LANE(l) {", *("    " + line for line in body), "}"]


def main() -> None:
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path}")


if __name__ == "__main__":
    main()
