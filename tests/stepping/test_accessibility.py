"""The pages, checked by axe-core where AXE_CORE is the path of its script (npm's axe-core)."""

import os
from pathlib import Path

import chromium
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.drawing import renderer
from autograd_bp.nn import Network
from autograd_bp.stepping import live, step_through

AXE = os.environ.get("AXE_CORE", "")
pytestmark = [
    *chromium.CHROMIUM,
    pytest.mark.skipif(not AXE, reason="needs axe-core: AXE_CORE=path/to/axe.min.js"),
    pytest.mark.skipif(not renderer(), reason="needs a program that lays out graphs"),
]


def recurrence():
    w, s = Value(0.9, "w"), Value(0.1, "s")
    for i in range(60):
        s = bp.tanh(w * s + 0.1 * i)
    return s


def drawing():
    w, x = Value(0.5, "w"), Value(2.0, "x")
    return bp.draw(bp.performance(1.0, bp.sigmoid(w * x)))


PAGES = {
    "small": lambda: step_through(Network([2, 2, 1], seed=1), x=[0.0, 1.0], d=1.0),
    "large": lambda: step_through(recurrence()),
    "network": lambda: step_through(Network([12, 8, 2], seed=1), x=[0.1] * 12, d=[1, 0]),
    "live": live,
    "drawing": drawing,
}
OPEN = """() => {
  const find = document.getElementById("find");
  if (!find) return;
  find.value = "w";
  find.dispatchEvent(new Event("input"));
  for (const box of document.querySelectorAll("details")) box.open = true;
  go(steps.length - 3);
}"""


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(tmp_path, name):
    file = Path(PAGES[name]().save(tmp_path / "page.html"))
    findings = []
    with chromium.launched() as browser:
        for scheme, width in (("light", 1280), ("dark", 390)):
            context = browser.new_context(
                viewport={"width": width, "height": 800},
                color_scheme=scheme,
                reduced_motion="reduce",
                bypass_csp=True,  # for the script of axe
            )
            tab = context.new_page()
            tab.goto(file.as_uri())
            tab.evaluate(OPEN)
            tab.evaluate(Path(AXE).read_text(encoding="utf-8"))
            found = tab.evaluate("axe.run(document)")["violations"]
            findings += [(scheme, width, each["id"]) for each in found]
            context.close()
    assert findings == []
