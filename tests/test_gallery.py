"""The gallery: every picture is made, is what its name says, and stands in the documentation."""

import importlib.util
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from autograd_bp.drawing import renderer

pytest.importorskip("matplotlib")
pytestmark = pytest.mark.skipif(not renderer(), reason="no program that lays out pictures")

ROOT = Path(__file__).resolve().parent.parent
SHOWN = ROOT / "docs" / "pictures" / "gallery"
AGAIN = (
    "one-neuron.svg",
    "neuron-model.svg",
    "rows-repeated.svg",
    "worked-derivation.tex",
    "worked-steps.html",
)


# Nothing in them was trained, and no other library draws them.
SAME_EVERYWHERE = (
    "first.svg",
    "first-dark.svg",
    "one-neuron.svg",
    "one-neuron-dark.svg",
    "one-neuron-unfolded.svg",
    "worked-network.svg",
    "worked-path.svg",
    "by-hand-and-swept.svg",
    "rows-repeated.svg",
    "recurrent.svg",
    "long-chain.svg",
    "long-chain-near.svg",
    "sheet-recurrence.svg",
    "sheet-lstm.svg",
    "sheet-attention.svg",
    "sheet-euler-dark.svg",
    "sheet-runge-kutta.svg",
    "sheet-black-scholes.svg",
    "sheet-network-2-16-16-1.svg",
    "sheet-network-64-30-10.svg",
    "sheet-tangle.svg",
)


def words(path):
    """What a picture says, wherever its layout puts it."""
    nodes = ET.fromstring(path.read_bytes()).iter()
    return sorted(node.text for node in nodes if node.tag.endswith("text") and node.text)


@pytest.fixture(scope="module")
def gallery():
    place = importlib.util.spec_from_file_location("gallery", ROOT / "examples" / "gallery.py")
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made(gallery, tmp_path_factory):
    folder = tmp_path_factory.mktemp("gallery")
    gallery.main(folder)
    return folder


def test_every_picture_is_made(made):
    for path in made.iterdir():
        content = path.read_bytes()
        assert len(content) > 100, path.name
        if path.suffix in (".svg", ".mml"):
            ET.fromstring(content)
        if path.suffix == ".png":
            assert content.startswith(b"\x89PNG")


def test_the_same_pictures_have_the_same_bytes(gallery, made):
    for name, make in gallery.pictures():
        if name in AGAIN:
            again = gallery.save(make(), made.parent / f"again-{name}")
            assert again.read_bytes() == (made / name).read_bytes(), name


def test_the_documentation_shows_what_the_script_makes(made):
    """After a change: python examples/gallery.py, and copy *.svg and *.png to docs/pictures."""
    pictures = {path.name for path in made.iterdir() if path.suffix in (".svg", ".png")}
    assert {path.name for path in SHOWN.iterdir()} == pictures
    for name in SAME_EVERYWHERE:
        assert words(SHOWN / name) == words(made / name), name
    page = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
    for path in SHOWN.iterdir():
        assert f"pictures/gallery/{path.name}" in page, path.name


def test_the_gallery_has_learned_what_it_shows(gallery):
    network = gallery.learned_xor()
    answers = [round(network(x)[0].data) for x, _ in gallery.XOR_ROWS]
    assert answers == [d for _, d in gallery.XOR_ROWS]


@pytest.mark.parametrize("path", sorted(SHOWN.glob("sheet-*.svg")), ids=lambda path: path.stem)
def test_a_picture_of_the_contact_sheet_can_be_read(path):
    root = ET.fromstring(path.read_bytes())
    width = float(root.get("width").removesuffix("px"))
    scale = width / float(root.get("viewBox").split()[2])
    smallest = min(float(node.get("font-size")) for node in root.iter() if node.get("font-size"))
    assert width <= 1600
    assert smallest * scale >= 9.0
    assert root.get("role") == "img"
    assert "computation graph of" in root[0].text
