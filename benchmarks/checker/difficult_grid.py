"""The difficult grid beside other libraries, and what a check costs."""

from __future__ import annotations

import math
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from autograd_bp.checking import Verdict, check_gradient
from benchmarks.checker.checkers import LEFT_OUT
from benchmarks.checker.difficult import KINDS, NOISY_KINDS, right_cases, wrong_cases
from benchmarks.checker.difficult.coarse import COARSE
from benchmarks.checker.difficult.solvers import SOLVERS
from benchmarks.checker.model import Case, Table
from benchmarks.checker.others import array_checkers, quietly

REPEATS = 3  # of a check that is timed

__all__ = ["blind_spots", "cost", "difficult"]

COUNT = 44  # of cases of each kind, right and wrong
FEWER = {"regression by absolute errors": 12, "pathwise Monte Carlo": 12, "float32": 20}
FEWER |= {"adaptive integrators": 12, "ReLU networks over a batch": 20}
FEWER |= dict.fromkeys([*SOLVERS, *COARSE], 40)
FEWER |= {"events": 30, "large likelihoods": 40, "large logits": 60, "splines and pictures": 60}
PEERS_EVERY = 12  # other libraries run on every twelfth case
OURS = "autograd_bp"
CHOSEN: list[str] = []  # kinds that the command was told to run; all where there are none


@dataclass
class _Counts:
    """What became of the cases of one kind, right or wrong ones.

    Attributes:
        words: how often each verdict was given.
        passed: how often each library passed a case.
        seen: how many cases the others saw.
        seconds, calls: of each library, ours among them.
        faults: right cases called WRONG, and wrong ones that passed.
    """

    words: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    seen: int = 0
    seconds: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def _counted(side: str, kind: str) -> _Counts:
    is_right, found, peers = side == "right", _Counts(), array_checkers()
    cases = right_cases if is_right else wrong_cases
    for k, case in enumerate(cases(FEWER.get(kind, COUNT), (kind,))):
        start = time.perf_counter()
        verdict = check_gradient(case.f, case.x, case.gradient).verdict
        found.seconds[OURS] += time.perf_counter() - start
        found.calls[OURS] += 1
        found.words[verdict.name] += 1
        if (verdict is Verdict.WRONG) if is_right else verdict.ok:
            found.faults.append(f"{case.name}: {verdict.name}")
        if k % PEERS_EVERY:
            continue
        found.seen += 1
        for name, passes in peers.items():
            start = time.perf_counter()
            found.passed[name] += quietly(passes, case)
            found.seconds[name] += time.perf_counter() - start
            found.calls[name] += 1
    return found


def _leave_out(packages: set[str]) -> None:
    LEFT_OUT.update(packages)


def _all_counted(tasks: list[tuple[str, str]]) -> list[_Counts]:
    """Each kind in one of as many processes as there are processors, unless there are few."""
    if len(tasks) < 8:
        return [_counted(*task) for task in tasks]
    context = multiprocessing.get_context("spawn")  # threads of other libraries forbid a fork
    with ProcessPoolExecutor(
        os.cpu_count(), context, initializer=_leave_out, initargs=({*LEFT_OUT},)
    ) as pool:
        return list(pool.map(_counted, *zip(*tasks, strict=True)))


def difficult() -> Table:
    """Right gradients that are called wrong, and wrong ones that pass, by kind."""
    kinds = CHOSEN or [*KINDS]
    tasks = [(side, kind) for side in ("right", "wrong") for kind in kinds]
    found = dict(zip(tasks, _all_counted(tasks), strict=True))
    words = {f"{side} {kind}": found[side, kind].words for side, kind in tasks}
    passed = {f"{side} {kind}": found[side, kind].passed for side, kind in tasks}
    seen = Counter({f"{side} {kind}": found[side, kind].seen for side, kind in tasks})
    faults = [fault for each in found.values() for fault in each.faults]
    peers = _peers(found.values())
    rows = [_row(kind, words, passed, seen, peers) for kind in kinds]
    notes = [
        "right: right gradients, and how many of them were called WRONG or NOISY; wrong: wrong "
        "ones, and how many passed. Of others: right ones that they fail, wrong ones that they "
        f"pass, on every {PEERS_EVERY}th case.",
        _noisy_where_quiet({kind: words[f"right {kind}"] for kind in kinds}),
        f"faults of ours: {'; '.join(faults) or 'none'}.",
        f"mean time of a check: {_mean_times(found.values())}.",
    ]
    head = ["kind", "right", "WRONG", "NOISY", "wrong", "passed"]
    head += [f"{name}: fails / passes" for name in peers]
    data = {"words": _plain(words), "faults": faults, "others": _plain(passed), "seen": dict(seen)}
    return Table(head, [*rows, _total(rows)], notes, data)


def _peers(counts: Iterable[_Counts]) -> list[str]:
    return list(dict.fromkeys(name for each in counts for name in each.seconds if name != OURS))


def _plain(counts: dict[str, Counter[str]]) -> dict[str, dict[str, int]]:
    return {key: dict(count) for key, count in counts.items()}


def _noisy_where_quiet(right: dict[str, Counter[str]]) -> str:
    quiet = [words for kind, words in right.items() if kind not in NOISY_KINDS]
    noisy, of = sum(words["NOISY"] for words in quiet), sum(map(Counter.total, quiet))
    share = 100.0 * noisy / max(of, 1)
    return f"NOISY where the function itself is not: {noisy} of {of} ({share:.2f} %)."


def _mean_times(counts: Iterable[_Counts]) -> str:
    seconds: Counter[str] = Counter()
    calls: Counter[str] = Counter()
    for count in counts:
        seconds += count.seconds
        calls += count.calls
    return ", ".join(f"{name} {1e3 * seconds[name] / calls[name]:.1f} ms" for name in seconds)


def _row(kind: str, words: dict, passed: dict, seen: Counter, peers: list[str]) -> list[str]:
    right, wrong = words[f"right {kind}"], words[f"wrong {kind}"]
    ok = sum(count for word, count in wrong.items() if Verdict[word].ok)
    cells = [kind, right.total(), right["WRONG"], right["NOISY"], wrong.total(), ok]
    for name in peers:
        alarms = seen[f"right {kind}"] - passed[f"right {kind}"][name]
        cells.append(f"{alarms} / {passed[f'wrong {kind}'][name]}")
    return [str(cell) for cell in cells]


def _total(rows: list) -> list[str]:
    cells = ["all"]
    for column in list(zip(*rows, strict=True))[1:]:
        parts = [[int(number) for number in cell.split(" / ")] for cell in column]
        cells.append(" / ".join(str(sum(part)) for part in zip(*parts, strict=True)))
    return cells


def _costly(n: int, microseconds: float) -> tuple[Case, list[float]]:
    """A smooth function of n numbers that takes so long, and the time spent in it."""
    rng = np.random.default_rng(n)
    weights = rng.uniform(0.5, 1.5, n)
    spent = [0.0, 0]

    def f(x: np.ndarray) -> float:
        start = time.perf_counter()
        value = float(weights @ np.sin(x) + 0.5 * x @ x)
        while time.perf_counter() - start < 1e-6 * microseconds:
            pass
        spent[0] += time.perf_counter() - start
        spent[1] += 1
        return value

    def gradient(x: np.ndarray) -> np.ndarray:
        return weights * np.cos(x) + x

    return Case(f"n = {n}", "cost", f, gradient, gradient, rng.standard_normal(n)), spent


def cost() -> Table:
    """How long a check of n components takes, and how much of it the function itself takes."""
    peers = array_checkers()
    rows, data = [], {}
    for passes in peers.values():  # the first call imports
        quietly(passes, _costly(2, 0.0)[0])
    for n in (10, 100, 1_000, 10_000):
        case, spent = _costly(n, 25.0)
        row, record = [str(n)], {}
        for name, options in (("all", {}), ("3 directions", {"directions": 3})):
            if n == 10_000 and not options:
                row += ["–", "–"]
                continue
            seconds, share = sorted(_timed(case, spent, options) for _ in range(REPEATS))[1]
            record[name] = {"seconds": seconds, "calls": spent[1], "share": share}
            row += [f"{1e3 * seconds:.1f} ms, {spent[1]} calls", f"{100 * share:.0f} %"]
        for name, passes in peers.items():
            if (n > 1_000 and "fast" not in name) or (n > 100 and name == "numdifftools"):
                row.append("–")
                continue
            start = time.perf_counter()
            quietly(passes, case)
            seconds = time.perf_counter() - start
            record[name] = {"seconds": seconds}
            row.append(f"{1e3 * seconds:.1f} ms")
        rows.append(row)
        data[str(n)] = record
    head = ["components", "all components", "in f", "3 directions", "in f", *peers]
    note = (
        "The function is NumPy's and takes 25 µs; in f: the share of the time spent in it. Ours: "
        "the median of three checks."
    )
    return Table(head, rows, [note], data)


def _timed(case: Case, spent: list[float], options: dict[str, int]) -> tuple[float, float]:
    """The time of one check, and the share of it that the function takes."""
    spent[:] = [0.0, 0]
    start = time.perf_counter()
    report = check_gradient(case.f, case.x, case.gradient, **options)
    seconds = time.perf_counter() - start
    assert report.ok
    return seconds, spent[0] / seconds


def blind_spots() -> Table:
    """Mistakes in one of n components: how often random directions see them."""
    rows, data = [], {}
    for factor in (0.0, 1.02, 1.0 + 1e-4, 1.0 + 1e-6, 1.0 + 1e-8):
        row = [f"{factor - 1.0:+.0e}"]
        for n in (10, 100, 1_000):
            for count in (1, 3):
                caught = sum(_is_seen(n, factor, count, seed) for seed in range(20))
                row.append(f"{caught}/20")
                data[f"{factor!r}, {n}, {count}"] = caught
        rows.append(row)
    head = ["one component off by"]
    head += [
        f"n = {n}, {count} direction{'s' * (count > 1)}"
        for n in (10, 100, 1_000)
        for count in (1, 3)
    ]
    note = (
        "Caught of 20: the mistake is in one component, whose slope is of the usual size. A "
        "mistake that directions do not see is smaller than the precision of a directional "
        "derivative, about 4e-9 of the whole gradient's size, and components whose slope is small "
        "beside the others."
    )
    return Table(head, rows, [note], data)


def _is_seen(n: int, factor: float, count: int, seed: int) -> bool:
    case, _ = _costly(n, 0.0)
    place = (seed * 7919) % n

    def wrong(x: np.ndarray) -> np.ndarray:
        slopes = np.asarray(case.claimed(x)).copy()
        slopes[place] *= factor
        return slopes

    report = check_gradient(case.f, case.x, wrong, directions=count, seed=seed)
    return not report.ok and not math.isnan(report.value)
