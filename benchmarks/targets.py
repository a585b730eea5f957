"""What the compiled core is to reach, compared with what was measured."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from benchmarks.model import OFF, ON, OURS
from benchmarks.results import Data, find, sizes
from benchmarks.summary import ratios, spread

FLAT = 2.0  # the slowest size takes at most so many times as long as the fastest
CHAINS = (10**3, 10**4, 10**5, 10**6, 10**7)
DEMO_WIDTH = 16  # of micrograd's own demo


class Verdict(NamedTuple):
    """One target: what is wanted, what was found, whether that is enough (None: not measured)."""

    target: str
    found: str
    met: bool | None


def verdicts(data: Data) -> list[Verdict]:
    """Every target, in order."""
    return [
        chain_cost(data),
        chain_flatness(data),
        node_size(data),
        product(data),
        dot(data),
        *(
            speed(data, "moons", DEMO_WIDTH, "micrograd", collector, least)
            for collector, least in ((ON, 60), (OFF, 15))
        ),
        *(
            speed(data, "gpt", size, "microgpt-style Value", collector, least)
            for collector, least in ((ON, 20), (OFF, 5))
            for size in (sizes(data, "gpt") or [None])[:1]
        ),
    ]


def _chain(data: Data) -> dict[int, float]:
    """ns per operation recorded and swept, by size; nothing unless every size was measured."""
    lines = {n: find(data, "chains", n, OURS) for n in CHAINS}
    return (
        {
            n: line["phases"]["record"]["median"] + line["phases"]["sweep"]["median"]
            for n, line in lines.items()
            if line is not None
        }
        if all(lines.values())
        else {}
    )


def chain_cost(data: Data) -> Verdict:
    found = _chain(data)
    text = ", ".join(f"{ns:.1f} ns at {n:.0e}".replace("e+0", "e") for n, ns in found.items())
    return _verdict(
        "a chain operation recorded and swept in at most 60 ns, at every size (collector on)",
        text,
        found,
        lambda: max(found.values()) <= 60,
    )


def chain_flatness(data: Data) -> Verdict:
    found = _chain(data)
    spreads = max(found.values()) / min(found.values()) if found else 0.0
    return _verdict(
        f"flat from 1e3 to 1e7 operations: the slowest size within {FLAT:g}x of the fastest",
        f"{spreads:.2f}x" if found else "",
        found,
        lambda: spreads <= FLAT,
    )


def node_size(data: Data) -> Verdict:
    found = [
        line["bytes_per_node"]
        for n in sizes(data, "chains")
        for line in [find(data, "chains", n, OURS)]
        if line and line["bytes_per_node"]
    ]
    text = f"{found[0]:.1f} bytes" if found else ""
    return _verdict(
        "at most 80 bytes per interior node of two parents", text, found, lambda: found[0] <= 80
    )


def product(data: Data) -> Verdict:
    ours, floats = (find(data, "products", "a * b", who) for who in (OURS, "Python floats"))
    wanted = "`a * b` on two Values within 1.5x of `a * b` on two floats (collector on for both)"
    return _ratio(wanted, ours, floats, lambda ratio: ratio <= 1.5)


def dot(data: Data) -> Verdict:
    found = {
        n: line["phases"]["record"]["median"] + line["phases"]["sweep"]["median"]
        for n in (100, 1000)
        for line in [find(data, "dots", n, OURS + ", dot")]
        if line
    }
    text = ", ".join(f"{ns:.1f} ns at {n} pairs" for n, ns in found.items())
    # At 100 the price of the two calls is still in it: that is shown, not judged.
    return _verdict(
        "a dot of 1000 pairs recorded and swept in at most 10 ns per pair (collector on)",
        text,
        found,
        lambda: found.get(1000, math.inf) <= 10,
    )


def speed(data: Data, name: str, size: Any, peer: str, collector: str, least: float) -> Verdict:
    """At least so many times as fast as a peer, both with the same collector setting."""
    setting = "on, as users have it, for both" if collector == ON else "off for both"
    wanted = f"at least {least}x as fast as {peer} on `{name}` (collector {setting})"
    return _ratio(
        wanted,
        find(data, name, size, peer, collector),
        find(data, name, size, OURS, collector),
        lambda ratio: ratio >= least,
    )


def _ratio(
    target: str, over: Data | None, under: Data | None, enough: Callable[[float], bool]
) -> Verdict:
    if over is None or under is None:
        return Verdict(target, "", None)
    middle = spread(ratios(_rounds(over), _rounds(under)))
    text = f"{middle.median:.3g}x ({middle.low:.3g} to {middle.high:.3g})"
    return Verdict(target, text, enough(middle.median))


def _rounds(line: Data) -> dict[int, float]:
    return {int(r): ns for r, ns in line["by_round"].items()}


def _verdict(target: str, text: str, found: Any, enough: Callable[[], bool]) -> Verdict:
    return Verdict(target, text, enough()) if found else Verdict(target, "", None)
