"""The report of `prove`: a row for every number that is derived twice, printed as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["INDICES", "Proof", "Row"]

_MAX_PRINTED_ROWS = 40  # a report of more rows prints only those that differ most
_EXCERPT_ROWS = 10
INDICES = "[layer, neuron], and [layer, neuron, input] for Δw; input 0 is the bias weight"
"""What the indices in reports mean; all of them count from 1."""


class Row(NamedTuple):
    """One number, derived twice.

    Attributes:
        kind: "y" for an output, "γ", or "Δw".
        layer, neuron: where, counted from 1.
        weight: which weight of the neuron, 0 being the bias; None for y and γ.
        by_hand: what the hand-derived formula gives.
        autodiff: what the graph and its sweep give.
        ulps: their difference in units in the last place; unfolded, in those of the numbers
            that went in (see nn/rounding.py).
        row: of several rows or steps in time, of which one; None for Δw and for a single row.
    """

    kind: str
    layer: int
    neuron: int
    weight: int | None
    by_hand: float
    autodiff: float
    ulps: float
    row: int | None = None

    @property
    def name(self) -> str:
        """γ[2,1] is of neuron 1 in layer 2, Δw[2,1,0] of its bias weight; γ[2,1]@3 is in row 3."""
        weight = "" if self.weight is None else f",{self.weight}"
        row = "" if self.row is None else f"@{self.row}"
        return f"{self.kind}[{self.layer},{self.neuron}{weight}]{row}"


@dataclass(frozen=True)
class Proof:
    """The report of `prove`.

    Attributes:
        rows: one for every output y (first layer first), then for every γ and Δw (last layer
            first): the order in which they are derived.
        sizes: those of the network.
        rate: δ.
        tolerance: how many ulps a row may differ by.
        unfolded: whether composites were replaced by their definitions.
    """

    rows: tuple[Row, ...]
    sizes: tuple[int, ...]
    rate: float
    tolerance: float
    unfolded: bool

    @property
    def ok(self) -> bool:
        """True when no row differs by more than the tolerance."""
        return not self.wrong

    @property
    def wrong(self) -> tuple[Row, ...]:
        """The rows that differ by more than the tolerance, first derived first."""
        return tuple(row for row in self.rows if not row.ulps <= self.tolerance)

    @property
    def max_ulps(self) -> float:
        """The largest difference."""
        return max(row.ulps for row in self.rows)

    @property
    def vacuous(self) -> bool:
        """True when every γ is 0, as for outputs that are right or saturated: 0 = 0 says
        little, so choose another example.
        """
        return not any(row.by_hand or row.autodiff for row in self.rows if row.kind == "γ")

    def count(self, kind: str) -> int:
        """How many rows of that kind ("y", "γ" or "Δw") there are."""
        return sum(row.kind == kind for row in self.rows)

    def table(self, *, full: bool = False) -> str:
        """The report as text.

        Arguments:
            full: print every row, also where there are more than 40; otherwise those that
                differ most stand for all.
        """
        shown = self.rows
        note = ""
        if len(shown) > _MAX_PRINTED_ROWS and not full:
            shown = tuple(
                sorted(shown, key=lambda row: (-row.ulps, row.kind != "γ"))[:_EXCERPT_ROWS]
            )
            note = f"the {_EXCERPT_ROWS} of {len(self.rows)} rows that differ most:"
        cells = [("", "by hand", "autodiff", "ulps")]
        for row in shown:
            by_hand, autodiff = row.by_hand + 0.0, row.autodiff + 0.0  # -0.0 is printed as 0
            cells.append((row.name, f"{by_hand:.17g}", f"{autodiff:.17g}", f"{row.ulps:.3g}"))
        name, *numbers = (max(map(len, column)) for column in zip(*cells, strict=True))
        lines = [
            "  ".join([a.ljust(name), *(c.rjust(n) for c, n in zip(rest, numbers, strict=True))])
            for a, *rest in cells
        ]
        title = f"Derived by hand and by autodiff: {'-'.join(map(str, self.sizes))} network, "
        title += f"δ = {self.rate:g}" + (", composites unfolded" if self.unfolded else "")
        return "\n".join([title, INDICES, *([note] if note else []), *lines, self.verdict()])

    def verdict(self) -> str:
        """The last line: proved or not, how closely, and where it fails first."""
        counts = f"{self.count('y')} y, {self.count('γ')} γ, {self.count('Δw')} Δw"
        limit = f"{self.max_ulps:.3g} ulps (limit {self.tolerance:g})"
        if self.ok:
            remark = "; every γ is 0 here, choose another example" if self.vacuous else ""
            return f"proved: {counts} agree, largest difference {limit}{remark}"
        first = self.wrong[0]
        return (
            f"NOT PROVED: {len(self.wrong)} of {len(self.rows)} numbers differ, by up to "
            f"{limit}; first in neuron {first.neuron} of layer {first.layer}: {first.name} is "
            f"{first.by_hand!r} by hand, {first.autodiff!r} by autodiff"
        )

    def __str__(self) -> str:
        return self.table()
