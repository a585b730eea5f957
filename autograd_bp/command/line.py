"""The parser of the command line, and the help of each command with a worked example."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from autograd_bp.command.train_options import add_train_options
from autograd_bp.errors import SettingError
from autograd_bp.version import __version__

__all__ = ["HELP", "NAME", "parser"]

NAME = "autograd-bp"

HELP: dict[str, tuple[str, str]] = {
    "": (
        "Train networks of sigmoid neurons by backpropagation, and prove the gradients.",
        """\
example:
  autograd-bp train digits                      learn handwriting; takes a minute or so
  autograd-bp prove digits-run/model.json       compare the gradients with the formulas
  autograd-bp draw digits-run/model.json        draw a neuron with its gradients
  autograd-bp predict digits-run/model.json new.csv
  autograd-bp score digits-run/model.json digits

Bad input ends with one line on stderr and exit code 2. The same from Python:
autograd_bp.training.plan, load_model and Model; autograd_bp.nn.prove;
autograd_bp.checking.grading.grade.""",
    ),
    "train": (
        "Learn from a table; save the model, its learning curve and a graph.",
        """\
The table is a file of text (CSV, TSV, packed or not) or of Parquet, with numbers, text, dates and
empty cells; what is done to each column is printed. The target is the column named "target", or the
last one. Answers that are text, or whole numbers that count 0, 1, 2 ... with several rows for each,
are classes; other numbers are numbers to come close to.
Ctrl-C ends training early and saves what was learned so far.

example:
  $ autograd-bp train xor --seed 3 --out xor-run
  xor: 4 rows, 0 of them held out; 2 inputs, target 'xor': 2 classes
  2-6-1 sigmoid network: rate 1, 600 epochs, batch 1, seed 3
  training rows (none were held out): 100.0% right (4 of 4); always '0' would be 50.0%
  proof: 7 y, 7 γ, 25 Δw agree, largest difference 0 ulps (limit 4)
  model: xor-run/model.json
  learning curve: xor-run/learning_curve.png
  graph of one output neuron: xor-run/neuron.svg, xor-run/neuron.png

more:
  autograd-bp train digits --layers 40,20 --epochs 10
  autograd-bp train houses.csv --target price --ignore id --batch 8
  autograd-bp train penguins.csv --target species --activation tanh --stratify""",
    ),
    "predict": (
        "Predict the answers for the rows of a table.",
        """\
The table needs the columns that the model was trained on, by their names; other columns are
ignored. The answers are written as CSV with one column, prediction, in the order of rows, as soon
as they are there: the table may have any number of rows.

example:
  $ printf 'x1,x2\\n0,1\\n1,1\\n' > new.csv
  $ autograd-bp predict xor-run/model.json new.csv
  prediction
  1
  0""",
    ),
    "score": (
        "Say how good a model is on rows whose answers are known.",
        """\
Beside the result stands that of a prediction without learning: the class that most training rows
have, or their mean. For classes a matrix shows which were taken for which.

example:
  $ autograd-bp score xor-run/model.json xor
  100.0% right (4 of 4); always '0' would be 50.0%
  true class  said:     0     1  recall
  0                     2     0  100.0%
  1                     0     2  100.0%""",
    ),
    "prove": (
        "Compare every γ and Δw derived by hand with autodiff.",
        """\
The row is one that was held out from training and is kept in the model, or the one that
--data and --row name. Exit code 1 when a number differs by more than rounding.

example:
  $ autograd-bp prove xor-run/model.json --data xor --row 2
  Derived by hand and by autodiff: 2-6-1 network, δ = 1
  ...
  proved: 7 y, 7 γ, 25 Δw agree, largest difference 0 ulps (limit 4)""",
    ),
    "draw": (
        "Draw the computation graph of an output neuron as SVG and PNG.",
        """\
The picture shows the neuron's inputs, weights, stimulus and output, the performance P, and
the gradients that a sweep from P leaves on them.

example:
  $ autograd-bp draw xor-run/model.json --data xor --row 2 --out pictures
  pictures/neuron.svg
  pictures/neuron.png""",
    ),
    "export": (
        "Write a model in the formats of other programs.",
        """\
--onnx writes the encoder, the network and what its outputs mean as one ONNX model, which ONNX
Runtime runs without this library; it needs the extra "onnx". --weights writes the weights alone,
as .npz or .safetensors.

example:
  $ autograd-bp export xor-run/model.json --weights xor.npz
  weights: xor.npz""",
    ),
    "grade": (
        "Grade students' files: each runs by itself, and is compared with a reference.",
        """\
The reference is the teacher's file: it defines tasks, which say what a solution contains, what is
right, and how many points each term is worth. Each solution runs in a process of its own with
limits on time, memory and output, without access to the reference or to other files. What it does
wrong is its own result. DIR gets an overview (index.html), a table (grades.csv) and a page for
each student. This needs Linux or macOS.

example:
  $ cat reference.py
  from autograd_bp.checking.grading import Formulas
  from autograd_bp.nn import Network
  tasks = [Formulas(Network([2, 3, 1], seed=1), points={"gamma": 4, "dw": 6})]
  $ autograd-bp grade solutions --reference reference.py --out grades
  ana             10 of 10  everything is right
  ben              0 of 10  first wrong: γ[2,1], missing y (1 - y) (in the output…
  2 solutions, 1 without a mistake, 5 of 10 points on average
  overview: grades/index.html
  table: grades/grades.csv
  a page for each student: grades/students""",
    ),
    "info": (
        "Show versions, which core is in use, and which optional packages are installed.",
        """\
example:
  $ autograd-bp info
  ...
  core  ...
  ...""",
    ),
}
"""For each command, and under no name for the whole program: a sentence, and the rest of its
help."""


class _Parser(argparse.ArgumentParser):
    """A parser with errors of one line and a worked example in its help."""

    def __init__(self, *, texts: str = "", **options: Any) -> None:
        brief, more = HELP[texts]
        super().__init__(
            description=brief,
            epilog=more,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **options,
        )

    def add_argument(self, *names: Any, **options: Any) -> argparse.Action:
        if names[0].startswith("--") and options.get("action") is None:
            options["action"] = _Once
        return super().add_argument(*names, **options)

    def error(self, message: str) -> NoReturn:
        raise SettingError(f"{message} (see {self.prog} --help)")


class _Once(argparse.Action):
    """An option that may be given once: of two, one would be ignored."""

    def __call__(
        self, parser: Any, namespace: Any, values: Any, option_string: str | None = None
    ) -> None:
        seen = namespace.__dict__.setdefault("_seen", set())
        if self.dest in seen:
            parser.error(f"argument {option_string}: it was given twice, and takes one value")
        seen.add(self.dest)
        setattr(namespace, self.dest, values)


def parser(
    actions: Mapping[str, Callable[[argparse.Namespace], int]],
) -> argparse.ArgumentParser:
    """The parser of the command line; the `action` of its result is that of the command.

    When it parses, it raises SettingError for a command line that it does not understand.
    """
    program = _Parser(prog=NAME)
    program.add_argument("--version", action="version", version=f"{NAME} {__version__}")
    commands = program.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str) -> argparse.ArgumentParser:
        subparser = commands.add_parser(name, texts=name, help=HELP[name][0])
        subparser.set_defaults(action=actions[name])
        return subparser

    train = command("train")
    add_train_options(train.add_argument)

    predict = command("predict")
    predict.add_argument("model", metavar="MODEL", help="a model.json that train wrote")
    predict.add_argument("csv", metavar="TABLE", help="the rows; - for standard input")
    predict.add_argument(
        "--fill",
        action="store_true",
        help="fill empty and strange cells also where no training row had such, and predict",
    )
    predict.add_argument(
        "--probabilities", action="store_true", help="write the probability of each class too"
    )
    predict.add_argument("--out", metavar="FILE", help="write to this file, not to stdout")
    predict.add_argument("--force", action="store_true", help="replace a file of that name")

    score = command("score")
    score.add_argument("model", metavar="MODEL", help="a model.json that train wrote")
    score.add_argument("data", metavar="TABLE", help="digits, xor or a table with the answers")
    for subparser in (train, predict, score):
        subparser.add_argument(
            "--header",
            action=argparse.BooleanOptionalAction,
            help="whether the first line has the names of the columns (default: by its content)",
        )
        subparser.add_argument("--encoding", metavar="NAME", help="of a text (default: found out)")

    prove, draw = command("prove"), command("draw")
    for subparser in (prove, draw):
        add = subparser.add_argument
        add("model", metavar="MODEL", help="a model.json that train wrote")
        add("--data", metavar="DATA", help="digits, xor or a CSV file with the row")
        add("--row", metavar="N", type=int, help="which row, from 1 (default: 1)")
    prove.add_argument("--full", action="store_true", help="print every number")
    prove.add_argument(
        "--unfold", action="store_true", help="replace every composite by its definition first"
    )
    draw.add_argument(
        "--output",
        metavar="K",
        type=int,
        help="which output neuron, from 1 (default: the one desired to be largest)",
    )
    draw.add_argument(
        "--out", metavar="DIR", help="the folder for the pictures (default: that of the model)"
    )
    draw.add_argument("--force", action="store_true", help="replace other pictures of that name")
    _add_export(command("export"))
    _add_grade(command("grade"))
    command("info")
    return program


def _add_export(export: argparse.ArgumentParser) -> None:
    add = export.add_argument
    add("model", metavar="MODEL", help="a model.json that train wrote")
    add("--onnx", metavar="FILE", help="write an ONNX model")
    add("--weights", metavar="FILE", help="write the weights, as .npz or .safetensors")
    add(
        "--inputs",
        choices=("auto", "columns", "matrix"),
        default="auto",
        help="of the ONNX model: one for each column, or one matrix; auto: a matrix where no "
        "column has text",
    )
    add(
        "--dtype",
        choices=("float64", "float32"),
        default="float64",
        help="of the numbers (default: float64)",
    )
    add("--force", action="store_true", help="replace a file of that name")


def _add_grade(grade: argparse.ArgumentParser) -> None:
    add = grade.add_argument
    add("solutions", metavar="SOLUTIONS", nargs="+", help="students' .py files, or their folder")
    add("--reference", metavar="FILE", required=True, help="the teacher's file")
    add("--out", metavar="DIR", default="grades", help="the folder for the pages (default: grades)")
    add("--force", action="store_true", help="replace files that are there already")
    add(
        "--workers",
        metavar="N",
        type=int,
        help="how many solutions run at a time (default: one for each processor)",
    )
