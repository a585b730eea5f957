"""The pages of checks in Chromium: what matters is on screen at any width."""

from chromium import CHROMIUM

pytestmark = CHROMIUM
WIDTHS = (360, 800, 1400)
NAME = "p['encoder.layer.0.attention.self.query.weight'][0]"


def at_each_width(browser, path):
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme
            )
            page = context.new_page()
            page.goto(path.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            yield width, page
            context.close()


def test_the_verdict_is_on_screen_and_a_remark_is_whole(browser, tmp_path):
    from autograd_bp.checking.plugin.page import document
    from autograd_bp.checking.points.coverage import Coverage

    part = {"name": NAME, "verdict": "WRONG", "remark": "a remark of many words " * 12}
    numbers = ("given", "autodiff", "numerical", "precise", "error", "ulps", "tolerance")
    part |= dict.fromkeys(numbers, -1.2345678901e-100) | {"left": None, "right": None}
    record = {
        "verdict": "WRONG", "ok": False, "failed": True, "outcome": "failed", "test": "t::t" * 40,
        "headline": f"WRONG in {NAME}, factor 1/2", "function": "f", "summary": "WRONG: it is",
        "components": [part], "count": 1, "verdicts": {"WRONG": 1}, "hints": [], "evidence": [],
        "subgraph": "every rule agrees " * 12 + ":\nv2 = sin(x) = 1\n└─ 1 ── x = 2",
    }  # fmt: skip
    formulas = record | {"components": [], "text": "Diagnosis: " + "a long sentence " * 20}
    (tmp_path / "r.html").write_text(document([record, formulas], Coverage()), encoding="utf-8")
    for width, page in at_each_width(browser, tmp_path / "r.html"):
        for selector in ("td.v", "tr.remark td", ".badge"):
            box = page.locator(selector).first.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
        for part_of_page in (page.locator("pre.words"), page.locator("p.dim").first):
            assert part_of_page.evaluate("words => words.scrollWidth <= words.clientWidth + 1")
        sentences = page.locator("p.dim").all_inner_texts()
        assert any(text.startswith("every rule agrees") for text in sentences)
        assert page.locator("pre").first.inner_text().startswith("v2 = sin(x) = 1")
        remark = page.locator("tr.remark td")
        assert remark.evaluate("cell => cell.scrollWidth <= cell.clientWidth + 1")
        assert remark.inner_text().strip() == part["remark"].strip()


def test_the_page_of_a_student_fits_any_width(browser, tmp_path):
    from autograd_bp.checking.grading.page import page as student_page
    from autograd_bp.checking.grading.results import Explanation, Group, Mark, Result

    mark = Mark("gradient_of_something" + NAME, "example 1", -1.23456789e-100, 1 / 3, False)
    result = Result(
        "a_name_without_any_space" * 5, "a.py", (Group("γ[2]", 3.0, 0, 1),), (mark,),
        (Explanation(mark, "γ = " + "y (1 - y) " * 40, "used" * 60, "mistake" * 20, "why " * 60),),
        ("x" * 300,), ("line 1, in f: " + "x" * 200,), ("remark " * 50,), "printed" * 200,
    )  # fmt: skip
    (tmp_path / "s.html").write_text(student_page(result, "title" * 60), encoding="utf-8")
    for _, page in at_each_width(browser, tmp_path / "s.html"):
        page.locator("details").first.evaluate("card => card.open = true")
        for tile in page.locator(".tile b").all():
            assert tile.evaluate("number => number.scrollWidth <= number.clientWidth + 1")
