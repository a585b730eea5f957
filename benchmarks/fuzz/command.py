"""Many programs, in as many processes as there are processors, and what came of them.

The run is recorded in FUZZ.json and at the end of RESULTS.md, when it is given that folder:
`python -m benchmarks --only fuzz --out benchmarks`.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import lru_cache
from pathlib import Path
from typing import Any

import autograd_bp as bp
from autograd_bp.compiling.backends import registry
from autograd_bp.errors import AutogradError
from benchmarks import files
from benchmarks.fuzz.judge import EXPLANATIONS, Verdict, verdict
from benchmarks.fuzz.operations import Operation, operations
from benchmarks.fuzz.programs import Program, drawn
from benchmarks.fuzz.shrink import shrunk

MANY, FEW = 100_000, 2_000
CHUNK = 100
COMPILED_EVERY = 5
MAX_SHOWN = 5  # programs that fail, each made small
DATA, PAGE = "FUZZ.json", "RESULTS.md"
HEADING = "## Random programs"

Say = Callable[[str], None]
Data = dict[str, Any]


def main(*, quick: bool, folder: Path | None, say: Say) -> int:
    """Run the programs, print what came of them, and write FUZZ.json into a folder if there is
    one. Returns the exit status: 1 where a program fails."""
    data = run(FEW if quick else MANY, os.cpu_count() or 1, say)
    print(section(data))
    for failure in data["failures"]:
        print(f"\nprogram {failure['number']} fails:\n{failure['text']}")
    if folder is not None:
        record(data, folder)
    return 1 if data["outcomes"].get("fails") else 0


def record(data: Data, folder: Path) -> None:
    """Write FUZZ.json, and the section of RESULTS.md where that page is in the folder."""
    files.write(folder / DATA, json.dumps(data, indent=1, ensure_ascii=False) + "\n")
    page = folder / PAGE
    if page.exists():
        files.write(page, with_section(page.read_text(encoding="utf-8"), folder))


def with_section(page: str, folder: Path) -> str:
    """A page with the latest run at its end, if there was one in this folder."""
    if not (folder / DATA).exists():
        return page
    data = json.loads((folder / DATA).read_text(encoding="utf-8"))
    return page.partition(HEADING)[0].rstrip("\n") + "\n\n" + section(data) + "\n"


def run(count: int, processes: int, say: Say) -> Data:
    """Judge the programs from 0 to count - 1."""
    outcomes: Counter[str] = Counter()
    modes: Counter[str] = Counter()
    failing: list[int] = []
    done = 0
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        chunks = [range(k, min(count, k + CHUNK)) for k in range(0, count, CHUNK)]
        for future in as_completed([pool.submit(judged, chunk) for chunk in chunks]):
            some, by_mode, numbers = future.result()
            outcomes.update(some)
            modes.update(by_mode)
            failing += numbers
            done += sum(some.values())
            if done % (20 * CHUNK) == 0:
                say(f"fuzz: {done} of {count} programs, {outcomes['fails']} fail")
    say(f"fuzz: the programs that fail: {sorted(failing)}")
    failures = [failure(number) for number in sorted(failing)[:MAX_SHOWN]]
    return {
        "programs": count,
        "operations": len(_operations()),
        "outcomes": dict(outcomes.most_common()),
        "modes": dict(modes.most_common()),
        "failures": failures,
    }


def judged(numbers: range) -> tuple[Counter[str], Counter[str], list[int]]:
    """Outcomes, compared modes, and the programs that fail, of some programs."""
    outcomes: Counter[str] = Counter()
    modes: Counter[str] = Counter()
    failing = []
    for number in numbers:
        found = verdict(drawn(number, _operations()), backends_of(number))
        outcomes[found.outcome] += 1
        modes.update(found.modes)
        if found.outcome == "fails":
            failing.append(number)
    return outcomes, modes, failing


@lru_cache(maxsize=1)
def _operations() -> list[Operation]:
    return operations()


def backends_of(number: int) -> tuple[str, ...]:
    """The backend that a program is compiled for, which takes longer than all else: every fifth is
    compiled, for the quickest backend as a rule, and for each of the others now and then."""
    if number % COMPILED_EVERY:
        return ()
    names = sorted(_usable(), key=lambda name: name != "tape")
    turn = number // COMPILED_EVERY
    return (names[0] if turn % 4 or len(names) == 1 else names[1 + turn // 4 % (len(names) - 1)],)


@lru_cache(maxsize=1)
def _usable() -> tuple[str, ...]:
    """The backends that run here."""
    return tuple(name for name in registry.names() if name != "auto" and _runs(name))


def _runs(name: str) -> bool:
    try:
        return bool(bp.compiled(lambda x: 2.0 * x, backend=name)(3.0) == 6.0)
    except (AutogradError, ImportError):
        return False


def failure(number: int) -> Data:
    """A program that fails, made small, with what is wrong."""
    backends = backends_of(number)

    def fails(program: Program) -> bool:
        return _outcome(program, backends).outcome == "fails"

    program = shrunk(drawn(number, _operations()), fails)
    complaints = _outcome(program, backends).complaints
    return {"number": number, "text": "\n".join([str(program), *complaints])}


def _outcome(program: Program, backends: tuple[str, ...]) -> Verdict:
    try:
        return verdict(program, backends)
    except (ArithmeticError, ValueError, AutogradError) as error:  # of a program cut in half
        return Verdict(program, f"raises {type(error).__name__}")


def section(data: Data) -> str:
    """What came of a run, as a part of a page."""
    return "\n".join(_lines(data))


def _lines(data: Data) -> Iterator[str]:
    compared = sum(data["outcomes"].get(name, 0) for name in ("agrees", "saturation"))
    yield HEADING
    yield ""
    yield (
        f"{data['programs']:,} random programs of {data['operations']} operations: their values, "
        "gradients and Hessians in every mode, compared with 50 digits. Allowed are the units that "
        "each operation promises, times the condition that has accumulated on the way. What is "
        "further off, or cannot be compared, is explained in [kinks](../docs/kinks.md)."
    )
    yield ""
    yield "Repeat it with `python -m benchmarks --only fuzz`."
    yield ""
    yield "| outcome | programs | |"
    yield "| --- | --- | --- |"
    yield f"| agrees | {data['outcomes'].get('agrees', 0):,} | every mode within its bound |"
    for name, text in EXPLANATIONS.items():
        yield f"| {name} | {data['outcomes'].get(name, 0):,} | {text} |"
    yield f"| **fails** | {data['outcomes'].get('fails', 0):,} | |"
    yield ""
    modes = ", ".join(f"{name} {count:,}" for name, count in data["modes"].items())
    yield f"Compared in {compared:,} programs, by mode: {modes}."
