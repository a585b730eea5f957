"""The page on which networks learn: its data, and in headless Chromium its numbers and controls."""

import math

import chromium
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import SettingError, ShapeError
from autograd_bp.graph import topological_order
from autograd_bp.nn import Network, initialise
from autograd_bp.stepping import live
from autograd_bp.stepping.live import ACTIVATIONS, linear
from autograd_bp.training import GradientAscent

ROWS = [([0.0, 1.0], [1.0, 0.25]), ([1.5, -0.5], [0.0, 0.75]), ([-1.0, 2.0], [0.5, 0.5])]
LEARNED = "(() => { for (let k = 0; k < 30; k++) oneEpoch(); return learner.weights; })()"


def net(activations, sizes=(2, 4, 3, 2)):
    return Network(list(sizes), list(activations), seed=7)


# ----------------------------------------------------------------------------------- the data
def test_every_example_can_be_learned_by_the_engine_too():
    for example in live().data["examples"]:
        x, d = example["rows"][0]
        assert len(x) == example["sizes"][0]
        assert len(d) == example["sizes"][-1]
        pairs = zip(example["sizes"], example["sizes"][1:], strict=False)
        assert len(example["weights"]) == sum((a + 1) * b for a, b in pairs)


def test_it_says_what_it_is():
    assert repr(live()) == "<StepPage of 6 examples>"
    assert 'title="A network learns"' in live()._repr_html_()


def test_it_is_written_and_the_same_each_time(tmp_path):
    page = live(tmp_path / "live.html", title=chromium.HOSTILE)
    assert (tmp_path / "live.html").read_text() == page.html == live(title=chromium.HOSTILE).html
    assert chromium.HOSTILE not in page.html
    assert "://" not in page.html.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"network": net(["tanh"] * 3)}, "rows="),
        ({"rows": ROWS}, "network="),
        ({"network": "2-2-1", "rows": ROWS}, "is a Network, got str"),
        ({"network": net(["tanh"] * 3), "rows": ROWS, "rate": 0}, "above 0, got 0"),
        ({"network": net(["tanh"] * 3), "rows": ROWS, "rate": math.nan}, "above 0, got nan"),
        ({"network": net(["softplus"] * 3), "rows": ROWS}, "has softplus"),
        ({"network": Network([2, 1], bias=False), "rows": [([0, 1], 1)]}, "with a bias"),
        ({"network": Network([2, 99, 1]), "rows": [([0, 1], 1)]}, "64 neurons"),
    ],
)
def test_what_cannot_be_shown_is_refused(arguments, words):
    with pytest.raises(SettingError, match=words):
        live(**arguments)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (3, "row 2 is a pair of inputs and desired outputs.*, got 3"),
        (([1.0, 2.0],), "row 2 is a pair"),
        ((1.0, 0.0), "row 2 has a list of inputs.*, got 1.0"),
        ("ab", "row 2 has a list of inputs.*, got 'a'"),
        (([1.0], [0.0, 0.0]), "row 2 has 1 inputs, the network has 2"),
        (([1.0, 2.0], 0.0), "row 2 has 1 desired, the network has 2"),
        (([1.0, math.nan], [0.0, 0.0]), "row 2 has a number that is not finite among its inputs"),
    ],
)
def test_rows_that_do_not_fit_are_refused(row, words):
    with pytest.raises(ShapeError, match=words):
        live(network=net(["tanh"] * 3), rows=[ROWS[0], row])


# ----------------------------------------------------------------------------------- the page
@pytest.fixture
def show(browser, tmp_path):
    """Opens a page; afterwards nothing was written on the console and nothing else was fetched."""
    messages, urls, tabs = [], [], []

    def open_page(page, place=""):
        tab = browser.new_page(viewport={"width": 1280, "height": 800})
        tab.on("console", lambda message: messages.append(message.text))
        tab.on("pageerror", lambda error: messages.append(str(error)))
        tab.on("request", lambda request: urls.append(request.url))
        tab.goto(page.save(tmp_path / "live.html").as_uri() + place)
        tabs.append(tab)
        return tab

    yield open_page
    for tab in tabs:
        tab.close()
    assert messages == []
    assert all("live.html" in url for url in urls)


def until(tab, box, words):
    """Waits for words in a box; the page's policy forbids Playwright's own way."""
    for _ in range(600):
        if words in tab.inner_text(box):
            return
        tab.wait_for_timeout(50)
    raise AssertionError(f"{box} never said {words!r}: {tab.inner_text(box)!r}")


def engine(network, rows, rate, epochs, mode):
    """The weights after learning, by the engine."""
    parameters = network.parameters()
    ascent = GradientAscent(parameters, rate=rate)
    for _ in range(epochs):
        for x, d in rows:
            bp.performance(d, network(x)).backward()
            if mode == "row":
                ascent.step()
        if mode == "all":
            ascent.step()
    return [w for layer in network.weights for neuron in layer for w in neuron]


@chromium.needs_chromium
@pytest.mark.parametrize("mode", ["row", "all"])
@pytest.mark.parametrize("activations", [["relu", "relu", linear], ["relu", linear, "relu"]])
def test_without_exponentials_it_learns_what_the_engine_does_to_the_last_bit(
    show, activations, mode
):
    network = net(activations)
    tab = show(live(network=network, rows=ROWS, rate=0.05))
    tab.select_option("#mode", mode)
    found = tab.evaluate(LEARNED)
    assert found == engine(network, ROWS, 0.05, 30, mode)


@chromium.needs_chromium
@pytest.mark.parametrize("activations", [["sigmoid"] * 3, ["tanh", "tanh", "sigmoid"]])
def test_it_learns_what_the_engine_does(show, activations):
    network = net(activations)
    tab = show(live(network=network, rows=ROWS, rate=0.5))
    found = tab.evaluate(LEARNED)
    assert found == pytest.approx(engine(network, ROWS, 0.5, 30, "row"), rel=1e-9, abs=1e-12)


@chromium.needs_chromium
def test_its_program_is_the_graph_that_the_engine_records(show):
    network = net(["tanh", "relu", "sigmoid"])
    tab = show(live(network=network, rows=ROWS))
    x, d = ROWS[0]
    P = bp.performance([Value(v) for v in d], network([Value(v) for v in x]))
    P.backward()
    order = topological_order(P)
    place = {node: i for i, node in enumerate(order)}
    assert tab.evaluate("learner.net.nodes.map((node) => node.parents)") == [
        [place[parent] for parent in node.parents] for node in order
    ]
    values, grads = tab.evaluate(
        "(() => { learner.clear(); compute(); return [[...learner.value], [...learner.grad]]; })()"
    )
    assert values == pytest.approx([node.data for node in order], rel=1e-13)
    leaves = [i for i, node in enumerate(order) if not node.is_constant]
    assert [grads[i] for i in leaves] == pytest.approx(
        [order[i].grad for i in leaves], rel=1e-12, abs=1e-15
    )


@chromium.needs_chromium
def test_a_row_is_followed_neuron_by_neuron(show):
    tab = show(live(), "#example=worked")
    titles = []
    for _ in range(11):
        tab.click("#wave")
        titles.append(tab.inner_text("#what"))
    assert titles[:3] == ["The row", "Forward: hidden neuron 1", "Forward: hidden neuron 2"]
    assert titles[5:8] == ["The performance", "Back: output neuron 2", "Back: output neuron 1"]
    weights = tab.evaluate("learner.weights")
    assert weights[7] == pytest.approx(0.35891648, abs=1e-8)  # w5 after the published step
    assert weights[1] == pytest.approx(0.149780716, abs=1e-9)  # w1


@chromium.needs_chromium
def test_the_words_of_a_step_have_its_numbers(show):
    tab = show(live(), "#example=worked")
    for _ in range(8):
        tab.click("#wave")
    lines = tab.inner_text("#lines")
    assert "γ = z (1 − z) · (d − z) = 0.1868 · (0.01 − 0.7514) = −0.1385" in lines
    assert "Δw₁ = 0.5·0.5933·(−0.1385) = −0.04108" in lines
    assert tab.evaluate("sum([[-1, 2], [-3, -4]], 10)") == "−1·2 + (−3)·(−4) = 10"


@chromium.needs_chromium
def test_two_moons_are_learned_before_ones_eyes(show):
    tab = show(live(), "#example=moons")
    tab.select_option("#speed", "max")
    tab.click("#play")
    until(tab, "#surface-words", "100 of 100 right")
    tab.click("#play")
    assert tab.inner_text("#play") == "Train"
    epoch = tab.evaluate("epoch")
    tab.wait_for_timeout(100)
    assert tab.evaluate("epoch") == epoch > 0  # it is paused
    tab.click("#again")
    assert tab.evaluate("[epoch, learner.weights]") == [0, live().data["examples"][1]["weights"]]


@chromium.needs_chromium
def test_weights_are_changed_by_hand_while_a_row_is_followed(show):
    tab = show(live(), "#example=xor")
    for _ in range(3):
        tab.click("#wave")
    tab.fill("#weight-1", "0.25")
    weight = "learner.value[learner.net.layers[chosen.l][chosen.n].weights[1]]"
    assert tab.evaluate(weight) == 0.25
    before = tab.evaluate("learner.grad.some((x) => x !== 0)")
    assert before  # the row was computed again
    tab.click("#row")
    assert tab.evaluate("at") == 1


@chromium.needs_chromium
def test_rows_of_ones_own(show):
    tab = show(live())
    tab.fill("#rows", "0 0 0 -> 0\n0, 1, 1 → 1\n\n1;0;1 | 0")
    tab.fill("#hidden", "5 4")
    tab.click("#use")
    assert tab.evaluate("learner.net.sizes") == [3, 5, 4, 1]
    assert tab.evaluate("example.rows") == [[[0, 0, 0], [0]], [[0, 1, 1], [1]], [[1, 0, 1], [0]]]
    assert tab.is_visible("#table table")
    tab.select_option("#example", "moons")
    tab.select_option("#example", "typed")
    assert tab.evaluate("learner.net.sizes") == [3, 5, 4, 1]


@chromium.needs_chromium
@pytest.mark.parametrize(
    ("rows", "hidden", "words"),
    [
        ("", "4", "There is no row yet."),
        ("0 1 1", "4", "Line 1: write the inputs, an arrow"),
        ("0 1 -> 1\n0 -> 1", "4", "Line 2 has 1 inputs and 1 desired, the first has 2 and 1."),
        ("0 x -> 1", "4", "Line 1: something is not a number."),
        ("0 1 ->", "4", "Line 1: there is no number on one side"),
        ("0 1 -> 1", "4.5", "Hidden layers are whole numbers"),
    ],
)
def test_rows_that_cannot_be_read_say_why_and_change_nothing(show, rows, hidden, words):
    tab = show(live(), "#example=xor")
    tab.fill("#rows", rows)
    tab.fill("#hidden", hidden)
    tab.click("#use")
    assert words in tab.inner_text("#trouble")
    assert tab.evaluate("example.name") == "xor"


@chromium.needs_chromium
def test_a_rate_that_is_too_large_ends_the_training_with_a_word(show):
    tab = show(live(network=net(["relu", "relu", linear]), rows=ROWS, rate=1e6))
    tab.click("#play")
    until(tab, "#trouble", "smaller rate")
    assert tab.inner_text("#play") == "Train"


@chromium.needs_chromium
@pytest.mark.parametrize("example", ["xor", "moons", "circles", "spiral", "curve", "worked"])
def test_nothing_is_below_the_fold_of_a_projector(show, example):
    tab = show(live(), f"#example={example}")
    assert tab.evaluate("document.documentElement.scrollHeight") <= 800
    assert tab.evaluate("document.documentElement.scrollWidth") <= 1280


@chromium.needs_chromium
def test_on_a_phone_nothing_leaves_the_screen_to_the_side(show):
    tab = show(live(), "#example=moons")
    tab.set_viewport_size({"width": 360, "height": 740})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360


@chromium.needs_chromium
def test_on_a_phone_the_neuron_of_the_step_is_in_sight(show):
    tab = show(live(), "#example=moons")
    tab.set_viewport_size({"width": 390, "height": 844})
    neurons = set()
    for _ in range(tab.evaluate("wave.length") - 1):
        tab.evaluate("nextStep()")
        place = tab.evaluate(
            """(() => { const { l, n } = wave[step], frame = $("network").getBoundingClientRect();
              if (l === undefined) return null;
              const here = picture.neurons.find((one) => one.c === l + 1 && one.k === n).group
                .querySelector("circle").getBoundingClientRect();
              return [l, n, frame.left <= here.left && here.right <= frame.right]; })()"""
        )
        if place is not None:
            neurons.add(tuple(place))
        words = tab.locator("#network-words").bounding_box()
        assert words["x"] >= 0
        assert words["x"] + words["width"] <= 390  # only the picture moves
    assert neurons == {
        (layer, k, True) for layer, size in enumerate([8, 8, 1]) for k in range(size)
    }


@chromium.needs_chromium
def test_keys(show):
    tab = show(live(), "#example=xor")
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate("step") == 0
    tab.keyboard.press("r")
    assert tab.evaluate("[step, at]") == [-1, 1]
    tab.keyboard.press("Space")
    assert tab.inner_text("#play") == "Pause"
    tab.keyboard.press("Space")
    assert tab.inner_text("#play") == "Train"


@pytest.mark.parametrize("op", [*ACTIVATIONS, linear])
def test_first_weights_of_the_page_have_the_limits_of_the_library(op):
    rule = live().data["limits"][getattr(op, "name", "linear")]
    for inputs, outputs in ((1, 1), (2, 8), (64, 30)):
        size = rule["gain"] * math.sqrt(6 / (inputs + (outputs if rule["outputs"] else 0)))
        assert size == pytest.approx(initialise.limit(op, inputs, outputs), rel=1e-15)
