"""AutoGraph: rewritten Python means the same, on Python values and on tensors."""

import numpy as np
import pytest

import minitf as tf
from minitf.autograph import converted

# Each program is called with plain numbers, unconverted and converted, and with tensors, traced.


def if_else(x):
    if x > 2:
        y = x * x
    elif x > 0:
        y = -x
    else:
        y = x - 10
    return y


def early_returns(x):
    if x > 3:
        return x * 2
    if x > 1:
        z = x + 1
        if z > 3:
            return z * 100
    return -x


def while_with_jumps(x):
    total = 0 * x
    i = 0
    while i < 10:
        i += 1
        if i % 2 == 0:
            continue
        if i > x + 4:
            break
        total = total + i * x
    return total + i


def return_from_a_loop(x):
    for i in range(6):
        for j in range(3):
            if i * j > x:
                return i * 10 + j
    return -1


def logic(x):
    a = x > 0 and x < 3 or not x > -5
    return (1 if a else 2) + (10 if 0 < x < 2 else 20)


def nested_function(x):
    total = 0

    def add(k):
        nonlocal total
        if k > 1:
            total = total + k

    for i in range(4):
        add(i * x)
    return total


def temporary_in_one_branch(x):
    if x > 0:
        t = x * 2
        y = t + 1
    else:
        y = x
    return y


def loop_else(x):
    found = 0
    for i in range(5):
        if i == x:
            found = i * 7
            break
    else:
        found = -1
    return found


def collatz(n):
    steps = 0
    while n > 1 and steps < 100:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def swap_and_unpack(x):
    a, b = x, 1
    for _ in range(3):
        a, b = b, a + b
        if a > b:
            b, a = a, b
    return a * 100 + b


PROGRAMS = [
    if_else, early_returns, while_with_jumps, return_from_a_loop, logic, nested_function,
    temporary_in_one_branch, loop_else, collatz, swap_and_unpack,
]  # fmt: skip


@pytest.mark.parametrize("f", PROGRAMS, ids=[f.__name__ for f in PROGRAMS])
@pytest.mark.parametrize("x", [-6, 0, 1, 2, 3, 4, 7])
def test_programs_mean_the_same(f, x):
    expected = f(x)
    on_python_values = converted(f, user_requested=True)
    assert on_python_values is not f
    assert on_python_values(x) == expected
    assert int(tf.function(f)(tf.constant(x))) == expected


def test_loops_over_tensors_become_one_node():
    traced = []

    @tf.function
    def f(x):
        total = 0.0
        for row in x:
            traced.append(1)
            total += tf.reduce_sum(row) * 2.0
        for i, row in enumerate(x):
            total += tf.cast(i, tf.float32) * row[0]
        return total

    x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    assert f(x).numpy() == 23.0
    assert len(traced) == 1
    assert [n.type for n in f.get_concrete_function(x).graph.nodes].count("While") == 2


def test_a_python_range_is_unrolled_and_a_tf_range_is_not():
    def count(numbers):
        def f(x):
            for _ in numbers():
                x = x + 1.0
            return x

        return len(tf.function(f).get_concrete_function(tf.constant(0.0)).graph.nodes)

    assert count(lambda: range(100)) == 100
    assert count(lambda: tf.range(100)) < 10


def test_a_dataset_is_walked_at_each_call():
    traced = []
    ds = tf.data.Dataset.from_tensor_slices((np.arange(5.0, dtype="f4"), np.arange(5))).batch(2)

    @tf.function
    def f(limit):
        total = 0.0
        for x, _ in ds:
            traced.append(1)
            total += tf.reduce_sum(x)
            if total > limit:
                break
        return total

    assert [float(f(tf.constant(k))) for k in (100.0, 0.5)] == [10.0, 1.0]
    assert len(traced) == 1


def test_gradients_through_converted_loops():
    @tf.function
    def power(x, n):
        y = tf.constant(1.0)
        for _ in tf.range(n):
            y = y * x
        return y

    @tf.function
    def slope_inside(x, n):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = power(x, n)
        return tape.gradient(y, x)

    x, n = tf.constant(2.0), tf.constant(5)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y, slope = power(x, n), slope_inside(x, n)
    assert (float(y), float(tape.gradient(y, x)), float(slope)) == (32.0, 80.0, 80.0)
    assert float(tape.gradient(slope, x)) == 160.0


@pytest.mark.parametrize(
    ("source", "error", "says"),
    [
        ("if x > 0: y = x", ValueError, "'y' must also be initialized in the else branch"),
        ("if x > 0: y = x\n    else: y = tf.constant(1)", TypeError, "'y' has dtype float32"),
        (
            "if x > 0: return x\n    return None",
            ValueError,
            "the else branch must also have a return statement",
        ),
        ("if x > 0: y = None\n    else: y = x", ValueError, "'y' is None at the end of the main"),
        ("y = x\n    while x > 0: x, y = x - 1, tf.ones([2])", ValueError, "'y' has shape"),
        ("y = 1\n    while x > 0: x, y = x - 1, y * x", TypeError, "int32"),
    ],
)
def test_what_a_tensor_may_not_decide(tmp_path, source, error, says):
    path = tmp_path / "program.py"
    path.write_text(f"def f(x):\n    {source}\n    return y\n")
    names = {"tf": tf, "__name__": "program"}
    exec(compile(path.read_text(), str(path), "exec"), names)
    with pytest.raises(error, match=says):
        tf.function(names["f"])(tf.constant(1.0))


def test_without_source_the_python_runs_as_it_is(caplog):
    names = {"__name__": "typed_in"}
    exec("def f(x):\n    if x > 0.0:\n        return x\n    return -x\n", names)
    with pytest.raises(tf.errors.OperatorNotAllowedInGraphError, match="tf.cond"):
        tf.function(names["f"])(tf.constant(1.0))
    assert "could not transform f" in caplog.text


def test_do_not_convert():
    @tf.autograph.experimental.do_not_convert
    def plain(x):
        return x if x > 0.0 else -x

    with pytest.raises(tf.errors.OperatorNotAllowedInGraphError):
        tf.function(lambda x: plain(x))(tf.constant(1.0))
    assert plain(tf.constant(-1.0)).numpy() == 1.0


def test_to_code_shows_the_rewritten_source():
    code = tf.autograph.to_code(if_else)
    assert "ag__.if_stmt(x > 2, then_" in code and "def if_else(x):" in code
    with pytest.raises(ValueError, match="AutoGraph cannot rewrite"):
        tf.autograph.to_code(eval("lambda x: x"))


def test_methods_with_super_private_names_and_defaults():
    class Base:
        def f(self, x, k=2.0):
            if x > 0.0:
                return x * k
            return x

    class Child(Base):
        def __init__(self):
            self.__offset = 100.0

        @tf.function
        def f(self, x, *, k=3.0):
            y = super().f(x, k)
            if y > 10.0:
                y = y + self.__offset
            return y

    child = Child()
    assert [float(child.f(tf.constant(a))) for a in (-1.0, 2.0, 5.0)] == [-1.0, 6.0, 115.0]


def test_assert_runs_at_each_call():
    @tf.function
    def f(x):
        assert x > 0.0, "must be positive"
        return x

    f(tf.constant(1.0))
    with pytest.raises(tf.errors.InvalidArgumentError, match="must be positive"):
        f(tf.constant(-1.0))


def test_a_traceback_points_into_the_source_as_written():
    def f(x):
        if x > 0.0:
            y = tf.matmul(x, x)
        else:
            y = x
        return y

    with pytest.raises(ValueError) as caught:
        tf.function(f)(tf.constant(1.0))
    lines = [entry.lineno for entry in caught.traceback if entry.path.name == "test_autograph.py"]
    assert f.__code__.co_firstlineno + 2 in [line + 1 for line in lines]


def test_a_function_that_calls_itself():
    def build():
        @tf.function
        def factorial(n):
            return 1 if n <= 1 else n * factorial(n - 1)

        return factorial

    assert build()(5).numpy() == 120


def test_rewritten_functions_may_be_called_eagerly():
    g = tf.autograph.to_graph(early_returns)
    assert [int(g(tf.constant(x))) for x in (5, 3, 0)] == [10, 400, 0]


def test_a_broken_python_loop_leaves_the_iterator_where_it_is():
    @tf.function
    def following(x):
        numbers = iter([1, 2, 3, 4])
        for number in numbers:
            if number == 2:
                break
        return x + next(numbers)

    assert following(tf.constant(0)).numpy() == 3


def test_int_with_a_base():
    assert tf.function(lambda x: x + int("11", base=2))(tf.constant(0)).numpy() == 3


def test_match_gives_a_value_only_in_some_cases():
    @tf.function
    def f(x, kind):
        match kind:
            case 1:
                y = x
        if x > 0.0:
            y = x * 2.0
        else:
            y = x
        return y

    assert f(tf.constant(1.0), 2).numpy() == 2.0
    assert f(tf.constant(-1.0), 1).numpy() == -1.0


def test_names_that_a_pattern_binds_leave_a_branch():
    @tf.function
    def f(x, pair):
        first, rest = 5.0, {"b": 0.0}
        if x > 0.0:
            match pair:
                case {"a": first, **rest}:
                    pass
        return x * first + rest["b"]

    assert f(tf.constant(2.0), {"a": 3.0, "b": 1.0}).numpy() == 7.0
    assert f(tf.constant(-2.0), {"a": 3.0, "b": 1.0}).numpy() == -10.0


def test_branches_in_a_try_with_groups():
    @tf.function
    def f(x):
        y = x
        try:
            if x < 0.0:
                y = -x
        except* ValueError:
            pass
        return y

    assert f(tf.constant(-1.0)).numpy() == 1.0


def test_a_text_that_a_loop_of_the_graph_changes_is_refused():
    @tf.function
    def f(n):
        word = "a"
        for _ in tf.range(n):
            word = "b"
        return word == "b"

    with pytest.raises(TypeError, match="'word' is 'a' before the loop, but 'b' after"):
        f(tf.constant(3))
