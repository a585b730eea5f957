"""Write rows.h, what the tape computes, from the table of primitives.

`python -m autograd_bp.compiling.backends.tape.generate` writes it beside this file.
"""

from __future__ import annotations

import re
from pathlib import Path

from autograd_bp import primitives as rows
from autograd_bp.native.kernels import OWN
from autograd_bp.primitives import TABLE, Primitive
from autograd_bp.printers.overrides import override

OWN_ROWS = TABLE[:OWN]  # without those of users
HEADER = Path(__file__).with_name("rows.h")
LANES = ("exp", "expm1", "log", "log1p", "tanh")  # exponentials.h has them without a call

TEMPLATE = """\
/* The rows of the table of primitives for the tape. Written by
   autograd_bp/compiling/backends/tape/generate.py: do not edit; change primitives.py and run
   `python -m autograd_bp.compiling.backends.tape.generate` again. */

{places}

static const char *const tape_names[] = {{
{names}
}};
{bodies}
"""


def header() -> str:
    """The text of rows.h for the table as the library defines it."""
    many = [f"#define MANY_{row.name} {row.code}" for row in OWN_ROWS if row.arity is None]
    sections = []
    for arity in (1, 2, 3):
        lines = [
            f"    ROW({row.code}, {expression(row)}) /* {row.name} */"
            for row in OWN_ROWS
            if row.arity == arity
        ]
        sections.append(" \\\n".join([f"\n#define ROWS_OF_{arity}(ROW)", *lines]))
    return TEMPLATE.format(
        places="\n".join([f"#define CODE_mul {rows.mul.code}", *many]),
        names="\n".join(f'    "{row.name}",' for row in OWN_ROWS),
        bodies="\n".join(sections),
    )


def expression(row: Primitive) -> str:
    """What the row computes of a, b and c."""
    text = override("tape", row.name) or row.c
    assert text is not None, row.name
    return re.sub(rf"\b({'|'.join(LANES)})\(", r"lane_\1(", text)


def files() -> dict[Path, str]:
    """The file that this module writes, and its text; tools/generate.py writes those of all."""
    return {HEADER: header()}


def main() -> None:
    HEADER.write_text(header(), encoding="utf-8")
    print(f"wrote {HEADER}")


if __name__ == "__main__":
    main()
