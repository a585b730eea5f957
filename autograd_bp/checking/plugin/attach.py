"""What a gradient assertion found, put into pytest's report of the test."""

from __future__ import annotations

from typing import Any

import pytest
from _pytest._code.code import ExceptionRepr

from autograd_bp.checking.plugin.records import record

__all__ = ["attach"]

TITLE = "where the gradient comes from"


def attach(item: pytest.Item, report: pytest.TestReport, heard: list[Any], raised: Any) -> None:
    """Add to a test's report: the subgraph of what failed, records for files, a picture for
    pytest-html.

    Arguments:
        item: the test.
        report: pytest's, of one phase of it.
        heard: the reports of its gradient assertions, in order.
        raised: the report of the error that ended it, if that was one.
    """
    if raised is not None and not any(each is raised for each in heard):
        heard.append(raised)
    options = item.config.option
    coverage = bool(options.gradient_coverage or options.gradient_report)
    pages = bool(getattr(options, "htmlpath", None)) and item.config.pluginmanager.hasplugin("html")
    picture = bool(options.gradient_report or pages)
    found = []
    for each in heard:
        failed = each is raised and report.failed
        if not failed and not coverage:
            continue
        made = record(each, picture=failed and picture, coverage=coverage)
        made |= {"test": report.nodeid, "when": report.when, "outcome": report.outcome}
        found.append(made)
        if failed:
            _explain(report, made)
            if pages:
                _show(report, made)
    if coverage and found:
        report.gradient_checks = found  # type: ignore[attr-defined]


def _explain(report: pytest.TestReport, made: dict[str, Any]) -> None:
    text = made.get("subgraph", "")
    if not text:
        return
    if isinstance(report.longrepr, ExceptionRepr):
        report.longrepr.addsection(TITLE, text)
    else:
        report.sections.append((TITLE, text))


def _show(report: pytest.TestReport, made: dict[str, Any]) -> None:
    from pytest_html import extras

    from autograd_bp.checking.plugin import page

    content = extras.html(page.fragment(made))
    report.extras = [*getattr(report, "extras", []), content]  # type: ignore[attr-defined]
