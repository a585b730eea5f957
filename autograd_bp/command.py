"""The command line. It is thin: each command is a function call, which its help names.

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
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

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
from autograd_bp.interrupts import interrupts

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
        with interrupts.handled(last=IS_COMMAND and arguments is None):
            try:
                return _run(arguments)
            except KeyboardInterrupt:  # signals are still noted while this is said
                return _complain("interrupted", interrupts.exit_code)
    except KeyboardInterrupt:  # before the first command ran
        return _complain("interrupted", interrupts.exit_code)


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
        activation=options.activation or "sigmoid",
        output=options.outputs,
        rate=options.rate,
        epochs=options.epochs,
        batch=options.batch,
        seed=options.seed,
        held_out=options.held_out,
        stratify=options.stratify,
        balanced=options.balanced,
        decay=options.decay,
        target=options.target,
        task=options.task,
        ignore=options.ignore,
        keep=options.keep,
        weight=options.weight,
        header=options.header,
        encoding=options.encoding,
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
    pictures = _graph(model, row, answer, options.output)
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


def _print_plan(session: Plan) -> None:
    data, split, settings = session.data, session.split, session.settings
    kind = "numbers" if data.classes is None else f"{len(data.classes)} classes"
    n_rows, n_held_out = len(data.answers), len(split.held_out)
    print(
        f"{data.name}: {n_rows:,} rows, {n_held_out:,} of them held out; "
        f"{len(data.columns)} inputs, target {data.target_name!r}: {kind}"
    )
    for line in _report(session):
        print(line)
    sizes = "-".join(map(str, session.network.sizes))
    print(
        f"{sizes} {_kind(session)} network: rate {settings['rate']:g}, {settings['epochs']} "
        f"epochs, batch {settings['batch']}, seed {settings['seed']}"
    )
    if sys.stderr.isatty() and find_spec("tqdm") is None:
        print('left out, progress bar: it needs tqdm: pip install "autograd_bp[progress]"')


MAX_REPORTED = 40  # columns


def _report(session: Plan) -> list[str]:
    """What was noticed in a table, and what was done to which column."""
    from autograd_bp.training.encoder import Encoder

    scaling = session.split.scaling
    if not isinstance(scaling, Encoder):
        return []
    remarks = [f"  {remark}" for remark in getattr(session.data, "remarks", [])]
    rows = scaling.report()
    width = min(30, max(len(name) for name, _ in rows))
    lines = [f"  {name[:30].ljust(width)}  {note}" for name, note in rows[:MAX_REPORTED]]
    if len(rows) > MAX_REPORTED:
        lines.append(f"  and {len(rows) - MAX_REPORTED} columns more, see the model")
    return [*remarks, *lines]


def _kind(session: Plan) -> str:
    """The activations of a network and what its outputs are, in words."""
    names = [str(name) for name in session.network.activation_names]
    hidden, kind = list(dict.fromkeys(names[:-1])), session.settings["output"]
    if kind == "sigmoid" and hidden in ([], ["sigmoid"]):
        return "sigmoid"
    return "-".join([*hidden, kind])


def _print_result(session: Plan, result: Result) -> None:
    name = "rows held out"
    if result.held_out is None:
        name = "training rows (none were held out)"
    parts = result.score if isinstance(result.score, list) else [result.score]
    for part in parts:
        first, *others = part.lines()
        print(f"{name}: {first}")
        if len(session.data.answers) >= 50:
            print("".join(f"  {line}\n" for line in others), end="")
    print(f"proof: {result.proof.verdict().removeprefix('proved: ')}")


def _save_curve(session: Plan, result: Result, folder: Path) -> Path:
    from autograd_bp.training.curve import save_learning_curve

    sizes = "-".join(map(str, session.network.sizes))
    rate = session.settings["rate"]
    title = f"{session.data.name}: {sizes} {_kind(session)} network, rate {rate:g}"
    return save_learning_curve(result.history, folder / "learning_curve.png", title)


def _save_graph(model: Model, folder: Path) -> list[Path]:
    drawing = _graph(model)
    return [drawing.save(folder / f"neuron.{ending}") for ending in ("svg", "png")]


def _graph(
    model: Model,
    row: list[Any] | None = None,
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
