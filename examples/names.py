"""Names or not: a network that reads rows of different lengths, letter by letter.

Half of the rows are given names, the others the same letters in another order. The network keeps a
vector for each letter (an embedding), and a state that it changes with each letter of a row; the
last state says whether it was a name. Rows are as long as they are: the module gets the letters and
their number, and goes around that often.

    python examples/names.py [FOLDER]
"""

import random
import sys
from pathlib import Path

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.nn import Layer, Module
from autograd_bp.training import Model, Sequences, fit

NAMES = Path(__file__).parent / "gpt" / "names.txt"


class Reader(Module):
    """A vector for each token, a recurrent layer, and an output.

    Arguments:
        tokens: how many numbers of tokens there are.
        size: the length of a vector.
        state: how many numbers are kept from letter to letter.
        seed: of the first weights.
    """

    def __init__(self, tokens: int, size: int = 4, state: int = 8, seed: int = 0) -> None:
        normal = random.Random(seed).gauss
        self.vectors = [[Value(normal(0, 0.5)) for _ in range(size)] for _ in range(tokens)]
        self.step = Layer(size + state, state, "tanh", seed=seed)
        self.output = Layer(state, 1, "sigmoid", seed=seed + 1)
        self.first = [0.0] * state

    def __call__(self, tokens: list[Value], length: Value) -> list[Value]:
        def read(place: int, state: list[Value]) -> list[Value]:
            letter = bp.take(self.vectors, tokens[place])
            return self.step([*letter, *state])

        return self.output(bp.fori(length, read, self.first))


def rows(count: int, seed: int) -> tuple[list[str], list[str]]:
    """So many names, and so many in disorder, with their answers."""
    chance = random.Random(seed)
    names = chance.sample(NAMES.read_text("utf-8").split(), count)
    shuffled = ["".join(chance.sample(name, len(name))) for name in names]
    return [*names, *shuffled], ["name"] * count + ["letters"] * count


def learn(count: int = 400, epochs: int = 30) -> Model:
    """The model of such rows."""
    texts, answers = rows(count, seed=0)
    network = Reader(Sequences.learned(texts).size)
    optimiser = "adam:rate=0.02"
    return fit(
        network, texts, answers, optimiser=optimiser, epochs=epochs, batch=20, compiled=True,
    )  # fmt: skip


def picture(model: Model, path: Path) -> Path:
    """The two directions in which the vectors of the letters differ most."""
    import numpy as np
    from matplotlib.figure import Figure

    from autograd_bp.drawing.figures import save_figure

    letters = model.scaling.tokens
    vectors = np.array([[w.data for w in row] for row in model.network.vectors])[1:]
    vectors -= vectors.mean(axis=0)
    places = vectors @ np.linalg.svd(vectors, full_matrices=False)[2][:2].T
    figure = Figure(figsize=(6.0, 4.4), layout="constrained")
    axes = figure.subplots()
    for letter, (x, y) in zip(letters, places, strict=True):
        colour = "tab:red" if letter in "aeiouy" else "tab:blue"
        axes.text(x, y, letter, color=colour, fontsize=13, ha="center", va="center")
    axes.set_xlim(places[:, 0].min() - 0.3, places[:, 0].max() + 0.3)
    axes.set_ylim(places[:, 1].min() - 0.3, places[:, 1].max() + 0.3)
    axes.set_title("the vectors of the letters; vowels in red", fontsize=10)
    return save_figure(figure, path)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    model = learn(2000)
    texts, answers = rows(2000, seed=1)
    print(f"{model.score((texts, answers)).accuracy:.1%} of {len(texts)} new rows are right")
    for text in ("marlena", "nlaamer", "christopher", "tsirhcpoher"):
        print(f"{text}: {model.probabilities(text)['name']:.2f} a name")
    print(picture(model, folder / "names.svg"))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "examples-out"))
