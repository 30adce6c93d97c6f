"""course.py: what it installs when, and what it says when something is in the way."""

import ast
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "course.py"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A fresh copy of course.py as a module, in a folder of its own, without uv."""
    folder = tmp_path / "course folder"  # a space, as on many learners' computers
    folder.mkdir()
    for name in ("course.py", "requirements.txt", "constraints.txt", "pyproject.toml"):
        (folder / name).write_bytes((SOURCE.parent / name).read_bytes())
    specification = importlib.util.spec_from_file_location("course_copy", folder / "course.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    monkeypatch.setenv("COURSE_NO_UV", "1")
    return module


@pytest.fixture
def steps(course, monkeypatch):
    """Record the installing steps instead of running them; the environment then seems to work."""
    seen = []

    def record(command, what):
        seen.append(command)
        if "venv" in command:
            course.PYTHON.parent.mkdir(parents=True, exist_ok=True)
            course.PYTHON.write_text("#!/bin/sh\n")

    monkeypatch.setattr(course, "run_quietly", record)
    monkeypatch.setattr(course, "write_path_file", lambda: None)
    monkeypatch.setattr(course, "write_lab_settings", lambda: None)
    monkeypatch.setattr(course, "works", lambda python: python.exists())
    return seen


def kinds(steps):
    """Each recorded step as "venv" or the last thing installed."""
    return ["venv" if "venv" in step else Path(step[-1]).name for step in steps]


def run(*arguments, **options):
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=60, **options
    )


# --- an old Python --------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13)])
def test_old_python_is_named_in_one_line(version):
    code = f"import sys; sys.version_info = {version}; exec(open({str(SOURCE)!r}).read())"
    result = run("-c", code)
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert "needs Python 3.11 or newer, this is " + ".".join(map(str, version)) in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_source_can_be_read_by_any_python_3():
    """No syntax newer than Python 3.4, so that an old Python gets as far as the message."""
    tree = ast.parse(SOURCE.read_text("utf-8"), feature_version=(3, 4))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.AsyncFunctionDef)
    found = [node for node in ast.walk(tree) if isinstance(node, newer)]
    for node in ast.walk(tree):
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            found += [item for item in node.elts if isinstance(item, ast.Starred)]
        if isinstance(node, ast.FunctionDef):
            found += [arg for arg in node.args.args if arg.annotation] + node.args.posonlyargs
        if isinstance(node, ast.Dict):
            found += [node for key in node.keys if key is None]
    assert not found, [f"line {node.lineno}" for node in found]


def test_version_check_comes_before_any_new_module():
    names = [type(node).__name__ for node in ast.parse(SOURCE.read_text("utf-8")).body]
    assert names[:4] == ["Expr", "ImportFrom", "Import", "If"]


# --- what is installed when -----------------------------------------------------------------------


def test_first_start_installs_and_second_does_nothing(course, steps, capsys):
    course.prepare()
    assert kinds(steps) == ["venv", "requirements.txt"]
    assert "110 packages" in capsys.readouterr().out
    course.prepare()
    assert len(steps) == 2 and capsys.readouterr().out == ""


def test_packages_are_pinned_by_the_constraints(course, steps):
    course.prepare()
    assert str(course.ROOT / "constraints.txt") in steps[1]


def test_test_packages_come_on_the_first_test_only(course, steps):
    course.prepare()
    course.prepare(group="test")
    assert any(part.startswith("hypothesis==") for part in steps[-1])
    course.prepare(group="test")
    course.prepare()
    assert len(steps) == 3


@pytest.mark.parametrize("name", ["requirements.txt", "constraints.txt"])
def test_changed_pins_install_again_into_the_same_environment(name, course, steps):
    course.prepare(group="test")
    with open(course.ROOT / name, "a") as file:
        file.write("# changed by git pull\n")
    course.prepare(group="test")
    assert kinds(steps[3:]) == ["requirements.txt", kinds(steps)[2]]


def test_interrupted_install_is_taken_up_again(course, steps, monkeypatch):
    def interrupt(packages, what):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(course, "install", interrupt)
        assert course.main(["setup"]) == 130
    assert not (course.VENV / ".ready").exists()
    assert course.main(["setup"]) == 0
    assert (course.VENV / ".ready").exists()


def test_half_made_environment_is_made_anew(course, steps, capsys):
    course.VENV.mkdir()
    course.MADE_FOR.write_text(course.made_for())
    (course.VENV / "half").write_text("")
    course.prepare()
    assert not (course.VENV / "half").exists() and kinds(steps)[0] == "venv"


@pytest.mark.parametrize("changed", ["Python 3.99\n{root}\n", "Python 3.11\n/elsewhere\n"])
def test_moved_folder_or_other_python_makes_a_new_environment(changed, course, steps):
    course.prepare()
    course.MADE_FOR.write_text(changed.format(root=course.ROOT))
    (course.VENV / ".ready").write_text("the stamp of another folder")
    (course.VENV / "old").write_text("")
    course.prepare()
    assert not (course.VENV / "old").exists()
    assert kinds(steps) == ["venv", "requirements.txt"] * 2


def test_environment_of_someone_else_is_used_but_never_deleted(course, steps, monkeypatch, capsys):
    course.PYTHON.parent.mkdir(parents=True)
    course.PYTHON.write_text("")
    course.prepare()
    assert kinds(steps) == ["requirements.txt"]
    course.PYTHON.unlink()
    assert course.main(["setup"]) == 1
    assert "Rename or delete it" in capsys.readouterr().err
    assert course.VENV.exists()


def test_uv_is_used_when_there_and_can_be_switched_off(course, steps, monkeypatch):
    monkeypatch.setattr(course.shutil, "which", lambda name: "/bin/uv")
    course.prepare()
    assert steps[0][0] != "uv"
    monkeypatch.delenv("COURSE_NO_UV")
    course.shutil.rmtree(course.VENV)
    course.prepare()
    assert [step[0] for step in steps[2:]] == ["uv", "uv"]


def test_pip_takes_over_when_uv_fails(course, steps, monkeypatch, capsys):
    monkeypatch.setattr(course.shutil, "which", lambda name: "/bin/uv")
    monkeypatch.delenv("COURSE_NO_UV")
    record = course.run_quietly

    def fail_with_uv(command, what):
        if command[0] == "uv":
            raise course.InstallFailed("no index")
        record(command, what)

    monkeypatch.setattr(course, "run_quietly", fail_with_uv)
    course.prepare()
    assert kinds(steps) == ["venv", "requirements.txt"]
    assert "trying again with pip" in capsys.readouterr().out


# --- what can go wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "output, message",
    [
        ("The virtual environment was not created: ensurepip is not available", "apt install"),
        ("/usr/bin/python3: No module named venv", "apt install python3-venv"),
        ("NewConnectionError: Failed to establish a new connection", "HTTPS_PROXY"),
        ("ProxyError('Cannot connect to proxy.')", "HTTPS_PROXY"),
        ("ERROR: Could not find a version (from versions: none)", "no connection"),
        ("ERROR: ResolutionImpossible: for help visit", "no connection"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("PermissionError: [Errno 13] Permission denied: '/opt/x'", "folder of your own"),
        ("something nobody has seen before", "something nobody has seen before"),
    ],
)
def test_failed_installation_is_explained(output, message, course, capsys, tmp_path):
    script = tmp_path / "fails.py"
    script.write_text(f"import sys; print({output!r}); sys.exit(1)")
    course.VENV.mkdir()
    with pytest.raises(course.InstallFailed, match=message) as caught:
        course.run_quietly([sys.executable, str(script)], "packages")
    assert str(course.ROOT) in str(caught.value) or "apt" in message
    assert output not in capsys.readouterr().out


def test_output_of_a_good_installation_is_not_shown(course, capsys):
    course.VENV.mkdir()
    course.run_quietly([sys.executable, "-c", "print('many lines')"], "packages")
    out = capsys.readouterr().out
    assert "packages" in out and "many lines" not in out
    assert "many lines" in course.LOG.read_text()


@pytest.mark.parametrize(
    "number, message",
    [(28, "the disk is full"), (13, "cannot write to"), (30, "cannot write to")],
)
def test_system_errors_are_one_line(number, message, course, monkeypatch, capsys):
    def fail(*arguments, **options):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(course.Path, "mkdir", fail)
    assert course.main(["setup"]) == 1
    error = capsys.readouterr().err
    assert message in error and len(error.splitlines()) == 1


def test_too_little_space_is_said_before_the_installation(course, steps, monkeypatch, capsys):
    monkeypatch.setattr(course, "FREE_BYTES_NEEDED", 10**18)
    assert course.main([]) == 1
    assert "disk is too full" in capsys.readouterr().err and steps == []


@pytest.mark.parametrize("name", ["requirements.txt", "constraints.txt"])
def test_missing_file_of_the_course(name, course, steps, capsys):
    (course.ROOT / name).unlink()
    assert course.main(["test"]) == 1
    assert f"{name} is missing" in capsys.readouterr().err and steps == []


@pytest.mark.parametrize("word, meant", [("tset", "test"), ("grde", "grade"), ("datta", "data")])
def test_unknown_command_gets_a_suggestion_and_installs_nothing(word, meant, course, steps, capsys):
    assert course.main([word]) == 1
    error = capsys.readouterr().err
    assert repr(word) in error and f"course.py {meant}?" in error and steps == []


def test_help_names_every_command_and_installs_nothing(course, steps, capsys):
    assert course.main(["--help"]) == 0
    out = capsys.readouterr().out
    for name in [*course.COMMANDS, *course.COURSE_COMMANDS]:
        assert f"course.py {name}\n" in out
    assert steps == []


# --- starting things ------------------------------------------------------------------------------


def test_lab_opens_the_first_chapter_and_gets_unknown_arguments(course, steps, monkeypatch):
    started = []
    monkeypatch.setattr(course, "hand_over", lambda command: started.append(command) or 0)
    course.START.parent.mkdir()
    course.START.write_text("{}")
    assert course.main(["--no-browser", "--port", "9999"]) == 0
    assert started[0][:4] == [str(course.PYTHON), "-m", "jupyterlab", str(course.START)]
    assert started[0][-3:] == ["--no-browser", "--port", "9999"]
    assert f"--ServerApp.root_dir={course.ROOT}" in started[0]


def test_course_commands_are_handed_on_whole(course, steps, monkeypatch):
    started = []
    monkeypatch.setattr(course, "hand_over", lambda command: started.append(command) or 3)
    assert course.main(["grade", "02", "--json", "x"]) == 3
    assert started == [[str(course.PYTHON), "-m", "minitf.course", "grade", "02", "--json", "x"]]


def test_kernels_find_the_programs_of_the_environment(course, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/somewhere/else")
    variables = course.environment()
    assert variables["PATH"].split(os.pathsep)[0] == str(course.PYTHON.parent)
    assert "PYTHONPATH" not in variables


@pytest.mark.skipif(os.name != "posix", reason="a process takes another's place only on POSIX")
def test_handing_over_keeps_the_exit_code(course):
    code = (
        f"import sys; sys.path.insert(0, {str(course.ROOT)!r}); import course; "
        "course.hand_over([sys.executable, '-c', 'raise SystemExit(7)'])"
    )
    assert run("-c", code).returncode == 7


def test_path_file_makes_the_folder_importable(course, monkeypatch):
    """A real, empty environment: after write_path_file it imports from the course's folder."""
    import venv

    venv.create(course.VENV, with_pip=False)
    (course.ROOT / "here_it_is.py").write_text("found = True\n")
    course.write_path_file()
    result = subprocess.run(
        [str(course.PYTHON), "-c", "import here_it_is; print(here_it_is.found)"],
        capture_output=True,
        text=True,
        cwd=course.ROOT.parent,
    )
    assert result.stdout.strip() == "True", result.stderr


def test_lab_asks_no_question_about_news(course):
    course.write_lab_settings()
    written = course.VENV / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    (settings,) = json.loads(written.read_text()).values()
    assert settings == {"fetchNews": "false", "checkForUpdates": False}
