"""Numbers, names and escaping."""

import pytest

from autograd_bp.drawing.output import text


@pytest.mark.parametrize(
    ("x", "shown"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-0.14754, "−0.1475"),
        (1234567.0, "1.235e6"),
        (1.5e-7, "1.5e−7"),
        (-1e300, "−1e300"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
        (float("nan"), "NaN"),
        (5e-324, "4.941e−324"),
    ],
)
def test_a_number_has_four_significant_digits(x, shown):
    assert text.number(x) == shown


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("w1", "w₁"),
        ("w_12", "w₁₂"),
        ("w[3]", "w₃"),
        ("α2", "α₂"),
        ("out.w1", "out.w₁"),
        ("w", "w"),
        ("layer1", "layer1"),
        ("w[1,2]", "w[1,2]"),
        ("1", "1"),
        ("", ""),
    ],
)
def test_the_index_of_a_name_becomes_a_subscript(label, shown):
    assert text.name(label) == shown


def test_a_long_name_loses_its_middle():
    shown = text.name("a" * 5000 + "end")
    assert len(shown) == text.LABEL_LENGTH
    assert shown.endswith("end")


def test_what_xml_forbids_is_replaced():
    assert text.clean("a\x00b\ud800c\nd\u202ee") == "a\ufffdb\ufffdc de"


def test_a_quoted_string_cannot_end_early():
    assert text.quoted('a"b\\') == r'"a&quot;b\\\\"'


@pytest.mark.parametrize(("label", "shown"), [("x12345", "x₁₂₃₄₅"), ("w[100000]", "w₁₀₀₀₀₀")])
def test_an_index_above_9999_is_an_index(label, shown):
    assert text.name(label) == shown
