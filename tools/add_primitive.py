"""Add a primitive to the library in one place, and use it everywhere: in a temporary copy.

The table says once what a primitive is. This script shows that it is enough: it inserts an entry
for softsign, x / (1 + |x|), into the table of a copy of this tree, writes the generated files,
builds the compiled core, and runs new_primitive.py there on both cores, and the tests that go
over the table. Nothing else is changed in the copy but the import of what the entry's rule uses.

    python tools/add_primitive.py             everything
    python tools/add_primitive.py --pure      without building the compiled core
    python tools/add_primitive.py --keep      leaves the copy, and prints where it is
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from copies import copy_tree, imports_from

ENTRY = """\
softsign = entry("softsign",
    lambda x: choose(call("isinf", x), call("copysign", 1.0, x), x / (1.0 + abs(x))),
    lambda x, y: (div(div(1.0, 1.0 + abs_(x)), 1.0 + abs_(x)),),
    definition=lambda x: x / (1.0 + abs_(x)), finite=True,
    summary="x, divided by 1 + |x|.")
"""
BEFORE = 'relu = entry("relu"'
# Entries of other files that its rule uses are imported for type checkers and Cython; see the file.
IMPORT = "    from autograd_bp.table.arithmetic import abs_, div\n"
IMPORTS = "if TYPE_CHECKING:  # rules run later: primitives.py hands them these entries\n"
# The tests that go over the table have the name of the primitive in theirs. The pages of accuracy
# and kinks are compared with measurements and references that are written by hand.
TESTED = ("tests/engine", "tests/compiling", "tests/drawing", "tests/stepping", "tests/derivatives")
FEWEST_TESTS = 15
# The bits are those of the full optimisation, which takes twice as long to compile.
FLAGS = {"AUTOGRAD_BP_CFLAGS": os.environ.get("AUTOGRAD_BP_CFLAGS", "-O1")}


def run(command: Sequence[str], folder: Path, pure: bool) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env={**imports_from(folder), **FLAGS, "AUTOGRAD_BP_PURE": "1" if pure else "0"},
        capture_output=True,
        text=True,
    )


def insert(folder: Path) -> None:
    """The one change."""
    table = folder / "autograd_bp" / "table" / "neurons.py"
    text = table.read_text(encoding="utf-8")
    assert text.count(BEFORE) == 1, f"{BEFORE!r} stands {text.count(BEFORE)} times in {table.name}"
    text = text.replace(BEFORE, ENTRY + BEFORE).replace(IMPORTS, IMPORTS + IMPORT)
    table.write_text(text, encoding="utf-8")


def checks(folder: Path, pure: bool, built: bool) -> tuple[list[str], dict[str, str]]:
    """Run new_primitive.py on one core: what failed, and the numbers that it computed."""
    core = "interpreted" if pure else "compiled"
    options = [] if built else ["--without-tape"]
    done = run([sys.executable, "tools/new_primitive.py", *options], folder, pure)
    if done.returncode:
        return [f"{core} core: {done.stderr.strip()[-2000:]}"], {}
    outcome = json.loads(done.stdout)
    for name in outcome["passed"]:
        print(f"  {core:11}  {name}", flush=True)
    failures = [f"{core} core: {name}: {error}" for name, error in outcome["failed"].items()]
    return failures, outcome["numbers"]


def table_tests(folder: Path, pure: bool, files: Sequence[str]) -> tuple[list[str], list[str]]:
    """Run the tests that take their primitives from the table, for the new one.

    Returns: what failed, and the files in which there are such tests.
    """
    tests = [*files, "--deselect", "tests/engine/test_accuracy_page.py"]
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-k", "softsign"]
    done = run([*command, *tests], folder, pure)
    lines = done.stdout.strip().splitlines() or [""]
    print(f"  {lines[-1].strip('= ')}", flush=True)
    if done.returncode:
        failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
        return failed or [done.stdout[-2000:] + done.stderr[-2000:]], [*files]
    count = re.search(r"(\d+) passed", lines[-1])
    passed = int(count[1]) if count else 0
    used = sorted({line.partition("::")[0] for line in lines if line.startswith("tests/")})
    if passed < FEWEST_TESTS:
        return [f"only {passed} tests of the table ran: {lines[-1]}"], [*files]
    return [], used


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pure", action="store_true", help="do not build the compiled core")
    parser.add_argument("--keep", action="store_true", help="leave the copy")
    options = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp())
    failures: list[str] = []
    try:
        copy_tree(folder)
        insert(folder)
        print("the generated files", flush=True)
        done = run([sys.executable, "tools/generate.py"], folder, pure=True)
        print("  " + done.stdout.strip().replace("\n", "\n  "))
        failures += [done.stderr] if done.returncode else []
        if not options.pure:
            print("the compiled core", flush=True)
            done = run([sys.executable, "setup.py", "-q", "build_ext", "--inplace"], folder, False)
            failures += [done.stderr[-2000:]] if done.returncode else []
        numbers, files = {}, [*TESTED]
        for pure in (True,) if options.pure else (True, False):
            print("the checks and the tests of the table", flush=True)
            failed, numbers[pure] = checks(folder, pure, not options.pure)
            failures += failed
            failed, files = table_tests(folder, pure, files)
            failures += failed
        if len(numbers) == 2:
            failures += [
                f"the cores differ in {name}: {numbers[True][name]}, {numbers[False].get(name)}"
                for name in numbers[True]
                if numbers[True][name] != numbers[False].get(name)
            ]
    finally:
        if options.keep:
            print(f"the copy: {folder}")
        else:
            shutil.rmtree(folder)
    for failure in failures:
        print(f"FAILED  {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    os.environ.pop("AUTOGRAD_BP_PURE", None)
    sys.exit(main())
