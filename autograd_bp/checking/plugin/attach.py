"""The result of a gradient assertion, added to pytest's report of the test."""

from __future__ import annotations

from typing import Any

import pytest
from _pytest._code.code import ExceptionRepr

from autograd_bp.checking.plugin.records import record
from autograd_bp.checking.plugin.tidy import put_first

__all__ = ["attach"]

TITLE = "where the gradient comes from"


def attach(item: pytest.Item, report: pytest.TestReport, reports: list[Any], failure: Any) -> None:
    """Add to a test's report: the subgraph of a failure, records for files, a picture for
    pytest-html.

    Arguments:
        item: the test.
        report: pytest's, of one phase of it.
        reports: those of its gradient assertions, in order.
        failure: the report of the error that ended the test, or None.
    """
    if failure is not None and not any(gradient is failure for gradient in reports):
        reports.append(failure)
    options = item.config.option
    coverage = bool(options.gradient_coverage or options.gradient_report)
    in_page = _writes_page(item.config)
    entries = []
    for gradient in reports:
        has_failed = gradient is failure and report.failed
        if not has_failed and not coverage:
            continue
        picture = has_failed and bool(options.gradient_report or in_page)
        entry = record(gradient, picture=picture, coverage=coverage)
        entry |= {"test": report.nodeid, "when": report.when, "failed": has_failed}
        entries.append(entry)
        if has_failed:
            put_first(report, gradient)
            _explain(report, entry)
            if in_page:
                _show(report, entry)
    if coverage and entries:
        report.gradient_checks = entries  # type: ignore[attr-defined]


def _writes_page(config: pytest.Config) -> bool:
    """Whether pytest-html writes a page of this run."""
    return bool(getattr(config.option, "htmlpath", None)) and config.pluginmanager.hasplugin("html")


def _explain(report: pytest.TestReport, entry: dict[str, Any]) -> None:
    text = entry.get("subgraph", "")
    if not text:
        return
    if isinstance(report.longrepr, ExceptionRepr):
        report.longrepr.addsection(TITLE, text)
    else:
        report.sections.append((TITLE, text))


def _show(report: pytest.TestReport, entry: dict[str, Any]) -> None:
    from pytest_html import extras

    from autograd_bp.checking.plugin import page

    content = extras.html(page.fragment(entry))
    report.extras = [*getattr(report, "extras", []), content]  # type: ignore[attr-defined]
