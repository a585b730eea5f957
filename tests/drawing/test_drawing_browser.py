"""Hostile labels in a real browser: no script runs, nothing is fetched, no markup appears."""

import chromium
import pytest
from test_render import HOSTILE

from autograd_bp import Value
from autograd_bp.drawing import diff, draw, draw_network, renderer
from autograd_bp.nn import Network

pytestmark = [
    *chromium.CHROMIUM,
    pytest.mark.skipif(not renderer(), reason="needs a program that lays out graphs"),
]

EVIL = [
    *HOSTILE,
    "<script>document.title='run'</script>",
    "<img src=x onerror=\"document.title='run'\">",
    "</text></svg><script>document.title='run'</script>",
    "</title><svg onload=\"document.title='run'\">",
]


@pytest.fixture(scope="module")
def page():
    with chromium.launched() as browser:
        yield browser.new_page()


def hostile_pictures():
    values = [Value(float(i), label) for i, label in enumerate(EVIL)]
    total = Value(float("inf"), "∞")
    for value in values:
        total = total * value
    total.backward()
    before = values[0] * 1.0
    return {
        "cards": draw(total, title=EVIL[-1]).svg,
        "diff": diff(before, total, title=EVIL[-2]).svg,
    }


@pytest.mark.parametrize("kind", ["cards", "diff"])
@pytest.mark.parametrize("inline", [True, False])
def test_no_label_becomes_markup_or_script_in_a_browser(page, tmp_path, kind, inline):
    svg = hostile_pictures()[kind]
    messages, urls = [], []
    page.on("console", lambda message: messages.append(message.text))
    page.on("dialog", lambda dialog: messages.append(dialog.message))
    page.on("request", lambda request: urls.append(request.url))
    file = tmp_path / ("picture.html" if inline else "picture.svg")
    if inline:
        inner = svg[svg.index("<svg") :]
        svg = f"<!doctype html><meta charset=utf-8><title>quiet</title>{inner}"
    file.write_text(svg, encoding="utf-8")
    page.goto(file.as_uri())
    elements = page.evaluate(
        "[...document.querySelectorAll('script,img,iframe,[onload],[onerror],b,i')].length"
    )
    links = page.evaluate(
        "[...document.querySelectorAll('*')].filter(e => e.hasAttribute('href') ||"
        " e.hasAttributeNS('http://www.w3.org/1999/xlink', 'href')).length"
    )
    assert (elements, links, messages) == (0, 0, [])
    assert page.title() != "run"
    assert urls == [file.as_uri()]


def test_the_page_of_a_picture_zooms_and_moves_without_a_word(page, tmp_path):
    messages, urls = [], []
    page.on("console", lambda message: messages.append(message.text))
    page.on("request", lambda request: urls.append(request.url))
    title = EVIL[-2]
    file = draw_network(Network([2, 3, 1], seed=0), title=title).save(tmp_path / "network.html")
    page.goto(file.as_uri())
    assert page.title() == title

    def place():
        return page.evaluate("document.querySelector('main svg').style.transform")

    fitted = place()
    page.keyboard.press("+")
    assert place() != fitted
    page.keyboard.press("0")
    assert place() == fitted
    page.keyboard.press("ArrowLeft")
    moved = place()
    assert moved != fitted
    page.mouse.move(200, 200)
    page.mouse.wheel(0, -300)
    page.wait_for_function(f"document.querySelector('main svg').style.transform !== {moved!r}")
    assert (messages, urls) == ([], [file.as_uri()])
