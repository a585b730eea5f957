"""Networks as estimators of scikit-learn: in pipelines, searches and cross-validation.

`classifier` and `regressor` are the estimators, `base` is what they share, `inputs` makes inputs of
tables, `targets` desired outputs of answers. They train by `autograd_bp.training.train`.

>>> from autograd_bp.sklearn import NetworkClassifier         # needs the extra "sklearn"
>>> NetworkClassifier((20,), random_state=0).fit(X, y).score(X, y)      # doctest: +SKIP
1.0
"""

from autograd_bp.errors import MissingExtraError

try:
    import sklearn  # noqa: F401
except ImportError:
    raise MissingExtraError(
        'autograd_bp.sklearn needs scikit-learn: pip install "autograd_bp[sklearn]"'
    ) from None

from autograd_bp.sklearn.classifier import NetworkClassifier
from autograd_bp.sklearn.regressor import NetworkRegressor

__all__ = ["NetworkClassifier", "NetworkRegressor"]
