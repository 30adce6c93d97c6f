"""Which program draws, and what happens when there is none."""

import sys
from pathlib import Path

import pytest

from minitf.viz import engine

DOT = "digraph { a -> b }"


def test_bundled_engine_draws_without_a_system_dot(monkeypatch):
    monkeypatch.setenv("MINITF_DOT", "bundled")
    assert b"<svg" in engine.render(DOT, "svg")
    assert engine.render(DOT, "png").startswith(b"\x89PNG")


def test_bundled_engine_is_found_with_an_empty_path(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("MINITF_DOT", raising=False)
    found = engine.resolve()
    assert found.kind == "bundled"
    assert Path(found.path).exists()


def test_system_dot_comes_first(monkeypatch, tmp_path):
    _program(tmp_path / "dot", "")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("MINITF_DOT", raising=False)
    assert engine.resolve() == engine.Engine("system", str(tmp_path / "dot"))
    monkeypatch.setenv("MINITF_DOT", "bundled")
    assert engine.resolve().kind == "bundled"


def test_a_path_is_used_as_it_is(monkeypatch, tmp_path):
    _program(tmp_path / "mydot", "")
    monkeypatch.setenv("MINITF_DOT", str(tmp_path / "mydot"))
    assert engine.resolve() == engine.Engine("path", str(tmp_path / "mydot"))


def test_no_engine_names_the_fix(monkeypatch):
    monkeypatch.setenv("MINITF_DOT", "/no/such/program")
    assert engine.resolve() is None
    with pytest.raises(engine.NoEngineError, match="MINITF_DOT=/no/such/program.*pip install"):
        engine.render(DOT)


def test_a_failing_program_is_quoted(monkeypatch, tmp_path):
    _program(tmp_path / "bad", "import sys; sys.exit('syntax error in line 1')")
    monkeypatch.setenv("MINITF_DOT", str(tmp_path / "bad"))
    with pytest.raises(engine.NoEngineError, match="syntax error in line 1"):
        engine.render(DOT)


def test_a_program_that_hangs_is_ended(monkeypatch, tmp_path):
    _program(tmp_path / "slow", "import time; time.sleep(60)")
    monkeypatch.setenv("MINITF_DOT", str(tmp_path / "slow"))
    monkeypatch.setattr(engine, "TIMEOUT_SECONDS", 0.2)
    with pytest.raises(engine.NoEngineError, match="took longer than 0.2 s"):
        engine.render(DOT)


def test_the_graphviz_package_can_draw(monkeypatch):
    graphviz = pytest.importorskip("graphviz")
    from graphviz.backend import dot_command

    monkeypatch.setattr(engine, "_system", lambda: None)
    monkeypatch.setattr(dot_command, "DOT_BINARY", dot_command.DOT_BINARY)
    engine.use_bundled_for_graphviz()
    assert "<svg" in graphviz.Source(DOT).pipe(format="svg", encoding="utf-8")


def _program(path: Path, body: str) -> None:
    path.write_text(f"#!{sys.executable}\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
