"""What learns: ours, scikit-learn's network and linear models, and a network of PyTorch."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.compose import TransformedTargetRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from autograd_bp.sklearn import NetworkClassifier, NetworkRegressor

HIDDEN, EPOCHS, RATE, BATCH, DECAY = 20, 200, 0.01, 200, 1e-3


class Torch(BaseEstimator):
    """A network of one hidden layer of tanh, trained by Adam as ours is: same sizes, epochs, batch,
    rate and decay."""

    def __init__(self, seed: int = 0, outputs: int = 1) -> None:
        self.seed, self.outputs = seed, outputs

    def fit(self, X: Any, y: Any) -> Torch:
        import torch

        torch.manual_seed(self.seed)
        torch.set_num_threads(1)
        self._center, self._width = X.mean(axis=0), X.std(axis=0)
        self._width[self._width == 0.0] = 1.0
        d, loss = self._desired(y)
        rows = torch.from_numpy((X - self._center) / self._width).float()
        self._network = torch.nn.Sequential(
            torch.nn.Linear(X.shape[1], HIDDEN), torch.nn.Tanh(), torch.nn.Linear(HIDDEN, d[1])
        )
        adam = torch.optim.Adam(self._network.parameters(), lr=RATE, weight_decay=DECAY)
        for _ in range(EPOCHS):
            order = torch.randperm(len(rows))
            for part in order.split(BATCH):
                adam.zero_grad()
                loss(self._network(rows[part]), d[0][part]).backward()
                adam.step()
        return self

    def _z(self, X: Any) -> Any:
        import torch

        with torch.no_grad():
            rows = torch.from_numpy((X - self._center) / self._width).float()
            return self._network(rows).numpy()

    def _desired(self, y: Any) -> Any:
        raise NotImplementedError


class TorchClassifier(ClassifierMixin, Torch):
    def _desired(self, y: Any) -> Any:
        import torch

        self.classes_ = np.unique(y)
        d = torch.from_numpy(np.searchsorted(self.classes_, y))
        return (d, len(self.classes_)), torch.nn.CrossEntropyLoss()

    def predict(self, X: Any) -> Any:
        return self.classes_[self._z(X).argmax(axis=1)]


class TorchRegressor(RegressorMixin, Torch):
    def _desired(self, y: Any) -> Any:
        import torch

        self._mean, self._scale = y.mean(), y.std()
        d = torch.from_numpy((y - self._mean) / self._scale).float()[:, None]
        return (d, 1), torch.nn.MSELoss()

    def predict(self, X: Any) -> Any:
        return self._z(X)[:, 0] * self._scale + self._mean


def classifiers(seed: int) -> dict[str, Callable[[], Any]]:
    """Makers of classifiers, by name."""
    return {
        "autograd_bp": lambda: NetworkClassifier((HIDDEN,), random_state=seed),
        "sklearn MLP": lambda: make_pipeline(
            StandardScaler(),
            MLPClassifier(hidden_layer_sizes=(HIDDEN,), max_iter=EPOCHS, random_state=seed),
        ),
        "sklearn linear": lambda: make_pipeline(
            StandardScaler(), LogisticRegression(max_iter=1000)
        ),
        "torch": lambda: TorchClassifier(seed),
    }


def regressors(seed: int) -> dict[str, Callable[[], Any]]:
    """Makers of regressors, by name. Answers are scaled for scikit-learn's network, too."""
    return {
        "autograd_bp": lambda: NetworkRegressor((HIDDEN,), random_state=seed),
        "sklearn MLP": lambda: TransformedTargetRegressor(
            make_pipeline(
                StandardScaler(),
                MLPRegressor(hidden_layer_sizes=(HIDDEN,), max_iter=EPOCHS, random_state=seed),
            ),
            transformer=StandardScaler(),
        ),
        "sklearn linear": lambda: make_pipeline(StandardScaler(), Ridge()),
        "torch": lambda: TorchRegressor(seed),
    }


def quiet() -> None:
    """No warnings of iterations that did not converge."""
    warnings.simplefilter("ignore")
