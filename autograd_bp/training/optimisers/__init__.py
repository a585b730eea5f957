"""Optimisers: they move weights up the gradient of a performance, or down that of a loss.

Each takes steps on one flat vector of weights, by itself or in `train`, `fit` and the command:

>>> import autograd_bp as bp
>>> from autograd_bp.training.optimisers import Adam, minimise
>>> w = [bp.Value(5.0), bp.Value(-2.0)]
>>> adam = Adam(w, rate=0.5)
>>> P = -(w[0] ** 2) - w[1] ** 2
>>> P.backward()
>>> adam.step()                                     # the parameters, by their gradients
>>> round(w[0].data, 6), round(w[1].data, 6)
(4.5, -1.5)
>>> [round(x, 6) for x in Adam(rate=0.5).step([5.0, -2.0], [-10.0, 4.0])]      # vectors
[4.5, -1.5]
>>> minimise(lambda x: (x[0] - 1.0) ** 2 + (x[1] + 2.0) ** 4, [0.0, 0.0]).x.round(2).tolist()
[1.0, -2.0]
"""

from autograd_bp.training.optimisers.ascent import GradientAscent
from autograd_bp.training.optimisers.base import GradientRule, Optimiser
from autograd_bp.training.optimisers.functions import (
    Found,
    maximise,
    minimise,
    minimise_by_scipy,
)
from autograd_bp.training.optimisers.lbfgs import LBFGS
from autograd_bp.training.optimisers.least_squares import GaussNewton, LevenbergMarquardt
from autograd_bp.training.optimisers.names import OPTIMISERS, optimiser
from autograd_bp.training.optimisers.rules import (
    Adam,
    AdamW,
    Momentum,
    Nesterov,
    RMSProp,
    Rprop,
)
from autograd_bp.training.optimisers.trust_region import TrustRegionNewton

__all__ = [
    "LBFGS",
    "OPTIMISERS",
    "Adam",
    "AdamW",
    "Found",
    "GaussNewton",
    "GradientAscent",
    "GradientRule",
    "LevenbergMarquardt",
    "Momentum",
    "Nesterov",
    "Optimiser",
    "RMSProp",
    "Rprop",
    "TrustRegionNewton",
    "maximise",
    "minimise",
    "minimise_by_scipy",
    "optimiser",
]
