"""Put faults into the table of primitives and into the printers, and see that tests catch them.

Each fault is made alone, in a temporary copy: in every expression and every rule of the table an
operator, a number or a function is replaced by another, two branches or two partials change
places, a column changes; in the printers the faults are those of PLANTED. The tests of what was
changed run on the interpreted core, so that nothing is built. The exit code is 1 when a fault
survives.

    python tools/mutate.py                    all of them
    python tools/mutate.py tanh norm          those of some primitives
    python tools/mutate.py --planted          those of the printers alone
    python tools/mutate.py --list             prints them
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import json
import os
import queue
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from copies import ROOT, copy_tree, imports_from
from planted import EQUIVALENT, PLANTED

TABLE = Path("autograd_bp/primitives.py")
TABLE_TESTS = [f"tests/engine/test_{name}.py" for name in ("rows", "rows_at_kinks", "columns")]
SECONDS = 120  # after which a fault counts as caught: it made a loop endless
MAX_TESTED = 2  # primitives whose tests run, for a fault in what many of them use
PASSED, FAILED, INTERRUPTED = 0, 1, 2  # exit codes of pytest

OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
COMPARISONS = {
    ast.Gt: ast.Lt,
    ast.Lt: ast.Gt,
    ast.GtE: ast.Gt,
    ast.LtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
FUNCTIONS = {
    "sin": "cos",
    "cos": "sin",
    "exp": "expm1",
    "expm1": "exp",
    "log": "log1p",
    "log1p": "log",
    "sinh": "cosh",
    "cosh": "sinh",
    "isnan": "isfinite",
    "isinf": "isfinite",
    "isfinite": "isnan",
}


@dataclass(frozen=True)
class Mutant:
    """A fault: what was there and what is there instead.

    Attributes:
        file: the file that is changed.
        line: where.
        before, after: the piece of source.
        text: the whole file with the fault.
        tests: files of tests, and options for pytest.
        primitives: whose tests run; all tests of the files without any.
    """

    file: str
    line: int
    before: str
    after: str
    text: str
    tests: list[str]
    primitives: list[str]

    def __str__(self) -> str:
        about = f" ({', '.join(self.primitives)})" if self.primitives else ""
        return f"{self.file}:{self.line}{about}: {self.before}  ->  {self.after}"


# ------------------------------------------------------------------------ faults in the table
def faults(node: Any) -> Iterator[ast.expr]:
    """What may stand in the place of a piece of an expression or of a rule."""
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        yield _with(node, op=OPERATORS[type(node.op)]())
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
        yield _with(node, ops=[COMPARISONS[type(node.ops[0])]()])
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Invert)):
        yield node.operand
    elif isinstance(node, ast.Constant) and isinstance(node.value, float):
        yield _with(node, value=node.value + 1.0)
    elif isinstance(node, ast.Constant) and node.value in FUNCTIONS:
        yield _with(node, value=FUNCTIONS[node.value])
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield _with(node, value=not node.value)
    elif isinstance(node, ast.Name) and node.id in FUNCTIONS:
        yield _with(node, id=FUNCTIONS[node.id])
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id == "choose" and len(node.args) == 3:
            condition, yes, no = node.args
            yield _with(node, args=[condition, no, yes])
    elif isinstance(node, ast.Tuple) and len({*map(ast.dump, node.elts)}) == 2:
        yield _with(node, elts=node.elts[::-1])


def _with(node: Any, **fields: Any) -> Any:
    changed = copy.copy(node)
    for name, field in fields.items():
        setattr(changed, name, field)
    return changed


def table_mutants() -> Iterator[Mutant]:
    """The faults of every entry, and of the functions and stages that entries share."""
    source = (ROOT / TABLE).read_text(encoding="utf-8")
    lines = source.splitlines()
    entries, parts = entries_of(ast.parse(source))
    for statement, names in [*entries, *parts]:
        for line, before, after, mutated in _replacements(statement):
            if (names[0], before, after) in EQUIVALENT:
                continue
            first, last = statement.lineno - 1, statement.end_lineno
            text = "\n".join([*lines[:first], mutated, *lines[last:]]) + "\n"
            yield Mutant(str(TABLE), line, before, after, text, TABLE_TESTS, names[:MAX_TESTED])


def entries_of(module: ast.Module) -> tuple[list[Any], list[Any]]:
    """The statements that make entries, with their names; and those of what entries use, with
    the names of the entries that do."""
    entries: list[tuple[Any, list[str]]] = []
    helpers: dict[str, Any] = {}
    for statement in module.body:
        call = getattr(statement, "value", None)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("entry", "fold"):
            assert isinstance(call.args[0], ast.Constant)
            entries.append((statement, [call.args[0].value]))
        elif isinstance(statement, ast.FunctionDef) and statement.name.startswith("_"):
            helpers[statement.name] = statement
        elif isinstance(call, ast.Call) and isinstance(statement, ast.Assign):
            helpers[ast.unparse(statement.targets[0])] = statement
    uses: dict[str, list[str]] = {name: [] for name in helpers}
    for statement, (name,) in entries:
        reached = [statement]
        while reached:
            for node in _computed(reached.pop()):
                if isinstance(node, ast.Name) and node.id in helpers and name not in uses[node.id]:
                    uses[node.id].append(name)
                    reached.append(helpers[node.id])
    return entries, [(helpers[name], users) for name, users in uses.items() if users]


# Columns that say how an entry is called, drawn or tested, and where its kinks are, which is
# what checks of gradients use: faults there are the matter of their own tests.
SKIPPED_COLUMNS = {
    "symbol",
    "latex",
    "numpy",
    "points",
    "kinks",
    "kink",
    "refusal",
    "notation",
    "labels",
}


def _computed(statement: ast.AST) -> Iterator[ast.AST]:
    """The pieces of a statement, without the columns that are skipped."""
    pending = [statement]
    while pending:
        node = pending.pop(0)
        if not (isinstance(node, ast.keyword) and node.arg in SKIPPED_COLUMNS):
            yield node
            pending += ast.iter_child_nodes(node)


def _replacements(statement: ast.AST) -> Iterator[tuple[int, str, str, str]]:
    """Each fault of a statement: its line, the piece before and after, the whole statement."""
    for parent in _computed(statement):
        for field, content in ast.iter_fields(parent):
            for k, node in enumerate(content if isinstance(content, list) else [content]):
                for replacement in faults(node):
                    changed = replacement
                    if isinstance(content, list):
                        changed = [*content[:k], replacement, *content[k + 1 :]]
                    before, after = ast.unparse(node), ast.unparse(replacement)
                    is_small = isinstance(node, (ast.Constant, ast.Name))
                    if is_small:  # shown with what it belongs to
                        before = ast.unparse(parent)
                    setattr(parent, field, changed)
                    if is_small:
                        after = ast.unparse(parent)
                    text = ast.unparse(statement)
                    setattr(parent, field, content)
                    yield node.lineno, before, after, text


# ------------------------------------------------------------------------------ planted faults
def planted_mutants() -> Iterator[Mutant]:
    """The faults of planted.py. Each must still have a place in its file."""
    for file, before, after, tests in PLANTED:
        text = (ROOT / file).read_text(encoding="utf-8")
        if text.count(before) != 1:
            raise SystemExit(
                f"tools/planted.py: {before!r} stands {text.count(before)} times in {file}: "
                "write the fault anew"
            )
        line = text[: text.index(before)].count("\n") + 1
        yield Mutant(file, line, before, after, text.replace(before, after), shlex.split(tests), [])


# ----------------------------------------------------------------------------------- the runs
class _Of:
    """A plugin of pytest: the tests whose parameter is one of these primitives."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = {*names}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = [item for item in items if self._concerns(item)]

    def _concerns(self, item: Any) -> bool:
        callspec = getattr(item, "callspec", None)
        return callspec is not None and bool(self.names & {*callspec.id.split("-")})


def work() -> None:
    """Run mutants that arrive as lines of JSON; this process imports the tests' needs once."""
    import hypothesis  # noqa: F401
    import mpmath  # noqa: F401
    import numpy as np  # noqa: F401
    import pytest

    for line in sys.stdin:
        mutant = Mutant(**json.loads(line))
        file = Path(mutant.file)
        original = file.read_text(encoding="utf-8")
        file.write_text(mutant.text, encoding="utf-8")
        child = os.fork()
        if child == 0:
            log = os.open("mutant.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(log, 1)
            os.dup2(log, 2)
            signal.alarm(SECONDS)
            options = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly"]
            options += ["-W", "ignore:Module already imported"]
            plugins = [_Of(mutant.primitives)] if mutant.primitives else []
            os._exit(int(pytest.main([*options, *mutant.tests], plugins=plugins)))
        _, status = os.waitpid(child, 0)
        file.write_text(original, encoding="utf-8")
        code = os.waitstatus_to_exitcode(status)
        log_text = Path("mutant.log").read_text(encoding="utf-8", errors="replace")
        print(json.dumps([code, log_text[-3000:]]), flush=True)


def run_all(mutants: Sequence[Mutant], workers: int) -> Iterator[tuple[Mutant, int, str]]:
    """Run each in one of several copies; the exit code of pytest, and what it printed."""
    todo: queue.SimpleQueue[Mutant] = queue.SimpleQueue()
    for mutant in mutants:
        todo.put(mutant)
    done: queue.SimpleQueue[tuple[Mutant, int, str]] = queue.SimpleQueue()
    processes: list[subprocess.Popen[str]] = []

    def serve(folder: Path) -> None:
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), "--work"],
            cwd=folder,
            env={**imports_from(folder), "AUTOGRAD_BP_PURE": "1", "CI": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        processes.append(process)
        with contextlib.suppress(queue.Empty, BrokenPipeError):  # no more to do, or given up
            while True:
                mutant = todo.get_nowait()
                process.stdin.write(json.dumps(asdict(mutant)) + "\n")
                process.stdin.flush()
                answer = process.stdout.readline()
                code, log = json.loads(answer) if answer else (3, "the worker died")
                done.put((mutant, code, log))

    folders = [Path(tempfile.mkdtemp()) for _ in range(workers)]
    try:
        for folder in folders:
            copy_tree(folder)
        threads = [threading.Thread(target=serve, args=(folder,)) for folder in folders]
        for thread in threads:
            thread.start()
        for _ in mutants:
            yield done.get()
    finally:
        for process in processes:
            process.terminate()
            process.wait()
        for folder in folders:
            shutil.rmtree(folder)


def untouched(mutants: Sequence[Mutant]) -> list[Mutant]:
    """The table as it is, for the tests of these mutants: they must pass without a fault."""
    source = (ROOT / TABLE).read_text(encoding="utf-8")
    runs = {(tuple(mutant.tests), tuple(mutant.primitives)) for mutant in mutants}
    return [
        Mutant(str(TABLE), 1, "nothing", "nothing", source, [*tests], [*names])
        for tests, names in sorted(runs)
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("primitives", nargs="*", help="only the faults of these")
    parser.add_argument("--planted", action="store_true", help="only the faults of planted.py")
    parser.add_argument("--list", action="store_true", help="print the faults and run none")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.work:
        work()
        return 0
    start = time.monotonic()
    mutants = [] if options.planted else [*table_mutants()]
    if options.primitives:
        mutants = [mutant for mutant in mutants if {*mutant.primitives} & {*options.primitives}]
    else:
        mutants += planted_mutants()
    if options.list:
        print(*mutants, sep="\n")
        return 0
    for mutant, code, log in run_all(untouched(mutants), options.workers):
        if code != PASSED:
            print(f"without a fault {mutant.tests} {mutant.primitives} fail:\n{log}")
            return 1
    survivors = []
    for mutant, code, log in run_all(mutants, options.workers):
        if code == PASSED:
            survivors.append(mutant)
            print(f"SURVIVED  {mutant}", flush=True)
        elif code not in (FAILED, INTERRUPTED, -signal.SIGALRM):
            print(f"pytest ended with {code} for {mutant}:\n{log}")
            return 1
    seconds = time.monotonic() - start
    print(f"{len(mutants)} faults, {len(survivors)} survived, {seconds:.0f} s")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
