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
