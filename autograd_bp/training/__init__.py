"""Training: optimisers, the loop, data sets, models on disk.

`session` puts the parts together for the command line: a plan, which is checked before anything
starts, and its result. Files that are read (tables, models) are checked and never executed.

>>> from autograd_bp.nn import Network
>>> from autograd_bp.training import train, xor
>>> network = Network([2, 6, 1], seed=0)
>>> history = train(network, xor().split(), rate=1.0, epochs=600)
>>> history.accuracy[-1]
1.0
"""

from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

from autograd_bp.training import optimisers, schedules
from autograd_bp.training.callbacks import Callback, EarlyStopping, Progress
from autograd_bp.training.checkpoints import Checkpoint
from autograd_bp.training.dataset import DataSet, Split
from autograd_bp.training.encoder import Encoder
from autograd_bp.training.fitting import fit
from autograd_bp.training.frames import Frame, frame_of
from autograd_bp.training.history import Epoch, History
from autograd_bp.training.loop import evaluate, train
from autograd_bp.training.model import Model, load_model
from autograd_bp.training.optimisers.ascent import GradientAscent
from autograd_bp.training.scores import ClassScore, NumberScore
from autograd_bp.training.sequences import Sequences
from autograd_bp.training.session import Plan, Result, plan
from autograd_bp.training.signs import LossWarning
from autograd_bp.training.sources import digits, load, read_csv, xor
from autograd_bp.training.tensorboard import TensorBoard

__all__ = [
    "Callback",
    "Checkpoint",
    "ClassScore",
    "DataSet",
    "EarlyStopping",
    "Encoder",
    "Epoch",
    "Frame",
    "GradientAscent",
    "History",
    "LossWarning",
    "Model",
    "NumberScore",
    "Plan",
    "Progress",
    "Result",
    "Sequences",
    "Split",
    "TensorBoard",
    "digits",
    "evaluate",
    "fit",
    "frame_of",
    "load",
    "load_model",
    "optimisers",
    "plan",
    "read_csv",
    "schedules",
    "train",
    "xor",
]

if not _TYPE_CHECKING:  # a type checker would take any name for a public one

    def __getattr__(name: str) -> _Any:
        from autograd_bp.words import NoSuchName

        raise NoSuchName(__name__, name, __all__)
