"""The documentation as a site: `python tools/site.py [FOLDER]` writes it to FOLDER, build/site.

Sphinx with MyST builds it, because both have lived long, read the pages as they stand and work
without a server. The pages of docs/ are gathered in four parts: to learn from, to look up how, to
understand, and the reference. The reference is written from docstrings, which are generated from
the table where a name is a primitive: an entry of the table stands on the site without more work.
Needs `pip install -e ".[all,site]"`.
"""

from __future__ import annotations

import importlib.util
import inspect
import math
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import autograd_bp as bp
from autograd_bp.primitives import TABLE, Primitive

ROOT = Path(__file__).resolve().parent.parent


def tool(name: str) -> Any:
    """A script beside this one. Its folder stays off the path: it has a site.py, as Python has."""
    place = importlib.util.spec_from_file_location(f"tools_{name}", ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


notebooks, versions = tool("notebooks"), tool("versions")
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
ROOMS = ("", "nn", "training", "checking", "drawing", "stepping", "derivatives", "flow", "linalg")
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
>>> w = bp.Value(0.5, "w")
>>> P = bp.performance(1.0, bp.sigmoid(w * 2 - 1))
>>> P.backward()
>>> w.grad
0.25
```

![A neuron with its values, gradients and local derivatives](pictures/gallery/one-neuron.svg)

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
        (folder / f"{name}.md").write_text(text, "utf-8")
    (folder / "reference").mkdir()
    plots = folder / "reference" / "plots"
    plots.mkdir()
    (folder / "reference" / "primitives.md").write_text(primitives_page(plots), "utf-8")
    (folder / "reference" / "functions.md").write_text(functions_page(), "utf-8")
    (folder / "reference" / "command.md").write_text(command_page(), "utf-8")
    (folder / "index.md").write_text(INDEX + "".join(map(_tree, PARTS)), "utf-8")
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


# ---------------------------------------------------------------------------- the reference
def entry(name: str, thing: Any, level: int, plot: str = "") -> str:
    """A name with its signature and its docstring, as help() shows it."""
    try:
        signature = str(inspect.signature(thing))
    except (TypeError, ValueError):
        signature = ""
    text = inspect.getdoc(thing) or ""
    first, _, rest = text.partition("\n\n")
    lines = [
        f"{'#' * level} {name}",
        "",
        "```text",
        f"{name}{signature}",
        "```",
        "",
        _escaped(first),
        "",
    ]
    lines += [plot, ""] * bool(plot)
    lines += ["```text", rest.strip("\n"), "```", ""] * bool(rest.strip())
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return re.sub(r"([\\*_<>\[\]|$#])", r"\\\1", text)


def primitives_page(plots: Path) -> str:
    """Every primitive: formula, derivative, domain, kinks, measured accuracy, and a plot."""
    lines = [
        "# Primitives",
        "",
        "Each is generated from its entry of the table; the errors are those of the page on "
        "[accuracy](../accuracy.md), in units in the last place.",
        "",
    ]
    for op in TABLE:
        function = getattr(bp, op.name, None)
        if op.name in bp.__all__ and callable(function):
            lines.append(entry(op.name, function, 2, plotted(op, plots)))
    return "\n".join(lines)


def plotted(op: Primitive, plots: Path) -> str:
    """A picture of a primitive of one input and of its slope."""
    if op.arity != 1 or op.partials is None:
        return ""
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt
    import numpy as np

    mpl.rcParams["svg.hashsalt"] = op.name
    x = np.linspace(*_range(op), 600)
    y, slope = [], []
    for number in x.tolist():
        v = bp.Value(number)
        w = getattr(bp, op.name)(v)
        w.backward()
        y.append(w.data)
        slope.append(v.grad)
    figure, axes = plt.subplots(figsize=(4.2, 2.4), layout="constrained")
    for numbers, label, style in ((y, op.name, "-"), (slope, "derivative", "--")):
        axes.plot(x, _shown(numbers), style, label=label)
    axes.axhline(0, color="gray", linewidth=0.6)
    axes.legend(fontsize=8)
    axes.tick_params(labelsize=8)
    figure.savefig(plots / f"{op.name}.svg", metadata={"Date": None})
    plt.close(figure)
    return f"![{op.name} and its derivative](plots/{op.name}.svg)"


def _range(op: Primitive) -> tuple[float, float]:
    """Where its values are numbers, between -4 and 4."""
    known = [k / 50 for k in range(-200, 201) if math.isfinite(op.forward(k / 50))]
    return (known[0], known[-1]) if known else (-1.0, 1.0)


def _shown(numbers: list[float]) -> list[float]:
    """Poles would leave nothing else to see."""
    size = sorted(abs(y) for y in numbers if math.isfinite(y))
    most = 1.5 * max(size[int(0.9 * (len(size) - 1))], 1.0) if size else 1.0
    return [y if abs(y) <= most else math.nan for y in numbers]


def functions_page() -> str:
    """The public names of all rooms but the primitives."""
    names = {op.name for op in TABLE}
    lines = ["# Functions and classes", ""]
    for room in ROOMS:
        module = importlib.import_module(f"autograd_bp.{room}") if room else bp
        lines += [f"## autograd_bp{'.' * bool(room)}{room}", ""]
        for name in sorted(getattr(module, "__all__", ()), key=str.lower):
            thing = getattr(module, name)
            if not name.startswith("_") and (name not in names or room) and callable(thing):
                lines.append(entry(name, thing, 3))
    return "\n".join(lines)


def command_page() -> str:
    """What the command says of itself."""
    lines = ["# The command", ""]
    for command in ("", *_commands()):
        words = [sys.executable, "-m", "autograd_bp", *command.split(), "--help"]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        lines += [f"## autograd-bp {command}".rstrip(), "", "```text", said.rstrip(), "```", ""]
    return "\n".join(lines)


def _commands() -> Iterator[str]:
    said = subprocess.run(
        [sys.executable, "-m", "autograd_bp", "--help"], capture_output=True, text=True, check=True
    ).stdout
    body = said.partition("COMMAND\n")[2].partition("\n\n")[0]
    for line in body.splitlines():
        if match := re.match(r"    (\w+)\s", line):
            yield match[1]


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
