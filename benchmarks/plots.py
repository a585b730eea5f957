"""Pictures of cost against size, and of ratios."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import files
from benchmarks.model import INTERPRETED, OURS
from benchmarks.report import digits, scale_of
from benchmarks.results import Data

COLOURS = {
    OURS: "#d6336c",
    INTERPRETED: "#f29bb7",
    "micrograd": "#1c7ed6",
    "microgpt-style Value": "#0ca678",
    "xad": "#7048e8",
    "autograd": "#868e96",
    "torch": "#e8590c",
    "jax": "#b08900",
    "casadi": "#5c940d",
    "ddx-ad": "#0b7285",
    "C": "#212529",
    "Python floats": "#adb5bd",
    "NumPy": "#4263eb",
}
INK, GRID = "#343a40", "#dee2e6"


def draw(data: Data, folder: Path, say: Callable[[str], None]) -> list[Path]:
    """Draw what the data has; returns the files. Without matplotlib there are none."""
    if importlib.util.find_spec("matplotlib") is None:
        say("matplotlib is not installed: no plots (pip install matplotlib)")
        return []
    paths = []
    for workload in data["workloads"]:
        numeric = len(workload["cases"]) > 1 and all(
            isinstance(case["size"], int) for case in workload["cases"]
        )
        figure = lines(workload) if numeric else bars(workload)
        if figure is None:
            continue
        path = folder / f"{workload['name']}.png"
        image = io.BytesIO()
        figure.savefig(image, format="png", dpi=144)
        files.write(path, image.getvalue())
        paths.append(path)
    return paths


def colour(name: str) -> str:
    """A contestant's colour: that of the longest known name it starts with."""
    known = [each for each in COLOURS if name.startswith(each)]
    return COLOURS[max(known, key=len)] if known else INK


def style(name: str, collector: str) -> dict[str, Any]:
    """Colour for who, line for which variant, a hollow mark for the collector off."""
    extra = name.endswith((", nn", ", dot", ", nn.Neuron", "by hand", "once"))
    return {
        "color": colour(name),
        "linestyle": (0, (4, 2)) if extra else "-",
        "marker": "s" if extra else "o",
        "markersize": 5,
        "markerfacecolor": "white" if collector == "off" else colour(name),
        "linewidth": 2.2 if name.startswith(OURS) and "interpreted" not in name else 1.4,
        "alpha": 0.75 if collector == "off" else 1.0,
    }


def figure_of(width: float, height: float, title: str, subtitle: str) -> tuple[Any, Any]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.set_title(f"{title}\n", loc="left", fontsize=13, fontweight="bold", color=INK)
    axes.text(0, 1.02, subtitle, transform=axes.transAxes, fontsize=9, color="#868e96")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, which="major", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, which="both")
    return figure, axes


def lines(workload: Data) -> Any:
    """Time against size, both logarithmic; the quartiles as a band."""
    series = _series(workload)
    if not series:
        return None
    figure, axes = figure_of(10, 6, workload["title"], _subtitle(workload))
    for (name, collector), points in series:
        x = [size for size, _ in points]
        middle = [line["ns"]["median"] for _, line in points]
        axes.plot(x, middle, label=_label(name, collector), **style(name, collector))
        axes.fill_between(
            x,
            [line["ns"]["low"] for _, line in points],
            [line["ns"]["high"] for _, line in points],
            color=colour(name),
            alpha=0.12,
            linewidth=0,
        )
    axes.set_xscale("log")
    axes.set_yscale("log")
    sizes = [case["size"] for case in workload["cases"]]
    axes.set_xticks(sizes, [_short(size) if min(sizes) >= 1000 else f"{size:,}" for size in sizes])
    axes.set_xticks([], minor=True)
    axes.yaxis.set_major_formatter(lambda ns, _: duration(ns))
    axes.set_xlabel(workload["size_name"], color=INK)
    handles, labels = axes.get_legend_handles_labels()
    order = sorted(range(len(labels)), key=lambda i: -series[i][1][-1][1]["ns"]["median"])
    axes.legend(
        [handles[i] for i in order],
        [labels[i] for i in order],
        fontsize=8,
        frameon=False,
        loc="center left",
        bbox_to_anchor=(1.0, 0.5),
    )
    return figure


def bars(workload: Data) -> Any:
    """Ratios to the reference, a panel of bars for the last size."""
    case = workload["cases"][-1]
    found = [line for line in case["contestants"] if "ratio" in line]
    if not found:
        return None
    reference = found[0]["ratio"]["to"]
    found = [line for line in found if (line["name"], line["collector"]) != (reference, "off")]
    found.sort(key=lambda line: line["ratio"]["median"])
    figure, axes = figure_of(
        10,
        1.6 + 0.32 * len(found),
        workload["title"],
        f"{workload['size_name']}: {case['size']}. Times as long as {reference} with the same "
        f"collector setting, and the time per {workload['unit']}",
    )
    for i, line in enumerate(found):
        ratio = line["ratio"]
        off = line["collector"] == "off"
        slower = ratio["median"] >= 1
        axes.barh(
            i,
            ratio["median"] - 1,
            left=1,
            height=0.68,
            color=colour(line["name"]),
            alpha=0.55 if off else 1.0,
        )
        axes.plot([ratio["low"], ratio["high"]], [i, i], color=INK, linewidth=1.2)
        axes.annotate(
            f"{digits(ratio['median'])}x  ({_time(line)})",
            (ratio["high" if slower else "low"], i),
            xytext=(6 if slower else -6, 0),
            textcoords="offset points",
            va="center",
            ha="left" if slower else "right",
            fontsize=8.5,
            color=INK,
        )
    axes.set_yticks(
        range(len(found)), [_label(line["name"], line["collector"]) for line in found], fontsize=9
    )
    axes.set_xscale("log")
    axes.axvline(1, color=INK, linewidth=1)
    least = min(line["ratio"]["low"] for line in found)
    greatest = max(line["ratio"]["high"] for line in found)
    room = (max(greatest, 1) / min(least, 1)) ** 0.3  # for the numbers beside the bars
    axes.set_xlim(min(least, 1) / (room if least < 1 else 1.5), max(greatest, 1) * room)
    axes.xaxis.set_major_formatter(lambda x, _: f"{x:,g}x")
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(-0.6, len(found) - 0.4)
    axes.grid(visible=False, axis="y")
    return figure


def _time(line: Data) -> str:
    factor, unit = scale_of(line["ns"]["median"])
    return f"{digits(line['ns']['median'] / factor)} {unit}"


def _series(workload: Data) -> list[tuple[tuple[str, str], list[tuple[int, Data]]]]:
    """Who, and the points that were measured."""
    found: dict[tuple[str, str], list[tuple[int, Data]]] = {}
    for case in workload["cases"]:
        for line in case["contestants"]:
            ours_twice = line["name"].startswith(OURS) and line["collector"] == "off"
            if line["status"] == "measured" and not ours_twice:  # the setting is nothing to ours
                found.setdefault((line["name"], line["collector"]), []).append((case["size"], line))
    return list(found.items())


def _subtitle(workload: Data) -> str:
    return f"time per {workload['unit']}, median of the rounds; band: quartiles"


def _label(name: str, collector: str) -> str:
    return f"{name}, collector off" if collector == "off" else name


def _short(size: int) -> str:
    power = len(str(size)) - 1
    return f"$10^{power}$" if size == 10**power else f"{size:,}"


def duration(ns: float) -> str:
    for factor, unit in ((1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1.0, "ns")):
        if ns >= factor:
            return f"{ns / factor:g} {unit}"
    return f"{ns:g} ns"
