"""The three jobs of nbval, on the tiny course, through the hooks in the root's conftest.py."""

import re

import pytest

from minitf.course.build import build

# The notebooks lie outside the repository here, so its conftest.py is named.
PYTEST = ("-m", "pytest", "-p", "conftest", "--rootdir", ".", "-c", "pyproject.toml")
STRICT = ("--nbval", "--nbval-sanitize-with", "tests/nbval_sanitize.cfg")
UNTOUCHED = ("--nbval-lax", "--untouched")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    import shutil
    from pathlib import Path

    root = tmp_path_factory.mktemp("nbval") / "course"
    shutil.copytree(Path(__file__).parent / "fixtures" / "course", root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MINITF_COURSE_ROOT", str(root))
        build()
    return root


@pytest.fixture
def nbval(built, command, tmp_path):
    """Run nbval on one notebook, after `edit(text)`; return the counts and the output."""

    def run(options, name, edit=None):
        path = built / name
        if edit:
            folder = tmp_path / path.parent.name
            folder.mkdir()
            edited = edit(path.read_text())
            assert edited != path.read_text()
            path = folder / path.name
            path.write_text(edited)
        result = command(
            *PYTEST,
            *("-p", "no:cacheprovider", "--color=no", "-rs"),
            *("--nbval-current-env", "--nbval-cell-timeout=30", *options, str(path)),
            MINITF_COURSE_ROOT=str(built),
        )
        last = result.stdout.strip().splitlines()[-1]
        counts = {word: int(number) for number, word in re.findall(r"(\d+) (\w+)", last)}
        return result.returncode, counts, result.stdout

    return run


def test_strict_on_solutions_compares_everything(nbval):
    code, counts, text = nbval(STRICT, "solutions/01_tiny.ipynb")
    assert (code, counts.get("passed"), counts.get("skipped")) == (0, 11, None), text


def test_strict_on_solutions_sees_a_changed_output(nbval):
    code, counts, _ = nbval(
        STRICT, "solutions/01_tiny.ipynb", lambda t: t.replace('"42\\n"', '"43\\n"')
    )
    assert (code, counts["failed"]) == (1, 1)


def test_strict_on_exercises_skips_exactly_the_cells_that_depend_on_a_hole(nbval, built):
    code, counts, text = nbval(STRICT, "exercises/01_tiny.ipynb")
    stored = (built / "exercises" / "01_tiny.ipynb").read_text()
    dependent = stored.count('"check"') + stored.count('"needs-ch01.double"')
    assert dependent == 5
    assert (code, counts["skipped"], counts["passed"]) == (0, dependent, 6), text


def test_strict_on_a_lesson(nbval):
    code, counts, _ = nbval(STRICT, "notebooks/01_tiny.ipynb")
    assert (code, counts["passed"]) == (0, 3)


def test_untouched_holes_fail_as_they_should(nbval):
    code, counts, text = nbval(UNTOUCHED, "exercises/01_tiny.ipynb")
    assert (code, counts["xfailed"], counts["skipped"]) == (0, 4, 1), text
    assert "failed" not in counts


def spoil_three_holes(text):
    """Make one stub pass, one raise the wrong error, and one return something."""
    stub = 'raise NotImplementedError(\\"ch01.{}: not started yet\\")'
    text = text.replace("guess = ...", "guess = 8")
    text = text.replace(
        stub.format("double"), 'raise NameError(\\"ch01.double: not started yet\\")'
    )
    return text.replace(stub.format("counter"), "return 0")


def test_stubs_that_pass_or_fail_for_another_reason_are_caught(nbval):
    code, counts, text = nbval(UNTOUCHED, "exercises/01_tiny.ipynb", spoil_three_holes)
    # The fourth, quadruple, calls the spoiled double before it reaches its own hole.
    assert (code, counts["failed"]) == (1, 4), text
    assert text.count("[XPASS(strict)]") >= 1
    assert text.count("not because the hole is open") == 3


def test_lax_on_a_learners_notebook_is_red_until_solved(nbval):
    code, counts, _ = nbval(("--nbval-lax",), "exercises/01_tiny.ipynb")
    assert (code, counts["failed"]) == (1, 5)


def test_the_hooks_find_what_they_need_of_nbval():
    """Two attributes of nbval are used; a new version may rename them."""
    from nbval.plugin import IPyNbCell, NbCellError

    assert NbCellError(0, "m", "s", "trace").inner_traceback == "trace"
    assert "cell" in IPyNbCell.__init__.__code__.co_varnames


def test_without_the_option_no_notebook_is_collected(built, command):
    result = command(*PYTEST, "-q", "--collect-only", str(built))
    assert "no tests" in result.stdout
    result = command(*PYTEST, "--untouched", str(built))
    assert result.returncode == 4
    assert "--untouched goes with --nbval-lax" in result.stderr


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("/tmp/ipykernel_77/123.py:2: UserWarning: x", "<cell>:2: UserWarning: x"),
        ("<Layer at 0x7f00aa55ff>", "<Layer at 0x...>"),
        ("0x1 and 3.14", "0x1 and 3.14"),
    ],
)
def test_the_sanitize_file(raw, clean):
    from pathlib import Path

    from nbval.plugin import get_sanitize_patterns

    text = (Path(__file__).parents[1] / "nbval_sanitize.cfg").read_text()
    patterns = get_sanitize_patterns(text)
    patterns = patterns.items() if hasattr(patterns, "items") else patterns
    for regex, replacement in patterns:
        raw = re.sub(regex, replacement, raw)
    assert raw == clean
