"""A tape belongs to the thread that opened it."""

import threading
from concurrent.futures import ThreadPoolExecutor

import minitf as tf
from minitf.state import state


def test_two_threads_with_tapes_of_their_own():
    w = tf.Variable(2.0)
    both_open = threading.Barrier(2, timeout=10)

    def derivative(power):
        with tf.GradientTape() as tape:
            both_open.wait()
            y = w**power
            both_open.wait()
        return tape.gradient(y, w).numpy(), [r.op.name for r in tape._records]

    with ThreadPoolExecutor(2) as pool:
        (square, _), (cube, _) = pool.map(derivative, [2.0, 3.0])
    assert (square, cube) == (4.0, 12.0)


def test_a_tape_sees_its_own_thread_only():
    w = tf.Variable(2.0)
    seen = []

    def other():
        seen.append(state.tapes)
        seen.append(w * 3.0)

    with tf.GradientTape() as tape:
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(10)
    assert seen[0] == () and tape._records == []
    assert tape.gradient(seen[1], w) is None


def test_ids_are_unique_across_threads():
    def ids(_):
        return [tf.constant(1.0).id for _ in range(500)]

    with ThreadPoolExecutor(4) as pool:
        found = [i for part in pool.map(ids, range(4)) for i in part]
    assert len(set(found)) == 2000


def test_many_threads_train_without_disturbing_each_other():
    def train(seed):
        w = tf.Variable(0.0)
        for _ in range(50):
            with tf.GradientTape() as tape:
                loss = (w - float(seed)) ** 2
            w.assign_sub(0.2 * tape.gradient(loss, w))
        return round(float(w), 3)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(train, range(8))) == [float(i) for i in range(8)]
