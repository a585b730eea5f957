"""Prices of options by the formula of Black and Scholes (1973), with the four slopes of each.

Memory counts as much as arithmetic: of each row four numbers are read and five written.
"""

# mypy: disable-error-code="import-not-found, import-untyped"
from __future__ import annotations

from typing import Any

from benchmarks import engines
from benchmarks.model import ONCE, OURS, Contestant, Job, Workload
from benchmarks.workloads.calls import COMPILED, NO_CACHE

RATE = 0.03
SHOWN = 5  # rows whose numbers are compared


def rows_of(size: str) -> list[Any]:
    """Spots, strikes, times and volatilities."""
    import numpy as np

    random, rows = np.random.default_rng(1), int(size.split()[0].replace(",", ""))
    bounds = ((80.0, 120.0), (80.0, 120.0), (0.1, 2.0), (0.1, 0.5))
    return [random.uniform(low, high, rows) for low, high in bounds]


def price(math: Any, spot: Any, strike: Any, time: Any, volatility: Any) -> Any:
    """A call, with the functions of some library."""
    spread = volatility * math.sqrt(time)
    drift = (RATE + 0.5 * volatility * volatility) * time
    high = (math.log(spot / strike) + drift) / spread
    low = high - spread
    now = 0.5 * math.erfc(-high / 2.0**0.5)
    later = 0.5 * math.erfc(-low / 2.0**0.5)
    return spot * now - strike * math.exp(-RATE * time) * later


def named(prices: Any, slopes: Any) -> dict[str, float]:
    columns = {f"column {k}": column for k, column in enumerate([prices, *slopes])}
    return {f"{name} of row {k}": float(c[k]) for name, c in columns.items() for k in range(SHOWN)}


def compiled(backend: str, size: str) -> Job:
    import autograd_bp as bp

    def of_row(spot: Any, strike: Any, time: Any, volatility: Any) -> Any:
        return price(bp, spot, strike, time, volatility)

    names = ("spot", "strike", "time", "volatility")
    options: dict[str, Any] = {"rows": names, "wrt": names, "reduce": None, "threads": 1}
    rows, call = rows_of(size), bp.compiled(of_row, backend=backend, **options).value_and_grad
    call(*rows)
    return Job(lambda: call(*rows), lambda: named(*call(*rows)))


def llvm(size: str) -> Job:
    return compiled("llvm", size)


def tape(size: str) -> Job:
    return compiled("tape", size)


def torch(compiling: bool, size: str) -> Job:
    torch = engines.torch()
    rows = [torch.tensor(column) for column in rows_of(size)]

    def of_rows(*columns: Any) -> Any:
        return price(torch, *columns)

    forward = torch.compile(of_rows, dynamic=False) if compiling else of_rows

    def run() -> tuple[Any, Any]:
        leaves = [column.detach().requires_grad_() for column in rows]
        prices = forward(*leaves)
        return prices.detach(), torch.autograd.grad(prices.sum(), leaves)

    run()
    return Job(run, lambda: named(*run()))


def torch_eager(size: str) -> Job:
    return torch(False, size)


def torch_compiled(size: str) -> Job:
    return torch(True, size)


WORKLOAD = Workload(
    name="prices",
    title="Prices of options with their slopes",
    about="The price of each row by the formula of Black and Scholes, and its slopes by spot, "
    "strike, time and volatility: five arrays of results, allocated by each call. One thread.",
    sizes=("10,000 rows", "1,000,000 rows"),
    quick=("50 rows",),
    unit="call",
    size_name="rows",
    contestants=[
        Contestant(OURS + " llvm, arrays", llvm, ONCE, COMPILED, environment=NO_CACHE),
        Contestant(OURS + " tape, arrays", tape, ONCE, COMPILED[:2], environment=NO_CACHE),
        Contestant("torch, eager", torch_eager, ONCE, ("torch",)),
        Contestant("torch, compiled", torch_compiled, ONCE, ("torch", "cc")),
    ],
)
