"""The command line. It is thin: each command is a function call, which its help names.

Bad input ends with one line on stderr and exit code 2, a proof that fails with 1. Ctrl-C, SIGTERM
and SIGHUP end with 130, 143 and 129, after the weights learned so far have been saved.
"""

from __future__ import annotations

import contextlib
import csv
import io
import math
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from autograd_bp._starting import IS_COMMAND
from autograd_bp.command_line import NAME, parser
from autograd_bp.errors import (
    AutogradError,
    DataError,
    DrawingError,
    MissingExtraError,
    OutputError,
    SettingError,
)
from autograd_bp.files import (
    folder_for_output,
    holds_another,
    output_folder,
    remove_files,
    require_free,
    write_atomically,
)
from autograd_bp.interrupts import interrupts, quiet_end

if TYPE_CHECKING:
    from autograd_bp.drawing import Drawing
    from autograd_bp.training import Model, Plan, Result

__all__ = ["main"]

BAD_INPUT, NO_READER = 2, 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Arguments:
        arguments: the words after `autograd-bp`; those of the process when left out.

    Returns: the exit code.
    """
    try:
        with interrupts.handled():
            return _run(arguments)
    except KeyboardInterrupt:
        return _complain("interrupted", interrupts.exit_code)
    finally:
        if IS_COMMAND and arguments is None:
            quiet_end()


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
        return _complain(str(error))
    except OSError as error:
        _abandon_stdout()
        return _complain(f"cannot write the output: {error.strerror or error}")
    except MemoryError:
        return _complain("there is not enough memory: use smaller layers or fewer rows")
    return code


# ------------------------------------------------------------------------------ commands
def _train(options: Namespace) -> int:
    from autograd_bp.training import plan

    session = plan(
        options.data,
        layers=options.layers,
        rate=options.rate,
        epochs=options.epochs,
        batch=options.batch,
        seed=options.seed,
        held_out=options.held_out,
        target=options.target,
        task=options.task,
        ignore=options.ignore,
        compiled=False if options.eager else "auto",
    )
    default = f"{session.data.name}-run"
    with output_folder(options.out, default, RESULTS, force=options.force) as (folder, remark):
        _print_plan(session)
        if remark:
            print(remark)
        sys.stdout.flush()
        return _train_into(folder, session)


RESULTS = ("model.json", "learning_curve.png", "neuron.svg", "neuron.png")


def _train_into(folder: Path, session: Plan) -> int:
    path, saved = folder / RESULTS[0], []

    def keep(model: Model) -> None:
        """The first thing that is done with what was learned."""
        remove_files(folder, RESULTS[1:])  # of an earlier run: what lies there belongs together
        saved.append(model.save(path))

    try:
        result = session.run(progress=True, keep=keep)
        result.model.save(path)
        if result.history.interrupted:
            finished = f"{len(result.history.epochs)} of {session.settings['epochs']} epochs"
            _complain(f"interrupted after {finished}: what was learned so far is saved")
        _print_result(session, result)
        print(f"model: {path}")
        _optional("learning curve", lambda: [_save_curve(session, result, folder)])
        _optional("graph of one output neuron", lambda: _save_graph(result.model, folder))
    except KeyboardInterrupt:
        if not saved:
            raise
        return _complain(f"interrupted; what was learned is saved in {path}", interrupts.exit_code)
    if result.history.interrupted:
        return interrupts.exit_code
    return 0 if result.proof.ok else 1


def _predict(options: Namespace) -> int:
    from autograd_bp.training import load_model
    from autograd_bp.training.table import read_table

    model, table = load_model(options.model), read_table(options.csv)
    for source in (options.model, options.csv):
        if options.out and Path(options.out).resolve() == Path(source).resolve():
            raise OutputError(f"--out {options.out!r} is an input file: choose another file")
    if options.out:
        require_free(options.out, force=options.force)
    answers = [model.predict(row) for row in model.rows(table)]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [("prediction",), *((answer,) for answer in answers)]
    )
    if options.out:
        print(f"predictions: {write_atomically(options.out, text.getvalue().encode())}")
    else:
        sys.stdout.write(text.getvalue())
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
    pictures = _graph(model, row, answer, options.output)
    for path in _save_pictures(pictures, folder_for_output(folder), force=options.force):
        print(path)
    return 0


def _grade(options: Namespace) -> int:
    from autograd_bp.checking.grading import grade
    from autograd_bp.checking.grading.grades import OVERVIEW, TABLE, line, refuse_existing

    folder = Path(options.out)
    refuse_existing(folder, [OVERVIEW, TABLE], force=options.force)
    grades = grade(
        options.solutions,
        options.reference,
        workers=options.workers,
        progress=lambda result: print(line(result), flush=True),
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
    "train": _train,
    "predict": _predict,
    "prove": _prove,
    "draw": _draw,
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


def _chosen_row(options: Namespace, model: Model) -> tuple[list[float] | None, str | None]:
    """The row that --data and --row name, and its answer where it has one."""
    from autograd_bp.training.sources import BUILT_IN
    from autograd_bp.training.table import read_table

    if options.data is None:
        if options.row is not None:
            raise SettingError("--row needs --data, which says where the row is")
        return None, None
    answers: Sequence[str | None]
    if options.data in BUILT_IN:
        data = BUILT_IN[options.data]()
        rows, answers = data.inputs, data.answers
    else:
        table = read_table(options.data)
        rows, answers = model.rows(table), [None] * len(table.rows)
        if model.target.name in table.columns:
            place = table.index(model.target.name)
            answers = [cells[place] for cells in table.rows]
    number = 1 if options.row is None else options.row
    if not 1 <= number <= len(rows):
        raise DataError(f"{options.data} has the rows 1 to {len(rows)}, and no row {number}")
    return rows[number - 1], answers[number - 1]


def _print_plan(session: Plan) -> None:
    data, split, settings = session.data, session.split, session.settings
    kind = "numbers" if data.classes is None else f"{len(data.classes)} classes"
    n_rows, n_held_out = len(data.inputs), len(split.held_out)
    print(
        f"{data.name}: {n_rows:,} rows, {n_held_out:,} of them held out; "
        f"{len(data.columns)} inputs, target {data.target_name!r}: {kind}"
    )
    sizes = "-".join(map(str, session.network.sizes))
    print(
        f"{sizes} sigmoid network: rate {settings['rate']:g}, {settings['epochs']} epochs, "
        f"batch {settings['batch']}, seed {settings['seed']}"
    )
    if sys.stderr.isatty() and find_spec("tqdm") is None:
        print('left out, progress bar: it needs tqdm: pip install "autograd_bp[progress]"')


def _print_result(session: Plan, result: Result) -> None:
    target, split = session.split.target, session.split
    name, rows, score = "rows held out", split.held_out, result.held_out
    if score is None:
        name, rows, score = "training rows (none were held out)", split.training, result.training
    P, share = score
    if share is None:
        from autograd_bp.training.target import Numbers

        assert isinstance(target, Numbers)
        error = target.number(math.sqrt(-2.0 * P)) - target.number(0.0)
        print(f"{name}: typical error of {target.name!r} (root mean square) {error:.4g}")
    else:
        print(f"{name}: {share:.1%} right ({round(share * len(rows))} of {len(rows)})")
    print(f"proof: {result.proof.verdict().removeprefix('proved: ')}")


def _save_curve(session: Plan, result: Result, folder: Path) -> Path:
    from autograd_bp.training.curve import save_learning_curve

    sizes = "-".join(map(str, session.network.sizes))
    title = f"{session.data.name}: {sizes} sigmoid network, rate {session.settings['rate']:g}"
    return save_learning_curve(result.history, folder / "learning_curve.png", title)


def _save_graph(model: Model, folder: Path) -> list[Path]:
    drawing = _graph(model)
    return [drawing.save(folder / f"neuron.{ending}") for ending in ("svg", "png")]


def _graph(
    model: Model,
    row: list[float] | None = None,
    answer: str | None = None,
    output: int | None = None,
) -> Drawing:
    from autograd_bp.drawing import draw_neuron

    neuron, P = model.graph(row, answer, output)
    desired = model.example[1] if row is None else answer
    whose = "" if desired is None else f" for a row whose {model.target.name:.40} is {desired:.40}"
    title = f"{model.about.get('data', 'model')!s:.40}: output neuron {neuron.label}{whose}"
    return draw_neuron(neuron, to=P, title=title)


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


def _optional(what: str, make: Callable[[], list[Path]]) -> None:
    """Make an optional file, or print in one line why it is left out."""
    try:
        print(f"{what}: {', '.join(map(str, make()))}")
    except (MissingExtraError, DrawingError, DataError) as error:
        print(f"left out, {what}: {error}")


def _complain(message: str, code: int = BAD_INPUT) -> int:
    with contextlib.suppress(OSError, ValueError):
        print(f"{NAME}: {' '.join(message.split())}", file=sys.stderr, flush=True)
    return code


def _abandon_stdout() -> None:
    """Point stdout at the null device, so that the interpreter's last flush raises nothing."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
