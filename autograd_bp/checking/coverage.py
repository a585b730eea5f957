"""The public name of `autograd_bp.checking.points.coverage`, for users to import."""

from autograd_bp.checking.points.coverage import Coverage, RowCoverage

__all__ = ["Coverage", "RowCoverage"]
