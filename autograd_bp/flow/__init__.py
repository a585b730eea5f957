"""Control flow by numbers: conditions, loops and indexing that mean the same on floats, on Values
and inside compiled functions.

On plain numbers and on Values they run as Python does, and only what is computed is recorded. In a
compiled function, which is recorded once for all numbers, both branches are recorded and `where`
chooses between them. common.py has what they share, checks.py what may go wrong when a compiled
function runs, rounds.py loops whose bodies are traced once, growing.py loops whose rounds depend on
numbers, and subscripts.py `array[i]` with a Value as i.
"""

from autograd_bp.flow.branching import cond
from autograd_bp.flow.indexing import take
from autograd_bp.flow.looping import fori, scan, while_loop

__all__ = ["cond", "fori", "scan", "take", "while_loop"]
