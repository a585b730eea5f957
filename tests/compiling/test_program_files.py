"""Programs as JSON: what is written is read again, and nothing else is."""

import json
import math

import pytest
import random_programs
from hypothesis import given

from autograd_bp import Value, errors
from autograd_bp.compiling import flatten, from_json, to_json


@given(random_programs.functions())
def test_what_is_written_is_read_again(steps):
    leaves = [Value(x, f"x{k}") for k, x in enumerate((0.5, -1.0, 2.0))]
    numbers = random_programs.run(steps, leaves)
    program = flatten(
        [numbers[-1], Value(math.inf), Value(math.nan), Value(-0.0)],
        parameters=leaves[:1],
        inputs=leaves[1:],
        summed=[True, False, False, True],
    )
    again = from_json(to_json(program))
    assert str(again) == str(program)
    assert repr(again.run([0.3], [[1.0, 2.0]])) == repr(program.run([0.3], [[1.0, 2.0]]))


def content():
    x = Value(1.0, "x")
    return json.loads(to_json(flatten([x * 2.0], inputs=[x])))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"format": "else"}, "no program"),
        ({"version": 2}, "version 2"),
        ({"version": "1" * 1000}, "version"),
        ({"instructions": None}, "instructions should be a list"),
        ({"instructions": [["no_such_row", 0]]}, "no_such_row"),
        ({"instructions": [["mul", 0, 7]]}, "register 7"),
        ({"instructions": [["mul", 0, -1]]}, "operand of r0"),
        ({"instructions": [["mul", 0, True]]}, "operand of r0"),
        ({"instructions": [["mul", 0, 10**40]]}, "operand of r0"),
        ({"instructions": [["mul", 0]]}, "takes 2 operands"),
        ({"instructions": [[]]}, "r0"),
        ({"instructions": [{"mul": 0}]}, "r0"),
        ({"constants": ["two"]}, "constant"),
        ({"constants": [10**400]}, "constant"),
        ({"constants": [None]}, "constant"),
        ({"constants": []}, "register 1"),
        ({"inputs": [1]}, "inputs should hold str"),
        ({"summed": [0]}, "summed should hold bool"),
        ({"outputs": [99]}, "register 99"),
        ({"outputs": [0.0]}, "an output"),
    ],
)
def test_a_damaged_file_is_refused(change, says):
    with pytest.raises(errors.ProgramError, match=says):
        from_json(json.dumps({**content(), **change}))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000, '"x"', "\x00"])
def test_what_is_no_program_is_refused(text):
    with pytest.raises(errors.ProgramError):
        from_json(text)


def test_a_truncated_file_is_refused():
    text = json.dumps(content())
    for end in range(0, len(text) - 1, 7):
        with pytest.raises(errors.ProgramError):
            from_json(text[:end])
