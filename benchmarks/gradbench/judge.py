"""GradBench's own evals put to autograd_bp and to GradBench's own tools, one after the other:
`python -m benchmarks.gradbench.judge --checkout DIR`, where DIR is a checkout of GradBench.

Each tool gets a new process for each eval and size, on one processor, with one thread and without a
cache on disk. In each round all tools take part, in an order that turns. The verdicts are those of
the evals, which compare with the programs of tools/manual/bin; GradBench's Makefile builds them.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.gradbench.page import page
from benchmarks.gradbench.session import Command, Evaluation, Session, run
from benchmarks.machine import facts
from benchmarks.processes import ONE_THREAD

ROOT = Path(__file__).parents[2]
OURS = "autograd_bp"
TOOLS = (OURS, "JAX", "PyTorch", "C++")

SIZES: dict[str, dict[str, str]] = {
    "hello": {"small": ""},
    "lse": {"small": "-n 2500", "medium": "-n 40000"},
    "llsq": {"small": "-n 64", "medium": "-n 2048"},
    "det": {"small": "-l 5", "medium": "-l 8"},
    "ode": {"small": "-n 1000 -s 10", "medium": "-n 1000 -s 100"},
    "gmm": {"small": "-d 2 -k 5", "medium": "-d 10 -k 25"},
    "ba": {"small": "--min 1 --max 1", "medium": "--min 5 --max 5"},
    "ht": {
        "small": "--model small --variant simple --min 1 --max 1",
        "medium": "--model big --variant complicated --min 5 --max 5",
    },
    "lstm": {"small": "-l 2 -c 1024", "medium": "-l 4 -c 4096"},
    "kmeans": {"small": "-k 10 -n 1000 -d 8", "medium": "-k 100 -n 10000 -d 16"},
    "particle": {"small": ""},
    "saddle": {"small": ""},
}
"""The options of each eval at each size."""


def tools(checkout: Path) -> dict[str, Command]:
    """How the tools are started."""
    python = checkout / "python/gradbench"
    theirs = python / "gradbench/tools"
    one = frozenset([min(os.sched_getaffinity(0))]) if hasattr(os, "sched_getaffinity") else None

    def command(*words: str, folder: Path = checkout, **environment: str) -> Command:
        return Command(
            [sys.executable, *words], folder, {**ONE_THREAD, **environment}, one or frozenset()
        )

    ours = {"AUTOGRAD_BP_CACHE": "off", "PYTHONPATH": str(ROOT)}
    return {
        OURS: command("-m", "benchmarks.gradbench", folder=ROOT, **ours),
        "JAX": command(
            "-m",
            "benchmarks.gradbench.waiting",
            str(theirs / "jax/run.py"),
            PYTHONPATH=f"{ROOT}:{python}:{theirs / 'jax'}",
            JAX_PLATFORMS="cpu",
        ),
        "PyTorch": command(
            str(theirs / "pytorch/run.py"), PYTHONPATH=f"{python}:{theirs / 'pytorch'}"
        ),
        "C++": command(
            "-m", "benchmarks.gradbench.programs", str(checkout / "tools/manual/bin"), folder=ROOT
        ),
    }


def asked(checkout: Path, name: str, options: str, seconds: float) -> Command:
    """How an eval is started."""
    python = checkout / "python/gradbench"
    words = [sys.executable, str(python / f"gradbench/evals/{name}/run.py"), *options.split()]
    if name != "hello":
        words += ["--min-runs", "2", "--min-seconds", str(seconds)]
    return Command(words, checkout, {"PYTHONPATH": str(python)})


def measured(session: Session) -> list[dict[str, Any]]:
    """For each function the seconds of its first run and of those that follow."""
    by_function: dict[str, list[Evaluation]] = {}
    for evaluation in session.evaluations:
        by_function.setdefault(evaluation.function, []).append(evaluation)
    rows = []
    for function, evaluations in by_function.items():
        seconds = [number for each in evaluations for number in each.seconds]
        first, *others = seconds or [None]
        verdicts = [each.valid for each in evaluations]
        errors = [each.error.strip().splitlines()[-1] for each in evaluations if each.error]
        row = {
            "function": function,
            "first": first,
            # What is got ready along the way is ready in the second half.
            "steady": statistics.median(others[len(others) // 2 :]) if others else None,
            "runs": len(seconds),
            "valid": None if None in verdicts else all(verdicts),
            "error": errors[-1][:200] if errors else "",
        }
        rows.append(row)
    return rows


def judged(options: argparse.Namespace) -> list[dict[str, Any]]:
    """All sessions: a dict for each, in the order in which they ran."""
    checkout = Path(options.checkout).resolve()
    known = tools(checkout)
    names = [name for name in known if not options.tool or name in options.tool]
    sessions, gone = [], set()
    for round_number in range(options.rounds):
        for name, sizes in SIZES.items():
            if options.eval and name not in options.eval:
                continue
            for size, words in sizes.items():
                if options.size and size not in options.size:
                    continue
                turn = round_number % len(names)
                for tool in names[turn:] + names[:turn]:
                    if (tool, name, size) in gone:
                        continue
                    judge = asked(checkout, name, words, options.seconds)
                    start = time.perf_counter()
                    session = run(judge, known[tool], options.limit)
                    rows = measured(session)
                    if session.failure:
                        gone.add((tool, name, size))
                    sessions.append(
                        {
                            "round": round_number,
                            "eval": name,
                            "size": size,
                            "tool": tool,
                            "rows": rows,
                        }
                        | {"failure": session.failure}
                    )
                    show(sessions[-1], time.perf_counter() - start)
    return sessions


def show(session: dict[str, Any], seconds: float) -> None:
    """Prints what a session measured."""
    head = f"{session['eval']:9}{session['size']:7}{session['tool']:12}"
    for row in session["rows"]:
        first, steady = (
            "-" if n is None else f"{1e3 * n:.4g}" for n in (row["first"], row["steady"])
        )
        verdict = {True: "valid", False: "INVALID", None: "no verdict"}[row["valid"]]
        times = f"{row['function']:10} first {first:>9} ms, then {steady:>9} ms"
        print(f"{head} {times}, {verdict} {row['error']}")
    if session["failure"]:
        print(f"{head} {session['failure']}")
    print(f"{head} {seconds:.1f} s in all", flush=True)


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def missing(checkout: Path, out: str | None) -> Iterator[tuple[Path, str]]:
    """The folders that are needed and not there, and what to do."""
    needed = [
        (checkout / "python/gradbench/gradbench/evals", "--checkout is a checkout of GradBench"),
        (
            checkout / "tools/manual/bin",
            "GradBench's Makefiles in cpp and tools/manual make it",
        ),
        (Path(out or "."), "make the folder for the page first"),
    ]
    return ((folder, words) for folder, words in needed if not folder.is_dir())


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="benchmarks.gradbench.judge", description=__doc__.split("\n\n")[0]
    )
    parser.add_argument("--checkout", required=True, help="a checkout of GradBench")
    parser.add_argument("--eval", action="append", choices=SIZES, help="an eval; all when left out")
    parser.add_argument("--tool", action="append", choices=TOOLS, help="a tool; all when left out")
    parser.add_argument("--size", action="append", choices=("small", "medium"))
    parser.add_argument("--rounds", type=positive, default=3)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each function, at least")
    parser.add_argument("--limit", type=float, default=120.0, help="seconds for a session")
    parser.add_argument("--load", default="nothing else ran", help="what else ran, for the page")
    parser.add_argument("--out", help="the folder for GRADBENCH.md and GRADBENCH.json")
    options = parser.parse_args(arguments)
    for folder, words in missing(Path(options.checkout), options.out):
        parser.error(f"{folder} is not there: {words}")
    sessions = judged(options)
    if options.out:
        write(Path(options.out), options, sessions)
    return 0


def write(folder: Path, options: argparse.Namespace, sessions: list[dict[str, Any]]) -> None:
    """Writes the page and what it was made of."""
    data = {
        "machine": facts(),
        "sizes": SIZES,
        "rounds": options.rounds,
        "seconds": options.seconds,
        "limit": options.limit,
        "load": options.load,
        "sessions": sessions,
    }
    (folder / "GRADBENCH.json").write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    (folder / "GRADBENCH.md").write_text(page(data), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
