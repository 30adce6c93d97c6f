"""The package as a whole: light to import, reachable as `tf.course`, and its commands."""

import json


def test_importing_needs_numpy_alone(command):
    code = (
        "import sys, minitf as tf; tf.course.check; "
        "heavy = {'nbclient', 'nbformat', 'IPython', 'matplotlib', 'ipywidgets', 'anywidget'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    result = command("-c", code)
    assert result.stdout == "[]\n", result.stderr


def test_the_framework_does_not_import_the_course(command):
    result = command("-c", "import sys, minitf; print('minitf.course' in sys.modules)")
    assert result.stdout == "False\n", result.stderr


def test_commands(course, learner, capsys):
    from minitf.course.__main__ import main

    assert main(["hint", "ch01.double"]) == 0
    assert main(["progress", "01"]) == 0
    printed = capsys.readouterr().out
    assert "look closely" in printed
    assert "Next: ch01.double" in printed
    assert json.loads((learner / "progress.json").read_text())["exercises"]["ch01.double"]["hints"]
    assert main(["hint", "ch01.dubble"]) == 2
    assert "Did you mean ch01.double" in capsys.readouterr().err
    assert main(["progress", "9"]) == 2
    assert main(["reset", "09"]) == 2
    assert main(["doctor"]) in (0, 1)
