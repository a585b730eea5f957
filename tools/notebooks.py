"""The notebooks of docs/notebooks, written from the pages beside them.

    python tools/notebooks.py            writes and executes them (nbclient and ipykernel)

A page NAME.md is the source: its python blocks are the cells of code, and what stands between them
are the cells of text. A block inside <details>, the solution of an exercise, stays text. NAME.ipynb
is the same with its outputs, so that it can be read without a kernel.
"""

from __future__ import annotations

import json
import re
import sys
from html import unescape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "notebooks"
BLOCK = re.compile(r"<details>.*?</details>|^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SOLUTION = re.compile(r"^```python\n(# Solution (\d+)\n.*?)^```$", re.DOTALL | re.MULTILINE)


def cells(text: str) -> list[tuple[str, str]]:
    """("markdown" or "code", text) of each cell of a page, in order."""
    parts: list[tuple[str, str]] = []
    start = 0
    for match in BLOCK.finditer(text):
        if match[1] is None:  # details stay in the text around them
            continue
        parts.append(("markdown", text[start : match.start()].strip()))
        parts.append(("code", match[1].rstrip()))
        start = match.end()
    parts.append(("markdown", text[start:].strip()))
    return [part for part in parts if part[1]]


def solutions(text: str) -> dict[int, str]:
    """The code of each solution, by the number of its exercise."""
    return {int(number): code for code, number in SOLUTION.findall(text)}


def solved(exercise: str, solution: str) -> str:
    """The cell of an exercise with the functions and names of the solution in it."""
    lines = exercise.splitlines()
    for name, code in _definitions(solution).items():
        first = next(i for i, line in enumerate(lines) if _defines(line) == name)
        last = first + 1
        while last < len(lines) and (not lines[last].strip() or lines[last].startswith(" ")):
            last += 1
        lines[first:last] = [*code, ""]
    return "\n".join(lines)


def _definitions(code: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    name = ""
    for line in code.splitlines():
        if defined := _defines(line):
            name = defined
            found[name] = []
        if name:
            found[name].append(line)
    return found


def _defines(line: str) -> str:
    match = re.match(r"(?:def )?(\w+)(?:\(| = )", line)
    return match[1] if match and not line.startswith("print") else ""


def notebook(path: Path) -> dict[str, Any]:
    """The notebook of a page, without outputs."""
    made: list[dict[str, Any]] = []
    for number, (kind, text) in enumerate(cells(path.read_text("utf-8"))):
        cell: dict[str, Any] = {
            "cell_type": kind,
            "id": f"cell-{number}",
            "metadata": {},
            "source": text.splitlines(keepends=True),
        }
        if kind == "code":
            cell |= {"execution_count": None, "outputs": []}
        made.append(cell)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def executed(path: Path) -> dict[str, Any]:
    """The notebook of a page after a kernel has run it."""
    import nbclient
    import nbformat

    book = nbformat.reads(json.dumps(notebook(path)), as_version=4)
    nbclient.NotebookClient(
        book, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}
    ).execute()
    for cell in book.cells:
        cell.metadata = {}  # it has the times of the run
    result: dict[str, Any] = json.loads(nbformat.writes(book))
    result["metadata"] = notebook(path)["metadata"]
    return result


def as_page(path: Path, pictures: Path, frames: Path) -> str:
    """A notebook as a page of the site.

    Arguments:
        path: the notebook, executed.
        pictures: the folder for its pictures, beside the page.
        frames: the folder for the pages that it embeds, which the site copies as they are.
    """
    lines = [""]
    book = json.loads(path.read_text("utf-8"))
    for number, cell in enumerate(book["cells"]):
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            lines += [text.replace(".ipynb)", ".md)"), ""]
            continue
        lines += ["```python", text, "```", ""]
        for output in cell["outputs"]:
            lines += [_shown(output, f"{path.stem}-{number}", pictures, frames), ""]
    lines[0] = f"{{download}}`Download this notebook <{path.name}>`"
    title = next(i for i, line in enumerate(lines) if line.startswith("# "))
    head, _, rest = lines[title].partition("\n")
    return "\n".join([head, "", lines[0], "", rest, *lines[title + 1 :]])


def _shown(output: dict[str, Any], name: str, pictures: Path, frames: Path) -> str:
    """An output as the text of a page."""
    data = output.get("data", {})
    html = "".join(data.get("text/html", ""))
    if embedded := re.search(r'title="([^"]*)" srcdoc="([^"]*)"', html):
        (frames / f"{name}.html").write_text(unescape(embedded[2]), "utf-8")
        place = f"{frames.name}/{name}.html"
        return (
            f'<iframe sandbox="allow-scripts" style="width:100%;height:52rem;border:0" '
            f'title="{embedded[1]}" src="{place}"></iframe>\n\n'
            f'<a href="{place}">The page by itself</a>'
        )
    if "image/svg+xml" in data:
        (pictures / f"{name}.svg").write_text("".join(data["image/svg+xml"]), "utf-8")
        return f"![{''.join(data['text/plain'])}]({pictures.name}/{name}.svg)"
    text = "".join(output.get("text", data.get("text/plain", "")))
    return f"```text\n{text.rstrip()}\n```"


def pages() -> list[Path]:
    return sorted(FOLDER.glob("*.md"))


def main() -> int:
    for path in pages():
        text = json.dumps(executed(path), indent=1, ensure_ascii=False)
        path.with_suffix(".ipynb").write_text(text + "\n", "utf-8")
        print(path.with_suffix(".ipynb").relative_to(ROOT), f"{len(text) // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
