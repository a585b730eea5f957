"""The pytest plugin of autograd_bp: the fixture `gradient`, the marker `gradient`, reports.

pytest imports this module in every run of every suite, wherever autograd_bp is installed. So it
imports nothing but pytest: the work is done by autograd_bp.checking.plugin, which is imported when
a test or an option uses it.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from typing import Any

import pytest

MARKER = (
    "gradient(points, seeds=1, domain=None): run a test that takes the fixture `gradient` at each "
    "of these points, and with each of these seeds; points is a list, or a number of points to "
    "draw from the domain (autograd_bp)"
)

# The reports of gradient assertions since the last phase of a test ended, for each session of this
# process: pytest can run inside pytest.
_reports: list[list[Any]] = []


def hear(report: Any) -> None:
    """Keep a report: every gradient assertion calls this, whether it passes or fails (see
    autograd_bp.checking.gradient.listeners).
    """
    if _reports:
        _reports[-1].append(report)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("autograd_bp", "gradient checks (autograd_bp)")
    group.addoption(
        "--gradient-report",
        metavar="PATH",
        default=None,
        help="write the results of all gradient assertions to PATH.html or PATH.json",
    )
    group.addoption(
        "--gradient-coverage",
        action="store_true",
        help="print which primitives, branches and sides of kinks no gradient assertion exercised",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)
    _reports.append([])
    collects = config.getoption("gradient_report") or config.getoption("gradient_coverage")
    if collects and not hasattr(config, "workerinput"):  # workers of xdist hand their reports on
        from autograd_bp.checking.plugin.collector import Collector

        config.pluginmanager.register(Collector(config), "autograd_bp_collector")


def pytest_unconfigure() -> None:
    if _reports:
        _reports.pop()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marker = metafunc.definition.get_closest_marker("gradient")
    if marker is not None:
        from autograd_bp.checking.plugin.marker import parametrize

        parametrize(metafunc, marker)


@pytest.fixture
def gradient(request: pytest.FixtureRequest) -> Any:
    """Checks of gradients, at the points and with the seeds of the marker `gradient`."""
    from autograd_bp.checking.plugin.fixture import GradientFixture

    return GradientFixture(getattr(request, "param", None))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    if call.excinfo is not None and "autograd_bp.tracebacks" in sys.modules:
        from autograd_bp.checking.plugin.tidy import tidy

        tidy(call)
    report = yield
    pending = _reports[-1] if _reports else []
    failure = getattr(call.excinfo.value, "report", None) if call.excinfo is not None else None
    if pending or (failure is not None and type(failure).__module__.startswith("autograd_bp.")):
        from autograd_bp.checking.plugin.attach import attach

        reports, pending[:] = [*pending], []
        attach(item, report, reports, failure)
    return report
