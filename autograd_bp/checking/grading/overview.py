"""The teacher's overview: all students, the most frequent mistakes, and what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from autograd_bp.checking.grading.results import Result, points_in_words, share
from autograd_bp.checking.grading.style import bar, document, escaped

if TYPE_CHECKING:
    from autograd_bp.checking.grading.grades import Grades

__all__ = ["overview"]

MAX_MISTAKES = 10


def overview(grades: Grades, pages: Sequence[str]) -> str:
    """The overview as one HTML file.

    Arguments:
        grades: all of them.
        pages: the address of each student's page, relative to this one.
    """
    title = grades.reference.title
    body = [
        f"<h1>{escaped(title)}</h1>",
        _tiles(grades),
        _mistakes(grades.mistakes(), len(grades.results)),
        _students(grades.results, pages),
        _asked(grades),
    ]
    return document(title, "\n".join(part for part in body if part))


def _tiles(grades: Grades) -> str:
    results = grades.results
    count = len(results)
    average = sum(result.points for result in results) / max(count, 1)
    out_of = results[0].out_of if results else 0.0
    broken = sum(bool(result.problems) for result in results)
    tiles = [
        (f"{count:,}", "solution" if count == 1 else "solutions", ""),
        (f"{sum(result.ok for result in results):,}", "without a mistake", " good"),
        (f"{broken:,}", "with errors when run", " bad" if broken else ""),
        (f"{points_in_words(average)} of {points_in_words(out_of)}", "points on average", ""),
    ]
    return (
        '<section><div class="tiles" style="margin:0">'
        + "".join(
            f'<div class="tile{kind}"><b>{text}</b><span class="dim">{what}</span></div>'
            for text, what, kind in tiles
        )
        + '</div><p class="small"><a href="grades.csv">grades.csv</a> has the same as a table.</p>'
        "</section>"
    )


def _mistakes(mistakes: Sequence[tuple[str, int]], count: int) -> str:
    if not mistakes:
        return ""
    items = "".join(
        f'<li><div class="line"><span>{escaped(name)}</span><span>{times:,}</span></div>'
        f"{bar(times / max(count, 1), 'bad')}</li>"
        for name, times in mistakes[:MAX_MISTAKES]
    )
    left_out = len(mistakes) - MAX_MISTAKES
    rest = f'<p class="dim small">and {left_out:,} others</p>' if left_out > 0 else ""
    return (
        "<section><h2>The first mistakes, and how often</h2>"
        f'<ol class="list">{items}</ol>{rest}</section>'
    )


def _students(results: Sequence[Result], pages: Sequence[str]) -> str:
    items = "".join(
        f'<li><div class="line"><a href="{escaped(quote(address))}">{escaped(result.name)}</a>'
        f"<span>{points_in_words(result.points)} of {points_in_words(result.out_of)}</span></div>"
        f'{bar(share(result.groups))}<div class="dim small" style="overflow-wrap:anywhere">'
        f"{escaped(result.summary)}</div></li>"
        for result, address in zip(results, pages, strict=True)
    )
    return f'<section><h2>Students</h2><ol class="list">{items}</ol></section>'


def _asked(grades: Grades) -> str:
    reference = grades.reference
    functions = "".join(
        f"<li><code>{escaped(text)}</code></li>" for text in reference.signatures.values()
    )
    points = "".join(
        f'<tr><td class="name">{escaped(name)}</td><td class="r">{points_in_words(value)}</td></tr>'
        for name, value in reference.points.items()
    )
    limits = reference.limits
    libraries = " and ".join(reference.libraries) or "no library but Python's own"
    notes = [note for task in reference.tasks for note in task.notes]
    notes.append(
        f"each solution may use {limits.seconds} s of processor time, {limits.wait:g} s on the "
        f"clock, {limits.memory:,} MB of memory, {limits.output:,} characters of output, and "
        f"{libraries}"
    )
    notes.append(_confinement(grades.results))
    listed = "".join(f"<li>{escaped(note[:1].upper() + note[1:])}.</li>" for note in notes if note)
    return (
        '<details class="card"><summary>The tasks</summary>'
        f"<p>A solution contains:</p><ul>{functions}</ul>"
        f'<table><tr><th>term</th><th class="r">points</th></tr>{points}</table>'
        f'<ul class="small">{listed}</ul></details>'
    )


def _confinement(results: Sequence[Result]) -> str:
    """A sentence where the system did not close files and processes to solutions."""
    means = [set(result.confined) for result in results if result.confined or result.printed]
    if all({"Landlock", "seccomp"} <= names for names in means):
        return ""
    return (
        "files, processes and the network were closed to solutions by Python alone, since this "
        "system has no Landlock or no seccomp: a determined program can get around that"
    )
