"""Networks as estimators of scikit-learn."""

# ruff: noqa: E402

import pickle

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp.errors import DataError, SettingError
from autograd_bp.nn import Network

sklearn = pytest.importorskip("sklearn")

from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from autograd_bp.sklearn import NetworkClassifier, NetworkRegressor
from autograd_bp.training.optimisers import Adam

X, y = load_iris(return_X_y=True)
LABELS = np.array(["setosa", "versicolor", "virginica"])[y]


@pytest.mark.filterwarnings("ignore")
@parametrize_with_checks([NetworkClassifier(), NetworkRegressor()])
def test_every_check_of_scikit_learn_passes(estimator, check):
    check(estimator)


def test_pipelines_searches_and_cross_validation():
    pipeline = make_pipeline(StandardScaler(), NetworkClassifier((6,), random_state=0, epochs=30))
    assert cross_val_score(pipeline, X, LABELS, cv=3).mean() > 0.9
    search = GridSearchCV(
        pipeline,
        {"networkclassifier__decay": [1e-3, 1e3], "networkclassifier__hidden": [(4,)]},
        cv=3,
    )
    search.fit(X, LABELS)
    assert search.best_params_["networkclassifier__decay"] == 1e-3
    pipeline.set_output(transform="default").fit(X, LABELS)
    assert set(pipeline.predict(X)) <= set(LABELS)


def test_clones_and_pickles_predict_the_same():
    model = NetworkClassifier((5,), random_state=3, epochs=20).fit(X, LABELS)
    again = pickle.loads(pickle.dumps(model))
    assert (again.predict_proba(X) == model.predict_proba(X)).all()
    assert (clone(model).fit(X, LABELS).predict_proba(X) == model.predict_proba(X)).all()
    assert not hasattr(clone(model), "model_")


def test_probabilities_are_those_of_the_model():
    model = NetworkClassifier((5,), random_state=3, epochs=20).fit(X, LABELS)
    shares = model.predict_proba(X[:3])
    assert np.allclose(shares, model.model_.predict_probabilities(X[:3]), atol=1e-12)
    assert np.allclose(shares.sum(axis=1), 1.0)
    assert np.allclose(np.exp(model.predict_log_proba(X[:3])), shares)
    assert model.model_.prove().ok


def test_regression_of_one_and_several_numbers():
    X, y = load_diabetes(return_X_y=True)
    train, test, y_train, y_test = train_test_split(X, y, random_state=0)
    model = NetworkRegressor((8,), decay=0.1, random_state=0).fit(train, y_train)
    assert model.score(test, y_test) > 0.3
    two = NetworkRegressor((8,), epochs=10, random_state=0).fit(X, np.stack([y, -y], axis=1))
    assert two.predict(X).shape == (len(X), 2)


def double(α):
    return bp.tanh(2.0 * α)


def absolute(d, z):
    return -abs(d[0] - z[0])


def test_activations_and_losses_are_plain_functions():
    X, y = load_diabetes(return_X_y=True)
    model = NetworkRegressor(
        (4,), activation=double, performance=absolute, optimiser="adam", epochs=60, random_state=0
    )
    model.fit(X, y)
    assert model.history_[-1] > model.history_[0]
    assert model.model_.about["how"].startswith("compiled")
    assert pickle.loads(pickle.dumps(model)).score(X, y) == model.score(X, y)
    several = NetworkRegressor((4, 3), activation=["relu", double], epochs=5, random_state=0)
    assert several.fit(X, y).model_.network.activation_names == ["relu", "double", "identity"]


def stepped(α):
    return bp.tanh(α) if α > 0 else 0.5 * α


def test_a_function_that_compares_numbers_is_run_row_by_row():
    model = NetworkClassifier((3,), activation=stepped, optimiser="adam", epochs=2, random_state=0)
    model.fit(X[::5], y[::5])
    assert model.model_.about["how"].startswith("eager")


def test_weights_of_classes_and_rows():
    X, y = load_breast_cancer(return_X_y=True)
    settings = {"hidden": (3,), "epochs": 20, "random_state": 0}
    plain = NetworkClassifier(**settings).fit(X, y)
    heavy = NetworkClassifier(**settings, class_weight={0: 1.0, 1: 1e4}).fit(X, y)
    assert heavy.predict(X).sum() > plain.predict(X).sum()
    by_rows = NetworkClassifier(**settings).fit(X, y, sample_weight=np.where(y == 1, 1e4, 1.0))
    assert (by_rows.predict(X) == heavy.predict(X)).all()
    NetworkClassifier(**settings, class_weight="balanced").fit(X, y)


def test_partial_fit_goes_on_with_the_optimiser():
    model = NetworkClassifier((5,), random_state=0)
    with pytest.raises(DataError, match="needs all classes"):
        model.partial_fit(X, y)
    model.partial_fit(X[:60], y[:60], classes=[0, 1, 2])
    steps = model._optimiser.steps
    for _ in range(60):
        model.partial_fit(X, y)
    assert model._optimiser.steps == steps + 60
    assert model.score(X, y) > 0.8
    with pytest.raises(DataError, match="not those of the last call"):
        model.partial_fit(X, y, classes=[0, 1])
    with pytest.raises(DataError, match="none of the classes"):
        model.partial_fit(X, y + 1)


def test_warm_start_goes_on_from_the_weights():
    model = NetworkRegressor((4,), warm_start=True, epochs=3, random_state=0)
    first = model.fit(X, y).model_.network
    P = model.history_[-1]
    model.fit(X, y)
    assert model.model_.network is first
    assert model.history_[-1] > P
    assert model.n_iter_ == 6
    classifier = NetworkClassifier((4,), warm_start=True, epochs=2, random_state=0).fit(X, y)
    with pytest.raises(DataError, match="classes of the last call"):
        classifier.fit(X, y + 5)


@pytest.mark.parametrize("optimiser", ["lbfgs", "adam"])
def test_early_stopping_ends_with_the_best_weights(optimiser):
    generator = np.random.default_rng(0)
    X = generator.normal(size=(80, 10))
    y = (X[:, 0] + 2.0 * generator.normal(size=80) > 0).astype(int)
    model = NetworkClassifier(
        (30,),
        decay=0.0,
        tol=0.0,
        optimiser=optimiser,
        epochs=500,
        early_stopping=True,
        random_state=0,
    )
    assert model.fit(X, y).n_iter_ < 500
    with pytest.raises(DataError, match="holds rows out"):
        model.fit(X[:3], [0, 1, 1])


def test_optimisers_are_names_or_objects_that_stay_as_they_are():
    adam = Adam(rate=0.05)
    model = NetworkClassifier((4,), optimiser=adam, epochs=5, random_state=0).fit(X, y)
    assert adam.steps == 0
    assert not adam.parameters
    assert model._optimiser.steps > 0
    with pytest.raises(SettingError, match="no optimiser"):
        NetworkClassifier(optimiser="sgd").fit(X, y)


def test_missing_numbers_are_filled_and_flagged():
    holes = X.copy()
    holes[::7, 2] = np.nan
    model = NetworkClassifier((5,), random_state=0, epochs=30).fit(holes, y)
    assert model.score(holes, y) > 0.8
    assert model.model_.scaling.names == ["x1", "x2", "x3", "x3 is missing", "x4"]
    holes[0, 0] = np.nan
    with pytest.raises(ValueError, match="column 'x1'"):
        model.predict(holes)


def test_frames_with_text_are_encoded():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {
            "size": [1.0, 2.0, None, 4.0, 4.5, 5.0] * 5,
            "colour": ["red", "red", "blue", "blue", None, "blue"] * 5,
            "day": pandas.date_range("2020-01-01", periods=30, freq="11D"),
        }
    )
    answers = np.array(["small", "small", "small", "large", "large", "large"] * 5)
    model = NetworkClassifier((4,), random_state=0).fit(frame, answers)
    assert model.feature_names_in_.tolist() == ["size", "colour", "day"]
    assert model.score(frame, answers) == 1.0
    with pytest.raises(ValueError, match="feature names"):
        model.predict(frame.rename(columns={"size": "width"}))
    assert cross_val_score(model, frame, answers, cv=3).mean() > 0.8


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"hidden": (0,)}, "hidden layer"),
        ({"epochs": 0}, "epochs"),
        ({"batch": "all", "optimiser": "adam"}, "batch"),
        ({"activation": ["tanh", "tanh"]}, "activation"),
        ({"decay": -1.0}, "decay"),
        ({"rate": -1.0}, "rate"),
    ],
)
def test_settings_out_of_range_are_refused_by_name(settings, message):
    with pytest.raises(SettingError, match=message):
        NetworkClassifier(**settings).fit(X, y)


def test_a_network_without_hidden_layers_is_a_linear_model():
    model = NetworkClassifier((), random_state=0).fit(X, y)
    assert model.model_.network.sizes == (4, 3)
    assert isinstance(model.model_.network, Network)
    assert model.score(X, y) > 0.9


def test_onnx_gives_the_same():
    pytest.importorskip("onnx")
    runtime = pytest.importorskip("onnxruntime")
    model = NetworkClassifier((5,), random_state=0, epochs=20).fit(X, LABELS)
    session = runtime.InferenceSession(
        model.to_onnx().SerializeToString(), providers=["CPUExecutionProvider"]
    )
    label, shares = session.run(["label", "probabilities"], {"X": X})
    assert (label == model.predict(X)).all()
    assert np.allclose(shares, model.predict_proba(X), atol=1e-14)
