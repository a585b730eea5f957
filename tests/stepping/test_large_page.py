"""Large graphs in the page: folds, the map, the search; paths, the network and what is saved."""

import struct
import xml.etree.ElementTree as ElementTree

import chromium
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.drawing import renderer
from autograd_bp.graph import topological_order
from autograd_bp.nn import Network
from autograd_bp.stepping import step_through

pytestmark = [
    *chromium.CHROMIUM,
    pytest.mark.skipif(not renderer(), reason="needs a program that lays out graphs"),
]


@pytest.fixture
def show(browser, tmp_path):
    """Opens a page; afterwards nothing was written on the console and nothing else was fetched."""
    messages, urls = [], []
    tab = browser.new_page(
        reduced_motion="reduce", viewport={"width": 1280, "height": 800}, accept_downloads=True
    )
    tab.on("console", lambda message: messages.append(message.text))
    tab.on("pageerror", lambda error: messages.append(str(error)))
    tab.on("request", lambda request: urls.append(request.url))

    def open_page(page, at=""):
        file = page.save(tmp_path / "page.html")
        tab.goto(file.as_uri() + at)
        return tab

    yield open_page
    assert messages == []
    assert all(url.partition("#")[0].endswith("page.html") for url in urls)
    tab.close()


def recurrence(steps):
    w, u, s = Value(0.9, "w"), Value(0.4, "u"), Value(0.1, "s")
    for i in range(steps):
        s = bp.tanh(w * s + u * (i / steps))
    return s


def worked():
    return Network.from_weights(
        [
            [(-0.35, 0.15, 0.20), (-0.35, 0.25, 0.30)],
            [(-0.60, 0.40, 0.45), (-0.60, 0.50, 0.55)],
        ]
    )


def test_ten_thousand_values_open_with_few_cards(show):
    output = recurrence(2000)
    page = step_through(output)
    assert len(page.data["nodes"]) > 10_000
    tab = show(page, "#step=4000")
    assert tab.evaluate("drawn.cards.size") < 60
    assert tab.evaluate("document.querySelectorAll('svg *').length") < 600
    assert tab.evaluate("scale * 11") >= 9
    assert "Step 4000 of" in tab.inner_text("#count")
    assert tab.evaluate("document.documentElement.scrollHeight") <= 800
    bp.graph.zero_grad(output)
    output.backward()
    order = topological_order(output)
    grads = tab.evaluate("state.grad")
    for i, node in enumerate(order):
        if not node.parents and not node.is_constant:
            assert grads[i] == node.grad


def test_each_step_of_a_folded_graph_shows_its_cards_with_their_numbers(show):
    page = step_through(recurrence(30))
    tab = show(page)
    shown = tab.evaluate(
        """() => steps.map((step, k) => {
          go(k);
          if (step.node < 0) return true;
          const box = card(step.node), inputs = NODES[step.node].parents;
          return box.classList.contains("now")
            && box.querySelector(".v").textContent === short(state.value[step.node])
            && (step.kind !== "backward"
              || box.querySelector(".g").textContent === `∂ ${short(gradientsAt(step)[step.node])}`)
            && inputs.every((i) => card(i)) && inputs.every((i, k) => edge(step.node, k));
        })"""
    )
    assert len(shown) == 2 + 2 * 120
    assert all(shown)


def test_cards_of_a_folded_graph_do_not_cover_each_other(show):
    for output in (recurrence(40), Network([2, 8, 8, 1], seed=1)):
        given = {"x": [0.3, 0.5], "d": 1.0} if isinstance(output, Network) else {}
        tab = show(step_through(output, **given))
        covered = tab.evaluate(
            """() => {
              const wrong = [];
              for (let k = 0; k < steps.length; k += 7) {
                go(k);
                const all = [...document.querySelectorAll("#step-svg .card > .b, #step-svg .fold")];
                const boxes = all.map((one) => one.getBBox());
                boxes.forEach((a, i) => boxes.forEach((b, j) => {
                  if (i < j && a.x < b.x + b.width - 1 && b.x < a.x + a.width - 1
                    && a.y < b.y + b.height - 1 && b.y < a.y + a.height - 1) wrong.push([k, i, j]);
                }));
              }
              return wrong;
            }"""
        )
        assert covered == []


def test_folds_open_and_close(show):
    tab = show(step_through(recurrence(60)), "#step=100")
    titles = tab.locator(".fold .h").all_text_contents
    assert [title for title in titles() if title.startswith("Steps")] == [
        "Steps 1–23",
        "Steps 25–59",
    ]
    before = tab.evaluate("drawn.cards.size")
    tab.locator(".fold", has_text="Steps 1–23").click()
    assert "Steps 1–11" in titles()
    assert tab.evaluate("drawn.cards.size") > before
    tab.click("#refold")
    assert "Steps 1–23" in titles()
    tab.click("#unfold")
    assert 200 <= tab.evaluate("drawn.cards.size") <= 800


def test_a_value_is_found_by_its_name_its_number_and_its_operation(show):
    network = Network([10, 8, 1], seed=1)
    tab = show(step_through(network, x=[0.1 * i for i in range(10)], d=1.0))
    tab.keyboard.press("/")
    tab.keyboard.type("y[1,3")
    assert tab.locator("#found button").count() == 1
    tab.keyboard.press("Enter")
    assert tab.inner_text("#what") == "Forward: y[1,3]"
    tab.fill("#find", "w[1,7,4]")
    tab.click("#found button")
    assert tab.inner_text("#what") == "Forward: α[1,7]"
    assert tab.is_visible("#leaves input[aria-label='w[1,7,4]']")
    tab.fill("#find", "sigmoid")
    assert tab.locator("#found button").count() == 9
    tab.fill("#find", chromium.HOSTILE)
    assert "Nothing" in tab.inner_text("#found")


def test_a_click_on_the_map_goes_there(show):
    tab = show(step_through(recurrence(200)))
    box = tab.locator("#map").bounding_box()
    tab.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + 10)
    node = tab.evaluate("steps[at].node")
    count = tab.evaluate("NODES.length")
    assert 0.45 * count < node < 0.55 * count


@pytest.mark.parametrize("folded", [False, True])
def test_the_paths_of_a_card_are_those_of_explain(show, folded):
    w, x = Value(0.5, "w"), Value(2.0, "x")
    y = bp.tanh(w * x)
    P = bp.performance(1.0, y * y + bp.exp(y) / x)
    P.label = "P"
    if folded:
        P = P + recurrence(40)
        P.label = "P"
    page = step_through(P)
    tab = show(page)
    i = next(k for k, node in enumerate(page.data["nodes"]) if node["name"] == "x")
    expected = bp.explain(P, x, most=5)
    paths = tab.evaluate(f"pathsOf({i})")
    assert paths["count"] == expected.count == 4
    products = [path["product"] for path in paths["paths"]]
    assert products == pytest.approx([path.product for path in expected.paths], rel=1e-12)
    if not folded:
        tab.hover(f"#step-n{i}")
        assert "∂P/∂x" in tab.inner_text("#tip")
        assert "the sum over 4 paths" in tab.inner_text("#tip")
        assert tab.locator(".edge.path").count() >= 4
        tab.mouse.move(2, 2)
        assert tab.is_hidden("#tip")


def test_the_wave_runs_through_the_network_too(show):
    tab = show(step_through(worked(), x=[0.05, 0.10], d=[0.01, 0.99]))
    linked = tab.evaluate(
        """() => steps.map((step, k) => {
          go(k);
          const now = circles.neurons.filter(({ box }) => box.classList.contains("now"));
          const here = circles.of.get(step.node);
          return now.length === (here && step.node >= 0 ? 1 : 0)
            && now.every(({ neuron }) => neuron === here);
        })"""
    )
    assert all(linked)
    tab.keyboard.press("End")
    gammas = tab.evaluate(
        "circles.neurons.filter(({ c }) => c).map(({ neuron, gamma }) => "
        "gamma.textContent === `γ ${brief(state.grad[neuron.sum])}`)"
    )
    assert gammas == [True] * 4
    tab.locator("#circles .neuron").nth(2).click()
    assert tab.inner_text("#what") == "Backward: α[1,1]"
    tab.click("#circled")
    assert tab.is_hidden("#circles")


def test_the_surface_is_what_the_network_answers(show):
    network = Network([2, 3, 1], ["tanh", "sigmoid"], seed=2)
    page = step_through(network, x=[0.0, 1.0], d=1.0)
    tab = show(page)
    z, grid = tab.evaluate("surfaceValues()"), tab.evaluate("plane.grid")
    low, high = tab.evaluate("plane.range")
    for row, column in ((0, 0), (3, 7), (grid - 1, grid - 1)):
        x = [low + (high - low) * (column + 0.5) / grid, high - (high - low) * (row + 0.5) / grid]
        assert z[row * grid + column] == pytest.approx(network(x)[0].data, rel=1e-12)
    box = tab.locator("#plane").bounding_box()
    tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 4)
    names = [node["name"] for node in page.data["nodes"]]
    x = [tab.evaluate(f"state.value[{names.index(name)}]") for name in ("x₁", "x₂")]
    assert x == pytest.approx([0.5, 1.0], abs=0.02)
    assert tab.evaluate("state.value.at(-1)") == pytest.approx(
        bp.performance(1.0, network(x)[0]).data, rel=1e-12
    )


def test_signs_are_colours_and_sizes_their_strength(show):
    a, b, c = Value(1.0, "a"), Value(1.0, "b"), Value(1.0, "c")
    tab = show(step_through(a * 1.0 + b * -1.0 + c * 0.01))
    tab.keyboard.press("End")
    kinds = tab.evaluate(
        "Object.fromEntries(NODES.map((node, i) => [node.name, node.kind === 'leaf' ? "
        "card(i).querySelector('.s').getAttribute('class') : '']))"
    )
    assert (kinds["a"], kinds["b"], kinds["c"]) == ("s plus3", "s minus3", "s plus0")
    tab = show(step_through(a * float("inf") + b))
    tab.keyboard.press("End")
    assert tab.locator(".s.bad").count() >= 1
    assert tab.locator(".v.bad").count() >= 1


@pytest.mark.parametrize("folded", [False, True])
def test_a_step_and_a_run_are_saved(show, tmp_path, folded):
    many = [Value(0.1 * k, f"x{k}") for k in range(60)]
    output = (
        bp.tanh(bp.dot(many, many[::-1]) + bp.sum([Value(1.0) for _ in range(60)]))
        if folded
        else bp.sigmoid(Value(0.5, chromium.HOSTILE) * 2.0)
    )
    tab = show(step_through(output, title="One neuron"))
    tab.click("#next")
    tab.click("#save summary")
    with tab.expect_download() as download:
        tab.click("#save-step")
    assert download.value.suggested_filename == "one-neuron-step-2.svg"
    download.value.save_as(tmp_path / "step.svg")
    root = ElementTree.parse(tmp_path / "step.svg").getroot()
    assert root.tag.endswith("}svg")
    texts = [
        "".join(element.itertext()) for element in root.iter() if element.tag.endswith("}text")
    ]
    assert tab.inner_text("#words") in texts
    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {
        *("svg", "title", "desc", "rect", "text", "path")
    }
    with tab.expect_download() as download:
        tab.click("#save-run")
    download.value.save_as(tmp_path / "run.png")
    count = tab.evaluate("steps.length")
    assert f"{count} frames" in tab.inner_text("#saved")
    assert " MB, as an animated PNG." in tab.inner_text("#saved")
    assert tab.evaluate("at") == 1
    data = (tmp_path / "run.png").read_bytes()
    assert struct.unpack(">I", data[data.index(b"acTL") + 4 :][:4]) == (count,)
    image = pytest.importorskip("PIL.Image")
    with image.open(tmp_path / "run.png") as run:
        assert run.n_frames == count
        run.seek(count - 1)
        assert len(set(run.convert("L").resize((64, 40)).tobytes())) > 4


def test_a_run_has_fewer_frames_where_the_file_would_be_large(show, tmp_path):
    x = Value(0.3, "x")
    for _ in range(60):
        x = bp.sin(x * 1.1)
    tab = show(step_through(x))
    tab.evaluate("MOST_BYTES = 1e6")
    tab.click("#save summary")
    with tab.expect_download() as download:
        tab.click("#save-run")
    download.value.save_as(tmp_path / "run.png")
    data = (tmp_path / "run.png").read_bytes()
    (frames,) = struct.unpack(">I", data[data.index(b"acTL") + 4 :][:4])
    assert 2 < frames < tab.evaluate("steps.length")
    assert len(data) < 2e6
    assert "one step in" in tab.inner_text("#saved")
    whole = struct.unpack(">II", data[16:24])
    places = [k for k in range(len(data)) if data.startswith(b"fcTL", k)]
    sizes = [struct.unpack(">II", data[k + 8 : k + 16]) for k in places]
    assert sizes[0] == whole
    assert min(width * height for width, height in sizes) < whole[0] * whole[1] / 2


def test_fields_of_many_leaves_are_those_of_the_step(show):
    network = Network([20, 10, 1], seed=1)
    page = step_through(network, x=[0.1 * i for i in range(20)], d=1.0)
    tab = show(page)
    assert tab.locator("#leaves .field").count() == 60
    assert "60 of 242" in tab.inner_text("#some")
    tab.evaluate(
        "go(steps.findIndex((step) => step.node >= 0 && NODES[step.node].name === 'α[1,9]'))"
    )
    box = tab.locator("#leaves input[aria-label='w[1,9,20]']")
    box.fill("2.5")
    i = [node["name"] for node in page.data["nodes"]].index("w[1,9,20]")
    assert tab.evaluate(f"state.value[{i}]") == 2.5
    network.layers[0].neurons[8].weights[19].data = 2.5
    P = bp.performance(1.0, network([0.1 * i for i in range(20)])[0])
    assert tab.evaluate("state.value.at(-1)") == pytest.approx(P.data, rel=1e-12)


def test_no_label_of_a_large_graph_becomes_markup(show):
    x = Value(1.0, chromium.HOSTILE)
    for _ in range(60):
        x = bp.sin(x * Value(0.9, chromium.HOSTILE))
    tab = show(step_through(x, title=chromium.HOSTILE), "#step=40")
    tab.click("#paths summary")
    tab.fill("#find", "<")
    assert tab.locator("#found button").count() > 3
    assert tab.evaluate("document.querySelectorAll('img, b, iframe, [onerror]').length") == 0
    assert tab.evaluate("document.scripts.length") == 2
    assert tab.title() != "run"


def test_no_two_scripts_of_the_page_use_one_name(show):
    import re
    from collections import Counter

    from autograd_bp.stepping.api import SCRIPTS
    from autograd_bp.stepping.functions import source

    pattern = re.compile(r"^(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)
    names = Counter(
        name
        for file in ("library.js", "sweep.js", *SCRIPTS)
        for name in pattern.findall(source(file))
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_a_large_page_fits_a_phone(show):
    tab = show(step_through(Network([2, 8, 8, 1], seed=1), x=[0.0, 1.0], d=1.0))
    tab.set_viewport_size({"width": 360, "height": 740})
    tab.keyboard.press("End")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
