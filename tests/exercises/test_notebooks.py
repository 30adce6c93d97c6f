"""The committed notebooks: built from the sources, and the solutions score full points."""

from minitf.course.build import check_build
from minitf.course.grade import grade_command
from minitf.course.home import course_root


def test_sources_and_notebooks_are_in_step():
    assert check_build() == []


def test_solutions_score_full_points(capsys):
    code = grade_command((), str(course_root() / "solutions"), cell_seconds=60, strict=True)
    assert code == 0, capsys.readouterr().out
