"""TraceTheatre's data: outcomes and reasons of real calls, and graphs before and after passes."""

import pytest

import minitf as tf
from minitf.viz.widgets.trace_theatre import TraceTheatre


def one(*calls, **options):
    f = tf.function(options.pop("body", lambda x: x * 2.0), **options)
    return TraceTheatre(f, *calls)


def outcomes(theatre):
    return [call.outcome for call in theatre._log.calls]


def why(theatre, k=-1):
    return theatre._log.calls[k].why


def training_step():
    w = tf.Variable([[1.0], [2.0]], name="w")

    def step(x, y):
        with tf.GradientTape() as tape:
            error = tf.matmul(x, w) - y
            tf.exp(error)
            loss = tf.reduce_mean(error * error)
        w.assign_sub(0.1 * tape.gradient(loss, w))
        return loss

    return w, step


def test_each_outcome_is_what_the_function_did():
    ran = []

    def body(x):
        ran.append(1)
        return x * 2.0

    two, three = tf.constant([1.0, 2.0]), tf.constant([1.0, 2.0, 3.0])
    theatre = one(two, 2.0 * two, three, two, body=body)
    assert outcomes(theatre) == ["traced", "kept", "traced", "kept"]
    assert [call.trace for call in theatre._log.calls] == [0, 0, 1, 0]
    assert len(ran) == outcomes(theatre).count("traced")


@pytest.mark.parametrize(
    ("first", "second", "outcome", "words"),
    [
        (tf.constant([1.0]), tf.constant([1.0, 2.0]), "traced", "shape (2,), and trace 1"),
        (tf.constant(1.0), tf.constant(1.0, tf.float64), "traced", "dtype float64"),
        (1.0, 2.0, "traced", "A Python value is part of the signature"),
        (1.0, 1.0, "kept", "The arguments are those of trace 1"),
        (1.0, tf.constant(1.0), "traced", "trace 1 is for the value 1.0"),
        (tf.constant(1.0), tf.constant(5.0), "kept", "numbers in a tensor do not matter"),
    ],
)  # fmt: skip
def test_the_reason_names_argument_and_difference(first, second, outcome, words):
    theatre = one((first,), (second,))
    assert outcomes(theatre)[1] == outcome
    assert words in why(theatre)


def test_another_structure_is_named():
    theatre = one(([tf.constant(1.0)],), ([tf.constant(1.0)] * 2,), body=lambda xs: sum(xs))
    assert outcomes(theatre) == ["traced", "traced"]
    assert "nested differently" in why(theatre)


def test_any_size_serves_the_next_call():
    sizes = [tf.ones([n]) for n in (1, 2, 3)]
    theatre = one(*sizes, reduce_retracing=True)
    assert outcomes(theatre) == ["traced", "traced", "kept"]
    assert "any size (None)" in why(theatre, 1)
    assert "any size (None)" in why(theatre, 2)


def test_a_call_that_raises_is_refused_and_the_others_go_on():
    theatre = one(tf.ones([2]), tf.ones([3, 3]), tf.ones([4]),
                  input_signature=[tf.TensorSpec([None])])  # fmt: skip
    assert outcomes(theatre) == ["traced", "refused", "kept"]
    assert "input_signature" in why(theatre, 1)
    assert theatre._log.calls[1].trace is None


def test_what_python_prints_appears_at_tracing_only(capsys):
    def body(x):
        print("hello")
        return x

    theatre = one(tf.constant(1.0), tf.constant(2.0), body=body)
    assert [call.printed for call in theatre._log.calls] == ["hello", ""]
    assert capsys.readouterr().out == ""


def test_traces_from_before_are_shown():
    f = tf.function(lambda x: x + 1.0)
    f(tf.constant(1.0))
    theatre = TraceTheatre(f, tf.constant(2.0))
    assert outcomes(theatre) == ["kept"]
    assert theatre._data["earlier"] == 1


def test_forward_backward_and_update_are_told_apart():
    w, step = training_step()
    theatre = one((tf.ones([3, 2]), tf.ones([3, 1])), body=step)
    stages = {s["name"]: s for s in theatre._data["traces"][0]["stages"]}
    prune = stages["prune"]
    assert prune["parts"][0]["forward"] == prune["parts"][1]["forward"] + 1
    assert prune["changes"] == ["Exp 1 → 0"]
    part_of = {text.split(":")[0]: part for text, part, _ in prune["after"]}
    assert part_of["Mean"] == "forward"
    assert part_of["AddV2"] == "backward"
    assert [part for text, part in part_of.items() if "AssignSub" in text] == ["update"]
    concrete = theatre._log.traces[0].concrete
    real = [(s.name, s.before, s.after) for s in concrete.passes()]
    assert [(s["name"], len(s["before"]), len(s["after"])) for s in stages.values()] == real


def test_unknown_sizes_are_shown_for_the_call_that_was_traced():
    w, step = training_step()
    spec = [tf.TensorSpec([None, 2]), tf.TensorSpec([None, 1])]
    theatre = one((tf.ones([3, 2]), tf.ones([3, 1])), body=step, input_signature=spec)
    first = theatre._data["traces"][0]["stages"][0]
    assert any("MatMul: float32[3, 1]" in text for text, _, _ in first["before"])
    assert first["parts"][0]["backward"] > 3  # not one waiting node Gradient


def test_the_pictures_show_the_same_places_and_mark_what_is_gone():
    _, step = training_step()
    theatre = one((tf.ones([3, 2]), tf.ones([3, 1])), body=step)
    reply = theatre.answer_stage({"trace": 0, "stage": 0})
    before, after = reply["before"].splitlines(), reply["after"].splitlines()
    gone = [line for line in before if "mtf-gone" in line]
    assert len(gone) == 1 and 'data-op="Exp"' in gone[0]
    assert 'data-op="Exp"' not in reply["after"]
    boxes = {line for line in after if "data-op" in line}
    assert boxes == {line for line in before if "data-op" in line} - set(gone)


def test_two_variables_of_one_name_are_two_boxes():
    a, b = tf.Variable(1.0, name="w"), tf.Variable(2.0, name="w")
    theatre = one(tf.constant(1.0), body=lambda x: x * a + b)
    svg = theatre.answer_stage({"trace": 0, "stage": 0})["before"]
    assert 'data-op="in w"' in svg and 'data-op="in w (2)"' in svg
    assert ">read w (2)<" in svg


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ((abs, 1.0), TypeError, "Decorate it with @tf.function"),
        ((tf.function(abs),), ValueError, "at least one call"),
    ],
)
def test_wrong_arguments_are_explained(arguments, error, words):
    with pytest.raises(error, match=words):
        TraceTheatre(*arguments)


def test_eager_functions_have_no_traces():
    tf.config.run_functions_eagerly(True)
    try:
        with pytest.raises(ValueError, match="nothing is traced"):
            one(tf.constant(1.0))
    finally:
        tf.config.run_functions_eagerly(False)
