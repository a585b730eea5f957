"""The scripts of examples/ run, write their pictures, and their numbers are right: by closed forms,
by other methods, or as published."""

import importlib.util
import math
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import autograd_bp as bp

np = pytest.importorskip("numpy")
pytest.importorskip("matplotlib")

ROOT = Path(__file__).resolve().parent.parent
SHOWN = ROOT / "docs" / "pictures" / "examples"
PAGE = (ROOT / "docs" / "examples.md").read_text("utf-8")


def script(name):
    place = importlib.util.spec_from_file_location(name, ROOT / "examples" / f"{name}.py")
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


def is_picture(path):
    assert ET.fromstring(path.read_bytes()).tag.endswith("svg")
    assert (SHOWN / path.name).exists()
    return True


def test_the_page_shows_each_script_with_its_picture():
    for picture in SHOWN.iterdir():
        name = picture.stem.replace("-", "_")
        assert f"(pictures/examples/{picture.name})" in PAGE
        assert f"[examples/{name}.py](../examples/{name}.py)" in PAGE


def test_penguins(tmp_path):
    penguins = script("penguins")
    model, known, new = penguins.learn()
    assert any(cell is None for name in known for cell in known[name])
    accuracy = model.score({**new, "y": new["species"]}).accuracy
    assert accuracy > 0.93  # always the commonest would be 0.44
    assert penguins.missing(model) == "Gentoo"
    assert model.prove().ok
    assert is_picture(penguins.picture(model, new, tmp_path / "penguins.svg"))


def test_names(tmp_path):
    names = script("names")
    model = names.learn(300, epochs=20)
    texts, answers = names.rows(300, seed=1)
    assert model.score((texts, answers)).accuracy > 0.58  # by chance it would be 0.5
    assert model.predict(["anna"]) == [model.predict("anna")]
    assert is_picture(names.picture(model, tmp_path / "names.svg"))


def test_an_irregular_wiring(tmp_path):
    wiring = script("irregular_wiring")
    X, D = wiring.ring(200, seed=0)
    learned = wiring.learn(X, D, steps=60)
    first = wiring.Wiring(wiring.WIRES, seed=12)
    assert wiring.share_right(learned, X, D) > max(0.85, wiring.share_right(first, X, D))

    def performance():
        return bp.performance(1.0, first([0.3, -0.7]))

    performance().backward()
    for weight in first.parameters():
        kept, P = weight.data, []
        for weight.data in (kept - 1e-5, kept + 1e-5):
            P.append(performance().data)
        weight.data = kept
        assert weight.grad == pytest.approx((P[1] - P[0]) / 2e-5, abs=1e-9)
    assert is_picture(wiring.picture(learned, X, D, tmp_path / "irregular-wiring.svg"))


def test_the_encoder_finds_a_code(tmp_path):
    encoder = script("encoder")
    network, curve = encoder.learn()
    assert (network.compiled()(encoder.PATTERNS).argmax(axis=1) == np.arange(8)).all()
    codes = encoder.codes(network)
    assert len({tuple(code > 0.5) for code in codes}) == 8
    assert curve[-1] > 10 * curve[0]
    assert is_picture(encoder.picture(network, curve, tmp_path / "encoder.svg"))


def test_symmetry_is_learned_in_as_many_sweeps_as_published(tmp_path):
    tasks = script("symmetry_and_parity")
    network, count = tasks.learn(tasks.SYMMETRY, seed=3)
    assert 0.5 < count / tasks.SYMMETRY.published < 2  # 1,265 of 1,425
    weights = np.array([neuron[1:] for neuron in network.weights[0]])
    mirrored = weights[:, ::-1]
    assert abs(weights + mirrored).max() < 0.25 * abs(weights).max()  # of opposite sign
    _, stuck = tasks.learn(tasks.SYMMETRY, seed=3, most=50)
    assert stuck is None
    counts = {"symmetry": [count, None], "parity": [600]}
    assert is_picture(tasks.picture(counts, weights, tmp_path / "symmetry-and-parity.svg"))


def test_parity_is_learned():
    tasks = script("symmetry_and_parity")
    network, count = tasks.learn(tasks.PARITY, seed=6)
    assert count < tasks.PARITY.published
    for row in tasks.PARITY.X.tolist():
        assert (network(row)[0].data > 0.5) == (sum(row) % 2 == 1)


def test_the_tables_of_the_page_are_what_the_task_is():
    tasks = script("symmetry_and_parity")
    assert tasks.SYMMETRY.D.sum() == 8  # three bits decide a symmetric row
    assert tasks.PARITY.D.sum() == 8
    assert "1,425" in PAGE
    assert "2,825" in PAGE


def test_faces(tmp_path):
    pytest.importorskip("skimage")
    faces = script("faces")
    network, (X, D) = faces.learn()
    assert faces.share_right(network, X, D) >= 0.9
    assert faces.picture(network, X, D, tmp_path / "faces.png").read_bytes()[:4] == b"\x89PNG"


def test_the_greeks_agree_within_their_errors():
    greeks = script("greeks")
    price, exact = bp.value_and_grad(greeks.european)(greeks.MARKET)
    spot, volatility, rate = greeks.MARKET.values()
    root = volatility * greeks.TIME**0.5
    d1 = (math.log(spot / greeks.STRIKE) + (rate + volatility**2 / 2) * greeks.TIME) / root
    assert exact["spot"] == pytest.approx(math.erfc(-d1 / math.sqrt(2)) / 2, rel=1e-12)
    found = greeks.simulated(0, greeks.MARKET, 4000)
    for name, number in {"price": price, **exact}.items():
        mean, error = found[name]
        assert abs(mean - number) < 4 * error, name
        assert error < 0.05 * abs(number), name


def test_the_greeks_of_the_asian_call_are_the_slopes_of_its_simulated_price(tmp_path):
    greeks = script("greeks")
    slopes = greeks.simulated(1, greeks.MARKET, 4000)
    for name, number in greeks.MARKET.items():
        step = 1e-4 * number
        high, low = (
            greeks.simulated(1, {**greeks.MARKET, name: number + h}, 4000)["price"][0]
            for h in (step, -step)
        )
        assert slopes[name][0] == pytest.approx((high - low) / (2 * step), rel=2e-3)
    assert is_picture(greeks.picture(tmp_path / "greeks.svg"))


def test_the_parameters_of_an_ode_are_found(tmp_path):
    ode = script("ode_parameters")
    p, errors, J = ode.fitted(ode.measured())
    assert (abs(p - ode.TRUE) < 3 * errors).all()
    # What is kept: d x - c ln x + b y - a ln y is the same at each time of a solution.
    numbers = np.array(ode.populations(ode.TRUE))
    x, y = numbers[::2], numbers[1::2]
    a, b, c, d = ode.TRUE
    kept = d * x - c * np.log(x) + b * y - a * np.log(y)
    assert np.ptp(kept) < 1e-5
    step = 1e-5 * np.eye(4)
    for k in range(4):
        high, low = (np.array(ode.populations(p + h)) for h in (step[k], -step[k]))
        assert J[:, k] == pytest.approx((high - low) / 2e-5, abs=1e-6)
    assert is_picture(ode.picture(ode.measured(), p, tmp_path / "ode-parameters.svg"))


def test_a_physics_informed_network_finds_the_solution(tmp_path):
    physics = script("physics_informed")
    w, curve = physics.solve(steps=120)
    assert curve[-1] < 1e-6 * curve[0]
    assert physics.error(w) < 2e-3
    x, h = 1.3, 1e-3  # u″ inside the loss is the second difference of u
    u = [physics.solution(w.tolist(), x + k * h) for k in (-1, 0, 1)]
    curvature = physics.residual(w.tolist(), x) - 4 * u[1]
    assert curvature == pytest.approx((u[0] - 2 * u[1] + u[2]) / h**2, abs=1e-4)
    assert is_picture(physics.picture(w, curve, tmp_path / "physics-informed.svg"))
