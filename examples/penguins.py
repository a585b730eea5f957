"""A table as people have it, with text, numbers and empty cells, and the species of penguins.

The table is drawn at random around means like those of three species of Palmer Archipelago
penguins (K. Gorman and others, PLoS ONE 9(3), 2014), with a cell missing here and there, so the
script needs no download. `fit` takes the table as it is and says what it does to each column.

    python examples/penguins.py [FOLDER]
"""

import random
import sys
from pathlib import Path
from typing import Any

from autograd_bp.training import Model, fit

# Bill length and depth, flipper (mm), mass (g): mean and deviation; the islands where it breeds.
SPECIES = {
    "Adelie": (
        ((38.8, 2.7), (18.3, 1.2), (190, 6.5), (3700, 460)),
        ("Torgersen", "Biscoe", "Dream"),
    ),
    "Chinstrap": (((48.8, 3.3), (18.4, 1.1), (196, 7.1), (3730, 380)), ("Dream",)),
    "Gentoo": (((47.5, 3.1), (15.0, 1.0), (217, 6.5), (5080, 500)), ("Biscoe",)),
}
COLUMNS = ("bill_length_mm", "bill_depth_mm", "flipper_mm", "mass_g")


def table(count: int, seed: int) -> dict[str, list[Any]]:
    """Columns of a table with some empty cells, and the species in the last."""
    rng = random.Random(seed)
    rows: dict[str, list[Any]] = {name: [] for name in ("island", *COLUMNS, "sex", "species")}
    for _ in range(count):
        species = rng.choices(tuple(SPECIES), (44, 20, 36))[0]
        sizes, islands = SPECIES[species]
        sex = rng.choice(("female", "male"))
        larger = 0.5 if sex == "male" else -0.5
        for name, (mean, deviation) in zip(COLUMNS, sizes, strict=True):
            size = round(rng.gauss(mean + larger * deviation, 0.85 * deviation), 1)
            rows[name].append(None if rng.random() < 0.02 else size)
        rows["island"].append(rng.choice(islands))
        rows["sex"].append(None if rng.random() < 0.03 else sex)
        rows["species"].append(species)
    return rows


def learn(seed: int = 0) -> tuple[Model, dict[str, list[Any]], dict[str, list[Any]]]:
    """The model, the rows that it learned from, and rows that it has not seen."""
    known, new = table(275, seed), table(150, seed + 1)
    features = {name: cells for name, cells in known.items() if name != "species"}
    return fit([6], features, known["species"], epochs=60, rate=0.1), known, new


def picture(model: Model, new: dict[str, list[Any]], path: Path) -> Path:
    """The new rows by bill and flipper; those with a wrong answer are ringed."""
    from matplotlib.figure import Figure

    from autograd_bp.drawing.figures import save_figure

    answers = model.predict({name: cells for name, cells in new.items() if name != "species"})
    figure = Figure(figsize=(7.0, 4.2), layout="constrained")
    axes = figure.subplots()
    for species, colour in zip(SPECIES, ("#1f6fb2", "#c05000", "#2a8a4a"), strict=True):
        shown = [
            (bill, flipper)
            for bill, flipper, kind in zip(
                new["bill_length_mm"], new["flipper_mm"], new["species"], strict=True
            )
            if kind == species and bill is not None and flipper is not None
        ]
        axes.plot(*zip(*shown, strict=True), "o", color=colour, markersize=4, label=species)
    for i, (answer, kind) in enumerate(zip(answers, new["species"], strict=True)):
        bill, flipper = new["bill_length_mm"][i], new["flipper_mm"][i]
        if answer != kind and bill is not None and flipper is not None:
            axes.plot([bill], [flipper], "o", color="black", markersize=11, markerfacecolor="none")
    axes.set_xlabel("length of the bill, mm")
    axes.set_ylabel("length of the flipper, mm")
    axes.set_title("150 new penguins; a wrong answer has a ring", fontsize=10)
    axes.legend(fontsize=9)
    axes.grid(alpha=0.3)
    return save_figure(figure, path)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    model, _, new = learn()
    for column, note in model.scaling.report():
        print(f"{column:15} {note}")
    score = model.score({**new, "y": new["species"]})
    print(f"new rows: {score.accuracy:.1%} right; a row with an empty bill: {missing(model)}")
    print(picture(model, new, folder / "penguins.svg"))


def missing(model: Model) -> Any:
    """The answer for a penguin whose bill nobody measured."""
    row = {"island": "Biscoe", "bill_length_mm": None, "bill_depth_mm": 15.1, "flipper_mm": 216.0}
    return model.predict({**row, "mass_g": 5000.0, "sex": "female"})


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "examples-out"))
