"""The public name of `autograd_bp.checking.plugin.subgraph`, for users to import."""

from autograd_bp.checking.plugin.subgraph import Suspect, find_suspect, left_out, subgraph_text

__all__ = ["Suspect", "find_suspect", "left_out", "subgraph_text"]
