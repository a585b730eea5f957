"""What the tools for the site do without Sphinx: pages, downloads, versions."""

import importlib.util
import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "tools"


def tool(name):
    place = importlib.util.spec_from_file_location(f"tools_{name}", TOOLS / f"{name}.py")
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


@pytest.fixture
def site():
    return tool("site")


versions = tool("versions")


def built(folder):
    folder.mkdir()
    (folder / "index.html").write_text("a site", "utf-8")
    return folder


def test_versions_stand_side_by_side_and_the_newest_is_first(tmp_path):
    public = tmp_path / "public"
    site = built(tmp_path / "site")
    for version in ("0.9.0", "main", "0.10.0", "0.10.0rc1"):
        found = versions.publish(site, public, version)
    assert found == ["0.10.0", "0.10.0rc1", "0.9.0", "main"]
    text = (public / "versions.js").read_text("utf-8")
    assert json.loads(text.partition("= ")[2].rstrip(";\n")) == found
    assert "0.10.0/index.html" in (public / "index.html").read_text("utf-8")
    assert (public / "0.9.0" / "index.html").read_text("utf-8") == "a site"
    assert (public / "0.9.0" / "_static" / "versions.js").read_text("utf-8") == versions.SWITCH
    assert not (site / "_static").exists()  # a site by itself has no switch


def test_a_version_that_is_published_again_replaces_the_earlier_one(tmp_path):
    site = built(tmp_path / "site")
    (site / "old.html").write_text("old", "utf-8")
    versions.publish(site, tmp_path / "public", "1.0")
    (site / "old.html").unlink()
    assert versions.publish(site, tmp_path / "public", "1.0") == ["1.0"]
    assert not (tmp_path / "public" / "1.0" / "old.html").exists()


@pytest.mark.parametrize("version", ["", "..", "a/b", "../x", "-x"])
def test_a_version_is_a_name(version, tmp_path):
    with pytest.raises(SystemExit, match="a version is a name"):
        versions.publish(built(tmp_path / "site"), tmp_path / "public", version)


def test_a_folder_without_a_site_is_refused(tmp_path):
    with pytest.raises(SystemExit, match=r"run python tools/site\.py"):
        versions.publish(tmp_path, tmp_path / "public", "1.0")


def test_the_script_of_the_switch_is_javascript(tmp_path):
    if not shutil.which("node"):
        pytest.skip("needs node")
    script = tmp_path / "switch.js"
    script.write_text(versions.SWITCH, "utf-8")
    subprocess.run(["node", "--check", str(script)], check=True)


def test_links_of_a_page_lead_to_pages_of_the_site(site):
    text = site.page(
        "[a](../README.md) [b](../examples/encoder.py) [c](training.md#outputs) "
        "[d](notebooks/1-neuron.ipynb) [e](../setup.cfg)",
        "docs",
    )
    assert text.split(" ", 1)[0] == "[a](first-steps.md)"
    assert "{download}`b <scripts/encoder.py>`" in text
    assert "[c](training.md#outputs)" in text
    assert "[d](notebooks/1-neuron.md)" in text
    assert "e (`setup.cfg`)" in text


def test_pictures_for_light_and_dark_pages_are_both_there(site):
    readme = site.page((ROOT / "README.md").read_text("utf-8"), "")
    for ending, only in (("", "light"), ("-dark", "dark")):
        picture = f"```{{image}} pictures/gallery/first{ending}.svg\n:class: only-{only}\n"
        assert picture in readme
    assert "<picture>" not in readme


def test_each_example_has_its_picture_and_its_code_for_a_download(site):
    text = site.page((ROOT / "docs" / "examples.md").read_text("utf-8"), "docs")
    text = site.with_downloads(text)
    for path in (ROOT / "docs" / "pictures" / "examples").iterdir():
        assert f"{{download}}`{path.name} <pictures/examples/{path.name}>`" in text
        name = path.stem.replace("-", "_")
        assert f"```{{literalinclude}} scripts/{name}.py" in text


def test_each_section_of_the_gallery_offers_its_pictures(site):
    text = site.page((ROOT / "docs" / "gallery.md").read_text("utf-8"), "docs")
    text = site.with_downloads(text)
    for path in (ROOT / "docs" / "pictures" / "gallery").iterdir():
        assert f"{{download}}`{path.name} <pictures/gallery/{path.name}>`" in text


def test_every_page_is_in_one_part_of_the_site(site):
    named = [name for names in site.PARTS.values() for name in names]
    assert len(named) == len(set(named))
    assert {path.stem for path in (ROOT / "docs").glob("*.md")} <= set(named)


# ---------------------------------------------------------------------------------- the reference
DOCSTRING = """\
Formula:    y = |x|
Derivative: ∂y/∂x = sign(x)
            for x ≠ 0
Kinks:      abs'(0) = 0

Words with a_name and `a_name`.

Arguments:
    value, other: what is
        drawn, a|b.
    x: the row.

Raises: ShapeError for
    lists that differ.

Example:
    >>> bp.abs(-1.0)
    1.0
"""


def test_the_sections_of_a_docstring_become_a_table_a_list_and_code():
    text = tool("reference").markdown(DOCSTRING)
    assert "| Formula | `y = \\|x\\|` |\n" in text
    assert "| Derivative | `∂y/∂x = sign(x)`<br>`for x ≠ 0` |\n| Kinks | abs'(0) = 0 |" in text
    assert "\nWords with a\\_name and `a_name`.\n" in text
    assert "- `value, other`: what is drawn, a\\|b.\n- `x`: the row.\n" in text
    assert "| Raises | ShapeError for lists that differ. |" in text
    assert "```python\n>>> bp.abs(-1.0)\n1.0\n```" in text


def test_a_long_signature_has_a_line_for_each_parameter():
    signature = tool("reference").signature
    assert signature("f", lambda x, *, k=(1, 2): x) == "f(x, *, k=(1, 2))"
    assert signature("f", lambda x, /, by=tool: x) == "f(x, /, by=tool)"

    def long(value: "dict[str, int]", *, other: "str | None" = "a, b", third: "int" = 3) -> "None":
        """Do nothing."""

    assert signature("a_name_that_is_rather_long", long) == (
        "a_name_that_is_rather_long(\n    value: dict[str, int],\n    *,\n"
        "    other: str | None = 'a, b',\n    third: int = 3,\n) -> None"
    )
