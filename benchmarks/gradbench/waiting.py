"""GradBench's JAX tool, with clocks that wait for results: `python -m benchmarks.gradbench.waiting
SCRIPT`. A function that JAX has compiled returns at once, before its numbers are there, and the
tool stops its clock then, so its own timings say how soon work is handed over."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Callable
from typing import Any


def waits(decorator_of: Callable[..., Any]) -> Callable[..., Any]:
    """The same maker of decorators, for functions whose results are there when they return."""
    import jax

    def maker(**options: Any) -> Callable[..., Any]:
        decorator = decorator_of(**options)
        return lambda function: decorator(lambda given: jax.block_until_ready(function(given)))

    return maker


def main() -> None:
    from gradbench import wrap

    wrap.function, wrap.multiple_runs = waits(wrap.function), waits(wrap.multiple_runs)
    del sys.argv[0]
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
