"""The actions of the command line: each is a function call, which the help of its command names.

Bad input ends with one line on stderr and exit code 2, a proof that fails with 1. Ctrl-C, SIGTERM
and SIGHUP end with 130, 143 and 129, after the weights learned so far have been saved.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from autograd_bp._starting import IS_COMMAND
from autograd_bp.command.line import parser
from autograd_bp.command.train import complain, graph_of, train
from autograd_bp.errors import (
    AutogradError,
    DataError,
    OutputError,
    SettingError,
)
from autograd_bp.files import (
    folder_for_output,
    holds_another,
    require_free,
    write_atomically,
)
from autograd_bp.interrupts import interrupts

if TYPE_CHECKING:
    from autograd_bp.drawing import Drawing
    from autograd_bp.training import Model

__all__ = ["main"]

NO_READER = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Arguments:
        arguments: the words after `autograd-bp`; those of the process when left out.

    Returns: the exit code.
    """
    try:
        with interrupts.handled(last=IS_COMMAND and arguments is None):
            try:
                return _run(arguments)
            except KeyboardInterrupt:  # signals are still noted while this is said
                return complain("interrupted", interrupts.exit_code)
    except KeyboardInterrupt:  # before the first command ran
        return complain("interrupted", interrupts.exit_code)


def _run(arguments: Sequence[str] | None) -> int:
    for stream in (sys.stdout, sys.stderr):  # a terminal that knows no γ shows a ? instead
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        options = parser(ACTIONS).parse_args(arguments)
        code: int = options.action(options)
        sys.stdout.flush()
    except SystemExit as stop:
        return int(stop.code or 0)
    except BrokenPipeError:  # as in `autograd-bp predict ... | head`
        _abandon_stdout()
        return NO_READER
    except AutogradError as error:
        return complain(str(error))
    except OSError as error:
        _abandon_stdout()
        return complain(f"cannot write the output: {error.strerror or error}")
    except MemoryError:
        return complain("there is not enough memory: use smaller layers or fewer rows")
    return code


# ------------------------------------------------------------------------------ commands


def _predict(options: Namespace) -> int:
    from autograd_bp.training import load_model
    from autograd_bp.training.loading import chunks_of_path
    from autograd_bp.training.predicting import Predictor

    predictor = Predictor(load_model(options.model), fill=options.fill)
    for source in (options.model, options.csv):
        if options.out and Path(options.out).resolve() == Path(source).resolve():
            raise OutputError(f"--out {options.out!r} is an input file: choose another file")
    if options.out:
        require_free(options.out, force=options.force)
    chunks = chunks_of_path(options.csv, header=options.header, encoding=options.encoding)
    shares = options.probabilities

    def texts() -> Iterator[str]:
        header = [tuple(predictor.header(probabilities=shares))]
        for frame in chunks:
            lines = predictor.lines(predictor.model.frame(frame), probabilities=shares)
            yield _csv([*header, *lines])
            header = []
        if header:
            raise DataError(f"{options.csv} has a header and no rows: there is nothing to predict")

    if options.out:
        content = (text.encode() for text in texts())
        print(f"predictions: {write_atomically(options.out, content)}")
        return 0
    for text in texts():
        sys.stdout.write(text)
    return 0


def _csv(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _score(options: Namespace) -> int:
    from autograd_bp.training import load_model
    from autograd_bp.training.loading import frame_of_path
    from autograd_bp.training.sources import BUILT_IN

    model = load_model(options.model)
    if options.data in BUILT_IN:
        data = BUILT_IN[options.data]()
        rows = [[*row, answer] for row, answer in zip(data.inputs, data.answers, strict=True)]
        columns = zip([*data.columns, data.target_name], zip(*rows, strict=True), strict=True)
        score = model.score({name: list(cells) for name, cells in columns})
    else:
        frame = frame_of_path(options.data, header=options.header, encoding=options.encoding)
        score = model.score(frame)
    for part in score if isinstance(score, list) else [score]:
        print("\n".join(part.lines()))
    return 0


def _prove(options: Namespace) -> int:
    from autograd_bp.training import load_model

    model = load_model(options.model)
    report = model.prove(*_chosen_row(options, model), unfold=options.unfold)
    print(report.table(full=options.full))
    return 0 if report.ok else 1


def _draw(options: Namespace) -> int:
    from autograd_bp.training import load_model

    model = load_model(options.model)
    row, answer = _chosen_row(options, model)
    folder = Path(options.out) if options.out else Path(options.model).parent
    pictures = graph_of(model, row, answer, options.output)
    for path in _save_pictures(pictures, folder_for_output(folder), force=options.force):
        print(path)
    return 0


def _export(options: Namespace) -> int:
    from autograd_bp.training import load_model

    model = load_model(options.model)
    paths = [path for path in (options.onnx, options.weights) if path]
    if not paths:
        raise SettingError("say what to write: --onnx FILE, --weights FILE, or both")
    for path in paths:
        if Path(path).resolve() == Path(options.model).resolve():
            raise OutputError(f"{path!r} is the model itself: choose another file")
        require_free(path, force=options.force)
    if options.onnx:
        model.to_onnx(options.onnx, inputs=options.inputs, dtype=options.dtype)
        print(f"ONNX: {options.onnx}")
    if options.weights:
        print(f"weights: {model.network.save_weights(options.weights, dtype=options.dtype)}")
    return 0


def _grade(options: Namespace) -> int:
    from autograd_bp.checking.grading import grade
    from autograd_bp.checking.grading.grades import (
        OVERVIEW,
        TABLE,
        line,
        name_width,
        refuse_existing,
    )
    from autograd_bp.checking.grading.solutions import find_solutions

    folder = Path(options.out)
    refuse_existing(folder, [OVERVIEW, TABLE], force=options.force)
    files = find_solutions(options.solutions, options.reference)
    width = name_width([file.name for file in files])
    grades = grade(
        options.solutions,
        options.reference,
        workers=options.workers,
        progress=lambda result: print(line(result, width), flush=True),
    )
    print(grades.summary())
    grades.save(folder, force=options.force)
    print(f"overview: {folder / OVERVIEW}\ntable: {folder / TABLE}")
    print(f"a page for each student: {folder / 'students'}")
    return 0


def _info(options: Namespace) -> int:
    from autograd_bp import info
    from autograd_bp.drawing import renderer

    facts = {
        **info(),
        "renderer": renderer() or "none: pictures can be saved as .dot and .mmd",
        "cache": _cache(),
    }
    width = max(map(len, facts))
    for name, fact in facts.items():
        print(f"{name.ljust(width)}  {fact}")
    return 0


ACTIONS = {
    "train": train,
    "predict": _predict,
    "score": _score,
    "prove": _prove,
    "draw": _draw,
    "export": _export,
    "grade": _grade,
    "info": _info,
}


# ------------------------------------------------------------------------- their parts
def _cache() -> str:
    try:
        from autograd_bp.compiling.calling import cache
    except ImportError:
        return "none: compiling needs NumPy"
    return str(cache.contents())


def _chosen_row(options: Namespace, model: Model) -> tuple[list[Any] | None, str | None]:
    """The row that --data and --row name, and its answer where it has one."""
    from autograd_bp.training.loading import frame_of_path
    from autograd_bp.training.sources import BUILT_IN

    if options.data is None:
        if options.row is not None:
            raise SettingError("--row needs --data, which says where the row is")
        return None, None
    number = 1 if options.row is None else options.row
    if options.data in BUILT_IN:
        data = BUILT_IN[options.data]()
        _require_row(options.data, number, len(data.inputs))
        return data.inputs[number - 1], data.answers[number - 1]
    frame = frame_of_path(options.data)
    _require_row(options.data, number, len(frame))
    row = model.row(frame, number - 1)
    return row, model.answer(frame, number - 1)


def _require_row(data: str, number: int, rows: int) -> None:
    if not 1 <= number <= rows:
        raise DataError(f"{data} has the rows 1 to {rows}, and no row {number}")


def _save_pictures(drawing: Drawing, folder: Path, *, force: bool) -> list[Path]:
    """Save as neuron.svg and neuron.png, or as neuron-2 and so on where other pictures are."""
    with TemporaryDirectory() as place:
        pictures = [drawing.save(Path(place, f"neuron.{end}")) for end in ("svg", "png")]
        contents = {path.suffix: path.read_bytes() for path in pictures}
    number = 1
    while True:
        name = "neuron" if number == 1 else f"neuron-{number}"
        paths = {folder / (name + end): content for end, content in contents.items()}
        if force or not any(holds_another(path, content) for path, content in paths.items()):
            return [write_atomically(path, content) for path, content in paths.items()]
        number += 1


def _abandon_stdout() -> None:
    """Point stdout at the null device, so that the interpreter's last flush raises nothing."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
