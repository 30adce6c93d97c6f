"""tf.train.Checkpoint and CheckpointManager.

Names, classes of errors and when a restore waits are those of TensorFlow 2.21.0 (Keras 3.15.1).
"""

import os

import numpy as np
import pytest

import minitf as tf
from minitf.keras import layers

X = np.random.default_rng(0).normal(size=(8, 2)).astype(np.float32)
Y = X.sum(axis=1, keepdims=True)


class Line(tf.Module):
    def __init__(self, w, b):
        super().__init__()
        self.w, self.b = tf.Variable(w), [tf.Variable(b)]


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_names_lead_to_the_values(here):
    path = tf.train.Checkpoint(line=Line([2.0, 3.0], 1.0)).save("ck/run")
    assert path == "ck/run-1"
    assert tf.train.list_variables(path) == [
        ("line/b/0/.ATTRIBUTES/VARIABLE_VALUE", []),
        ("line/w/.ATTRIBUTES/VARIABLE_VALUE", [2]),
        ("save_counter/.ATTRIBUTES/VARIABLE_VALUE", []),
    ]
    loaded = tf.train.load_variable(path, "line/w/.ATTRIBUTES/VARIABLE_VALUE")
    assert loaded.tolist() == [2.0, 3.0]
    other = Line([0.0, 0.0], 0.0)
    tf.train.Checkpoint(line=other).restore(path).assert_consumed()
    assert other.w.numpy().tolist() == [2.0, 3.0] and float(other.b[0]) == 1.0


def test_a_root_needs_no_name(here):
    path = tf.train.Checkpoint(Line(2.0, 1.0)).save("root")
    other = Line(0.0, 0.0)
    tf.train.Checkpoint(root=other).restore(path).assert_consumed()
    assert float(other.w) == 2.0


def test_what_does_not_match(here):
    path = tf.train.Checkpoint(v=tf.Variable(1.0), gone=tf.Variable(2.0)).save("c")
    more = tf.train.Checkpoint(v=tf.Variable(0.0), w=tf.Variable(0.0)).restore(path)
    with pytest.raises(AssertionError, match="not bound to checkpointed values.*: w"):
        more.assert_existing_objects_matched()
    less = tf.train.Checkpoint(v=tf.Variable(0.0)).restore(path)
    less.assert_existing_objects_matched().assert_nontrivial_match().expect_partial()
    with pytest.raises(AssertionError, match="Unresolved object in checkpoint: gone"):
        less.assert_consumed()


def test_what_does_not_fit_changes_nothing(here):
    path = tf.train.Checkpoint(a=tf.Variable(1.0), v=tf.Variable([1.0, 2.0])).save("c")
    a = tf.Variable(5.0)
    with pytest.raises(ValueError, match=r"shape \(2,\).*shape \(3,\)"):
        tf.train.Checkpoint(a=a, v=tf.Variable([0.0] * 3)).restore(path)
    with pytest.raises(tf.errors.InvalidArgumentError, match="expected dtype int32"):
        tf.train.Checkpoint(a=a, v=tf.Variable([0, 0])).restore(path)
    assert float(a) == 5.0


def test_missing_and_damaged_files(here):
    checkpoint = tf.train.Checkpoint(v=tf.Variable(1.0))
    with pytest.raises(tf.errors.NotFoundError, match="checkpoint suffix"):
        checkpoint.restore("nothing")
    checkpoint.restore(None)  # as latest_checkpoint of an empty folder
    path = checkpoint.save("c")
    with open(path + ".npz", "r+b") as file:
        file.truncate(100)
    with pytest.raises(ValueError, match="Nothing was loaded"):
        checkpoint.restore(path)
    with pytest.raises(tf.errors.NotFoundError, match="not found in checkpoint"):
        tf.train.load_variable(checkpoint.save("d"), "w")


def test_nan_is_not_saved_and_the_counter_stays(here):
    v = tf.Variable(1.0)
    checkpoint = tf.train.Checkpoint(v=v)
    checkpoint.save("c")
    v.assign(float("nan"))
    with pytest.raises(ValueError, match="NaN"):
        checkpoint.save("c")
    v.assign(2.0)
    assert checkpoint.save("c") == "c-2"


def test_only_what_has_variables(here):
    with pytest.raises(ValueError, match="trackable object.*got 3"):
        tf.train.Checkpoint(a=3)
    tf.train.Checkpoint(a=[1, tf.Variable(1.0)], d={"k": tf.Variable(2.0)}).save("c")
    names = [name for name, _ in tf.train.list_variables("c-1")]
    assert names[0].startswith("a/1/") and names[1].startswith("d/k/")


def test_values_wait_for_variables_made_later(here):
    path = tf.train.Checkpoint(v=tf.Variable([1.0, 2.0])).save("c")
    late = tf.train.Checkpoint()
    late.restore(path)
    late.v = tf.Variable([7.0, 7.0])
    assert late.v.numpy().tolist() == [1.0, 2.0]


def training(seed):
    tf.keras.utils.set_random_seed(seed)
    model = tf.keras.Sequential([layers.Dense(4, "relu"), layers.Dropout(0.5), layers.Dense(1)])
    model.compile("adam", "mse")
    return model, tf.train.Checkpoint(model=model, optimizer=model.optimizer)


def fit(model):
    return model.fit(X, Y, batch_size=4, epochs=2, verbose=0, shuffle=False).history["loss"]


def test_training_resumes_bit_for_bit_in_a_new_model(here):
    model, checkpoint = training(1)
    fit(model)
    path = checkpoint.save("run/ckpt")
    again, checkpoint = training(2)  # neither weights nor slots exist yet
    status = checkpoint.restore(path)
    assert int(again.optimizer.iterations) == int(model.optimizer.iterations) == 4
    assert fit(again) == fit(model)
    status.assert_consumed()
    for a, b in zip(again.optimizer.variables, model.optimizer.variables, strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())


def test_a_training_loop_of_ones_own(here):
    def make():
        w, slow = tf.Variable([1.0, 2.0]), tf.keras.optimizers.SGD(0.1, momentum=0.9)
        return w, slow, tf.train.Checkpoint(w=w, optimizer=slow)

    def step(w, optimizer):
        optimizer.apply_gradients([(tf.constant([1.0, -2.0]), w)])
        return w.numpy()

    w, optimizer, checkpoint = make()
    step(w, optimizer)
    path = checkpoint.write("once")
    w2, optimizer2, checkpoint2 = make()
    checkpoint2.read(path)
    np.testing.assert_array_equal(step(w2, optimizer2), step(w, optimizer))


def test_a_mixed_precision_optimizer(here):
    w = tf.Variable(1.0)
    optimizer = tf.keras.optimizers.LossScaleOptimizer(tf.keras.optimizers.Adam(0.1))
    optimizer.apply_gradients([(tf.constant(float("inf")), w)])
    path = tf.train.Checkpoint(optimizer=optimizer).save("c")
    again = tf.keras.optimizers.LossScaleOptimizer(tf.keras.optimizers.Adam(0.1))
    tf.train.Checkpoint(optimizer=again).restore(path)
    again.build([tf.Variable(1.0)])
    assert float(again.dynamic_scale) == 16384.0


def test_latest_checkpoint(here):
    assert tf.train.latest_checkpoint("nowhere") is None
    checkpoint = tf.train.Checkpoint(v=tf.Variable(1.0))
    checkpoint.save("ck/a")
    checkpoint.save("ck/a")
    assert tf.train.latest_checkpoint("ck") == os.path.join("ck", "a-2")
    os.rename("ck", "moved")
    assert tf.train.latest_checkpoint("moved") == os.path.join("moved", "a-2")


def test_manager_keeps_the_newest(here):
    v = tf.Variable(0.0)
    manager = tf.train.CheckpointManager(tf.train.Checkpoint(v=v), "run", max_to_keep=2)
    assert manager.restore_or_initialize() is None and manager.latest_checkpoint is None
    for i in range(3):
        v.assign(float(i))
        assert manager.save() == f"run/ckpt-{i + 1}"
    assert manager.checkpoints == ["run/ckpt-2", "run/ckpt-3"]
    assert sorted(os.listdir("run")) == ["checkpoint", "ckpt-2.npz", "ckpt-3.npz"]
    assert manager.save(checkpoint_number=10) == "run/ckpt-10"
    fresh = tf.Variable(-1.0)
    again = tf.train.CheckpointManager(tf.train.Checkpoint(v=fresh), "run", max_to_keep=2)
    assert again.checkpoints == ["run/ckpt-3", "run/ckpt-10"]
    assert again.restore_or_initialize() == "run/ckpt-10" and float(fresh) == 2.0


def test_manager_waits_for_its_interval(here):
    step = tf.Variable(0, dtype=tf.int64)
    manager = tf.train.CheckpointManager(
        tf.train.Checkpoint(step=step), "run", None, step_counter=step, checkpoint_interval=2
    )
    saved = []
    for _ in range(5):
        saved.append(manager.save())
        step.assign_add(1)
    assert [path is not None for path in saved] == [True, False, True, False, True]
    assert len(manager.checkpoints) == 3


def test_manager_checks_its_arguments(here):
    checkpoint = tf.train.Checkpoint(v=tf.Variable(1.0))
    with pytest.raises(ValueError, match="positive integer or `None`"):
        tf.train.CheckpointManager(checkpoint, "run", max_to_keep=0)
    with pytest.raises(ValueError, match="step_counter"):
        tf.train.CheckpointManager(checkpoint, "run", None, checkpoint_interval=2)
    made = []
    manager = tf.train.CheckpointManager(checkpoint, "new", 1, init_fn=lambda: made.append(1))
    assert manager.restore_or_initialize() is None and made == [1]
