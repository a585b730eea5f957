"""Run the tests of the engine under Pyodide: Python in WebAssembly, which has no compiled core.

    python tools/in_pyodide.py                          all of tests/engine
    python tools/in_pyodide.py tests/engine/test_sweep.py -k leaf

Pyodide runs under node, without NumPy. It comes from npm, and pytest with Hypothesis from PyPI,
into build/pyodide, once. Where node is missing or nothing can be downloaded, this says so and the
exit code is 0. What Pyodide cannot do (processes, threads, an event loop inside a function) is
skipped.

This file is also the plugin of pytest that skips it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "pyodide"
PYODIDE = "pyodide@314.0.7"
# Later versions of Hypothesis have compiled parts.
PACKAGES = ("pytest==9.2.0", "hypothesis==6.140.0", "mpmath==1.3.0")
CANNOT = (
    "emscripten does not support processes",
    "can't start new thread",
    "module 'signal' has no attribute 'setitimer'",
    "WebAssembly stack switching not supported",
    "No module named 'numpy'",
    "needs NumPy",
)
# The page has the errors of another C library.
ELSEWHERE = ("test_the_worst_points_are_as_bad_as_the_data_say",)


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = list(sys.argv[1:] if arguments is None else arguments)
    missing = [name for name in ("node", "npm") if shutil.which(name) is None]
    if missing:
        print(f"pyodide: skipped, there is no {' and no '.join(missing)} here")
        return 0
    if reason := install():
        print(f"pyodide: skipped, {reason}")
        return 0
    if not any(argument.startswith("tests") for argument in chosen):
        chosen.append("tests/engine")
    script = Path(__file__).with_suffix(".mjs")
    command = ["node", str(script), str(FOLDER), str(ROOT), "-q", *chosen]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def install() -> str:
    """Put Pyodide and the packages into the folder. Returns why that failed, or nothing."""
    commands = {
        "node_modules": ["npm", "install", "--no-save", "--prefix", str(FOLDER), PYODIDE],
        "site": [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile",
                 "--disable-pip-version-check", "--target", str(FOLDER / "site"), *PACKAGES],
    }  # fmt: skip
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, command in commands.items():
        if not (FOLDER / name).exists():
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                shutil.rmtree(FOLDER / name, ignore_errors=True)
                return f"{command[0]} cannot install: {done.stderr.strip().splitlines()[-1:]}"
    return ""


# ------------------------------------------------------------------------- the plugin of pytest
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = [item for item in items if item.name not in ELSEWHERE]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Iterator[None]:
    report: Any = yield
    if call.excinfo is not None and any(text in str(call.excinfo.value) for text in CANNOT):
        report.outcome = "skipped"
        report.longrepr = (str(item.path), 0, f"Skipped: {call.excinfo.value}")
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    report: Any = yield
    if report.outcome == "failed" and any(text in str(report.longrepr) for text in CANNOT):
        report.outcome, report.result = "skipped", []
        report.longrepr = (str(collector.path), 0, "Skipped: it needs what Pyodide lacks here")
    return report


if __name__ == "__main__":
    sys.exit(main())
