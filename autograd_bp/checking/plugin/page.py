"""The HTML report: one file, nothing loaded from elsewhere, no scripts.

Names of tests, functions and inputs come from users: all text passes through `escaped`, pictures
are images and not markup, and the page's Content-Security-Policy forbids scripts.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from typing import Any

from autograd_bp.checking.points.coverage import Coverage
from autograd_bp.drawing.output.text import html as escaped
from autograd_bp.notation.numbers import number
from autograd_bp.version import __version__

__all__ = ["document", "fragment"]

Record = dict[str, Any]
MAX_COMPONENTS = 40
_EXPECTED = {
    "passed": " · expected: the test passed",
    "skipped": " · expected: the test is marked xfail",
}
MAX_OPEN_CARDS = 30  # of assertions that passed; more are folded away

_COLUMNS = (
    ("given", "hand-derived"),
    ("autodiff", "autodiff"),
    ("numerical", "numerical"),
    ("precise", "high precision"),
    ("error", "relative error"),
    ("ulps", "ulps"),
    ("tolerance", "tolerance"),
)

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2430; --dim: #5d6876; --line: #dfe4ea; --back: #f6f7f9;
  --card: #fff; --good: #1a7f4b; --bad: #c0362c; --bad-back: #fdeceb; --warn: #9a6700;
  --code: #f6f7f9; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ee; --dim: #97a3b3; --line: #333c48;
  --back: #14181e; --card: #1c222a; --good: #4cc38a; --bad: #ff8b80; --bad-back: #3a2021;
  --warn: #e0b13f; --code: #14181e; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); line-height: 1.5;
  font: 15px/1.5 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 26px; margin: 0 0 2px; } h2 { font-size: 19px; margin: 36px 0 12px; }
.dim { color: var(--dim); } p { margin: 6px 0; overflow-wrap: anywhere; }
.tiles { display: flex; flex-wrap: wrap; gap: 12px; margin: 20px 0 0; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  padding: 10px 16px; min-width: 130px; flex: 1; }
.tile b { display: block; font-size: 22px; font-variant-numeric: tabular-nums; }
.tile i { display: block; height: 4px; border-radius: 2px; background: var(--line);
  margin-top: 6px; }
.tile i u { display: block; height: 4px; border-radius: 2px; background: var(--good); }
details { background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  margin: 8px 0; padding: 0 16px; }
details.bad { border-left: 4px solid var(--bad); }
summary { cursor: pointer; padding: 10px 0; overflow-wrap: anywhere; }
summary .dim { font-size: 13px; }
details > div { border-top: 1px solid var(--line); padding: 12px 0 16px; }
.badge { display: inline-block; border-radius: 4px; padding: 0 8px; margin-right: 8px;
  font-size: 12px; font-weight: 650; color: var(--card); background: var(--good); }
.badge.bad { background: var(--bad); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
th { text-align: right; font-weight: 600; color: var(--dim); white-space: nowrap; }
td { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th, td { padding: 4px 10px; border-bottom: 1px solid var(--line); }
th.l, td.l { text-align: left; } td.name { font-family: ui-monospace, Menlo, Consolas, monospace; }
td.name { white-space: normal; overflow-wrap: anywhere; min-width: 90px; }
.parts td.v { position: sticky; left: 0; background: var(--card); font-weight: 650; }
.parts tr.bad td.v { background: var(--bad-back); }
tr.remark td { white-space: normal; overflow-wrap: anywhere; }
td.wrap { white-space: normal; line-height: 1.9; }
tr.bad td { background: var(--bad-back); } tr.bad td.v { color: var(--bad); font-weight: 650; }
@media (max-width: 900px) {
  .parts, .parts tbody, .parts tr, .parts td { display: block; }
  .parts tr.head { display: none; }
  .parts tr { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr));
    padding: 8px 10px; border-bottom: 1px solid var(--line); }
  .parts tr.bad { background: var(--bad-back); }
  .parts td { border: 0; padding: 1px 0; text-align: left; white-space: normal;
    overflow-wrap: anywhere; }
  .parts td:empty { display: none; }
  .parts td[data-l]::before { content: attr(data-l); color: var(--dim); display: inline-block;
    width: 120px; }
  .parts td.name, .parts td.v, .parts tr.remark td { grid-column: 1 / -1; position: static; }
}
pre { background: var(--code); border: 1px solid var(--line); border-radius: 6px; padding: 12px;
  overflow-x: auto;
  font: 12.5px/1.35 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre.words { white-space: pre-wrap; overflow-wrap: anywhere; }
.picture { background: #fff; border: 1px solid var(--line); border-radius: 6px; padding: 12px;
  overflow-x: auto; } .picture img { max-width: 100%; height: auto; }
.hint { border-left: 3px solid var(--warn); padding-left: 10px; }
.chip { display: inline-block; border: 1px solid var(--line); border-radius: 10px; padding: 0 8px;
  margin: 0 4px 0 0; font-size: 12.5px; line-height: 1.5; white-space: nowrap; }
.chip.hit { color: var(--good); border-color: var(--good); }
.chip.miss { color: var(--dim); border-style: dashed; }
"""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def document(records: Sequence[Record], coverage: Coverage) -> str:
    """The report as one HTML file.

    Arguments:
        records: of every gradient assertion, see `records.record`.
        coverage: of all of them.
    """
    failed = [record for record in records if _failed(record)]
    passed = [record for record in records if not _failed(record)]
    body = [
        "<h1>Gradient report</h1>",
        f'<p class="dim">{counts_in_words(records)} · autograd_bp {__version__}</p>',
        _tiles(records, failed, coverage),
    ]
    if failed:
        body += ["<h2>What failed</h2>", *(_card(record, is_open=True) for record in failed)]
    if passed:
        body += [
            "<h2>What passed</h2>",
            _folded([_card(record, is_open=False) for record in passed]),
        ]
    if not records:
        body.append("<h2>No gradient assertion ran</h2>")
    body += ["<h2>Which derivatives were exercised</h2>", _coverage(coverage)]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Gradient report</title><style>{_STYLE}</style></head><body><main>\n"
        + "\n".join(body)
        + "\n</main></body></html>\n"
    )


def fragment(record: Record) -> str:
    """One failure, to stand inside another page (that of pytest-html)."""
    plain = f"<style>{_SCOPED}</style>"
    return f'<div class="autograd-bp">{plain}{_content(record)}</div>'


_SCOPED = (
    ".autograd-bp { text-align: left; color: #1c2430; } "
    ".autograd-bp td, .autograd-bp th { padding: 2px 8px; text-align: right; } "
    ".autograd-bp pre { line-height: 1.35; overflow-x: auto; } "
    ".autograd-bp pre.words { white-space: pre-wrap; overflow-wrap: anywhere; } "
    ".autograd-bp tr.bad td { background: #fdeceb; color: #000; } "
    ".autograd-bp img { max-width: 100%; }"
)


def counts_in_words(records: Sequence[Record]) -> str:
    """How many assertions there were, and how many tests they failed: for the page and the
    terminal.
    """
    failed = sum(map(_failed, records))
    plural = "" if len(records) == 1 else "s"
    return f"{len(records):,} gradient assertion{plural}, {failed:,} failed"


def _failed(record: Record) -> bool:
    """Whether it failed its test: a test may expect that an assertion fails, and pass."""
    return bool(record["failed"])


def _tiles(records: Sequence[Record], failed: Sequence[Record], coverage: Coverage) -> str:
    tiles = [_tile("gradient assertions", f"{len(records):,}"), _tile("failed", f"{len(failed):,}")]
    tiles += [
        _tile(what, f"{hit} of {count}", hit / max(count, 1))
        for what, (hit, count) in coverage.totals().items()
    ]
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _tile(what: str, text: str, share: float | None = None) -> str:
    bar = "" if share is None else f'<i><u style="width:{share:.0%}"></u></i>'
    return f'<div class="tile"><b>{text}</b><span class="dim">{what}</span>{bar}</div>'


def _card(record: Record, *, is_open: bool) -> str:
    ok = record["ok"]
    badge = f'<span class="badge{"" if ok else " bad"}">{escaped(record["verdict"])}</span>'
    note = escaped(str(record.get("title", record["function"])))
    if not ok and not _failed(record):
        note += _EXPECTED.get(record["outcome"], "")
    head = f'{badge}{escaped(record["test"])}<br><span class="dim">{note}</span>'
    return (
        f"<details{'' if ok else ' class=bad'}{' open' if is_open else ''}>"
        f"<summary>{head}</summary><div>{_content(record)}</div></details>"
    )


def _folded(cards: Sequence[str]) -> str:
    if len(cards) <= MAX_OPEN_CARDS:
        return "".join(cards)
    return f"<details><summary>{len(cards):,} assertions</summary>{''.join(cards)}</details>"


def _content(record: Record) -> str:
    if not record["components"]:  # another kind of check, or nothing was tested
        headline = f"<p><b>{escaped(record['headline'])}</b></p>"
        return f'{headline}<pre class="words">{_lines(record["text"])}</pre>'
    first = f"<p><b>{escaped(record['headline'])}</b></p>"
    parts = [first, _components(record), f"<p>{escaped(record['summary'])}</p>"]
    parts += [f'<p class="hint">{escaped(hint)}</p>' for hint in record["hints"]]
    parts += [f'<p class="dim">{escaped(sentence)}</p>' for sentence in record["evidence"]]
    if record.get("subgraph"):
        parts.append(_tree(record["subgraph"]))
    if record.get("svg"):
        image = base64.b64encode(record["svg"].encode()).decode()
        parts.append(
            '<div class="picture"><img alt="the part of the graph that the failure is about" '
            f'src="data:image/svg+xml;base64,{image}"></div>'
        )
    return "".join(parts)


def _tree(text: str) -> str:
    """Trees as they are, which may be scrolled, and the sentences around them as paragraphs, which
    are never cut."""
    parts: list[str] = []
    tree: list[str] = []
    for line in [*text.splitlines(), ":"]:
        if not line.endswith(":") and not line.startswith("the paths add up"):
            tree.append(line)
            continue
        if tree:
            parts.append(f"<pre>{_lines(chr(10).join(tree))}</pre>")
            tree = []
        if line != ":":
            parts.append(f'<p class="dim">{escaped(line)}</p>')
    return "".join(parts)


def _components(record: Record) -> str:
    parts = record["components"]
    shown = [part for part in parts if not _is_good(part)] or parts
    shown = shown[:MAX_COMPONENTS]
    columns = [c for c in _COLUMNS if any(part[c[0]] not in (None, "nan") for part in shown)]
    head = ['<th class="l">component</th><th class="l">verdict</th>']
    head += [f"<th>{name}</th>" for _, name in columns]
    lines = [f'<tr class="head">{"".join(head)}</tr>']
    for part in shown:
        cells = "".join(f'<td data-l="{name}">{_cell(part, key)}</td>' for key, name in columns)
        bad = "" if _is_good(part) else "bad"
        lines.append(
            f'<tr class="{bad}"><td class="l name">{escaped(part["name"])}</td>'
            f'<td class="l v">{escaped(part["verdict"])}</td>{cells}</tr>'
        )
        if part["remark"]:
            remark = f'<td class="l" colspan="{len(columns) + 2}">{escaped(part["remark"])}</td>'
            lines.append(f'<tr class="remark {bad}">{remark}</tr>')
    note = f'<p class="dim">{_rest(record["verdicts"], shown)}</p>'
    return f'<div class="scroll"><table class="parts">{"".join(lines)}</table></div>{note}'


def _rest(verdicts: dict[str, int], shown: Sequence[Record]) -> str:
    """How many components are not shown, and their verdicts."""
    rest = dict(verdicts)
    for part in shown:
        rest[part["verdict"]] -= 1
    counts = [f"{count:,} {verdict}" for verdict, count in rest.items() if count]
    total = sum(rest.values())
    plural = "" if total == 1 else "s"
    return f"and {total:,} more component{plural}: {', '.join(counts)}" if total else ""


def _is_good(part: Record) -> bool:
    return part["verdict"] in ("OK", "KINK")


def _cell(part: Record, key: str) -> str:
    x = part[key]
    if x is None or x == "nan":
        return ""
    if key == "numerical" and part["left"] is not None and part["right"] is not None:
        return escaped(f"{_number(part['left'], 6)} | {_number(part['right'], 6)}")
    return escaped(_number(x, 3 if key in ("error", "ulps", "tolerance") else 10))


def _number(x: float | str, digits: int) -> str:
    return number(float(x) + 0.0, digits)


def _coverage(coverage: Coverage) -> str:
    head = "".join(
        f'<th class="{"" if name == "nodes" else "l"}">{name}</th>'
        for name in ("primitive", "nodes", "inputs", "exercised", "not exercised")
    )
    lines = [f"<tr>{head}</tr>"]
    for name, nodes, inputs, hits, missing in coverage.cells():
        lines.append(
            f'<tr><td class="l name">{escaped(name)}</td><td>{nodes}</td>'
            f'<td class="l">{escaped(inputs)}</td><td class="l wrap">{_chips(hits, "hit")}</td>'
            f'<td class="l wrap">{_chips(missing, "miss")}</td></tr>'
        )
    table = f'<div class="scroll"><table>{"".join(lines)}</table></div>' if coverage.rows else ""
    unused = "".join(f'<span class="chip miss">{escaped(name)}</span> ' for name in coverage.unused)
    return f"{table}<p>Primitives that no gradient assertion exercised:</p><p>{unused}</p>"


def _chips(names: str, kind: str) -> str:
    chips: Iterable[str] = filter(None, names.split(", "))
    return " ".join(f'<span class="chip {kind}">{escaped(name)}</span>' for name in chips)


def _lines(text: str) -> str:
    return "\n".join(map(escaped, text.splitlines()))
