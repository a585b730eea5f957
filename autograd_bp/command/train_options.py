"""The options of the command `train`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["add_train_options"]


def add_train_options(add: Callable[..., Any]) -> None:
    """Add them to a parser, whose `add_argument` is given."""
    add("data", metavar="DATA", help="digits, xor, or the path of a table; - for standard input")
    add(
        "--layers",
        metavar="N,N",
        type=_sizes,
        help="neurons in each hidden layer, such as 30 "
        "or 30,20, or none (default: digits 30, xor 6, files 10)",
    )
    add(
        "--optimiser",
        metavar="NAME",
        default="auto",
        help="ascent, momentum, nesterov, rmsprop, adam, adamw, rprop, lbfgs, gauss-newton, "
        "levenberg-marquardt or trust-region, with settings as in adam:beta1=0.8 (default: ascent "
        "for digits, xor and where a rate, epochs or a batch is given, else rprop)",
    )
    add("--rate", metavar="δ", type=float, help="of Δw = δ ∇P (default: that of the optimiser)")
    add(
        "--schedule",
        metavar="NAME",
        help="the factor of the rate: cosine, step:10:0.5, warm-up:2, warm-up:2:cosine, plateau:5",
    )
    add(
        "--epochs",
        metavar="N",
        type=int,
        help="how often to go over the rows (default: digits 16, xor 600, files by their size)",
    )
    add(
        "--batch",
        metavar="N",
        type=int,
        help="rows for one step, which takes the mean of their gradients (default: 1, or all rows "
        "for an optimiser that needs them)",
    )
    add(
        "--seed",
        metavar="N",
        type=int,
        default=0,
        help="decides the first weights, the rows held out and the order of rows (default: 0)",
    )
    add(
        "--target",
        metavar="COLUMN",
        action="append",
        help="the column with the answers; given again for several columns of numbers",
    )
    add(
        "--task",
        choices=("auto", "classes", "numbers"),
        default="auto",
        help="what the answers are (default: auto)",
    )
    add(
        "--ignore",
        metavar="COLUMN",
        action="append",
        default=[],
        help="leave a column out; may be given again",
    )
    add(
        "--keep",
        metavar="COLUMN",
        action="append",
        default=[],
        help="learn from a column that looks like an identifier; may be given again",
    )
    add("--weight", metavar="COLUMN", help="the column that says how much each row counts")
    add(
        "--outputs",
        choices=("auto", "sigmoid"),
        default="auto",
        help="auto: softmax for classes and linear outputs for numbers, each with the performance "
        "that fits it; sigmoid: sigmoids with P = -½ Σ (d - z)² as in the post, which digits and "
        "xor always have",
    )
    add(
        "--activation",
        metavar="NAME,NAME",
        type=_names,
        help="of the hidden layers, such as tanh or relu (default: sigmoid)",
    )
    add(
        "--decay",
        metavar="λ",
        type=float,
        help="of -½ λ Σ w² beside the mean performance: smaller weights (default: 0; 0.003 where "
        "the optimiser is left out and rprop)",
    )
    add("--clip-norm", metavar="X", type=float, help="make gradients at most this long")
    add("--clip-value", metavar="X", type=float, help="make each number of them at most this large")
    add(
        "--patience",
        metavar="N",
        type=int,
        help="end after so many epochs without a better performance of the rows held out, with the "
        "weights of the best epoch",
    )
    add("--balanced", action="store_true", help="let each class count the same")
    add(
        "--class-weight",
        metavar="CLASS=W",
        type=_class_weight,
        action="append",
        default=[],
        help="how much each row of a class counts, 1 where it is not said; may be given again",
    )
    add(
        "--freeze",
        metavar="PATTERN",
        action="append",
        default=[],
        help="weights that stay as they begin, by their names, such as 'layers.0.*' for the first "
        "layer; may be given again",
    )
    add("--stratify", action="store_true", help="hold out the same share of each class")
    add(
        "--held-out",
        metavar="SHARE",
        type=float,
        help="the share of rows that is held out (default: 0.2; xor 0)",
    )
    add(
        "--eager",
        action="store_true",
        help="record and sweep row by row where batches would run "
        "as compiled programs: the same weights to the last bit on every machine",
    )
    add("--out", metavar="DIR", help="the folder for the files (default: DATA-run)")
    add("--force", action="store_true", help="replace the files of an earlier run")
    add(
        "--checkpoint",
        metavar="EVERY",
        help="write DIR/checkpoint.json after so many steps, or seconds as in 30s, and keep it at "
        "the end (default: 60s, removed at the end)",
    )
    add(
        "--resume",
        action="store_true",
        help="go on from DIR/checkpoint.json, with the same settings: the weights are those of a "
        "run that was not interrupted",
    )


def _sizes(text: str) -> list[int]:
    return [] if text == "none" else [int(part) for part in text.split(",")]


def _names(text: str) -> str | list[str]:
    names = text.split(",")
    return names[0] if len(names) == 1 else names


def _class_weight(text: str) -> tuple[str, float]:
    name, sign, weight = text.rpartition("=")
    if not sign:
        raise ValueError(text)
    return name, float(weight)


# Their names in an error of argparse:
_sizes.__name__ = "list of sizes"
_class_weight.__name__ = "class and its weight, such as rare=5"
