"""Loops: a program written with its repetitions, which is what all fast backends run.

`loops` defines them and has the reference that they are compared with, `rolling` finds them in a
program, and `sequences` finds loops that are repeated. `differentiate` makes loops of derivatives:
`reverse` and `forward` sweep, `rules` has what one member passes on, `members` emits that for all
members, `sums` adds up what a place gets by `contributions`, `places` and `writer` are what these
write with.
`unrolled` makes a program of loops. `ordering`, `fused_steps` and `states` rewrite the loops of
recurrences, so that neighbours are read and few numbers are kept; `fusing` and `siblings` put loops
together. Nothing here knows about any backend.
"""

from autograd_bp.compiling.loops.loops import Access, Loop, Loops

__all__ = ["Access", "Loop", "Loops"]
