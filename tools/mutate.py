"""Put faults into the table of primitives and into the printers, and see that tests catch them.

Each fault is made alone, in a temporary copy: in every expression and every rule of the table an
operator, a number or a function is replaced by another, two branches or two partials change
places, a column changes; in the printers the faults are those of PLANTED. The tests of what was
changed run on the interpreted core, so that nothing is built. The exit code is 1 when a fault
survives.

    python tools/mutate.py                    as many as take a few minutes
    python tools/mutate.py --all              all of them
    python tools/mutate.py tanh norm          those of some primitives
    python tools/mutate.py --planted          those of the printers alone
    python tools/mutate.py --list             prints them
"""

from __future__ import annotations

import argparse
import contextlib
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
from faults import faults_of
from planted import EQUIVALENT, PLANTED

TABLE = Path("autograd_bp/table")
TABLE_TESTS = [
    f"tests/engine/test_{name}.py"
    for name in ("primitives", "primitives_at_kinks", "columns", "tails")
]
SECONDS = 120  # after which a fault counts as caught: it made a loop endless
MAX_FAULTS = 300  # of the table
MAX_TESTED = 2  # primitives whose tests run, for a fault in what many of them use
PASSED, FAILED, INTERRUPTED = 0, 1, 2  # exit codes of pytest


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
        is_in_rule: whether the fault is in the rule of an entry.
    """

    file: str
    line: int
    before: str
    after: str
    text: str
    tests: list[str]
    primitives: list[str]
    is_in_rule: bool = False

    def __str__(self) -> str:
        about = f" ({', '.join(self.primitives)})" if self.primitives else ""
        return f"{self.file}:{self.line}{about}: {self.before}  ->  {self.after}"


def table_mutants() -> Iterator[Mutant]:
    """The faults of the table that change a number."""
    for file in table_files():
        for fault in faults_of((ROOT / file).read_text(encoding="utf-8")):
            names = fault.primitives
            if (names[0], fault.before, fault.after) not in EQUIVALENT:
                yield Mutant(
                    str(file),
                    fault.line,
                    fault.before,
                    fault.after,
                    fault.text,
                    TABLE_TESTS,
                    names[:MAX_TESTED],
                    fault.is_in_rule,
                )


def table_files() -> list[Path]:
    """The files of the table."""
    return [path.relative_to(ROOT) for path in sorted((ROOT / TABLE).glob("[a-z]*.py"))]


def selection(mutants: Sequence[Mutant], limit: int) -> list[Mutant]:
    """About so many of them: of each primitive its share, spread evenly, one in its rule among
    them. The same mutants are chosen in every run."""
    groups: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        groups.setdefault(mutant.primitives[0], []).append(mutant)
    chosen: list[Mutant] = []
    for group in groups.values():
        count = max(2, min(len(group), len(group) * limit // len(mutants)))
        spread = [group[k * len(group) // count] for k in range(count)]
        if not any(mutant.is_in_rule for mutant in spread):
            spread += [mutant for mutant in group if mutant.is_in_rule][:1]
        chosen += spread
    return chosen


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
            options += ["-W", "ignore:Module already imported", "-m", "not browser"]
            plugins = [_Of(mutant.primitives)] if mutant.primitives else []
            os._exit(int(pytest.main([*options, *mutant.tests], plugins=plugins)))
        _, status = os.waitpid(child, 0)
        file.write_text(original, encoding="utf-8")
        code = os.waitstatus_to_exitcode(status)
        log_text = Path("mutant.log").read_text(encoding="utf-8", errors="replace")
        print(json.dumps([code, log_text[-3000:]]), flush=True)


@contextlib.contextmanager
def copies_of_tree(count: int) -> Iterator[list[Path]]:
    """So many copies, compiled to byte code that is used only while a file has the same contents.

    Python otherwise compares times in seconds and sizes. A fault may change neither.
    """
    folders = [Path(tempfile.mkdtemp()) for _ in range(count)]
    try:
        copy_tree(folders[0])
        command = f"-m compileall -q -j {count} --invalidation-mode checked-hash autograd_bp"
        subprocess.run(
            [sys.executable, *command.split()],
            cwd=folders[0],
            env=imports_from(folders[0]),
            check=True,
        )
        for folder in folders[1:]:
            shutil.copytree(folders[0], folder, dirs_exist_ok=True)
        yield folders
    finally:
        for folder in folders:
            shutil.rmtree(folder)


def run_all(
    mutants: Sequence[Mutant], folders: Sequence[Path]
) -> Iterator[tuple[Mutant, int, str]]:
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

    threads = [threading.Thread(target=serve, args=(folder,)) for folder in folders]
    try:
        for thread in threads:
            thread.start()
        for _ in mutants:
            yield done.get()
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def untouched(mutants: Sequence[Mutant], workers: int) -> list[Mutant]:
    """The table as it is, for the tests of these mutants: they must pass without a fault.

    The primitives of one set of tests run together, in as many parts as there are workers.
    """
    file = table_files()[0]
    source = (ROOT / file).read_text(encoding="utf-8")
    names: dict[tuple[str, ...], set[str]] = {}
    for mutant in mutants:
        names.setdefault(tuple(mutant.tests), set()).update(mutant.primitives)
    return [
        Mutant(str(file), 1, "nothing", "nothing", source, [*tests], part)
        for tests, primitives in names.items()
        for part in (
            [sorted(primitives)[k::workers] for k in range(workers)] if primitives else [[]]
        )
        if part or not primitives
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("primitives", nargs="*", help="only the faults of these")
    parser.add_argument("--planted", action="store_true", help="only the faults of planted.py")
    parser.add_argument("--all", action="store_true", help=f"not only {MAX_FAULTS} in the table")
    parser.add_argument("--list", action="store_true", help="print the faults and run none")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.work:
        work()
        return 0
    mutants = chosen(options)
    if options.list:
        print(*mutants, sep="\n")
        return 0
    start = time.monotonic()
    try:
        with copies_of_tree(options.workers) as folders:
            mutants = testable(mutants, folders)
            survivors = survivors_of(mutants, folders)
    except RunError as error:
        print(error)
        return 1
    seconds = time.monotonic() - start
    print(f"{len(mutants)} faults, {len(survivors)} survived, {seconds:.0f} s")
    return 1 if survivors else 0


def chosen(options: argparse.Namespace) -> list[Mutant]:
    """The mutants that the options ask for."""
    if options.planted:
        return [*planted_mutants()]
    mutants = [*table_mutants()]
    if options.primitives:
        return [mutant for mutant in mutants if {*mutant.primitives} & {*options.primitives}]
    if not options.all and len(mutants) > MAX_FAULTS:
        mutants = selection(mutants, MAX_FAULTS)
    return [*mutants, *planted_mutants()]


class RunError(Exception):
    """The tests say nothing about faults: they fail without one, or cannot run."""


def testable(mutants: Sequence[Mutant], folders: Sequence[Path]) -> list[Mutant]:
    """The mutants whose tests run here: some need node or a C compiler, and are skipped without.

    Raises: RunError where a test fails without a fault.
    """
    skipped = set()
    for original, code, log in run_all(untouched(mutants, len(folders)), folders):
        if code != PASSED:
            raise RunError(f"without a fault {original.tests} {original.primitives} fail:\n{log}")
        if " passed" not in log:
            skipped.add(tuple(original.tests))
            print(f"left out, since all tests are skipped: {' '.join(original.tests)}")
    return [mutant for mutant in mutants if tuple(mutant.tests) not in skipped]


def survivors_of(mutants: Sequence[Mutant], folders: Sequence[Path]) -> list[Mutant]:
    """The mutants that no test catches, printed as they are found."""
    survivors = []
    for mutant, code, log in run_all(mutants, folders):
        if code == PASSED:
            survivors.append(mutant)
            print(f"SURVIVED  {mutant}", flush=True)
        elif code not in (FAILED, INTERRUPTED, -signal.SIGALRM):
            raise RunError(f"pytest ended with {code} for {mutant}:\n{log}")
    return survivors


if __name__ == "__main__":
    sys.exit(main())
