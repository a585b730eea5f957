"""All that was measured as plain data: what RESULTS.json holds, and tables and plots read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.model import Contestant
from benchmarks.rounds import Case, Entry, Plan, Table
from benchmarks.summary import ratios, spread

FORMAT = 1
Data = dict[str, Any]


def record(tables: list[Table], plan: Plan, facts: dict[str, str], command: str) -> Data:
    """The whole run."""
    return {
        "format": FORMAT,
        "command": command,
        "quick": plan.quick,
        "rounds": plan.rounds,
        "machine": facts,
        "workloads": [workload(table) for table in tables],
    }


def read(path: str) -> Data:
    """What a run left in a file.

    Raises: ValueError where the file holds no results.
    """
    try:
        data: Data = json.loads(Path(path).read_text(encoding="utf-8"))
        known = data["format"] == FORMAT and bool(data["workloads"])
    except (OSError, ValueError, TypeError, KeyError):
        known = False
    if not known:
        raise ValueError(f"{path} holds no results of these benchmarks")
    return data


def join(runs: Iterable[Data]) -> Data:
    """Several runs on one machine as one; a workload that was measured twice is the later one's.

    Raises: ValueError where the machines, or what is installed on them, are not the same.
    """
    first, *others = runs
    joined, commands = dict(first), [first["command"]]
    found = {each["name"]: each for each in first["workloads"]}
    for run in others:
        for setting in ("machine", "quick"):
            if run[setting] != first[setting]:
                raise ValueError(f"the results to join differ in {setting}: {run[setting]!r:.60}")
        found |= {each["name"]: each for each in run["workloads"]}
        commands.append(run["command"])
        joined["rounds"] = max(joined["rounds"], run["rounds"])
    joined["workloads"] = list(found.values())
    joined["command"] = "; ".join(dict.fromkeys(commands))
    return joined


def workload(table: Table) -> Data:
    about = table.workload
    return {
        "name": about.name,
        "title": about.title,
        "about": about.about,
        "unit": about.unit,
        "size_name": about.size_name,
        "transposed": about.transposed,
        "cases": [
            {"size": each.size, "contestants": [contestant(each, entry) for entry in each.entries]}
            for each in table.cases
        ],
    }


def contestant(case: Case, entry: Entry) -> Data:
    """One line: who, how, and what came of it."""
    who: Contestant = entry.contestant
    line: Data = {
        "name": who.name,
        "collector": who.collector,
        "work": who.work,
        "tolerance": who.tolerance,
        "status": entry.status,
        "reason": entry.reason,
    }
    if entry.status != "measured":
        return line
    totals = entry.totals()
    line["ns"] = spread(list(totals.values()))._asdict()
    line["by_round"] = totals
    line["phases"] = {
        phase: spread([phases[phase] for phases in entry.times.values()])._asdict()
        for phase in next(iter(entry.times.values()))
        if phase != "all"
    }
    line["bytes_per_node"] = entry.bytes
    line["peak_bytes"] = entry.peak
    reference = reference_of(case, who.collector)
    if reference is not None:
        found = ratios(totals, reference.totals())
        line["ratio"] = {"to": reference.contestant.name, **spread(found)._asdict()}
    return line


def reference_of(case: Case, collector: str) -> Entry | None:
    """The first contestant of the table that is there, with this collector setting.

    None where it was not measured: at that size there is nothing to compare with.
    """
    there = [entry for entry in case.entries if entry.status != "skipped"]
    for entry in there:
        same = entry.contestant.name == there[0].contestant.name
        if same and entry.contestant.collector == collector and entry.status == "measured":
            return entry
    return None


def find(data: Data, name: str, size: Any, who: str, collector: str = "on") -> Data | None:
    """A measured line; None where there is none."""
    for work in data["workloads"]:
        if work["name"] != name:
            continue
        for case in work["cases"]:
            if case["size"] != size:
                continue
            for line in case["contestants"]:
                measured = line["status"] == "measured"
                if measured and (line["name"], line["collector"]) == (who, collector):
                    found: Data = line
                    return found
    return None


def sizes(data: Data, name: str) -> list[Any]:
    """The sizes that were measured of a workload."""
    return [
        case["size"] for work in data["workloads"] if work["name"] == name for case in work["cases"]
    ]
