"""The code of each primitive, its place in the table, under the primitive's name: `codes.add`.

In the compiled core codes.pxd takes the place of this file: there a code is a constant of C.
`python -m autograd_bp.native.generate` writes codes.pxd.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd_bp.primitives import TABLE

globals().update({op.name: op.code for op in TABLE})

if TYPE_CHECKING:

    def __getattr__(name: str) -> int: ...
