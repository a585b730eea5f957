"""The command: run the grids, print them, record them."""

from __future__ import annotations

import argparse
import json
import platform
from importlib import metadata
from pathlib import Path

from autograd_bp.version import __version__
from benchmarks.checker.checkers import LEFT_OUT
from benchmarks.checker.grids import GRIDS, SETTINGS
from benchmarks.checker.model import Table
from benchmarks.files import write
from benchmarks.machine import why_missing

FOLDER = Path(__file__).parents[1]
COMMAND = "python -m benchmarks.checker"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog=COMMAND, description="Run the grids that prove the checker; write CHECKER.md and .json"
    )
    parser.add_argument(
        "--only",
        choices=[grid.name for grid in GRIDS],
        action="append",
        help="run this grid alone, and write nothing",
    )
    parser.add_argument(
        "--without",
        choices=["torch", "scipy", "jax"],
        action="append",
        default=[],
        help="leave out this library's checker",
    )
    options = parser.parse_args(arguments)
    LEFT_OUT.update(options.without)
    parts, data = [], {}
    for grid in GRIDS:
        if options.only and grid.name not in options.only:
            continue
        table = grid.run()
        text = f"## {grid.title}\n\n{markdown(table)}"
        print(text, flush=True)
        parts.append(text)
        data[grid.name] = table.data
    if not options.only:
        head = [
            "# The proof of the checker",
            "",
            f"Printed by `{COMMAND}`.",
            "",
            *(f"{line}\n" for line in [*SETTINGS, with_what()]),
        ]
        write(FOLDER / "CHECKER.md", "\n".join(head) + "\n" + "\n".join(parts))
        record = {"command": COMMAND, "with": with_what(), "grids": data}
        write(FOLDER / "CHECKER.json", json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    return 0


def markdown(table: Table) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in [table.headers, *table.rows]]
    lines.insert(1, "|" + "---|" * len(table.headers))
    return "\n".join([*lines, "", *(f"{note}\n" for note in table.notes)]) + "\n"


def with_what() -> str:
    """The versions that took part."""
    versions = [f"autograd_bp {__version__}", f"Python {platform.python_version()}"]
    for name in ("numpy", "torch", "scipy", "jax"):
        missing = "left out" if name in LEFT_OUT else why_missing(name) and "not installed"
        versions.append(f"{name} {missing or metadata.version(name)}")
    return "With " + ", ".join(versions) + "."
