"""The command: run the grids, print them, record them."""

from __future__ import annotations

import argparse
import json
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

from autograd_bp.version import __version__
from benchmarks.checker.checkers import LEFT_OUT
from benchmarks.checker.difficult import KINDS
from benchmarks.checker.difficult_grid import CHOSEN
from benchmarks.checker.grids import GRIDS, SETTINGS
from benchmarks.checker.model import Table
from benchmarks.files import write
from benchmarks.machine import why_missing

FOLDER = Path(__file__).parents[1]
COMMAND = "python -m benchmarks.checker"
PEERS = ("torch", "scipy", "jax", "numdifftools", "statsmodels")


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
        choices=PEERS,
        action="append",
        default=[],
        help="leave out this library's checker",
    )
    parser.add_argument(
        "--update",
        action="store_true",
        help="with --only: write these grids into the recorded page and keep the others",
    )
    parser.add_argument(
        "--kind",
        choices=KINDS,
        action="append",
        default=[],
        metavar="KIND",
        help="of the difficult grid run this kind alone, and write nothing: " + ", ".join(KINDS),
    )
    options = parser.parse_args(arguments)
    if options.kind and options.update:
        parser.error("--kind runs a part of a grid, so --update would record a part: leave one out")
    if options.kind:
        options.only = ["difficult"]
        CHOSEN.extend(options.kind)
    LEFT_OUT.update(options.without)
    parts, data = _recorded() if options.update else ({}, {})
    for grid in GRIDS:
        if options.only and grid.name not in options.only:
            continue
        table = grid.run()
        text = f"## {grid.title}\n\n{markdown(table)}"
        print(text, flush=True)
        parts[grid.title] = f"{text}\n{with_what()}\n"
        data[grid.name] = {**table.data, "with": with_what()}
    if options.update or not options.only:
        head = [
            "# The proof of the checker",
            "",
            f"Printed by `{COMMAND}`; one part of it by `{COMMAND} --only NAME --update`.",
            "",
            *(f"{line}\n" for line in SETTINGS),
        ]
        ordered = [parts[grid.title] for grid in GRIDS if grid.title in parts]
        write(FOLDER / "CHECKER.md", "\n".join(head) + "\n" + "\n".join(ordered))
        record = {"command": COMMAND, "grids": data}
        write(FOLDER / "CHECKER.json", json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    return 0


def _recorded() -> tuple[dict[str, str], dict[str, Any]]:
    """The parts of the page by their titles, and the data of the grids by their names."""
    text = (FOLDER / "CHECKER.md").read_text(encoding="utf-8")
    parts = {}
    for part in text.split("\n## ")[1:]:
        parts[part.partition("\n")[0]] = f"## {part.rstrip()}\n"
    recorded = json.loads((FOLDER / "CHECKER.json").read_text(encoding="utf-8"))
    return parts, recorded["grids"]


def markdown(table: Table) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in [table.headers, *table.rows]]
    lines.insert(1, "|" + "---|" * len(table.headers))
    return "\n".join([*lines, "", *(f"{note}\n" for note in table.notes)]) + "\n"


def with_what() -> str:
    """The versions that took part."""
    versions = [f"autograd_bp {__version__}", f"Python {platform.python_version()}"]
    for name in ("numpy", *PEERS):
        missing = "left out" if name in LEFT_OUT else why_missing(name) and "not installed"
        versions.append(f"{name} {missing or metadata.version(name)}")
    return "With " + ", ".join(versions) + "."
