"""A page: the machine, the targets, a pair of tables for each workload."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.results import Data
from benchmarks.targets import Verdict

Grid = list[list[str]]


def markdown(
    data: Data,
    plots: list[str],
    title: str = "Results",
    subject: str = "compiled core",
    verdicts: Sequence[Verdict] = (),
    more: str = "",
) -> str:
    """The whole page."""
    parts = [f"# {title}", _opening(data), "## Where", _facts(data["machine"])]
    if verdicts:
        parts += ["## Targets", _targets(subject, verdicts)]
    if more:
        parts.append(more)
    for workload in data["workloads"]:
        if workload.get("transposed"):
            parts.append(_by_size(workload))
            continue
        parts.append(_workload(workload, [p for p in plots if _belongs(p, workload["name"])]))
    return "\n\n".join(parts) + "\n"


def _opening(data: Data) -> str:
    kind = (
        "**A quick run, of tiny sizes: it shows that the benchmarks work; its times mean "
        "nothing.**\n\n"
        if data["quick"]
        else ""
    )
    return (
        f"{kind}Measured by `{data['command']}`, written by it, not edited. Contestants run in "
        f"processes of their own, interleaved in up to {data['rounds']} rounds; before anything "
        "is timed, the values and gradients of all are compared (relative tolerance 1e-9 unless "
        "a row says otherwise). Times are medians over the rounds, with quartiles (below four "
        "rounds: least and greatest) in brackets. A ratio is the median of the ratios of each "
        "round, and both sides of it have the same setting of Python's cyclic garbage collector: "
        'that of the column "collector". On a shared machine trust the ratios, not the times.'
    )


def _facts(machine: dict[str, str]) -> str:
    return table(["what", "is"], [[name, value] for name, value in machine.items()])


def _targets(subject: str, verdicts: Sequence[Verdict]) -> str:
    rows = [
        [
            v.target,
            v.found or "not measured",
            {True: "met", False: "**not met**", None: "not measured"}[v.met],
        ]
        for v in verdicts
    ]
    return table([f"target ({subject})", "measured", ""], rows)


def _workload(workload: Data, plots: list[str]) -> str:
    name, cases = workload["name"], workload["cases"]
    heads = [f"{size_text(case['size'])}" for case in cases]
    lines = _lines(cases)
    times = [
        [who, collector, work, *[_time(line) for line in row]]
        for (who, collector, work), row in lines
    ]
    parts = [
        f"## {workload['title']}",
        workload["about"],
        f"Repeat it with `python -m benchmarks --only {name} --out DIR`.",
        *[f"![{workload['title']}]({plot})" for plot in plots],
        f"Time per {workload['unit']}, by {workload['size_name']}:",
        table(["contestant", "collector", "each time it", *heads], times),
    ]
    reference = next(
        (line["ratio"]["to"] for case in cases for line in case["contestants"] if "ratio" in line),
        None,
    )
    if reference:
        rows = [
            [who, collector, *[_ratio(line) for line in row]]
            for (who, collector, _), row in lines
            if any("ratio" in line for line in row)
        ]
        parts += [
            f"Times as long as {reference} with the same collector setting:",
            table(["contestant", "collector", *heads], rows),
        ]
    parts += _phases(lines, heads)
    parts += _peaks(lines, heads)
    reasons = _reasons(workload)
    if reasons:
        parts.append("\n".join(reasons))
    return "\n\n".join(parts)


def _by_size(workload: Data) -> str:
    """A table with a line for each size: medians, and how many times as long as the first."""
    cases = workload["cases"]
    taking_part = [
        i
        for i, line in enumerate(cases[0]["contestants"])
        if any(case["contestants"][i]["status"] != "skipped" for case in cases)
    ]
    heads = [cases[0]["contestants"][i]["name"] for i in taking_part]
    rows = [
        [size_text(case["size"]), *[_short(case["contestants"][i]) for i in taking_part]]
        for case in cases
    ]
    parts = [
        f"## {workload['title']}",
        workload["about"],
        f"Repeat it with `python -m benchmarks --only {workload['name']} --out DIR`.",
        f"Median per {workload['unit']} and, in brackets, times as long as {heads[0]} (quartiles "
        "are in the file of numbers):",
        table([workload["size_name"], *heads], rows),
        "\n".join(_reasons(workload)),
    ]
    return "\n\n".join(filter(None, parts))


def _short(line: Data) -> str:
    if line["status"] != "measured":
        return "" if line["status"] in ("left out", "skipped") else line["status"]
    factor, unit = scale_of(line["ns"]["median"])
    ratio = f" ({digits(line['ratio']['median'])}x)" if "ratio" in line else ""
    return f"{digits(line['ns']['median'] / factor)} {unit}{ratio}"


def _lines(cases: list[Data]) -> list[tuple[tuple[str, str, str], list[Data]]]:
    """The rows of a table: who, and a line for each size."""
    return [
        (
            (line["name"], line["collector"], line["work"]),
            [case["contestants"][i] for case in cases],
        )
        for i, line in enumerate(cases[0]["contestants"])
        if any(case["contestants"][i]["status"] != "skipped" for case in cases)
    ]


def _time(line: Data) -> str:
    if line["status"] != "measured":
        return str(line["status"])
    ns = line["ns"]
    factor, unit = scale_of(ns["median"])
    low, high = digits(ns["low"] / factor), digits(ns["high"] / factor)
    return f"{digits(ns['median'] / factor)} {unit} ({low} to {high})"


def _ratio(line: Data) -> str:
    if "ratio" not in line:
        return "" if line["status"] == "measured" else line["status"]
    r = line["ratio"]
    return f"{digits(r['median'])} ({digits(r['low'])} to {digits(r['high'])})"


def _phases(lines: list[tuple[tuple[str, str, str], list[Data]]], heads: list[str]) -> list[str]:
    """The parts of the time, and the bytes, where they were measured."""
    rows, names = [], ""
    for (who, collector, _), row in lines:
        if not any(line.get("phases") for line in row):
            continue
        names = " + ".join(next(line["phases"] for line in row if line.get("phases")))
        weighed = next((line["bytes_per_node"] for line in row if line.get("bytes_per_node")), None)
        rows.append([who, collector, *map(_parts, row), digits(weighed) if weighed else ""])
    if not rows:
        return []
    if not any(row[-1] for row in rows):
        rows = [row[:-1] for row in rows]
        return [f"Of that, {names}:", table(["contestant", "collector", *heads], rows)]
    return [
        f"Of that, {names}; and the bytes that a node takes:",
        table(["contestant", "collector", *heads, "bytes"], rows),
    ]


def _peaks(lines: list[tuple[tuple[str, str, str], list[Data]]], heads: list[str]) -> list[str]:
    """The memory of one run, where it was measured."""
    rows = [
        [who, collector, *map(_mebibytes, row)]
        for (who, collector, _), row in lines
        if any(line.get("peak_bytes") for line in row)
    ]
    return ["Memory, MiB:", table(["contestant", "collector", *heads], rows)] if rows else []


def _mebibytes(line: Data) -> str:
    if line["status"] != "measured":
        return str(line["status"])
    return digits(line["peak_bytes"] / 2**20) if line.get("peak_bytes") is not None else ""


def _parts(line: Data) -> str:
    if not line.get("phases"):
        return str(line["status"])
    factor, unit = scale_of(line["ns"]["median"])
    return " + ".join(digits(p["median"] / factor) for p in line["phases"].values()) + f" {unit}"


def _reasons(workload: Data) -> list[str]:
    """Why a cell holds no time, each reason once."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for case in workload["cases"]:
        for line in case["contestants"]:
            if line["status"] != "measured":
                key = (line["name"], line["status"], line["reason"])
                sizes = found.setdefault(key, [])
                if size_text(case["size"]) not in sizes:
                    sizes.append(size_text(case["size"]))
    everywhere = len(workload["cases"])
    return [
        f"- {name}: {status}{'' if len(sizes) == everywhere else ' at ' + ', '.join(sizes)}: "
        f"{reason}"
        for (name, status, reason), sizes in found.items()
    ]


def _belongs(plot: str, name: str) -> bool:
    return plot.rsplit("/", 1)[-1].startswith(name)


def table(heads: list[str], rows: Grid) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def size_text(size: Any) -> str:
    return f"{size:,}" if isinstance(size, int) else str(size)


def scale_of(ns: float) -> tuple[float, str]:
    """What nanoseconds are best shown in."""
    for factor, unit in ((1e9, "s"), (1e6, "ms"), (1e3, "µs")):
        if ns >= factor:
            return factor, unit
    return 1.0, "ns"


def digits(x: float) -> str:
    """Three significant digits, without an exponent."""
    if x >= 100:
        return f"{x:,.0f}"
    return f"{x:.3g}" if x >= 0.001 else f"{x:.1g}"
