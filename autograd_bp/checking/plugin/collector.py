"""The collector of a run: it gathers the records of all tests, from all workers, and prints or
writes them at the end.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from autograd_bp.checking.plugin import page
from autograd_bp.checking.points.coverage import Coverage
from autograd_bp.errors import OutputError
from autograd_bp.version import __version__

__all__ = ["Collector"]

FORMATS = (".html", ".htm", ".json")
FORMAT_VERSION = 1


class Collector:
    """A plugin that is registered when an option asks for its report.

    Raises: pytest.UsageError when the report cannot be written to the path that was given.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.coverage = Coverage()
        self.records: list[dict[str, Any]] = []
        self._prints = bool(config.getoption("gradient_coverage"))
        self._failure = ""
        self._has_run = False  # False to the end with --collect-only, and without tests
        path = config.getoption("gradient_report")
        self._path = None if path is None else _usable(path, config.invocation_params.dir)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._has_run = True
        for record in getattr(report, "gradient_checks", ()):
            # Only now is it known that a test was expected to fail.
            record["outcome"] = report.outcome
            record["failed"] = record["failed"] and report.outcome == "failed"
            counts = record.pop("coverage", None)
            if counts is not None:
                self.coverage.merge(Coverage.from_data(counts))
            self.records.append(record)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._path is None or not self._has_run:
            return
        from autograd_bp.files import write_atomically

        self.records.sort(key=lambda record: record["test"])  # workers end in any order
        try:
            write_atomically(self._path, self._content(self._path).encode())
        except OutputError as error:
            self._failure = f"--gradient-report: {error}"
            session.exitstatus = pytest.ExitCode.USAGE_ERROR

    def pytest_terminal_summary(self, terminalreporter: Any, config: pytest.Config) -> None:
        if not self._has_run:
            return
        if self._prints:
            terminalreporter.section("gradient coverage")
            width = config.get_terminal_writer().fullwidth
            terminalreporter.write_line(self.coverage.table(width))
        terminalreporter.write_line(page.counts_in_words(self.records))
        if self._failure:
            terminalreporter.write_line(self._failure, red=True)
        elif self._path is not None:
            terminalreporter.write_line(f"gradient report: {self._path}")

    def data(self) -> dict[str, Any]:
        """All records and counts, as the JSON report has them."""
        coverage = self.coverage.as_data() | {
            "totals": {what: list(counts) for what, counts in self.coverage.totals().items()},
            "missing": {name: self.coverage.missing(name) for name in self.coverage.rows},
            "unused": self.coverage.unused,
        }
        return {
            "format": FORMAT_VERSION,
            "autograd_bp": __version__,
            "checks": self.records,
            "coverage": coverage,
        }

    def _content(self, path: Path) -> str:
        if path.suffix.lower() == ".json":
            return json.dumps(self.data(), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        return page.document(self.records, self.coverage)


def _usable(name: str, base: Path) -> Path:
    """The path of the report, checked before the first test runs."""
    path = base / name
    folder = path.parent
    if path.suffix.lower() not in FORMATS:
        complaint = f"a report is {', '.join(FORMATS)}, not {path.name!r:.80}"
    elif path.is_dir():
        complaint = f"{name!r} is a folder: name a file in it"
    elif not folder.is_dir():
        complaint = f"there is no folder {str(folder)!r}: create it, or choose another"
    elif not os.access(folder, os.W_OK):
        complaint = f"the folder {str(folder)!r} cannot be written to: choose another"
    else:
        return path
    raise pytest.UsageError(f"--gradient-report: {complaint}")
