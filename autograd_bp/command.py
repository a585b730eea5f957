"""The command line. Thin: what each command does is a function call that its help names.

Bad input ends with one line on stderr and exit code 2; a proof that fails with 1; Ctrl-C with
130, and what was learned so far saved.
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
from typing import TYPE_CHECKING

from autograd_bp.command_line import NAME, parser
from autograd_bp.errors import (
    AutogradError,
    DataError,
    DrawingError,
    MissingExtraError,
    OutputError,
    SettingError,
)

if TYPE_CHECKING:
    from autograd_bp.training import Model, Plan, Result

__all__ = ["main"]

BAD_INPUT, INTERRUPTED, NO_READER = 2, 130, 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Arguments:
        arguments: what stands after `autograd-bp`; the program's own when left out.

    Returns: the exit code.
    """
    for stream in (sys.stdout, sys.stderr):  # a terminal that knows no γ shows a ? instead
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        asked = parser(ACTIONS).parse_args(arguments)
        code: int = asked.action(asked)
        sys.stdout.flush()
    except SystemExit as stop:
        return int(stop.code or 0)
    except KeyboardInterrupt:
        return _complain("interrupted", INTERRUPTED)
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
def _train(asked: Namespace) -> int:
    from autograd_bp.files import folder_for_output
    from autograd_bp.training import plan

    planned = plan(
        asked.data,
        layers=asked.layers,
        rate=asked.rate,
        epochs=asked.epochs,
        batch=asked.batch,
        seed=asked.seed,
        held_out=asked.held_out,
        target=asked.target,
        task=asked.task,
        ignore=asked.ignore,
        compiled=False if asked.eager else "auto",
    )
    folder = folder_for_output(asked.out or f"{planned.data.name}-run")
    _tell_plan(planned)
    sys.stdout.flush()
    result = planned.run(progress=True)
    model = result.model.save(folder / "model.json")
    if result.history.interrupted:
        finished = f"{len(result.history.epochs)} of {planned.settings['epochs']} epochs"
        _complain(f"interrupted after {finished}: what was learned so far is saved")
    _tell_result(planned, result)
    print(f"model: {model}")
    _optional("learning curve", lambda: [_save_curve(planned, result, folder)])
    _optional("graph of one output neuron", lambda: _save_graph(result.model, folder))
    if result.history.interrupted:
        return INTERRUPTED
    return 0 if result.proof.ok else 1


def _predict(asked: Namespace) -> int:
    from autograd_bp.files import write_atomically
    from autograd_bp.training import load_model
    from autograd_bp.training.table import read_table

    model, table = load_model(asked.model), read_table(asked.csv)
    for kept in (asked.model, asked.csv):
        if asked.out and Path(asked.out).resolve() == Path(kept).resolve():
            raise OutputError(f"--out {asked.out!r} is what is read from: choose another file")
    said = [model.predict(row) for row in model.rows(table)]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("prediction",), *((one,) for one in said)])
    if asked.out:
        print(f"predictions: {write_atomically(asked.out, text.getvalue().encode())}")
    else:
        sys.stdout.write(text.getvalue())
    return 0


def _prove(asked: Namespace) -> int:
    from autograd_bp.training import load_model

    model = load_model(asked.model)
    report = model.prove(*_chosen_row(asked, model), unfold=asked.unfold)
    print(report.table(full=asked.full))
    return 0 if report.ok else 1


def _draw(asked: Namespace) -> int:
    from autograd_bp.files import folder_for_output
    from autograd_bp.training import load_model

    model = load_model(asked.model)
    row, answer = _chosen_row(asked, model)
    folder = Path(asked.out) if asked.out else Path(asked.model).parent
    for path in _save_graph(model, folder_for_output(folder), row, answer, asked.output):
        print(path)
    return 0


def _info(asked: Namespace) -> int:
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


ACTIONS = {"train": _train, "predict": _predict, "prove": _prove, "draw": _draw, "info": _info}


# ------------------------------------------------------------------------- what they need
def _cache() -> str:
    try:
        from autograd_bp.compiling.calling import cache
    except ImportError:
        return "none: compiling needs NumPy"
    return str(cache.contents())


def _chosen_row(asked: Namespace, model: Model) -> tuple[list[float] | None, str | None]:
    """The row that --data and --row name, and its answer where it has one."""
    from autograd_bp.training.sources import BUILT_IN
    from autograd_bp.training.table import read_table

    if asked.data is None:
        if asked.row is not None:
            raise SettingError("--row needs --data, which says where the row is")
        return None, None
    answers: Sequence[str | None]
    if asked.data in BUILT_IN:
        data = BUILT_IN[asked.data]()
        rows, answers = data.inputs, data.answers
    else:
        table = read_table(asked.data)
        rows, answers = model.rows(table), [None] * len(table.rows)
        if model.target.name in table.columns:
            place = table.index(model.target.name)
            answers = [cells[place] for cells in table.rows]
    number = 1 if asked.row is None else asked.row
    if not 1 <= number <= len(rows):
        raise DataError(f"{asked.data} has the rows 1 to {len(rows)}, and no row {number}")
    return rows[number - 1], answers[number - 1]


def _tell_plan(planned: Plan) -> None:
    data, split, settings = planned.data, planned.split, planned.settings
    kind = "numbers" if data.classes is None else f"{len(data.classes)} classes"
    n_rows, n_held = len(data.inputs), len(split.held_out)
    print(
        f"{data.name}: {n_rows:,} rows, {n_held:,} of them held out; "
        f"{len(data.columns)} inputs, target {data.target_name!r}: {kind}"
    )
    sizes = "-".join(map(str, planned.network.sizes))
    print(
        f"{sizes} sigmoid network: rate {settings['rate']:g}, {settings['epochs']} epochs, "
        f"batch {settings['batch']}, seed {settings['seed']}"
    )
    if sys.stderr.isatty() and find_spec("tqdm") is None:
        print('left out, progress bar: it needs tqdm: pip install "autograd_bp[progress]"')


def _tell_result(planned: Plan, result: Result) -> None:
    target, split = planned.split.target, planned.split
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


def _save_curve(planned: Plan, result: Result, folder: Path) -> Path:
    from autograd_bp.training.curve import save_learning_curve

    sizes = "-".join(map(str, planned.network.sizes))
    title = f"{planned.data.name}: {sizes} sigmoid network, rate {planned.settings['rate']:g}"
    return save_learning_curve(result.history, folder / "learning_curve.png", title)


def _save_graph(
    model: Model,
    folder: Path,
    row: list[float] | None = None,
    answer: str | None = None,
    output: int | None = None,
) -> list[Path]:
    from autograd_bp.drawing import draw_neuron

    neuron, P = model.graph(row, answer, output)
    desired = model.example[1] if row is None else answer
    told = "" if desired is None else f" for a row whose {model.target.name:.40} is {desired:.40}"
    title = f"{model.about.get('data', 'model')!s:.40}: output neuron {neuron.label}{told}"
    drawing = draw_neuron(neuron, to=P, title=title)
    return [drawing.save(folder / f"neuron.{ending}") for ending in ("svg", "png")]


def _optional(what: str, make: Callable[[], list[Path]]) -> None:
    """Make something that training can do without, or say in one line why it is left out."""
    try:
        print(f"{what}: {', '.join(map(str, make()))}")
    except (MissingExtraError, DrawingError, DataError) as error:
        print(f"left out, {what}: {error}")


def _complain(message: str, code: int = BAD_INPUT) -> int:
    with contextlib.suppress(OSError, ValueError):
        print(f"{NAME}: {' '.join(message.split())}", file=sys.stderr, flush=True)
    return code


def _abandon_stdout() -> None:
    """Point stdout at nothing, so that the interpreter's last flush does not complain."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
