"""The first gradient of recurrences that people unroll in Python, in eager gradients."""

from __future__ import annotations

from benchmarks.model import FRESH, Workload
from benchmarks.workloads.ready import (
    COMPILED_NAME,
    EAGER_NAME,
    FIRST,
    compiled,
    contestant,
    eager,
)

WORKLOAD = Workload(
    name="unrolled",
    title="From a recurrence that Python unrolled to the first gradient, in eager gradients",
    about="As above, for the recurrences of recurrences.py: polynomials and continued fractions, "
    "tridiagonal systems, Newton's method, a Kalman filter, time series, a hidden Markov model, "
    "the edit distance, an option on a tree, heat in a rod, Cholesky's factorisation, and steps "
    "of Adam; the number says how many steps, points or lines there are.",
    sizes=(
        "horner 1,000",
        "horner 10,000",
        "fraction 10,000",
        "thomas 1,000",
        "thomas 10,000",
        "newton 5,000",
        "kalman 300",
        "garch 10,000",
        "seasons 5,000",
        "hidden 300",
        "distance 50",
        "option 100",
        "heat 100",
        "factors 10",
        "factors 40",
        "adam 100",
    ),
    quick=("horner 20", "kalman 5", "distance 4"),
    unit="gradient",
    size_name="recurrence",
    contestants=[
        contestant(EAGER_NAME, eager, FRESH),
        contestant(COMPILED_NAME, compiled("tape"), FIRST),
    ],
    peak=True,
)
