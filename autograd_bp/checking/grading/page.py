"""The page of one student: the points, the first wrong number, and all numbers."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from autograd_bp.checking.grading.results import (
    Explanation,
    Group,
    Mark,
    Result,
    points_in_words,
    share,
)
from autograd_bp.checking.grading.style import bar, document, escaped
from autograd_bp.notation.numbers import number

__all__ = ["page"]

DIGITS = 7
MAX_WRONG = 60  # numbers that are shown of each example
MAX_RIGHT = 40


def page(result: Result, title: str) -> str:
    """The page as one HTML file.

    Arguments:
        result: of the student; nothing about others is on the page.
        title: of the exercise.
    """
    body = [
        f'<p class="dim">{escaped(title)}</p><h1>{escaped(result.name)}</h1>',
        _score(result),
        _problems(result),
        *_wrong(result),
        _groups(result),
        _remarks(result.remarks),
        _numbers(result.marks),
        _printed(result.printed),
    ]
    return document(f"{result.name}: {title}", "\n".join(part for part in body if part))


def _score(result: Result) -> str:
    points, out_of = points_in_words(result.points), points_in_words(result.out_of)
    right = sum(mark.ok for mark in result.marks)
    kind = "good" if result.ok else "bad"
    sentence = (
        f"All {len(result.marks):,} numbers are right."
        if result.ok
        else f"{right:,} of {len(result.marks):,} numbers are right."
    )
    return (
        f'<section class="{kind}"><div class="score">{points} <small>of {out_of} points</small>'
        f'</div>{bar(share(result.groups))}<p class="dim">{sentence}</p></section>'
    )


def _problems(result: Result) -> str:
    if not result.problems:
        return ""
    sentences = "".join(f"<p>{escaped(_sentence(problem))}</p>" for problem in result.problems)
    lines = "\n".join(escaped(line) for line in result.where)
    code = f'<p class="dim small">Where it happened:</p><pre>{lines}</pre>' if lines else ""
    return f'<section class="bad"><h2>What went wrong</h2>{sentences}{code}</section>'


def _sentence(text: str) -> str:
    """A sentence begins with a capital letter, unless it begins with a name, and ends in a stop."""
    first = text.split(" ", 1)[0]
    start = text if "(" in first or "_" in first else text[:1].upper() + text[1:]
    return start if start.endswith((".", "!", "?", "…")) else f"{start}."


def _wrong(result: Result) -> list[str]:
    """The first wrong number of each task."""
    count = sum(not mark.ok for mark in result.marks)
    titles = ["The first wrong number", *["The first of another task"] * len(result.explanations)]
    return [
        _first_wrong(title, explanation, count)
        for title, explanation in zip(titles, result.explanations, strict=False)
    ]


def _first_wrong(title: str, explanation: Explanation, count: int) -> str:
    mark = explanation.mark
    parts = [
        f"<h2>{title}</h2>"
        f"<p><code>{escaped(mark.term)}</code> "
        f'<span class="dim">at {escaped(mark.place)}</span></p>'
    ]
    yours = "none" if mark.given is None else number(mark.given + 0.0, DIGITS)
    parts.append(
        f'<div class="tiles"><div class="tile bad"><b>{yours}</b><span class="dim">yours</span>'
        f'</div><div class="tile good"><b>{number(mark.right + 0.0, DIGITS)}</b>'
        '<span class="dim">right</span></div></div>'
    )
    if mark.note:
        parts.append(f"<p>{escaped(_sentence(mark.note))}</p>")
    facts = [
        ("The right formula", f"<code>{escaped(explanation.formula)}</code>", explanation.formula),
        (
            "The formula that gives your number",
            f"<code>{escaped(explanation.used)}</code>",
            explanation.used,
        ),
        ("The mistake", _mistake(explanation), explanation.mistake),
    ]
    shown = "".join(f"<dt>{name}</dt><dd>{text}</dd>" for name, text, is_there in facts if is_there)
    if shown:
        parts.append(f"<dl>{shown}</dl>")
    if count > 1:
        parts.append(
            '<p class="dim small">Other numbers may be wrong only because they are computed from '
            "this one, so correct it first.</p>"
        )
    return f'<section class="bad">{"".join(parts)}</section>'


def _mistake(explanation: Explanation) -> str:
    why = f": {escaped(explanation.why)}" if explanation.why else ""
    text = f"<b>{escaped(explanation.mistake)}</b>{why}"
    if explanation.others:
        others = "; ".join(map(escaped, explanation.others))
        text += f'<br><span class="dim small">The same numbers come from: {others}</span>'
    return text


def _groups(result: Result) -> str:
    rows = "".join(
        f'<tr><td class="name">{escaped(group.name)}</td>'
        f'<td class="r">{_right(group)}</td>'
        f'<td class="r nowrap">{points_in_words(group.earned)} of {points_in_words(group.points)}'
        "</td></tr>"
        for group in result.groups
    )
    return (
        '<section><h2>Points</h2><table><tr><th>term</th><th class="r">right</th>'
        f'<th class="r">points</th></tr>{rows}</table></section>'
    )


def _right(group: Group) -> str:
    text = f"{group.right:,} of {group.count:,}"
    return f"{text}, {group.following:,} follow" if group.following else text


def _remarks(remarks: Sequence[str]) -> str:
    if not remarks:
        return ""
    items = "".join(f"<li>{escaped(_sentence(remark))}</li>" for remark in remarks)
    return f"<section><h2>Remarks, which cost no points</h2><ul>{items}</ul></section>"


def _numbers(marks: Sequence[Mark]) -> str:
    """All numbers, by example, wrong ones first."""
    parts = []
    for place, group in itertools.groupby(marks, key=lambda mark: mark.place):
        here = list(group)
        wrong = [mark for mark in here if not mark.ok]
        right = [mark for mark in here if mark.ok]
        shown = [*wrong[:MAX_WRONG], *right[:MAX_RIGHT]]
        left_out = len(here) - len(shown)
        rest = f'<p class="dim small">and {left_out:,} more</p>' if left_out else ""
        state = (
            f'<span class="no">{len(wrong):,} wrong</span>'
            if wrong
            else '<span class="yes">all right</span>'
        )
        parts.append(
            f"<details><summary><b>{escaped(place)}</b> {state}"
            f' <span class="dim">of {len(here):,}</span></summary>'
            '<table><tr><th>term</th><th class="r">yours</th><th class="r">right</th>'
            f'<th class="r"></th></tr>{"".join(map(_row, shown))}</table>{rest}</details>'
        )
    return f"<section><h2>Every number</h2>{''.join(parts)}</section>" if parts else ""


def _row(mark: Mark) -> str:
    yours = "none" if mark.given is None else number(mark.given + 0.0, DIGITS)
    kind, sign = ("yes", "✓") if mark.ok else ("no", "✗")
    if mark.follows:
        sign = "follows"
    return (
        f'<tr><td class="name">{escaped(mark.term)}</td><td class="r {kind}">{yours}</td>'
        f'<td class="r">{number(mark.right + 0.0, DIGITS)}</td>'
        f'<td class="r {kind}">{sign}</td></tr>'
    )


def _printed(printed: str) -> str:
    if not printed.strip():
        return ""
    text = "\n".join(escaped(line) for line in printed.splitlines())
    return f'<details class="card"><summary>What it printed</summary><pre>{text}</pre></details>'
