"""docs/kinks.md says what the table of primitives says."""

import importlib.util
from pathlib import Path

import exact

DOCS = Path(__file__).parents[2] / "docs"


def generator():
    spec = importlib.util.spec_from_file_location("kinks_table", DOCS / "kinks_table.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_in_the_page_is_the_column_of_the_rows():
    module = generator()
    text = module.PAGE.read_text(encoding="utf-8")
    assert module.updated(text) == text, "run python docs/kinks_table.py"
    assert module.main(["--check"]) == 0


def test_every_primitive_that_states_a_kink_stands_in_the_page():
    text = (DOCS / "kinks.md").read_text(encoding="utf-8")
    stated = [op for op in exact.BUILT_IN if op.kinks]
    assert len(stated) >= 15
    for op in stated:
        assert f"| `{op.name}` | {op.kinks} |" in text.replace("\\*", "*")


def test_an_outdated_page_is_found_out(tmp_path, capsys):
    module = generator()
    page = tmp_path / "kinks.md"
    text = module.PAGE.read_text(encoding="utf-8")
    page.write_text(text.replace("relu'(0) = 0", "relu'(0) = 1"), encoding="utf-8")
    module.PAGE = page
    assert module.main(["--check"]) == 1
    assert "out of date" in capsys.readouterr().err
    assert module.main([]) == 0
    assert page.read_text(encoding="utf-8") == text
