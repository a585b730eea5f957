"""A notebook is run, exported, and looked at in a browser: pictures and formulas are whole."""

import chromium
import pytest

from autograd_bp.drawing import renderer

nbformat = pytest.importorskip("nbformat")
pytest.importorskip("ipykernel")
nbclient = pytest.importorskip("nbclient")
nbconvert = pytest.importorskip("nbconvert")
pytestmark = [
    *chromium.CHROMIUM,
    pytest.mark.skipif(not renderer(), reason="needs a program that lays out graphs"),
]

CELLS = (
    "import math, autograd_bp as bp\n"
    "from autograd_bp.drawing import derivation, latex\n"
    "from autograd_bp.nn import Network\n"
    "from autograd_bp.training import train, xor\n"
    "w, u, s = bp.Value(0.9, 'w'), bp.Value(0.4, 'u'), bp.Value(0.1, 's')\n"
    "for i in range(50): s = bp.tanh(w * s + u * math.sin(i))\n"
    "s.backward()\n"
    "s.draw(theme='auto')",
    "latex(bp.sin(w / u) * w)",
    "derivation(w * u)",
    "bp.explain(w * u + w, w)",
    "network = Network([2, 2, 1], seed=0)\nnetwork",
    "train(network, xor().split(), rate=1.0, epochs=30)",
)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    html, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)
    path = tmp_path_factory.mktemp("notebook") / "notebook.html"
    path.write_text(html, encoding="utf-8")
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_exported_notebook_shows_pictures_formulas_and_tables(exported, scheme):
    with chromium.launched() as browser:
        page = browser.new_page(viewport={"width": 900, "height": 900}, color_scheme=scheme)
        page.route("http*://**", lambda route: route.abort())  # whole without a network
        page.goto(exported.as_uri(), wait_until="domcontentloaded")
        assert page.locator("svg[role=img]").count() == 2
        assert page.locator("math").count() == 3
        assert page.locator("table").count() == 2
        widths = page.evaluate(
            "[...document.querySelectorAll('svg[role=img]')].map(svg => "
            "[svg.getBoundingClientRect().width, svg.parentElement.clientWidth])"
        )
        assert all(0 < width <= cell + 1 for width, cell in widths)
        ground = page.evaluate(
            "getComputedStyle(document.querySelector('svg[role=img] polygon')).fill"
        )
        assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(13, 17, 23)"}[scheme]
        picture = page.screenshot(full_page=True)
        assert len(picture) > 20_000
        page.close()
