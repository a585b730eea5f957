"""The frame of the pages: one file each, no scripts, nothing loaded, light and dark."""

from __future__ import annotations

from autograd_bp.notation.text import clean

__all__ = ["bar", "document", "escaped"]

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2430; --dim: #5a6572; --line: #dde2e8; --back: #f5f6f8;
  --card: #fff; --good: #1a7f4b; --good-back: #e8f5ee; --bad: #b92f25; --bad-back: #fdeeec;
  --code: #f3f5f7; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ee; --dim: #9aa6b5; --line: #343d49;
  --back: #13171c; --card: #1b2129; --good: #4cc38a; --good-back: #16301f; --bad: #ff8b80;
  --bad-back: #38201f; --code: #12161b; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink);
  font: 16px/1.55 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif;
  -webkit-text-size-adjust: 100%; }
main { max-width: 820px; margin: 0 auto; padding: 28px 16px 64px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 0 0 8px; }
p { margin: 8px 0; overflow-wrap: anywhere; } ul { margin: 8px 0; padding-left: 20px; }
.dim { color: var(--dim); } .small { font-size: 14px; } .num { font-variant-numeric: tabular-nums; }
a { color: inherit; text-decoration-color: var(--dim); text-underline-offset: 3px; }
section, details.card { background: var(--card); border: 1px solid var(--line);
  border-radius: 10px; padding: 16px; margin: 16px 0 0; }
section.bad { border-left: 5px solid var(--bad); }
section.good { border-left: 5px solid var(--good); }
.score { font-size: 30px; font-weight: 700; line-height: 1.2; font-variant-numeric: tabular-nums; }
.score small { font-size: 17px; font-weight: 400; color: var(--dim); }
.bar { display: block; height: 6px; border-radius: 3px; background: var(--line); margin-top: 8px;
  overflow: hidden; } .bar i { display: block; height: 6px; background: var(--good); }
.bar.bad i { background: var(--bad); }
.tiles { display: flex; flex-wrap: wrap; gap: 12px; margin: 12px 0; }
.tile { flex: 1 1 130px; border-radius: 8px; padding: 10px 14px; background: var(--code); }
.tile b { display: block; font-size: 18px; overflow-wrap: anywhere;
  font-variant-numeric: tabular-nums; }
.tile.bad { background: var(--bad-back); } .tile.bad b { color: var(--bad); }
.tile.good { background: var(--good-back); } .tile.good b { color: var(--good); }
dl { margin: 12px 0 0; } dt { color: var(--dim); font-size: 14px; margin-top: 12px; }
dd { margin: 2px 0 0; overflow-wrap: anywhere; }
code, pre { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: 14px; }
dd code { display: block; background: var(--code); border-radius: 6px; padding: 8px 10px;
  white-space: pre-wrap; }
pre { background: var(--code); border-radius: 6px; padding: 10px; margin: 8px 0 0;
  white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.4; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; font-weight: 600; color: var(--dim); }
th, td { padding: 5px 8px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 0; }
th.r, td.r { text-align: right; }
td.r { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
td.name { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 13px;
  overflow-wrap: anywhere; width: 50%; } td.nowrap { white-space: nowrap; }
td:last-child, th:last-child { padding-right: 0; }
.yes { color: var(--good); } .no { color: var(--bad); font-weight: 650; }
td.no.r { font-weight: 400; }
summary { cursor: pointer; } summary b { margin-right: 6px; }
details details { margin-top: 10px; }
ol.list { list-style: none; margin: 0; padding: 0; }
ol.list li { border-top: 1px solid var(--line); padding: 10px 0; }
ol.list li:first-child { border: 0; }
.line { display: flex; gap: 12px; justify-content: space-between; align-items: baseline; }
.line > :first-child { overflow-wrap: anywhere; min-width: 0; font-weight: 600; }
.line > :last-child { white-space: nowrap; font-variant-numeric: tabular-nums; }
@media print { body { background: #fff; } section, details.card { break-inside: avoid; } }
"""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def document(title: str, body: str) -> str:
    """A whole page. The title is text; the body is HTML."""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escaped(title)}</title><style>{_STYLE}</style></head><body><main>\n"
        f"{body}\n</main></body></html>\n"
    )


def escaped(text: str) -> str:
    """Text as HTML shows it: no markup, and nothing that turns its direction around."""
    import html

    return html.escape(clean(text))


def bar(share: float, kind: str = "") -> str:
    """A bar that is filled to this share; of the kind "bad" it is red."""
    return f'<span class="bar {kind}"><i style="width:{100.0 * share:.3g}%"></i></span>'
