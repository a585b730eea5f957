"""The command `train`: from a table to a model, its learning curve and a graph."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from argparse import Namespace
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograd_bp.command.line import NAME
from autograd_bp.errors import (
    DataError,
    DrawingError,
    MissingExtraError,
    OutputError,
    SettingError,
)
from autograd_bp.files import Reserve, output_folder, remove_files
from autograd_bp.interrupts import interrupts

if TYPE_CHECKING:
    from autograd_bp.drawing import Drawing
    from autograd_bp.training import Model, Plan, Result

__all__ = ["BAD_INPUT", "complain", "graph_of", "train"]

BAD_INPUT = 2
CHECKPOINT = "checkpoint.json"
RESULTS = ("model.json", "learning_curve.png", "neuron.svg", "neuron.png", CHECKPOINT)


def train(options: Namespace) -> int:
    """Run the command. Returns the exit code."""
    from autograd_bp.training import plan

    session = plan(
        options.data,
        layers=options.layers,
        activation=options.activation or "sigmoid",
        output=options.outputs,
        optimiser=options.optimiser,
        rate=options.rate,
        schedule=options.schedule,
        epochs=options.epochs,
        batch="auto" if options.batch is None else options.batch,
        seed=options.seed,
        held_out=options.held_out,
        stratify=options.stratify,
        balanced=_balanced(options),
        decay="auto" if options.decay is None else options.decay,
        clip_norm=options.clip_norm,
        clip_value=options.clip_value,
        patience=options.patience,
        frozen=options.freeze,
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
    chosen, force = options.out, options.force
    if options.resume:
        chosen, force = _folder_to_resume(chosen or default), True
    every = _every(options.checkpoint)
    with output_folder(chosen, default, RESULTS, force=force) as (folder, remark):
        _print_plan(session)
        if remark:
            print(remark)
        sys.stdout.flush()
        if not options.resume:
            remove_files(folder, [CHECKPOINT])
        return _train_into(folder, session, every, resume=options.resume)


def _balanced(options: Namespace) -> bool | dict[str, float]:
    """How much rows count by their classes. Raises SettingError for two answers to that."""
    weights: dict[str, float] = {}
    for name, weight in options.class_weight:
        if name in weights:
            raise SettingError(f"--class-weight was given twice for the class {name!r:.40}")
        weights[name] = weight
    if weights and options.balanced:
        raise SettingError(
            "--balanced lets each class count the same, and --class-weight says how much: give one"
        )
    return weights or options.balanced


def _folder_to_resume(folder: str) -> str:
    """The folder, if a checkpoint is in it. Raises SettingError where none is."""
    if not (Path(folder) / CHECKPOINT).is_file():
        raise SettingError(
            f"there is no {CHECKPOINT} in {folder!r}, so there is nothing to resume: name the "
            "folder with --out, or train without --resume"
        )
    return folder


def _every(text: str | None) -> dict[str, Any]:
    """How often a checkpoint is written: "500" steps, "30s". Raises SettingError for others."""
    from autograd_bp.training.settings import positive, whole

    if text is None:
        return {}
    is_time = text.endswith("s") and text != "s"
    try:
        number = float(text[:-1]) if is_time else int(text)
    except ValueError:
        raise SettingError(f"--checkpoint is a number of steps, or of seconds as in 30s, got "
                           f"{text!r:.40}") from None  # fmt: skip
    if is_time:
        return {"seconds": positive("--checkpoint", number)}
    return {"steps": whole("--checkpoint", number)}


def _train_into(folder: Path, session: Plan, every: dict[str, Any], *, resume: bool) -> int:
    from autograd_bp.training import Checkpoint

    path, saved = folder / RESULTS[0], []
    checkpoint = Checkpoint(folder / CHECKPOINT, **every, at_end=bool(every), force=resume)
    room = Reserve(folder, _size_of_model(session))

    def keep(model: Model) -> None:
        """The first thing that is done with what was learned."""
        remove_files(folder, RESULTS[1:4])  # of an earlier run: what lies there belongs together
        room.free()
        saved.append(_saved(model, path))

    try:
        with room:
            result = session.run(progress=True, keep=keep, checkpoint=checkpoint, resume=resume)
        path = saved[0]
        result.model.save(path)
        if not every and not result.history.interrupted:
            remove_files(folder, [CHECKPOINT])  # it was for the case that the machine stops
        if result.history.interrupted:
            finished = f"{len(result.history.epochs)} of {session.settings['epochs']} epochs"
            complain(f"interrupted after {finished}: what was learned so far is saved")
        if result.history.stopped:
            print(f"ended after epoch {len(result.history.epochs)}: {result.history.stopped}")
        _print_result(session, result)
        print(f"model: {path}")
        _optional("learning curve", lambda: [_save_curve(session, result, folder)])
        _optional("graph of one output neuron", lambda: _save_graph(result.model, folder))
    except KeyboardInterrupt:
        if not saved:
            raise
        return complain(f"interrupted; what was learned is saved in {path}", interrupts.exit_code)
    if result.history.interrupted:
        return interrupts.exit_code
    if path.parent != folder:
        return BAD_INPUT
    return 0 if result.proof.ok else 1


def _saved(model: Model, path: Path) -> Path:
    """Save what was learned: where its place takes no file, in another, which is said.

    Raises: OutputError where none takes it.
    """
    try:
        return model.save(path)
    except OutputError as error:
        for folder in (Path(tempfile.gettempdir()), Path.home(), Path()):
            with contextlib.suppress(OutputError, OSError):
                other = Path(tempfile.mkdtemp(prefix="autograd-bp-", dir=folder)) / path.name
                try:
                    model.save(other)
                except OutputError:
                    other.parent.rmdir()
                    raise
                complain(f"{error}; the model is saved in {str(other)!r}")
                return other
        raise


def _size_of_model(session: Plan) -> int:
    """About how many bytes a model will have, with what its optimiser remembers."""
    tool = session.optimiser
    for_each_weight = 300 if tool is not None and tool.kind == "function" else 80
    return 65_536 + for_each_weight * len(session.network.parameters())


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
    tool = session.optimiser
    by = "" if tool is None or tool.name == "ascent" else f"{tool.name}, "
    print(
        f"{sizes} {_kind(session)} network: {by}rate {settings['rate']:g}, {settings['epochs']} "
        f"epochs, batch {settings['batch']}, seed {settings['seed']}"
    )
    if sys.stderr.isatty() and find_spec("tqdm") is None:
        print('left out, progress bar: it needs tqdm: pip install "autograd_bp[progress]"')


MAX_REPORTED = 40  # columns


def _report(session: Plan) -> list[str]:
    """Report what was noticed in a table, and what was done to which column."""
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
    drawing = graph_of(model)
    return [drawing.save(folder / f"neuron.{ending}") for ending in ("svg", "png")]


def graph_of(
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


def _optional(what: str, make: Callable[[], list[Path]]) -> None:
    """Make an optional file, or print in one line why it is left out."""
    try:
        print(f"{what}: {', '.join(map(str, make()))}")
    except (MissingExtraError, DrawingError, DataError, OutputError) as error:
        print(f"left out, {what}: {error}")


def complain(message: str, code: int = BAD_INPUT) -> int:
    with contextlib.suppress(OSError, ValueError):
        print(f"{NAME}: {' '.join(message.split())}", file=sys.stderr, flush=True)
    return code
