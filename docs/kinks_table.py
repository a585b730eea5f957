"""The table in kinks.md, written from the column `kinks` of the table of primitives.

`python docs/kinks_table.py` writes it into the page; with `--check` nothing is written, and
the exit code is 1 when the page is out of date.
"""

from __future__ import annotations

import sys
from pathlib import Path

from autograd_bp import primitives
from autograd_bp.primitives import Primitive

PAGE = Path(__file__).with_name("kinks.md")
BEGIN, END = "<!-- table of kinks: begin -->", "<!-- table of kinks: end -->"


def table() -> str:
    """One line for each row of the library that states a kink, in the order of the table."""
    rows = [row for row in vars(primitives).values() if isinstance(row, Primitive) and row.kinks]
    rows.sort(key=lambda row: row.code)
    lines = [f"| `{row.name}` | {_escaped(row.kinks)} |" for row in rows]
    return "\n".join(["| primitive | at its kinks and edges |", "|---|---|", *lines])


def _escaped(text: str) -> str:
    """`x**0` is a power, not bold type, and `|` does not end a cell."""
    return text.replace("*", r"\*").replace("|", r"\|")


def updated(text: str) -> str:
    """The page with the table as it should be."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def files() -> dict[Path, str]:
    """The page with its table; tools/generate.py writes it with all that is generated."""
    return {PAGE: updated(PAGE.read_text(encoding="utf-8"))}


def main(arguments: list[str]) -> int:
    text = PAGE.read_text(encoding="utf-8")
    new = updated(text)
    if "--check" in arguments:
        if new != text:
            print(f"{PAGE.name} is out of date: run python docs/kinks_table.py", file=sys.stderr)
        return int(new != text)
    PAGE.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
