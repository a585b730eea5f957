"""What the judge measured as a page."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

OURS = "autograd_bp"
TOOLS = ("JAX", "PyTorch", "C++")
PHASES = ("first", "steady")
WORDS = {"first": "first", "steady": "then"}
AHEAD = 1.1  # a tool takes so many times less
WITHIN = 2.0  # of hand-written C++
NO_REASON = "**no reason given**"

TEXT = """# GradBench's evals

[GradBench](https://github.com/gradbench/gradbench) judges tools for automatic differentiation: an
eval sends problems, and a tool answers. Here its own evals ask [our adapters](gradbench/README.md),
its own JAX and PyTorch tools, and its hand-written C++ ("manual"), and its own checks say whether
an answer is right. From the root of the repository, with a checkout of GradBench in which
`tools/manual` was built by its Makefile:

```
python -m benchmarks.gradbench.judge --checkout DIR --rounds {rounds} --out benchmarks
```

- Each tool has a new process for each eval and size, on one processor and with one thread. In each
  round all take part, in an order that turns. Times are medians over the rounds ({rounds} here),
  and ratios are medians of the ratios within a round.
- *First* is the first run of a function, recording and compiling included, with nothing kept on
  disk. *Then* is the median of the second half of its other runs, which take {seconds:g} s or more.
  Importing a tool is in neither: torch, JAX and our compiler are loaded before.
- Numbers in the columns of the tools say how many times as long as ours they take: where they are
  below 1, that tool is ahead (bold: by more than {ahead:g}).
- Timings are what the tools report. JAX's tool stops its clock before the results are there, so its
  functions are made to wait for them ([waiting.py](gradbench/waiting.py)). Its `ode` computes with
  floats of 32 bits, all others with doubles.
- "no such eval" means that GradBench has none for that tool; "too long" that a session took more
  than {limit:g} s.
- `lstm` reads a text that is a large file of GradBench's repository; any text in its place serves.

{machine}

**Verdicts**: GradBench's evals call {valid} of our {all} answers valid{others}.

{tables}## Where a tool is ahead

{behind}

## All together

{summary}
"""

ANY = "*"
# Eval, function, size, phase and tool by patterns; the first line that fits.
REASONS: tuple[tuple[str, str, str, str, str, str], ...] = (
    (ANY, ANY, ANY, "first", "C++", "It was compiled before; ours is compiled in this call."),
    (ANY, ANY, ANY, "first", "PyTorch", "It compiles nothing; ours is compiled in this call."),
    ("ode", "gradient", ANY, ANY, "C++", "The gradient of the C++ is a formula, without steps."),
    (
        "ode",
        ANY,
        ANY,
        "steady",
        "JAX",
        "It computes with floats of 32 bits, of which a vector has twice as many.",
    ),
    (
        "ode",
        ANY,
        ANY,
        "steady",
        "C++",
        "Its numbers stand where it computes; a call of Python gathers ours and hands them out.",
    ),
    ("hello", ANY, ANY, ANY, "C++", "It is one multiplication, ours a call of Python."),
    (
        "lse",
        ANY,
        ANY,
        ANY,
        ANY,
        "It is a few microseconds of work, of which the call from Python is a part.",
    ),
    (
        "ba",
        ANY,
        ANY,
        ANY,
        ANY,
        "Ours copies the numbers of each observation into the lanes of a vector, and its 30 "
        "derivatives out of them; the C++ reads and writes them where they are.",
    ),
    (
        "kmeans",
        ANY,
        "small",
        ANY,
        ANY,
        "Ours is two calls of programs with a table of rows each, which are copied into the lanes "
        "of vectors; with so few points that is what costs.",
    ),
    (
        ANY,
        ANY,
        ANY,
        "steady",
        "C++",
        "It is written by hand for this function. Ours interprets loops until machine code takes "
        "over, which may be late in so short a time.",
    ),
)


class Row(NamedTuple):
    """A function of an eval at a size.

    Attributes:
        seconds: of ours, for each phase.
        ratios: for each phase and tool how many times as long as ours it takes, or why it does not.
    """

    eval: str
    function: str
    size: str
    seconds: Mapping[str, float]
    ratios: Mapping[tuple[str, str], float | str]


def rows(sessions: Sequence[Mapping[str, Any]]) -> list[Row]:
    """All functions that we answered, in the order in which they were asked for."""
    times: dict[Any, dict[Any, float]] = {}
    failures: dict[Any, str] = {}
    for session in sessions:
        key = session["eval"], session["size"]
        if session["failure"]:
            failures[(session["tool"], *key)] = session["failure"]
        for row in session["rows"]:
            for phase in PHASES:
                if row[phase] is not None:
                    at = times.setdefault((*key, row["function"]), {})
                    at[session["tool"], phase, session["round"]] = row[phase]
    return [_row(key, measured, failures) for key, measured in times.items()]


def _row(key: Any, times: Mapping[Any, float], failures: Mapping[Any, str]) -> Row:
    name, size, function = key
    rounds = sorted({r for tool, _, r in times if tool == OURS})
    seconds = {p: statistics.median([times[OURS, p, r] for r in rounds]) for p in PHASES}
    ratios: dict[tuple[str, str], float | str] = {}
    for phase in PHASES:
        for tool in TOOLS:
            both = [r for r in rounds if (tool, phase, r) in times]
            ratios[phase, tool] = (
                statistics.median([times[tool, phase, r] / times[OURS, phase, r] for r in both])
                if both
                else _why(failures.get((tool, name, size), ""))
            )
    return Row(name, function, size, seconds, ratios)


def _why(failure: str) -> str:
    if "no such eval" in failure:
        return "no such eval"
    return "too long" if "took more than" in failure else "failed" if failure else "not run"


def table(some: Sequence[Row]) -> str:
    lines = [
        "| eval | function | ours, first | then | "
        + " | ".join(f"{t}, first | then" for t in TOOLS)
        + " |",
        "|---|---|" + "---:|" * (2 + 2 * len(TOOLS)),
    ]
    for row in some:
        cells = [row.eval, row.function, *[duration(row.seconds[p]) for p in PHASES]]
        cells += [ratio(row.ratios[phase, tool]) for tool in TOOLS for phase in PHASES]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def duration(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def ratio(number: float | str) -> str:
    if isinstance(number, str):
        return number
    text = f"{number:.2f}" if number < 10 else f"{number:,.0f}"
    return f"**{text}**" if number * AHEAD < 1.0 else text


def behind(some: Sequence[Row]) -> Iterator[str]:
    """A line for each place where a tool is ahead, with the reason."""
    reasons: dict[str, list[str]] = {}
    for row in some:
        for (phase, tool), number in row.ratios.items():
            if isinstance(number, float) and number * AHEAD < 1.0:
                place = f"{row.eval} {row.function} {row.size}, {WORDS[phase]}, {tool} "
                place += ratio(number).strip("*")
                reasons.setdefault(reason(row, phase, tool), []).append(place)
    for text, places in reasons.items():
        yield f"- {text} ({'; '.join(places)})"


def reason(row: Row, phase: str, tool: str) -> str:
    place = (row.eval, row.function, row.size, phase, tool)
    for *patterns, text in REASONS:
        if all(map(fnmatchcase, place, patterns)):
            return text
    return NO_REASON


def summary(some: Sequence[Row]) -> str:
    """How many places are ahead of JAX and PyTorch, and within twice C++."""
    lines = []
    for tool in TOOLS[:2]:
        for phase in PHASES:
            known = [r.ratios[phase, tool] for r in some]
            numbers = [n for n in known if isinstance(n, float)]
            ahead = sum(n >= 1.0 for n in numbers)
            lines.append(f"- ahead of {tool}, {WORDS[phase]}: {ahead} of {len(numbers)}")
    numbers_of: dict[str, list[float]] = {}
    for row in some:
        number = row.ratios["steady", "C++"]
        if isinstance(number, float):
            numbers_of.setdefault(row.eval, []).append(number)
    close = {name for name, numbers in numbers_of.items() if min(numbers) * WITHIN >= 1.0}
    count = sum(n * WITHIN >= 1.0 for numbers in numbers_of.values() for n in numbers)
    total = sum(map(len, numbers_of.values()))
    lines.append(
        f"- within {WITHIN:g}x of the hand-written C++, then: {count} of {total}; with all "
        f"of their functions and sizes {len(close)} of {len(numbers_of)} evals: "
        + (", ".join(sorted(close)) or "none")
    )
    return "\n".join(lines)


def verdicts(sessions: Sequence[Mapping[str, Any]]) -> tuple[int, int, str]:
    """How many of our answers are valid, of how many, and who gave others."""
    ours = [row["valid"] for s in sessions if s["tool"] == OURS for row in s["rows"]]
    wrong = sorted(
        {s["tool"] for s in sessions for row in s["rows"] if row["valid"] is False} - {OURS}
    )
    return (
        ours.count(True),
        len(ours),
        f"; invalid ones came from {', '.join(wrong)}" if wrong else "",
    )


def page(data: Mapping[str, Any]) -> str:
    """The whole page."""
    some = rows(data["sessions"])
    tables = ""
    for size in ("small", "medium"):
        chosen = [row for row in some if row.size == size]
        if chosen:
            tables += f"## {size.capitalize()}\n\n{table(chosen)}\n"
            tables += (
                "Sizes: "
                + ", ".join(
                    f"{name} `{words[size]}`"
                    for name, words in data["sizes"].items()
                    if words.get(size)
                )
                + ".\n\n"
            )
    valid, count, others = verdicts(data["sessions"])
    machine = data["machine"]
    return TEXT.format(
        rounds=data["rounds"],
        seconds=data["seconds"],
        limit=data["limit"],
        ahead=AHEAD,
        machine=f"{machine['CPU']}, Python {machine['Python'].split()[-1]}, JAX {machine['jax']}, "
        f"torch {machine['torch']}, {machine['C compiler']}; {data['load']}.",
        valid=valid,
        all=count,
        others=others,
        tables=tables,
        behind="\n".join(behind(some)) or "Nowhere.",
        summary=summary(some),
    )
