"""Programs that were compiled before, as a tool of GradBench.

`python -m benchmarks.gradbench.programs FOLDER`: for each eval the folder has a program that takes
a file with the input and the name of a function, and prints the output on one line and a timing on
each of the others.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def answer(folder: Path, message: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to one message."""
    response: dict[str, Any] = {"id": message["id"]}
    if message["kind"] == "start":
        return {**response, "tool": folder.name}
    if message["kind"] not in ("define", "evaluate"):
        return response
    program = folder / message["module"]
    if message["kind"] == "define":
        return {**response, "success": program.is_file()}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(message["input"], file)
        file.flush()
        words = [str(program), file.name, message["function"]]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        return {**response, "success": False, "error": done.stderr.strip()}
    output, *timings = map(json.loads, done.stdout.splitlines())
    return {**response, "success": True, "output": output, "timings": timings}


def main() -> None:
    folder = Path(sys.argv[1]).resolve()
    for line in sys.stdin:
        print(json.dumps(answer(folder, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
