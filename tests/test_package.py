"""The distribution: what it is called, what is inside, and that its files agree with each other."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import minitf

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def read(name):
    return (ROOT / name).read_text("utf-8")


def pins(text):
    """Package -> version of the lines ``name==version``."""
    found = re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;]+)", text, re.MULTILINE)
    return {(name.lower().replace("_", "-"), version) for name, version in found}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The names inside a wheel built from a copy of the sources, without a network."""
    pytest.importorskip("setuptools", minversion="77", reason="building needs setuptools")
    folder = tmp_path_factory.mktemp("wheel")
    copy_sources(folder / "source")
    code = (
        f"from setuptools import build_meta; print(build_meta.build_wheel({str(folder)!r}), end='')"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=folder / "source", capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr[-2000:]
    (built,) = folder.glob("*.whl")
    return built


def copy_sources(target):
    import shutil

    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "minitf", target / "minitf", ignore=ignore)
    for name in ("solutions", "exercises"):  # a flat layout must not pick these up
        (target / name).mkdir()
        (target / name / "__init__.py").write_text("")
    for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-TEXT"):
        shutil.copy(ROOT / name, target)


def test_wheel_has_the_distributions_name_and_version(wheel):
    assert wheel.name == f"minitf_course-{minitf.__version__}-py3-none-any.whl"


def test_wheel_holds_every_file_of_the_package_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    ours = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "minitf").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    packed = {name for name in names if ".dist-info/" not in name}
    assert packed == ours
    assert "minitf/keras/datasets/mnist_subset.npz" in packed
    assert "minitf/keras/datasets/MNIST_SUBSET.md" in packed


def test_wheel_holds_the_licences_and_the_command(wheel):
    archive = zipfile.ZipFile(wheel)
    names = " ".join(archive.namelist())
    assert "LICENSE" in names and "LICENSE-TEXT" in names
    (entry,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
    assert "minitf-course = minitf.course.__main__:main" in archive.read(entry).decode()


def test_console_script_exists():
    from minitf.course.__main__ import main

    assert callable(main)


def test_framework_needs_numpy_alone():
    assert PROJECT["project"]["dependencies"] == ["numpy>=2.0"]


def test_every_direct_pin_is_in_the_lock():
    """After a changed pin: python tools/relock.py."""
    groups = [package for group in PROJECT["dependency-groups"].values() for package in group]
    wanted = pins(read("requirements.txt")) | pins("\n".join(groups))
    assert len(wanted) >= 14
    assert wanted <= pins(read("constraints.txt"))


def test_lock_names_no_address_and_no_folder():
    text = read("constraints.txt")
    assert "://" not in text and " @ " not in text
    for line in text.splitlines():
        assert line.startswith("#") or re.match(r"[A-Za-z0-9_.-]+==\S+", line), line


def test_lock_keeps_intel_macs_working():
    assert ("argon2-cffi-bindings", "25.1.0") in pins(read("constraints.txt"))


def test_citation_has_the_packages_version():
    assert f"version: {minitf.__version__}\n" in read("CITATION.cff")


def test_license_of_code_and_of_text():
    assert read("LICENSE").startswith("MIT License")
    assert "CC BY 4.0" in read("LICENSE-TEXT")


def test_ci_runs_the_command_of_the_readme():
    assert "python3 course.py test" in read(".ci/run") and "CI=true" in read(".ci/run")
    for command in ("python3 course.py\n", "python3 course.py test\n"):
        assert command in read("README.md")
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111, ".ci/run must be executable"


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(name):
    links = re.findall(r"\]\(([^)#]+)\)", read(name))
    assert links and [link for link in links if not (ROOT / link).exists()] == []


def test_files_whose_bytes_are_checked_keep_their_line_ends():
    attributes = read(".gitattributes")
    assert "eol=lf" in attributes and re.search(r"\*\.npz\s+binary", attributes)
