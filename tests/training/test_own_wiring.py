"""The examples of training run and show what they say."""

import re
import runpy
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_one_hidden_neuron_and_a_shortcut_learn_exclusive_or(capsys):
    runpy.run_path(str(EXAMPLES / "own_wiring.py"), run_name="__main__")
    told = re.findall(r"-> ([\d.]+), desired ([01])", capsys.readouterr().out)
    assert len(told) == 4
    assert all(abs(float(output) - float(desired)) < 0.1 for output, desired in told)
