"""Kept answers and the engine that is assembled from them."""

from minitf.course import my_engine, progress_file, provenance
from minitf.course.learner_source import code_files, source_of
from minitf.course.registry import get


def origins():
    return {row.name: row.origin for row in provenance()}


def test_everything_is_borrowed_at_first(course, learner):
    assert set(origins().values()) == {"borrowed"}
    engine = my_engine()
    assert (engine.double(3), engine.quadruple(3), engine.guess) == (6, 12, 8)
    assert engine.Counter().add() == 1


def test_a_passed_function_is_plugged_in_with_its_helpers(course, learner, shell):
    shell.run_cell("import math as m\nTWO = 2\ndef helper(x):\n    return m.prod([TWO, x])")
    shell.run_cell(
        "def double(x):\n    if not hasattr(x, 'shape'):\n        return helper(x)\n"
        "    return TWO * x"
    )
    assert shell.run_cell('check("ch01.double")').success
    progress_file.forget_session()
    assert origins() == {
        "double": "mine",
        "quadruple": "borrowed",
        "guess": "borrowed",
        "Counter": "borrowed",
    }
    assert my_engine().double.__code__.co_names[:2] == ("hasattr", "helper")
    assert my_engine().double(4) == 8


def test_a_borrowed_answer_calls_mine(course, learner):
    progress_file.record_pass(get("ch01.double"), "def double(x):\n    return ['mine', x]\n")
    assert my_engine().quadruple(1) == ["mine", ["mine", 1]]


def test_an_imported_list_is_imported_again_not_copied(course, learner, shell):
    setup = "from minitf.course.workbench import TAPES, Value\nx = 'of another cell'"
    shell.run_cell(setup, store_history=True)  # as notebooks do
    shell.run_cell("def double(x):\n    assert TAPES is not None\n    return x + x")
    assert shell.run_cell('check("ch01.double")').success
    kept = progress_file.kept_answer("ch01.double")
    assert "from minitf.course.workbench import TAPES\n" in kept
    assert "another cell" not in kept, "a local name is not the global of the same name"
    progress_file.forget_session()
    from minitf.course.workbench import TAPES

    assert my_engine().double.__globals__["TAPES"] is TAPES


def test_it_is_imported_again_also_where_no_cell_is_left_that_imported_it(course, learner, shell):
    shell.run_cell("from minitf.course.workbench import TAPES")  # not in the notebook's history
    shell.run_cell("def double(x):\n    assert TAPES is not None\n    return x + x")
    assert shell.run_cell('check("ch01.double")').success
    assert "TAPES = []" not in progress_file.kept_answer("ch01.double")


def test_a_dict_of_functions_is_found_in_its_cell(shell):
    shell.run_cell("def one(x):\n    return x\nRULES = {'one': one}")
    rules = shell.user_ns["RULES"]
    assert code_files(rules) == code_files(rules["one"]) != set()
    assert source_of("RULES", shell.user_ns) == "RULES = {'one': one}\n"


def test_a_class_and_a_value_written_in_cells(course, learner, shell):
    shell.run_cell(
        "class Counter:\n    value = 0\n    def add(self):\n"
        "        self.value = self.value + 1\n        return self.value"
    )
    shell.run_cell("guess = 4 + 4")
    assert shell.run_cell('check("ch01.counter"); check("ch01.guess")').success
    progress_file.forget_session()
    assert origins()["Counter"] == origins()["guess"] == "mine"
    assert my_engine().guess == 8


def test_a_redefinition_keeps_the_last_one(course, learner, shell):
    shell.run_cell("def double(x):\n    return x * x")
    shell.run_cell("def double(x):\n    return x + x")
    assert shell.run_cell('check("ch01.double")').success
    assert progress_file.kept_answer("ch01.double") == "def double(x):\n    return x + x\n"


def test_a_kept_answer_that_does_not_load_is_borrowed_and_named(course, learner):
    progress_file.record_pass(get("ch01.double"), "def double(x:\n")
    row = provenance()[0]
    assert row.origin == "borrowed"
    assert row.checked == "your kept answer does not load: SyntaxError"


def test_the_tables(course, learner):
    assert repr(my_engine()) == repr(provenance())
    assert "0 of 4 names are mine." in repr(provenance())
    assert "<caption>0 of 4 names are mine.</caption>" in provenance()._repr_html_()
    some = provenance().only({"double", "step"})
    assert [row.name for row in some] == ["double"]
    assert "0 of 1 names are mine." in repr(some)
