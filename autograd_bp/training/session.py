"""A whole training session: data in, a model and its proof out. The command line calls this."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, NamedTuple

from autograd_bp.errors import SettingError
from autograd_bp.interrupts import interrupts
from autograd_bp.nn.network import Network
from autograd_bp.nn.report import Proof
from autograd_bp.training.choosing import require_choice
from autograd_bp.training.dataset import DataSet, Split, order, stream
from autograd_bp.training.facts import facts_of
from autograd_bp.training.history import History
from autograd_bp.training.judging import baseline_of, score_outputs
from autograd_bp.training.learning import (
    chosen_optimiser,
    learning_settings,
    optimiser_facts,
    optimiser_saved,
    stopped_facts,
    train_options,
)
from autograd_bp.training.loop import evaluate, train
from autograd_bp.training.meaning import OUTPUTS, LinearNumbers, is_number, output_of
from autograd_bp.training.model import Model
from autograd_bp.training.moving import frozen_places
from autograd_bp.training.optimisers.ascent import GradientAscent
from autograd_bp.training.optimisers.base import Optimiser
from autograd_bp.training.predicting import outputs_of_rows
from autograd_bp.training.rows import ArrayRows
from autograd_bp.training.scores import ClassScore, NumberScore
from autograd_bp.training.settings import not_negative, positive, whole
from autograd_bp.training.sources import load
from autograd_bp.training.tabular import TableData, TableSplit

__all__ = ["Defaults", "Plan", "Result", "network_for", "plan"]

MAX_WEIGHTS = 20_000_000
DEFAULT_ROWS = 30_000  # rows to go over in all epochs, when the number of epochs is left out


class Defaults(NamedTuple):
    """The settings of a data set that are used when they are left out."""

    layers: tuple[int, ...]
    rate: float  # of ascent
    epochs: int


KNOWN = {"digits": Defaults((30,), 0.5, 16), "xor": Defaults((6,), 1.0, 600)}
RATES = {"sigmoid": 0.5, "linear": 0.02, "softmax": 0.1, "logistic": 0.1}


@dataclass(frozen=True)
class Result:
    """The result of a training.

    Attributes:
        model: the trained model.
        history: P and accuracy, epoch by epoch.
        proof: hand-derived γ and Δw compared with autodiff, on the model's example.
        training: mean P and share of right answers on the training rows, at the end.
        held_out: the same on the rows held out; None where there are none.
        score: of the rows held out, or of the training rows where none were: a ClassScore, or a
            NumberScore for each target.
    """

    model: Model
    history: History
    proof: Proof
    training: tuple[float, float | None]
    held_out: tuple[float, float | None] | None
    score: ClassScore | list[NumberScore]


EARLIER = {"decay": 0.0, "output": "sigmoid"}  # settings that plans of version 0.1.0 lack


@dataclass(frozen=True)
class Plan:
    """Checked settings, rows and first weights: everything is checked before training starts.

    `plan` makes it; `run` trains.
    """

    data: DataSet | TableData
    split: Split | TableSplit
    network: Network
    settings: dict[str, Any]
    compiled: bool | str = "auto"
    optimiser: Optimiser | None = None
    options: dict[str, Any] = field(default_factory=dict)

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Also the state of version 0.1.0, whose splits knew the places of held-out rows alone."""
        split, seed = state["split"], state["settings"]["seed"]
        if not split.learned_from:
            places = order(len(state["data"].answers), stream(seed, "split"))
            state["split"] = replace(split, learned_from=tuple(places[len(split.held_out) :]))
        self.__dict__.update({"optimiser": None, "options": {}, **state})

    def run(
        self,
        *,
        progress: bool | str = False,
        keep: Callable[[Model], object] | None = None,
        callbacks: Any = (),
        checkpoint: Any = None,
        resume: Any = None,
    ) -> Result:
        """Train the network; Ctrl-C ends the training early and keeps the weights so far.

        Arguments:
            progress: as for `train`.
            keep: called with the model as soon as it is trained, before anything is judged.
            callbacks: as for `train`.
            checkpoint: as for `train`.
            resume: as for `train`.
        """
        interrupts.hold()  # until the model is kept, signals are noted where none may stop it
        names = ("rate", "epochs", "batch", "seed", "decay")
        settings = {**EARLIER, **self.settings}
        options = {name: settings[name] for name in names} | self.options
        how: dict[str, Any] = {"compiled": self.compiled}
        optimiser = self.optimiser or GradientAscent(None, settings["rate"])
        history = train(
            self.network,
            self.split,
            optimiser=optimiser,
            progress=progress,
            callbacks=callbacks,
            checkpoint=checkpoint,
            resume=resume,
            **options,
            **how,
        )
        answers = [self.data.answers[place] for place in self.split.learned_from]
        about = {
            **self.settings,
            **facts_of(self.data),
            "epochs_finished": len(history.epochs),
            "optimiser": optimiser_facts(optimiser),
            "how": history.how,
            **stopped_facts(history),
            "baseline": baseline_of(self.split.target, answers),
        }
        saved = optimiser_saved(optimiser)
        model = Model.of(self.network, self.data, self.split, about, saved)
        if keep is not None:
            keep(model)
        interrupts.release(after=1)
        how["judged"] = not is_number(self.split.target)
        how["performance"] = OUTPUTS[settings["output"]].performance
        training = evaluate(self.network, self.split.training, **how)
        held_out = None
        if self.split.held_out:
            held_out = evaluate(self.network, self.split.held_out, **how)
        about |= {
            "training": _named(training, len(self.split.training)),
            "held_out_rows": held_out and _named(held_out, len(self.split.held_out)),
        }
        model = replace(model, about=about)
        score = self._score(about["baseline"])
        return Result(model, history, model.prove(), training, held_out, score)

    def _score(self, baseline: Any) -> ClassScore | list[NumberScore]:
        rows: Sequence[Any] = self.split.held_out
        places: Sequence[int] = self.split.places
        if not len(rows):
            rows, places = self.split.training, self.split.learned_from
        columns = (
            rows.columns
            if isinstance(rows, ArrayRows)
            else [*zip(*(x for x, _ in rows), strict=True)]
        )
        outputs = outputs_of_rows(self.network)(columns, len(rows))
        answers = [self.data.answers[place] for place in places]
        target = self.split.target
        several = isinstance(target, LinearNumbers) and target.n_outputs > 1
        by_target = [*zip(*(a.split(" ") for a in answers), strict=True)] if several else [answers]
        return score_outputs(target, by_target, outputs, baseline)


def plan(
    data: Any,
    *,
    layers: Sequence[int] | None = None,
    activation: str | Sequence[str] = "sigmoid",
    output: str = "auto",
    optimiser: str | Optimiser = "auto",
    rate: float | None = None,
    schedule: Any = None,
    epochs: int | None = None,
    batch: int | str = "auto",
    seed: int = 0,
    held_out: float | None = None,
    stratify: bool = False,
    balanced: bool | Mapping[Any, float] = False,
    decay: float | str = "auto",
    clip_norm: float | None = None,
    clip_value: float | None = None,
    patience: int | None = None,
    frozen: Iterable[Any] = (),
    target: str | Sequence[str] | None = None,
    task: str = "auto",
    ignore: Collection[str] = (),
    keep: Collection[str] = (),
    weight: str | None = None,
    header: bool | None = None,
    encoding: str | None = None,
    compiled: bool | str = "auto",
) -> Plan:
    """Read the data, check every setting and draw the first weights.

    Arguments:
        data: "digits", "xor", the path of a file, or a table in memory.
        layers: the number of neurons in each hidden layer; none for no hidden layer.
        activation: of the hidden layers, one name for all or one for each.
        output: "auto": softmax, or one sigmoid, with cross-entropy for classes and linear outputs
            for numbers, but the post's sigmoids and P for digits and xor; "sigmoid" for the post's.
        optimiser: as for `train`. "auto" is ascent for the outputs of the post, and where a rate, a
            batch or a number of epochs is given; else rprop with a little decay, which
            benchmarks/OPTIMISERS.md found best.
        rate: δ; that of the optimiser when left out.
        schedule: the factor of the rate, as for `train`.
        epochs: how often to go over the rows.
        batch: how many rows make a step, as for `train`.
        seed: decides the rows held out, the first weights and the order of the rows.
        held_out: the share of rows held out.
        stratify: whether of each class the same share is held out.
        balanced: whether each class counts the same, however many rows it has; or how much a row of
            each class counts, {class: weight}, 1 where a class is left out.
        decay: λ of -½ λ Σ w² beside the mean performance; 0 when left out, but 0.003 for the
            optimiser that "auto" chooses.
        clip_norm: as for `train`.
        clip_value: as for `train`.
        patience: as for `train`.
        frozen: as for `train`.
        target: the columns with the answers, see `autograd_bp.training.load`.
        task: what the answers are, see there.
        ignore: columns to leave out.
        keep: columns to learn from although they look like identifiers.
        weight: the column that says how much each row counts.
        header: whether the first line of a file has the names of the columns.
        encoding: of a file.
        compiled: whether batches run as compiled programs, see `train`.

    Raises: DataError, SettingError, before anything is trained or written.

    Example:
        >>> from autograd_bp.training import plan
        >>> result = plan("xor", seed=1).run()
        >>> result.training[1], result.proof.ok
        (1.0, True)
    """
    if rate is not None:
        positive("the rate", rate)
    if epochs is not None:
        whole("epochs", epochs)
    if batch != "auto" or not isinstance(batch, str):
        whole("batch", batch)
    options = train_options(schedule, clip_norm, clip_value, patience)
    chosen_optimiser(
        optimiser, "linear", rate=rate, epochs=epochs, batch=batch
    )  # an unknown one is refused first
    if decay != "auto" or not isinstance(decay, str):
        not_negative("decay", decay)
    require_choice(compiled)
    if output not in ("auto", "sigmoid"):
        raise SettingError(f"output is 'auto' or 'sigmoid', got {output!r:.40}")
    hidden = None if layers is None else [whole("the size of a layer", n) for n in layers]
    loaded = load(
        data,
        target=target,
        task=task,
        ignore=ignore,
        weight=weight,
        header=header,
        encoding=encoding,
    )
    kept = [keep] if isinstance(keep, str) else list(keep)
    split = _split(loaded, seed, held_out, output, stratify, balanced, kept)
    known = KNOWN.get(data) if isinstance(data, str) else None
    network, known = network_for(split, len(loaded.answers), hidden, activation, seed, known)
    tool, of_learning = learning_settings(
        optimiser,
        output_of(split.target),
        rate=rate,
        epochs=epochs,
        batch=batch,
        decay=decay,
        rows=len(split.training),
        known_rate=known.rate,
        known_epochs=known.epochs,
    )
    settings = {
        "data": loaded.name,
        **of_learning,
        "seed": seed,
        "held_out": loaded.held_out if held_out is None else float(held_out),
        "output": output_of(split.target),
        **{name: value for name, value in options.items() if value is not None},
    }
    if not isinstance(frozen, str):
        frozen = list(frozen)
    if frozen:
        frozen_places(network, frozen)  # raises what is wrong with it
        options["frozen"] = frozen
    return Plan(loaded, split, network, settings, compiled, tool, options)


def _split(
    data: DataSet | TableData,
    seed: int,
    held_out: float | None,
    output: str,
    stratify: bool,
    balanced: bool | Mapping[Any, float],
    keep: list[str],
) -> Split | TableSplit:
    if isinstance(data, TableData):
        for column in keep:
            data.frame.column(column)
        return data.split(
            seed, held_out, output=output, stratify=stratify, balanced=balanced, keep=keep
        )
    if stratify or balanced or keep:
        raise SettingError(f"{data.name} is a built-in data set, which is split as it is")
    return data.split(seed, held_out)


def network_for(
    split: Split | TableSplit,
    rows: int,
    hidden: Sequence[int] | None,
    activation: str | Sequence[str],
    seed: int,
    known: Defaults | None = None,
) -> tuple[Network, Defaults]:
    """The network for a split of so many rows, and the settings that are used when they are left
    out.

    Raises: SettingError when the network would be too large, or its activations do not fit.
    """
    kind = output_of(split.target)
    defaults = known or Defaults((10,), RATES[kind], max(10, min(500, DEFAULT_ROWS // rows)))
    width = split.scaling.width if isinstance(split, TableSplit) else len(split.columns)
    layers = defaults.layers if hidden is None else hidden
    sizes = [width, *(whole("the size of a layer", n) for n in layers), split.target.n_outputs]
    _require_possible(sizes)
    names = [activation] * (len(sizes) - 2) if isinstance(activation, str) else [*activation]
    if len(names) != len(sizes) - 2:
        raise SettingError(
            f"give one activation for all hidden layers, or one for each: got {len(names)} for "
            f"{len(sizes) - 2}"
        )
    return Network(sizes, [*names, OUTPUTS[kind].activation], seed=seed), defaults


def _require_possible(sizes: list[int]) -> None:
    weights = sum((n_inputs + 1) * n for n_inputs, n in pairwise(sizes))
    if weights > MAX_WEIGHTS:
        raise SettingError(
            f"a network of layers {sizes} has {weights:,} weights, more than {MAX_WEIGHTS:,}: "
            "choose smaller layers"
        )


def _named(score: tuple[float, float | None], rows: int) -> dict[str, Any]:
    return {"rows": rows, "P": score[0], "accuracy": score[1]}
