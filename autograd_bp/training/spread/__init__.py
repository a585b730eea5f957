"""Rows that do not lie in one list: on a Dask cluster, in a file that is read again for each pass,
or in memory, block by block.

All of them are cut into blocks of so many rows, counted from the first row. A block's sums of P and
of its gradient are computed where the block lies, by one compiled program, and are added in an
order that depends on the seed alone. So the weights are the same to the last bit, however many
workers there are, wherever the chunks end, and for an array of NumPy in one process.

`kinds` tells such rows from others, `work` is what is computed of a block, `blocks` cuts rows that
lie here, `cluster` those on a cluster, `ascending` takes the steps, `tables` learns the encoder
of a table, `encoding` applies it, `training` is what `train` and `fit` call.
"""

from autograd_bp.training.spread.kinds import is_spread
from autograd_bp.training.spread.training import train_by_blocks

__all__ = ["is_spread", "train_by_blocks"]
