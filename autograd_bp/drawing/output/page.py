"""A picture as a page of its own, to zoom and to move; it needs no network."""

from __future__ import annotations

import base64
import hashlib
import html

STYLE = """
:root { color-scheme: light dark; }
body { margin: 0; height: 100vh; display: flex; flex-direction: column;
       font: 15px/1.4 Helvetica, Arial, sans-serif; }
header { padding: .5rem 1rem; display: flex; gap: 1rem; align-items: baseline; flex-wrap: wrap; }
h1 { font-size: 1.1rem; margin: 0; }
p { margin: 0; opacity: .8; }
main { flex: 1; overflow: hidden; cursor: grab; touch-action: none; }
main:active { cursor: grabbing; }
main svg { transform-origin: 0 0; max-width: none; }
"""

SCRIPT = """
"use strict";
const frame = document.querySelector("main"), picture = frame.querySelector("svg");
let x = 0, y = 0, scale = 1;
const size = picture.getBoundingClientRect();
function show() { picture.style.transform = `translate(${x}px, ${y}px) scale(${scale})`; }
function fit() {
  scale = Math.min(1.5, frame.clientWidth / size.width, frame.clientHeight / size.height);
  x = Math.max(0, (frame.clientWidth - size.width * scale) / 2);
  y = Math.max(0, (frame.clientHeight - size.height * scale) / 2);
  show();
}
function zoom(factor, atX, atY) {
  const next = Math.min(40, Math.max(0.02, scale * factor));
  x = atX - (atX - x) * next / scale;
  y = atY - (atY - y) * next / scale;
  scale = next;
  show();
}
frame.addEventListener("wheel", event => {
  event.preventDefault();
  const box = frame.getBoundingClientRect();
  zoom(Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
}, { passive: false });
frame.addEventListener("pointermove", event => {
  if (event.buttons !== 1) return;
  x += event.movementX;
  y += event.movementY;
  show();
});
const keys = { "+": 1.25, "=": 1.25, "-": 0.8 };
const moves = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
document.addEventListener("keydown", event => {
  if (event.key in keys) zoom(keys[event.key], frame.clientWidth / 2, frame.clientHeight / 2);
  else if (event.key in moves) { x += moves[event.key][0]; y += moves[event.key][1]; show(); }
  else if (event.key === "0") fit();
  else return;
  event.preventDefault();
});
window.addEventListener("resize", fit);
fit();
"""


HELP = "Wheel or + and −: zoom; drag or arrows: move; 0: all of it."


def content_hash(content: str) -> str:
    """The name of a script or style in a page's security policy, which allows no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def picture_page(svg: str, title: str, note: str) -> str:
    """The page as HTML.

    Arguments:
        svg: the picture.
        title: stands above it; may be empty.
        note: says what was left out; may be empty.
    """
    drawn = svg[svg.index("<svg") :]
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src '{content_hash(SCRIPT)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    name = html.escape(title or "A computation")
    words = html.escape(f"{note}. " if note else "") + HELP
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<header><h1>{name}</h1><p>{words}</p></header>\n<main>\n{drawn}\n</main>\n"
        f"<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )
