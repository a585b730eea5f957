"""The documentation as a site: `python tools/site.py [FOLDER]` writes it to FOLDER, build/site.

Sphinx with MyST builds it, because both have lived long, read the pages as they stand and work
without a server. The pages of docs/ are gathered in four parts: to learn from, to look up how, to
understand, and the reference. The reference is written from docstrings, which are generated from
the table where a name is a primitive: an entry of the table stands on the site without more work.
Needs `pip install -e ".[all,site]"`.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import autograd_bp as bp

ROOT = Path(__file__).resolve().parent.parent


def tool(name: str) -> Any:
    """A script beside this one. Its folder stays off the path: it has a site.py, as Python has."""
    place = importlib.util.spec_from_file_location(f"tools_{name}", ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


notebooks, reference, versions = tool("notebooks"), tool("reference"), tool("versions")
PARTS = {
    "Learn": (
        *("first-steps", "pencil-and-paper", "the-post", "errata"),
        *("stepping", "gallery", "examples"),
    ),
    "How to": (
        *("cookbook", "cookbook-solving", "cookbook-statistics", "cookbook-programs"),
        *("from-csv-to-production", "networks-of-ones-own"),
        *("derivatives", "numpy", "compiling", "training", "checking", "doctor", "pytest-plugin"),
        *("grading", "drawing", "migrating"),
    ),
    "Understand": ("kinks", "accuracy", "architecture", "versions", "contributing"),
    "Reference": ("reference/primitives", "reference/functions", "reference/command", "changes"),
}
OTHERS = {
    "README.md": "first-steps",
    "CHANGELOG.md": "changes",
    "CONTRIBUTING.md": "contributing",
}
SETTINGS = f"""
project = "autograd_bp"
copyright = "the authors of autograd_bp, MIT licence"
version = release = "{bp.__version__}"
extensions = ["myst_parser", "sphinx_copybutton"]
html_theme = "furo"
html_title = "autograd_bp {bp.__version__}"
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
suppress_warnings = ["misc.highlighting_failure"]
copybutton_prompt_text = ">>> |\\\\.\\\\.\\\\. |\\\\$ "
copybutton_prompt_is_regexp = True
exclude_patterns = ["scripts"]
html_extra_path = ["extra"]
html_static_path = ["static"]
html_js_files = ["versions.js"]
"""
INDEX = """# autograd_bp

A scalar automatic differentiation engine: as readable as the formulas, proved against them, and at
native speed.

```python
>>> import autograd_bp as bp
>>> w, x = bp.Value(0.5, "w"), bp.Value(2.0, "x")
>>> P = bp.performance(1.0, bp.sigmoid(w * x - 1))
>>> P.backward()
>>> w.grad
0.25
>>> picture = bp.draw(P).save("neuron.svg")
```

<picture>
  <source srcset="pictures/gallery/first-dark.svg">
  <img src="pictures/gallery/first.svg" alt="A neuron: values, gradients, local derivatives">
</picture>

- To learn how backpropagation works: [six notebooks with pencil and paper](pencil-and-paper.md),
  [the post, formula by formula](the-post.md), and [pages to play with](stepping.md).
- To use it: [first steps](first-steps.md), [a cookbook](cookbook.md),
  [derivatives](derivatives.md), [compiling](compiling.md),
  [from a CSV to a model](from-csv-to-production.md).
- To trust it: [checking gradients](checking.md), [kinks and what an exact 0 means](kinks.md),
  [measured accuracy](accuracy.md).
"""


# ---------------------------------------------------------------------------- the pages
def page(text: str, at: str) -> str:
    """A page of the repository as one of the site: what links out of it becomes text.

    Arguments:
        text: the page.
        at: the folder it stands in, "" or "docs".
    """

    def link(match: re.Match[str]) -> str:
        shown, place = match.groups()
        if re.match(r"[a-z]+:|#", place):
            return match.group()
        file = place.partition("#")[0]
        target = (ROOT / at / file).resolve()
        inside = target.relative_to(ROOT).as_posix()
        if inside.startswith("docs/") and target.suffix in (".md", ".png", ".svg", ".ipynb"):
            place = place.replace(".ipynb", ".md")
            return f"{shown}({place if at == 'docs' else place.removeprefix('docs/')})"
        if inside in OTHERS:
            return f"{shown}({OTHERS[inside]}.md)"
        if inside.startswith("examples/") and target.suffix == ".py":
            return f"{{download}}`{shown[1:-1]} <scripts/{inside.removeprefix('examples/')}>`"
        return f"{shown[1:-1]} (`{inside}`)" if inside not in shown else f"`{inside}`"

    text = re.sub(r"(?<!!)(\[[^\[\]]*\])\(([^()\s]+)\)", link, text)
    text = re.sub(r'(\]\(|=")docs/pictures/', r"\1pictures/", text)
    return re.sub(r"<picture>.*?</picture>", _picture, text, flags=re.DOTALL)


def gather(folder: Path) -> None:
    """All pages, as Sphinx reads them."""
    for file in sorted((ROOT / "docs").glob("*.md")):
        text = page(file.read_text("utf-8"), "docs")
        if file.stem in ("gallery", "examples"):
            text = with_downloads(text)
        (folder / file.name).write_text(text, "utf-8")
    shutil.copytree(ROOT / "docs" / "pictures", folder / "pictures")
    gather_notebooks(folder)
    shutil.copytree(ROOT / "examples", folder / "scripts", ignore=shutil.ignore_patterns("__*"))
    (folder / "static").mkdir()
    (folder / "static" / "versions.js").write_text(versions.ALONE, "utf-8")
    for file, name in OTHERS.items():
        text = page((ROOT / file).read_text("utf-8"), "")
        if name == "first-steps":
            text = re.sub(r"\A# .*", "# First steps", text)
            text = re.sub(r"^</?(?:table|tr|td)>\n", "", text, flags=re.MULTILINE)  # for phones
        (folder / f"{name}.md").write_text(text, "utf-8")
    (folder / "reference").mkdir()
    plots = folder / "reference" / "plots"
    plots.mkdir()
    (folder / "reference" / "primitives.md").write_text(reference.primitives_page(plots), "utf-8")
    (folder / "reference" / "functions.md").write_text(reference.functions_page(), "utf-8")
    (folder / "reference" / "command.md").write_text(reference.command_page(), "utf-8")
    (folder / "index.md").write_text(page(INDEX, "docs") + "".join(map(_tree, PARTS)), "utf-8")
    (folder / "conf.py").write_text(SETTINGS, "utf-8")


def gather_notebooks(folder: Path) -> None:
    """The notebooks as pages with their outputs, and themselves for a download."""
    pictures, frames = folder / "notebooks" / "pictures", folder / "extra" / "notebooks" / "pages"
    pictures.mkdir(parents=True)
    frames.mkdir(parents=True)
    books = sorted(notebooks.FOLDER.glob("*.ipynb"))
    for path in books:
        text = notebooks.as_page(path, pictures, frames)
        (folder / "notebooks" / f"{path.stem}.md").write_text(text, "utf-8")
        shutil.copy(path, folder / "notebooks")
    with (folder / "pencil-and-paper.md").open("a", encoding="utf-8") as page:
        names = [f"notebooks/{path.stem}" for path in books]
        page.write("\n".join(["", "```{toctree}", ":hidden:", "", *names, "```", ""]))


def _picture(match: re.Match[str]) -> str:
    """The pictures for light and for dark pages, of which the theme shows one."""
    alt = re.search(r'alt="([^"]*)"', match.group())
    lines = [""]
    for key, only in (("srcset", "dark"), ("src", "light")):
        if source := re.search(rf'\b{key}="([^"]*)"', match.group()):
            lines += [f"```{{image}} {source[1]}", f":class: only-{only}"]
            lines += [f":alt: {alt[1]}"] * bool(alt)
            lines += ["```", ""]
    return "\n".join(lines)


SHOWN = re.compile(r"^!\[[^\]]*\]\((pictures/[^)]+)\)$|^```\{image\} (pictures/\S+)$", re.MULTILINE)
SCRIPT = re.compile(r"\{download\}`examples/[\w/]+\.py <(scripts/[\w/]+\.py)>`")


def with_downloads(text: str) -> str:
    """A page of pictures: below its first picture each section has the files for a download, and
    at its end the code of the script that it names."""
    parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    return "".join([parts[0], *map(_section, parts[1:])])


def _section(text: str) -> str:
    files = list(dict.fromkeys(a or b for a, b in SHOWN.findall(text)))
    if files:
        links = [f"{{download}}`{Path(file).name} <{file}>`" for file in files]
        text = f"{text.rstrip()}\n\nDownload: {', '.join(links)}\n\n"
    if script := SCRIPT.search(text):
        code = f"```{{literalinclude}} {script[1]}\n:language: python\n```"
        text += f"<details>\n<summary>The code</summary>\n\n{code}\n\n</details>\n\n"
    return text


def _tree(part: str) -> str:
    made = {*OTHERS.values(), *PARTS["Reference"]}
    names = [
        name for name in PARTS[part] if name in made or (ROOT / "docs" / f"{name}.md").exists()
    ]
    return "\n".join(["", "```{toctree}", ":hidden:", f":caption: {part}", "", *names, "```", ""])


def main(folder: Path) -> int:
    source = folder.parent / "site-source"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    gather(source)
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
    done = subprocess.run([*command, str(source), str(folder)], check=False)
    if done.returncode == 0:
        print(f"{folder / 'index.html'}")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "site")))
