"""What is generated from the table is current, and the tools say when it is not."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def tool(name):
    """A script of tools/ as a module."""
    spec = importlib.util.spec_from_file_location(f"tool_{name}", ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def _library_table(monkeypatch):
    """Other tests add primitives of their own; what is generated has none of them."""
    from autograd_bp.native import kernels
    from autograd_bp.primitives import TABLE

    own = TABLE[kernels.OWN :]
    del TABLE[kernels.OWN :]
    yield
    TABLE.extend(own)


def test_every_generated_file_is_current(capsys):
    assert tool("generate").main(["--check"]) == 0, capsys.readouterr()


def test_an_outdated_file_is_reported_and_written(tmp_path, monkeypatch, capsys):
    generate = tool("generate")
    file = tmp_path / "table.h"
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    monkeypatch.setattr(generate, "texts", lambda: {file: "new"})
    assert generate.main(["--check"]) == 1
    assert "out of date: table.h" in capsys.readouterr().out
    assert not file.exists()
    assert generate.main([]) == 0
    assert file.read_text(encoding="utf-8") == "new"
    assert generate.main(["--check"]) == 0


# ------------------------------------------------------------------------------ the mutation run
@pytest.fixture
def mutate(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    return tool("mutate")


def test_a_fault_changes_one_piece_of_one_statement(mutate):
    source = 'tanh = entry("tanh", c_function("tanh"), lambda x, y: (1.0 - y * y,))\nother = 1.0\n'
    faults = [*mutate.faults_of(source)]
    assert {fault.after for fault in faults} == {"1.0 + y * y", "2.0 - y * y", "y / y"}
    for fault in faults:
        assert fault.primitives == ["tanh"]
        assert fault.text.splitlines()[1] == "other = 1.0"
        assert fault.text.splitlines()[0] != source.splitlines()[0]


def test_a_fault_in_a_function_that_entries_share_names_them(mutate):
    source = (
        "def _half(x):\n    return x / 2.0\n"
        'a = entry("a", _half, lambda x, y: (y,))\nb = entry("b", abs, lambda x, y: (_half(y),))\n'
    )
    faults = {fault.after: fault.primitives for fault in mutate.faults_of(source)}
    assert faults == {"x * 2.0": ["a", "b"], "x / 3.0": ["a", "b"]}


def test_every_primitive_has_a_fault_and_every_exception_is_one(mutate):
    from autograd_bp.primitives import TABLE

    sources = [(ROOT / file).read_text(encoding="utf-8") for file in mutate.table_files()]
    faults = {
        (name, f.before, f.after)
        for source in sources
        for f in mutate.faults_of(source)
        for name in f.primitives
    }
    assert {name for name, _, _ in faults} == {op.name for op in TABLE}
    assert faults >= mutate.EQUIVALENT


def test_a_selection_has_a_fault_in_every_rule(mutate):
    mutants = [*mutate.table_mutants()]
    chosen = mutate.selection(mutants, 150)
    assert 100 < len(chosen) < 350
    ruled = {mutant.primitives[0] for mutant in mutants if mutant.is_in_rule}
    assert ruled == {mutant.primitives[0] for mutant in chosen if mutant.is_in_rule}
    assert len(ruled) > 40
    assert mutate.selection(mutants, 150) == chosen


def test_the_planted_faults_have_a_place(mutate):
    mutants = [*mutate.planted_mutants()]
    assert len({mutant.file for mutant in mutants}) > 5
    for mutant in mutants:
        assert mutant.text != (ROOT / mutant.file).read_text(encoding="utf-8")
        assert (ROOT / mutant.tests[0]).exists()


def test_the_hooks_of_pre_commit_are_programs_of_the_environment():
    file = ROOT / ".pre-commit-config.yaml"
    if not file.exists():
        pytest.skip("an unpacked archive has no hooks")
    text = file.read_text(encoding="utf-8")
    assert text.count("- repo:") == text.count("- repo: local") == 1
    assert text.count("- id:") == text.count("language: system") > 2


# ---------------------------------------------------------------------------------- the site
def test_links_of_a_page_lead_inside_the_site_or_become_text():
    page = tool("site").page
    assert page("[a](compiling.md#rows), [b](https://x.org)", "docs") == (
        "[a](compiling.md#rows), [b](https://x.org)"
    )
    assert page("see [the changes](../CHANGELOG.md)", "docs") == "see [the changes](changes.md)"
    assert page("[numpy](docs/numpy.md)", "") == "[numpy](numpy.md)"
    assert page("[a file](../setup.py)", "docs") == "a file (`setup.py`)"
    assert page("[setup.py](../setup.py)", "docs") == "`setup.py`"
    assert page("![x](docs/pictures/live.png)", "") == "![x](pictures/live.png)"


def test_every_page_of_docs_stands_in_a_part_of_the_site():
    pages = {name for part in tool("site").PARTS.values() for name in part}
    assert {file.stem for file in (ROOT / "docs").glob("*.md")} <= pages


def test_the_reference_has_every_public_primitive():
    reference = tool("reference")
    reference.plotted = lambda op, plots: ""
    text = reference.primitives_page(None)
    for name in ("sigmoid", "lgamma", "logsumexp", "where"):
        assert f"\n## {name}\n" in text
    assert "largest error measured" in text


def test_a_plot_leaves_poles_out(tmp_path):
    pytest.importorskip("matplotlib")
    reference = tool("reference")
    from autograd_bp.primitives import lgamma

    assert "lgamma.svg" in reference.plotted(lgamma, tmp_path)
    assert (tmp_path / "lgamma.svg").stat().st_size > 1000
