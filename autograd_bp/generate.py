"""Write the names of the table's functions where readers and type checkers find them.

- elementwise.pyi, which tells type checkers the names of the functions of a fixed number of
  inputs: functions.py takes them from the table when it is imported;
- the methods of `Value`, between two marks in value.py;
- the names of all functions in the list `__all__` of the package, between two marks in __init__.py.

    python tools/generate.py            writes them, and every other generated file
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from autograd_bp import functions as functions_module
from autograd_bp import primitives
from autograd_bp.describe import entry
from autograd_bp.primitives import TABLE, Primitive

FOLDER = Path(__file__).parent
FUNCTIONS = FOLDER / "elementwise.pyi"
VALUE = FOLDER / "value.py"
BEGIN, END = "    # <methods>\n", "    # </methods>\n"
PACKAGE = FOLDER / "__init__.py"
BEGIN_NAMES = "    # <functions>: written by generate.py, from the table and from functions.py\n"
END_NAMES = "    # </functions>\n"

TEMPLATE = """\
# The functions that functions.py takes from the table of primitives, for type checkers. Written by
# autograd_bp/generate.py: do not edit; change the table and run `python tools/generate.py`.
from autograd_bp.kinds import {kinds}

__all__ = [
{names}
]

{functions}
"""
KINDS = {1: "OfOne", 2: "OfTwo", 3: "OfThree"}

METHOD = '''\
    def {name}(self) -> Value:
        """{documentation}
        """
        return record1(codes.{name}, self)

'''
METHOD_WITH_MORE = '''\
    def {name}(self, *more: Any) -> Any:
        """{documentation}
        """
        return TABLE[codes.{name}](self, *more)

'''
# NumPy calls the elements of an array of objects by these names.
NUMPYS_METHOD = '''\
    def {numpy}(self) -> Value:
        """`{name}`, under NumPy's name."""
        return record1(codes.{name}, self)

'''
METHOD_OF_TWO = '''\
    def {numpy}(self, other: Any) -> Any:
        """{documentation}
        """
        return TABLE[codes.{name}](self, other)

'''


def functions() -> str:
    """The text of elementwise.pyi."""
    names = sorted((op.name for op in TABLE if op.public and op.arity is not None), key=_natural)
    for name in names:  # `round` is round_ there
        assert _is_called(name, name) or _is_called(f"{name}_", name), (
            f"the table has {name} under another name"
        )
    kinds = {name: _kind(Primitive.named(name)) for name in names}
    return TEMPLATE.format(
        kinds=", ".join(sorted({*kinds.values()})),
        names="\n".join(f'    "{name}",' for name in names),
        functions="\n".join(f"{name}: {kind}" for name, kind in kinds.items()),
    )


def _kind(op: Primitive) -> str:
    """The class in kinds.pyi: what may be called on more inputs than it has is a Function."""
    return "Function" if op.others is not None else KINDS.get(op.arity or 0, "Function")


def _is_called(variable: str, name: str) -> bool:
    return getattr(getattr(primitives, variable, None), "name", None) == name


def _natural(name: str) -> list[tuple[bool, int, str]]:
    """A key that sorts log2 before log10, as the linter sorts imports."""
    parts = re.split(r"(\d+)", name)
    return [(k % 2 == 1, int(part) if k % 2 else 0, part) for k, part in enumerate(parts)]


def methods() -> str:
    """The text of value.py with a method for each public function of one number, and for those of
    two that NumPy has."""
    lines = []
    for op in TABLE:
        if op.public and op.arity == 1:
            documentation = _indented(entry.method(op))
            template = METHOD if op.others is None else METHOD_WITH_MORE
            lines.append(template.format(name=op.name, documentation=documentation))
            if op.numpy not in (None, op.name):
                lines.append(NUMPYS_METHOD.format(name=op.name, numpy=op.numpy))
        if op.public and op.arity == 2 and op.numpy is not None:
            documentation = _indented(entry.method(op, op.numpy))
            lines.append(
                METHOD_OF_TWO.format(name=op.name, numpy=op.numpy, documentation=documentation)
            )
    return _between(VALUE, BEGIN, END, lines)


def _indented(documentation: str) -> str:
    return textwrap.indent(documentation, " " * 8).strip()


def names() -> str:
    """The text of __init__.py with the names of the public functions in its list."""
    lines = [f'    "{name}",\n' for name in sorted(functions_module.__all__, key=_natural)]
    return _between(PACKAGE, BEGIN_NAMES, END_NAMES, lines)


def _between(path: Path, begin: str, end: str, lines: list[str]) -> str:
    """The text of a file with these lines between its two marks."""
    before, first, rest = path.read_text(encoding="utf-8").partition(begin)
    _, last, after = rest.partition(end)
    assert first, f"{path.name} lacks the line {begin.strip()}"
    assert last, f"{path.name} lacks the line {end.strip()}"
    return before + begin + "".join(lines) + end + after


def files() -> dict[Path, str]:
    """The files that this module writes, and their texts."""
    return {FUNCTIONS: functions(), VALUE: methods(), PACKAGE: names()}
