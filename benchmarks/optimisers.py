"""Which optimiser learns tables best: `python -m benchmarks.optimisers`.

Tables that come with scikit-learn and statsmodels are learned with every candidate from five seeds,
each with the default network for a table and the same rows held out. For each table and seed the
candidates are ranked by the mean performance of the rows held out (the cross-entropy of classes,
-½ (d - z)² of scaled numbers), and a candidate's gap is how far it lies behind the best of them,
as a share of what the best gains over a prediction without learning. The command and `fit` take the
candidate whose mean gap is smallest, among those that are at most twice as slow as ascent.

Nothing is downloaded. The page that is written with --out is OPTIMISERS.md.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

SEEDS = 5
PAGE = "OPTIMISERS.md"


class Candidate(NamedTuple):
    """Settings of `plan`."""

    name: str
    settings: dict[str, Any]


CANDIDATES = [
    Candidate("ascent", {"optimiser": "ascent"}),
    Candidate("momentum 0.002", {"optimiser": "momentum", "rate": 0.002}),
    Candidate("adam 0.003", {"optimiser": "adam", "rate": 0.003}),
    Candidate("adam 0.003, batch 8", {"optimiser": "adam", "rate": 0.003, "batch": 8}),
    Candidate("adam 0.01, batch 8", {"optimiser": "adam", "rate": 0.01, "batch": 8}),
    Candidate("rprop", {"optimiser": "rprop", "decay": 0.003}),
    Candidate("lbfgs, no decay", {"optimiser": "lbfgs"}),
    Candidate("lbfgs", {"optimiser": "lbfgs", "decay": 0.003}),
    Candidate("lbfgs, decay 0.01", {"optimiser": "lbfgs", "decay": 0.01}),
    Candidate("lbfgs, decay 0.03", {"optimiser": "lbfgs", "decay": 0.03}),
    Candidate(
        "levenberg-marquardt",
        {"optimiser": "levenberg-marquardt", "epochs": 15, "decay": 0.003},
    ),
]


class Learned(NamedTuple):
    """The result of one training: P of the rows held out, their share that is right, seconds."""

    P: float
    right: float | None
    seconds: float


def tables() -> dict[str, Callable[[], tuple[dict[str, Any], str]]]:
    """Functions that load a table, by its name: columns, and the name of the target."""
    from sklearn import datasets

    def of_sklearn(load: Any, labels: bool, limit: int) -> tuple[dict[str, Any], str]:
        bunch = load()
        X, y = bunch.data[:limit], bunch.target[:limit]
        columns = {str(n): X[:, k].tolist() for k, n in enumerate(bunch.feature_names)}
        answers = [f"class {n}" for n in y] if labels else [float(n) for n in y]
        return {**columns, "target": answers}, "target"

    def linnerud() -> tuple[dict[str, Any], str]:
        bunch = datasets.load_linnerud()
        columns = {n: bunch.data[:, k].tolist() for k, n in enumerate(bunch.feature_names)}
        return {**columns, "Waist": bunch.target[:, 1].tolist()}, "Waist"

    def of_statsmodels(name: str, target: str, labels: bool, limit: int) -> Any:
        from importlib import import_module

        data = import_module(f"statsmodels.datasets.{name}").load_pandas().data[:limit]
        columns: dict[str, Any] = {n: data[n].tolist() for n in data.columns if n != target}
        answers = data[target].tolist()
        return {**columns, target: [f"{n:g} " for n in answers] if labels else answers}, target

    return {
        "iris": lambda: of_sklearn(datasets.load_iris, True, 150),
        "wine": lambda: of_sklearn(datasets.load_wine, True, 178),
        "breast cancer": lambda: of_sklearn(datasets.load_breast_cancer, True, 569),
        "digits (300 rows)": lambda: of_sklearn(datasets.load_digits, True, 300),
        "anes96 (votes)": lambda: of_statsmodels("anes96", "vote", True, 600),
        "diabetes": lambda: of_sklearn(datasets.load_diabetes, False, 442),
        "linnerud": linnerud,
        "statecrime": lambda: of_statsmodels("statecrime", "murder", False, 51),
        "randhie (visits)": lambda: of_statsmodels("randhie", "mdvis", False, 600),
    }


def learn(data: dict[str, Any], target: str, candidate: Candidate, seed: int) -> Learned:
    """Train once; a candidate that runs away is as bad as no learning."""
    from autograd_bp.errors import SettingError
    from autograd_bp.training import evaluate, plan, train
    from autograd_bp.training.meaning import OUTPUTS, is_number

    session = plan(data, target=target, seed=seed, held_out=0.3, **candidate.settings)
    chosen = {name: session.settings[name] for name in ("epochs", "batch", "decay")}
    start = time.perf_counter()
    try:
        train(session.network, session.split, optimiser=session.optimiser or "ascent",
              seed=seed, **chosen)  # fmt: skip
    except SettingError:
        return Learned(float("-inf"), None, time.perf_counter() - start)
    seconds = time.perf_counter() - start
    P, right = evaluate(
        session.network,
        session.split.held_out,
        OUTPUTS[session.settings["output"]].performance,
        judged=not is_number(session.split.target),
    )
    return Learned(P, right, seconds)


def without_learning(data: dict[str, Any], target: str, seed: int) -> float:
    """P of the rows held out for the shares of the classes, or the mean."""
    import math

    from autograd_bp.training import plan
    from autograd_bp.training.meaning import is_number

    split: Any = plan(data, target=target, seed=seed, held_out=0.3).split
    desired = [d for _, d in split.training]
    mean = [sum(column) / len(desired) for column in zip(*desired, strict=True)]
    total = 0.0
    for _, d in split.held_out:
        if is_number(split.target):
            total -= 0.5 * sum((a - m) ** 2 for a, m in zip(d, mean, strict=True))
        elif len(d) == 1:
            total += math.log(max(1e-9, mean[0] if d[0] == 1.0 else 1.0 - mean[0]))
        else:
            total += math.log(max(1e-9, mean[d.index(1.0)]))
    return total / len(split.held_out)


def compare(
    names: Sequence[str],
    candidates: Sequence[Candidate],
    seeds: int,
    say: Callable[[dict[str, dict[str, list[Learned]]]], None],
) -> dict[str, dict[str, list[Learned]]]:
    """For each table and candidate the results of the seeds; under "" those without learning.

    Arguments:
        say: is called with the results after each table.
    """
    known = tables()
    results: dict[str, dict[str, list[Learned]]] = {}
    for name in names:
        data, target = known[name]()
        rows = results[name] = {"": []}
        for seed in range(seeds):
            rows[""].append(Learned(without_learning(data, target, seed), None, 0.0))
            for candidate in candidates:
                rows.setdefault(candidate.name, []).append(learn(data, target, candidate, seed))
        say(results)
    return results


def gap(rows: dict[str, list[Learned]], name: str) -> list[float]:
    """How far the candidate lies behind the best one, for each seed: 0 is the best, 1 is no better
    than no learning; at most 2."""
    gaps = []
    for seed, idle in enumerate(rows[""]):
        best = max(results[seed].P for key, results in rows.items() if key)
        gained = max(best - idle.P, 1e-9)
        gaps.append(min(2.0, (best - rows[name][seed].P) / gained))
    return gaps


def page(results: dict[str, dict[str, list[Learned]]], command: str) -> str:
    """The tables in Markdown."""
    names = list(next(iter(results.values())))[1:]
    seeds = len(next(iter(results.values()))[""])
    lines = [
        "# Optimisers on tables",
        "",
        f"Written by `{command}`: {len(results)} tables that come with scikit-learn and "
        f"statsmodels, {seeds} seeds, 30 % of the rows held out, the default network (one layer "
        "of 10). The gap is 0 for the best candidate and 1 for a prediction without learning, by "
        "the mean P of the rows held out.",
        "",
        "| candidate | mean gap | worst gap | seconds, as a multiple of ascent's |",
        "|---|---|---|---|",
    ]
    summary = []
    for name in names:
        gaps = [gap(rows, name) for rows in results.values()]
        ratios = [
            statistics.median(r.seconds for r in rows[name])
            / max(1e-9, statistics.median(r.seconds for r in rows[names[0]]))
            for rows in results.values()
        ]
        means = [statistics.fmean(part) for part in gaps]
        summary.append((statistics.fmean(means), max(means), statistics.median(ratios), name))
    for mean, worst, ratio, name in sorted(summary):
        lines.append(f"| {name} | {mean:.3f} | {worst:.2f} | {ratio:.2f} |")
    lines += ["", "For each table the median over the seeds: P of the rows held out, and for "
              "classes the share that is right.", "",
              "| table | without learning | " + " | ".join(names) + " |",
              "|---" * (len(names) + 2) + "|"]  # fmt: skip
    for table, rows in results.items():
        cells = [f"{statistics.median(r.P for r in rows['']):.3f}"]
        for name in names:
            P = statistics.median(r.P for r in rows[name])
            right = [r.right for r in rows[name] if r.right is not None]
            cells.append(f"{P:.3f}" + (f", {statistics.median(right):.1%}" if right else ""))
        lines.append(f"| {table} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.optimisers", description=__doc__)
    parser.add_argument("--table", action="append", metavar="NAME", help="only this one")
    parser.add_argument("--candidate", action="append", metavar="NAME", help="only this one")
    parser.add_argument("--seeds", type=int, default=SEEDS, metavar="N")
    parser.add_argument("--out", type=Path, metavar="DIR", help=f"write {PAGE} here")
    options = parser.parse_args(arguments)
    known = tables()
    for name in options.table or []:
        if name not in known:
            parser.error(f"there is no table {name!r}: choose from {', '.join(known)}")
    by_name = {candidate.name: candidate for candidate in CANDIDATES}
    for name in options.candidate or []:
        if name not in by_name:
            parser.error(f"there is no candidate {name!r}: choose from {', '.join(by_name)}")
    candidates = [by_name[name] for name in options.candidate or by_name]

    def say(results: dict[str, dict[str, list[Learned]]]) -> None:
        print(f"{list(results)[-1]}: done", flush=True)
        if options.out is not None:
            text = page(results, "python -m benchmarks.optimisers --out benchmarks")
            (options.out / PAGE).write_text(text, encoding="utf-8")

    results = compare(options.table or list(known), candidates, max(1, options.seeds), say)
    print(page(results, "python -m benchmarks.optimisers"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
